//! Is the database damaged? A store that remembers it once it was said, for everybody who uses the ledger.
//!
//! A full disk has room again, and a database that was gone comes back; a page that is noise stays noise. What is
//! written beside it may be lost too, so that nothing is from then on, and what can be read still is.

use std::sync::{Arc, Mutex, PoisonError};

use super::{Doc, Head, Page, Rank, Row, Store, VaultRow};
use crate::error::LedgerError;

/// What was found, if anything was.
#[derive(Debug, Default)]
pub(crate) struct Damage(Mutex<Option<LedgerError>>);

impl Damage {
    /// What was found first.
    pub(crate) fn found(&self) -> Option<LedgerError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, error: &LedgerError) {
        if matches!(error, LedgerError::Damaged { .. }) {
            let mut found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            found.get_or_insert_with(|| error.clone());
        }
    }
}

/// A store, and what it has found.
pub(crate) struct Watched {
    store: Box<dyn Store>,
    damage: Arc<Damage>,
}

impl Watched {
    pub(crate) fn new(store: Box<dyn Store>, damage: Arc<Damage>) -> Self {
        Self { store, damage }
    }

    fn noted<T>(&self, answer: Result<T, LedgerError>) -> Result<T, LedgerError> {
        answer.inspect_err(|error| self.damage.note(error))
    }
}

/// Hands each call on, and notes what it says.
macro_rules! handed_on {
    ($($call:ident($($name:ident: $kind:ty),*) -> $answer:ty;)+) => { $(
        fn $call(&mut self, $($name: $kind),*) -> Result<$answer, LedgerError> {
            let answer = self.store.$call($($name),*);
            self.noted(answer)
        }
    )+ };
}

impl Store for Watched {
    fn begin(&mut self) -> Result<Option<Head>, LedgerError> {
        if let Some(found) = self.damage.found() {
            return Err(found);
        }
        let begun = self.store.begin();
        self.noted(begun)
    }

    fn rollback(&mut self) {
        self.store.rollback();
    }

    handed_on! {
        begin_reading() -> ();
        mark() -> ();
        keep_mark() -> ();
        back_to_mark() -> ();
        commit() -> ();
        head() -> Option<Head>;
        push(rows: &[Row]) -> ();
        rows(after: u64, limit: usize) -> Vec<Row>;
        rows_of(who: i64, before: u64, limit: usize) -> Vec<Row>;
        get(shelf: &str, key: &str) -> Option<Vec<u8>>;
        put(docs: &[Doc]) -> ();
        remove(shelf: &str, key: &str) -> ();
        remove_until(shelf: &str, until: &str) -> ();
        list(shelf: &str, after: &str, limit: usize) -> Vec<Doc>;
        list_shelves(prefix: &str, after: (&str, &str), limit: usize) -> Vec<Doc>;
        rank(ranks: &[Rank]) -> ();
        ranks_of(shelf: &str, key: &str) -> Vec<Rank>;
        ranked(page: &Page<'_>) -> Vec<(f64, String)>;
        lock_away(rows: &[VaultRow]) -> ();
        locked(seq: u64) -> Option<Vec<u8>>;
        vault(after: u64, until: u64) -> Vec<VaultRow>;
        unlock(seq: u64) -> ();
        clear_projections() -> ();
        meta(name: &str) -> Option<String>;
        set_meta(name: &str, value: &str) -> ();
        tidy() -> ();
    }
}
