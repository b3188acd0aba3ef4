//! Who belongs together, who counts how much, and how likely was the help? Clusters, weights, propensities.

use std::collections::HashMap;

use super::outcome::not_numeric;
use super::{PropensityMisfit, PropensityRole, RoleError, features};
use crate::{Arms, Column, MISSING_CODE, Notice, Propensity, Table, Treatment, Values};

/// A share of an arm this many standard errors from its stated probability is told.
const MISMATCH_STANDARD_ERRORS: f64 = 5.0;
/// Weights that sums of their squares can hold. Nobody counts a billion times as much as another.
const WEIGHTS: std::ops::RangeInclusive<f64> = 1e-9..=1e9;
/// With fewer clusters, standard errors over clusters mean little.
const FEW_CLUSTERS: usize = 30;

/// Returns dense cluster ids of the used rows, in order of first appearance.
///
/// A row without a cluster is a cluster of its own.
pub(super) fn cluster_ids(column: &Column, rows: &[u32], notices: &mut Vec<Notice>) -> Vec<u32> {
    let key = |row: usize| match &column.values {
        Values::Numeric(values) => (!values[row].is_nan()).then(|| (values[row] + 0.0).to_bits()),
        Values::Category { codes, .. } => {
            (codes[row] != MISSING_CODE).then(|| u64::from(codes[row]))
        }
    };
    let mut known: HashMap<u64, u32> = HashMap::new();
    let (mut n_clusters, mut n_missing) = (0, 0);
    let mut ids = Vec::with_capacity(rows.len());
    for &row in rows {
        let next = n_clusters;
        let id = if let Some(key) = key(row as usize) {
            *known.entry(key).or_insert(next)
        } else {
            n_missing += 1;
            next
        };
        n_clusters += u32::from(id == next);
        ids.push(id);
    }
    notices.extend(cluster_notice(&column.name, rows.len(), n_clusters as usize, n_missing));
    ids
}

fn cluster_notice(name: &str, n_rows: usize, n_clusters: usize, n_missing: usize) -> Vec<Notice> {
    let mut notices = Vec::new();
    if n_missing > 0 {
        notices.push(Notice::new(
            "cluster.missing",
            Some(name),
            format!("{n_missing} rows have no `{name}`; each counts as a cluster of its own"),
            format!(
                "「{name}」のない行が {n_missing} 件あり、それぞれ単独のまとまりとして扱います。"
            ),
        ));
    }
    if n_clusters == n_rows {
        notices.push(Notice::new(
            "cluster.singletons",
            Some(name),
            format!("every `{name}` has one row only, so clusters change nothing"),
            format!("どの「{name}」も 1 行だけなので、まとまりの指定は結果に影響しません。"),
        ));
    } else if n_clusters < FEW_CLUSTERS {
        notices.push(Notice::new(
            "cluster.few",
            Some(name),
            format!("there are only {n_clusters} clusters in `{name}`; intervals will be rough"),
            format!("「{name}」のまとまりは {n_clusters} 個しかなく、区間推定は大まかになります。"),
        ));
    }
    notices
}

/// Returns the weights of the used rows.
pub(super) fn weights(column: &Column, rows: &[u32]) -> Result<Vec<f64>, RoleError> {
    let Values::Numeric(values) = &column.values else { return Err(not_numeric("weight", column)) };
    rows.iter()
        .map(|&row| {
            let value = values[row as usize];
            if WEIGHTS.contains(&value) {
                return Ok(value);
            }
            Err(RoleError::BadWeight { column: column.name.clone(), row: row as usize + 1, value })
        })
        .collect()
}

/// Returns what is known of the propensities of the used rows.
pub(super) fn propensity(
    role: &PropensityRole,
    table: &Table,
    rows: &[u32],
    treatment: &Treatment,
    notices: &mut Vec<Notice>,
) -> Result<Propensity, RoleError> {
    let Treatment::Arms(arms) = treatment else {
        let reason = PropensityMisfit::Dose;
        return Err(RoleError::PropensityMismatch { arms: Vec::new(), reason });
    };
    let propensity = match role {
        PropensityRole::Column(name) => per_unit(name, table, rows, arms)?,
        PropensityRole::Constant(treated) => {
            let [_, arm] = arms.names.as_slice() else {
                let reason = PropensityMisfit::OneNumber;
                return Err(RoleError::PropensityMismatch { arms: arms.names.clone(), reason });
            };
            constant(&[(arm.clone(), *treated)], arms)?
        }
        PropensityRole::PerArm(given) => constant(given, arms)?,
    };
    notices.extend(mismatch_notices(&propensity, arms));
    Ok(propensity)
}

