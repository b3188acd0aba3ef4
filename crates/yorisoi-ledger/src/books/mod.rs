//! What can be done in one transaction? Appending, with all that follows from it.

mod capacity;
mod erase;
mod find;
mod known;
mod mark;
mod notes;
mod read;
mod timeline;

use std::sync::Mutex;

use jiff::Timestamp;
use yorisoi_decision::{Attribute, ClientId};

pub use find::{ClientQuery, Cursor, Order, Whose};
pub use known::KnownClient;
pub use mark::Mark;
pub use notes::Remembered;
pub use read::{ListPlace, Resolved};
pub use timeline::Opened;

use crate::chain;
use crate::entry::{Body, Draft, Entry, Personal, Source};
use crate::error::LedgerError;
use crate::familiar::Familiar;
use crate::health::ClockJump;
use crate::keys::KeyStore;
use crate::ledger::Change;
use crate::project::{ClientDoc, DecisionDoc, Ground, fold};
use crate::shelves::Shelves;
use crate::store::{Head, Store, VaultRow};
use crate::vault;
use known::Known;

/// Days between two entries from which on the clock may have jumped ahead: no house is silent for a month.
pub(crate) const SILENT_DAYS_MAX: i64 = 31;

/// Whether a transaction may append.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// It may.
    Writing,
    /// It may not.
    Reading,
}

/// One transaction: everything in it happens, or nothing.
pub struct Books<'a> {
    ground: Ground<'a>,
    mode: Mode,
    head: Option<Head>,
    done: Done,
    /// Whom readers know already.
    known: Known<'a>,
    /// What the store said when it failed: the work's own error may say less.
    failure: Option<LedgerError>,
}

/// What a piece of work has done, to be told after the commit.
#[derive(Debug, Default)]
pub(crate) struct Done {
    /// The entries that were appended.
    pub(crate) changes: Vec<Change>,
    /// Persons whose keys must go.
    pub(crate) erased: Vec<erase::Erasure>,
    /// Steps of the clock that look wrong.
    pub(crate) jumps: Vec<ClockJump>,
    /// Whether anything was written at all.
    pub(crate) has_written: bool,
}

pub(crate) use erase::{Erasure, finish_erasures, pending_erasures};
pub(crate) use timeline::place_of;

impl<'a> Books<'a> {
    /// Opens the books over a transaction that has begun.
    pub(crate) fn over(
        store: &'a mut dyn Store,
        shelves: &'a mut Shelves,
        keys: &'a Mutex<KeyStore>,
        (mode, head): (Mode, Option<Head>),
    ) -> Self {
        Self {
            ground: Ground { store, shelves, keys },
            mode,
            head,
            done: Done::default(),
            known: Known::Nobody,
            failure: None,
        }
    }

    /// The same books, for a reader who knows some already.
    pub(crate) fn knowing(self, familiar: &'a Familiar) -> Self {
        Self { known: Known::Some(familiar), ..self }
    }

    /// Writes what is still only in memory and returns what was done and the newest entry.
    pub(crate) fn close(self) -> Result<(Done, Option<Head>), LedgerError> {
        self.ground.shelves.flush(self.ground.store)?;
        Ok((self.done, self.head))
    }

    /// The transaction's store.
    pub(crate) fn store(&mut self) -> &mut dyn Store {
        self.ground.store
    }

