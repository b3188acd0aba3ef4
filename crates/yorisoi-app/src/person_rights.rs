//! What do we know about a person, and how do we forget them?

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::ClientId;
use yorisoi_ledger::{Entry, Personal};

use crate::show_client::PersonalView;
use crate::{App, AppError, Caller, Recorded};

/// An entry with what is personal about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OpenedEntry {
    /// The entry.
    pub entry: Entry,
    /// What is personal about it.
    pub personal: Option<Personal>,
}

/// Everything about a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PersonExport {
    /// Who.
    pub client: ClientId,
    /// Records that were merged into theirs.
    pub merged: Vec<ClientId>,
    /// As of when.
    pub at: Timestamp,
    /// Who they are, as last known.
    pub personal: Option<PersonalView>,
    /// Every entry about them, oldest first.
    pub entries: Vec<OpenedEntry>,
    /// What is folded from those entries, as decisions see it.
    pub facts: serde_json::Value,
}

impl App {
    /// Returns every row about a person, records merged into theirs included.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`].
    pub async fn export_person(
        &self,
        caller: &Caller,
        client: &ClientId,
    ) -> Result<PersonExport, AppError> {
        let _ = (caller, client);
        Err(AppError::NotYet)
    }

    /// Forgets a person: destroys their key, keeps only that they are to be left alone.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`]; [`AppError::Erased`] if it was done before.
    pub async fn erase_person(
        &self,
        caller: &Caller,
        client: &ClientId,
    ) -> Result<Recorded, AppError> {
        let _ = (caller, client);
        Err(AppError::NotYet)
    }
}
