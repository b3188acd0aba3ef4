//! What was tried, what arrived, how it landed, what became of it? Recording what happened.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{ActionId, Channel, ClientId, DecisionId};
use yorisoi_ledger::Landing;

use crate::{App, AppError, Caller, Recorded};

/// Somebody tried to reach a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttemptInput {
    /// Whom.
    pub client: ClientId,
    /// For which decision; `null`: without one, such as a call that nobody asked about.
    #[serde(default)]
    pub decision: Option<DecisionId>,
    /// With what.
    pub action: ActionId,
    /// Over what; `null`: the action's own channel.
    #[serde(default)]
    pub channel: Option<Channel>,
    /// Whether the client was reached.
    pub reached: bool,
}

/// It was delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeliveryInput {
    /// For which decision.
    pub decision: DecisionId,
    /// Over what; `null`: the decision's own channel.
    #[serde(default)]
    pub channel: Option<Channel>,
}

/// How it landed, as the receiver told it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LandingInput {
    /// Whom.
    pub client: ClientId,
    /// For which decision, if there was one.
    #[serde(default)]
    pub decision: Option<DecisionId>,
    /// What; `null`: the decision's own action.
    #[serde(default)]
    pub action: Option<ActionId>,
    /// How.
    pub landing: Landing,
    /// In the client's own words.
    #[serde(default)]
    pub words: Option<String>,
}

/// What became of the client.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OutcomeInput {
    /// Whom.
    pub client: ClientId,
    /// Its name; `null`: the house's own outcome.
    #[serde(default)]
    pub outcome: Option<String>,
    /// Its value.
    pub value: f64,
    /// When it held, if earlier than now.
    #[serde(default)]
    pub at: Option<Timestamp>,
}

impl App {
    /// Records an attempt; one that reached the client counts under every cap.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`] client, action or decision; [`AppError::Invalid`] if no channel is known.
    pub async fn record_attempt(
        &self,
        caller: &Caller,
        input: AttemptInput,
    ) -> Result<Recorded, AppError> {
        let _ = (caller, input);
        Err(AppError::NotYet)
    }

    /// Records a delivery, and that the decision was carried out.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`] decision; [`AppError::DecisionEnded`].
    pub async fn record_delivery(
        &self,
        caller: &Caller,
        input: DeliveryInput,
    ) -> Result<Recorded, AppError> {
        let _ = (caller, input);
        Err(AppError::NotYet)
    }

    /// Records how it landed.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`]; [`AppError::Invalid`] if neither decision nor action is given.
    pub async fn record_landing(
        &self,
        caller: &Caller,
        input: LandingInput,
    ) -> Result<Recorded, AppError> {
        let _ = (caller, input);
        Err(AppError::NotYet)
    }

    /// Records an outcome.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`]; [`AppError::Invalid`] if the value is not a finite number.
    pub async fn record_outcome(
        &self,
        caller: &Caller,
        input: OutcomeInput,
    ) -> Result<Recorded, AppError> {
        let _ = (caller, input);
        Err(AppError::NotYet)
    }
}
