//! What must a database be able to do? The one small interface between the ledger and SQL.
//!
//! | table | holds | changed |
//! |---|---|---|
//! | entries | the chain | only ever appended to; triggers refuse the rest |
//! | vault | the encrypted personal part of entries | removed by an erasure |
//! | docs | documents by shelf and key: projections (`p:`), further names (`a:`), notes (`n:`), answers (`r:`), what was changed lately (`t:`) | freely |
//! | ranks | the order of documents within a group, for lists | freely |

mod checkpoint;
mod postgres;
mod sqlite;
mod tls;
mod watched;

pub(crate) use checkpoint::cut_log;
pub(crate) use postgres::PostgresStore;
pub(crate) use sqlite::{SqliteStore, said};
pub(crate) use watched::{Damage, Watched};

use crate::error::LedgerError;

/// Newest format of the tables that this program knows.
pub(crate) const FORMAT: u32 = 1;

/// A BLAKE3 hash.
pub(crate) type Hash = [u8; 32];

/// The newest entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    /// Its place.
    pub(crate) seq: u64,
    /// Its time, in microseconds since 1970.
    pub(crate) at_micros: i64,
    /// Its hash.
    pub(crate) hash: Hash,
}

/// One entry, sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Its place, from 1.
    pub(crate) seq: u64,
    /// Its time, in microseconds since 1970.
    pub(crate) at_micros: i64,
    /// The number of its client.
    pub(crate) who: Option<i64>,
    /// The hash behind it.
    pub(crate) hash: Hash,
    /// Its JSON.
    pub(crate) bytes: Vec<u8>,
}

/// The encrypted personal part of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VaultRow {
    /// Of which entry.
    pub(crate) seq: u64,
    /// The number of its client.
    pub(crate) who: i64,
    /// Nonce and ciphertext.
    pub(crate) cipher: Vec<u8>,
}

/// One document.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "the columns have these names")]
pub(crate) struct Doc {
    /// Where it stands.
    pub(crate) shelf: String,
    /// Its name there.
    pub(crate) key: String,
    /// What it says.
    pub(crate) doc: Vec<u8>,
}

/// The place of one document in the order of a group; without a rank it has none.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_field_names, reason = "the columns have these names")]
pub(crate) struct Rank {
    /// Where the document stands.
    pub(crate) shelf: String,
    /// The group.
    pub(crate) group: String,
    /// The document's name.
    pub(crate) key: String,
    /// Its place; `None` takes it out of the group.
    pub(crate) rank: Option<f64>,
}

/// How a group is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Listing {
    /// By rank, largest first; equal ranks by key.
    Largest,
    /// By rank, smallest first; equal ranks by key.
    Smallest,
    /// By key.
    Key,
}

/// A page of a group.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Page<'a> {
    /// Where the documents stand.
    pub(crate) shelf: &'a str,
    /// The group.
    pub(crate) group: &'a str,
    /// The order.
    pub(crate) by: Listing,
    /// The last of the page before.
    pub(crate) after: Option<(f64, String)>,
    /// Documents at most.
    pub(crate) limit: usize,
}

impl Page<'_> {
    /// Rank and key after which the page begins.
    pub(crate) fn from(&self) -> (f64, &str) {
        match &self.after {
            Some((rank, key)) => (*rank, key.as_str()),
            None if self.by == Listing::Largest => (f64::INFINITY, ""),
            None => (f64::NEG_INFINITY, ""),
        }
    }
}

/// A database.
pub(crate) trait Store: Send {
    /// Begins a transaction that may write, as the only one that does, and returns the newest entry.
    fn begin(&mut self) -> Result<Option<Head>, LedgerError>;
    /// Begins a transaction that sees one state of the database throughout, and may not write.
    fn begin_reading(&mut self) -> Result<(), LedgerError>;
    /// Sets a mark to which [`Store::back_to_mark`] can go back.
    fn mark(&mut self) -> Result<(), LedgerError>;
    /// Takes the mark away and keeps what was done since.
    fn keep_mark(&mut self) -> Result<(), LedgerError>;
    /// Undoes what was done since the mark, and takes it away.
    fn back_to_mark(&mut self) -> Result<(), LedgerError>;
    /// Ends the transaction, durably.
    fn commit(&mut self) -> Result<(), LedgerError>;
    /// Ends the transaction and leaves nothing of it. Does nothing where none is open.
    fn rollback(&mut self);
    /// The newest entry.
    fn head(&mut self) -> Result<Option<Head>, LedgerError>;
    /// Appends entries, in order.
    fn push(&mut self, rows: &[Row]) -> Result<(), LedgerError>;
    /// Up to `limit` entries after a place, oldest first.
    fn rows(&mut self, after: u64, limit: usize) -> Result<Vec<Row>, LedgerError>;
    /// Up to `limit` entries of a client before a place, newest first.
    fn rows_of(&mut self, who: i64, before: u64, limit: usize) -> Result<Vec<Row>, LedgerError>;
    /// A document.
    fn get(&mut self, shelf: &str, key: &str) -> Result<Option<Vec<u8>>, LedgerError>;
    /// Puts documents, in place of those that have the same name.
    fn put(&mut self, docs: &[Doc]) -> Result<(), LedgerError>;
    /// Takes a document and its ranks away.
    fn remove(&mut self, shelf: &str, key: &str) -> Result<(), LedgerError>;
    /// Takes the documents of a shelf away whose keys lie before `until`; they have no ranks.
    fn remove_until(&mut self, shelf: &str, until: &str) -> Result<(), LedgerError>;
    /// Up to `limit` documents of a shelf whose key lies after `after`, by key.
    fn list(&mut self, shelf: &str, after: &str, limit: usize) -> Result<Vec<Doc>, LedgerError>;
    /// Up to `limit` documents of all shelves that begin with `prefix`, after shelf and key, in that order.
    fn list_shelves(
        &mut self,
        prefix: &str,
        after: (&str, &str),
        limit: usize,
    ) -> Result<Vec<Doc>, LedgerError>;
    /// Gives documents their places in groups.
    fn rank(&mut self, ranks: &[Rank]) -> Result<(), LedgerError>;
    /// The groups of one document.
    fn ranks_of(&mut self, shelf: &str, key: &str) -> Result<Vec<Rank>, LedgerError>;
    /// Keys and ranks of a page.
    fn ranked(&mut self, page: &Page<'_>) -> Result<Vec<(f64, String)>, LedgerError>;
    /// Keeps encrypted personal parts.
    fn lock_away(&mut self, rows: &[VaultRow]) -> Result<(), LedgerError>;
    /// The encrypted personal part of one entry.
    fn locked(&mut self, seq: u64) -> Result<Option<Vec<u8>>, LedgerError>;
    /// The encrypted personal parts of the entries after a place up to and including another, oldest first.
    fn vault(&mut self, after: u64, until: u64) -> Result<Vec<VaultRow>, LedgerError>;
    /// Removes the encrypted personal part of one entry.
    fn unlock(&mut self, seq: u64) -> Result<(), LedgerError>;
    /// Removes all projections.
    fn clear_projections(&mut self) -> Result<(), LedgerError>;
    /// A word of the database about itself.
    fn meta(&mut self, name: &str) -> Result<Option<String>, LedgerError>;
    /// Sets it.
    fn set_meta(&mut self, name: &str, value: &str) -> Result<(), LedgerError>;
    /// Makes sure that nothing that was removed is left in files of the database. Outside transactions.
    fn tidy(&mut self) -> Result<(), LedgerError>;
}
