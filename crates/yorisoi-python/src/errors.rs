//! How does an error of the library become a Python exception?
//!
//! Every fault becomes `yorisoi.InputError` (a `ValueError`) with the library's own message and, as
//! attributes, its stable `code`, the `column` and 0-based `row` at fault, and a `hint` in Python's words.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyType};
use yorisoi::StudyError;
use yorisoi::data::read::ReadError;
use yorisoi::data::{BinError, RoleError};
use yorisoi::effects::estimators::EstimatorError;
use yorisoi::effects::{EffectError, ModelError, ScoreError};
use yorisoi::evaluation::EvaluationError;

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
}

/// What long work returns.
pub(crate) type Outcome<T> = Result<T, Fault>;

impl Fault {
    /// Returns a fault of the call itself.
    pub(crate) fn argument(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: "argument", ..Self::default() }
    }
}

impl From<Fault> for PyErr {
    fn from(fault: Fault) -> Self {
        Python::attach(|py| to_exception(py, fault).unwrap_or_else(|error| error))
    }
}

fn to_exception(py: Python<'_>, fault: Fault) -> PyResult<PyErr> {
    static INPUT_ERROR: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let kind = INPUT_ERROR.import(py, "yorisoi._errors", "InputError")?;
    let details = PyDict::new(py);
    details.set_item("code", fault.code)?;
    details.set_item("column", fault.column)?;
    details.set_item("row", fault.row)?;
    details.set_item("hint", in_python(&fault.hint))?;
    Ok(PyErr::from_value(kind.call((fault.message,), Some(&details))?))
}

/// Options of the command line and what they are called here.
const IN_PYTHON: [(&str, &str); 7] = [
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
        Self { message: error.to_string(), code, column, row: from_one(row), hint }
    }
}

/// Returns the column and the row (from 1) that an error of roles names.
fn place_of(error: &RoleError) -> (Option<String>, Option<usize>) {
    match error {
        RoleError::NotNumeric { column, row, .. }
        | RoleError::NotFinite { column, row, .. }
        | RoleError::BadWeight { column, row, .. } => (Some(column.clone()), Some(*row)),
        RoleError::BadPropensity { column, row, .. } => (column.clone(), Some(*row)),
        RoleError::UnknownColumn { column, .. }
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
        Self { message: error.to_string(), code, column, row: from_one(row), hint }
    }
}

impl From<EffectError> for Fault {
    fn from(error: EffectError) -> Self {
        Self { message: error.to_string(), code: "effects", ..Self::default() }
    }
}

impl From<EstimatorError> for Fault {
    fn from(error: EstimatorError) -> Self {
        let (column, row) = match &error {
            EstimatorError::NotFinite { name, unit, .. } => (Some(*name), Some(*unit as usize)),
            EstimatorError::LengthMismatch { name, .. } | EstimatorError::NoVariation { name } => {
                (Some(*name), None)
            }
            EstimatorError::Weight { unit, .. } => (Some("sample_weight"), Some(*unit as usize)),
            _ => (None, None),
        };
        let (message, column) = (error.to_string(), column.map(str::to_owned));
        Self { message, code: "estimator", column, row, hint: String::new() }
    }
}

impl From<ScoreError> for Fault {
    fn from(error: ScoreError) -> Self {
        let (column, row) = match &error {
            ScoreError::NotFinite { name, unit, .. } => (Some(*name), Some(*unit)),
            ScoreError::NoOverlap { unit, .. } | ScoreError::PropensitySum { unit, .. } => {
                (Some("propensity"), Some(*unit))
            }
            ScoreError::Weight { unit, .. } => (Some("sample_weight"), Some(*unit)),
            ScoreError::UnitOfUnknownArm { unit, .. } => (Some("treatment"), Some(*unit)),
            ScoreError::LengthMismatch { name, .. } | ScoreError::ArmMismatch { name, .. } => {
                (Some(*name), None)
            }
            _ => (None, None),
        };
        let (message, column) = (error.to_string(), column.map(str::to_owned));
        Self { message, code: "score", column, row, hint: String::new() }
    }
}

impl From<EvaluationError> for Fault {
    fn from(error: EvaluationError) -> Self {
        match error {
            EvaluationError::Score(error) => error.into(),
            error => Self { message: error.to_string(), code: "evaluation", ..Self::default() },
        }
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
