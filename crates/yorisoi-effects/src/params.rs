//! How effects are estimated: every parameter, its default and why.

use serde::{Deserialize, Serialize};
use yorisoi_forest::{BoostParams, ForestParams};

/// How many trees a forest has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trees {
    /// Until the Monte-Carlo share of the variance is small.
    Auto,
    /// So many.
    Fixed(usize),
}

/// Parameters of [`crate::fit_effects`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct EffectParams {
    /// Trees an arm. 500 keep the Monte-Carlo error well below the sampling error.
    pub n_trees: Trees,
    /// Key of all randomness.
    pub seed: u64,
    /// Share of the units in a bag; `None` chooses by size, see [`default_sample_fraction`].
    pub sample_fraction: Option<f64>,
    /// Leaf size of the point estimate; `None` chooses it by out-of-bag R-loss.
    pub min_leaf: Option<u32>,
    /// Whether each bag takes a linear effect off before its trees grow.
    pub linear_baseline: bool,
    /// Growing rows a child keeps at least. Finer than any leaf size that answers.
    pub min_node_size: usize,
    /// Folds for the nuisances; `None` chooses by size.
    pub folds: Option<usize>,
    /// Boosted nuisances.
    pub boost: BoostParams,
    /// Estimated propensities are kept inside `[clip, 1 − clip]`; how many were moved is reported.
    pub clip: f64,
}

impl Default for EffectParams {
    fn default() -> Self {
        Self {
            n_trees: Trees::Fixed(500),
            seed: 42,
            sample_fraction: None,
            min_leaf: None,
            linear_baseline: true,
            min_node_size: 10,
            folds: None,
            boost: BoostParams::default(),
            clip: 0.01,
        }
    }
}

/// Units in a bag above which more of them cost time and buy little.
const BAG_CAP: f64 = 50_000.0;

/// Returns the share of `n_units` that a bag draws.
///
/// A half, as in the literature, until the bag holds 50,000 units; beyond, growth slows to the cube
/// root of `n`. More trees on fewer rows then buy more than larger trees: the average over bags still
/// uses every unit.
pub fn default_sample_fraction(n_units: usize) -> f64 {
    let n = n_units as f64;
    let bag = if n / 2.0 <= BAG_CAP { n / 2.0 } else { BAG_CAP * (n / 2.0 / BAG_CAP).cbrt() };
    bag / n
}

/// Returns the number of nuisance folds for `n_units`: five where data are scarce, two where a half
/// is plenty.
pub fn default_folds(n_units: usize) -> usize {
    if n_units <= 200_000 { 5 } else { 2 }
}

impl EffectParams {
    /// Returns the forest's parameters for `n_units`, with `trees` trees.
    pub(crate) fn forest(&self, n_units: usize, trees: usize, seed: u64) -> ForestParams {
        ForestParams {
            n_trees: trees,
            sample_fraction: self.sample_fraction.unwrap_or_else(|| default_sample_fraction(n_units)),
            min_node_size: self.min_node_size,
            seed,
            ..ForestParams::default()
        }
    }
}
