//! How is a state of the ledger read while others write? Threads with a connection each.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use crate::books::{Books, Mode};
use crate::error::LedgerError;
use crate::queue::{Queue, Taken};
use crate::shelves::Shelves;
use crate::store::Store;
use crate::writer::{Shared, Work, words_of};

/// Connections that read.
pub(crate) const READERS: usize = 4;

/// Further connections, for looks at a thousand people.
pub(crate) const WIDE_READERS: usize = 4;

/// Further connections, for looks that take seconds.
pub(crate) const LONG_READERS: usize = 2;

/// One thread's side of the ledger.
pub(crate) struct Reader {
    store: Box<dyn Store>,
    shared: Arc<Shared>,
}

impl Reader {
    pub(crate) fn new(store: Box<dyn Store>, shared: Arc<Shared>) -> Self {
        Self { store, shared }
    }

    /// Works until the queue is closed.
    pub(crate) fn run(mut self, queue: &Queue<Box<dyn Work>>) {
        loop {
            match queue.take(1, Duration::from_mins(1)) {
                Taken::Items(works) => {
                    for mut work in works {
                        if !work.begins() {
                            continue;
                        }
                        if let Err(error) = self.piece(work.as_mut()) {
                            work.fail(error);
                        }
                        work.answer();
                    }
                }
                Taken::Nothing => {}
                Taken::Closed => return,
            }
        }
    }

    /// Runs one piece of work on one state of the ledger.
    fn piece(&mut self, work: &mut dyn Work) -> Result<(), LedgerError> {
        self.store.rollback();
        let familiar = &self.shared.familiar;
        let reached = familiar.reached();
        self.store.begin_reading()?;
        self.shared.keys().drop_stale()?;
        let head = self.store.head()?;
        if head.map_or(0, |head| head.seq) < reached {
            // The database has lost what it had: what is kept may be of entries that are none any more.
            familiar.forget(None);
        }
        let mut shelves = Shelves::default();
        let at = (Mode::Reading, head);
        let mut books =
            Books::over(self.store.as_mut(), &mut shelves, &self.shared.keys, at).knowing(familiar);
        let ran = catch_unwind(AssertUnwindSafe(|| work.run(&mut books)));
        self.store.rollback();
        match ran {
            Ok(_) => Ok(()),
            Err(panic) => Err(LedgerError::WorkFailed { why: words_of(panic.as_ref()) }),
        }
    }
}
