//! What can tomorrow's model learn from today's decisions? The log as a table for a study.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{App, AppError, Caller};

/// Which table is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StudyAsk {
    /// The outcome; `null`: the house's own.
    pub outcome: Option<String>,
    /// Days after a decision within which the outcome counts; `null`: the house's own.
    pub outcome_days: Option<u32>,
    /// Decisions from here on.
    pub from: Option<Timestamp>,
    /// Decisions before.
    pub until: Option<Timestamp>,
}

/// A table that `yorisoi study` reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StudyTable {
    /// CSV with a header: `action`, `propensity`, the outcome, `household`, and the attributes as known when
    /// the decision was made.
    pub csv: String,
    /// Rows.
    pub rows: u64,
    /// Decisions left out because their outcome is not known yet.
    pub without_outcome: u64,
    /// Decisions left out because the person was erased.
    pub erased: u64,
    /// The command that reads it.
    pub command: String,
}

impl App {
    /// Returns the log as a table: treatment, propensity, outcome, clusters, features.
    ///
    /// # Errors
    ///
    /// [`AppError::Refused`] if there is no decision with a known outcome.
    pub async fn export_study(
        &self,
        caller: &Caller,
        ask: StudyAsk,
    ) -> Result<StudyTable, AppError> {
        let _ = (caller, ask);
        Err(AppError::NotYet)
    }
}
