//! What does help change, for each of our clients? Models: registered, shadowed, promoted, and scoring.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::ActionId;
use yorisoi_ledger::ModelCard;

use crate::{App, AppError, Caller};

/// A model with its history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ModelView {
    /// What it is.
    pub card: ModelCard,
    /// `shadow`, `live`, `past`.
    pub state: String,
    /// When it was registered.
    pub registered_at: Timestamp,
    /// When it was promoted.
    pub promoted_at: Option<Timestamp>,
    /// Actions of the live policy that it has no effect for.
    pub missing: Vec<ActionId>,
}

/// How a model in the shadow compares with what decides now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ShadowReport {
    /// Which.
    pub model: String,
    /// Clients scored by it.
    pub clients: u64,
    /// Clients whose features were missing.
    pub incomplete: u64,
    /// Clients whose best action would be another.
    pub different: u64,
    /// Mean effect by action.
    pub mean_effect: BTreeMap<ActionId, f64>,
    /// Mean effect by action, as it decides now.
    pub mean_effect_now: BTreeMap<ActionId, f64>,
}

/// What scoring did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScoreReport {
    /// Which model.
    pub model: String,
    /// Clients with new effects.
    pub scored: u64,
    /// Clients none of whose features are known: they keep what they had.
    pub incomplete: u64,
}

impl App {
    /// Registers a model file: checks its checksum, structure, features and arms.
    ///
    /// # Errors
    ///
    /// [`AppError::Model`] if the file is damaged, or `expected` is not its data fingerprint.
    pub async fn register_model(
        &self,
        caller: &Caller,
        file: Vec<u8>,
        expected: Option<String>,
    ) -> Result<ModelView, AppError> {
        let _ = (caller, file, expected);
        Err(AppError::NotYet)
    }

    /// Every model, newest first.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`].
    pub async fn models(&self, caller: &Caller) -> Result<Vec<ModelView>, AppError> {
        let _ = caller;
        Err(AppError::NotYet)
    }

    /// Scores every client with a model in the shadow, and compares. Nothing changes for anybody.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`]; [`AppError::Model`].
    pub async fn shadow_model(
        &self,
        caller: &Caller,
        model: &str,
    ) -> Result<ShadowReport, AppError> {
        let _ = (caller, model);
        Err(AppError::NotYet)
    }

    /// A model that was shadowed decides from now on; every client is scored anew.
    ///
    /// # Errors
    ///
    /// [`AppError::Model`] if it was not shadowed; [`AppError::Unknown`].
    pub async fn promote_model(
        &self,
        caller: &Caller,
        model: &str,
    ) -> Result<ScoreReport, AppError> {
        let _ = (caller, model);
        Err(AppError::NotYet)
    }

    /// Scores every client with the model that decides.
    ///
    /// # Errors
    ///
    /// [`AppError::Model`] if none does.
    pub async fn score_clients(&self, caller: &Caller) -> Result<ScoreReport, AppError> {
        let _ = caller;
        Err(AppError::NotYet)
    }
}
