//! What waits in a queue? A piece of work with its types, and the way back to whoever waits for it.

use std::sync::mpsc;

use tokio::sync::oneshot;

use crate::books::{Books, Mode};
use crate::error::LedgerError;
use crate::ledger::{Ledger, gone};
use crate::writer::Work;

/// Where a piece of work waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lane {
    Write,
    Read,
    ReadWide,
    ReadLong,
}

/// The way back to whoever waits.
pub trait Answer<R>: Send {
    /// The work is about to begin: it sees whatever is in the ledger up to now. `false`: nobody waits any more, and it
    /// is left out. Where the ledger fails, the answer comes without a beginning.
    fn begins(&mut self) -> bool;
    /// Answers; nobody there is no error.
    fn give(self, result: R);
}

impl<R: Send> Answer<R> for oneshot::Sender<R> {
    fn begins(&mut self) -> bool {
        !self.is_closed()
    }

    fn give(self, result: R) {
        drop(self.send(result));
    }
}

impl<R: Send> Answer<R> for mpsc::Sender<R> {
    /// Whoever waits on a thread of their own waits to the end.
    fn begins(&mut self) -> bool {
        true
    }

    fn give(self, result: R) {
        drop(self.send(result));
    }
}

impl Ledger {
    /// [`Ledger::read`], for a look at many people whose answer goes its own way, to several who asked the same: nobody
    /// waits here, and it keeps no short look waiting.
    pub fn read_for<T, E, F, A>(&self, work: F, answer: A)
    where
        F: FnOnce(&mut Books<'_>) -> Result<T, E> + Send + 'static,
        A: Answer<Result<T, E>> + 'static,
        T: Send + 'static,
        E: From<LedgerError> + Send + 'static,
    {
        self.enqueue(Lane::ReadWide, work, answer);
    }
}

/// A piece of work with its types.
pub(crate) struct Piece<T, E, F, A> {
    pub(crate) mode: Mode,
    pub(crate) work: Option<F>,
    pub(crate) result: Option<Result<T, E>>,
    pub(crate) answer: A,
}

impl<T, E, F, A> Work for Piece<T, E, F, A>
where
    F: FnOnce(&mut Books<'_>) -> Result<T, E> + Send,
    A: Answer<Result<T, E>>,
    T: Send,
    E: From<LedgerError> + Send,
{
    fn mode(&self) -> Mode {
        self.mode
    }

    fn begins(&mut self) -> bool {
        self.answer.begins()
    }

    fn run(&mut self, books: &mut Books<'_>) -> bool {
        let Some(work) = self.work.take() else { return false };
        self.result.insert(work(books)).is_ok()
    }

    fn fail(&mut self, error: LedgerError) {
        self.result = Some(Err(error.into()));
    }

    fn answer(self: Box<Self>) {
        let result = self.result.unwrap_or_else(|| Err(gone().into()));
        self.answer.give(result);
    }
}
