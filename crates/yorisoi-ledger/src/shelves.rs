//! What do the projections say just now? Documents as typed values, read once and written when a piece of work
//! ends.

use std::any::Any;
use std::collections::{BTreeSet, HashMap, VecDeque};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::LedgerError;
use crate::store::{Doc, Rank, Store};
use crate::touched::Touched;

/// A projection: a document with a shelf of its own.
pub(crate) trait Document:
    Serialize + DeserializeOwned + Default + Send + Sync + 'static
{
    /// Where documents of this kind stand.
    const SHELF: &'static str;
}

/// The key of a document of which there is one.
pub(crate) const ONLY: &str = "all";

/// Documents held in memory at most between two pieces of work.
const HELD_MAX: usize = 20_000;

type Name = (&'static str, String);

struct Held {
    value: Option<Box<dyn Any + Send>>,
    write: fn(&dyn Any) -> Result<Vec<u8>, serde_json::Error>,
}

/// The documents in use.
#[derive(Default)]
pub(crate) struct Shelves {
    held: HashMap<Name, Held>,
    /// In the order in which they were read: the oldest goes first. A few go with each piece of work, for to drop
    /// them all at once would keep everybody waiting.
    order: VecDeque<Name>,
    /// In the order of their names, so that the same work writes the same rows in the same order.
    changed: BTreeSet<Name>,
    /// What was written in this transaction.
    touched: Touched,
    ranks: Vec<Rank>,
}

impl Shelves {
    /// Returns a document.
    pub(crate) fn read<D: Document>(
        &mut self,
        store: &mut dyn Store,
        key: &str,
    ) -> Result<Option<&D>, LedgerError> {
        let held = self.hold::<D>(store, key)?;
        Ok(held.value.as_ref().and_then(|value| value.downcast_ref()))
    }

    /// Returns a document to change; an empty one if there was none.
    pub(crate) fn edit<D: Document>(
        &mut self,
        store: &mut dyn Store,
        key: &str,
    ) -> Result<&mut D, LedgerError> {
        self.changed.insert((D::SHELF, key.to_owned()));
        let held = self.hold::<D>(store, key)?;
        held.value
            .get_or_insert_with(|| Box::new(D::default()))
            .downcast_mut()
            .ok_or_else(|| damaged(D::SHELF, key, "it is of another kind"))
    }

    /// Gives a document its place in a group; `None` takes it out.
    pub(crate) fn rank<D: Document>(&mut self, key: &str, group: &str, rank: Option<f64>) {
        self.ranks.push(Rank {
            shelf: D::SHELF.to_owned(),
            group: group.to_owned(),
            key: key.to_owned(),
            rank,
        });
    }

    /// Writes what was changed.
    pub(crate) fn flush(&mut self, store: &mut dyn Store) -> Result<(), LedgerError> {
        let mut docs = Vec::with_capacity(self.changed.len());
        for name in std::mem::take(&mut self.changed) {
            let Some(held) = self.held.get(&name) else { continue };
            let Some(value) = &held.value else { continue };
            let doc = (held.write)(value.as_ref())
                .map_err(|error| damaged(name.0, &name.1, &error.to_string()))?;
            self.touched.add(name.0, &name.1);
            docs.push(Doc { shelf: name.0.to_owned(), key: name.1, doc });
        }
        if !docs.is_empty() {
            store.put(&docs)?;
        }
        if !self.ranks.is_empty() {
            store.rank(&std::mem::take(&mut self.ranks))?;
        }
        self.drop_oldest();
        Ok(())
    }

    /// What was written since this was asked last.
    pub(crate) fn take_touched(&mut self) -> Touched {
        std::mem::take(&mut self.touched)
    }

    fn drop_oldest(&mut self) {
        let too_many = self.order.len().saturating_sub(HELD_MAX);
        for name in self.order.drain(..too_many) {
            self.held.remove(&name);
        }
    }

    /// Forgets what is held in memory: what is in the store counts.
    pub(crate) fn forget(&mut self) {
        self.held.clear();
        self.order.clear();
        self.changed.clear();
        self.ranks.clear();
    }

    fn hold<D: Document>(
        &mut self,
        store: &mut dyn Store,
        key: &str,
    ) -> Result<&mut Held, LedgerError> {
        let name = (D::SHELF, key.to_owned());
        match self.held.entry(name) {
            std::collections::hash_map::Entry::Occupied(held) => Ok(held.into_mut()),
            std::collections::hash_map::Entry::Vacant(empty) => {
                let value = fetch::<D>(store, key)?;
                let value = value.map(|value| Box::new(value) as Box<dyn Any + Send>);
                self.order.push_back(empty.key().clone());
                Ok(empty.insert(Held { value, write: write::<D> }))
            }
        }
    }
}

/// Reads a document from the store.
pub(crate) fn fetch<D: Document>(
    store: &mut dyn Store,
    key: &str,
) -> Result<Option<D>, LedgerError> {
    let Some(bytes) = store.get(D::SHELF, key)? else { return Ok(None) };
    let parsed = serde_json::from_slice(&bytes);
    parsed.map(Some).map_err(|error: serde_json::Error| damaged(D::SHELF, key, &error.to_string()))
}

fn write<D: Document>(value: &dyn Any) -> Result<Vec<u8>, serde_json::Error> {
    match value.downcast_ref::<D>() {
        Some(document) => serde_json::to_vec(document),
        None => Err(serde::ser::Error::custom("it is of another kind")),
    }
}

fn damaged(shelf: &str, key: &str, why: &str) -> LedgerError {
    LedgerError::Damaged { why: format!("document `{shelf}{key}`: {why}") }
}
