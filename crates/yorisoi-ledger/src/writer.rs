//! How do many writers share one flush? The thread that runs all pieces of work, batch by batch.
//!
//! Whatever waits is taken into one transaction, each piece behind a mark of its own; the flush at the end is paid
//! once, and every caller is answered after it. While a flush runs the next batch gathers, so that batches
//! grow with the load by themselves.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::broadcast;

use crate::books::{Books, Done, Erasure, Mode, finish_erasures};
use crate::chain;
use crate::error::LedgerError;
use crate::familiar::Familiar;
use crate::health::{ClockJump, Health};
use crate::keys::KeyStore;
use crate::ledger::Change;
use crate::queue::{Queue, Taken};
use crate::shelves::Shelves;
use crate::store::{Damage, Head, Store, Watched};
use crate::touched::Teller;

/// Pieces of work in one transaction at most.
const BATCH_MAX: usize = 512;

/// How long the writer may take for one batch before whoever else wants to write is told that it is slow: no disk takes
/// so long for its work.
pub(crate) const SLOW_AFTER: Duration = Duration::from_secs(10);

/// How long to wait before asking a store that failed whether it is back.
const PROBE_EVERY: Duration = Duration::from_secs(1);

/// What a store that failed has to take before it is called back: more than one entry with all that follows from it.
const PROBE_BYTES: usize = 64 * 1024;

/// Steps of the clock that are kept for `jumps`.
const JUMPS_KEPT: usize = 100;

/// A piece of work, with whoever waits for it.
pub(crate) trait Work: Send {
    /// Whether it may append.
    fn mode(&self) -> Mode;
    /// Said right before it may look at the ledger; `false` if nobody waits for its answer any more.
    fn begins(&mut self) -> bool;
    /// Runs it and keeps its result; says whether it succeeded.
    fn run(&mut self, books: &mut Books<'_>) -> bool;
    /// Puts an error in place of its result.
    fn fail(&mut self, error: LedgerError);
    /// Answers whoever waits.
    fn answer(self: Box<Self>);
}

/// What writer, readers and handles share.
pub(crate) struct Shared {
    pub(crate) keys: Arc<Mutex<KeyStore>>,
    pub(crate) health: Mutex<Health>,
    /// Whom readers know already.
    pub(crate) familiar: Familiar,
    pub(crate) jumps: Mutex<Vec<ClockJump>>,
    /// The newest entry's time, as the writer saw it last.
    pub(crate) newest_at: Mutex<Option<Timestamp>>,
    pub(crate) changes: broadcast::Sender<Change>,
    /// What a store found that is damaged: it is not written any more until somebody has mended it.
    damage: Arc<Damage>,
    /// Since when the writer is at one batch.
    busy_since: Mutex<Option<Instant>>,
    /// How long it may be.
    patience: Duration,
}

impl Shared {
    pub(crate) fn new(
        keys: Mutex<KeyStore>,
        changes: broadcast::Sender<Change>,
        patience: Duration,
    ) -> Self {
        Self {
            keys: Arc::new(keys),
            health: Mutex::new(Health::Ready),
            familiar: Familiar::default(),
            jumps: Mutex::new(Vec::new()),
            newest_at: Mutex::new(None),
            changes,
            damage: Arc::default(),
            busy_since: Mutex::new(None),
            patience,
        }
    }

    /// A store that tells everybody when it finds itself damaged.
    pub(crate) fn watched(&self, store: Box<dyn Store>) -> Box<dyn Store> {
        Box::new(Watched::new(store, Arc::clone(&self.damage)))
    }

    /// How long the writer has been at one batch, if that is longer than it may be.
    fn stalled_for(&self) -> Option<Duration> {
        let since = *self.busy_since.lock().unwrap_or_else(PoisonError::into_inner);
        since.map(|since| since.elapsed()).filter(|busy| *busy > self.patience)
    }

