//! How does SQLite do it?
//!
//! One connection. The writer's runs in WAL mode with full synchronisation: a commit returns after the
//! flush. `secure_delete` overwrites what is removed. What the log holds goes into the database beside the
//! writer (`checkpoint`), so that no commit waits for it.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OptionalExtension, Params, Row as SqlRow, params};

use super::checkpoint::{Checkpointer, cut_log};
use super::{Doc, FORMAT, Hash, Head, Listing, Page, Rank, Row, Store, VaultRow};
use crate::error::LedgerError;

const SCHEMA: &str = include_str!("schema_sqlite.sql");

/// How long to wait for another process that writes.
pub(super) const BUSY_WAIT: Duration = Duration::from_secs(5);

/// Pages held in memory, in KiB. More does not pay: the system holds them too, and SQLite walks the table of all
/// that it holds at the end of a transaction that has split a page.
const CACHE_KIB: i32 = 16_384;

/// Pages of the log from which on the writer itself puts them into the database, should nobody else: 256 MiB.
const LOG_PAGES_MAX: u32 = 65_536;

/// A connection to one SQLite database.
pub(crate) struct SqliteStore {
    db: Connection,
    /// Of the writer of a file.
    checkpointer: Option<Checkpointer>,
    /// A disk that can be full or slow.
    #[cfg(any(test, feature = "faults"))]
    disk: Option<crate::Disk>,
}

impl SqliteStore {
    /// Opens the file for writing, and makes it where there is none.
    pub(crate) fn open(path: &Path) -> Result<Self, LedgerError> {
        let mut store = Self::set_up(Connection::open(path).map_err(said)?)?;
        store.checkpointer = Some(Checkpointer::beside(path)?);
        Ok(store)
    }

    /// Opens a database that lives in memory only.
    pub(crate) fn in_memory() -> Result<Self, LedgerError> {
        Self::set_up(Connection::open_in_memory().map_err(said)?)
    }

    /// Opens the file for reading.
    pub(crate) fn reader(path: &Path) -> Result<Self, LedgerError> {
        let db = Connection::open(path).map_err(said)?;
        settle(&db)?;
        db.pragma_update(None, "query_only", true).map_err(said)?;
        Ok(Self::of(db))
    }

    fn of(db: Connection) -> Self {
        Self {
            db,
            checkpointer: None,
            #[cfg(any(test, feature = "faults"))]
            disk: None,
        }
    }

    fn set_up(db: Connection) -> Result<Self, LedgerError> {
        settle(&db)?;
        db.pragma_update(None, "journal_mode", "WAL").map_err(said)?;
        db.pragma_update(None, "synchronous", "FULL").map_err(said)?;
        db.pragma_update(None, "secure_delete", true).map_err(said)?;
        // `REPLACE` removes without asking the triggers, unless they recurse.
        db.pragma_update(None, "recursive_triggers", true).map_err(said)?;
        db.pragma_update(None, "journal_size_limit", 64 * 1024 * 1024).map_err(said)?;
        db.pragma_update(None, "wal_autocheckpoint", LOG_PAGES_MAX).map_err(said)?;
        let format: u32 =
            db.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(said)?;
        if format > FORMAT {
            return Err(LedgerError::NewerFormat { actual: format, known: FORMAT });
        }
        if format < FORMAT {
            db.execute_batch(&format!(
                "BEGIN IMMEDIATE; {SCHEMA} PRAGMA user_version = {FORMAT}; COMMIT"
            ))
            .map_err(said)?;
        }
        Ok(Self::of(db))
    }

    #[cfg(any(test, feature = "faults"))]
    pub(crate) fn put_on(&mut self, disk: crate::Disk) {
        self.disk = Some(disk);
    }

    fn run(&mut self, sql: &str) -> Result<(), LedgerError> {
        self.run_with(sql, [])
    }

    fn run_with(&mut self, sql: &str, params: impl Params) -> Result<(), LedgerError> {
        self.db.prepare_cached(sql).and_then(|mut step| step.execute(params)).map_err(said)?;
        Ok(())
    }
}

