//! How raw values become bins: cut points and level maps, fitted once and stored with a model.

mod apply;
mod cuts;
mod fit;
mod words;

use serde::{Deserialize, Serialize};

use crate::{FeatureKind, MAX_BINS, MAX_FEATURES};

pub use apply::BinError;
pub use words::BinLabel;

/// The bins of one feature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum FeatureBins {
    /// Bin `1 + #{cuts ≤ value}`; cuts ascend, at most 254 of them.
    Ordered {
        /// Cut points.
        cuts: Vec<f64>,
    },
    /// Bin `1 + position` of the level; at most 255 levels.
    Levels {
        /// Levels, in bin order.
        levels: Vec<String>,
    },
    /// Bin by a hash of the level, for features with more than 255 levels.
    Hashed {
        /// Buckets, at most 255.
        n_buckets: u16,
    },
}

impl FeatureBins {
    /// Returns how many bins there are and how they relate.
    pub fn kind(&self) -> FeatureKind {
        match self {
            Self::Ordered { cuts } => FeatureKind::Ordered { n_bins: cuts.len() as u16 + 2 },
            Self::Levels { levels } => FeatureKind::Category { n_bins: levels.len() as u16 + 1 },
            Self::Hashed { n_buckets } => FeatureKind::Category { n_bins: n_buckets + 1 },
        }
    }
}

/// The bins of every feature, with the features' names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Binner {
    /// Feature names, in bin order.
    pub names: Vec<String>,
    /// One entry a feature.
    pub features: Vec<FeatureBins>,
}

impl Binner {
    /// Returns the kind of every feature, in bin order.
    pub fn kinds(&self) -> Vec<FeatureKind> {
        self.features.iter().map(FeatureBins::kind).collect()
    }

    /// Returns whether rows can be binned with it, wherever it comes from.
    pub fn is_sound(&self) -> bool {
        let is_sound = |bins: &FeatureBins| match bins {
            FeatureBins::Ordered { cuts } => {
                cuts.len() <= MAX_BINS - 2 && cuts.windows(2).all(|pair| pair[0] < pair[1])
            }
            FeatureBins::Levels { levels } => levels.len() < MAX_BINS,
            FeatureBins::Hashed { n_buckets } => (1..MAX_BINS).contains(&usize::from(*n_buckets)),
        };
        (1..=MAX_FEATURES).contains(&self.features.len())
            && self.features.len() == self.names.len()
            && self.features.iter().all(is_sound)
    }

    /// Returns the position of a feature.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|own| own == name)
    }
}

/// How finely to bin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BinnerOptions {
    /// Bins of a numeric feature, the missing bin included, in `3..=256`. Default 64: a split at one of
    /// 62 quantiles loses next to nothing against all splits, and histograms stay in the cache.
    /// Categories have a bin a level, up to 255, whatever this says.
    pub max_bins: u16,
    /// Rows that numeric cut points are fitted on, where there are more. Default 200,000: a quantile of
    /// such a sample errs by a tenth of a 64th at most.
    pub max_sample_rows: usize,
    /// Chooses those rows.
    pub seed: u64,
}

impl Default for BinnerOptions {
    fn default() -> Self {
        Self { max_bins: 64, max_sample_rows: 200_000, seed: 0 }
    }
}