    /// Why there is no point in waiting for the writer, if there is none.
    pub(crate) fn stalled(&self) -> Option<LedgerError> {
        self.stalled_for().map(|busy| {
            let seconds = busy.as_secs();
            let why = format!("it is slow: one write has taken {seconds} s so far");
            LedgerError::Unavailable { why }
        })
    }

    #[expect(clippy::disallowed_methods, reason = "a disk that hangs is found by time alone")]
    fn set_busy(&self, is_busy: bool) {
        let now = is_busy.then(Instant::now);
        *self.busy_since.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }
    pub(crate) fn keys(&self) -> MutexGuard<'_, KeyStore> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_health(&self, health: Health) {
        *self.health.lock().unwrap_or_else(PoisonError::into_inner) = health;
    }

    pub(crate) fn health(&self) -> Health {
        if let Some(found) = self.damage.found() {
            return Health::Damaged { why: found.to_string() };
        }
        let health = self.health.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match self.stalled_for() {
            Some(busy) if health.is_ready() => Health::Slow { seconds: busy.as_secs() },
            _ => health,
        }
    }

    fn set_newest(&self, head: Option<Head>) {
        let newest_at = head.map(|head| chain::from_micros(head.at_micros));
        *self.newest_at.lock().unwrap_or_else(PoisonError::into_inner) = newest_at;
    }

