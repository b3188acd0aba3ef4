//! How does a program hold a ledger? The handle: open, write, read, watch.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use tokio::sync::{broadcast, oneshot};
use yorisoi_decision::ClientId;

use crate::books::{Books, Mode, finish_erasures, pending_erasures};
use crate::error::LedgerError;
use crate::health::{ClockJump, Health};
use crate::keys::KeyStore;
use crate::piece::{Answer, Lane, Piece};
use crate::place::{LEDGER_FILE, Place};
use crate::project::FOLD;
use crate::queue::Queue;
use crate::reader::{LONG_READERS, READERS, Reader, WIDE_READERS};
use crate::rebuild::refold;
use crate::shelves::Shelves;
use crate::store::{PostgresStore, SqliteStore, Store};
use crate::writer::{SLOW_AFTER, Shared, Work, Writer};

/// Changes that a slow listener may be behind before it misses some.
const CHANGES_KEPT: usize = 4_096;

/// One entry that was committed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Change {
    /// Its place.
    pub seq: u64,
    /// Whom it is about.
    pub client: Option<ClientId>,
    /// What kind it is.
    pub kind: &'static str,
}

/// A ledger. Cheap to clone; the last handle that goes ends it.
#[derive(Clone)]
pub struct Ledger {
    inner: Arc<Inner>,
}

struct Inner {
    place: Place,
    shared: Arc<Shared>,
    writes: Arc<Queue<Box<dyn Work>>>,
    /// `None`: the writer reads, too, because nobody else sees its memory.
    reads: Option<Reads>,
    threads: Vec<JoinHandle<()>>,
}

/// Who waits to read. Looks at many people and long looks have readers of their own: a few of them must not keep
/// everybody out.
struct Reads {
    short: Arc<Queue<Box<dyn Work>>>,
    wide: Arc<Queue<Box<dyn Work>>>,
    long: Arc<Queue<Box<dyn Work>>>,
}

impl std::fmt::Debug for Ledger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ledger").field("health", &self.health()).finish_non_exhaustive()
    }
}

impl Ledger {
    /// Opens the ledger of a place, and makes an empty one where there is none.
    ///
    /// # Errors
    ///
    /// [`LedgerError::WrongKeys`] if the keys beside it are another ledger's; [`LedgerError::NewerFormat`];
    /// [`LedgerError::File`]; and whatever the store says.
    pub fn open(place: &Place) -> Result<Self, LedgerError> {
        aside(|| Self::over(place, (open_store(place)?, open_keys(place)?), SLOW_AFTER))
    }

    /// Starts the threads over a store and keys, with the time that a write may take.
    pub(crate) fn over(
        place: &Place,
        (mut store, keys): (Box<dyn Store>, KeyStore),
        patience: Duration,
    ) -> Result<Self, LedgerError> {
        let keys = Mutex::new(keys);
        prepare(store.as_mut(), &keys, place)?;
        let shared = Arc::new(Shared::new(keys, broadcast::channel(CHANGES_KEPT).0, patience));
        let mut threads = Vec::new();
        let writes = Arc::new(Queue::new());
        let writer = Writer::new(shared.watched(store), Arc::clone(&shared));
        threads.push(spawn("ledger-writer", &writes, move |queue| writer.run(queue))?);
        let mut reads = None;
        if *place != Place::Memory {
            let [short, wide, long] = std::array::from_fn(|_| Arc::new(Queue::new()));
            for (n, queue) in [(READERS, &short), (WIDE_READERS, &wide), (LONG_READERS, &long)] {
                for _ in 0..n {
                    let store = shared.watched(open_reader(place)?);
                    let reader = Reader::new(store, Arc::clone(&shared));
                    threads.push(spawn("ledger-reader", queue, move |queue| reader.run(queue))?);
                }
            }
            reads = Some(Reads { short, wide, long });
        }
        let inner = Inner { place: place.clone(), shared, writes, reads, threads };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Runs `work` in a transaction that may append. If it returns an error, nothing of it stays.
    ///
    /// All writes go through one thread, which puts whatever waits into one transaction: the answer comes after
    /// that transaction has been flushed to the disk. Work whose answer nobody waits for any more when its turn
    /// comes is left out.
    ///
    /// # Errors
    ///
    /// The work's own; [`LedgerError::Unavailable`], [`LedgerError::ReadOnly`] or [`LedgerError::Damaged`] if the
    /// store failed, and then nothing of it stays; [`LedgerError::WorkFailed`] if the work panicked.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Books<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<LedgerError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        self.enqueue(Lane::Write, work, answer);
        answered.await.unwrap_or_else(|_| Err(gone().into()))
    }

