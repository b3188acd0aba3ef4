//! Which columns tell people apart? Selects features and sets aside those that cannot help.

use std::collections::HashMap;

use rayon::prelude::*;

use super::fingerprint::Digest;
use super::{Features, RoleError, Roles};
use crate::exact::is_same;
use crate::text::nearest_names;
use crate::{Binner, Column, FeatureBins, MISSING_CODE, Notice, Table, Values};

/// A text column in which more than this share of the values is distinct is a name or an identifier.
const ID_SHARE: f64 = 0.9;

/// Returns the columns chosen as features, in table order.
pub(super) fn chosen<'a>(table: &'a Table, roles: &Roles) -> Result<Vec<&'a Column>, RoleError> {
    let named: &[String] = match &roles.features {
        Features::All => &[],
        Features::Only(names) | Features::Except(names) => names,
    };
    for name in named {
        find(table, "feature", name)?;
    }
    let taken = roles.named();
    if let Features::Only(names) = &roles.features {
        let twice = taken.iter().find(|(_, name)| names.iter().any(|own| own == name));
        if let Some(&(first, name)) = twice {
            return Err(RoleError::TwoRoles { column: name.to_owned(), first, second: "feature" });
        }
    }
    let is_feature = |column: &&Column| {
        let is_named = named.contains(&column.name);
        let is_wanted = match roles.features {
            Features::All => true,
            Features::Only(_) => is_named,
            Features::Except(_) => !is_named,
        };
        is_wanted && taken.iter().all(|(_, name)| *name != column.name)
    };
    Ok(table.columns().iter().filter(is_feature).collect())
}

/// Returns the column of a role.
pub(super) fn find<'a>(
    table: &'a Table,
    role: &'static str,
    name: &str,
) -> Result<&'a Column, RoleError> {
    table.column(name).ok_or_else(|| RoleError::UnknownColumn {
        role,
        column: name.to_owned(),
        nearest: nearest_names(name, table.columns().iter().map(|column| column.name.as_str())),
    })
}

/// Leaves out columns that never vary or that name each person, with a notice each.
pub(super) fn useful<'a>(
    columns: Vec<&'a Column>,
    rows: &[u32],
    notices: &mut Vec<Notice>,
) -> Result<Vec<&'a Column>, RoleError> {
    let judged: Vec<Option<Notice>> =
        columns.par_iter().map(|column| reason_to_drop(column, rows)).collect();
    let mut kept = Vec::with_capacity(columns.len());
    for (column, notice) in columns.into_iter().zip(judged) {
        match notice {
            None => kept.push(column),
            Some(notice) => notices.push(notice),
        }
    }
    if kept.is_empty() { Err(RoleError::NoFeatures) } else { Ok(kept) }
}

fn reason_to_drop(column: &Column, rows: &[u32]) -> Option<Notice> {
    let name = &column.name;
    if is_constant(&column.values, rows) {
        return Some(Notice::new(
            "feature.constant",
            Some(name),
            format!("feature `{name}` has one value for everyone and was left out"),
            format!("特徴量「{name}」は全員同じ値のため使いません。"),
        ));
    }
    is_identifier(&column.values, rows).then(|| {
        Notice::new(
            "feature.id",
            Some(name),
            format!(
                "feature `{name}` is different for (nearly) everyone, like a name or number of a \
                     person, and was left out"
            ),
            format!("特徴量「{name}」は氏名や番号のようにほぼ一人ずつ異なるため使いません。"),
        )
    })
}

fn is_constant(values: &Values, rows: &[u32]) -> bool {
    let Some((&first, rest)) = rows.split_first() else { return true };
    match values {
        Values::Numeric(values) => {
            let first = values[first as usize];
            rest.iter().all(|&row| is_same(values[row as usize], first))
        }
        Values::Category { codes, .. } => {
            rest.iter().all(|&row| codes[row as usize] == codes[first as usize])
        }
    }
}

fn is_identifier(values: &Values, rows: &[u32]) -> bool {
    let Values::Category { codes, levels } = values else { return false };
    let mut is_seen = vec![false; levels.len()];
    let (mut n_known, mut n_distinct) = (0_usize, 0_usize);
    for &row in rows {
        let code = codes[row as usize];
        if code != MISSING_CODE {
            n_known += 1;
            n_distinct += usize::from(!std::mem::replace(&mut is_seen[code as usize], true));
        }
    }
    n_distinct as f64 > ID_SHARE * n_known as f64 && 2 * n_known > rows.len()
}

/// Tells of features that are equal to an earlier one.
pub(super) fn duplicate_notices(
    chosen: &[&Column],
    digests: &[Digest],
    kept: &[&Column],
) -> Vec<Notice> {
    let mut first_with: HashMap<&Digest, &str> = HashMap::new();
    let mut notices = Vec::new();
    for (column, digest) in chosen.iter().zip(digests) {
        if !kept.iter().any(|own| own.name == column.name) {
            continue;
        }
        let name = column.name.as_str();
        if let Some(twin) = first_with.get(digest) {
            notices.push(Notice::new(
                "feature.duplicate",
                Some(name),
                format!("features `{name}` and `{twin}` are the same; `--drop {name}` makes reasons clearer"),
                format!(
                    "特徴量「{name}」は「{twin}」と同じ内容です。`--drop {name}` で外すと説明が明確になります。"
                ),
            ));
        } else {
            first_with.insert(digest, name);
        }
    }
    notices
}

/// Tells of features whose levels are too many to be named.
pub(super) fn hashing_notices(binner: &Binner) -> Vec<Notice> {
    let hashed = binner.names.iter().zip(&binner.features).filter_map(|(name, bins)| match bins {
        FeatureBins::Hashed { n_buckets } => Some((name, n_buckets)),
        _ => None,
    });
    hashed
        .map(|(name, n_buckets)| {
            Notice::new(
                "feature.hashed",
                Some(name),
                format!(
                    "feature `{name}` has more than 255 levels; they share {n_buckets} groups by a hash, so \
                     reasons cannot name a level"
                ),
                format!(
                    "特徴量「{name}」は値が 255 種類を超えるため、ハッシュで {n_buckets} 組にまとめます。\
                     説明に個々の値は出ません。"
                ),
            )
        })
        .collect()
}

/// Tells of number columns that count the rows: kept, because they may carry time, but hardly wanted.
pub(super) fn row_number_notices(columns: &[&Column], rows: &[u32]) -> Vec<Notice> {
    let judged: Vec<bool> =
        columns.par_iter().map(|column| is_row_number(&column.values, rows)).collect();
    let told = columns.iter().zip(judged).filter(|(_, is_one)| *is_one);
    told.map(|(column, _)| {
        let name = &column.name;
        Notice::new(
            "feature.row_number",
            Some(name),
            format!(
                "feature `{name}` numbers the rows; if it means nothing else, leave it out with \
                 `--drop {name}`"
            ),
            format!(
                "特徴量「{name}」は行の通し番号のようです。意味がなければ `--drop {name}` で外してください。"
            ),
        )
    })
    .collect()
}

fn is_row_number(values: &Values, rows: &[u32]) -> bool {
    let Values::Numeric(values) = values else { return false };
    let steps = || rows.windows(2).map(|pair| values[pair[1] as usize] - values[pair[0] as usize]);
    rows.len() > 2
        && steps()
            .zip(rows.windows(2))
            .all(|(step, pair)| is_same(step, f64::from(pair[1] - pair[0])))
}
