//! What do errors of estimates, scores and plans say in Python's names, and in rows that count from 1?

use yorisoi::PolicyError;
use yorisoi::effects::ScoreError;
use yorisoi::effects::estimators::EstimatorError;
use yorisoi::evaluation::EvaluationError;

use crate::errors::Fault;

/// What the library calls an argument where Python has another name for it.
const NAMES: [(&str, &str); 14] = [
    ("tau_hat", "effect"),
    ("y_hat", "expected_outcome"),
    ("w_hat", "propensity"),
    ("arm", "treatment"),
    ("dose", "treatment"),
    ("w", "treatment"),
    ("z", "instrument"),
    ("class", "y"),
    ("weights", "sample_weight"),
    ("clusters", "cluster"),
    ("feature", "X"),
    ("n_cells", "bins"),
    ("curve_points", "points"),
    ("rewards", "effect"),
];

fn name_of(name: &str) -> &str {
    NAMES.iter().find(|(own, _)| *own == name).map_or(name, |(_, python)| python)
}

impl From<EstimatorError> for Fault {
    fn from(error: EstimatorError) -> Self {
        let (message, column, row) = match error {
            EstimatorError::LengthMismatch { name, actual, expected } => {
                let name = name_of(name);
                (format!("`{name}` has {actual} rows, expected {expected}"), Some(name), None)
            }
            EstimatorError::NotFinite { name, unit, value } => {
                let (name, row) = (name_of(name), unit as usize);
                (not_finite(name, row, value), Some(name), Some(row))
            }
            EstimatorError::Weight { unit, weight } => {
                let row = unit as usize;
                (bad_weight(row, weight), Some("sample_weight"), Some(row))
            }
            EstimatorError::NoVariation { name } => {
                let name = name_of(name);
                let message =
                    format!("`{name}` is the same in every row, so nothing can be learned from it");
                (message, Some(name), None)
            }
            EstimatorError::TooFew { actual, expected } => (
                format!("there are {actual} rows to learn from, expected at least {expected}"),
                None,
                None,
            ),
            EstimatorError::FewClusters { .. } => (error.to_string(), Some("cluster"), None),
            EstimatorError::UnknownClass { unit, class } => {
                let row = unit as usize;
                (
                    format!("`y` has class {class} in row {}, too many to tell apart", row + 1),
                    Some("y"),
                    Some(row),
                )
            }
            EstimatorError::WeakInstrument { .. } => (error.to_string(), Some("instrument"), None),
            error => (error.to_string(), None, None),
        };
        let column = column.map(str::to_owned);
        Self { message, code: "estimator", column, row, ..Self::default() }
    }
}

/// Says that a number is none that can be computed with.
pub(crate) fn not_finite(name: &str, row: usize, value: f64) -> String {
    format!("`{name}` is {value} in row {}, expected a finite number", row + 1)
}

fn bad_weight(row: usize, weight: f64) -> String {
    format!("`sample_weight` is {weight} in row {}, expected a number above 0", row + 1)
}

/// Whose units and arms an error counts.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counted<'a> {
    /// Row of the table behind each unit; empty where they are the same.
    pub(crate) source_row: &'a [u32],
    /// What the arms are called; empty where they have numbers only.
    pub(crate) arm_names: &'a [String],
}

impl Counted<'_> {
    fn row(&self, unit: usize) -> usize {
        self.source_row.get(unit).map_or(unit, |&row| row as usize)
    }

    fn arm(&self, arm: usize) -> String {
        self.arm_names.get(arm).cloned().unwrap_or_else(|| arm.to_string())
    }

    /// Returns the fault that an error of scores is, in the table's rows.
    pub(crate) fn fault(&self, error: &ScoreError) -> Fault {
        let (message, column, row) = match *error {
            ScoreError::LengthMismatch { name, actual, expected } => {
                let name = name_of(name);
                (format!("`{name}` has {actual} rows, expected {expected}"), Some(name), None)
            }
            ScoreError::ArmMismatch { name, actual, expected } => {
                let name = name_of(name);
                let message = format!(
                    "`{name}` has {actual} columns, expected {expected}: effects have one an arm without \
                     control, propensities one an arm with it"
                );
                (message, Some(name), None)
            }
            ScoreError::UnitOfUnknownArm { unit, arm, last } => {
                let row = self.row(unit);
                let message = format!(
                    "`treatment` is arm {} in row {}, but there are effects of {last} arms only",
                    self.arm(arm),
                    row + 1
                );
                (message, Some("treatment"), Some(row))
            }
            ScoreError::NoOverlap { unit, arm, w_hat } => {
                let row = self.row(unit);
                let message = format!(
                    "`propensity` of arm `{}` is {w_hat} in row {}, expected a number between 0 and 1: leave \
                     out rows where chance decided nothing, or give propensities that are known",
                    self.arm(arm),
                    row + 1
                );
                (message, Some("propensity"), Some(row))
            }
            ScoreError::PropensitySum { unit, sum } => {
                let row = self.row(unit);
                let message = format!(
                    "`propensity` sums to {sum} over the arms in row {}, expected 1",
                    row + 1
                );
                (message, Some("propensity"), Some(row))
            }
            ScoreError::NotFinite { name, unit, value } => {
                let (name, row) = (name_of(name), self.row(unit));
                (not_finite(name, row, value), Some(name), Some(row))
            }
            ScoreError::Weight { unit, weight } => {
                let row = self.row(unit);
                (bad_weight(row, weight), Some("sample_weight"), Some(row))
            }
            ScoreError::NothingMoves { unit } => {
                let row = self.row(unit);
                let message = format!(
                    "nothing moves the treatment in row {}: leave the row out, or average over those it moves \
                     (`target_population=\"overlap\"`)",
                    row + 1
                );
                (message, Some("instrument"), Some(row))
            }
            _ => (error.to_string(), None, None),
        };
        let column = column.map(str::to_owned);
        Fault { message, code: "score", column, row, ..Fault::default() }
    }
}

impl From<ScoreError> for Fault {
    fn from(error: ScoreError) -> Self {
        Counted::default().fault(&error)
    }
}

impl From<EvaluationError> for Fault {
    fn from(error: EvaluationError) -> Self {
        let (message, column, row) = match error {
            EvaluationError::Score(error) => return error.into(),
            EvaluationError::Option { option, value, expected } => {
                let name = name_of(option);
                (format!("`{name}` is {value}, expected {expected}"), Some(name.to_owned()), None)
            }
            EvaluationError::SingleUnit { unit } => {
                let message = format!(
                    "row {} alone determines a coefficient: leave out the feature that only this row has",
                    unit + 1
                );
                (message, None, Some(unit))
            }
            error => (error.to_string(), None, None),
        };
        Self { message, code: "evaluation", column, row, ..Self::default() }
    }
}

impl From<PolicyError> for Fault {
    fn from(error: PolicyError) -> Self {
        let (message, column, row) = match error {
            PolicyError::BadValue { name, unit, arm, value, expected } => {
                let name = name_of(name);
                let message = format!(
                    "`{name}` of arm {} is {value} in row {}, expected {expected}",
                    arm + 1,
                    unit + 1
                );
                (message, Some(name), Some(unit))
            }
            PolicyError::LengthMismatch { name, actual, expected, .. } => {
                let name = name_of(name);
                (format!("`{name}` has {actual} rows, expected {expected}"), Some(name), None)
            }
            PolicyError::BadLimit { name, .. } => (error.to_string(), Some(name), None),
            error => (error.to_string(), None, None),
        };
        let column = column.map(str::to_owned);
        Self { message, code: "plan", column, row, ..Self::default() }
    }
}
