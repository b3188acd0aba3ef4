//! How does PostgreSQL do it?
//!
//! One connection, made anew after it was lost. Whoever writes holds the lock on one row from the beginning of the
//! transaction to its end, so that the nodes of a house take turns and the chain stays one.

use std::collections::HashMap;
use std::time::Duration;

use postgres::types::ToSql;
use postgres::{Client, Config, Row as SqlRow, Statement};

use super::tls::{MakeTls, Wanted};
use super::{Doc, FORMAT, Hash, Head, Listing, Page, Rank, Row, Store, VaultRow};
use crate::error::LedgerError;

const SCHEMA: &str = include_str!("schema_postgres.sql");

/// How long to wait for a server that does not answer.
const CONNECT_WAIT: Duration = Duration::from_secs(5);

/// Set for each connection: an answer comes after the flush, and nobody waits for a lock for ever.
const SETTINGS: &str = "SET synchronous_commit TO on; SET lock_timeout TO '10s';
                        SET idle_in_transaction_session_timeout TO '60s';
                        SET client_min_messages TO warning";

/// A lock that guards the making of tables: two nodes may begin together.
const MAKING: i64 = 0x796f_7269_736f_6969;

/// A connection to one PostgreSQL database.
pub(crate) struct PostgresStore {
    config: Config,
    tls: MakeTls,
    client: Option<Client>,
    statements: HashMap<&'static str, Statement>,
}

impl PostgresStore {
    /// Connects, and makes the tables where there are none.
    pub(crate) fn open(url: &str) -> Result<Self, LedgerError> {
        let mut store = Self::connected(url)?;
        store.make_tables()?;
        Ok(store)
    }

    /// Connects to a database whose tables are there.
    pub(crate) fn connected(url: &str) -> Result<Self, LedgerError> {
        let wanted = Wanted::of(url)?;
        let mut config: Config = wanted.url.parse().map_err(|error: postgres::Error| {
            // The parser's own words do not repeat the URL, which may hold a password.
            LedgerError::Unavailable { why: format!("the database URL cannot be read: {error}") }
        })?;
        config.connect_timeout(CONNECT_WAIT).keepalives_idle(Duration::from_secs(30));
        config.ssl_mode(wanted.mode);
        let tls = wanted.maker()?;
        let mut store = Self { config, tls, client: None, statements: HashMap::new() };
        store.client()?;
        Ok(store)
    }

    fn make_tables(&mut self) -> Result<(), LedgerError> {
        let client = self.client()?;
        let mut step = client.transaction().map_err(|error| said(&error))?;
        step.execute("SELECT pg_advisory_xact_lock($1)", &[&MAKING])
            .map_err(|error| said(&error))?;
        let there: bool = step
            .query_one("SELECT to_regclass('meta') IS NOT NULL", &[])
            .map_err(|error| said(&error))?
            .get(0);
        let mut format = 0;
        if there {
            let known = step
                .query_opt("SELECT value FROM meta WHERE name = 'format'", &[])
                .map_err(|error| said(&error))?;
            format = known.and_then(|row| row.get::<_, String>(0).parse().ok()).unwrap_or(0);
        }
        if format > FORMAT {
            return Err(LedgerError::NewerFormat { actual: format, known: FORMAT });
        }
        if format < FORMAT {
            let mark = format!(
                "INSERT INTO meta (name, value) VALUES ('format', '{FORMAT}')
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value"
            );
            step.batch_execute(SCHEMA).map_err(|error| said(&error))?;
            step.batch_execute(&mark).map_err(|error| said(&error))?;
        }
        step.commit().map_err(|error| said(&error))
    }

    fn client(&mut self) -> Result<&mut Client, LedgerError> {
        if self.client.as_ref().is_some_and(Client::is_closed) {
            self.client = None;
        }
        if self.client.is_none() {
            self.statements.clear();
            let mut client = self.config.connect(self.tls.clone()).map_err(|error| said(&error))?;
            client.batch_execute(SETTINGS).map_err(|error| said(&error))?;
            self.client = Some(client);
        }
        self.client.as_mut().ok_or_else(lost)
    }

