//! Who did what, and who looked at whom? The ledger, as a list.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::ClientId;
use yorisoi_ledger::{Actor, Body};

use crate::{App, AppError, Caller, Page, PageAsk};

/// Which entries are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AuditAsk {
    /// About this client.
    pub client: Option<ClientId>,
    /// Of this kind: `decided`, `looked`.
    pub kind: Option<String>,
    /// Which page; the cursor is the `seq` of the last entry seen.
    pub page: PageAsk,
}

/// One entry, without personal data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AuditRow {
    /// Its place.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// About whom.
    pub client: Option<ClientId>,
    /// The kind.
    pub kind: String,
    /// The event.
    pub body: Body,
}

impl App {
    /// Returns entries, oldest first after the cursor.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`].
    pub async fn audit(&self, caller: &Caller, ask: AuditAsk) -> Result<Page<AuditRow>, AppError> {
        let _ = (caller, ask);
        Err(AppError::NotYet)
    }
}
