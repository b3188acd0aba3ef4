//! How does an error of the library become a Python exception?
//!
//! Every fault becomes `yorisoi.InputError` (a `ValueError`; for a value of the wrong kind a `TypeError` as well)
//! with the library's message in Python's names and, as attributes, its stable `code`, the `column` and 0-based
//! `row` at fault, and a `hint`. Messages count rows from 1, as a spreadsheet does.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyType};
use yorisoi::StudyError;
use yorisoi::data::read::ReadError;
use yorisoi::data::{BinError, RoleError};
use yorisoi::effects::{EffectError, ModelError};

/// What is wrong with what was given, before it is a Python object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The library's message.
    pub(crate) message: String,
    /// Stable code, where the library has one.
    pub(crate) code: &'static str,
    /// The column at fault.
    pub(crate) column: Option<String>,
    /// The row at fault, counted from 0.
    pub(crate) row: Option<usize>,
    /// What to do about it.
    pub(crate) hint: String,
    /// What kind of mistake it is.
    pub(crate) kind: FaultKind,
}

/// What kind of mistake a fault is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum FaultKind {
    /// A value that cannot be used.
    #[default]
    Value,
    /// A thing of a type that cannot be used.
    Type,
}

/// What long work returns.
pub(crate) type Outcome<T> = Result<T, Fault>;

impl Fault {
    /// Returns a fault of the call itself.
    pub(crate) fn argument(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: "argument", ..Self::default() }
    }

    /// Returns a fault of one argument or column.
    pub(crate) fn of(column: &str, message: impl Into<String>) -> Self {
        Self { column: Some(column.to_owned()), ..Self::argument(message) }
    }
}

impl From<Fault> for PyErr {
    fn from(fault: Fault) -> Self {
        Python::attach(|py| to_exception(py, fault).unwrap_or_else(|error| error))
    }
}

fn to_exception(py: Python<'_>, fault: Fault) -> PyResult<PyErr> {
    static VALUE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    static TYPE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let kind = match fault.kind {
        FaultKind::Value => VALUE.import(py, "yorisoi._errors", "InputError")?,
        FaultKind::Type => TYPE.import(py, "yorisoi._errors", "InputTypeError")?,
    };
    let details = PyDict::new(py);
    details.set_item("code", fault.code)?;
    details.set_item("column", fault.column)?;
    details.set_item("row", fault.row)?;
    details.set_item("hint", in_python(&fault.hint))?;
    Ok(PyErr::from_value(kind.call((fault.message,), Some(&details))?))
}

/// Options of the command line and what they are called here.
const IN_PYTHON: [(&str, &str); 8] = [
    ("`--cost`", "`costs`"),
    ("`--weight`", "`sample_weight`"),
    ("`--propensity`", "`propensity`"),
    ("(`--dose`)", "(`discrete_treatment=False`)"),
    ("`--control ", "`control="),
    ("leave it out with `--drop ", "leave out the column `"),
    ("`yorisoi study` or `yorisoi fit`, such as model.yorisoi", "`save` or the command line"),
    ("`--", "`"),
];

fn in_python(hint: &str) -> String {
    IN_PYTHON.iter().fold(hint.to_owned(), |hint, (option, name)| hint.replace(option, name))
}

impl From<StudyError> for Fault {
    fn from(error: StudyError) -> Self {
        match error {
            StudyError::Roles(error) => error.into(),
            StudyError::Bins(error) => error.into(),
            StudyError::Effects(error) => error.into(),
            StudyError::Evaluation(error) => error.into(),
            StudyError::Policy(error) => error.into(),
            error => {
                let (column, row) = match &error {
                    StudyError::Dose { column } => (Some(column.clone()), None),
                    StudyError::CostColumn { column, row, .. } => (Some(column.clone()), *row),
                    _ => (None, None),
                };
                let message = in_python(&error.to_string());
                Self { message, code: "study", column, row: from_one(row), ..Self::default() }
            }
        }
    }
}

impl From<RoleError> for Fault {
    fn from(error: RoleError) -> Self {
        let (column, row) = place_of(&error);
        let (code, hint) = (error.code(), error.hint());
        Self {
            message: error.to_string(),
            code,
            column,
            row: from_one(row),
            hint,
            ..Self::default()
        }
    }
}

/// Returns the column and the row (from 1) that an error of roles names.
fn place_of(error: &RoleError) -> (Option<String>, Option<usize>) {
    match error {
        RoleError::NotNumeric { column, row, .. }
        | RoleError::NotFinite { column, row, .. }
        | RoleError::TooLarge { column, row, .. }
        | RoleError::BadWeight { column, row, .. } => (Some(column.clone()), Some(*row)),
        RoleError::BadPropensity { column, row, .. } => (column.clone(), Some(*row)),
        RoleError::UnknownColumn { column, .. }
        | RoleError::TooFine { column, .. }
        | RoleError::TwoRoles { column, .. }
        | RoleError::NoControl { column, .. }
        | RoleError::UnknownControl { column, .. }
        | RoleError::ManyArms { column, .. }
        | RoleError::OneArm { column, .. }
        | RoleError::SmallArm { column, .. }
        | RoleError::ConstantOutcome { column, .. }
        | RoleError::ConstantDose { column, .. }
        | RoleError::TreatmentInFeatures { column, .. }
        | RoleError::OutcomeInFeatures { column, .. } => (Some(column.clone()), None),
        _ => (None, None),
    }
}

/// Rows of messages count from 1 as in the file; 0 there means that no row is at fault.
fn from_one(row: Option<usize>) -> Option<usize> {
    row.and_then(|row| row.checked_sub(1))
}

impl From<BinError> for Fault {
    fn from(error: BinError) -> Self {
        let (column, row) = match &error {
            BinError::MissingColumns { columns, .. } => (columns.first().cloned(), None),
            BinError::NotNumeric { column, row, .. } => (Some(column.clone()), Some(*row)),
            _ => (None, None),
        };
        let (code, hint) = (error.code(), error.hint().to_owned());
        Self {
            message: error.to_string(),
            code,
            column,
            row: from_one(row),
            hint,
            ..Self::default()
        }
    }
}

impl From<EffectError> for Fault {
    fn from(error: EffectError) -> Self {
        Self { message: error.to_string(), code: "effects", ..Self::default() }
    }
}

impl From<ModelError> for Fault {
    fn from(error: ModelError) -> Self {
        let (code, hint) = (error.code(), error.hint().to_owned());
        Self { message: error.to_string(), code, hint, ..Self::default() }
    }
}

impl From<ReadError> for Fault {
    fn from(error: ReadError) -> Self {
        let (code, hint) = (error.code(), error.hint().to_owned());
        Self { message: error.to_string(), code, hint, ..Self::default() }
    }
}
