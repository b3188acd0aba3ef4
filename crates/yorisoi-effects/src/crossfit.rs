//! Boosted nuisances, cross-fitted: each unit's `m̂(x)` and `ê(x)` come from folds that do not hold it.

use std::borrow::Cow;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use yorisoi_data::{BinnedRows, OutOfFold, mix, unit_hash};
use yorisoi_forest::{BoostParams, BoostTask, Boosted, boost};

use crate::learner::NuisanceLearner;

/// Rows a fold's model learns from at most; beyond, more rows no longer pay for their time, and
/// orthogonality forgives what is left.
const FOLD_ROWS: f64 = 200_000.0;

/// The nuisances of one contrast, on the scale of its own units.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct ContrastNuisances {
    /// `m(x) = E[Y | X = x]` among the contrast's units.
    pub(crate) y_hat: Vec<f32>,
    /// `e(x) = P[W = arm | X = x]`, or `E[W | X = x]` of a dose.
    pub(crate) w_hat: Vec<f32>,
}

/// What a nuisance model is fitted to.
pub(crate) struct CrossFit<'a> {
    pub(crate) features: &'a BinnedRows,
    /// Outcome of all units.
    pub(crate) y: &'a [f32],
    /// Treatment of all units.
    pub(crate) w: &'a [f32],
    pub(crate) weights: Option<&'a [f32]>,
    pub(crate) clusters: Option<&'a [u32]>,
    /// `ê` of every unit where it is known.
    pub(crate) known: Option<&'a [f32]>,
    pub(crate) learner: NuisanceLearner,
    /// Of boosted nuisances.
    pub(crate) n_folds: usize,
    /// How boosting proceeds; its seed is that of every learner.
    pub(crate) boost: BoostParams,
}

/// One model a fold, each blind to that fold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct FoldModels {
    pub(crate) models: Vec<Boosted>,
    /// Range of the outcome, which predictions never leave.
    y_range: (f32, f32),
    /// Range that estimated propensities are kept in; infinite for doses.
    w_range: (f32, f32),
    seed: u64,
}

/// The fold of every unit. Rows of one cluster share theirs.
struct Deal<'a> {
    clusters: Option<&'a [u32]>,
    n_folds: usize,
    key: u64,
    /// Clusters that models learn from with their folds, ascending by cluster.
    of_cluster: Vec<(u32, usize)>,
}

impl<'a> Deal<'a> {
    /// Deals the clusters of `training` by the rank of their hashes: however few there are, folds differ by
    /// one cluster at most. Units without clusters are many enough for the hash alone.
    fn new(cross_fit: &CrossFit<'a>, training: &[u32]) -> Self {
        let CrossFit { clusters, n_folds, .. } = *cross_fit;
        let key = mix(cross_fit.boost.seed, 0x666f_6c64);
        let mut ids: Vec<u32> = match clusters {
            Some(clusters) => training.iter().map(|&unit| clusters[unit as usize]).collect(),
            None => Vec::new(),
        };
        ids.sort_unstable();
        ids.dedup();
        ids.sort_by_key(|&id| mix(key, u64::from(id)));
        let n_ids = ids.len();
        let mut of_cluster: Vec<(u32, usize)> =
            ids.into_iter().enumerate().map(|(rank, id)| (id, rank * n_folds / n_ids)).collect();
        of_cluster.sort_unstable();
        Self { clusters, n_folds, key, of_cluster }
    }

    fn fold_of(&self, unit: u32) -> usize {
        let id = self.clusters.map_or(unit, |clusters| clusters[unit as usize]);
        match self.of_cluster.binary_search_by_key(&id, |(cluster, _)| *cluster) {
            Ok(at) => self.of_cluster[at].1,
            // No model has seen it, so that any fold will do.
            Err(_) => (unit_hash(self.key, u64::from(id)) * self.n_folds as f64) as usize,
        }
    }

    /// Returns the fold of each of `rows`.
    fn folds_of(&self, rows: &[u32]) -> Vec<usize> {
        rows.par_iter().map(|&unit| self.fold_of(unit)).collect()
    }
}

