//! Does our help help? The holdout, looked at as often as one likes, and never called proven too early.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::Words;

use crate::rehearse_policy::Ranged;
use crate::{App, AppError, Caller};

/// What can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Proven {
    /// The interval lies on one side of zero.
    Proven,
    /// The interval covers zero.
    NotProven,
    /// Too few people, or people were not dealt as they should have been.
    CannotKnow,
}

/// The sample-ratio check.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RatioView {
    /// Households that may be helped.
    pub treated: u64,
    /// Households held out.
    pub held_out: u64,
    /// The share that should be.
    pub expected_share: f64,
    /// The p-value, valid at every look.
    pub p_value: f64,
    /// Whether the alarm rings (p < 0.001).
    pub alarm: bool,
}

/// The proof.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProofView {
    /// As of when.
    pub at: Timestamp,
    /// The programme.
    pub programme: String,
    /// The outcome.
    pub outcome: String,
    /// The verdict.
    pub proven: Proven,
    /// In words.
    pub words: Words,
    /// Mean outcome of those who may be helped.
    pub treated_mean: Ranged,
    /// Mean outcome of those held out.
    pub held_out_mean: Ranged,
    /// The difference, valid at every look.
    pub effect: Ranged,
    /// Outcomes that would not have come about: the difference times the people who may be helped.
    pub incremental_outcomes: Ranged,
    /// Their value, in minor units.
    pub incremental_value_minor: Ranged,
    /// Whether people were dealt as they should have been.
    pub ratio: RatioView,
    /// Holds of all decisions, and decisions in all: holding is counted.
    pub holds: u64,
    /// Decisions in all.
    pub decisions: u64,
}

impl App {
    /// Returns the proof as of now.
    ///
    /// # Errors
    ///
    /// [`AppError::NoPolicy`].
    pub async fn proof(&self, caller: &Caller) -> Result<ProofView, AppError> {
        let _ = caller;
        Err(AppError::NotYet)
    }
}