    pub(crate) fn newest_at(&self) -> Option<Timestamp> {
        *self.newest_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The writer's side of the ledger.
pub(crate) struct Writer {
    store: Box<dyn Store>,
    shelves: Shelves,
    /// The newest entry after the last commit of this writer.
    head: Option<Head>,
    shared: Arc<Shared>,
    teller: Teller,
    /// Erasures that are committed, and whose keys are not destroyed yet.
    unfinished: Vec<Erasure>,
    /// Whether files of the store may still hold what was removed.
    is_untidy: bool,
}

impl Writer {
    pub(crate) fn new(store: Box<dyn Store>, shared: Arc<Shared>) -> Self {
        Self {
            store,
            shelves: Shelves::default(),
            head: None,
            shared,
            teller: Teller::default(),
            unfinished: Vec::new(),
            is_untidy: false,
        }
    }

    /// Works until the queue is closed.
    pub(crate) fn run(mut self, queue: &Queue<Box<dyn Work>>) {
        loop {
            match queue.take(BATCH_MAX, PROBE_EVERY) {
                Taken::Items(batch) => self.batch(batch),
                Taken::Nothing => {
                    let was_ready = self.shared.health().is_ready();
                    let found = if was_ready { Health::Ready } else { self.probe() };
                    self.finish_with(found);
                }
                Taken::Closed => return,
            }
        }
    }

    fn batch(&mut self, mut batch: Vec<Box<dyn Work>>) {
        self.shared.set_busy(true);
        match self.transaction(&mut batch) {
            Ok(()) => self.finish_with(Health::Ready),
            Err(error) => {
                self.store.rollback();
                self.shelves.forget();
                for work in &mut batch {
                    work.fail(error.clone());
                }
                self.shared.set_health(health_after(&error));
            }
        }
        self.shared.set_busy(false);
        batch.into_iter().for_each(Work::answer);
    }

    fn transaction(&mut self, batch: &mut [Box<dyn Work>]) -> Result<(), LedgerError> {
        let mut head = self.store.begin()?;
        self.shared.set_newest(head);
        self.shared.keys().drop_stale()?;
        if head != self.head {
            // Another process has written: what is held in memory may be old.
            self.shelves.forget();
        }
        let before = head;
        let mut done = Vec::new();
        drop(self.shelves.take_touched());
        for work in &mut *batch {
            if !work.begins() {
                continue;
            }
            if let Some((it, newest)) = self.piece(work.as_mut(), head)? {
                head = newest;
                done.push(it);
            }
        }
        if !done.iter().any(|it| it.has_written) {
            self.store.rollback();
            return Ok(());
        }
        let touched = self.shelves.take_touched();
        self.teller.tell(self.store.as_mut(), (before, head), touched)?;
        // Keys first: an entry whose key is lost would be lost itself.
        self.shared.keys().flush()?;
        self.store.commit()?;
        self.head = head;
        self.shared.set_newest(head);
        self.tell(done);
        Ok(())
    }

    /// Runs one piece of work behind a mark; an error of the store ends the batch, one of the work only the work.
    fn piece(
        &mut self,
        work: &mut dyn Work,
        head: Option<Head>,
    ) -> Result<Option<(Done, Option<Head>)>, LedgerError> {
        self.store.mark()?;
        let keys = Arc::clone(&self.shared.keys);
        let at = (work.mode(), head);
        let mut books = Books::over(self.store.as_mut(), &mut self.shelves, &keys, at);
        // What the work leaves half done is rolled back or forgotten below.
        let ran = catch_unwind(AssertUnwindSafe(|| work.run(&mut books)));
        let closed = match ran {
            Ok(true) => books.close(),
            Ok(false) => {
                if let Some(error) = books.failure() {
                    // A store that fails one piece of work is not trusted with the rest of the batch.
                    return Err(error);
                }
                self.shelves.forget();
                self.store.back_to_mark()?;
                return Ok(None);
            }
            Err(panic) => Err(LedgerError::WorkFailed { why: words_of(panic.as_ref()) }),
        };
        match closed {
            Ok(done) => {
                self.store.keep_mark()?;
                Ok(Some(done))
            }
            // SQLite may have rolled back everything by itself: there is no mark to go back to.
            Err(error) if error.is_unavailable() => Err(error),
            Err(error) => {
                self.shelves.forget();
                self.store.back_to_mark()?;
                work.fail(error);
                Ok(None)
            }
        }
    }

    /// Tells of what is committed. From here on nothing may fail the work: it has happened.
    fn tell(&mut self, done: Vec<Done>) {
        for it in done {
            for change in it.changes {
                // Nobody listening is no error.
                let _ = self.shared.changes.send(change);
            }
            if !it.erased.is_empty() {
                // Who was forgotten is in nobody's memory.
                self.shared.familiar.forget(self.head);
            }
            self.unfinished.extend(it.erased);
            let mut jumps = self.shared.jumps.lock().unwrap_or_else(PoisonError::into_inner);
            let room = JUMPS_KEPT.saturating_sub(jumps.len());
            jumps.extend(it.jumps.into_iter().take(room));
        }
    }

    /// Finishes what can be finished, and only then says that all is well, if it is.
    fn finish_with(&mut self, found: Health) {
        let finished = self.finish();
        self.shared.set_health(if found.is_ready() { finished } else { found });
    }

    /// Destroys the keys of those whose erasure is committed. What cannot be done now is done as soon as it can: a
    /// reminder stands in the store, and until then the ledger says that something is wrong.
    fn finish(&mut self) -> Health {
        if !self.unfinished.is_empty() {
            let finished =
                finish_erasures(self.store.as_mut(), &mut self.shared.keys(), &self.unfinished);
            if let Err(error) = finished {
                self.store.rollback();
                return health_after(&error);
            }
            self.unfinished.clear();
            self.is_untidy = true;
        }
        // What is left in files is sealed with keys that are gone: a reader in the way is waited for at leisure.
        self.is_untidy = self.is_untidy && self.store.tidy().is_err();
        Health::Ready
    }

    /// Asks a store that failed whether it writes again.
    fn probe(&mut self) -> Health {
        let answer = self.store.begin().and_then(|_| {
            // A little room is not enough: the next entry would be refused again.
            self.store.set_meta("probe", &"x".repeat(PROBE_BYTES))?;
            self.store.set_meta("probe", "1")?;
            self.store.commit()
        });
        self.store.rollback();
        answer.map_or_else(|error| health_after(&error), |()| Health::Ready)
    }
}

fn health_after(error: &LedgerError) -> Health {
    match error {
        LedgerError::ReadOnly { why } => Health::ReadOnly { why: why.clone() },
        other => Health::Unavailable { why: other.to_string() },
    }
}

/// The message of a panic.
pub(crate) fn words_of(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message").to_owned()
}
