//! On whom is a policy judged?

use rayon::prelude::*;
use yorisoi_data::{HeldOut, mix};

use crate::PolicyError;
use crate::error::{check_len, check_values};

/// Fewer independent units than this give no standard error: half-samples of them are too alike, and
/// one of them could come out empty.
const LEAST_INDEPENDENT: usize = 20;

/// Replicates that share one pass over the data: enough to pay for a hash, few enough for the first
/// cache.
pub(crate) const LANES: usize = 16;

/// Held-out units with doubly robust scores.
#[derive(Debug, Clone, Copy)]
pub struct Sample<'a> {
    scores: &'a [Vec<f64>],
    clusters: Option<&'a [u32]>,
    weights: Option<&'a [f64]>,
    n_independent: usize,
}

/// How standard errors are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bootstrap {
    /// Half-samples drawn. Two hundred leave a standard error uncertain by about 5 %.
    pub n_replicates: usize,
    /// Seed; the same seed draws the same half-samples, which makes comparisons paired.
    pub seed: u64,
}

impl Default for Bootstrap {
    fn default() -> Self {
        Self { n_replicates: 200, seed: 0 }
    }
}

impl<'a> Sample<'a> {
    /// Checks scores, clusters and weights.
    ///
    /// # Shapes and units
    ///
    /// `scores[k][unit]` is the doubly robust score of the `k`-th non-control arm *against control*,
    /// in the unit of the outcome; `clusters` one id a unit; `weights` one a unit, positive.
    ///
    /// # Errors
    ///
    /// Where shapes differ, a score is not finite, a weight is not positive and finite, or there are
    /// fewer than 20 independent units.
    pub fn new(
        scores: &'a HeldOut<Vec<Vec<f64>>>,
        clusters: Option<&'a [u32]>,
        weights: Option<&'a [f64]>,
    ) -> Result<Self, PolicyError> {
        let scores = scores.get();
        let n_units = scores.first().ok_or(PolicyError::NoArms)?.len();
        for (arm, scores) in scores.iter().enumerate() {
            check_len("scores", arm, scores.len(), n_units)?;
            check_values("scores", arm, scores, "a finite number", f64::is_finite)?;
        }
        if let Some(weights) = weights {
            check_len("weights", 0, weights.len(), n_units)?;
            let is_weight = |weight: f64| weight.is_finite() && weight > 0.0;
            check_values("weights", 0, weights, "a finite number above 0", is_weight)?;
        }
        let n_independent = match clusters {
            None => n_units,
            Some(clusters) => {
                check_len("clusters", 0, clusters.len(), n_units)?;
                let mut ids = clusters.to_vec();
                ids.par_sort_unstable();
                ids.dedup();
                ids.len()
            }
        };
        if n_independent < LEAST_INDEPENDENT {
            return Err(PolicyError::TooFew { actual: n_independent, least: LEAST_INDEPENDENT });
        }
        Ok(Self { scores, clusters, weights, n_independent })
    }

    /// Returns the number of units.
    pub fn n_units(&self) -> usize {
        self.scores[0].len()
    }

    /// Returns the number of arms, control not counted.
    pub fn n_arms(&self) -> usize {
        self.scores.len()
    }

    /// Returns the number of clusters, or of units where there are none.
    pub fn n_independent(&self) -> usize {
        self.n_independent
    }

    /// Returns the score of a unit for an arm, 0 for nothing.
    #[inline]
    pub(crate) fn score(&self, unit: usize, arm: Option<usize>) -> f64 {
        arm.map_or(0.0, |arm| self.scores[arm][unit])
    }

    #[inline]
    pub(crate) fn weight(&self, unit: usize) -> f64 {
        self.weights.map_or(1.0, |weights| weights[unit])
    }

    /// Returns the id of what is drawn as a whole: the cluster, or the unit where there are none.
    #[inline]
    pub(crate) fn cluster(&self, unit: usize) -> u32 {
        self.clusters.map_or(unit as u32, |ids| ids[unit])
    }

    /// Returns a hash that tells this sample's clusters and weights from another's, for pairing.
    pub(crate) fn identity(&self) -> u64 {
        let unit = |unit: usize| mix(u64::from(self.cluster(unit)), self.weight(unit).to_bits());
        (0..self.n_units()).fold(self.n_units() as u64, |hash, u| mix(hash, unit(u)))
    }
}

/// Which clusters [`LANES`] half-samples hold.
///
/// # Formula
///
/// ```text
/// cluster g is in replicate 16 b + l  if bit l of mix(key_b, g) is set: with probability 1/2
/// ```
///
/// The spread of an estimate over half-samples around the full one is the standard error of the full
/// one: `(2/n − 1/n) s² = s²/n`.
///
/// # Source
///
/// Yadlowsky et al. (2024), "Evaluating treatment prioritization rules", section 3; half-sampling:
/// Efron & Tibshirani (1993), *An Introduction to the Bootstrap*.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Draw {
    /// Everyone, in the first lane.
    All,
    /// The half-samples of one block.
    Halves { key: u64 },
}

impl Draw {
    pub(crate) fn block(seed: u64, block: usize) -> Self {
        Self::Halves { key: mix(seed, block as u64) }
    }

    /// Returns one bit a lane: whether the cluster is in it.
    #[inline]
    pub(crate) fn lanes_of(self, cluster: u32) -> u16 {
        match self {
            Self::All => 1,
            Self::Halves { key } => mix(key, u64::from(cluster)) as u16,
        }
    }
}

/// Calls `f` with the number of every set bit.
#[inline]
pub(crate) fn for_each_lane(mut lanes: u16, mut f: impl FnMut(usize)) {
    while lanes != 0 {
        f(lanes.trailing_zeros() as usize);
        lanes &= lanes - 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_sample_holds_about_half_of_the_clusters_and_whole_ones() {
        let draw = Draw::block(3, 0);
        let n_in = (0..10_000).filter(|&cluster| draw.lanes_of(cluster) & 1 == 1).count();
        // Five standard errors of a binomial share: 5 · √(10,000 / 4).
        assert!(n_in.abs_diff(5_000) < 250, "{n_in}");
        assert_eq!(draw.lanes_of(7), draw.lanes_of(7));
    }

    #[test]
    fn few_clusters_are_too_few_whatever_the_number_of_units() {
        let scores = HeldOut::promise(vec![vec![1.0; 1_000]]);
        let clusters: Vec<u32> = (0..1_000).map(|unit| unit % 5).collect();
        let err = Sample::new(&scores, Some(&clusters), None).unwrap_err();
        assert_eq!(err, PolicyError::TooFew { actual: 5, least: 20 });
    }

    #[test]
    fn a_missing_score_names_its_unit_and_arm() {
        let mut scores = vec![vec![1.0; 30]; 2];
        scores[1][17] = f64::NAN;
        let scores = HeldOut::promise(scores);
        let err = Sample::new(&scores, None, None).unwrap_err();
        assert!(matches!(err, PolicyError::BadValue { name: "scores", unit: 17, arm: 1, .. }));
    }
}
