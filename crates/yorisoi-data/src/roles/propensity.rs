//! How likely was each arm for each person? What is known of the propensities.

use super::outcome::not_numeric;
use super::{PropensityMisfit, PropensityRole, RoleError, features};
use crate::{Arms, Notice, Propensity, Table, Treatment, Values};

/// A share of an arm this many standard errors from its stated probability is told.
const MISMATCH_STANDARD_ERRORS: f64 = 5.0;
/// Probabilities typed with a few digits, such as .333 three times, are scaled to sum 1.
const ROUNDING: f64 = 0.01;

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
    notices.extend(mismatch_notices(&propensity, arms));
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
fn mismatch_notices(propensity: &Propensity, arms: &Arms) -> Vec<Notice> {
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
