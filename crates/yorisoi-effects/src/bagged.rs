//! Nuisances by forests of our own: each unit's `m̂(x)` and `ê(x)` come from trees whose bag does not hold it.

use serde::{Deserialize, Serialize};
use yorisoi_data::{BinnedRows, OutOfFold, Silent, mix};
use yorisoi_forest::{Eligible, Regression, Units};

use crate::crossfit::{ContrastNuisances, CrossFit, is_range};
use crate::default_trees;
use crate::estimators::{MeanForestParams, RegressionForest, coarse_centre};

/// Keep the bags of the two forests apart from one another and from those of the effects: trees that share
/// their luck would make errors of `m̂`, `ê` and `τ̂` go hand in hand.
const OUTCOME_STREAM: u64 = 0x6f75_7463_6f6d;
const TREATMENT_STREAM: u64 = 0x7472_6561_7465;

/// A forest for the outcome and one for the treatment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct BaggedModels {
    outcome: RegressionForest,
    /// None where propensities are known.
    treatment: Option<RegressionForest>,
    /// Range of the outcome, which predictions never leave.
    y_range: (f32, f32),
    /// Range that estimated propensities are kept in; infinite for doses.
    w_range: (f32, f32),
}

impl CrossFit<'_> {
    /// Grows one forest for the outcome and, unless it is known, one for the treatment on all `training` units,
    /// and returns with them the nuisances of `rows`.
    pub(crate) fn fit_bagged(
        &self,
        training: &[u32],
        rows: &[u32],
        w_range: (f32, f32),
    ) -> (BaggedModels, OutOfFold<ContrastNuisances>) {
        let learn = |column: &[f32], stream: u64| {
            let seed = mix(self.boost.seed, stream);
            let n_trees = default_trees(training.len());
            let params = MeanForestParams { n_trees, seed, ..MeanForestParams::default() };
            self.grown(column, training, &params)
        };
        let models = BaggedModels {
            outcome: learn(self.y, OUTCOME_STREAM),
            treatment: self.known.is_none().then(|| learn(self.w, TREATMENT_STREAM)),
            y_range: self.y_range(training),
            w_range,
        };
        let y_hat = self.asked((&models.outcome, self.y), training, rows);
        let w_hat = match (&models.treatment, self.known) {
            (Some(forest), _) => clamped(&self.asked((forest, self.w), training, rows), w_range),
            (None, known) => known
                .map(|known| rows.iter().map(|&unit| known[unit as usize]).collect())
                .unwrap_or_default(),
        };
        let nuisances = ContrastNuisances { y_hat: clamped(&y_hat, models.y_range), w_hat };
        (models, OutOfFold::promise(nuisances))
    }

    fn units<'a>(&'a self, training: &'a [u32]) -> Units<'a> {
        Units { features: self.features, rows: training, clusters: self.clusters }
    }

    fn weight(&self, unit: u32) -> f64 {
        self.weights.map_or(1.0, |weights| f64::from(weights[unit as usize]))
    }

    fn grown(
        &self,
        column: &[f32],
        training: &[u32],
        params: &MeanForestParams,
    ) -> RegressionForest {
        let value = |unit: u32| f64::from(column[unit as usize]);
        let centre = coarse_centre(training, &|unit| self.weight(unit), &value);
        let y: Vec<f32> = column.iter().map(|&y| (f64::from(y) - centre) as f32).collect();
        let recipe = Regression { y: &y, weights: self.weights };
        RegressionForest::grown((&recipe, centre), self.units(training), params, &Silent)
    }

    /// Returns what `forest`, grown on `column` at `training`, says of `rows`.
    ///
    /// Rows of a cluster that it has learned from are asked out of bag, the others of all trees. Where every
    /// bag holds the row's cluster, the mean of the other clusters stands in: all trees together would give the
    /// row its own outcome back.
    fn asked(
        &self,
        (forest, column): (&RegressionForest, &[f32]),
        training: &[u32],
        rows: &[u32],
    ) -> Vec<f64> {
        let units = self.units(training);
        let mut seen: Vec<u32> = training.iter().map(|&unit| units.id(unit)).collect();
        seen.sort_unstable();
        seen.dedup();
        let is_seen = |unit: u32| seen.binary_search(&units.id(unit)).is_ok();
        let (own, new): (Vec<usize>, Vec<usize>) =
            (0..rows.len()).partition(|&at| is_seen(rows[at]));
        let mut answers = vec![0.0; rows.len()];
        for (positions, eligible) in [(own, Eligible::OutOfBag(units)), (new, Eligible::All)] {
            let asked: Vec<u32> = positions.iter().map(|&at| rows[at]).collect();
            let values = forest.y_hat(self.features, &asked, eligible);
            for (at, value) in positions.into_iter().zip(values) {
                let without = || self.mean_without(column, training, units.id(rows[at]));
                answers[at] = if value.is_nan() { without() } else { value };
            }
        }
        answers
    }

    /// Returns the weighted mean of `column` over the `training` units outside cluster `id`.
    fn mean_without(&self, column: &[f32], training: &[u32], id: u32) -> f64 {
        let units = self.units(training);
        let others = training.iter().filter(|&&unit| units.id(unit) != id);
        let parts = others.map(|&unit| (self.weight(unit), f64::from(column[unit as usize])));
        let (total, sum) = parts
            .fold((0.0, 0.0), |sums, (weight, value)| (sums.0 + weight, sums.1 + weight * value));
        sum / total
    }
}

