//! What happened, in order?

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::ClientId;

use super::Books;
use crate::chain;
use crate::entry::{Entry, Personal};
use crate::error::LedgerError;
use crate::project::ClientDoc;
use crate::store::Row;
use crate::vault;

/// An entry with its personal part, if there was one and it can still be read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Opened {
    /// The entry.
    pub entry: Entry,
    /// What was personal about it.
    #[serde(default)]
    pub personal: Option<Personal>,
}

impl Books<'_> {
    /// Up to `limit` entries about a client, newest first, before the entry `before`; those of records that were
    /// merged into this one are among them.
    ///
    /// # Errors
    ///
    /// Whatever the store says; [`LedgerError::Damaged`] if a personal part does not open.
    pub fn timeline(
        &mut self,
        id: &ClientId,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Opened>, LedgerError> {
        let mut ids = vec![id.clone()];
        if let Some(doc) = self.ground.read::<ClientDoc>(id.as_str())? {
            ids.extend(doc.client.desk.merged.iter().cloned());
        }
        let mut entries = Vec::new();
        for id in &ids {
            let rows = self.ground.store.rows_of(
                chain::who(id.as_str()),
                before.unwrap_or(u64::MAX),
                limit,
            )?;
            for row in &rows {
                let entry = chain::open(row)?;
                // Two names may share a number.
                if entry.client.as_ref() == Some(id) {
                    entries.push(entry);
                }
            }
        }
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.seq));
        entries.truncate(limit);
        entries.into_iter().map(|entry| self.opened(entry)).collect()
    }

    /// Up to `limit` entries after a place, oldest first.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    pub fn entries(&mut self, after: u64, limit: usize) -> Result<Vec<Entry>, LedgerError> {
        self.ground.store.rows(after, limit)?.iter().map(chain::open).collect()
    }

    /// One entry.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    pub fn entry(&mut self, seq: u64) -> Result<Option<Entry>, LedgerError> {
        self.row(seq)?.as_ref().map(chain::open).transpose()
    }

    /// An entry together with its personal part.
    ///
    /// # Errors
    ///
    /// Whatever the store says; [`LedgerError::Damaged`] if the personal part does not open.
    pub fn opened(&mut self, entry: Entry) -> Result<Opened, LedgerError> {
        let (Some(client), Some(_)) = (&entry.client, &entry.personal) else {
            return Ok(Opened { entry, personal: None });
        };
        let key = self.ground.keys().key(client)?;
        let personal = match (key, self.ground.store.locked(entry.seq)?) {
            (Some(key), Some(cipher)) => Some(vault::open(&key, &place_of(entry.seq), &cipher)?),
            _ => None,
        };
        Ok(Opened { entry, personal })
    }

    pub(crate) fn row(&mut self, seq: u64) -> Result<Option<Row>, LedgerError> {
        let Some(before) = seq.checked_sub(1) else { return Ok(None) };
        Ok(self.ground.store.rows(before, 1)?.pop())
    }
}

/// Where the personal part of an entry is sealed for.
pub(crate) fn place_of(seq: u64) -> String {
    format!("entry {seq}")
}
