//! How were the units drawn? Sample weights and clusters, checked once.

use yorisoi_data::{CentreSpread, centre_and_spread};

use crate::ScoreError;
use crate::scores::check_len;

/// A table from cluster id to dense index is used while ids stay below this many times the number of
/// units; sparser ids are looked up by bisection. Eight keeps the table in proportion to the data.
const MAX_IDS_PER_UNIT: usize = 8;

/// Who counts how much, and who belongs together.
///
/// Units of one cluster may depend on one another in any way; clusters are taken as independent.
/// Without clusters every unit is one of its own.
///
/// # Example
///
/// ```
/// # use yorisoi_effects::Sampling;
/// let sampling = Sampling::equal(3).with_weights(&[1.0, 2.0, 1.0])?.with_clusters(&[7, 7, 9])?;
/// assert_eq!(sampling.n_independent(), 2);
/// # Ok::<(), yorisoi_effects::ScoreError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Sampling<'a> {
    n_units: usize,
    weights: Option<&'a [f64]>,
    clusters: Option<Clusters<'a>>,
}

#[derive(Debug, Clone)]
struct Clusters<'a> {
    /// As given.
    ids: &'a [u32],
    /// Dense index of each unit's cluster, in ascending order of ids.
    dense: Vec<u32>,
    count: usize,
}

impl<'a> Sampling<'a> {
    /// Says that `n_units` units count the same and are independent.
    pub fn equal(n_units: usize) -> Self {
        Self { n_units, weights: None, clusters: None }
    }

    /// Gives each unit a sample weight.
    ///
    /// # Errors
    ///
    /// [`ScoreError::LengthMismatch`]; [`ScoreError::Weight`] if a weight is not finite and positive.
    pub fn with_weights(mut self, weights: &'a [f64]) -> Result<Self, ScoreError> {
        check_len("weights", weights.len(), self.n_units)?;
        // Written positively so that NaN is rejected too.
        let is_valid = |weight: &f64| *weight > 0.0 && weight.is_finite();
        if let Some(unit) = weights.iter().position(|weight| !is_valid(weight)) {
            return Err(ScoreError::Weight { unit, weight: weights[unit] });
        }
        self.weights = Some(weights);
        Ok(self)
    }

    /// Says which units belong together; ids need not be dense.
    ///
    /// # Errors
    ///
    /// [`ScoreError::LengthMismatch`].
    pub fn with_clusters(mut self, ids: &'a [u32]) -> Result<Self, ScoreError> {
        check_len("clusters", ids.len(), self.n_units)?;
        let mut distinct = ids.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        self.clusters = Some(Clusters { dense: dense(ids, &distinct), count: distinct.len(), ids });
        Ok(self)
    }

    /// Returns the number of units.
    pub fn n_units(&self) -> usize {
        self.n_units
    }

    /// Returns the number of independent pieces of information: clusters, or units without clusters.
    pub fn n_independent(&self) -> usize {
        self.clusters.as_ref().map_or(self.n_units, |clusters| clusters.count)
    }

    /// Returns the weight of a unit.
    #[inline]
    pub fn weight(&self, unit: usize) -> f64 {
        self.weights.map_or(1.0, |weights| weights[unit])
    }

    /// Returns mean and variance of a column with one entry a unit.
    pub fn centre_and_spread(&self, values: &[f64]) -> CentreSpread {
        let weighed = values.iter().enumerate().map(|(unit, &value)| (value, self.weight(unit)));
        centre_and_spread(weighed)
    }

    /// Returns how many independent units of equal weight would say as much, where unit i counts by
    /// `factor(i)` besides its sample weight; units without a factor do not count.
    ///
    /// # Formula
    ///
    /// ```text
    /// (Σ_g s_g)² / Σ_g s_g²        s_g = Σ wᵢ vᵢ over the units of cluster g
    /// ```
    ///
    /// Not a number where a factor is not finite, or none is given.
    ///
    /// # Source
    ///
    /// Kish (1965), *Survey Sampling*; of clusters: Carter, Schnepel & Steigerwald (2017), "Asymptotic
    /// behavior of a t-test robust to cluster heterogeneity", *Review of Economics and Statistics* 99(4).
    pub fn effective_units(&self, factor: impl Fn(usize) -> Option<f64>) -> f64 {
        let mut sums = vec![0.0; self.n_independent()];
        for unit in 0..self.n_units {
            if let Some(factor) = factor(unit) {
                sums[self.cluster(unit)] += self.weight(unit) * factor;
            }
        }
        let sum: f64 = sums.iter().sum();
        sum * sum / sums.iter().map(|sum| sum * sum).sum::<f64>()
    }

    /// Returns the dense index of the unit's cluster, or its own number without clusters.
    #[inline]
    pub fn cluster(&self, unit: usize) -> usize {
        self.clusters.as_ref().map_or(unit, |clusters| clusters.dense[unit] as usize)
    }

    /// Returns the cluster ids as given, if there are any.
    pub fn cluster_ids(&self) -> Option<&[u32]> {
        self.clusters.as_ref().map(|clusters| clusters.ids)
    }
}

fn dense(ids: &[u32], distinct: &[u32]) -> Vec<u32> {
    let last = distinct.last().map_or(0, |id| *id as usize);
    if last < MAX_IDS_PER_UNIT * ids.len() {
        let mut index_of_id = vec![0_u32; last + 1];
        for (index, id) in distinct.iter().enumerate() {
            index_of_id[*id as usize] = index as u32;
        }
        ids.iter().map(|id| index_of_id[*id as usize]).collect()
    } else {
        ids.iter().map(|id| distinct.partition_point(|other| other < id) as u32).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sparse_and_dense_ids_number_clusters_alike() {
        let dense = Sampling::equal(4).with_clusters(&[2, 0, 2, 5]).unwrap();
        let sparse = Sampling::equal(4).with_clusters(&[200, 7, 200, 4_000_000_000]).unwrap();
        for sampling in [dense, sparse] {
            let numbers: Vec<usize> = (0..4).map(|unit| sampling.cluster(unit)).collect();
            assert_eq!(numbers, vec![1, 0, 1, 2]);
            assert_eq!(sampling.n_independent(), 3);
        }
    }

    #[test]
    fn effective_units_are_counted_by_weight_and_cluster() {
        let equal = Sampling::equal(4);
        let all = |sampling: &Sampling<'_>| sampling.effective_units(|_| Some(1.0));
        assert!((all(&equal) - 4.0).abs() < 1e-12);
        // Three count 1 and one counts 3: 36 / 12.
        let weights = [1.0, 1.0, 1.0, 3.0];
        let weighed = equal.with_weights(&weights).unwrap();
        assert!((all(&weighed) - 3.0).abs() < 1e-12);
        // Two clusters that count 3 each.
        let clustered = weighed.with_clusters(&[7, 7, 7, 9]).unwrap();
        assert!((all(&clustered) - 2.0).abs() < 1e-12);
        let first = clustered.effective_units(|unit| (unit < 3).then_some(5.0));
        assert!((first - 1.0).abs() < 1e-12);
    }

    #[test]
    fn bad_weights_are_named() {
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let error = Sampling::equal(2).with_weights(&[1.0, bad]).unwrap_err();
            assert!(matches!(error, ScoreError::Weight { unit: 1, .. }), "{bad}");
        }
    }
}
