//! What now, for this client, and will we keep our word? Deciding and reserving in one transaction.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{
    ActionId, AgentId, ClientId, Decision, DecisionId, EffectFact, Initiative, Stop,
};

use crate::{App, AppError, Caller};

/// A question: what now, for this client?
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionAsk {
    /// The client, by our own name or by any name they have in another system.
    pub client: ClientId,
    /// Who began: a contact the client began is not bound by caps and quiet hours.
    #[serde(default)]
    pub initiative: Initiative,
    /// The actions to consider; `null`: the whole catalogue. Holding is always considered.
    #[serde(default)]
    pub only: Option<Vec<ActionId>>,
    /// Effects the caller knows better, in place of the ledger's.
    #[serde(default)]
    pub effects: Option<BTreeMap<ActionId, EffectFact>>,
    /// The agent who would act, if it is not the caller.
    #[serde(default)]
    pub agent: Option<AgentId>,
    /// Whether only to look: nothing is reserved and nothing is recorded.
    #[serde(default)]
    pub dry: bool,
}

/// The answer to a question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DecisionAnswer {
    /// The whole decision, with every candidate.
    pub decision: Decision,
    /// Whether it is in the ledger. A dry answer is not, nor is one given while the ledger is away.
    pub committed: bool,
    /// Until when supply, minutes and a place under the caps are kept for it.
    pub reserved_until: Option<Timestamp>,
    /// If a single action was asked for and stopped: by what. It left a trace.
    pub suppressed: Option<Stop>,
}

/// One answer of a batch: the decision, or why there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BatchItem {
    /// It was decided.
    Answer(Box<DecisionAnswer>),
    /// It was not.
    Problem {
        /// The client asked about.
        client: ClientId,
        /// The error's code.
        code: String,
        /// The error's words.
        reason: String,
    },
}

/// A decision as the ledger has it now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DecisionView {
    /// The decision.
    pub decision: Decision,
    /// `reserved`, `carried_out`, `given_back`, `expired`.
    pub state: String,
    /// The agent it was made for.
    pub agent: Option<AgentId>,
    /// How it landed, if it was told.
    pub landing: Option<yorisoi_ledger::Landing>,
}

impl App {
    /// Decides and commits: reservation, trace and remembered answer are one transaction.
    ///
    /// # Errors
    ///
    /// [`AppError::NoPolicy`]; [`AppError::KeyReused`]; [`AppError::OtherTeam`]. A ledger that cannot be
    /// reached is no error: the answer is to hold, with `consent.unavailable`, and says that it is not
    /// committed.
    pub async fn decide_and_commit(
        &self,
        caller: &Caller,
        ask: DecisionAsk,
    ) -> Result<DecisionAnswer, AppError> {
        let _ = (caller, ask);
        Err(AppError::NotYet)
    }

    /// Decides for many; each commits by itself.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`]; [`AppError::Invalid`] for more than 1,000.
    pub async fn decide_batch(
        &self,
        caller: &Caller,
        asks: Vec<DecisionAsk>,
    ) -> Result<Vec<BatchItem>, AppError> {
        let _ = (caller, asks);
        Err(AppError::NotYet)
    }

    /// Returns a decision with what became of it.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`].
    pub async fn decision(
        &self,
        caller: &Caller,
        id: &DecisionId,
    ) -> Result<DecisionView, AppError> {
        let _ = (caller, id);
        Err(AppError::NotYet)
    }

    /// The reserved help was given: what it kept is spent.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`]; [`AppError::DecisionEnded`].
    pub async fn carry_out(
        &self,
        caller: &Caller,
        id: &DecisionId,
    ) -> Result<DecisionView, AppError> {
        let _ = (caller, id);
        Err(AppError::NotYet)
    }

    /// The reserved help is not given: what it kept is free again.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`]; [`AppError::DecisionEnded`].
    pub async fn give_back(
        &self,
        caller: &Caller,
        id: &DecisionId,
    ) -> Result<DecisionView, AppError> {
        let _ = (caller, id);
        Err(AppError::NotYet)
    }
}
