//! Which of a few classes, with what probability, for whom: one honest forest for all classes.

use serde::{Deserialize, Serialize};
use yorisoi_data::{BinnedRows, OutOfFold, Progress};
use yorisoi_forest::{
    Depth, Eligible, Forest, MAX_CLASSES, Mean, Probability, Question, grow, predict,
};

use super::{EstimatorError, ForestInput, MeanForestParams, Means};

/// An honest forest for `P[Y = k | X = x]`, up to six classes.
///
/// All classes share each tree's splits, so the estimated probabilities of a row sum to 1.
///
/// # Formula
///
/// ```text
/// p̂ₖ(x) = mean over trees of the share of class k among the honest units in the leaf of x
/// ```
///
/// Splits maximise the sum over classes of the criterion on `1{Y = k}`, which is that of Gini.
///
/// # Assumptions
///
/// Independent units (or clusters). The intervals are for the noise alone, see
/// [`RegressionForest`](super::RegressionForest).
///
/// # Source
///
/// Athey, Tibshirani & Wager (2019), "Generalized random forests"; Malley, Kruppa, Dasgupta, Malley &
/// Ziegler (2012), "Probability machines".
///
/// # Example
///
/// ```
/// # use yorisoi_data::{BinnedRows, FeatureKind, Silent};
/// # use yorisoi_effects::estimators::{ForestInput, MeanForestParams, ProbabilityForest};
/// // Behind bin 5 class 1 is certain; up to there classes 0 and 2 take turns.
/// let bins: Vec<u8> = (0..400_u32).map(|unit| 1 + (unit % 10) as u8).collect();
/// let class: Vec<u8> = (0..400).map(|unit| match (bins[unit] > 5, unit / 10 % 2) {
///     (true, _) => 1,
///     (false, turn) => 2 * turn as u8,
/// }).collect();
/// let features = BinnedRows::new(bins, vec![FeatureKind::Ordered { n_bins: 11 }], 400);
/// let rows: Vec<u32> = (0..400).collect();
///
/// let params = MeanForestParams { n_trees: 50, ..MeanForestParams::default() };
/// let input = ForestInput::new(&features, &rows);
/// let forest = ProbabilityForest::fit(&input, &class, &params, &Silent)?;
/// let classes = forest.predict(&features, &[0, 9], &Silent);
/// assert!(classes[1].y_hat[1] > 0.9 && (classes[0].y_hat[0] - 0.5).abs() < 0.2);
/// # Ok::<(), yorisoi_effects::estimators::EstimatorError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProbabilityForest {
    forest: Forest,
    min_leaf: u32,
    n_classes: usize,
}

impl ProbabilityForest {
    /// Fits on the input's rows; there are as many classes as the highest number in use says.
    ///
    /// # Shapes and units
    ///
    /// `class` has one entry for every row of the features, counted from 0.
    ///
    /// # Errors
    ///
    /// [`EstimatorError::UnknownClass`] for a class above 5; [`EstimatorError::LengthMismatch`],
    /// [`EstimatorError::Weight`], [`EstimatorError::UnknownRow`], [`EstimatorError::TooFew`],
    /// [`EstimatorError::NoFeatures`],
    /// [`EstimatorError::TooManyFeatures`], [`EstimatorError::FewClusters`].
    pub fn fit(
        input: &ForestInput<'_>,
        class: &[u8],
        params: &MeanForestParams,
        progress: &dyn Progress,
    ) -> Result<Self, EstimatorError> {
        let weights = input.check()?;
        input.classes(class)?;
        let highest = input.rows.iter().map(|&unit| class[unit as usize]).max().unwrap_or(0);
        let recipe = Probability { class, weights: weights.as_deref() };
        let growth = params.forest(input.rows.len());
        progress.stage("forest", growth.n_trees as u64);
        let forest = grow(&recipe, input.units(), &growth, progress).pruned(params.min_leaf);
        Ok(Self { forest, min_leaf: params.min_leaf, n_classes: usize::from(highest) + 1 })
    }

    /// Returns the number of classes.
    pub fn n_classes(&self) -> usize {
        self.n_classes
    }

    /// Returns whether it can be asked about rows of `n_features` features, wherever it comes from.
    pub fn is_sound(&self, n_features: usize) -> bool {
        (1..=MAX_CLASSES).contains(&self.n_classes) && self.forest.is_sound(n_features, MAX_CLASSES)
    }

    /// Returns the probabilities of rows that the forest has not learned from: one entry a class.
    pub fn predict(
        &self,
        features: &BinnedRows,
        rows: &[u32],
        progress: &dyn Progress,
    ) -> Vec<Means> {
        self.answer(features, rows, Eligible::All, progress)
    }

    /// Returns the probabilities of the rows it was fitted on, each from trees that have seen neither
    /// the row nor its cluster: one entry a class. `input` must be that of [`Self::fit`].
    pub fn out_of_bag(
        &self,
        input: &ForestInput<'_>,
        progress: &dyn Progress,
    ) -> OutOfFold<Vec<Means>> {
        let eligible = Eligible::OutOfBag(input.units());
        OutOfFold::promise(self.answer(input.features, input.rows, eligible, progress))
    }

    fn answer(
        &self,
        features: &BinnedRows,
        rows: &[u32],
        eligible: Eligible<'_>,
        progress: &dyn Progress,
    ) -> Vec<Means> {
        let depth = Depth::<MAX_CLASSES>::new(&self.forest, self.min_leaf);
        let question = Question { eligible, point: &depth, interval: &depth };
        let of_class = |class: usize| {
            progress.stage("probabilities", rows.len() as u64);
            let summary = Mean { moment: class };
            let predictions = predict((&self.forest, &summary), features, rows, question, progress);
            Means::around(0.0, predictions, (0.0, 1.0))
        };
        (0..self.n_classes).map(of_class).collect()
    }
}
