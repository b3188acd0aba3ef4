//! Why could a study not be made at all?
//!
//! Data that can be studied but not answer the question are no error: the verdict then says
//! `unknowable`.

use yorisoi_data::{BinError, RoleError};
use yorisoi_effects::EffectError;
use yorisoi_evaluation::EvaluationError;
use yorisoi_policy::PolicyError;

/// Why a study, or a stage of one, could not be made. Rows count data rows of the input from 1.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StudyError {
    /// The table does not fit its roles.
    #[error(transparent)]
    Roles(#[from] RoleError),
    /// The table does not fit the model.
    #[error(transparent)]
    Bins(#[from] BinError),
    /// Effects could not be learned.
    #[error(transparent)]
    Effects(#[from] EffectError),
    /// Effects could not be judged.
    #[error(transparent)]
    Evaluation(#[from] EvaluationError),
    /// No plan could be made.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// The model is that of an amount, and models are judged by comparing arms.
    #[error("treatment `{column}` is an amount, and a stored model is judged by comparing arms")]
    Dose {
        /// The treatment column.
        column: String,
    },
    /// Rows cannot be left out by a propensity that an amount does not have.
    #[error("`--trim` leaves out rows by propensity, and an amount has none")]
    TrimmedDose,
    /// A cost or capacity was given for an arm that does not occur.
    #[error("`{option}` names the arm `{arm}`, but the arms are {known}")]
    UnknownArm {
        /// The option.
        option: &'static str,
        /// The arm named.
        arm: String,
        /// The arms there are, control left out.
        known: String,
    },
    /// Some arms have a cost and this one has none.
    #[error("arm `{arm}` has no cost, but others have one")]
    MissingCost {
        /// The arm.
        arm: String,
    },
    /// A cost that is no amount of money.
    #[error("the cost of arm `{arm}` is {cost}, expected a finite number, 0 or more")]
    BadCost {
        /// The arm.
        arm: String,
        /// Its cost.
        cost: f64,
    },
    /// A column of costs that cannot be used.
    #[error("cost column `{column}`: {problem}{}", in_row(*row))]
    CostColumn {
        /// Its name.
        column: String,
        /// What is wrong with it.
        problem: &'static str,
        /// Data row, from 1, where one row is at fault.
        row: Option<usize>,
    },
    /// Nothing says how much harm may be risked.
    #[error("a plan from effects alone needs to be told how much harm may be risked")]
    NoAllowedHarm,
    /// The table's arms are not those of the model.
    #[error("the table's arms are {actual}, but the model knows {expected}")]
    OtherArms {
        /// Arms of the table, control first.
        actual: String,
        /// Arms of the model, control first.
        expected: String,
    },
    /// The model predicts the opposite of the table's outcome: one of them counts less as better.
    #[error(
        "the model's predictions run against `{outcome}`: one of the two counts less of it as better, the \
         other more"
    )]
    OtherDirection {
        /// The outcome column.
        outcome: String,
    },
    /// The table is the one the model was learned from.
    #[error(
        "the model has learned from this very table, and would be judged by what it knows already"
    )]
    SameTable,
    /// One side of the split has nobody in some arm.
    #[error("arm `{arm}` has nobody among the {side} rows")]
    EmptySide {
        /// The arm.
        arm: String,
        /// `training` or `held-out`.
        side: &'static str,
    },
}

impl From<yorisoi_effects::ScoreError> for StudyError {
    fn from(error: yorisoi_effects::ScoreError) -> Self {
        Self::Evaluation(error.into())
    }
}

impl StudyError {
    /// Returns whether the fault lies with what was asked for rather than with the data.
    pub fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::UnknownArm { .. }
                | Self::MissingCost { .. }
                | Self::BadCost { .. }
                | Self::NoAllowedHarm
                | Self::TrimmedDose
        )
    }

    /// Returns whether one side of a split has too few to learn from or to judge by: another split may not.
    pub fn is_thin_side(&self) -> bool {
        matches!(
            self,
            Self::EmptySide { .. }
                | Self::Effects(EffectError::ThinArm { .. } | EffectError::FewClusters { .. })
        )
    }
}

fn in_row(row: Option<usize>) -> String {
    row.map_or_else(String::new, |row| format!(" in row {row}"))
}
