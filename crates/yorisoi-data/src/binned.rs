//! Features as small integers: what the forest sees of a row.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// The most bins a feature can have, the missing bin included.
pub const MAX_BINS: usize = 256;

/// The bin of a missing value, in every feature.
pub const MISSING_BIN: u8 = 0;

/// The most features there can be: a node of a tree numbers its feature in two bytes, and more columns than
/// this are no table of people.
pub const MAX_FEATURES: usize = 10_000;

/// Rows that one task checks.
const ROWS_A_CHECK: usize = 16_384;

/// How a feature's bins relate to one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FeatureKind {
    /// Bins `1..n_bins` ascend with the value.
    Ordered {
        /// Bins in use, the missing bin included.
        n_bins: u16,
    },
    /// Each bin `1..n_bins` is a level (or a hash bucket of levels) without order.
    Category {
        /// Bins in use, the missing bin included.
        n_bins: u16,
    },
}

impl FeatureKind {
    /// Returns the number of bins in use, the missing bin included.
    pub fn n_bins(self) -> usize {
        match self {
            Self::Ordered { n_bins } | Self::Category { n_bins } => usize::from(n_bins),
        }
    }
}

/// Binned features of many rows, row-major: one byte a feature.
#[derive(Debug, Clone, PartialEq)]
pub struct BinnedRows {
    bins: Vec<u8>,
    kinds: Vec<FeatureKind>,
    n_rows: usize,
}

impl BinnedRows {
    /// Wraps `bins`, which holds `n_rows × kinds.len()` bytes row-major.
    ///
    /// # Panics
    ///
    /// If the length does not fit, or a bin is not below its feature's `n_bins`: only a binner makes
    /// these bytes, so anything else is a mistake of this library.
    pub fn new(bins: Vec<u8>, kinds: Vec<FeatureKind>, n_rows: usize) -> Self {
        assert_eq!(bins.len(), n_rows * kinds.len(), "bins are n_rows × n_features");
        if !kinds.is_empty() {
            let fits = |row: &[u8]| {
                row.iter().zip(&kinds).all(|(&bin, kind)| usize::from(bin) < kind.n_bins())
            };
            let tasks = bins.par_chunks(ROWS_A_CHECK * kinds.len());
            let all_fit = tasks.map(|rows| rows.chunks_exact(kinds.len()).all(fits)).all(|fit| fit);
            assert!(all_fit, "every bin is below its feature's n_bins");
        }
        Self { bins, kinds, n_rows }
    }

    /// Returns the number of rows.
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// Returns the number of features.
    pub fn n_features(&self) -> usize {
        self.kinds.len()
    }

    /// Returns the kind of every feature.
    pub fn kinds(&self) -> &[FeatureKind] {
        &self.kinds
    }

    /// Returns the bins of one row, one byte a feature.
    #[inline]
    pub fn row(&self, row: usize) -> &[u8] {
        let n_features = self.kinds.len();
        &self.bins[row * n_features..(row + 1) * n_features]
    }

    /// Returns a copy of `rows`, in their order, side by side.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    #[must_use]
    pub fn gather(&self, rows: &[u32]) -> Self {
        let mut bins = Vec::with_capacity(rows.len() * self.n_features());
        for &row in rows {
            bins.extend_from_slice(self.row(row as usize));
        }
        Self { bins, kinds: self.kinds.clone(), n_rows: rows.len() }
    }

    /// Returns all bins, row-major.
    pub fn bytes(&self) -> &[u8] {
        &self.bins
    }

    /// Returns all bins, row-major, and nothing else.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bins
    }
}
