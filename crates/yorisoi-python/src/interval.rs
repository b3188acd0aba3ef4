//! Between which ends does it lie, at another level than 95 %?

use numpy::PyReadonlyArray2;
use pyo3::prelude::*;
use yorisoi::data::{Estimate, two_sided_quantile};
use yorisoi::effects::ArmEffects;
use yorisoi::effects::estimators::Means;

use crate::arrays::{Matrix, all_rows, columns, scatter};
use crate::errors::{Fault, Outcome};
use crate::planning::{Given, arm_effects};
use crate::run::guarded;

/// Lower and upper ends, one column an arm or a class.
type Ends<'py> = (Matrix<'py>, Matrix<'py>);

/// Returns the normal quantile of a level.
fn quantile_of(alpha: f64) -> Outcome<f64> {
    two_sided_quantile(alpha).ok_or_else(|| {
        Fault::of("alpha", format!("`alpha` is {alpha}, expected a number between 0 and 1"))
    })
}

fn matrices<'py>(py: Python<'py>, ends: &(Vec<Vec<f64>>, Vec<Vec<f64>>)) -> Ends<'py> {
    let matrix = |ends: &[Vec<f64>]| {
        let n_rows = ends.first().map_or(0, Vec::len);
        let columns: Vec<&[f64]> = ends.iter().map(Vec::as_slice).collect();
        scatter(py, &columns, &all_rows(n_rows), n_rows)
    };
    (matrix(&ends.0), matrix(&ends.1))
}

/// Returns both ends of every effect's interval of level `1 − alpha`.
///
/// `around` holds the centres of the intervals, midway between their ends where there are none, and what no
/// effect can exceed.
#[pyfunction]
pub(crate) fn interval<'py>(
    py: Python<'py>,
    effects: Given<'_>,
    around: (Option<PyReadonlyArray2<'_, f64>>, Option<f64>),
    alpha: f64,
) -> PyResult<Ends<'py>> {
    let z = quantile_of(alpha)?;
    let mut arms = arm_effects(&effects);
    let centres = around.0.as_ref().map(columns);
    for (arm, centre) in arms.iter_mut().zip(centres.into_iter().flatten()) {
        arm.centre = centre;
    }
    let of_arm = |arm| ArmEffects { bound: around.1, ..arm }.interval(z);
    guarded(|| Ok(matrices(py, &arms.into_iter().map(of_arm).unzip())))
}

/// Returns both ends of the interval of level `1 − alpha` of every mean, inside `within`.
#[pyfunction]
pub(crate) fn mean_interval<'py>(
    py: Python<'py>,
    means: (PyReadonlyArray2<'_, f64>, PyReadonlyArray2<'_, f64>),
    alpha: f64,
    within: (f64, f64),
) -> PyResult<Ends<'py>> {
    let z = quantile_of(alpha)?;
    let of_class =
        |(y_hat, std_error)| Means { y_hat, std_error, ..Means::default() }.interval(z, within);
    let classes = columns(&means.0).into_iter().zip(columns(&means.1));
    Ok(matrices(py, &classes.map(of_class).unzip()))
}

/// Returns both ends of the interval of level `1 − alpha` of one estimate.
#[pyfunction]
pub(crate) fn estimate_interval(estimate: f64, std_error: f64, alpha: f64) -> PyResult<(f64, f64)> {
    let ends = Estimate { estimate, std_error, n: 0 }.interval(quantile_of(alpha)?);
    Ok((ends.low, ends.high))
}
