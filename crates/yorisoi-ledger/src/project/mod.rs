//! What follows from an entry? The fold: every projection is made of entries and nothing else.
//!
//! | entries about | change |
//! |---|---|
//! | one client | `desk` (facts and desk of that client) |
//! | decisions, attempts, landings, outcomes | `helping` (capacity, what was learned, the experiment) |
//! | leaving | `leaving` |
//! | handing on | `handing_on` |
//! | merges, erasures, households, names | `people` |
//! | policies, models, tokens, supply | `house_fold` |

mod actions;
mod capacity;
mod client;
mod consent;
mod contact;
mod decided;
mod desk;
mod hand_on;
mod handing_on;
mod helping;
mod house;
mod house_fold;
mod leaving;
mod people;
mod proof;
mod spending;

use yorisoi_decision::ClientId;

use crate::entry::{Body, Entry, Personal};
use crate::error::LedgerError;
use crate::keys::KeyStore;
use crate::shelves::{Document, Shelves};
use crate::store::Store;

pub use capacity::SupplyFacts;
pub use client::{
    CheckIn, Client, ClientDesk, Counts, Exit, KnownBy, LastDecision, Need, RecentLanding,
    Suppression,
};
pub use decided::{Decided, DecidedState, Ended};
pub use hand_on::{HandOn, HandOnState};
pub use house::{ModelFacts, ModelState, PolicyBook, PolicyDraft, PolicyRelease, TokenFacts};
pub use people::same_address;
pub use proof::{OutcomeSums, ProofUnit};

pub(crate) use actions::ActionsDoc;
pub(crate) use capacity::{DayDoc, QUARTER_SECONDS, QUARTERS_A_DAY, StockDoc, day_key, quarter_of};
pub(crate) use client::{
    ClientDoc, EVERYBODY, agent_group, channel_group, team_group, topic_group,
};
pub(crate) use decided::{DUE, DecisionDoc};
pub(crate) use hand_on::OPEN as HAND_ON_OPEN;
pub(crate) use house::{ModelsDoc, PolicyDoc, TokensDoc};
pub(crate) use leaving::{ExitDoc, OPEN as EXIT_OPEN};
pub(crate) use people::{AliasDoc, HouseholdDoc, PersonDoc, name_hashes, open_person};
pub(crate) use proof::ProofDoc;

/// How the fold works; when it changes, projections are made anew from the chain.
pub(crate) const FOLD: u32 = 5;

/// Merges that are followed at most: a merge never makes a circle, so this is never reached.
const MERGES_MAX: usize = 1_000;

/// What a fold stands on: one transaction, its documents, and the keys.
pub(crate) struct Ground<'a> {
    pub(crate) store: &'a mut dyn Store,
    pub(crate) shelves: &'a mut Shelves,
    pub(crate) keys: &'a std::sync::Mutex<KeyStore>,
}

impl Ground<'_> {
    /// A document.
    pub(crate) fn read<D: Document>(&mut self, key: &str) -> Result<Option<&D>, LedgerError> {
        self.shelves.read(self.store, key)
    }

    /// A document to change.
    pub(crate) fn edit<D: Document>(&mut self, key: &str) -> Result<&mut D, LedgerError> {
        self.shelves.edit(self.store, key)
    }

    /// The keys. Whoever panicked while holding them left them whole: each call is one step of its own.
    pub(crate) fn keys(&self) -> std::sync::MutexGuard<'_, KeyStore> {
        self.keys.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// The record in which a client is kept now, after all merges.
    pub(crate) fn follow(&mut self, client: &ClientId) -> Result<ClientId, LedgerError> {
        let mut id = client.clone();
        for _ in 0..MERGES_MAX {
            let doc = self.read::<ClientDoc>(id.as_str())?;
            match doc.and_then(|doc| doc.client.facts.merged_into.clone()) {
                Some(next) => id = next,
                None => return Ok(id),
            }
        }
        Err(LedgerError::Damaged { why: format!("the merges of `{client}` make a circle") })
    }

    /// A client's document to change, with its places in lists brought up to date afterwards.
    pub(crate) fn change_client<T>(
        &mut self,
        id: &ClientId,
        change: impl FnOnce(&mut ClientDoc) -> T,
    ) -> Result<T, LedgerError> {
        let doc = self.edit::<ClientDoc>(id.as_str())?;
        let before = if doc.client.version == 0 { Vec::new() } else { doc.groups() };
        doc.client.facts.client = id.clone();
        let result = change(doc);
        let after = doc.groups();
        if before != after {
            let gone = before.iter().filter(|(group, _)| !after.iter().any(|(it, _)| it == group));
            for (group, _) in gone {
                self.shelves.rank::<ClientDoc>(id.as_str(), group, None);
            }
            for (group, worth) in &after {
                self.shelves.rank::<ClientDoc>(id.as_str(), group, Some(*worth));
            }
        }
        Ok(result)
    }

    /// Whether there is a record of the client.
    pub(crate) fn is_known(&mut self, id: &ClientId) -> Result<bool, LedgerError> {
        Ok(self.read::<ClientDoc>(id.as_str())?.is_some())
    }
}

/// Folds one entry into all projections.
pub(crate) fn fold(
    ground: &mut Ground<'_>,
    entry: &Entry,
    personal: Option<&Personal>,
) -> Result<(), LedgerError> {
    house_fold::fold(ground, entry)?;
    let Some(client) = &entry.client else {
        return handing_on::fold(ground, entry, None);
    };
    let id = ground.follow(client)?;
    if let Body::ClientsMerged { from } = &entry.body {
        return people::merge(ground, entry, from, &id);
    }
    if matches!(entry.body, Body::Erased {}) {
        return people::erase(ground, entry, &id);
    }
    // A question about somebody unknown makes nobody known.
    if ground.is_known(&id)? || !is_question(&entry.body) {
        let moved = ground.change_client(&id, |doc| {
            let before = doc.client.facts.household.clone();
            desk::apply(doc, entry);
            (before, doc.client.facts.household.clone())
        })?;
        people::move_household(ground, &id, moved)?;
        if let Some(personal) = personal {
            people::take_personal(ground, &id, personal)?;
        }
        leaving::fold(ground, entry, &id)?;
    }
    helping::fold(ground, entry, &id)?;
    handing_on::fold(ground, entry, Some(&id))
}

/// Whether an entry asks about a client without saying anything of them.
fn is_question(body: &Body) -> bool {
    matches!(
        body,
        Body::Decided { .. }
            | Body::Suppressed { .. }
            | Body::Looked { .. }
            | Body::ReservationEnded { .. }
    )
}
