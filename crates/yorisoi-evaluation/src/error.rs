//! What can be wrong with what is to be judged?

use yorisoi_effects::ScoreError;

use crate::proof::Support;

/// Why something could not be judged.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EvaluationError {
    /// Lengths, values, weights or the number of independent units do not allow an estimate.
    #[error(transparent)]
    Score(#[from] ScoreError),
    /// An option lies outside its range.
    #[error("`{option}` is {value}, expected {expected}")]
    Option {
        /// Name of the option.
        option: &'static str,
        /// Its value.
        value: f64,
        /// What is allowed.
        expected: &'static str,
    },
    /// One unit alone determines a coefficient, so that its error cannot be known.
    #[error(
        "unit {unit} alone determines a coefficient: leave out the feature that only this unit has"
    )]
    SingleUnit {
        /// Row of the unit.
        unit: usize,
    },
    /// An estimate handed in is not a number.
    #[error("estimate {index} is not finite (estimate {estimate}, standard error {std_error})")]
    NotAnEstimate {
        /// Which one.
        index: usize,
        /// Its value.
        estimate: f64,
        /// Its standard error.
        std_error: f64,
    },
    /// A policy would do what the log never did, so nothing is known of it.
    #[error(
        "the log cannot answer for this policy ({}): give the action a small chance for a while, or take \
         it out of the policy",
        missing(.0)
    )]
    Unsupported(Support),
}

fn missing(support: &Support) -> String {
    match support {
        Support::Full => "nothing is missing".to_owned(),
        Support::Missing { action, share } => {
            format!(
                "action {action} and others never possible, {:.1} % of decisions",
                100.0 * share
            )
        }
    }
}

impl EvaluationError {
    /// Returns whether a policy would do what the log never did.
    pub fn is_unsupported(&self) -> bool {
        matches!(self, Self::Unsupported(_))
    }

    /// Returns whether there were too few independent units for an answer.
    pub fn is_too_few(&self) -> bool {
        matches!(self, Self::Score(ScoreError::TooFew { .. }))
    }
}

pub(crate) fn check_len(
    name: &'static str,
    actual: usize,
    expected: usize,
) -> Result<(), ScoreError> {
    if actual == expected {
        Ok(())
    } else {
        Err(ScoreError::LengthMismatch { name, actual, expected })
    }
}

/// Checks that `values` has one finite entry a unit.
pub(crate) fn check_column(
    name: &'static str,
    values: &[f64],
    n_units: usize,
) -> Result<(), ScoreError> {
    check_len(name, values.len(), n_units)?;
    match values.iter().position(|value| !value.is_finite()) {
        Some(unit) => Err(ScoreError::NotFinite { name, unit, value: values[unit] }),
        None => Ok(()),
    }
}
