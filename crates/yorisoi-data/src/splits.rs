//! Who may be used for what: training rows, held-out rows, folds. Clusters are never split.
//!
//! [`OutOfFold`] and [`HeldOut`] are marks in the type: a value made for rows that its model has not
//! seen. Evaluation functions ask for them, so that judging a model on its own training rows does not
//! compile.

use crate::hash::{mix, unit_hash};

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
    pub fn by_cluster(
        n_rows: usize,
        clusters: Option<&[u32]>,
        held_out_share: f64,
        seed: u64,
    ) -> Self {
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
    ///
    /// # Errors
    ///
    /// Whatever `make` returns.
    pub fn held_out<T, E>(
        &self,
        make: impl FnOnce(&[u32]) -> Result<T, E>,
    ) -> Result<HeldOut<T>, E> {
        make(&self.held_out).map(HeldOut)
    }
}

/// A partition of rows into folds of about equal size, for cross-fitting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folds {
    fold: Vec<u8>,
    n_folds: u8,
}

impl Folds {
    /// Deals `n_rows` rows to `n_folds` folds (at least 2), whole clusters at a time.
    ///
    /// The fold of a cluster depends on `seed` and its id alone, and is independent of its side in a
    /// [`Split`] with the same seed.
    pub fn by_cluster(n_rows: usize, clusters: Option<&[u32]>, n_folds: u8, seed: u64) -> Self {
        let n_folds = n_folds.max(2);
        let key = mix(seed, FOLD_KEY);
        let id = |row: usize| clusters.map_or(row as u64, |ids| u64::from(ids[row]));
        let fold = |row| (unit_hash(key, id(row)) * f64::from(n_folds)) as u8;
        Self { fold: (0..n_rows).map(fold).collect(), n_folds }
    }

    /// Returns the number of folds.
    pub fn n_folds(&self) -> u8 {
        self.n_folds
    }

    /// Returns the fold of a row, from 0.
    pub fn fold_of(&self, row: usize) -> u8 {
        self.fold[row]
    }

    /// Returns the rows of a fold, ascending: those a model of the other folds may predict.
    pub fn rows_in(&self, fold: u8) -> RowSet {
        self.rows_where(|of_row| of_row == fold)
    }

    /// Returns the rows outside of a fold, ascending: those its model may learn from.
    pub fn rows_outside(&self, fold: u8) -> RowSet {
        self.rows_where(|of_row| of_row != fold)
    }

    fn rows_where(&self, is_wanted: impl Fn(u8) -> bool) -> RowSet {
        (0..self.fold.len() as u32).filter(|&row| is_wanted(self.fold[row as usize])).collect()
    }
}

/// Keeps folds independent of splits that use the same seed.
const FOLD_KEY: u64 = 0x666f_6c64;

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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn held_out_share_is_about_what_was_asked() {
        let n_rows = 100_000;
        let split = Split::by_cluster(n_rows, None, 0.3, 7);
        let share = split.held_out_rows().len() as f64 / n_rows as f64;
        // Five standard errors of a share of .3 over 100,000 draws.
        assert!((share - 0.3).abs() < 5.0 * (0.21 / n_rows as f64).sqrt(), "{share}");
    }

    #[test]
    fn folds_do_not_follow_the_split_of_the_same_seed() {
        let n_rows = 40_000;
        let split = Split::by_cluster(n_rows, None, 0.5, 7);
        let folds = Folds::by_cluster(n_rows, None, 2, 7);
        let train = split.train();
        let in_first = train.iter().filter(|&&row| folds.fold_of(row as usize) == 0).count();
        let share = in_first as f64 / train.len() as f64;
        // Five standard errors of a share of .5 over the training rows.
        assert!((share - 0.5).abs() < 5.0 * (0.25 / train.len() as f64).sqrt(), "{share}");
    }

    proptest! {
        /// No cluster is ever on both sides of a split or in two folds.
        #[test]
        fn clusters_stay_whole(
            clusters in prop::collection::vec(0_u32..30, 1..300), share in 0.0..1.0_f64, seed: u64, n_folds in 2_u8..9,
        ) {
            let n_rows = clusters.len();
            let split = Split::by_cluster(n_rows, Some(&clusters), share, seed);
            let ids = |rows: &[u32]| -> std::collections::HashSet<u32> {
                rows.iter().map(|&row| clusters[row as usize]).collect()
            };
            prop_assert!(ids(split.train()).is_disjoint(&ids(split.held_out_rows())));
            prop_assert_eq!(split.train().len() + split.held_out_rows().len(), n_rows);

            let folds = Folds::by_cluster(n_rows, Some(&clusters), n_folds, seed);
            for fold in 0..n_folds {
                prop_assert!(ids(&folds.rows_in(fold)).is_disjoint(&ids(&folds.rows_outside(fold))));
            }
            let total: usize = (0..n_folds).map(|fold| folds.rows_in(fold).len()).sum();
            prop_assert_eq!(total, n_rows);
        }
    }
}