fn settle(db: &Connection) -> Result<(), LedgerError> {
    db.busy_timeout(BUSY_WAIT).map_err(said)?;
    db.set_prepared_statement_cache_capacity(64);
    db.pragma_update(None, "cache_size", -CACHE_KIB).map_err(said)?;
    db.pragma_update(None, "temp_store", "MEMORY").map_err(said)
}

/// Says in the ledger's own words what SQLite said.
#[expect(
    clippy::needless_pass_by_value,
    reason = "it stands in `map_err`, which hands over values"
)]
pub(crate) fn said(error: rusqlite::Error) -> LedgerError {
    let why = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => {
            LedgerError::ReadOnly { why: format!("the disk is full ({why})") }
        }
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => LedgerError::ReadOnly { why },
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => LedgerError::Damaged { why },
        _ => LedgerError::Unavailable { why },
    }
}

fn hash(bytes: &[u8]) -> Result<Hash, rusqlite::Error> {
    bytes.try_into().map_err(|_| rusqlite::Error::InvalidQuery)
}

fn entry_row(row: &SqlRow<'_>) -> Result<Row, rusqlite::Error> {
    Ok(Row {
        seq: row.get::<_, i64>(0)? as u64,
        at_micros: row.get(1)?,
        who: row.get(2)?,
        hash: hash(row.get_ref(3)?.as_blob()?)?,
        bytes: row.get(4)?,
    })
}

fn doc_row(row: &SqlRow<'_>) -> Result<Doc, rusqlite::Error> {
    Ok(Doc { shelf: row.get(0)?, key: row.get(1)?, doc: row.get(2)? })
}

/// Collects the rows of a statement.
macro_rules! all {
    ($self:ident, $sql:expr, $params:expr, $read:expr) => {
        $self
            .db
            .prepare_cached($sql)
            .and_then(|mut step| step.query_map($params, $read)?.collect::<Result<Vec<_>, _>>())
            .map_err(said)
    };
}

impl Store for SqliteStore {
    fn begin(&mut self) -> Result<Option<Head>, LedgerError> {
        #[cfg(any(test, feature = "faults"))]
        if let Some(disk) = &self.disk {
            self.db.pragma_update(None, "max_page_count", disk.pages_max()).map_err(said)?;
        }
        self.run("BEGIN IMMEDIATE")?;
        self.head()
    }

    fn begin_reading(&mut self) -> Result<(), LedgerError> {
        self.run("BEGIN DEFERRED")
    }

    fn mark(&mut self) -> Result<(), LedgerError> {
        self.run("SAVEPOINT work")
    }

    fn keep_mark(&mut self) -> Result<(), LedgerError> {
        self.run("RELEASE work")
    }

    fn back_to_mark(&mut self) -> Result<(), LedgerError> {
        self.run("ROLLBACK TO work")?;
        self.run("RELEASE work")
    }

    fn commit(&mut self) -> Result<(), LedgerError> {
        #[cfg(any(test, feature = "faults"))]
        self.disk.iter().for_each(crate::Disk::wait);
        self.run("COMMIT")?;
        if let Some(checkpointer) = &self.checkpointer {
            checkpointer.committed(&self.db);
        }
        Ok(())
    }

    fn rollback(&mut self) {
        if !self.db.is_autocommit() {
            // A transaction that cannot even be rolled back was already rolled back by SQLite.
            let _ = self.run("ROLLBACK");
        }
    }

