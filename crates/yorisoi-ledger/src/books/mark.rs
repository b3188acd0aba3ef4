//! How does one part of a piece of work fail by itself? A mark to which the books go back.

use super::Books;
use crate::error::LedgerError;
use crate::store::Head;

/// Where the books stood when the mark was set.
#[derive(Debug)]
#[must_use = "a mark is kept or gone back to"]
pub struct Mark {
    head: Option<Head>,
    changes: usize,
    erased: usize,
    jumps: usize,
}

impl Books<'_> {
    /// Sets a mark: what is done from here on can be undone without the rest. Marks lie within one another.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Reading`] inside `read`, and whatever the store says.
    pub fn mark(&mut self) -> Result<Mark, LedgerError> {
        self.may_write()?;
        // What is still only in memory belongs to what came before the mark.
        self.ground.shelves.flush(self.ground.store)?;
        self.ground.store.mark()?;
        Ok(Mark {
            head: self.head,
            changes: self.done.changes.len(),
            erased: self.done.erased.len(),
            jumps: self.done.jumps.len(),
        })
    }

    /// Keeps what was done since the mark.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    #[expect(clippy::needless_pass_by_value, reason = "a mark is used once")]
    pub fn keep_since(&mut self, mark: Mark) -> Result<(), LedgerError> {
        let Mark { .. } = mark;
        self.ground.store.keep_mark()
    }

    /// Undoes what was done since the mark. Where the store itself has failed, the whole piece of work ends.
    ///
    /// # Errors
    ///
    /// What the store said when it failed, or says now.
    #[expect(clippy::needless_pass_by_value, reason = "a mark is used once")]
    pub fn back_to(&mut self, mark: Mark) -> Result<(), LedgerError> {
        if let Some(failure) = self.failure.clone() {
            return Err(failure);
        }
        self.ground.shelves.forget();
        self.ground.store.back_to_mark()?;
        self.head = mark.head;
        self.done.changes.truncate(mark.changes);
        self.done.erased.truncate(mark.erased);
        self.done.jumps.truncate(mark.jumps);
        Ok(())
    }
}