impl CrossFit<'_> {
    /// Fits one model a fold on the `training` units, and returns with them the nuisances of `rows`, each
    /// from the model that has not seen its fold.
    pub(crate) fn fit_folds(
        &self,
        training: &[u32],
        rows: &[u32],
        w_range: (f32, f32),
    ) -> (FoldModels, OutOfFold<ContrastNuisances>) {
        let deal = Deal::new(self, training);
        let models = self.models(training, &deal.folds_of(training), w_range);
        let nuisances = self.out_of_fold(&models, rows, &deal.folds_of(rows));
        (models, nuisances)
    }

    fn models(&self, training: &[u32], folds: &[usize], w_range: (f32, f32)) -> FoldModels {
        let seed = self.boost.seed;
        let per_fold = training.len() as f64 * (1.0 - 1.0 / self.n_folds as f64);
        let keep = FOLD_ROWS / per_fold;
        let regressor = self.regressor();
        let models = (0..self.n_folds)
            .into_par_iter()
            .map(|fold| {
                let key = mix(seed ^ 0x726f_7773, fold as u64);
                // Row by row: of a few large clusters nothing might be kept.
                let kept = |unit: u32| keep >= 1.0 || unit_hash(key, u64::from(unit)) < keep;
                let others = training.iter().zip(folds).filter(|(_, own)| **own != fold);
                let rows: Vec<u32> =
                    others.map(|(&unit, _)| unit).filter(|&unit| kept(unit)).collect();
                let both = [self.y, self.w];
                let targets = if self.known.is_some() { &both[..1] } else { &both[..] };
                let task = BoostTask {
                    features: self.features,
                    rows: &rows,
                    targets,
                    regressor: Some(&regressor),
                    weights: self.weights,
                    clusters: self.clusters,
                };
                boost(task, &BoostParams { seed: mix(seed, fold as u64), ..self.boost })
            })
            .collect();
        FoldModels { models, y_range: self.y_range(training), w_range, seed }
    }

    /// Returns what the outcome leans on beside the features: the treatment, less its propensity where that is known.
    fn regressor(&self) -> Cow<'_, [f32]> {
        let Some(known) = self.known else { return Cow::Borrowed(self.w) };
        self.w.iter().zip(known).map(|(w, known)| w - known).collect()
    }

    /// Returns the range of the outcome, which predictions never leave.
    pub(crate) fn y_range(&self, training: &[u32]) -> (f32, f32) {
        let range = |(low, high): (f32, f32), &unit: &u32| {
            let y = self.y[unit as usize];
            (low.min(y), high.max(y))
        };
        training.iter().fold((f32::INFINITY, f32::NEG_INFINITY), range)
    }

    fn out_of_fold(
        &self,
        models: &FoldModels,
        rows: &[u32],
        folds: &[usize],
    ) -> OutOfFold<ContrastNuisances> {
        let mut nuisances =
            ContrastNuisances { y_hat: vec![0.0; rows.len()], w_hat: vec![0.0; rows.len()] };
        for fold in 0..self.n_folds {
            let of = folds.iter().enumerate().filter(|(_, own)| **own == fold);
            let (positions, of_fold): (Vec<usize>, Vec<u32>) =
                of.map(|(position, _)| (position, rows[position])).unzip();
            let known: Option<Vec<f32>> =
                self.known.map(|known| of_fold.iter().map(|&unit| known[unit as usize]).collect());
            let part = models.one(fold, self.features, &of_fold, known.as_deref());
            for (at, position) in positions.into_iter().enumerate() {
                nuisances.y_hat[position] = part.y_hat[at];
                nuisances.w_hat[position] = part.w_hat[at];
            }
        }
        OutOfFold::promise(nuisances)
    }
}

impl FoldModels {
    /// Returns whether it can be asked about rows of `n_features` features, wherever it comes from.
    pub(crate) fn is_sound(&self, n_features: usize) -> bool {
        !self.models.is_empty()
            && is_range(self.y_range)
            && is_range(self.w_range)
            && self.models.iter().all(|model| model.has_slope() && model.is_sound(n_features))
    }

