//! How do columns of numbers travel between Rust and numpy?

use numpy::ndarray::Array2;
use numpy::{PyArray1, PyArray2, PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use yorisoi::data::{Column, MISSING_CODE, Values};
use yorisoi::effects::ArmEffects;

use crate::errors::{Fault, Outcome};
use crate::told::not_finite;

/// A matrix of floats for Python.
pub(crate) type Matrix<'py> = Bound<'py, PyArray2<f64>>;

/// The parts of effects, in the order in which every function here returns them: effect, standard error,
/// lower and upper end, centre of the interval, and what no effect can exceed.
pub(crate) type Parts<'py> =
    (Matrix<'py>, Matrix<'py>, Matrix<'py>, Matrix<'py>, Matrix<'py>, Option<f64>);

/// Returns a vector of numbers that Python handed over.
pub(crate) fn vector(array: &PyReadonlyArray1<'_, f64>) -> Vec<f64> {
    array.as_array().to_vec()
}

/// Returns the columns of a matrix that Python handed over.
pub(crate) fn columns(matrix: &PyReadonlyArray2<'_, f64>) -> Vec<Vec<f64>> {
    matrix.as_array().columns().into_iter().map(|column| column.to_vec()).collect()
}

/// Returns a matrix with these columns; rows that are not in `rows` are NaN.
pub(crate) fn scatter<'py>(
    py: Python<'py>,
    columns: &[&[f64]],
    rows: &[u32],
    n_rows: usize,
) -> Matrix<'py> {
    let mut matrix = Array2::from_elem((n_rows, columns.len()), f64::NAN);
    for (at, column) in columns.iter().enumerate() {
        for (&row, &value) in rows.iter().zip(*column) {
            matrix[[row as usize, at]] = value;
        }
    }
    PyArray2::from_owned_array(py, matrix)
}

/// Returns the parts of effects, one column an arm; rows that are not in `rows` are NaN.
pub(crate) fn parts<'py>(
    py: Python<'py>,
    arms: &[ArmEffects],
    rows: &[u32],
    n_rows: usize,
) -> Parts<'py> {
    let of = |part: fn(&ArmEffects) -> &Vec<f64>| {
        let columns: Vec<&[f64]> = arms.iter().map(|arm| part(arm).as_slice()).collect();
        scatter(py, &columns, rows, n_rows)
    };
    (
        of(|arm| &arm.tau_hat),
        of(|arm| &arm.std_error),
        of(|arm| &arm.low),
        of(|arm| &arm.high),
        of(|arm| &arm.centre),
        arms.first().and_then(|arm| arm.bound),
    )
}

/// Returns a column of Python as numbers.
pub(crate) fn numbers(py: Python<'_>, values: Vec<f64>) -> Bound<'_, PyArray1<f64>> {
    PyArray1::from_vec(py, values)
}

/// Returns a numeric column that plays the role `role`.
///
/// # Errors
///
/// A [`Fault`] for text, with its first row.
pub(crate) fn numeric(column: &Column, role: &str) -> Outcome<Vec<f64>> {
    match &column.values {
        Values::Numeric(values) => Ok(values.clone()),
        Values::Category { codes, levels } => {
            let is_text = |code: &u32| *code != MISSING_CODE;
            let row = codes.iter().position(is_text);
            let text = row.and_then(|row| levels.get(codes[row] as usize));
            let place = row.map_or_else(String::new, |row| format!(" in row {}", row + 1));
            let held = text.map_or("text", String::as_str);
            let message = format!("`{role}` must be numeric, but holds `{held}`{place}");
            Err(Fault { row, ..Fault::of(role, message) })
        }
    }
}

/// Checks that an argument has one entry for every row.
///
/// # Errors
///
/// A [`Fault`] that names the argument and both lengths.
pub(crate) fn check_rows(name: &str, actual: usize, expected: usize) -> Outcome<()> {
    if actual == expected {
        return Ok(());
    }
    Err(Fault::of(name, format!("`{name}` has {actual} rows, expected {expected}")))
}

/// Checks that every entry of an argument is a finite number.
///
/// # Errors
///
/// A [`Fault`] that names the argument and the row.
pub(crate) fn check_finite(name: &str, values: &[f64]) -> Outcome<()> {
    match values.iter().position(|value| !value.is_finite()) {
        Some(row) => {
            Err(Fault { row: Some(row), ..Fault::of(name, not_finite(name, row, values[row])) })
        }
        None => Ok(()),
    }
}

/// Returns the row numbers below `n_rows`.
pub(crate) fn all_rows(n_rows: usize) -> Vec<u32> {
    (0..n_rows as u32).collect()
}