    /// The connection of the transaction that runs: if it was lost, so was the transaction.
    fn running(&mut self, sql: &'static str) -> Result<(&mut Client, Statement), LedgerError> {
        let client = self.client.as_mut().ok_or_else(lost)?;
        if let Some(statement) = self.statements.get(sql) {
            return Ok((client, statement.clone()));
        }
        let statement = client.prepare(sql).map_err(|error| said(&error))?;
        self.statements.insert(sql, statement.clone());
        Ok((client, statement))
    }

    fn query(
        &mut self,
        sql: &'static str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<SqlRow>, LedgerError> {
        let (client, statement) = self.running(sql)?;
        client.query(&statement, params).map_err(|error| said(&error))
    }

    fn execute(
        &mut self,
        sql: &'static str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<(), LedgerError> {
        let (client, statement) = self.running(sql)?;
        client.execute(&statement, params).map_err(|error| said(&error))?;
        Ok(())
    }

    fn batch(&mut self, sql: &str) -> Result<(), LedgerError> {
        let client = self.client.as_mut().ok_or_else(lost)?;
        client.batch_execute(sql).map_err(|error| said(&error))
    }
}

fn lost() -> LedgerError {
    LedgerError::Unavailable { why: "the connection to the database was lost".to_owned() }
}

/// Says in the ledger's own words what PostgreSQL said.
fn said(error: &postgres::Error) -> LedgerError {
    let Some(known) = error.as_db_error() else {
        // What went wrong in a handshake stands one level below.
        let below = std::error::Error::source(error).map(|it| format!(": {it}"));
        let below = below.filter(|below| !error.to_string().ends_with(below.as_str()));
        let why = format!("the database does not answer: {error}{}", below.unwrap_or_default());
        return LedgerError::Unavailable { why };
    };
    let why = known.message().to_owned();
    match known.code().code() {
        "53100" => LedgerError::ReadOnly { why: format!("the database's disk is full ({why})") },
        "25006" => LedgerError::ReadOnly { why },
        "XX001" | "XX002" => LedgerError::Damaged { why },
        _ => LedgerError::Unavailable { why },
    }
}

fn hash(bytes: &[u8]) -> Result<Hash, LedgerError> {
    bytes.try_into().map_err(|_| LedgerError::Damaged { why: "a hash is cut off".to_owned() })
}

fn entry_row(row: &SqlRow) -> Result<Row, LedgerError> {
    Ok(Row {
        seq: row.get::<_, i64>(0) as u64,
        at_micros: row.get(1),
        who: row.get(2),
        hash: hash(row.get(3))?,
        bytes: row.get(4),
    })
}

fn doc_row(row: &SqlRow) -> Doc {
    Doc { shelf: row.get(0), key: row.get(1), doc: row.get(2) }
}

fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

impl Store for PostgresStore {
    fn begin(&mut self) -> Result<Option<Head>, LedgerError> {
        self.client()?;
        self.batch("BEGIN; SELECT FROM meta WHERE name = 'head' FOR UPDATE")?;
        self.head()
    }

    fn begin_reading(&mut self) -> Result<(), LedgerError> {
        self.client()?;
        self.batch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    }

    fn mark(&mut self) -> Result<(), LedgerError> {
        self.batch("SAVEPOINT work")
    }

    fn keep_mark(&mut self) -> Result<(), LedgerError> {
        self.batch("RELEASE work")
    }

    fn back_to_mark(&mut self) -> Result<(), LedgerError> {
        self.batch("ROLLBACK TO work; RELEASE work")
    }

    fn commit(&mut self) -> Result<(), LedgerError> {
        self.batch("COMMIT")
    }

    fn rollback(&mut self) {
        // A connection that cannot even roll back is dropped: the server rolls back by itself.
        if self.client.is_some() && self.batch("ROLLBACK").is_err() {
            self.client = None;
        }
    }

    fn head(&mut self) -> Result<Option<Head>, LedgerError> {
        let rows =
            self.query("SELECT seq, at, hash FROM entries ORDER BY seq DESC LIMIT 1", &[])?;
        let head = |row: &SqlRow| {
            let seq = row.get::<_, i64>(0) as u64;
            Ok(Head { seq, at_micros: row.get(1), hash: hash(row.get(2))? })
        };
        rows.first().map(head).transpose()
    }

