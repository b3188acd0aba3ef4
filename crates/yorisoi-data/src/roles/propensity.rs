//! How likely was each arm for each person? What is known of the propensities.

use super::outcome::not_numeric;
use super::{PropensityMisfit, PropensityRole, RoleError, features};
use crate::{Arms, Notice, Propensity, Table, Treatment, Values};

/// A share of an arm this many standard errors from its stated probability is told.
const MISMATCH_STANDARD_ERRORS: f64 = 5.0;
/// Probabilities typed with a few digits, such as .333 three times, are scaled to sum 1.
const ROUNDING: f64 = 0.01;

/// What was dealt, and to whom together.
#[derive(Clone, Copy)]
pub(super) struct Dealt<'a> {
    pub(super) treatment: &'a Treatment,
    pub(super) clusters: Option<&'a [u32]>,
}

/// Returns what is known of the propensities of the used rows.
pub(super) fn propensity(
    role: &PropensityRole,
    table: &Table,
    rows: &[u32],
    dealt: Dealt<'_>,
    notices: &mut Vec<Notice>,
) -> Result<Propensity, RoleError> {
    let Treatment::Arms(arms) = dealt.treatment else {
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
        PropensityRole::Columns(given) => {
            let given = given.iter().map(|(arm, name)| (arm.as_str(), name.as_str()));
            per_arm(&given.collect::<Vec<_>>(), table, rows, arms)?
        }
        PropensityRole::ColumnsInOrder(names) if names.len() == arms.names.len() => {
            let given = arms.names.iter().map(String::as_str).zip(names.iter().map(String::as_str));
            per_arm(&given.collect::<Vec<_>>(), table, rows, arms)?
        }
        PropensityRole::ColumnsInOrder(names) => {
            let reason = PropensityMisfit::ColumnCount { actual: names.len() };
            return Err(RoleError::PropensityMismatch { arms: arms.names.clone(), reason });
        }
    };
    notices.extend(mismatch_notices(&propensity, arms, dealt.clusters));
    Ok(propensity)
}

fn per_unit(name: &str, table: &Table, rows: &[u32], arms: &Arms) -> Result<Propensity, RoleError> {
    if arms.names.len() != 2 {
        let reason = PropensityMisfit::OneColumn;
        return Err(RoleError::PropensityMismatch { arms: arms.names.clone(), reason });
    }
    let treated = probabilities(name, table, rows)?;
    let control = treated.iter().map(|p| 1.0 - p).collect();
    Ok(Propensity::PerUnit(vec![control, treated]))
}

/// The used rows of a column, each strictly between 0 and 1.
fn probabilities(name: &str, table: &Table, rows: &[u32]) -> Result<Vec<f64>, RoleError> {
    let column = features::find(table, "propensity", name)?;
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
    rows.iter().map(inside).collect()
}

/// One column an arm; one arm's may be left out and is then the rest of each row.
fn per_arm(
    given: &[(&str, &str)],
    table: &Table,
    rows: &[u32],
    arms: &Arms,
) -> Result<Propensity, RoleError> {
    let mismatch = |reason| RoleError::PropensityMismatch { arms: arms.names.clone(), reason };
    if let Some((arm, _)) = given.iter().find(|(arm, _)| !arms.names.iter().any(|own| own == arm)) {
        return Err(mismatch(PropensityMisfit::UnknownArm { arm: (*arm).to_owned() }));
    }
    let column_of = |name: &String| given.iter().find(|(arm, _)| arm == name).map(|(_, it)| *it);
    let read = |name: &String| column_of(name).map(|it| probabilities(it, table, rows)).transpose();
    let columns: Vec<Option<Vec<f64>>> = arms.names.iter().map(read).collect::<Result<_, _>>()?;
    let mut missing = (0..columns.len()).filter(|&arm| columns[arm].is_none());
    let (left_out, another) = (missing.next(), missing.next());
    if let (Some(first), Some(_)) = (left_out, another) {
        let arm = arms.names[first].clone();
        return Err(mismatch(PropensityMisfit::SeveralMissing { arm }));
    }
    let mut all: Vec<Vec<f64>> =
        columns.into_iter().map(|column| column.unwrap_or_else(|| vec![0.0; rows.len()])).collect();
    let left_out = left_out.map(|arm| (arm, arms.names[arm].as_str()));
    for (unit, row) in rows.iter().enumerate() {
        close_row(&mut all, unit, left_out)
            .map_err(|misfit| mismatch(misfit(*row as usize + 1)))?;
    }
    Ok(Propensity::PerUnit(all))
}

/// Makes a row sum to 1: scales away rounding, or gives the rest to the arm that was left out.
fn close_row(
    all: &mut [Vec<f64>],
    unit: usize,
    left_out: Option<(usize, &str)>,
) -> Result<(), impl FnOnce(usize) -> PropensityMisfit> {
    let sum: f64 = all.iter().map(|column| column[unit]).sum();
    let rest = 1.0 - sum;
    // Told with as many digits as anybody typed.
    let told = (sum * 1e6).round() / 1e6;
    let arm = left_out.map(|(_, name)| name.to_owned());
    match left_out {
        Some((arm, _)) if rest > 0.0 => all[arm][unit] = rest,
        None if rest.abs() <= ROUNDING => all.iter_mut().for_each(|column| column[unit] /= sum),
        _ => {
            return Err(move |row| match arm {
                Some(arm) => PropensityMisfit::NothingLeftInRow { row, sum: told, arm },
                None => PropensityMisfit::RowSum { row, sum: told },
            });
        }
    }
    Ok(())
}