    /// What the transaction stands on.
    pub(crate) fn ground(&mut self) -> &mut Ground<'a> {
        &mut self.ground
    }

    /// The newest entry.
    pub(crate) fn head(&self) -> Option<Head> {
        self.head
    }

    /// What the store said, if an append failed because of it.
    pub(crate) fn failure(&self) -> Option<LedgerError> {
        self.failure.clone()
    }

    /// Appends an entry: seals it, chains it, and folds it into all projections.
    ///
    /// The reason of an [`Body::ExitDecided`] is the client's own: it moves to the personal part, where an erasure
    /// reaches it.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Reading`] inside `read`; [`LedgerError::ClockBack`] if the clock has jumped back;
    /// [`LedgerError::ClientMissing`], [`LedgerError::Erased`], [`LedgerError::AliasErased`],
    /// [`LedgerError::AliasTaken`], [`LedgerError::NotByClient`], [`LedgerError::Merge`],
    /// [`LedgerError::DecisionTwice`] and [`LedgerError::Unwritable`] if the entry must not stand in the ledger;
    /// and whatever the store says. After an error the whole piece of work should end with it, or the part of it
    /// that lies behind a [`Books::mark`].
    pub fn append(&mut self, draft: Draft) -> Result<Entry, LedgerError> {
        let result = self.try_append(draft);
        if let Err(error) = &result
            && error.is_unavailable()
        {
            self.failure = Some(error.clone());
        }
        result
    }

    fn try_append(&mut self, draft: Draft) -> Result<Entry, LedgerError> {
        self.may_write()?;
        let draft = with_reason_apart(draft);
        self.check(&draft)?;
        let seq = self.head.map_or(0, |head| head.seq) + 1;
        let at = chain::recorded_at(draft.at, self.head.as_ref())?;
        let (digest, locked) = self.seal_personal(seq, &draft)?.unzip();
        let Draft { actor, client, body, personal, .. } = draft;
        let entry = Entry { seq, at, actor, client, body, personal: digest };
        let before = self.head.map_or(chain::GENESIS, |head| head.hash);
        // Nothing reaches the store before the entry is known to be writable: a personal part without its entry
        // would stand in the way of the next one.
        let row = chain::seal(&entry, &before)?;
        self.note_jump(at, seq);
        if let Some(locked) = &locked {
            self.ground.store.lock_away(std::slice::from_ref(locked))?;
        }
        self.ground.store.push(std::slice::from_ref(&row))?;
        self.head = Some(Head { seq, at_micros: row.at_micros, hash: row.hash });
        fold(&mut self.ground, &entry, personal.as_ref())?;
        let (client, kind) = (entry.client.clone(), entry.body.kind());
        self.done.changes.push(Change { seq, client, kind });
        Ok(entry)
    }

    /// The time of the newest entry; `None` in an empty ledger.
    ///
    /// # Errors
    ///
    /// Never; the signature is that of the other questions.
    pub fn last_at(&mut self) -> Result<Option<Timestamp>, LedgerError> {
        Ok(self.head.map(|head| chain::from_micros(head.at_micros)))
    }

    /// The time at which something done now is recorded: `now`, or the newest entry's time if `now` lies a few
    /// seconds before it, as clocks of two nodes and callers in a queue do.
    ///
    /// # Errors
    ///
    /// [`LedgerError::ClockBack`] if it lies further back.
    pub fn sound_time(&mut self, now: Timestamp) -> Result<Timestamp, LedgerError> {
        chain::recorded_at(now, self.head.as_ref())
    }

    /// The place of the newest entry; 0 in an empty ledger.
    pub fn newest(&self) -> u64 {
        self.head.map_or(0, |head| head.seq)
    }

    pub(crate) fn may_write(&mut self) -> Result<(), LedgerError> {
        if self.mode == Mode::Reading {
            return Err(LedgerError::Reading);
        }
        self.done.has_written = true;
        Ok(())
    }

    fn check(&mut self, draft: &Draft) -> Result<(), LedgerError> {
        let kind = draft.body.kind();
        let Some(client) = &draft.client else {
            return if draft.body.is_of_the_house() {
                Ok(())
            } else {
                Err(LedgerError::ClientMissing { kind })
            };
        };
        match &draft.body {
            Body::Reopened { source: Source::Import, .. } => return Err(LedgerError::NotByClient),
            Body::ClientsMerged { from } => self.check_merge(from, client)?,
            Body::Decided { decision, .. } => {
                let known = self.ground.read::<DecisionDoc>(decision.id.as_str())?;
                if known.is_some_and(|known| known.seq > 0) {
                    return Err(LedgerError::DecisionTwice { decision: decision.id.clone() });
                }
            }
            _ => {}
        }
        let is_new = matches!(draft.body, Body::ClientAdded { .. });
        match &draft.personal {
            Some(personal) => self.check_personal(client, personal, is_new),
            None => Ok(()),
        }
    }

    fn check_merge(&mut self, from: &ClientId, into: &ClientId) -> Result<(), LedgerError> {
        let refuse = |why| LedgerError::Merge { from: from.clone(), into: into.clone(), why };
        let (gone, stays) = (self.ground.follow(from)?, self.ground.follow(into)?);
        if gone == stays {
            return Err(refuse("they are one record already"));
        }
        for id in [&gone, &stays] {
            match self.ground.read::<ClientDoc>(id.as_str())? {
                None => return Err(refuse("one of them is not known")),
                Some(doc) if doc.client.facts.erased => {
                    return Err(refuse("one of them was erased"));
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    fn check_personal(
        &mut self,
        client: &ClientId,
        personal: &Personal,
        is_new: bool,
    ) -> Result<(), LedgerError> {
        let id = self.ground.follow(client)?;
        let doc = self.ground.read::<ClientDoc>(id.as_str())?;
        if doc.is_some_and(|doc| doc.client.facts.erased) {
            return Err(LedgerError::Erased { client: id });
        }
        for alias in &personal.aliases {
            match self.resolve(alias)? {
                Resolved::Tombstone => return Err(LedgerError::AliasErased),
                Resolved::Client(owner) if owner != id => {
                    return Err(LedgerError::AliasTaken { client: owner });
                }
                Resolved::Client(_) | Resolved::Unknown => {}
            }
        }
        // A new record under the address of somebody who was erased may be theirs. Whoever is known already may come
        // to share one: a household has one telephone.
        let addresses = personal.addresses.values().filter(|_| is_new);
        for address in addresses.filter(|address| !address.trim().is_empty()) {
            if self.resolve(address)? == Resolved::Tombstone {
                return Err(LedgerError::AliasErased);
            }
        }
        Ok(())
    }

    /// Seals the personal part with the client's key and returns the digest of what was sealed, and the row.
    fn seal_personal(
        &mut self,
        seq: u64,
        draft: &Draft,
    ) -> Result<Option<(String, VaultRow)>, LedgerError> {
        let (Some(client), Some(personal)) = (&draft.client, &draft.personal) else {
            return Ok(None);
        };
        let kind = draft.body.kind();
        let is_finite =
            |it: &Attribute| !matches!(it, Attribute::Number(number) if !number.is_finite());
        if !personal.attributes.values().all(is_finite) {
            let why = "one of its attributes is not finite".to_owned();
            return Err(LedgerError::Unwritable { kind, why });
        }
        let key = self.ground.keys().key_or_new(client)?;
        let cipher = vault::seal(&key, &timeline::place_of(seq), personal)?;
        let digest = blake3::hash(&cipher).to_hex().to_string();
        let who = chain::who(client.as_str());
        Ok(Some((digest, VaultRow { seq, who, cipher })))
    }

    fn note_jump(&mut self, at: Timestamp, seq: u64) {
        let Some(head) = self.head else { return };
        let from = chain::from_micros(head.at_micros);
        if at.duration_since(from).as_hours() > 24 * SILENT_DAYS_MAX {
            self.done.jumps.push(ClockJump { from, to: at, seq });
        }
    }
}

/// Moves the reason of an exit from the chain, which is for ever, to the personal part, which is not.
fn with_reason_apart(mut draft: Draft) -> Draft {
    if let Body::ExitDecided { reason } = &mut draft.body
        && let Some(reason) = reason.take()
    {
        draft.personal.get_or_insert_default().text.get_or_insert(reason);
    }
    draft
}
