//! `effects.parquet`, read back: the effect of every arm on every row.

use yorisoi::EffectRows;
use yorisoi::data::{Table, Values};
use yorisoi::effects::{ArmEffects, Effects};
use yorisoi::files::EFFECT_COLUMNS;

use crate::failure::Failure;

/// Takes effects out of a table that was read from such a file.
///
/// # Errors
///
/// A [`Failure`] of the input kind where columns are missing or rows are not whole numbers.
pub(crate) fn from_table(table: &Table) -> Result<EffectRows, Failure> {
    let rows = numeric(table, "row")?;
    let is_row = |row: &f64| *row >= 0.0 && *row <= f64::from(u32::MAX) && row.fract() == 0.0;
    if !rows.iter().all(is_row) {
        return Err(not_effects(
            "`row` must hold whole numbers from 0",
            "`row` は 0 以上の整数です",
        ));
    }
    let arms: Vec<String> = table
        .columns()
        .iter()
        .filter_map(|column| column.name.strip_prefix(EFFECT_COLUMNS[0]).map(str::to_owned))
        .collect();
    if arms.is_empty() {
        return Err(not_effects("it has no column `effect_…`", "`effect_…` の列がありません"));
    }
    let mut effects = Effects::default();
    for arm in &arms {
        let [tau_hat, std_error, low, high] = EFFECT_COLUMNS
            .map(|prefix| numeric(table, &format!("{prefix}{arm}")).map(<[f64]>::to_vec));
        effects.arms.push(ArmEffects::of_ends(tau_hat?, std_error?, (low?, high?)));
    }
    let source_row = rows.iter().map(|&row| row as u32).collect();
    let held_out = table.column("heldout").map_or_else(|| vec![true; rows.len()], is_true);
    Ok(EffectRows { source_row, held_out, arms, effects })
}

fn is_true(column: &yorisoi::data::Column) -> Vec<bool> {
    match &column.values {
        Values::Numeric(values) => values.iter().map(|&value| value > 0.0).collect(),
        Values::Category { codes, levels } => codes
            .iter()
            .map(|&code| levels.get(code as usize).is_some_and(|level| level == "true"))
            .collect(),
    }
}

fn numeric<'a>(table: &'a Table, name: &str) -> Result<&'a [f64], Failure> {
    match table.column(name).map(|column| &column.values) {
        Some(Values::Numeric(values)) => Ok(values),
        Some(Values::Category { .. }) => Err(not_effects(
            &format!("column `{name}` holds text"),
            &format!("列 `{name}` が文字です"),
        )),
        None => Err(not_effects(
            &format!("it has no column `{name}`"),
            &format!("列 `{name}` がありません"),
        )),
    }
}

fn not_effects(en: &str, ja: &str) -> Failure {
    Failure::input(format!("not a table of effects: {en}"), format!("効果の表ではありません: {ja}"))
        .hint(
            "give a file written by `yorisoi effects` or `yorisoi study`",
            "`yorisoi effects` か `yorisoi study` が書いたファイルを指定してください",
        )
}