fn per_unit(name: &str, table: &Table, rows: &[u32], arms: &Arms) -> Result<Propensity, RoleError> {
    let column = features::find(table, "propensity", name)?;
    if arms.names.len() != 2 {
        let reason = PropensityMisfit::OneColumn;
        return Err(RoleError::PropensityMismatch { arms: arms.names.clone(), reason });
    }
    let Values::Numeric(values) = &column.values else {
        return Err(not_numeric("propensity", column));
    };
    let inside = |&row: &u32| {
        let value = values[row as usize];
        if value > 0.0 && value < 1.0 {
            return Ok(value);
        }
        Err(RoleError::BadPropensity {
            column: Some(name.to_owned()),
            row: row as usize + 1,
            value,
        })
    };
    Ok(Propensity::PerUnit(rows.iter().map(inside).collect::<Result<_, _>>()?))
}

/// One probability an arm; one arm's may be left out and is then the rest.
fn constant(given: &[(String, f64)], arms: &Arms) -> Result<Propensity, RoleError> {
    /// Probabilities typed with a few digits, such as .333 three times, are scaled to sum 1.
    const ROUNDING: f64 = 0.01;
    let mismatch = |reason| RoleError::PropensityMismatch { arms: arms.names.clone(), reason };
    if let Some((unknown, _)) = given.iter().find(|(arm, _)| !arms.names.contains(arm)) {
        return Err(mismatch(PropensityMisfit::UnknownArm { arm: unknown.clone() }));
    }
    if let Some((arm, value)) = given.iter().find(|(_, p)| !(*p > 0.0 && *p < 1.0)) {
        return Err(RoleError::BadPropensity { column: Some(arm.clone()), row: 0, value: *value });
    }
    let of = |name: &String| given.iter().find(|(arm, _)| arm == name).map(|(_, p)| *p);
    let sum: f64 = arms.names.iter().filter_map(of).sum();
    let missing: Vec<&String> = arms.names.iter().filter(|name| of(name).is_none()).collect();
    let rest = 1.0 - sum;
    match missing.as_slice() {
        [] if rest.abs() <= ROUNDING => {
            let scaled = arms.names.iter().filter_map(of).map(|p| p / sum);
            Ok(Propensity::Constant(scaled.collect()))
        }
        [] => Err(mismatch(PropensityMisfit::Sum { sum })),
        [_] if rest > 0.0 => Ok(Propensity::Constant(
            arms.names.iter().map(|name| of(name).unwrap_or(rest)).collect(),
        )),
        [arm] => Err(mismatch(PropensityMisfit::NothingLeft { sum, arm: (*arm).clone() })),
        [first, ..] => Err(mismatch(PropensityMisfit::SeveralMissing { arm: (*first).clone() })),
    }
}

/// Compares each arm's share with what the propensities promise: the sample-ratio alarm.
fn mismatch_notices(propensity: &Propensity, arms: &Arms) -> Vec<Notice> {
    let n = arms.arm.len() as f64;
    let promised = |arm: usize| match propensity {
        Propensity::Estimate => None,
        Propensity::Constant(all) => Some((all[arm], all[arm] * (1.0 - all[arm]) / n)),
        Propensity::PerUnit(units) => (arm == 1).then(|| {
            let variance = units.iter().map(|p| p * (1.0 - p)).sum::<f64>() / (n * n);
            (units.iter().sum::<f64>() / n, variance)
        }),
    };
    let check = |(arm, name): (usize, &String)| {
        let (expected, variance) = promised(arm)?;
        let found = arms.arm.iter().filter(|&&own| usize::from(own) == arm).count() as f64 / n;
        let is_off = (found - expected).abs() > MISMATCH_STANDARD_ERRORS * variance.sqrt();
        let (found, expected) = (100.0 * found, 100.0 * expected);
        is_off.then(|| {
            Notice::new(
                "propensity.sample_ratio",
                None,
                format!(
                    "arm `{name}` holds {found:.2} % of the people, but its propensity says \
                     {expected:.2} %: either the propensity is wrong or rows were lost"
                ),
                format!(
                    "群「{name}」の割合は {found:.2} % ですが、割付確率では {expected:.2} % のはずです。\
                     確率の指定違いか、行の欠落が考えられます。"
                ),
            )
        })
    };
    arms.names.iter().enumerate().filter_map(check).collect()
}
