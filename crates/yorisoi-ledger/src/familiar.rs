//! Whom do readers know already? What they read of clients before, until something of it changes.
//!
//! A list of work looks at a thousand people. To read and take apart what is kept of each, and to open what is sealed,
//! costs many times what is then done with it. So readers keep what they opened, together, as of one entry. Whoever
//! reads a later state first drops what was changed on the way there (`touched`), inside their own transaction; whoever
//! still reads an earlier state is given only what was there by then and has stayed the same since.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use yorisoi_decision::ClientFacts;

use crate::error::LedgerError;
use crate::project::{ClientDoc, PersonDoc};
use crate::shelves::Document;
use crate::store::{Head, Store};
use crate::touched;

/// Clients, and other documents, that are kept as long as they are asked for; up to as many again are on their way out. What
/// is kept of a client takes about two kilobytes.
const KEPT_MAX: usize = 25_000;

/// What readers share.
#[derive(Debug, Default)]
pub(crate) struct Familiar {
    state: Mutex<State>,
}

/// All of it is as of one entry.
#[derive(Debug, Default)]
struct State {
    /// That entry; `None`: nothing is kept.
    at: Option<Head>,
    /// How often the projections had been folded anew by then.
    folded: u64,
    /// With what is personal of them, as far as a decision looks at it.
    clients: Kept<ClientFacts>,
    /// By shelf and key.
    documents: Kept<dyn Any + Send + Sync>,
}

/// The state that a reader sees, once what is kept has come up to it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a> {
    familiar: &'a Familiar,
    head: Head,
    folded: u64,
}

impl Familiar {
    /// The place of the entry that was reached: whatever transaction begins from now on sees it.
    pub(crate) fn reached(&self) -> u64 {
        self.state().at.map_or(0, |head| head.seq)
    }

    /// Drops everything; whoever reads a state before this entry keeps nothing any more.
    pub(crate) fn forget(&self, head: Option<Head>) {
        let mut state = self.state();
        *state = State { at: head, folded: state.folded, ..State::default() };
    }

    /// Comes up to the state that a transaction sees; `None` in an empty ledger.
    pub(crate) fn view(
        &self,
        store: &mut dyn Store,
        head: Option<Head>,
    ) -> Result<Option<View<'_>>, LedgerError> {
        let Some(head) = head else { return Ok(None) };
        let folded = times_folded(store)?;
        let mut state = self.state();
        if state.folded != folded {
            *state = State { folded, ..State::default() };
        }
        match state.at {
            Some(at) if head.seq < at.seq => {}
            Some(at) => match touched::since(store, Some(&at), Some(&head))? {
                Some(rows) => rows.iter().for_each(|row| state.drop_touched(row)),
                None => *state = State { folded, ..State::default() },
            },
            None => {}
        }
        if state.at.is_none_or(|at| at.seq <= head.seq) {
            state.at = Some(head);
        }
        drop(state);
        Ok(Some(View { familiar: self, head, folded }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn drop_touched(&mut self, row: &touched::Row) {
        for (shelf, key) in row.names() {
            match shelf {
                ClientDoc::SHELF | PersonDoc::SHELF => self.clients.remove(key),
                _ => self.documents.remove(&name_of(shelf, key)),
            }
        }
    }
}

impl<'a> View<'a> {
    /// What is known of clients already, each in its place.
    pub(crate) fn clients(&self, keys: &[String]) -> Vec<Option<Arc<ClientFacts>>> {
        let mut state = self.state();
        let known = |key: &String| state.as_mut()?.clients.get(key, self.head.seq);
        keys.iter().map(known).collect()
    }

    /// A document, if it is known already.
    pub(crate) fn document<D: Document>(&self, key: &str) -> Option<Arc<D>> {
        let known = self.state()?.documents.get(&name_of(D::SHELF, key), self.head.seq)?;
        Arc::downcast(known).ok()
    }

    /// Keeps what was read of a client.
    pub(crate) fn keep_client(&self, key: &str, facts: &Arc<ClientFacts>) {
        if let Some(mut state) = self.state_to_keep() {
            state.clients.keep(key, (self.head.seq, Arc::clone(facts)));
        }
    }

    /// Keeps a document, which must be of a kind that is told of where it changes.
    pub(crate) fn keep_document<D: Document>(&self, key: &str, document: &Arc<D>) {
        if let Some(mut state) = self.state_to_keep() {
            let known = Arc::clone(document) as Arc<dyn Any + Send + Sync>;
            state.documents.keep(&name_of(D::SHELF, key), (self.head.seq, known));
        }
    }

    /// What is kept, if it has come up to what is seen, and the projections are no others by now.
    fn state(&self) -> Option<MutexGuard<'a, State>> {
        let state = self.familiar.state();
        let has_come = state.at.is_some_and(|at| at.seq >= self.head.seq);
        Some(state).filter(|state| has_come && state.folded == self.folded)
    }

    /// What is kept, if it is as of the very state that is seen: of what was read of an earlier one, nobody can say
    /// whether it has stayed the same.
    fn state_to_keep(&self) -> Option<MutexGuard<'a, State>> {
        self.state().filter(|state| state.at == Some(self.head))
    }
}

