//! What did Python hand over? Arrays, Arrow tables and lists as the library's columns.

use std::sync::{Mutex, PoisonError};

use numpy::PyArray1;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyCapsule, PyFloat, PyInt, PyString};
use yorisoi::data::{Column, MISSING_CODE, Notice, Table, Values, spell_number};

use crate::arrays::{Matrix, all_rows, check_rows, numbers, numeric, scatter};
use crate::arrow;
use crate::errors::{Fault, FaultKind, Outcome};
use crate::numpy_read::{matrix_values, vector_of, vector_values};
use crate::run::Looks;

/// Objects read between two looks for signals: some milliseconds.
const OBJECTS_A_LOOK: usize = 1 << 14;

/// Columns on their way into the library, which takes them out of here.
#[pyclass(module = "yorisoi._native", frozen)]
pub(crate) struct ColumnSet {
    columns: Mutex<Vec<Column>>,
    notices: Vec<Notice>,
}

impl ColumnSet {
    /// Takes the columns out.
    pub(crate) fn take(&self) -> Vec<Column> {
        std::mem::take(&mut *self.columns.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn new(columns: Vec<Column>, notices: Vec<Notice>) -> Self {
        Self { columns: Mutex::new(columns), notices }
    }
}

/// Returns columns as a table.
///
/// # Errors
///
/// A [`Fault`] for two columns of one name, or of different lengths.
pub(crate) fn table_of(columns: Vec<Column>) -> Outcome<Table> {
    let first = columns.first().map_or(0, |column| column.values.len());
    for column in &columns {
        check_rows(&column.name, column.values.len(), first)?;
    }
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let twice = (0..names.len()).find(|&at| names[..at].contains(&names[at]));
    if let Some(at) = twice {
        return Err(Fault::argument(format!("two columns are called `{}`", names[at])));
    }
    Table::new(columns).ok_or_else(|| Fault::argument("the columns do not make a table"))
}

#[pymethods]
impl ColumnSet {
    /// Reads a matrix of numbers, one column after another; `None` where its type is not known here.
    #[staticmethod]
    fn from_matrix(matrix: &Bound<'_, PyAny>, names: Vec<String>) -> PyResult<Option<Self>> {
        let Some(columns) = matrix_values(matrix).transpose()? else { return Ok(None) };
        let columns = names.into_iter().zip(columns);
        let columns = columns.map(|(name, values)| Column { name, values }).collect();
        Ok(Some(Self::new(columns, Vec::new())))
    }

    /// Reads an Arrow stream out of its capsule; one that is a single column gets the name `column`.
    #[staticmethod]
    #[pyo3(signature = (capsule, column=None))]
    fn from_stream(
        py: Python<'_>,
        capsule: &Bound<'_, PyCapsule>,
        column: Option<&str>,
    ) -> PyResult<Self> {
        let (columns, notices) = arrow::of_stream(py, capsule, column)?;
        Ok(Self::new(columns, notices))
    }

    /// Reads an Arrow array out of the capsules of its schema and itself; one that is a single column gets the
    /// name `column`.
    #[staticmethod]
    #[pyo3(signature = (schema, array, column=None))]
    fn from_array(
        py: Python<'_>,
        schema: &Bound<'_, PyCapsule>,
        array: &Bound<'_, PyCapsule>,
        column: Option<&str>,
    ) -> PyResult<Self> {
        let (columns, notices) = arrow::of_array(py, schema, array, column)?;
        Ok(Self::new(columns, notices))
    }

    /// Reads named arrays, lists, or pairs of codes and levels.
    #[staticmethod]
    fn from_columns(columns: Vec<(String, Bound<'_, PyAny>)>) -> PyResult<Self> {
        let columns = columns.into_iter().map(|(name, data)| {
            let values = values_of(&name, &data)?;
            Ok(Column { name, values })
        });
        Ok(Self::new(columns.collect::<PyResult<_>>()?, Vec::new()))
    }

    /// Returns the columns under other names, taking them out of here.
    fn renamed(&self, names: Vec<String>) -> Self {
        let renamed = |(name, column): (String, Column)| Column { name, ..column };
        let columns = names.into_iter().zip(self.take()).map(renamed).collect();
        Self::new(columns, self.notices.clone())
    }

    /// Puts the columns of another set behind these.
    fn append(&self, other: &Self) {
        let more = other.take();
        self.columns.lock().unwrap_or_else(PoisonError::into_inner).extend(more);
    }

    /// Takes the numeric columns out: their names, and a matrix of them with infinite numbers as they are.
    fn numbers<'py>(&self, py: Python<'py>) -> PyResult<(Vec<String>, Matrix<'py>)> {
        let table = table_of(self.take())?;
        let (mut names, mut columns) = (Vec::new(), Vec::new());
        for column in table.columns() {
            if let Values::Numeric(values) = &column.values {
                names.push(column.name.clone());
                columns.push(values.as_slice());
            }
        }
        let n_rows = table.n_rows();
        Ok((names, scatter(py, &columns, &all_rows(n_rows), n_rows)))
    }

    /// Takes the only column out, as numbers that play the role `role`.
    fn vector<'py>(&self, py: Python<'py>, role: &str) -> PyResult<Bound<'py, PyArray1<f64>>> {
        let only = self.take().into_iter().next();
        let missing = || Fault::of(role, format!("`{role}` holds no column"));
        Ok(numbers(py, numeric(&only.ok_or_else(missing)?, role)?))
    }

