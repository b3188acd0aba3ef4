//! Who waits? A queue from which one thread takes everything that waits at once.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A closable queue.
pub(crate) struct Queue<T> {
    waiting: Mutex<Waiting<T>>,
    came: Condvar,
}

struct Waiting<T> {
    items: VecDeque<T>,
    is_closed: bool,
}

impl<T> Queue<T> {
    /// Returns an empty queue.
    pub(crate) fn new() -> Self {
        let waiting = Waiting { items: VecDeque::new(), is_closed: false };
        Self { waiting: Mutex::new(waiting), came: Condvar::new() }
    }

    /// Adds an item; gives it back if the queue is closed.
    pub(crate) fn push(&self, item: T) -> Result<(), T> {
        let mut waiting = self.lock();
        if waiting.is_closed {
            return Err(item);
        }
        waiting.items.push_back(item);
        drop(waiting);
        self.came.notify_one();
        Ok(())
    }

    /// Takes up to `most` items, waiting for the first; none if the queue is closed and empty, or `patience` is
    /// over.
    pub(crate) fn take(&self, most: usize, patience: Duration) -> Taken<T> {
        let mut waiting = self.lock();
        if waiting.items.is_empty() && !waiting.is_closed {
            let empty = |it: &mut Waiting<T>| it.items.is_empty() && !it.is_closed;
            waiting = self
                .came
                .wait_timeout_while(waiting, patience, empty)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        let n = waiting.items.len().min(most);
        let items: Vec<T> = waiting.items.drain(..n).collect();
        if !items.is_empty() {
            Taken::Items(items)
        } else if waiting.is_closed {
            Taken::Closed
        } else {
            Taken::Nothing
        }
    }

    /// Accepts nothing more; what waits is still taken.
    pub(crate) fn close(&self) {
        self.lock().is_closed = true;
        self.came.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Waiting<T>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a queue held.
pub(crate) enum Taken<T> {
    /// These items.
    Items(Vec<T>),
    /// Nothing came in time.
    Nothing,
    /// Nothing will come any more.
    Closed,
}
