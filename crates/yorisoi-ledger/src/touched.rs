//! What has a transaction changed? Said beside it, for whoever keeps in memory what they read before.
//!
//! A row for each transaction names the documents it changed, of those kinds that are kept, and the entry that it
//! follows. So whoever stood at one entry learns, inside a transaction of their own, what to read anew at a later one,
//! whichever node wrote it. A row that is missing is noticed, since each begins where the one before ended.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::chain::GENESIS;
use crate::error::LedgerError;
use crate::hex;
use crate::project::{ClientDoc, HouseholdDoc, PersonDoc, PolicyBook, TokensDoc};
use crate::shelves::Document;
use crate::store::{Doc, Hash, Head, Store};

/// Where the rows stand. They are no projection: the same entries in other transactions give others.
const SHELF: &str = "t:touched";

/// Documents that are told of: clients and what is personal of them, households, and what hardly ever changes.
const TOLD: [&str; 5] =
    [ClientDoc::SHELF, PersonDoc::SHELF, HouseholdDoc::SHELF, TokensDoc::SHELF, PolicyBook::SHELF];

/// Documents that one row names at most: after an import it is quicker to read everything anew.
const NAMES_MAX: usize = 5_000;

/// Entries whose rows are kept, and rows that are read at most.
const ENTRIES_KEPT: u64 = 16_384;

/// Commits between two that take old rows away.
const TIDY_EVERY: u32 = 64;

/// The documents that a transaction has changed so far.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    names: BTreeMap<&'static str, BTreeSet<String>>,
    count: usize,
    /// More than a row names.
    is_beyond: bool,
}

impl Touched {
    /// Adds a document.
    pub(crate) fn add(&mut self, shelf: &'static str, key: &str) {
        if !TOLD.contains(&shelf) {
            return;
        }
        self.is_beyond |= self.count == NAMES_MAX;
        if self.is_beyond {
            self.names.clear();
        } else if self.names.entry(shelf).or_default().insert(key.to_owned()) {
            self.count += 1;
        }
    }
}

/// What one transaction changed, as kept.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Row {
    /// Hash of the entry it follows.
    after: String,
    /// Hash of its own newest entry.
    newest: String,
    /// The documents, by shelf.
    changed: BTreeMap<String, BTreeSet<String>>,
}

impl Row {
    /// Shelf and key of each document.
    pub(crate) fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        let shelves = self.changed.iter();
        shelves.flat_map(|(shelf, keys)| keys.iter().map(move |key| (shelf.as_str(), key.as_str())))
    }
}

/// Writes the rows of one writer.
#[derive(Debug, Default)]
pub(crate) struct Teller {
    commits: u32,
}

impl Teller {
    /// Says what a transaction changed that began after one entry and ends with another. Without an entry of its own it
    /// has changed nothing that follows from entries.
    pub(crate) fn tell(
        &mut self,
        store: &mut dyn Store,
        (before, newest): (Option<Head>, Option<Head>),
        touched: Touched,
    ) -> Result<(), LedgerError> {
        let Some(newest) = newest.filter(|_| newest != before && !touched.is_beyond) else {
            return Ok(());
        };
        let names = touched.names.into_iter();
        let row = Row {
            after: hash_of(before.as_ref()),
            newest: hash_of(Some(&newest)),
            changed: names.map(|(shelf, keys)| (shelf.to_owned(), keys)).collect(),
        };
        let doc = serde_json::to_vec(&row)
            .map_err(|error| LedgerError::Damaged { why: error.to_string() })?;
        store.put(&[Doc { shelf: SHELF.to_owned(), key: key_of(newest.seq), doc }])?;
        self.commits = (self.commits + 1) % TIDY_EVERY;
        if self.commits == 0 {
            let until = newest.seq.saturating_sub(ENTRIES_KEPT);
            store.remove_until(SHELF, &key_of(until))?;
        }
        Ok(())
    }
}

/// What was changed after one entry up to another; `None` if that cannot be told any more.
pub(crate) fn since(
    store: &mut dyn Store,
    before: Option<&Head>,
    newest: Option<&Head>,
) -> Result<Option<Vec<Row>>, LedgerError> {
    let seq = |head: Option<&Head>| head.map_or(0, |head| head.seq);
    let (from, until) = (seq(before), seq(newest));
    if until < from || until - from > ENTRIES_KEPT {
        return Ok(None);
    }
    let mut at = hash_of(before);
    let mut rows = Vec::new();
    if from < until {
        for doc in store.list(SHELF, &key_of(from), ENTRIES_KEPT as usize)? {
            let row: Row = serde_json::from_slice(&doc.doc)
                .map_err(|error| LedgerError::Damaged { why: format!("{SHELF}: {error}") })?;
            if row.after != at {
                return Ok(None);
            }
            at.clone_from(&row.newest);
            rows.push(row);
        }
    }
    Ok((at == hash_of(newest)).then_some(rows))
}

fn key_of(seq: u64) -> String {
    format!("{seq:020}")
}

fn hash_of(head: Option<&Head>) -> String {
    let hash: Hash = head.map_or(GENESIS, |head| head.hash);
    hex::encode(&hash)
}
