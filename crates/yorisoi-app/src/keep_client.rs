//! Who is it? Adding, changing, merging and importing client records.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{AgentId, Attribute, ClientId, ExitState, HouseholdId, TeamId};

use crate::{App, AppError, Caller, Page, PageAsk};

/// A new client, or changes to one: whatever is `null` or absent stays as it is.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ClientInput {
    /// Our own name for them; `null` in a new record: one is given.
    pub client: Option<ClientId>,
    /// With whom they live or decide.
    pub household: Option<HouseholdId>,
    /// The team that looks after them.
    pub team: Option<TeamId>,
    /// The agent who does.
    pub agent: Option<AgentId>,
    /// IANA time zone.
    pub zone: Option<String>,
    /// Their own worth in minor units.
    pub value_minor: Option<i64>,
    /// Family name and given name, as the client writes them.
    pub name: Option<String>,
    /// Contact addresses by channel.
    pub addresses: BTreeMap<String, String>,
    /// Names in other systems.
    pub aliases: Vec<String>,
    /// What is known of them.
    pub attributes: BTreeMap<String, Attribute>,
}

/// Two records of one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeInput {
    /// The record that stays.
    pub keep: ClientId,
    /// The record that goes.
    pub from: ClientId,
}

/// How far consent goes: the ladder of a relationship.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Ladder {
    /// No consent.
    None,
    /// 会話了解: we may talk.
    Conversation,
    /// 相談了解: we may advise.
    Consultation,
}

/// A client in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClientView {
    /// Our own name for them.
    pub client: ClientId,
    /// Their name; `None` if it is not known, or not for this role.
    pub name: Option<String>,
    /// With whom they live or decide.
    pub household: Option<HouseholdId>,
    /// The team that looks after them.
    pub team: Option<TeamId>,
    /// The agent who does.
    pub agent: Option<AgentId>,
    /// IANA time zone.
    pub zone: Option<String>,
    /// Their own worth in minor units.
    pub value_minor: Option<i64>,
    /// How far consent goes at this moment, on any topic.
    pub ladder: Ladder,
    /// The way out.
    pub exit: ExitState,
    /// Whether they refused everything.
    pub refused_everything: bool,
    /// Worth of the best help for them, in minor units; `None`: not scored.
    pub worth_minor: Option<f64>,
    /// When somebody last reached out to them.
    pub last_contact_at: Option<Timestamp>,
    /// Goes up with every change: for `ETag` and `If-Match`.
    pub version: u64,
}

/// Which clients are wanted.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ClientFind {
    /// Part of a name or an alias; `null`: everybody.
    pub text: Option<String>,
    /// Of this team.
    pub team: Option<TeamId>,
    /// Of this agent.
    pub agent: Option<AgentId>,
    /// Of this household.
    pub household: Option<HouseholdId>,
    /// Which page.
    pub page: PageAsk,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct ImportReport {
    /// Rows read.
    pub rows: u64,
    /// Clients that are new.
    pub added: u64,
    /// Clients that were there and changed.
    pub changed: u64,
    /// Clients that were there and did not change.
    pub same: u64,
    /// People who were erased at their own wish and stay so.
    pub kept_erased: u64,
    /// Rows that could not be used.
    pub faults: Vec<ImportFault>,
}

/// A row that could not be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ImportFault {
    /// Its line in the file, from 1.
    pub line: u64,
    /// The column, if it is one.
    pub column: Option<String>,
    /// What is wrong, and what would be right.
    pub reason: String,
}

impl App {
    /// Adds a client.
    ///
    /// # Errors
    ///
    /// [`AppError::Exists`] if name or alias is taken; [`AppError::Erased`] if an alias belongs to an erased
    /// person; [`AppError::Invalid`] zone.
    pub async fn add_client(
        &self,
        caller: &Caller,
        input: ClientInput,
    ) -> Result<ClientView, AppError> {
        let _ = (caller, input);
        Err(AppError::NotYet)
    }

    /// Changes a client; with `if_version` only if nobody else did in between.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`]; [`AppError::Erased`]; [`AppError::Changed`].
    pub async fn change_client(
        &self,
        caller: &Caller,
        client: &ClientId,
        input: ClientInput,
        if_version: Option<u64>,
    ) -> Result<ClientView, AppError> {
        let _ = (caller, client, input, if_version);
        Err(AppError::NotYet)
    }

    /// Makes one record of two; refusals and contacts of both keep counting.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`]; [`AppError::Invalid`] if both are the same record.
    pub async fn merge_clients(
        &self,
        caller: &Caller,
        input: MergeInput,
    ) -> Result<ClientView, AppError> {
        let _ = (caller, input);
        Err(AppError::NotYet)
    }

    /// Imports clients from CSV with a header. Known columns: `client`, `name`, `household`, `team`, `agent`,
    /// `zone`, `value_minor`, `alias`, and `address.CHANNEL`; every other column is an attribute.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] if it is no CSV with a column `client` or `alias`. Faulty rows are reported, the
    /// others are imported.
    pub async fn import_clients(
        &self,
        caller: &Caller,
        csv: Vec<u8>,
    ) -> Result<ImportReport, AppError> {
        let _ = (caller, csv);
        Err(AppError::NotYet)
    }

    /// Finds clients the caller may see.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`].
    pub async fn find_clients(
        &self,
        caller: &Caller,
        find: ClientFind,
    ) -> Result<Page<ClientView>, AppError> {
        let _ = (caller, find);
        Err(AppError::NotYet)
    }
}
