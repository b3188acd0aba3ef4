//! Which policies, models and tokens does the house have?

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{AgentId, Policy, TeamId};

use crate::entry::{Actor, ModelCard};
use crate::shelves::Document;

/// The policies of the house.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PolicyBook {
    /// Fingerprint of the policy that decides now.
    pub current: Option<String>,
    /// Everything that was drafted, oldest first.
    pub drafts: Vec<PolicyDraft>,
    /// What decided when, oldest first.
    pub history: Vec<PolicyRelease>,
}

/// A policy that was proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyDraft {
    /// Its fingerprint.
    pub fingerprint: String,
    /// Its name.
    pub name: String,
    /// By whom.
    pub by: Actor,
    /// Why.
    pub why: String,
    /// When.
    pub at: Timestamp,
    /// The entry.
    pub seq: u64,
}

/// A policy that was put in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyRelease {
    /// Its fingerprint.
    pub fingerprint: String,
    /// By whom.
    pub by: Actor,
    /// Whether it came back in place of a later one.
    pub rolled_back: bool,
    /// When.
    pub at: Timestamp,
    /// The entry.
    pub seq: u64,
}

impl Document for PolicyBook {
    const SHELF: &'static str = "p:policies";
}

/// One policy's document.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct PolicyDoc {
    pub(crate) policy: Option<Policy>,
}

impl Document for PolicyDoc {
    const SHELF: &'static str = "p:policy";
}

impl PolicyBook {
    /// Puts a policy in force.
    pub(crate) fn release(&mut self, release: PolicyRelease) {
        self.current = Some(release.fingerprint.clone());
        self.history.push(release);
    }
}

/// What a model is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ModelState {
    /// Its effects are kept and decide nothing.
    Shadow,
    /// It decides.
    Deciding,
    /// It has decided.
    Retired,
}

/// A model of the house.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ModelFacts {
    /// What it is.
    pub card: ModelCard,
    /// What it is for.
    pub state: ModelState,
    /// When it was registered.
    pub registered_at: Timestamp,
    /// When it was promoted.
    #[serde(default)]
    pub promoted_at: Option<Timestamp>,
    /// By whom it was registered.
    pub by: Actor,
}

/// The models of the house, in the order in which they came.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct ModelsDoc {
    pub(crate) models: Vec<ModelFacts>,
}

impl Document for ModelsDoc {
    const SHELF: &'static str = "p:models";
}

impl ModelsDoc {
    /// Adds a model, in the shadow; one that is there already stays as it is.
    pub(crate) fn register(&mut self, card: &ModelCard, by: &Actor, at: Timestamp) {
        if self.models.iter().any(|known| known.card.model == card.model) {
            return;
        }
        self.models.push(ModelFacts {
            card: card.clone(),
            state: ModelState::Shadow,
            registered_at: at,
            promoted_at: None,
            by: by.clone(),
        });
    }

    /// Lets a model decide, and the one before no longer.
    pub(crate) fn promote(&mut self, model: &str, at: Timestamp) {
        if !self.models.iter().any(|known| known.card.model == model) {
            return;
        }
        for known in &mut self.models {
            if known.card.model == model {
                known.state = ModelState::Deciding;
                known.promoted_at = Some(at);
            } else if known.state == ModelState::Deciding {
                known.state = ModelState::Retired;
            }
        }
    }
}

/// A token of the house. Its secret is not here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TokenFacts {
    /// Its name.
    pub token: String,
    /// What it may do.
    pub role: String,
    /// For which team.
    #[serde(default)]
    pub team: Option<TeamId>,
    /// For which agent.
    #[serde(default)]
    pub agent: Option<AgentId>,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// By whom.
    pub issued_by: Actor,
    /// When it was revoked.
    #[serde(default)]
    pub revoked_at: Option<Timestamp>,
}

/// The tokens of the house, by name.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct TokensDoc {
    pub(crate) tokens: BTreeMap<String, TokenFacts>,
}

impl Document for TokensDoc {
    const SHELF: &'static str = "p:tokens";
}