    fn head(&mut self) -> Result<Option<Head>, LedgerError> {
        let sql = "SELECT seq, at, hash FROM entries ORDER BY seq DESC LIMIT 1";
        let read = |row: &SqlRow<'_>| {
            let seq = row.get::<_, i64>(0)? as u64;
            Ok(Head { seq, at_micros: row.get(1)?, hash: hash(row.get_ref(2)?.as_blob()?)? })
        };
        self.db
            .prepare_cached(sql)
            .and_then(|mut step| step.query_row([], read).optional())
            .map_err(said)
    }

    fn push(&mut self, rows: &[Row]) -> Result<(), LedgerError> {
        let sql = "INSERT INTO entries (seq, at, who, hash, bytes) VALUES (?1, ?2, ?3, ?4, ?5)";
        let mut step = self.db.prepare_cached(sql).map_err(said)?;
        for row in rows {
            step.execute(params![row.seq as i64, row.at_micros, row.who, &row.hash[..], row.bytes])
                .map_err(said)?;
        }
        Ok(())
    }

    fn rows(&mut self, after: u64, limit: usize) -> Result<Vec<Row>, LedgerError> {
        let sql =
            "SELECT seq, at, who, hash, bytes FROM entries WHERE seq > ?1 ORDER BY seq LIMIT ?2";
        all!(self, sql, params![after as i64, limit as i64], entry_row)
    }

    fn rows_of(&mut self, who: i64, before: u64, limit: usize) -> Result<Vec<Row>, LedgerError> {
        let sql = "SELECT seq, at, who, hash, bytes FROM entries WHERE who = ?1 AND seq < ?2
                   ORDER BY seq DESC LIMIT ?3";
        let before = i64::try_from(before).unwrap_or(i64::MAX);
        all!(self, sql, params![who, before, limit as i64], entry_row)
    }

    fn get(&mut self, shelf: &str, key: &str) -> Result<Option<Vec<u8>>, LedgerError> {
        self.db
            .prepare_cached("SELECT doc FROM docs WHERE shelf = ?1 AND key = ?2")
            .and_then(|mut step| step.query_row([shelf, key], |row| row.get(0)).optional())
            .map_err(said)
    }

    fn put(&mut self, docs: &[Doc]) -> Result<(), LedgerError> {
        let sql = "INSERT INTO docs (shelf, key, doc) VALUES (?1, ?2, ?3)
                   ON CONFLICT (shelf, key) DO UPDATE SET doc = excluded.doc";
        let mut step = self.db.prepare_cached(sql).map_err(said)?;
        for doc in docs {
            step.execute(params![doc.shelf, doc.key, doc.doc]).map_err(said)?;
        }
        Ok(())
    }

    fn remove(&mut self, shelf: &str, key: &str) -> Result<(), LedgerError> {
        self.run_with("DELETE FROM docs WHERE shelf = ?1 AND key = ?2", [shelf, key])?;
        self.run_with("DELETE FROM ranks WHERE shelf = ?1 AND key = ?2", [shelf, key])
    }

    fn remove_until(&mut self, shelf: &str, until: &str) -> Result<(), LedgerError> {
        self.run_with("DELETE FROM docs WHERE shelf = ?1 AND key < ?2", [shelf, until])
    }

    fn list(&mut self, shelf: &str, after: &str, limit: usize) -> Result<Vec<Doc>, LedgerError> {
        let sql = "SELECT shelf, key, doc FROM docs WHERE shelf = ?1 AND key > ?2
                   ORDER BY key LIMIT ?3";
        all!(self, sql, params![shelf, after, limit as i64], doc_row)
    }

    fn list_shelves(
        &mut self,
        prefix: &str,
        after: (&str, &str),
        limit: usize,
    ) -> Result<Vec<Doc>, LedgerError> {
        let sql = "SELECT shelf, key, doc FROM docs
                   WHERE shelf >= ?1 AND shelf < ?2 AND (shelf, key) > (?3, ?4)
                   ORDER BY shelf, key LIMIT ?5";
        let end = format!("{prefix}\u{10FFFF}");
        all!(self, sql, params![prefix, end, after.0, after.1, limit as i64], doc_row)
    }

    fn rank(&mut self, ranks: &[Rank]) -> Result<(), LedgerError> {
        let put = "INSERT INTO ranks (shelf, key, grp, rank) VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT (shelf, key, grp) DO UPDATE SET rank = excluded.rank
                   WHERE rank <> excluded.rank";
        let remove = "DELETE FROM ranks WHERE shelf = ?1 AND key = ?2 AND grp = ?3";
        for it in ranks {
            let done = match it.rank {
                Some(rank) => self
                    .db
                    .prepare_cached(put)
                    .and_then(|mut step| step.execute(params![it.shelf, it.key, it.group, rank])),
                None => self
                    .db
                    .prepare_cached(remove)
                    .and_then(|mut step| step.execute(params![it.shelf, it.key, it.group])),
            };
            done.map_err(said)?;
        }
        Ok(())
    }

    fn ranks_of(&mut self, shelf: &str, key: &str) -> Result<Vec<Rank>, LedgerError> {
        let sql =
            "SELECT shelf, grp, key, rank FROM ranks WHERE shelf = ?1 AND key = ?2 ORDER BY grp";
        all!(self, sql, [shelf, key], |row: &SqlRow<'_>| Ok(Rank {
            shelf: row.get(0)?,
            group: row.get(1)?,
            key: row.get(2)?,
            rank: row.get(3)?,
        }))
    }

    fn ranked(&mut self, page: &Page<'_>) -> Result<Vec<(f64, String)>, LedgerError> {
        let read = |row: &SqlRow<'_>| Ok((row.get(0)?, row.get(1)?));
        let limit = page.limit as i64;
        let (rank, key) = page.from();
        // The first half of each condition is what the index can be searched by.
        let sql = match page.by {
            Listing::Largest => {
                "SELECT rank, key FROM ranks WHERE shelf = ?1 AND grp = ?2 AND rank <= ?3
                 AND (rank < ?3 OR key > ?4) ORDER BY rank DESC, key LIMIT ?5"
            }
            Listing::Smallest => {
                "SELECT rank, key FROM ranks WHERE shelf = ?1 AND grp = ?2 AND rank >= ?3
                 AND (rank > ?3 OR key > ?4) ORDER BY rank, key LIMIT ?5"
            }
            Listing::Key => {
                "SELECT rank, key FROM ranks WHERE shelf = ?1 AND grp = ?2 AND key > ?4
                 AND ?3 IS NOT NULL ORDER BY key LIMIT ?5"
            }
        };
        all!(self, sql, params![page.shelf, page.group, rank, key, limit], read)
    }

    fn lock_away(&mut self, rows: &[VaultRow]) -> Result<(), LedgerError> {
        let sql = "INSERT INTO vault (seq, who, cipher) VALUES (?1, ?2, ?3)";
        let mut step = self.db.prepare_cached(sql).map_err(said)?;
        for row in rows {
            step.execute(params![row.seq as i64, row.who, row.cipher]).map_err(said)?;
        }
        Ok(())
    }

    fn locked(&mut self, seq: u64) -> Result<Option<Vec<u8>>, LedgerError> {
        self.db
            .prepare_cached("SELECT cipher FROM vault WHERE seq = ?1")
            .and_then(|mut step| step.query_row([seq as i64], |row| row.get(0)).optional())
            .map_err(said)
    }

    fn vault(&mut self, after: u64, until: u64) -> Result<Vec<VaultRow>, LedgerError> {
        let sql = "SELECT seq, who, cipher FROM vault WHERE seq > ?1 AND seq <= ?2 ORDER BY seq";
        let until = i64::try_from(until).unwrap_or(i64::MAX);
        all!(self, sql, params![after as i64, until], |row: &SqlRow<'_>| Ok(VaultRow {
            seq: row.get::<_, i64>(0)? as u64,
            who: row.get(1)?,
            cipher: row.get(2)?,
        }))
    }

    fn unlock(&mut self, seq: u64) -> Result<(), LedgerError> {
        self.run_with("DELETE FROM vault WHERE seq = ?1", [seq as i64])
    }

    fn clear_projections(&mut self) -> Result<(), LedgerError> {
        self.run("DELETE FROM docs WHERE shelf >= 'p:' AND shelf < 'p;'")?;
        self.run("DELETE FROM ranks WHERE shelf >= 'p:' AND shelf < 'p;'")
    }

    fn meta(&mut self, name: &str) -> Result<Option<String>, LedgerError> {
        self.db
            .prepare_cached("SELECT value FROM meta WHERE name = ?1")
            .and_then(|mut step| step.query_row([name], |row| row.get(0)).optional())
            .map_err(said)
    }

    fn set_meta(&mut self, name: &str, value: &str) -> Result<(), LedgerError> {
        self.db
            .prepare_cached(
                "INSERT INTO meta (name, value) VALUES (?1, ?2)
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            )
            .and_then(|mut step| step.execute([name, value]))
            .map_err(said)?;
        Ok(())
    }

    fn tidy(&mut self) -> Result<(), LedgerError> {
        // What was removed is zeroed in the pages; the pages before that lie in the WAL until it is cut.
        cut_log(&self.db)
            .map_err(said)?
            .ok_or_else(|| LedgerError::Unavailable { why: "a reader holds the log".to_owned() })
    }
}
