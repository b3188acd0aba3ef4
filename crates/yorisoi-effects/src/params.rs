//! How effects are estimated: every parameter, its default and why.

use serde::{Deserialize, Serialize};
use yorisoi_forest::{BoostParams, ForestParams};

use crate::follow::Baseline;
use crate::learner::NuisanceLearner;

/// How many trees a forest has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trees {
    /// As many as suit the number of units, see [`default_trees`].
    BySize,
    /// Until the Monte-Carlo share of the variance is small.
    Auto,
    /// So many.
    Fixed(usize),
}

/// Parameters of [`crate::fit_effects`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct EffectParams {
    /// Trees an arm.
    pub n_trees: Trees,
    /// Key of all randomness.
    pub seed: u64,
    /// Share of the units in a bag; `None` chooses by size, see [`default_sample_fraction`].
    pub sample_fraction: Option<f64>,
    /// Leaf size of the point estimate; `None` chooses it by out-of-bag R-loss.
    pub min_leaf: Option<u32>,
    /// Leaf size of the standard errors; `None` chooses by size, see [`default_interval_leaf`].
    pub interval_leaf: Option<u32>,
    /// What each bag takes off before its trees grow; `None` chooses by out-of-bag R-loss.
    pub baseline: Option<Baseline>,
    /// Growing rows a child keeps at least; `None` takes three quarters of the interval's leaf size, finer
    /// than any leaf that answers.
    pub min_node_size: Option<usize>,
    /// What learns the nuisances.
    pub nuisances: NuisanceLearner,
    /// Folds for boosted nuisances; `None` chooses by size.
    pub folds: Option<usize>,
    /// Boosted nuisances.
    pub boost: BoostParams,
    /// Estimated propensities of an arm against control are kept inside `[clip, 1 − clip]`. Among several arms
    /// an arm may then have less: one that few got is rare and not out of reach.
    pub clip: f64,
}

impl Default for EffectParams {
    fn default() -> Self {
        Self {
            n_trees: Trees::BySize,
            seed: 42,
            sample_fraction: None,
            min_leaf: None,
            interval_leaf: None,
            baseline: None,
            min_node_size: None,
            nuisances: NuisanceLearner::Boosted,
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
    let bag = if n / 2.0 <= BAG_CAP { n / 2.0 } else { BAG_CAP * libm::cbrt(n / 2.0 / BAG_CAP) };
    bag / n
}

/// Returns the leaf size at which standard errors are read, for trees with `honest_rows` rows to fill
/// their leaves and bags of `sample_fraction`.
///
/// # Formula
///
/// ```text
/// 0.65 √honest_rows · f / (1 − f)
/// ```
///
/// The square root lets leaves shrink in share as they grow in rows, so that bias vanishes against the
/// standard error. The second factor holds the standard error still when a bag is a small part of the
/// data: more data would otherwise narrow the interval around a bias that only the bag's size sets.
/// The constant is calibrated on worlds with known truth, see the statistics guide.
pub fn default_interval_leaf(honest_rows: f64, sample_fraction: f64) -> u32 {
    let leaf = 0.65 * honest_rows.sqrt() * sample_fraction / (1.0 - sample_fraction);
    leaf.round().clamp(8.0, (honest_rows / 4.0).max(8.0)) as u32
}

/// Returns the number of trees for `n_units`.
///
/// 500 keep the Monte-Carlo error well below the sampling error. Beyond a million units asking every
/// tree about every unit is what costs, so their number falls with the cube root of `n`: effects hardly
/// change, and the standard error counts what noise is left.
pub fn default_trees(n_units: usize) -> usize {
    let millions = (n_units as f64 / 1e6).max(1.0);
    (500.0 / libm::cbrt(millions)).round() as usize
}

/// Returns the number of nuisance folds for `n_units`: five where data are scarce, two where a half
/// is plenty.
pub fn default_folds(n_units: usize) -> usize {
    if n_units <= 200_000 { 5 } else { 2 }
}

impl EffectParams {
    /// Returns the forest's parameters for `n_units`; trees and node size are still to be set.
    pub(crate) fn forest(&self, n_units: usize) -> ForestParams {
        ForestParams {
            sample_fraction: self
                .sample_fraction
                .unwrap_or_else(|| default_sample_fraction(n_units)),
            seed: self.seed,
            ..ForestParams::default()
        }
    }
}