    /// [`Ledger::write`], waiting for the answer on this thread.
    ///
    /// # Errors
    ///
    /// Those of [`Ledger::write`].
    pub fn write_now<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Books<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<LedgerError> + Send + 'static,
    {
        let (answer, answered) = mpsc::channel();
        self.enqueue(Lane::Write, work, answer);
        answered.recv().unwrap_or_else(|_| Err(gone().into()))
    }

    /// Runs `work` on one state of the ledger; it sees nothing that is written meanwhile, and can append nothing.
    ///
    /// # Errors
    ///
    /// The work's own; whatever the store says.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Books<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<LedgerError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        self.enqueue(Lane::Read, work, answer);
        answered.await.unwrap_or_else(|_| Err(gone().into()))
    }

    /// [`Ledger::read`], for a look that takes seconds: it waits behind other long looks and keeps no short one
    /// waiting. If nobody waits for the answer any more when its turn comes, it is left out.
    ///
    /// # Errors
    ///
    /// Those of [`Ledger::read`].
    pub async fn read_long<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Books<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<LedgerError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        self.enqueue(Lane::ReadLong, work, answer);
        answered.await.unwrap_or_else(|_| Err(gone().into()))
    }

    /// [`Ledger::read`], waiting for the answer on this thread.
    ///
    /// # Errors
    ///
    /// Those of [`Ledger::read`].
    pub fn read_now<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Books<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<LedgerError> + Send + 'static,
    {
        let (answer, answered) = mpsc::channel();
        self.enqueue(Lane::Read, work, answer);
        answered.recv().unwrap_or_else(|_| Err(gone().into()))
    }

    /// Every entry from now on, after its commit. A listener that is too slow is told that it missed some.
    pub fn watch(&self) -> broadcast::Receiver<Change> {
        self.inner.shared.changes.subscribe()
    }

    /// Whether the ledger can be used now.
    pub fn health(&self) -> Health {
        self.inner.shared.health()
    }

    /// Steps of the clock that looked wrong since the ledger was opened: an entry more than a month after the one
    /// before it. They are accepted, since a house may be silent; but if the clock goes back, it stays refused
    /// until that time has come.
    pub fn clock_jumps(&self) -> Vec<ClockJump> {
        self.inner.shared.jumps.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The newest entry's time, as this program's writer saw it last; `None` before its first piece of work.
    pub fn newest_at(&self) -> Option<Timestamp> {
        self.inner.shared.newest_at()
    }

    /// A secret of this house for one purpose, the same as long as its keys are.
    pub fn secret(&self, purpose: &str) -> [u8; 32] {
        self.keys().secret(purpose)
    }

    /// Where it lives.
    pub fn place(&self) -> &Place {
        &self.inner.place
    }

    pub(crate) fn keys(&self) -> MutexGuard<'_, KeyStore> {
        self.inner.shared.keys()
    }

    pub(crate) fn enqueue<T, E, F, A>(&self, lane: Lane, work: F, answer: A)
    where
        F: FnOnce(&mut Books<'_>) -> Result<T, E> + Send + 'static,
        A: Answer<Result<T, E>> + 'static,
        T: Send + 'static,
        E: From<LedgerError> + Send + 'static,
    {
        let mode = if lane == Lane::Write { Mode::Writing } else { Mode::Reading };
        let mut piece = Piece { mode, work: Some(work), result: None, answer };
        if let Some(error) = self.inner.shared.stalled().filter(|_| lane == Lane::Write) {
            // It would only wait, and nobody could say for how long.
            piece.fail(error);
            return Box::new(piece).answer();
        }
        let queue = match (&self.inner.reads, lane) {
            (Some(reads), Lane::Read) => &reads.short,
            (Some(reads), Lane::ReadWide) => &reads.wide,
            (Some(reads), Lane::ReadLong) => &reads.long,
            _ => &self.inner.writes,
        };
        // A queue is closed only when no handle is left, so that nobody asks; whoever still does hears that
        // the answer's sender is gone.
        drop(queue.push(Box::new(piece)));
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.writes.close();
        if let Some(reads) = &self.reads {
            for queue in [&reads.short, &reads.wide, &reads.long] {
                queue.close();
            }
        }
        let here = std::thread::current().id();
        for thread in self.threads.drain(..) {
            // The last handle may go inside a piece of work: nobody waits for themselves.
            if thread.thread().id() != here {
                // A thread that panicked is gone as well.
                let _ = thread.join();
            }
        }
    }
}

