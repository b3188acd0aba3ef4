//! How is a person forgotten?
//!
//! In the transaction: an entry, blank projections, closed further names, no vault rows, and a reminder that the
//! key must go. After the commit: the key goes, then the reminder. If the program ends in between, the reminder
//! is found when it starts again.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use yorisoi_decision::ClientId;

use super::Books;
use crate::chain;
use crate::entry::{Actor, Body, Draft, Entry, ReservationEnd};
use crate::error::LedgerError;
use crate::keys::KeyStore;
use crate::project::{AliasDoc, ClientDoc};
use crate::store::{Doc, Store};

/// Where reminders stand.
const SHELF: &str = "e:erasure";

/// Entries looked through at a time.
const PAGE: usize = 1_000;

/// Hand-ons looked through: more are never open at once.
const HAND_ONS_MAX: usize = 1_000_000;

/// What is still to be done for an erasure.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Erasure {
    /// Whose keys must go: all records of the person.
    pub(crate) clients: Vec<ClientId>,
    /// The further names and addresses that stay closed.
    pub(crate) names: Vec<String>,
}

impl Books<'_> {
    /// Erases a person: destroys the key of everything personal, closes every further name and address, and blanks
    /// what was folded. Refusals stay, and a new import of the person finds a tombstone. Once the call that
    /// carries this work has returned and the ledger is ready, nobody can read what was personal, not even from a
    /// backup. If the key cannot be destroyed at once, the ledger is not ready until it is.
    ///
    /// # Errors
    ///
    /// Those of [`Books::append`].
    pub fn erase(
        &mut self,
        id: &ClientId,
        at: Timestamp,
        actor: Actor,
    ) -> Result<Entry, LedgerError> {
        self.may_write()?;
        let id = self.ground.follow(id)?;
        let (mut clients, mut names) = (vec![id.clone()], Vec::new());
        if let Some(doc) = self.ground.read::<ClientDoc>(id.as_str())? {
            clients.extend(doc.client.desk.merged.iter().cloned());
            names.extend(doc.names.iter().cloned());
        }
        for name in &names {
            self.ground.edit::<AliasDoc>(name)?.client = None;
        }
        for client in &clients {
            self.empty_vault(client)?;
        }
        self.end_hand_ons(&id, at)?;
        let entry = self.append(Draft {
            at,
            actor,
            client: Some(id.clone()),
            body: Body::Erased {},
            personal: None,
        })?;
        let erasure = Erasure { clients, names };
        let doc = serde_json::to_vec(&erasure)
            .map_err(|error| LedgerError::Damaged { why: error.to_string() })?;
        let key = id.as_str().to_owned();
        self.ground.store.put(&[Doc { shelf: SHELF.to_owned(), key, doc }])?;
        self.done.erased.push(erasure);
        Ok(entry)
    }

    /// Ends what was being handed on with this person: a unit that was offered to them is free for somebody else,
    /// and one that they released goes back to where it came from. Nothing waits for an answer that cannot come.
    fn end_hand_ons(&mut self, id: &ClientId, at: Timestamp) -> Result<(), LedgerError> {
        for (_, open) in self.open_hand_ons(None, HAND_ONS_MAX)? {
            let Some(action) = open.action.clone() else { continue };
            let (from, to) = (self.followed(open.from.as_ref())?, self.followed(open.to.as_ref())?);
            let (is_giver, is_taker) = (from.as_ref() == Some(id), to.as_ref() == Some(id));
            if !is_giver && !is_taker {
                continue;
            }
            if let (Some(decision), Some(to)) = (open.offer.clone(), to.clone()) {
                let body = Body::ReservationEnded { decision, why: ReservationEnd::GivenBack };
                self.append_as_house(Some(to), body, at)?;
            }
            let hand_on = open.hand_on.clone();
            if is_giver {
                self.append_as_house(from, Body::HandOnExpired { hand_on, action }, at)?;
            } else {
                self.append_as_house(to, Body::HandOnDeclined { hand_on, action }, at)?;
            }
        }
        Ok(())
    }

    fn followed(&mut self, id: Option<&ClientId>) -> Result<Option<ClientId>, LedgerError> {
        id.map(|id| self.ground.follow(id)).transpose()
    }

    fn append_as_house(
        &mut self,
        client: Option<ClientId>,
        body: Body,
        at: Timestamp,
    ) -> Result<(), LedgerError> {
        self.append(Draft { at, actor: Actor::House, client, body, personal: None })?;
        Ok(())
    }

    fn empty_vault(&mut self, client: &ClientId) -> Result<(), LedgerError> {
        let who = chain::who(client.as_str());
        let mut before = u64::MAX;
        loop {
            let rows = self.ground.store.rows_of(who, before, PAGE)?;
            let Some(last) = rows.last() else { return Ok(()) };
            before = last.seq;
            for row in &rows {
                let entry = chain::open(row)?;
                if entry.client.as_ref() == Some(client) && entry.personal.is_some() {
                    self.ground.store.unlock(row.seq)?;
                }
            }
        }
    }
}

/// The erasures whose keys are still there.
pub(crate) fn pending_erasures(store: &mut dyn Store) -> Result<Vec<Erasure>, LedgerError> {
    let docs = store.list(SHELF, "", usize::from(u16::MAX))?;
    docs.iter()
        .map(|doc| {
            serde_json::from_slice(&doc.doc)
                .map_err(|error| LedgerError::Damaged { why: error.to_string() })
        })
        .collect()
}

/// Destroys the keys of persons whose erasure is committed, then takes the reminders away. Done twice, it changes
/// nothing.
pub(crate) fn finish_erasures(
    store: &mut dyn Store,
    keys: &mut KeyStore,
    erasures: &[Erasure],
) -> Result<(), LedgerError> {
    for erasure in erasures {
        keys.forget(&erasure.clients, &erasure.names)?;
    }
    store.begin()?;
    for client in erasures.iter().filter_map(|erasure| erasure.clients.first()) {
        store.remove(SHELF, client.as_str())?;
    }
    store.commit()
}
