//! A lively little world to try everything in: clients, households, helping, refusing, letting go.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{App, AppError};

/// What is in the sample world, and how to come in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SampleWorld {
    /// Clients.
    pub clients: u64,
    /// Decisions made.
    pub decisions: u64,
    /// Secrets by role and name, to sign in with: agents, a lead, an analyst, a privacy officer, a service.
    pub tokens: Vec<crate::keep_tokens::IssuedToken>,
}

/// Fills an empty ledger with ninety days of work, through the real use cases. The app must have been made
/// with a clock that stands at the beginning; it ends ninety days later.
///
/// # Errors
///
/// [`AppError::Exists`] if the ledger is not empty.
pub async fn sample_world(app: &App, seed: u64) -> Result<SampleWorld, AppError> {
    let _ = (app, seed);
    Err(AppError::NotYet)
}