/// One probability an arm; one arm's may be left out and is then the rest.
fn constant(given: &[(String, f64)], arms: &Arms) -> Result<Propensity, RoleError> {
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
///
/// Where whole clusters are dealt to an arm, as few draws as there are clusters decide its share: the
/// variance of rows drawn one by one is then too small by the [`design_effect`].
fn mismatch_notices(propensity: &Propensity, arms: &Arms, clusters: Option<&[u32]>) -> Vec<Notice> {
    let n = arms.arm.len() as f64;
    let promised = |arm: usize| match propensity {
        Propensity::Constant(all) => Some((all[arm], all[arm] * (1.0 - all[arm]) / n)),
        Propensity::PerUnit(all) if all.len() > 2 || arm == 1 => {
            let variance = all[arm].iter().map(|p| p * (1.0 - p)).sum::<f64>() / (n * n);
            Some((all[arm].iter().sum::<f64>() / n, variance))
        }
        // The control of a single treated arm says nothing that the arm has not said.
        Propensity::Estimate | Propensity::PerUnit(_) => None,
    };
    let check = |(arm, name): (usize, &String)| {
        let (expected, variance) = promised(arm)?;
        let found = arms.arm.iter().filter(|&&own| usize::from(own) == arm).count() as f64 / n;
        let design = clusters.map_or(1.0, |clusters| {
            // How far each row is from its chance, less what all rows are off together.
            let off = |(unit, &own): (usize, &u8)| {
                let chance = match propensity {
                    Propensity::PerUnit(all) => all[arm][unit],
                    Propensity::Constant(_) | Propensity::Estimate => expected,
                };
                f64::from(u8::from(usize::from(own) == arm)) - chance - (found - expected)
            };
            design_effect(&arms.arm.iter().enumerate().map(off).collect::<Vec<_>>(), clusters)
        });
        let std_error = (design * variance).sqrt();
        let is_off = (found - expected).abs() > MISMATCH_STANDARD_ERRORS * std_error;
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

/// Returns by how much the variance of a mean exceeds that of as many independent rows.
///
/// # Formula
///
/// ```text
/// 1 + ρ (Σ m² / n − 1)        m rows a cluster, n in all
/// ρ = Σ over pairs of one cluster of eᵢ eⱼ / pairs / (Σ e² / n),  between 0 and 1
/// ```
///
/// It is 1 where rows of one cluster are dealt independently, and the mean cluster's size where clusters are
/// dealt whole.
///
/// # Source
///
/// Kish (1965), *Survey Sampling*, section 5.4.
fn design_effect(residuals: &[f64], clusters: &[u32]) -> f64 {
    let n_clusters = clusters.iter().max().map_or(0, |&last| last as usize + 1);
    let (mut size, mut sum) = (vec![0.0_f64; n_clusters], vec![0.0_f64; n_clusters]);
    for (residual, &cluster) in residuals.iter().zip(clusters) {
        size[cluster as usize] += 1.0;
        sum[cluster as usize] += residual;
    }
    let n = residuals.len() as f64;
    let squares: f64 = residuals.iter().map(|residual| residual * residual).sum();
    let square_sizes: f64 = size.iter().map(|size| size * size).sum();
    let alike = sum.iter().map(|sum| sum * sum).sum::<f64>() - squares;
    let rho = alike / (square_sizes - n) / (squares / n);
    // Without two rows in one cluster, or without residuals, nothing hangs together.
    let rho = if rho.is_finite() { rho.clamp(0.0, 1.0) } else { 0.0 };
    1.0 + rho * (square_sizes / n - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unit_hash;

    /// 20 clusters of 500; `dealt_with` names what an arm is drawn for.
    fn alarms(seed: u64, chance: f64, dealt_with: impl Fn(u32) -> u32) -> usize {
        let units = 0..10_000_u32;
        let treated = |unit| unit_hash(seed, u64::from(dealt_with(unit))) < chance;
        let arm = units.clone().map(|unit| u8::from(treated(unit))).collect();
        let arms = Arms { names: vec!["control".into(), "mail".into()], arm };
        let clusters: Vec<u32> = units.map(|unit| unit / 500).collect();
        let promised = Propensity::Constant(vec![0.5, 0.5]);
        let per_unit = Propensity::PerUnit(vec![vec![0.5; 10_000]; 2]);
        let found = mismatch_notices(&promised, &arms, Some(&clusters)).len();
        // One arm is told of a column, two of one number an arm.
        let told = mismatch_notices(&per_unit, &arms, Some(&clusters)).len();
        assert_eq!(2 * told, found);
        found
    }

    #[test]
    fn clusters_dealt_by_a_coin_raise_no_alarm() {
        // All twenty on one side would be 4.5 standard errors of twenty coins.
        let alarms: usize = (0..200).map(|seed| alarms(seed, 0.5, |unit| unit / 500)).sum();
        assert_eq!(alarms, 0);
    }

    #[test]
    fn rows_dealt_one_by_one_within_clusters_still_raise_it() {
        // .58 is 16 standard errors of rows from .5; the design effect of noise is near 1.
        assert!((0..50).all(|seed| alarms(seed, 0.58, |unit| unit) > 0));
        assert!((0..50).all(|seed| alarms(seed, 0.5, |unit| unit) == 0));
    }

    #[test]
    fn the_design_effect_is_the_size_of_clusters_dealt_whole_and_one_of_single_rows() {
        let whole = [0.5, 0.5, 0.5, -0.5, -0.5, -0.5];
        assert!((design_effect(&whole, &[0, 0, 0, 1, 1, 1]) - 3.0).abs() < 1e-12);
        assert!((design_effect(&whole, &[0, 1, 2, 3, 4, 5]) - 1.0).abs() < 1e-12);
        assert!((design_effect(&[0.0; 4], &[0, 0, 1, 1]) - 1.0).abs() < 1e-12);
    }
}
