//! Who may be used for what: training rows, held-out rows, folds. Clusters are never split.
//!
//! [`OutOfFold`] and [`HeldOut`] are marks in the type: a value made for rows that its model has not
//! seen. Evaluation functions ask for them, so that judging a model on its own training rows does not
//! compile.

use crate::hash::unit_hash;

/// Row numbers of a dataset, ascending.
pub type RowSet = Vec<u32>;

/// A partition of rows into a training part and a held-out part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    train: RowSet,
    held_out: RowSet,
}

impl Split {
    /// Splits `n_rows` rows so that about `held_out_share` of the clusters are held out.
    ///
    /// `clusters`, one id a row, keeps rows of one cluster on one side. The side of a cluster depends
    /// on `seed` and its id alone, so adding rows does not move the others.
    pub fn by_cluster(n_rows: usize, clusters: Option<&[u32]>, held_out_share: f64, seed: u64) -> Self {
        let id = |row: usize| clusters.map_or(row as u64, |ids| u64::from(ids[row]));
        let is_held_out = |row: &u32| unit_hash(seed, id(*row as usize)) < held_out_share;
        let (held_out, train) = (0..n_rows as u32).partition(is_held_out);
        Self { train, held_out }
    }

    /// Returns the rows a model may learn from.
    pub fn train(&self) -> &[u32] {
        &self.train
    }

    /// Returns the rows kept for judging.
    pub fn held_out_rows(&self) -> &[u32] {
        &self.held_out
    }

    /// Runs `make` on the held-out rows and marks its result as held out.
    ///
    /// `make` must not use a model that learned from those rows; a model fitted on [`Self::train`] of
    /// the same split has not.
    pub fn held_out<T, E>(&self, make: impl FnOnce(&[u32]) -> Result<T, E>) -> Result<HeldOut<T>, E> {
        make(&self.held_out).map(HeldOut)
    }
}

/// A value computed for rows that no model behind it has learned from.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldOut<T>(T);

impl<T> HeldOut<T> {
    /// Returns the value.
    pub fn get(&self) -> &T {
        &self.0
    }

    /// Applies a pure function; what is computed from held-out values alone stays held out.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> HeldOut<U> {
        HeldOut(f(self.0))
    }

    /// Marks out-of-fold values as held out: each row's value comes from models that have not seen it.
    pub fn from_out_of_fold(value: OutOfFold<T>) -> Self {
        Self(value.0)
    }

    /// Marks a value as held out on the caller's word, for data that never met the model: another
    /// file, a simulated world, a test.
    pub fn promise(value: T) -> Self {
        Self(value)
    }
}

/// Per-row values where each row's value comes from a model that has not seen that row (nor any other
/// row of its cluster).
#[derive(Debug, Clone, PartialEq)]
pub struct OutOfFold<T>(T);

impl<T> OutOfFold<T> {
    /// Marks a value as out of fold on the caller's word; the cross-fitting code says it.
    pub fn promise(value: T) -> Self {
        Self(value)
    }

    /// Returns the value.
    pub fn get(&self) -> &T {
        &self.0
    }

    /// Returns the value without its mark.
    pub fn into_inner(self) -> T {
        self.0
    }
}
