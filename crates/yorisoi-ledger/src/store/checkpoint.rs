//! When does SQLite's log go into its database? Beside the writer, so that no commit waits for it.
//!
//! A thread with a connection of its own copies the log into the database a few times a second. While the
//! writer goes on, the log never ends there and only grows; so when it is long, and almost all of it is
//! copied, the writer copies the rest itself after a commit. Its next transaction then begins the log anew.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;

use super::said;
use crate::error::LedgerError;

/// How often the log is copied: often enough that a flush of the database is short, and seldom enough that a page
/// which many commits change is copied once for all of them.
const EVERY: Duration = Duration::from_millis(100);

/// Pages of the log from which on it should begin anew: 16 MiB.
const LONG: i64 = 4_096;

/// A pass that copies fewer pages than these has caught up.
const SHORT: i64 = 256;

/// Passes at most before the log is left as it is for now.
const PASSES_MAX: usize = 8;

/// What the thread and the writer tell each other.
#[derive(Default)]
struct Word {
    /// The writer has committed since the log was last copied.
    has_written: AtomicBool,
    /// The log is long and almost all of it is copied.
    is_long: AtomicBool,
}

/// The thread that copies the log; it ends with its owner.
pub(super) struct Checkpointer {
    word: Arc<Word>,
    /// Closed to end the thread.
    end: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    /// Begins to copy the log of a database.
    pub(super) fn beside(path: &Path) -> Result<Self, LedgerError> {
        let db = Connection::open(path).map_err(said)?;
        let word = Arc::new(Word::default());
        let (end, ended) = channel();
        let theirs = Arc::clone(&word);
        let thread = std::thread::Builder::new()
            .name("ledger-log".to_owned())
            .spawn(move || run(&db, &theirs, &ended))
            .map_err(|error| LedgerError::Unavailable { why: error.to_string() })?;
        Ok(Self { word, end: Some(end), thread: Some(thread) })
    }

    /// Takes note of a commit of the writer, and copies the rest of a long log.
    pub(super) fn committed(&self, writer: &Connection) {
        self.word.has_written.store(true, Ordering::Relaxed);
        if self.word.is_long.swap(false, Ordering::Relaxed) {
            copy_log(writer);
        }
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            // A thread that panicked is gone as well.
            let _ = thread.join();
        }
    }
}

fn run(db: &Connection, word: &Word, ended: &Receiver<()>) {
    while ended.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
        if word.has_written.swap(false, Ordering::Relaxed) {
            word.is_long.store(catch_up(db) > LONG, Ordering::Relaxed);
        }
    }
}

/// Copies the log until almost nothing is left of it; returns how many of its pages are copied.
///
/// Each pass leaves what was written during the one before. The database itself is flushed by a pass during which
/// nothing is written, which the short ones find.
fn catch_up(db: &Connection) -> i64 {
    let mut before = 0;
    for _ in 0..PASSES_MAX {
        let Some((_, copied)) = copy_log(db) else { return 0 };
        if copied - before < SHORT {
            return copied;
        }
        before = copied;
    }
    before
}

/// Copies what can be copied without waiting for anybody; returns the log's pages and how many are copied.
///
/// A failure is none of the ledger's: what is in the log is durable, and the next commit or copy says what is
/// wrong with the disk.
fn copy_log(db: &Connection) -> Option<(i64, i64)> {
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(1)?, row.get(2)?));
    db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], read).ok()
}

/// How long to wait for readers of the log before leaving it for the next time.
const CUT_WAIT: Duration = Duration::from_millis(100);

/// Writes what the log holds into the database and cuts the log; `None` if somebody who reads it is in the way, which
/// SQLite tells as a result and not as an error.
pub(crate) fn cut_log(db: &Connection) -> Result<Option<()>, rusqlite::Error> {
    db.busy_timeout(CUT_WAIT)?;
    let busy = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
    db.busy_timeout(super::sqlite::BUSY_WAIT)?;
    Ok((busy? == 0).then_some(()))
}