pub(crate) fn gone() -> LedgerError {
    LedgerError::Unavailable { why: "the ledger has been closed".to_owned() }
}

fn spawn(
    name: &str,
    queue: &Arc<Queue<Box<dyn Work>>>,
    run: impl FnOnce(&Queue<Box<dyn Work>>) + Send + 'static,
) -> Result<JoinHandle<()>, LedgerError> {
    let queue = Arc::clone(queue);
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(move || run(&queue))
        .map_err(|error| LedgerError::Unavailable { why: error.to_string() })
}

/// Runs something on a thread of its own: PostgreSQL's client waits in a way that must not happen on a thread that
/// serves many.
pub(crate) fn aside<T: Send>(
    work: impl FnOnce() -> Result<T, LedgerError> + Send,
) -> Result<T, LedgerError> {
    std::thread::scope(|scope| scope.spawn(work).join()).unwrap_or_else(|panic| {
        Err(LedgerError::WorkFailed { why: crate::writer::words_of(panic.as_ref()) })
    })
}

fn make_folder(folder: &Path) -> Result<(), LedgerError> {
    std::fs::create_dir_all(folder).map_err(|error| LedgerError::File {
        path: folder.display().to_string(),
        why: error.to_string(),
    })
}

/// Opens the writing connection of a place.
pub(crate) fn open_store(place: &Place) -> Result<Box<dyn Store>, LedgerError> {
    match place {
        Place::Folder(folder) => {
            make_folder(folder)?;
            Ok(Box::new(SqliteStore::open(&folder.join(LEDGER_FILE))?))
        }
        Place::Postgres { url, .. } => Ok(Box::new(PostgresStore::open(url)?)),
        Place::Memory => Ok(Box::new(SqliteStore::in_memory()?)),
    }
}

/// Opens a reading connection of a place.
pub(crate) fn open_reader(place: &Place) -> Result<Box<dyn Store>, LedgerError> {
    match place {
        Place::Folder(folder) => Ok(Box::new(SqliteStore::reader(&folder.join(LEDGER_FILE))?)),
        Place::Postgres { url, .. } => Ok(Box::new(PostgresStore::connected(url)?)),
        Place::Memory => open_store(place),
    }
}

/// Opens the keys of a place.
pub(crate) fn open_keys(place: &Place) -> Result<KeyStore, LedgerError> {
    match place {
        Place::Folder(folder) | Place::Postgres { folder, .. } => {
            make_folder(folder)?;
            KeyStore::open(folder)
        }
        Place::Memory => KeyStore::in_memory(),
    }
}

/// Makes sure that ledger and keys belong together, that nobody is half forgotten, and that the projections are those
/// of this program.
fn prepare(
    store: &mut dyn Store,
    keys: &Mutex<KeyStore>,
    place: &Place,
) -> Result<(), LedgerError> {
    {
        let mut keys = keys.lock().unwrap_or_else(PoisonError::into_inner);
        check_house(store, &keys, place)?;
        let pending = pending_erasures(store)?;
        if !pending.is_empty() {
            finish_erasures(store, &mut keys, &pending)?;
            // What is left in files is sealed with keys that are gone: a reader in the way is no reason not to open.
            let _ = store.tidy();
        }
    }
    if store.meta("fold")? == Some(FOLD.to_string()) {
        return Ok(());
    }
    store.begin()?;
    let folded = refold(store, &mut Shelves::default(), keys);
    match folded {
        Ok(_) => store.commit(),
        Err(error) => {
            store.rollback();
            Err(error)
        }
    }
}

/// Makes sure that ledger and keys belong together.
fn check_house(store: &mut dyn Store, keys: &KeyStore, place: &Place) -> Result<(), LedgerError> {
    let house = keys.house();
    match store.meta("house")? {
        Some(known) if known == house => Ok(()),
        Some(_) => {
            let folder = match place {
                Place::Folder(folder) | Place::Postgres { folder, .. } => {
                    folder.display().to_string()
                }
                Place::Memory => "memory".to_owned(),
            };
            Err(LedgerError::WrongKeys { folder })
        }
        None => {
            store.begin()?;
            store.set_meta("house", &house)?;
            store.commit()
        }
    }
}