    fn push(&mut self, rows: &[Row]) -> Result<(), LedgerError> {
        let sql = "INSERT INTO entries (seq, at, who, hash, bytes) VALUES ($1, $2, $3, $4, $5)";
        for row in rows {
            let (seq, hash) = (signed(row.seq), &row.hash[..]);
            self.execute(sql, &[&seq, &row.at_micros, &row.who, &hash, &row.bytes])?;
        }
        Ok(())
    }

    fn rows(&mut self, after: u64, limit: usize) -> Result<Vec<Row>, LedgerError> {
        let sql =
            "SELECT seq, at, who, hash, bytes FROM entries WHERE seq > $1 ORDER BY seq LIMIT $2";
        self.query(sql, &[&signed(after), &(limit as i64)])?.iter().map(entry_row).collect()
    }

    fn rows_of(&mut self, who: i64, before: u64, limit: usize) -> Result<Vec<Row>, LedgerError> {
        let sql = "SELECT seq, at, who, hash, bytes FROM entries WHERE who = $1 AND seq < $2
                   ORDER BY seq DESC LIMIT $3";
        self.query(sql, &[&who, &signed(before), &(limit as i64)])?.iter().map(entry_row).collect()
    }

    fn get(&mut self, shelf: &str, key: &str) -> Result<Option<Vec<u8>>, LedgerError> {
        // No text of this database holds a zero byte, so that nothing stands under such a name.
        if key.contains('\0') {
            return Ok(None);
        }
        let sql = "SELECT doc FROM docs WHERE shelf = $1 AND key = $2";
        Ok(self.query(sql, &[&shelf, &key])?.first().map(|row| row.get(0)))
    }

