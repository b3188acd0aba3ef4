//! What do the entries say, read again from the first? Folding the projections anew.

use std::sync::Mutex;

use serde::Serialize;

use crate::books::{Books, place_of};
use crate::chain;
use crate::entry::{Entry, Personal};
use crate::error::LedgerError;
use crate::familiar::folded_anew;
use crate::keys::KeyStore;
use crate::ledger::Ledger;
use crate::project::{FOLD, Ground, fold};
use crate::shelves::Shelves;
use crate::store::Store;
use crate::vault;

/// Entries folded between two writes of the projections.
const PAGE: usize = 2_000;

/// What folding anew came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Rebuilt {
    /// Entries folded.
    pub entries: u64,
    /// Whether every projection is, byte for byte, what it was before. If not, something had been wrong with them.
    pub unchanged: bool,
}

impl Ledger {
    /// [`Ledger::rebuild`], and says whether it changed anything.
    ///
    /// # Errors
    ///
    /// Those of [`Ledger::rebuild`].
    pub fn rebuild_and_compare(&self) -> Result<Rebuilt, LedgerError> {
        self.write_now(|books| {
            let before = books.digest_of_projections()?;
            let entries = books.rebuild()?;
            Ok(Rebuilt { entries, unchanged: books.digest_of_projections()? == before })
        })
    }

    /// Drops all projections and folds them anew; returns the number of entries folded. Others wait meanwhile.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Damaged`] if an entry or a personal part cannot be read, and then everything stays as it was;
    /// whatever the store says.
    pub fn rebuild(&self) -> Result<u64, LedgerError> {
        #[expect(
            clippy::redundant_closure_for_method_calls,
            reason = "the method itself holds for one lifetime only"
        )]
        self.write_now(|books| books.rebuild())
    }
}

impl Books<'_> {
    /// [`Ledger::rebuild`], as part of a transaction.
    ///
    /// # Errors
    ///
    /// Those of [`Ledger::rebuild`].
    pub fn rebuild(&mut self) -> Result<u64, LedgerError> {
        self.may_write()?;
        let ground = self.ground();
        ground.shelves.flush(ground.store)?;
        ground.shelves.forget();
        refold(ground.store, ground.shelves, ground.keys)
    }
}

impl Books<'_> {
    /// A hash of every projection, its places in lists included.
    fn digest_of_projections(&mut self) -> Result<blake3::Hash, LedgerError> {
        let ground = self.ground();
        ground.shelves.flush(ground.store)?;
        let store = self.store();
        let mut hasher = blake3::Hasher::new();
        let mut after = (String::new(), String::new());
        loop {
            let docs = store.list_shelves(PROJECTIONS, (&after.0, &after.1), PAGE)?;
            let Some(last) = docs.last() else { return Ok(hasher.finalize()) };
            after = (last.shelf.clone(), last.key.clone());
            for it in docs {
                let mut ranks = store.ranks_of(&it.shelf, &it.key)?;
                ranks.sort_by(|a, b| a.group.cmp(&b.group));
                for part in [it.shelf.as_bytes(), it.key.as_bytes(), &it.doc] {
                    // With its length before it, no part can be taken for another.
                    hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
                }
                hasher.update(format!("{ranks:?}").as_bytes());
            }
        }
    }
}

/// How the shelves of projections begin.
const PROJECTIONS: &str = "p:";

/// Folds all projections anew, inside a transaction.
pub(crate) fn refold(
    store: &mut dyn Store,
    shelves: &mut Shelves,
    keys: &Mutex<KeyStore>,
) -> Result<u64, LedgerError> {
    store.clear_projections()?;
    let mut at = 0;
    loop {
        let rows = store.rows(at, PAGE)?;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            let entry = chain::open(row)?;
            let mut ground = Ground { store: &mut *store, shelves: &mut *shelves, keys };
            let personal = personal_of(&mut ground, &entry)?;
            fold(&mut ground, &entry, personal.as_ref())?;
            at = row.seq;
        }
        shelves.flush(store)?;
    }
    store.set_meta("fold", &FOLD.to_string())?;
    folded_anew(store)?;
    Ok(at)
}

fn personal_of(ground: &mut Ground<'_>, entry: &Entry) -> Result<Option<Personal>, LedgerError> {
    let (Some(client), Some(_)) = (&entry.client, &entry.personal) else { return Ok(None) };
    let Some(key) = ground.keys().key(client)? else { return Ok(None) };
    let Some(cipher) = ground.store.locked(entry.seq)? else { return Ok(None) };
    vault::open(&key, &place_of(entry.seq), &cipher).map(Some)
}
