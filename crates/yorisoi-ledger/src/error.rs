//! What can go wrong with the ledger, and what to do about it.

use jiff::Timestamp;
use yorisoi_decision::ClientId;

/// Why the ledger refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// The store cannot be reached, is full or is broken; nothing was recorded.
    #[error("the ledger cannot be used now: {why}")]
    Unavailable {
        /// What the store said.
        why: String,
    },
    /// The store can be read and not written.
    #[error("the ledger cannot be written: {why}; free the disk or mend its permissions")]
    ReadOnly {
        /// What the store said.
        why: String,
    },
    /// A page of the store, or a document in it, is damaged.
    #[error(
        "the ledger is damaged: {why}; run `ledger verify`, then `ledger restore` from a backup"
    )]
    Damaged {
        /// What was found.
        why: String,
    },
    /// The clock lies before what the ledger has seen.
    #[error("the clock says {at}, before the newest entry of {newest}; set the clock right")]
    ClockBack {
        /// What the clock says.
        at: Timestamp,
        /// The newest entry's time.
        newest: Timestamp,
    },
    /// Something tried to append while only reading.
    #[error("entries can be appended by `write` only, not by `read`")]
    Reading,
    /// The work itself panicked; what it had done was rolled back.
    #[error("the work failed by itself and was rolled back: {why}")]
    WorkFailed {
        /// The panic's message.
        why: String,
    },
    /// The entry needs a client and names none.
    #[error("an entry of kind `{kind}` needs a client; name one")]
    ClientMissing {
        /// The kind of entry.
        kind: &'static str,
    },
    /// The person was erased, and nothing personal may be kept of them.
    #[error("`{client}` was erased; nothing personal can be kept of them")]
    Erased {
        /// Whom.
        client: ClientId,
    },
    /// The further name, or the address of a new record, belongs to a person who was erased.
    #[error("this name or address belongs to a person who was erased; leave them in peace")]
    AliasErased,
    /// The further name belongs to another client.
    #[error("this further name belongs to `{client}`; merge the two records or drop the name")]
    AliasTaken {
        /// Whose it is.
        client: ClientId,
    },
    /// A refusal can be lifted by the client's own words or tap only.
    #[error("only the client's own words or tap can lift a refusal; an import cannot")]
    NotByClient,
    /// A decision of this name is there already.
    #[error("the decision `{decision}` is there already; give each decision a name of its own")]
    DecisionTwice {
        /// Its name.
        decision: yorisoi_decision::DecisionId,
    },
    /// A record cannot be merged into itself or into one that is gone.
    #[error("`{from}` cannot be merged into `{into}`: {why}")]
    Merge {
        /// The record that should go.
        from: ClientId,
        /// The record that should stay.
        into: ClientId,
        /// Why not.
        why: &'static str,
    },
    /// The entry cannot be written so that it reads back the same (a number that is none).
    #[error("an entry of kind `{kind}` cannot be kept: {why}")]
    Unwritable {
        /// The kind of entry.
        kind: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// The keys beside this ledger are another house's.
    #[error(
        "the keys in `{folder}` belong to another ledger; put the `keys.sqlite` of this ledger there"
    )]
    WrongKeys {
        /// Where they were looked for.
        folder: String,
    },
    /// The ledger was written by a newer program.
    #[error(
        "the ledger has format {actual}, this program knows up to {known}; use a newer program"
    )]
    NewerFormat {
        /// Format of the ledger.
        actual: u32,
        /// Newest format this program knows.
        known: u32,
    },
    /// A file to be read in is no ledger.
    #[error("line {line} of the file is no part of a ledger: {why}")]
    Unreadable {
        /// Line, from 1.
        line: u64,
        /// What is wrong with it.
        why: String,
    },
    /// A file to be read in holds a chain that does not close.
    #[error("the chain is broken at entry {seq}: {why}")]
    BrokenChain {
        /// Where.
        seq: u64,
        /// What is wrong there.
        why: String,
    },
    /// The place to restore to already holds entries.
    #[error("the place already holds {entries} entries; restore into an empty one")]
    NotEmpty {
        /// How many.
        entries: u64,
    },
    /// A file could not be read or written.
    #[error("`{path}` could not be used: {why}")]
    File {
        /// Which.
        path: String,
        /// What the system said.
        why: String,
    },
}

impl LedgerError {
    /// Whether the store, not the request, is at fault: the same call may succeed later.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable { .. } | Self::ReadOnly { .. } | Self::Damaged { .. })
    }

    /// Whether the clock is at fault.
    pub fn is_clock(&self) -> bool {
        matches!(self, Self::ClockBack { .. })
    }
}
