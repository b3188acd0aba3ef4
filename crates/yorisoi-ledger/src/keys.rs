//! Who can be read? The store of the keys: one for the house, one for each person.
//!
//! It is a database of its own, so that a copy of the ledger opens nothing. Deleting a person's key erases the
//! person in every copy of the ledger there is. Whom it has forgotten it remembers by their number, so that
//! an old copy of the ledger cannot bring them back.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use rusqlite::{Connection, OptionalExtension, params};
use yorisoi_decision::ClientId;

use crate::error::LedgerError;
use crate::place::KEYS_FILE;
use crate::store::Hash;
use crate::vault::Key;

/// Keys held in memory at most, so that they need not be looked up again.
const CACHED_MAX: usize = 100_000;

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS house (one INTEGER PRIMARY KEY CHECK (one = 1), master BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS keys (client TEXT PRIMARY KEY, key BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS forgotten (client TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tombstones (alias TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
";

/// The keys of one house.
pub(crate) struct KeyStore {
    db: Connection,
    master: Hash,
    cached: HashMap<ClientId, Key>,
    /// Keys that are made and not written yet.
    fresh: BTreeMap<ClientId, Key>,
    version: Option<i64>,
}

impl KeyStore {
    /// Opens the keys of a folder, and makes the house's master key where there is none.
    pub(crate) fn open(folder: &Path) -> Result<Self, LedgerError> {
        let path = folder.join(KEYS_FILE);
        make_private(&path)?;
        let db = Connection::open(&path).map_err(said)?;
        db.pragma_update(None, "journal_mode", "WAL").map_err(said)?;
        Self::set_up(db, fresh_key)
    }

    /// Opens keys that live in memory only, under a master key that is always the same.
    pub(crate) fn in_memory() -> Result<Self, LedgerError> {
        let fixed = || Ok(*blake3::hash(b"yorisoi: a house in memory").as_bytes());
        Self::set_up(Connection::open_in_memory().map_err(said)?, fixed)
    }

    fn set_up(
        db: Connection,
        new_master: impl Fn() -> Result<Key, LedgerError>,
    ) -> Result<Self, LedgerError> {
        db.busy_timeout(std::time::Duration::from_secs(5)).map_err(said)?;
        db.pragma_update(None, "synchronous", "FULL").map_err(said)?;
        db.pragma_update(None, "secure_delete", true).map_err(said)?;
        db.execute_batch(SCHEMA).map_err(said)?;
        let find = "SELECT master FROM house";
        let mut master: Option<Hash> =
            db.query_row(find, [], |row| row.get(0)).optional().map_err(said)?;
        if master.is_none() {
            // Two processes may begin together: the first one's key stays.
            db.execute("INSERT OR IGNORE INTO house (one, master) VALUES (1, ?1)", [new_master()?])
                .map_err(said)?;
            master = Some(db.query_row(find, [], |row| row.get(0)).map_err(said)?);
        }
        let master = master.unwrap_or_default();
        Ok(Self { db, master, cached: HashMap::new(), fresh: BTreeMap::new(), version: None })
    }

    /// A secret of the house for one purpose.
    pub(crate) fn secret(&self, purpose: &str) -> Hash {
        let context = format!("yorisoi ledger 2026 house secret: {purpose}");
        blake3::derive_key(&context, &self.master)
    }

    /// What the ledger knows its keys by; it gives nothing of them away.
    pub(crate) fn house(&self) -> String {
        blake3::Hash::from(self.secret("house")).to_hex()[..32].to_owned()
    }

    /// The key of a person; `None` if there is none or it was deleted.
    pub(crate) fn key(&mut self, client: &ClientId) -> Result<Option<Key>, LedgerError> {
        if let Some(key) = self.fresh.get(client) {
            return Ok(Some(*key));
        }
        if let Some(key) = self.cached.get(client) {
            return Ok(Some(*key));
        }
        let key: Option<Key> = self
            .db
            .prepare_cached("SELECT key FROM keys WHERE client = ?1")
            .and_then(|mut step| step.query_row([client.as_str()], |row| row.get(0)).optional())
            .map_err(said)?;
        if let Some(key) = key {
            self.cache(client, key);
        }
        Ok(key)
    }

    /// The key of a person, made now if there is none. It is written with [`KeyStore::flush`].
    ///
    /// # Errors
    ///
    /// [`LedgerError::Erased`] if the person was forgotten.
    pub(crate) fn key_or_new(&mut self, client: &ClientId) -> Result<Key, LedgerError> {
        if let Some(key) = self.key(client)? {
            return Ok(key);
        }
        if self.is_forgotten(client)? {
            return Err(LedgerError::Erased { client: client.clone() });
        }
        let key = fresh_key()?;
        self.fresh.insert(client.clone(), key);
        Ok(key)
    }

    /// Writes the keys that were made since; after this they are durable.
    pub(crate) fn flush(&mut self) -> Result<(), LedgerError> {
        if self.fresh.is_empty() {
            return Ok(());
        }
        let step = self.db.transaction().map_err(said)?;
        for (client, key) in &self.fresh {
            step.prepare_cached("INSERT OR IGNORE INTO keys (client, key) VALUES (?1, ?2)")
                .and_then(|mut insert| insert.execute(params![client.as_str(), key]))
                .map_err(said)?;
        }
        step.commit().map_err(said)?;
        for (client, key) in std::mem::take(&mut self.fresh) {
            self.cache(&client, key);
        }
        Ok(())
    }

    /// Deletes the keys of a person, and remembers that, with the further names that stay closed.
    pub(crate) fn forget(
        &mut self,
        clients: &[ClientId],
        aliases: &[String],
    ) -> Result<(), LedgerError> {
        let step = self.db.transaction().map_err(said)?;
        for client in clients {
            let name = client.as_str();
            step.execute("DELETE FROM keys WHERE client = ?1", [name]).map_err(said)?;
            step.execute("INSERT OR IGNORE INTO forgotten (client) VALUES (?1)", [name])
                .map_err(said)?;
        }
        for alias in aliases {
            step.execute("INSERT OR IGNORE INTO tombstones (alias) VALUES (?1)", [alias])
                .map_err(said)?;
        }
        step.commit().map_err(said)?;
        for client in clients {
            self.cached.remove(client);
            self.fresh.remove(client);
        }
        // The key's page is overwritten; its older image lies in the WAL until that is cut.
        crate::store::cut_log(&self.db).map_err(said)?.ok_or_else(|| LedgerError::Unavailable {
            why: "keys: somebody reads them, so that a destroyed key is still in the log"
                .to_owned(),
        })
    }

    /// Whether the person was forgotten.
    pub(crate) fn is_forgotten(&self, client: &ClientId) -> Result<bool, LedgerError> {
        self.db
            .prepare_cached("SELECT 1 FROM forgotten WHERE client = ?1")
            .and_then(|mut step| step.exists([client.as_str()]))
            .map_err(said)
    }

    /// Everybody who was forgotten.
    pub(crate) fn forgotten(&self) -> Result<Vec<String>, LedgerError> {
        self.column("SELECT client FROM forgotten ORDER BY client")
    }

    /// The further names that stay closed.
    pub(crate) fn tombstones(&self) -> Result<Vec<String>, LedgerError> {
        self.column("SELECT alias FROM tombstones ORDER BY alias")
    }

    /// Writes a copy of the keys, which opens everything that the ledger holds.
    pub(crate) fn copy_to(&self, path: &Path) -> Result<(), LedgerError> {
        make_private(path)?;
        self.db.execute("VACUUM INTO ?1", [path.to_string_lossy()]).map_err(said)?;
        Ok(())
    }

    fn column(&self, sql: &str) -> Result<Vec<String>, LedgerError> {
        self.db
            .prepare_cached(sql)
            .and_then(|mut step| step.query_map([], |row| row.get(0))?.collect())
            .map_err(said)
    }

    fn cache(&mut self, client: &ClientId, key: Key) {
        if self.cached.len() >= CACHED_MAX {
            self.cached.clear();
        }
        self.cached.insert(client.clone(), key);
    }

    /// Forgets what is held in memory if another process has written since: it may have deleted a key. For the
    /// beginning of each transaction; during one nobody else writes.
    pub(crate) fn drop_stale(&mut self) -> Result<(), LedgerError> {
        let version: i64 = self
            .db
            .prepare_cached("PRAGMA data_version")
            .and_then(|mut step| step.query_row([], |row| row.get(0)))
            .map_err(said)?;
        if self.version.replace(version) != Some(version) {
            self.cached.clear();
        }
        Ok(())
    }
}

fn fresh_key() -> Result<Key, LedgerError> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(|error| LedgerError::Unavailable {
        why: format!("the system gives no random numbers ({error})"),
    })?;
    Ok(key)
}

/// Makes an empty file that only its owner may read, if there is none.
fn make_private(path: &Path) -> Result<(), LedgerError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(|error| LedgerError::File {
        path: path.display().to_string(),
        why: error.to_string(),
    })
}

fn said(error: rusqlite::Error) -> LedgerError {
    match crate::store::said(error) {
        LedgerError::ReadOnly { why } => LedgerError::ReadOnly { why: format!("keys: {why}") },
        LedgerError::Damaged { why } => LedgerError::Damaged { why: format!("keys: {why}") },
        LedgerError::Unavailable { why } => {
            LedgerError::Unavailable { why: format!("keys: {why}") }
        }
        other => other,
    }
}