impl BaggedModels {
    /// Returns whether it can be asked about rows of `n_features` features, wherever it comes from.
    pub(crate) fn is_sound(&self, n_features: usize) -> bool {
        let treatment = self.treatment.as_ref();
        is_range(self.y_range)
            && is_range(self.w_range)
            && self.outcome.is_sound(n_features)
            && treatment.is_none_or(|forest| forest.is_sound(n_features))
    }

    /// Returns the nuisances of rows that the forests have not learned from, from all trees.
    pub(crate) fn new_rows(
        &self,
        features: &BinnedRows,
        rows: &[u32],
        known: Option<&[f32]>,
    ) -> ContrastNuisances {
        let ask = |forest: &RegressionForest, range: (f32, f32)| {
            clamped(&forest.y_hat(features, rows, Eligible::All), range)
        };
        let w_hat = match (known, &self.treatment) {
            (Some(known), _) => known.to_vec(),
            (None, Some(forest)) => ask(forest, self.w_range),
            // Without a treatment model the propensity has to be given; NaN lets no score be formed.
            (None, None) => vec![f32::NAN; rows.len()],
        };
        ContrastNuisances { y_hat: ask(&self.outcome, self.y_range), w_hat }
    }
}

fn clamped(values: &[f64], (low, high): (f32, f32)) -> Vec<f32> {
    values.iter().map(|&value| (value as f32).clamp(low, high)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learner::NuisanceLearner;
    use yorisoi_data::FeatureKind;
    use yorisoi_forest::BoostParams;

    /// Two bags of half the clusters each: a quarter of the clusters is in both. Rows 0 to 39 are learned from in
    /// pairs; rows 40 to 49 belong to the first ten pairs, and the last ten to nobody.
    #[test]
    fn what_every_tree_has_seen_gets_the_mean_of_the_other_clusters() {
        let rows: Vec<u32> = (0..60).collect();
        let cluster = |&unit: &u32| match unit {
            0..40 => unit / 2,
            40..50 => unit - 40,
            _ => unit,
        };
        let clusters: Vec<u32> = rows.iter().map(cluster).collect();
        let features = BinnedRows::new(vec![1; 60], vec![FeatureKind::Ordered { n_bins: 2 }], 60);
        let y: Vec<f32> = rows.iter().map(|&unit| (unit * unit) as f32).collect();
        let weights: Vec<f32> = rows.iter().map(|&unit| 1.0 + (unit % 3) as f32).collect();
        let cross_fit = CrossFit {
            features: &features,
            y: &y,
            w: &y,
            weights: Some(&weights),
            clusters: Some(&clusters),
            known: None,
            learner: NuisanceLearner::Forest,
            n_folds: 5,
            boost: BoostParams::default(),
        };
        let params = MeanForestParams { n_trees: 2, ..MeanForestParams::default() };
        let training = &rows[..40];
        let forest = cross_fit.grown(&y, training, &params);
        let eligible = Eligible::OutOfBag(cross_fit.units(training));
        let out_of_bag = forest.y_hat(&features, training, eligible);
        let answers = cross_fit.asked((&forest, &y), training, &rows);
        let unanswered: Vec<usize> = (0..40).filter(|&at| out_of_bag[at].is_nan()).collect();
        assert!(!unanswered.is_empty() && unanswered.len() < 40, "{unanswered:?}");
        for at in 0..40 {
            let others = (0..40).filter(|other| other / 2 != at / 2);
            let (total, sum) = others.fold((0.0, 0.0), |(total, sum), other| {
                let weight = f64::from(weights[other]);
                (total + weight, sum + weight * f64::from(y[other]))
            });
            let expected = if unanswered.contains(&at) { sum / total } else { out_of_bag[at] };
            assert!((answers[at] - expected).abs() < 1e-9, "{at}: {}, {expected}", answers[at]);
        }
        // One feature, the same for all: what is said of a row is what is said of its cluster.
        let bits = |at: usize| answers[at].to_bits();
        assert!((0..10).all(|cluster| bits(40 + cluster) == bits(2 * cluster)));
        // Rows of clusters that no tree has seen are asked of all trees.
        assert_eq!(answers[50..], forest.y_hat(&features, &rows[50..], Eligible::All));
    }
}