/// Things that are kept while they are asked for: when as many are kept as may be, what was not asked for since the last
/// time goes.
#[derive(Debug)]
struct Kept<T: ?Sized> {
    /// With the place of the entry at which each was read.
    asked: HashMap<String, (u64, Arc<T>)>,
    unasked: HashMap<String, (u64, Arc<T>)>,
}

impl<T: ?Sized> Default for Kept<T> {
    fn default() -> Self {
        Self { asked: HashMap::new(), unasked: HashMap::new() }
    }
}

impl<T: ?Sized> Kept<T> {
    /// What is kept under a key, if it was there at a place already.
    fn get(&mut self, key: &str, at: u64) -> Option<Arc<T>> {
        if let Some(known) = self.unasked.remove(key) {
            self.keep(key, known);
        }
        let (since, it) = self.asked.get(key)?;
        (*since <= at).then(|| Arc::clone(it))
    }

    fn keep(&mut self, key: &str, known: (u64, Arc<T>)) {
        if self.asked.len() >= KEPT_MAX {
            self.unasked = std::mem::take(&mut self.asked);
        }
        self.asked.insert(key.to_owned(), known);
    }

    fn remove(&mut self, key: &str) {
        self.asked.remove(key);
        self.unasked.remove(key);
    }
}

fn name_of(shelf: &str, key: &str) -> String {
    format!("{shelf}/{key}")
}

/// The word of the database that says how often its projections have been folded anew.
const FOLDED: &str = "folded";

/// Says that all projections have been folded anew, although no entry came.
pub(crate) fn folded_anew(store: &mut dyn Store) -> Result<(), LedgerError> {
    let times = times_folded(store)?;
    store.set_meta(FOLDED, &(times + 1).to_string())
}

fn times_folded(store: &mut dyn Store) -> Result<u64, LedgerError> {
    Ok(store.meta(FOLDED)?.and_then(|times| times.parse().ok()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_stays_and_of_the_rest_no_more_is_kept_than_may_be() {
        let mut kept = Kept::<usize>::default();
        for n in 0..3 * KEPT_MAX {
            kept.keep(&n.to_string(), (1, Arc::new(n)));
            assert_eq!(kept.get("0", 1).as_deref(), Some(&0), "after {n} others");
        }
        assert!(kept.asked.len() + kept.unasked.len() <= 2 * KEPT_MAX);
        assert_eq!(kept.get("1", 1), None, "nobody asked for it");
        kept.remove("0");
        assert_eq!(kept.get("0", 1), None);
    }

    #[test]
    fn who_reads_a_state_before_it_was_read_is_not_given_it() {
        let mut kept = Kept::<usize>::default();
        kept.keep("a", (5, Arc::new(1)));
        assert_eq!((kept.get("a", 4), kept.get("a", 5)), (None, Some(Arc::new(1))));
    }
}
