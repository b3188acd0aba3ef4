//! What does the service keep for itself? Answers to be given again, and notes that are not history.
//!
//! Neither is chained. Answers may hold what is personal: they are sealed with a key of the house.

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use yorisoi_decision::ClientId;

use super::Books;
use crate::chain;
use crate::error::LedgerError;
use crate::store::{Doc, Listing, Page, Rank};
use crate::vault;

/// An answer that was given, to be given again when the same is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// Hash of the request's body: another body under the same key is a mistake.
    pub body_hash: [u8; 32],
    /// The answer, byte for byte.
    pub response: Vec<u8>,
    /// When it was given.
    pub at: Timestamp,
    /// About whom it may say something: their erasure takes it away.
    pub about: Vec<ClientId>,
}

/// The group of all documents of a shelf, by time or by the rank the caller gave.
const ALL: &str = "";

/// Bytes of hash and time before the answer itself.
const ANSWER_HEAD_BYTES: usize = 40;

/// Answers taken away in one go.
const ANSWERS_PAGE: usize = 1_000;

/// The group of the answers that may say something of a client.
fn about(client: &ClientId) -> String {
    format!("about:{client}")
}

impl Books<'_> {
    /// The answer that was given to a request, if it was remembered; about whom is not said.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    pub fn recall(&mut self, scope: &str, key: &str) -> Result<Option<Remembered>, LedgerError> {
        let shelf = format!("r:{scope}");
        let Some(sealed) = self.ground.store.get(&shelf, key)? else { return Ok(None) };
        let secret = self.ground.keys().secret("answers");
        let plain = vault::open_bytes(&secret, &shelf, &sealed)?;
        let cut_off = || LedgerError::Damaged { why: format!("answer `{key}` of `{scope}`") };
        let (head, response) = plain.split_at_checked(ANSWER_HEAD_BYTES).ok_or_else(cut_off)?;
        let (hash, at) = head.split_at(32);
        let body_hash = hash.try_into().map_err(|_| cut_off())?;
        let micros = i64::from_le_bytes(at.try_into().map_err(|_| cut_off())?);
        let at = chain::from_micros(micros);
        Ok(Some(Remembered { body_hash, response: response.to_vec(), at, about: Vec::new() }))
    }

    /// Remembers the answer to a request.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Reading`] inside `read`, and whatever the store says.
    pub fn remember(
        &mut self,
        scope: &str,
        key: &str,
        what: &Remembered,
    ) -> Result<(), LedgerError> {
        self.may_write()?;
        let shelf = format!("r:{scope}");
        let micros = what.at.as_microsecond().to_le_bytes();
        let plain = [&what.body_hash[..], &micros, &what.response].concat();
        let secret = self.ground.keys().secret("answers");
        let doc = vault::seal_bytes(&secret, &shelf, &plain)?;
        let rank = Some(what.at.as_microsecond() as f64);
        let groups = std::iter::once(ALL.to_owned()).chain(what.about.iter().map(about));
        let ranks: Vec<Rank> = groups
            .map(|group| Rank { shelf: shelf.clone(), group, key: key.to_owned(), rank })
            .collect();
        self.ground.store.put(&[Doc { shelf, key: key.to_owned(), doc }])?;
        self.ground.store.rank(&ranks)
    }

    /// Forgets every answer of a scope that may say something of a client.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Reading`] inside `read`, and whatever the store says.
    pub fn forget_answers_about(
        &mut self,
        scope: &str,
        client: &ClientId,
    ) -> Result<(), LedgerError> {
        self.may_write()?;
        let (shelf, group) = (format!("r:{scope}"), about(client));
        loop {
            let by = Listing::Smallest;
            let page = Page { shelf: &shelf, group: &group, by, after: None, limit: ANSWERS_PAGE };
            let keys = self.ground.store.ranked(&page)?;
            if keys.is_empty() {
                return Ok(());
            }
            for (_, key) in keys {
                self.ground.store.remove(&shelf, &key)?;
            }
        }
    }

    /// Forgets up to `limit` answers of a scope that were given before an instant; returns how many.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Reading`] inside `read`, and whatever the store says.
    pub fn forget_answers(
        &mut self,
        scope: &str,
        before: Timestamp,
        limit: usize,
    ) -> Result<usize, LedgerError> {
        self.may_write()?;
        let shelf = format!("r:{scope}");
        let page = Page { shelf: &shelf, group: ALL, by: Listing::Smallest, after: None, limit };
        let mut gone = 0;
        for (at, key) in self.ground.store.ranked(&page)? {
            if at < before.as_microsecond() as f64 {
                self.ground.store.remove(&shelf, &key)?;
                gone += 1;
            }
        }
        Ok(gone)
    }

    /// Keeps a note under shelf and key, in place of the one that is there. With a group or a rank it is listed by
    /// [`Books::notes`]. A note is no history, is not erased with a person, and should hold nothing personal.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Reading`] inside `read`; [`LedgerError::Unwritable`] if it is no JSON; and whatever the store
    /// says.
    #[expect(
        clippy::too_many_arguments,
        reason = "two names, a value and two optional places: a struct would say no more"
    )]
    pub fn note<T: Serialize>(
        &mut self,
        shelf: &str,
        key: &str,
        value: &T,
        rank: Option<f64>,
        group: Option<&str>,
    ) -> Result<(), LedgerError> {
        self.may_write()?;
        let doc = serde_json::to_vec(value)
            .map_err(|error| LedgerError::Unwritable { kind: "note", why: error.to_string() })?;
        let shelf = format!("n:{shelf}");
        let mut ranks = self.ground.store.ranks_of(&shelf, key)?;
        for it in &mut ranks {
            it.rank = None;
        }
        let mut place = |group: &str| {
            ranks.retain(|it| it.group != group);
            let (shelf, group, key) = (shelf.clone(), group.to_owned(), key.to_owned());
            ranks.push(Rank { shelf, group, key, rank: Some(rank.unwrap_or(0.0)) });
        };
        place(ALL);
        group.into_iter().for_each(&mut place);
        self.ground.store.put(&[Doc { shelf, key: key.to_owned(), doc }])?;
        self.ground.store.rank(&ranks)
    }

    /// A note.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Damaged`] if it is not of this type, and whatever the store says.
    pub fn read_note<T: DeserializeOwned>(
        &mut self,
        shelf: &str,
        key: &str,
    ) -> Result<Option<T>, LedgerError> {
        let doc = self.ground.store.get(&format!("n:{shelf}"), key)?;
        doc.map(|doc| note_of(shelf, key, &doc)).transpose()
    }

    /// Up to `limit` notes of a shelf (and group, if one is given), by rank, the smallest first.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Damaged`] if one is not of this type, and whatever the store says.
    pub fn notes<T: DeserializeOwned>(
        &mut self,
        shelf: &str,
        group: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, T)>, LedgerError> {
        let full = format!("n:{shelf}");
        let group = group.unwrap_or(ALL);
        let page = Page { shelf: &full, group, by: Listing::Smallest, after: None, limit };
        let mut notes = Vec::new();
        for (_, key) in self.ground.store.ranked(&page)? {
            if let Some(doc) = self.ground.store.get(&full, &key)? {
                let note = note_of(shelf, &key, &doc)?;
                notes.push((key, note));
            }
        }
        Ok(notes)
    }

    /// Takes a note away.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Reading`] inside `read`, and whatever the store says.
    pub fn forget_note(&mut self, shelf: &str, key: &str) -> Result<(), LedgerError> {
        self.may_write()?;
        self.ground.store.remove(&format!("n:{shelf}"), key)
    }
}

fn note_of<T: DeserializeOwned>(shelf: &str, key: &str, doc: &[u8]) -> Result<T, LedgerError> {
    serde_json::from_slice(doc).map_err(|error| LedgerError::Damaged {
        why: format!("note `{key}` of `{shelf}`: {error}"),
    })
}
