//! How do our promises change? Drafting, publishing by a second person, rolling back.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::Policy;
use yorisoi_ledger::Actor;

use crate::{App, AppError, Caller};

/// A proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyInput {
    /// The document, TOML or JSON.
    pub document: String,
    /// Why.
    pub why: String,
}

/// A policy with its history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyView {
    /// Fingerprint: the version's name.
    pub fingerprint: String,
    /// `draft`, `live`, `past`.
    pub state: String,
    /// Who drafted it.
    pub drafted_by: Actor,
    /// When.
    pub drafted_at: Timestamp,
    /// Why.
    pub why: String,
    /// Who published it.
    pub published_by: Option<Actor>,
    /// When it first held.
    pub published_at: Option<Timestamp>,
    /// The document.
    pub policy: Policy,
}

impl App {
    /// Returns the policy that holds.
    ///
    /// # Errors
    ///
    /// [`AppError::NoPolicy`].
    pub async fn live_policy(&self, caller: &Caller) -> Result<PolicyView, AppError> {
        let _ = caller;
        Err(AppError::NotYet)
    }

    /// Returns one version.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`].
    pub async fn policy(&self, caller: &Caller, fingerprint: &str) -> Result<PolicyView, AppError> {
        let _ = (caller, fingerprint);
        Err(AppError::NotYet)
    }

    /// Every version, newest first, drafts included.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`].
    pub async fn policy_history(&self, caller: &Caller) -> Result<Vec<PolicyView>, AppError> {
        let _ = caller;
        Err(AppError::NotYet)
    }

    /// The JSON schema of the document.
    pub fn policy_schema(&self) -> serde_json::Value {
        schemars::schema_for!(Policy).to_value()
    }

    /// Checks a document and keeps it as a draft.
    ///
    /// # Errors
    ///
    /// [`AppError::Policy`]; [`AppError::HoldoutLocked`] if it edits a live holdout.
    pub async fn draft_policy(
        &self,
        caller: &Caller,
        input: PolicyInput,
    ) -> Result<PolicyView, AppError> {
        let _ = (caller, input);
        Err(AppError::NotYet)
    }

    /// Publishes a draft, by a second person.
    ///
    /// # Errors
    ///
    /// [`AppError::SamePerson`]; [`AppError::Unknown`]; [`AppError::HoldoutLocked`].
    pub async fn publish_policy(
        &self,
        caller: &Caller,
        fingerprint: &str,
    ) -> Result<PolicyView, AppError> {
        let _ = (caller, fingerprint);
        Err(AppError::NotYet)
    }

    /// Goes back to the policy before, at once.
    ///
    /// # Errors
    ///
    /// [`AppError::NothingBefore`].
    pub async fn roll_back_policy(&self, caller: &Caller) -> Result<PolicyView, AppError> {
        let _ = caller;
        Err(AppError::NotYet)
    }
}
