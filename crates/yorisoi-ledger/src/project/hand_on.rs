//! Where is help that was handed on? Its way from the first client to the next.
//!
//! What the first client's decision kept goes over to the hand-on, so that a unit is never counted twice and
//! never lost: it is spent when somebody accepts, and free again when nobody does.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{ActionId, ClientId, DecisionId};

use crate::entry::Keeps;
use crate::shelves::Document;

/// Help on its way to another client.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct HandOn {
    /// Its name.
    pub hand_on: String,
    /// What.
    pub action: Option<ActionId>,
    /// Who released it.
    pub from: Option<ClientId>,
    /// The decision it had been reserved for.
    pub decision: Option<DecisionId>,
    /// The instant at which it loses its worth.
    pub expires_at: Option<Timestamp>,
    /// How far it has come.
    pub state: HandOnState,
    /// To whom it is offered, or who has it.
    pub to: Option<ClientId>,
    /// The decision that offers it.
    pub offer: Option<DecisionId>,
    /// Who declined it.
    pub declined: Vec<ClientId>,
    /// What it keeps until it is taken.
    pub keeps: Keeps,
    /// When it was released.
    pub released_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// How far a hand-on has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HandOnState {
    /// Released, and offered to nobody.
    #[default]
    Released,
    /// Offered to somebody.
    Offered,
    /// Taken.
    Accepted,
    /// Nobody took it in time.
    Expired,
}

impl HandOnState {
    /// Whether it still looks for somebody.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Released | Self::Offered)
    }
}

impl Document for HandOn {
    const SHELF: &'static str = "p:hand_on";
}

/// The group of hand-ons that look for somebody, by the instant at which they lose their worth.
pub(crate) const OPEN: &str = "open";
