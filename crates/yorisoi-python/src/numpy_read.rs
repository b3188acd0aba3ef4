//! Which numbers does an array of numpy hold? Matrices and vectors as columns of the library.
//!
//! They are read where they lie, on the calling thread, which hears of signals meanwhile.

use numpy::ndarray::{ArrayView2, Axis, s};
use numpy::{Element, PyArray1, PyArray2, PyArrayMethods};
use pyo3::prelude::*;
use yorisoi::data::Values;
use yorisoi::data::read::{EXACT_INTEGER_LIMIT, integers};

use crate::run::{Looks, Running, run};

/// Rows whose columns are gathered together, so that a row-major matrix is read once.
const ROWS_A_BLOCK: usize = 1024;

/// Numbers read between two looks for signals: some milliseconds.
const NUMBERS_A_LOOK: usize = 1 << 22;

/// Tries each type whose numbers a float can hold.
macro_rules! for_each_type {
    ($function:ident, $object:expr) => {
        $function::<f64, f64>($object, |value| value)
            .or_else(|| $function::<f32, f64>($object, f64::from))
            .or_else(|| $function::<i32, f64>($object, f64::from))
            .or_else(|| $function::<i16, f64>($object, f64::from))
            .or_else(|| $function::<i8, f64>($object, f64::from))
            .or_else(|| $function::<u32, f64>($object, f64::from))
            .or_else(|| $function::<u16, f64>($object, f64::from))
            .or_else(|| $function::<u8, f64>($object, f64::from))
            .or_else(|| $function::<bool, f64>($object, |value| f64::from(u8::from(value))))
    };
}

/// Returns the columns of a matrix of numbers; `None` where its type is not known here.
pub(crate) fn matrix_values(matrix: &Bound<'_, PyAny>) -> Option<PyResult<Vec<Values>>> {
    if let Some(columns) = for_each_type!(matrix_of, matrix) {
        return Some(columns.map(|read| read.into_iter().map(Values::Numeric).collect()));
    }
    let signed = integer_matrix::<i64>(matrix, |value| value as f64);
    signed.or_else(|| integer_matrix::<u64>(matrix, |value| value as f64))
}

/// Returns a vector of numbers as a column; `None` where its type is not known here.
pub(crate) fn vector_values(array: &Bound<'_, PyAny>) -> Option<PyResult<Values>> {
    if let Some(column) = for_each_type!(vector_of, array) {
        return Some(column.map(Values::Numeric));
    }
    let signed = integer_vector::<i64>(array, |value| value as f64);
    signed.or_else(|| integer_vector::<u64>(array, |value| value as f64))
}

/// Reads the columns of a matrix of `T`; `None` for anything else.
fn matrix_of<T: Element + Copy, U>(
    matrix: &Bound<'_, PyAny>,
    convert: impl Fn(T) -> U,
) -> Option<PyResult<Vec<Vec<U>>>> {
    let held = matrix.cast::<PyArray2<T>>().ok()?.try_readonly().ok()?;
    Some(columns_of(matrix.py(), held.as_array(), convert))
}

/// Reads a vector of `T`; `None` for anything else.
pub(crate) fn vector_of<T: Element + Copy, U>(
    array: &Bound<'_, PyAny>,
    convert: impl Fn(T) -> U,
) -> Option<PyResult<Vec<U>>> {
    let held = array.cast::<PyArray1<T>>().ok()?.try_readonly().ok()?;
    let columns = columns_of(array.py(), held.as_array().insert_axis(Axis(1)), convert);
    Some(columns.map(|mut columns| columns.swap_remove(0)))
}

fn integer_matrix<T: Whole>(
    matrix: &Bound<'_, PyAny>,
    convert: impl Fn(T) -> f64,
) -> Option<PyResult<Vec<Values>>> {
    let held = matrix.cast::<PyArray2<T>>().ok()?.try_readonly().ok()?;
    Some(integer_columns(matrix.py(), held.as_array(), convert))
}

fn integer_vector<T: Whole>(
    array: &Bound<'_, PyAny>,
    convert: impl Fn(T) -> f64,
) -> Option<PyResult<Values>> {
    let held = array.cast::<PyArray1<T>>().ok()?.try_readonly().ok()?;
    let columns = integer_columns(array.py(), held.as_array().insert_axis(Axis(1)), convert);
    Some(columns.map(|mut columns| columns.swap_remove(0)))
}

/// An integer that a float may be too short for.
trait Whole: Element + Copy + ToString + Into<i128> + Send + Sync + 'static {}

impl Whole for i64 {}
impl Whole for u64 {}

/// Reads integers as numbers; a column that holds one without an exact float is read again, as levels.
fn integer_columns<T: Whole>(
    py: Python<'_>,
    view: ArrayView2<'_, T>,
    convert: impl Fn(T) -> f64,
) -> PyResult<Vec<Values>> {
    let columns = columns_of(py, view, convert)?.into_iter().enumerate().map(|(at, numbers)| {
        // Rounding keeps order, so what is below the limit as a float was below it as an integer.
        if numbers.iter().all(|value| value.abs() < EXACT_INTEGER_LIMIT) {
            return Ok(Values::Numeric(numbers));
        }
        drop(numbers);
        let exact: Vec<Option<T>> = view.column(at).iter().copied().map(Some).collect();
        // Spelling them takes its time: on a thread of its own, so that signals are heard.
        run(py, &Running::QUIET, move |_| Ok(integers(&exact)))
    });
    columns.collect()
}

fn columns_of<T: Copy, U>(
    py: Python<'_>,
    view: ArrayView2<'_, T>,
    convert: impl Fn(T) -> U,
) -> PyResult<Vec<Vec<U>>> {
    let (n_rows, n_columns) = view.dim();
    let mut looks = Looks::every(py, NUMBERS_A_LOOK);
    let mut columns: Vec<Vec<U>> = (0..n_columns).map(|_| Vec::with_capacity(n_rows)).collect();
    for start in (0..n_rows).step_by(ROWS_A_BLOCK) {
        let block = view.slice(s![start..n_rows.min(start + ROWS_A_BLOCK), ..]);
        for (column, values) in columns.iter_mut().zip(block.columns()) {
            column.extend((0..values.len()).map(|row| convert(values[row])));
            looks.count(values.len())?;
        }
    }
    Ok(columns)
}