    #[getter]
    fn names(&self) -> Vec<String> {
        let columns = self.columns.lock().unwrap_or_else(PoisonError::into_inner);
        columns.iter().map(|column| column.name.clone()).collect()
    }

    #[getter]
    fn n_rows(&self) -> usize {
        let columns = self.columns.lock().unwrap_or_else(PoisonError::into_inner);
        columns.first().map_or(0, |column| column.values.len())
    }

    /// What the user should know about how the table was read: code and English words.
    #[getter]
    fn notices(&self) -> Vec<(String, String)> {
        self.notices.iter().map(|notice| (notice.code.clone(), notice.en.clone())).collect()
    }
}

fn values_of(name: &str, data: &Bound<'_, PyAny>) -> PyResult<Values> {
    if let Ok(set) = data.cast::<ColumnSet>() {
        let only = set.get().take().into_iter().next();
        let missing = || Fault::argument(format!("`{name}` holds no column"));
        return Ok(only.ok_or_else(missing)?.values);
    }
    if let Ok((codes, levels)) = data.extract::<(Bound<'_, PyAny>, Vec<String>)>() {
        return category(name, &codes, levels);
    }
    vector_values(data).unwrap_or_else(|| objects(name, data))
}

fn category(name: &str, codes: &Bound<'_, PyAny>, levels: Vec<String>) -> PyResult<Values> {
    // Empty text is missing, as in a file.
    let is_level: Vec<bool> = levels.iter().map(|level| !level.is_empty()).collect();
    let code = |code: i64| {
        let is_known = usize::try_from(code).is_ok_and(|at| is_level.get(at) == Some(&true));
        if is_known { code as u32 } else { MISSING_CODE }
    };
    let codes =
        vector_of::<i64, _>(codes, code).or_else(|| vector_of::<i32, _>(codes, |c| code(c.into())));
    match codes.transpose()? {
        Some(codes) => Ok(Values::Category { codes, levels }),
        None => Err(wrong_type(name, None, format!("codes of `{name}` must be integers")).into()),
    }
}

/// Distinct texts in order of first appearance.
#[derive(Default)]
struct Levels {
    names: Vec<String>,
    codes: std::collections::HashMap<String, u32>,
}

impl Levels {
    fn code(&mut self, text: String) -> u32 {
        if let Some(&code) = self.codes.get(&text) {
            return code;
        }
        let code = self.names.len() as u32;
        self.names.push(text.clone());
        self.codes.insert(text, code);
        code
    }
}

/// One Python object of a column.
enum Cell {
    Missing,
    Number(f64),
    Text(String),
}

/// Reads a column of Python objects: numbers where all are, else levels, with numbers spelt as a file
/// would spell them.
///
/// # Errors
///
/// The fault of the first object that is neither; what a signal's handler raises.
fn objects(name: &str, data: &Bound<'_, PyAny>) -> PyResult<Values> {
    let mut looks = Looks::every(data.py(), OBJECTS_A_LOOK);
    let mut cells = Vec::new();
    for (row, object) in data.try_iter()?.enumerate() {
        looks.count(1)?;
        cells.push(cell(name, row, &object?)?);
    }
    if !cells.iter().any(|cell| matches!(cell, Cell::Text(_))) {
        let number = |cell: &Cell| if let Cell::Number(value) = cell { *value } else { f64::NAN };
        return Ok(Values::Numeric(cells.iter().map(number).collect()));
    }
    let mut levels = Levels::default();
    let codes = cells.into_iter().map(|cell| {
        looks.count(1)?;
        Ok(match cell {
            Cell::Missing => MISSING_CODE,
            Cell::Number(value) => levels.code(spell_number(value)),
            Cell::Text(text) => levels.code(text),
        })
    });
    let codes = codes.collect::<PyResult<_>>()?;
    Ok(Values::Category { codes, levels: levels.names })
}

fn cell(name: &str, row: usize, object: &Bound<'_, PyAny>) -> PyResult<Cell> {
    if object.is_none() {
        return Ok(Cell::Missing);
    }
    if let Ok(text) = object.cast::<PyString>() {
        let text = text.to_cow()?;
        return Ok(if text.is_empty() { Cell::Missing } else { Cell::Text(text.into_owned()) });
    }
    let is_plain = object.is_instance_of::<PyFloat>()
        || object.is_instance_of::<PyBool>()
        || object.is_instance_of::<PyInt>();
    if is_plain {
        return number_cell(object);
    }
    let kind = object.get_type().name()?.to_string();
    // The missing values of pandas, which is not needed here.
    if kind == "NAType" || kind == "NaTType" {
        return Ok(Cell::Missing);
    }
    if object.hasattr("__float__")? {
        return number_cell(object);
    }
    let message = format!(
        "column `{name}`, row {}: argument must be a string or a number, not `{kind}`",
        row + 1
    );
    Err(wrong_type(name, Some(row), message).into())
}

fn number_cell(object: &Bound<'_, PyAny>) -> PyResult<Cell> {
    let value: f64 = if object.is_exact_instance_of::<PyFloat>() {
        object.extract()?
    } else {
        object.call_method0("__float__")?.extract()?
    };
    Ok(if value.is_nan() { Cell::Missing } else { Cell::Number(value) })
}

fn wrong_type(column: &str, row: Option<usize>, message: String) -> Fault {
    Fault { row, kind: FaultKind::Type, ..Fault::of(column, message) }
}
