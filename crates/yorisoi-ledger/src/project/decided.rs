//! What became of a decision?

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{ActionClass, ActionId, AgentId, ClientId, Decision, Reservation};

use crate::entry::{Keeps, Landing, ReservationEnd};
use crate::shelves::Document;

/// A decision and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Decided {
    /// The decision as it was made.
    pub decision: Decision,
    /// The entry.
    pub seq: u64,
    /// The agent it was made for.
    #[serde(default)]
    pub agent: Option<AgentId>,
    /// What it keeps, or kept.
    pub keeps: Keeps,
    /// How far it has come.
    pub state: DecidedState,
    /// How it landed, if that was told.
    #[serde(default)]
    pub landing: Option<Landing>,
    /// The hand-on by which its unit went on, if it did.
    #[serde(default)]
    pub released: Option<String>,
    /// What keeps its place, or kept it.
    #[serde(default)]
    pub reservation: Option<Reservation>,
    /// How it ended without being carried out, if it did.
    #[serde(default)]
    pub ended: Option<Ended>,
    /// The hand-on whose unit it offers, if it offers one.
    #[serde(default)]
    pub offers: Option<String>,
}

/// The end of what a decision kept, where that was free again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ended {
    /// When.
    pub at: Timestamp,
    /// Whether the client's own "no" ended it.
    pub by_no: bool,
}

/// How far a decision has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecidedState {
    /// It keeps what it reserved. A decision that reserves nothing stays here.
    #[default]
    Reserved,
    /// Carried out.
    CarriedOut,
    /// Given back.
    GivenBack,
    /// Its time ran out.
    Expired,
}

impl From<ReservationEnd> for DecidedState {
    fn from(end: ReservationEnd) -> Self {
        match end {
            ReservationEnd::CarriedOut => Self::CarriedOut,
            ReservationEnd::GivenBack => Self::GivenBack,
            ReservationEnd::Expired => Self::Expired,
        }
    }
}

/// A decision as kept: the decision itself stands in its entry.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct DecisionDoc {
    pub(crate) seq: u64,
    #[serde(default)]
    pub(crate) client: Option<ClientId>,
    #[serde(default)]
    pub(crate) agent: Option<AgentId>,
    #[serde(default)]
    pub(crate) at: Timestamp,
    #[serde(default)]
    pub(crate) action: Option<ActionId>,
    #[serde(default)]
    pub(crate) class: Option<ActionClass>,
    #[serde(default)]
    pub(crate) reservation: Option<Reservation>,
    /// The unit of the experiment it was made in.
    #[serde(default)]
    pub(crate) proof: Option<String>,
    pub(crate) keeps: Keeps,
    pub(crate) state: DecidedState,
    #[serde(default)]
    pub(crate) landing: Option<Landing>,
    #[serde(default)]
    pub(crate) released: Option<String>,
    #[serde(default)]
    pub(crate) ended: Option<Ended>,
    #[serde(default)]
    pub(crate) offers: Option<String>,
    /// Money that its unit of the experiment bears for it: of a unit that is handed on, it goes along.
    #[serde(default)]
    pub(crate) borne_minor: i64,
}

impl Document for DecisionDoc {
    const SHELF: &'static str = "p:decision";
}

/// The group of reservations that will run out, by the instant at which they do.
pub(crate) const DUE: &str = "due";
