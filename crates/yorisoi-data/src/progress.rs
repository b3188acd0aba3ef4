//! Where long work says how far it is; whoever shows it decides how.

/// Receives the progress of long work. Called from many threads.
pub trait Progress: Sync {
    /// A stage of `total` steps begins. Stages follow one another; a new one ends the last.
    fn stage(&self, name: &'static str, total: u64);
    /// So many more steps of the current stage are done.
    fn advance(&self, steps: u64);
}

/// Progress that nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn stage(&self, _name: &'static str, _total: u64) {}
    fn advance(&self, _steps: u64) {}
}