    fn put(&mut self, docs: &[Doc]) -> Result<(), LedgerError> {
        // One statement, whatever their number: each would be a journey of its own.
        let sql = "INSERT INTO docs (shelf, key, doc)
                   SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[])
                   ON CONFLICT (shelf, key) DO UPDATE SET doc = excluded.doc";
        let shelves: Vec<&str> = docs.iter().map(|doc| doc.shelf.as_str()).collect();
        let keys: Vec<&str> = docs.iter().map(|doc| doc.key.as_str()).collect();
        let bodies: Vec<&[u8]> = docs.iter().map(|doc| doc.doc.as_slice()).collect();
        self.execute(sql, &[&shelves, &keys, &bodies])
    }

    fn remove(&mut self, shelf: &str, key: &str) -> Result<(), LedgerError> {
        self.execute("DELETE FROM docs WHERE shelf = $1 AND key = $2", &[&shelf, &key])?;
        self.execute("DELETE FROM ranks WHERE shelf = $1 AND key = $2", &[&shelf, &key])
    }

    fn remove_until(&mut self, shelf: &str, until: &str) -> Result<(), LedgerError> {
        self.execute("DELETE FROM docs WHERE shelf = $1 AND key < $2", &[&shelf, &until])
    }

    fn list(&mut self, shelf: &str, after: &str, limit: usize) -> Result<Vec<Doc>, LedgerError> {
        let sql = "SELECT shelf, key, doc FROM docs WHERE shelf = $1 AND key > $2
                   ORDER BY key LIMIT $3";
        Ok(self.query(sql, &[&shelf, &after, &(limit as i64)])?.iter().map(doc_row).collect())
    }

    fn list_shelves(
        &mut self,
        prefix: &str,
        after: (&str, &str),
        limit: usize,
    ) -> Result<Vec<Doc>, LedgerError> {
        let sql = "SELECT shelf, key, doc FROM docs
                   WHERE shelf >= $1 AND shelf < $2 AND (shelf, key) > ($3, $4)
                   ORDER BY shelf, key LIMIT $5";
        let end = format!("{prefix}\u{10FFFF}");
        let rows = self.query(sql, &[&prefix, &end, &after.0, &after.1, &(limit as i64)])?;
        Ok(rows.iter().map(doc_row).collect())
    }

    fn rank(&mut self, ranks: &[Rank]) -> Result<(), LedgerError> {
        let put = "INSERT INTO ranks (shelf, key, grp, rank) VALUES ($1, $2, $3, $4)
                   ON CONFLICT (shelf, key, grp) DO UPDATE SET rank = excluded.rank
                   WHERE ranks.rank <> excluded.rank";
        let remove = "DELETE FROM ranks WHERE shelf = $1 AND key = $2 AND grp = $3";
        for it in ranks {
            match it.rank {
                Some(rank) => self.execute(put, &[&it.shelf, &it.key, &it.group, &rank])?,
                None => self.execute(remove, &[&it.shelf, &it.key, &it.group])?,
            }
        }
        Ok(())
    }

    fn ranks_of(&mut self, shelf: &str, key: &str) -> Result<Vec<Rank>, LedgerError> {
        let sql =
            "SELECT shelf, grp, key, rank FROM ranks WHERE shelf = $1 AND key = $2 ORDER BY grp";
        let rows = self.query(sql, &[&shelf, &key])?;
        let rank = |row: &SqlRow| Rank {
            shelf: row.get(0),
            group: row.get(1),
            key: row.get(2),
            rank: row.get(3),
        };
        Ok(rows.iter().map(rank).collect())
    }

    fn ranked(&mut self, page: &Page<'_>) -> Result<Vec<(f64, String)>, LedgerError> {
        let limit = page.limit as i64;
        let (rank, key) = page.from();
        let rows = match page.by {
            Listing::Largest => {
                let sql = "SELECT rank, key FROM ranks WHERE shelf = $1 AND grp = $2 AND rank <= $3
                           AND (rank < $3 OR key > $4) ORDER BY rank DESC, key LIMIT $5";
                self.query(sql, &[&page.shelf, &page.group, &rank, &key, &limit])?
            }
            Listing::Smallest => {
                let sql = "SELECT rank, key FROM ranks WHERE shelf = $1 AND grp = $2 AND rank >= $3
                           AND (rank > $3 OR key > $4) ORDER BY rank, key LIMIT $5";
                self.query(sql, &[&page.shelf, &page.group, &rank, &key, &limit])?
            }
            Listing::Key => {
                let sql = "SELECT rank, key FROM ranks WHERE shelf = $1 AND grp = $2 AND key > $3
                           ORDER BY key LIMIT $4";
                self.query(sql, &[&page.shelf, &page.group, &key, &limit])?
            }
        };
        Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
    }

    fn lock_away(&mut self, rows: &[VaultRow]) -> Result<(), LedgerError> {
        let sql = "INSERT INTO vault (seq, who, cipher) VALUES ($1, $2, $3)";
        for row in rows {
            self.execute(sql, &[&signed(row.seq), &row.who, &row.cipher])?;
        }
        Ok(())
    }

    fn locked(&mut self, seq: u64) -> Result<Option<Vec<u8>>, LedgerError> {
        let rows = self.query("SELECT cipher FROM vault WHERE seq = $1", &[&signed(seq)])?;
        Ok(rows.first().map(|row| row.get(0)))
    }

    fn vault(&mut self, after: u64, until: u64) -> Result<Vec<VaultRow>, LedgerError> {
        let sql = "SELECT seq, who, cipher FROM vault WHERE seq > $1 AND seq <= $2 ORDER BY seq";
        let rows = self.query(sql, &[&signed(after), &signed(until)])?;
        let row = |row: &SqlRow| VaultRow {
            seq: row.get::<_, i64>(0) as u64,
            who: row.get(1),
            cipher: row.get(2),
        };
        Ok(rows.iter().map(row).collect())
    }

    fn unlock(&mut self, seq: u64) -> Result<(), LedgerError> {
        self.execute("DELETE FROM vault WHERE seq = $1", &[&signed(seq)])
    }

    fn clear_projections(&mut self) -> Result<(), LedgerError> {
        self.batch(
            "DELETE FROM docs WHERE shelf >= 'p:' AND shelf < 'p;';
             DELETE FROM ranks WHERE shelf >= 'p:' AND shelf < 'p;'",
        )
    }

    fn meta(&mut self, name: &str) -> Result<Option<String>, LedgerError> {
        let rows = self.query("SELECT value FROM meta WHERE name = $1", &[&name])?;
        Ok(rows.first().map(|row| row.get(0)))
    }

    fn set_meta(&mut self, name: &str, value: &str) -> Result<(), LedgerError> {
        self.execute(
            "INSERT INTO meta (name, value) VALUES ($1, $2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            &[&name, &value],
        )
    }

    fn tidy(&mut self) -> Result<(), LedgerError> {
        self.client()?;
        self.batch("VACUUM vault")
    }
}
