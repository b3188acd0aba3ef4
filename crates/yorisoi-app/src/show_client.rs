//! Who is this person to us? One page: consents, needs, household, landings, and one timeline.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{
    ActionId, Attribute, Busy, ClientId, Consent, DecisionId, Refusal, Reservation, Topic, Words,
};
use yorisoi_ledger::{Actor, Body, Landing};

use crate::check_in::AlertView;
use crate::keep_client::ClientView;
use crate::let_go::ExitView;
use crate::{App, AppError, Caller, Page, PageAsk};

/// A need, stated (顕在) or inferred (潜在).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NeedView {
    /// About what.
    pub topic: Topic,
    /// When it was said or thought.
    pub at: Timestamp,
    /// The client's words; for an inferred need, the question to ask instead.
    pub words: Option<String>,
    /// From what it was inferred; `None`: the client said it.
    pub from: Option<String>,
    /// Whether the client confirmed it; `None`: not asked yet.
    pub confirmed: Option<bool>,
}

/// Something that landed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LandingView {
    /// When it was told.
    pub at: Timestamp,
    /// For which decision.
    pub decision: Option<DecisionId>,
    /// What.
    pub action: ActionId,
    /// The action's name.
    pub name: Words,
    /// Why it was given.
    pub intention: Words,
    /// How it landed.
    pub landing: Landing,
}

/// What says who they are.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct PersonalView {
    /// Their name.
    pub name: Option<String>,
    /// Addresses by channel.
    pub addresses: BTreeMap<String, String>,
    /// Names in other systems.
    pub aliases: Vec<String>,
    /// What is known of them.
    pub attributes: BTreeMap<String, Attribute>,
}

/// One event in a client's timeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TimelineRow {
    /// Its place in the ledger.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// The kind of entry.
    pub kind: String,
    /// One line to read.
    pub headline: Words,
    /// What was said or noted; `None` if nothing was, or if it is confidential.
    pub text: Option<String>,
    /// Whether there is a text that only its author and privacy officers may read.
    pub confidential: bool,
    /// The event itself.
    pub body: Body,
}

/// The page of a client.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClientPage {
    /// Who, in short.
    pub client: ClientView,
    /// Who, for those who may know; `None` after erasure.
    pub personal: Option<PersonalView>,
    /// Consents that hold at this moment.
    pub consents: Vec<Consent>,
    /// Refusals that bind.
    pub refusals: Vec<Refusal>,
    /// Needs the client said.
    pub stated: Vec<NeedView>,
    /// Needs somebody thinks there may be: only to be asked about.
    pub inferred: Vec<NeedView>,
    /// When they are busy.
    pub busy: Vec<Busy>,
    /// The others of the household.
    pub household: Vec<ClientView>,
    /// How help has landed, newest first.
    pub landings: Vec<LandingView>,
    /// Decisions that are open.
    pub reservations: Vec<Reservation>,
    /// Help they have handed on.
    pub released: Vec<ActionId>,
    /// The way out, if there is one.
    pub exit: Option<ExitView>,
    /// The last check-ins, newest first, and what they say.
    pub check_ins: Vec<CheckInRow>,
    /// An alert from the check-ins, if there is one.
    pub alert: Option<AlertView>,
    /// The newest events, newest first.
    pub timeline: Page<TimelineRow>,
}

/// One check-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CheckInRow {
    /// When.
    pub at: Timestamp,
    /// The answers, 0 to 10; `None` was skipped.
    pub items: Vec<Option<u8>>,
}

impl App {
    /// Returns a client's page. The look is recorded.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`]; [`AppError::OtherTeam`].
    pub async fn client_page(
        &self,
        caller: &Caller,
        client: &ClientId,
    ) -> Result<ClientPage, AppError> {
        let _ = (caller, client);
        Err(AppError::NotYet)
    }

    /// Returns events of a client, newest first; the cursor is the `seq` of the last one seen.
    ///
    /// # Errors
    ///
    /// As [`App::client_page`].
    pub async fn timeline(
        &self,
        caller: &Caller,
        client: &ClientId,
        page: PageAsk,
    ) -> Result<Page<TimelineRow>, AppError> {
        let _ = (caller, client, page);
        Err(AppError::NotYet)
    }
}
