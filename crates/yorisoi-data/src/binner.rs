//! How raw values become bins: cut points and level maps, fitted once and stored with a model.

use serde::{Deserialize, Serialize};

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

/// The bins of every feature, with the features' names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Binner {
    /// Feature names, in bin order.
    pub names: Vec<String>,
    /// One entry a feature.
    pub features: Vec<FeatureBins>,
}
