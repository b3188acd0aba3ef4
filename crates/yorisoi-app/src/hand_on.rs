//! おすそわけ: what one does not want, whom would it help most?

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{ActionId, ClientId, DecisionId, Words};

use crate::{App, AppError, Caller, Page, PageAsk};

/// Help that its receiver releases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseInput {
    /// Who releases it.
    pub client: ClientId,
    /// What.
    pub action: ActionId,
    /// For which decision it was reserved or given.
    #[serde(default)]
    pub decision: Option<DecisionId>,
    /// The instant at which it loses its worth; `null`: the action's own.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
}

/// Help that goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HandOnView {
    /// Its name.
    pub hand_on: String,
    /// What.
    pub action: ActionId,
    /// The action's name.
    pub name: Words,
    /// `released`, `offered`, `accepted`, `expired`.
    pub state: String,
    /// Who released it.
    pub from: ClientId,
    /// When.
    pub released_at: Timestamp,
    /// The instant at which it loses its worth.
    pub expires_at: Option<Timestamp>,
    /// To whom it is offered, or who took it.
    pub to: Option<ClientId>,
    /// The decision that offers it.
    pub decision: Option<DecisionId>,
    /// Those who declined it.
    pub declined: Vec<ClientId>,
}

/// Somebody whom it may help.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MatchView {
    /// Who.
    pub client: ClientId,
    /// Their name, for those who may know.
    pub name: Option<String>,
    /// What it is worth for them, in minor units.
    pub worth_minor: f64,
    /// The effect and its interval.
    pub benefit: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl App {
    /// The client releases help that was meant for them. They get no further contact on it.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`] client, action or decision; [`AppError::Invalid`] if its date is past.
    pub async fn release_help(
        &self,
        caller: &Caller,
        input: ReleaseInput,
    ) -> Result<HandOnView, AppError> {
        let _ = (caller, input);
        Err(AppError::NotYet)
    }

    /// Whom it would help most, among clients who may have it before its date, best first.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`]; [`AppError::HandOn`] if it is no longer free.
    pub async fn hand_on_matches(
        &self,
        caller: &Caller,
        hand_on: &str,
        limit: usize,
    ) -> Result<Vec<MatchView>, AppError> {
        let _ = (caller, hand_on, limit);
        Err(AppError::NotYet)
    }

    /// Offers it to a client: by a decision of its own, with every gate.
    ///
    /// # Errors
    ///
    /// [`AppError::Stopped`] by a gate; [`AppError::HandOn`] if it is no longer free.
    pub async fn offer_hand_on(
        &self,
        caller: &Caller,
        hand_on: &str,
        client: &ClientId,
    ) -> Result<HandOnView, AppError> {
        let _ = (caller, hand_on, client);
        Err(AppError::NotYet)
    }

    /// The client takes it.
    ///
    /// # Errors
    ///
    /// [`AppError::HandOn`] if it is not offered to them, or its date is past.
    pub async fn accept_hand_on(
        &self,
        caller: &Caller,
        hand_on: &str,
        client: &ClientId,
    ) -> Result<HandOnView, AppError> {
        let _ = (caller, hand_on, client);
        Err(AppError::NotYet)
    }

    /// The client does not want it; it is free for somebody else.
    ///
    /// # Errors
    ///
    /// [`AppError::HandOn`] if it is not offered to them.
    pub async fn decline_hand_on(
        &self,
        caller: &Caller,
        hand_on: &str,
        client: &ClientId,
    ) -> Result<HandOnView, AppError> {
        let _ = (caller, hand_on, client);
        Err(AppError::NotYet)
    }

    /// Returns one.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`].
    pub async fn hand_on(&self, caller: &Caller, hand_on: &str) -> Result<HandOnView, AppError> {
        let _ = (caller, hand_on);
        Err(AppError::NotYet)
    }

    /// Help that is on its way, the next to expire first.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`].
    pub async fn hand_ons(
        &self,
        caller: &Caller,
        page: PageAsk,
    ) -> Result<Page<HandOnView>, AppError> {
        let _ = (caller, page);
        Err(AppError::NotYet)
    }
}
