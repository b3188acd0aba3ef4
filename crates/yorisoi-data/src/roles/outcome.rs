//! What happened to each person? The outcome column as numbers.

use super::{Better, RoleError, Roles};
use crate::text::shorten;
use crate::{Column, MISSING_CODE, Notice, Values};

/// Texts that mean 0 and 1, compared without case.
const TWO_LEVELS: [(&str, &str); 7] = [
    ("no", "yes"),
    ("n", "y"),
    ("false", "true"),
    ("f", "t"),
    ("いいえ", "はい"),
    ("なし", "あり"),
    ("無", "有"),
];

/// Returns the outcome of every row of the table (NaN where it is missing), and how text was mapped.
pub(super) fn outcome_values(column: &Column) -> Result<(Vec<f64>, Option<Notice>), RoleError> {
    let (codes, levels) = match &column.values {
        Values::Numeric(values) => return Ok((values.clone(), None)),
        Values::Category { codes, levels } => (codes, levels),
    };
    let Some((zero, one)) = two_levels(levels) else {
        return Err(not_numeric("outcome", column));
    };
    let value_of = |level: &String| if level.to_lowercase() == one { 1.0 } else { 0.0 };
    let values: Vec<f64> = levels.iter().map(value_of).collect();
    let outcome = codes.iter().map(|&c| values.get(c as usize).copied().unwrap_or(f64::NAN));
    let name = &column.name;
    let notice = Notice::new(
        "outcome.mapped",
        Some(name),
        format!("outcome `{name}`: `{one}` counts as 1 and `{zero}` as 0"),
        format!("結果の列「{name}」は「{one}」を 1、「{zero}」を 0 として扱います。"),
    );
    Ok((outcome.collect(), Some(notice)))
}

/// Says how effects read where less of the outcome is better.
pub(super) fn less_is_better(roles: &Roles) -> Option<Notice> {
    let name = &roles.outcome;
    (roles.better == Better::Less).then(|| {
        Notice::new(
            "outcome.less_is_better",
            Some(name),
            format!(
                "less of `{name}` is better: effects and gains count the improvement, so that +1 means one \
                 less of it"
            ),
            format!(
                "「{name}」は小さいほど良い結果として扱います。効果や増加分は改善の大きさで、+1 は 1 減ったことを表します。"
            ),
        )
    })
}

/// Returns the pair that all levels belong to.
fn two_levels(levels: &[String]) -> Option<(&'static str, &'static str)> {
    let lower: Vec<String> = levels.iter().map(|level| level.to_lowercase()).collect();
    let covers = |(zero, one): &&(&str, &str)| {
        !lower.is_empty() && lower.iter().all(|level| level == zero || level == one)
    };
    TWO_LEVELS.iter().find(covers).copied()
}

/// Names the first text of a column that should be numeric.
pub(super) fn not_numeric(role: &'static str, column: &Column) -> RoleError {
    let mut found = (0, String::new());
    if let Values::Category { codes, levels } = &column.values {
        let is_word: Vec<bool> = levels.iter().map(|level| level.parse::<f64>().is_err()).collect();
        let is_bad = |&code: &u32| code != MISSING_CODE && is_word[code as usize];
        let row = codes.iter().position(is_bad);
        let row = row.or_else(|| codes.iter().position(|&code| code != MISSING_CODE)).unwrap_or(0);
        let level = codes.get(row).and_then(|&code| levels.get(code as usize));
        found = (row + 1, level.map_or_else(String::new, |level| shorten(level)));
    }
    RoleError::NotNumeric { role, column: column.name.clone(), row: found.0, text: found.1 }
}