    fn one(
        &self,
        fold: usize,
        features: &BinnedRows,
        rows: &[u32],
        known: Option<&[f32]>,
    ) -> ContrastNuisances {
        let clamp = |values: Vec<f32>, (low, high): (f32, f32)| -> Vec<f32> {
            values.into_iter().map(|value| value.clamp(low, high)).collect()
        };
        // In order: the outcome's level, the treatment unless that was known, the outcome's slope.
        let mut outputs = self.models[fold].predict(features, rows);
        let slopes = outputs.pop().unwrap_or_default();
        let learned = (outputs.len() > 1).then(|| outputs.remove(1));
        let mut y_hat = outputs.pop().unwrap_or_default();
        let was_known = learned.is_none();
        let w_hat = match (known, learned) {
            (Some(known), _) => known.to_vec(),
            (None, Some(learned)) => clamp(learned, self.w_range),
            // Without a treatment model the propensity has to be given; NaN lets no score be formed.
            (None, None) => vec![f32::NAN; rows.len()],
        };
        // E[Y | X] = a(X) + b(X) E[W | X]. Of a treatment that was known, what is left has mean 0, and a is all.
        if !was_known {
            for ((y, slope), w) in y_hat.iter_mut().zip(slopes).zip(&w_hat) {
                *y += slope * w;
            }
        }
        ContrastNuisances { y_hat: clamp(y_hat, self.y_range), w_hat }
    }

    /// Returns the nuisances of rows that no fold has seen: the mean over the folds' models.
    pub(crate) fn new_rows(
        &self,
        features: &BinnedRows,
        rows: &[u32],
        known: Option<&[f32]>,
    ) -> ContrastNuisances {
        let mut mean =
            ContrastNuisances { y_hat: vec![0.0; rows.len()], w_hat: vec![0.0; rows.len()] };
        let share = 1.0 / self.models.len() as f32;
        for fold in 0..self.models.len() {
            let part = self.one(fold, features, rows, known);
            for (sum, value) in mean.y_hat.iter_mut().zip(part.y_hat) {
                *sum += share * value;
            }
            for (sum, value) in mean.w_hat.iter_mut().zip(part.w_hat) {
                *sum += share * value;
            }
        }
        mean
    }
}

/// Returns whether clamping to the range is defined.
pub(crate) fn is_range((low, high): (f32, f32)) -> bool {
    low <= high
}

#[cfg(test)]
mod tests {
    use super::*;
    use yorisoi_data::FeatureKind;

    const N_CLUSTERS: u32 = 10;

    /// Returns the folds of 200 units in ten clusters.
    fn dealt(seed: u64, n_folds: usize) -> Vec<usize> {
        let rows: Vec<u32> = (0..200).collect();
        let clusters: Vec<u32> = rows.iter().map(|unit| unit % N_CLUSTERS).collect();
        let features = BinnedRows::new(vec![1; 200], vec![FeatureKind::Ordered { n_bins: 2 }], 200);
        let zero = vec![0.0; 200];
        let cross_fit = CrossFit {
            features: &features,
            y: &zero,
            w: &zero,
            weights: None,
            clusters: Some(&clusters),
            known: None,
            learner: NuisanceLearner::Boosted,
            n_folds,
            boost: BoostParams { seed, ..BoostParams::default() },
        };
        Deal::new(&cross_fit, &rows).folds_of(&rows)
    }

    #[test]
    fn few_clusters_are_dealt_evenly_whatever_the_seed() {
        for (seed, n_folds) in (0..200).flat_map(|seed| [(seed, 2), (seed, 5)]) {
            let folds = dealt(seed, n_folds);
            for fold in 0..n_folds {
                let of_fold = folds[..N_CLUSTERS as usize].iter().filter(|own| **own == fold);
                assert_eq!(of_fold.count() * n_folds, N_CLUSTERS as usize, "{seed}");
            }
            // Clusters stay whole.
            assert!((0..200).all(|unit| folds[unit] == folds[unit % N_CLUSTERS as usize]));
        }
    }

    #[test]
    fn another_seed_deals_clusters_anew() {
        assert_ne!(dealt(1, 5), dealt(2, 5));
    }
}
