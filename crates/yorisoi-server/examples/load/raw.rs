//! What does SQLite do by itself with the same bytes? One table, one writer that flushes what waits, nothing else.

use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};

use rusqlite::{Connection, OpenFlags};
use tokio::sync::oneshot;

use crate::Failure;

/// Rows that one commit takes at most: as many as the ledger.
const BATCH_MAX: usize = 512;

/// What a ledger holds of entries and of what is personal beside them.
#[derive(Clone, Copy)]
pub(crate) struct Held {
    bytes: u64,
}

impl Held {
    /// Looks into a ledger beside whoever writes to it.
    pub(crate) fn of(ledger: &Path) -> Result<Self, Failure> {
        let db = Connection::open_with_flags(ledger, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let sql = "SELECT (SELECT total(length(bytes)) FROM entries)
                        + (SELECT total(length(cipher)) FROM vault)";
        let bytes: f64 = db.query_row(sql, [], |row| row.get(0))?;
        Ok(Self { bytes: bytes as u64 })
    }

    /// Bytes for each of so many answers since then.
    pub(crate) fn each_since(self, before: Self, answers: usize) -> usize {
        (self.bytes - before.bytes) as usize / answers.max(1)
    }
}

/// A writer of rows, each of which is acknowledged after its flush.
#[derive(Clone)]
pub(crate) struct Raw {
    waiting: Sender<oneshot::Sender<()>>,
}

impl Raw {
    /// Starts the writer over a new file.
    pub(crate) fn over(path: &Path, row_bytes: usize) -> Result<Self, Failure> {
        let db = Connection::open(path)?;
        db.pragma_update(None, "journal_mode", "WAL")?;
        db.pragma_update(None, "synchronous", "FULL")?;
        db.execute_batch("CREATE TABLE rows (n INTEGER PRIMARY KEY, body BLOB NOT NULL)")?;
        let (waiting, received) = channel();
        std::thread::spawn(move || {
            // Whoever waits hears of a failure by the end of their channel.
            let _ = run(&db, &received, &vec![7_u8; row_bytes]);
        });
        Ok(Self { waiting })
    }

    /// Writes a row and waits for its flush.
    pub(crate) async fn write(&self) -> Result<u16, Failure> {
        let (done, flushed) = oneshot::channel();
        self.waiting.send(done).map_err(|_| "the writer has ended")?;
        flushed.await?;
        Ok(200)
    }
}

fn run(
    db: &Connection,
    received: &Receiver<oneshot::Sender<()>>,
    body: &[u8],
) -> Result<(), rusqlite::Error> {
    while let Ok(first) = received.recv() {
        let mut batch = vec![first];
        batch.extend(received.try_iter().take(BATCH_MAX - 1));
        db.execute_batch("BEGIN IMMEDIATE")?;
        for _ in &batch {
            db.prepare_cached("INSERT INTO rows (body) VALUES (?1)")?.execute([body])?;
        }
        db.execute_batch("COMMIT")?;
        for done in batch {
            // Whoever does not wait any more needs no answer.
            let _ = done.send(());
        }
    }
    Ok(())
}
