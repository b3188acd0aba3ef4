//! How were the units drawn? Sample weights and clusters, checked once.

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
    fn bad_weights_are_named() {
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let error = Sampling::equal(2).with_weights(&[1.0, bad]).unwrap_err();
            assert!(matches!(error, ScoreError::Weight { unit: 1, .. }), "{bad}");
        }
    }
}
