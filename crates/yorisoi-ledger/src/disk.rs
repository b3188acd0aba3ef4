//! A disk that can be full or slow, for tests: what does whoever stands on a ledger do then?

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use crate::error::LedgerError;
use crate::ledger::{Ledger, open_keys};
use crate::place::{LEDGER_FILE, Place};
use crate::store::SqliteStore;

/// Pages of a disk that has room: SQLite's own limit.
const ROOM: u32 = 1_073_741_823;

/// How long a write may take on such a disk before the ledger is called slow.
const PATIENCE: Duration = Duration::from_secs(1);

/// A disk whose faults are switched on and off while a ledger runs on it. Clones are the same disk.
#[derive(Debug, Clone)]
pub struct Disk {
    pages_max: Arc<AtomicU32>,
    wait_ms: Arc<AtomicU64>,
}

impl Default for Disk {
    fn default() -> Self {
        Self { pages_max: Arc::new(AtomicU32::new(ROOM)), wait_ms: Arc::default() }
    }
}

impl Disk {
    /// From the next transaction on there is room for so many pages, and at least for those that are used.
    pub fn hold(&self, pages: u32) {
        self.pages_max.store(pages, Ordering::SeqCst);
    }

    /// There is no room for one page more.
    pub fn fill(&self) {
        self.hold(1);
    }

    /// There is room again.
    pub fn free(&self) {
        self.hold(ROOM);
    }

    /// Every flush takes so much longer.
    pub fn slow_by(&self, longer: Duration) {
        let longer = u64::try_from(longer.as_millis()).unwrap_or(u64::MAX);
        self.wait_ms.store(longer, Ordering::SeqCst);
    }

    pub(crate) fn pages_max(&self) -> u32 {
        self.pages_max.load(Ordering::SeqCst)
    }

    pub(crate) fn wait(&self) {
        std::thread::sleep(Duration::from_millis(self.wait_ms.load(Ordering::SeqCst)));
    }
}

impl Ledger {
    /// Opens the ledger of a folder on a disk with faults. A write that takes longer than a second makes it slow.
    ///
    /// # Errors
    ///
    /// Those of [`Ledger::open`].
    pub fn open_on(folder: &Path, disk: &Disk) -> Result<Self, LedgerError> {
        let place = Place::Folder(folder.to_owned());
        // A new ledger is set up while there is room.
        drop(Self::open(&place)?);
        let mut store = SqliteStore::open(&folder.join(LEDGER_FILE))?;
        store.put_on(disk.clone());
        Self::over(&place, (Box::new(store), open_keys(&place)?), PATIENCE)
    }
}
