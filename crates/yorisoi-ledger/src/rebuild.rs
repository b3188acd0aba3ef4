//! What do the entries say, read again from the first? Folding the projections anew.

use std::sync::Mutex;

use crate::books::{Books, place_of};
use crate::chain;
use crate::entry::{Entry, Personal};
use crate::error::LedgerError;
use crate::keys::KeyStore;
use crate::ledger::Ledger;
use crate::project::{FOLD, Ground, fold};
use crate::shelves::Shelves;
use crate::store::Store;
use crate::vault;

/// Entries folded between two writes of the projections.
const PAGE: usize = 2_000;

impl Ledger {
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
    Ok(at)
}

fn personal_of(ground: &mut Ground<'_>, entry: &Entry) -> Result<Option<Personal>, LedgerError> {
    let (Some(client), Some(_)) = (&entry.client, &entry.personal) else { return Ok(None) };
    let Some(key) = ground.keys().key(client)? else { return Ok(None) };
    let Some(cipher) = ground.store.locked(entry.seq)? else { return Ok(None) };
    vault::open(&key, &place_of(entry.seq), &cipher).map(Some)
}
