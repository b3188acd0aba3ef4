//! What waits in a queue? A piece of work with its types, and the way back to whoever waits for it.

use std::sync::mpsc;

use tokio::sync::oneshot;

use crate::books::{Books, Mode};
use crate::error::LedgerError;
use crate::ledger::gone;
use crate::writer::Work;

/// The way back to whoever waits.
pub(crate) trait Answer<R>: Send {
    /// Whether somebody does.
    fn is_awaited(&self) -> bool;
    /// Answers; nobody there is no error.
    fn give(self, result: R);
}

impl<R: Send> Answer<R> for oneshot::Sender<R> {
    fn is_awaited(&self) -> bool {
        !self.is_closed()
    }

    fn give(self, result: R) {
        drop(self.send(result));
    }
}

impl<R: Send> Answer<R> for mpsc::Sender<R> {
    /// Whoever waits on a thread of their own waits to the end.
    fn is_awaited(&self) -> bool {
        true
    }

    fn give(self, result: R) {
        drop(self.send(result));
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

    fn is_abandoned(&self) -> bool {
        !self.answer.is_awaited()
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
