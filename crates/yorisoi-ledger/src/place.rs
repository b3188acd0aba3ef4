//! Where does a ledger live?

use std::path::PathBuf;

/// Where a ledger lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A folder with an embedded SQLite database: `ledger.sqlite`, and `keys.sqlite` beside it.
    Folder(PathBuf),
    /// A PostgreSQL database, for many nodes.
    Postgres {
        /// Its URL, `postgres://user@host/database`.
        url: String,
        /// The folder of `keys.sqlite`: the keys never lie in the same database as what they lock.
        folder: PathBuf,
    },
    /// Nowhere: gone when the last handle is dropped. For tests and rehearsals; its secrets are fixed.
    Memory,
}

/// The name of the file that holds the chain, the vault and the projections.
pub(crate) const LEDGER_FILE: &str = "ledger.sqlite";

/// The name of the file that holds the keys.
pub(crate) const KEYS_FILE: &str = "keys.sqlite";
