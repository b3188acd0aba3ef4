//! What to expect of an outcome, for whom: an honest regression forest with intervals.

use serde::{Deserialize, Serialize};
use yorisoi_data::{BinnedRows, OutOfFold, Progress, Z_95};
use yorisoi_forest::{
    Depth, Eligible, Forest, Mean, Prediction, Question, Regression, Units, Walked, grow, predict,
};

use super::{EstimatorError, ForestInput, MeanForestParams};

/// Rows whose way through every tree is kept at once: of 500 trees that takes 64 MB.
const ABREAST: usize = 1 << 15;

/// Estimated means with 95 % intervals, one entry a row, in the unit of the outcome.
///
/// The intervals are for the noise alone, see [`RegressionForest`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Means {
    /// Estimated mean; NaN where no tree can answer.
    pub y_hat: Vec<f64>,
    /// Its standard error.
    pub std_error: Vec<f64>,
    /// Lower end of the interval.
    pub low: Vec<f64>,
    /// Upper end.
    pub high: Vec<f64>,
}

impl Means {
    /// Returns means as predicted around `centre`, their intervals inside `[floor, ceiling]`.
    pub(super) fn around(
        centre: f64,
        predictions: Vec<Prediction>,
        (floor, ceiling): (f64, f64),
    ) -> Self {
        let mut means = Self::default();
        for Prediction { value, std_error, .. } in predictions {
            means.y_hat.push(centre + value);
            means.std_error.push(std_error);
        }
        (means.low, means.high) = means.interval(Z_95, (floor, ceiling));
        means
    }

    /// Returns both ends of every interval `ŷ ± z · se`, inside `[floor, ceiling]`; `z` is the level's normal
    /// quantile.
    pub fn interval(&self, z: f64, (floor, ceiling): (f64, f64)) -> (Vec<f64>, Vec<f64>) {
        let ends = |(y_hat, std_error): (&f64, &f64)| {
            let half_width = z * std_error;
            let inside = |end: f64| end.clamp(floor, ceiling);
            (inside(y_hat - half_width), inside(y_hat + half_width))
        };
        self.y_hat.iter().zip(&self.std_error).map(ends).unzip()
    }
}

/// An honest forest for `E[Y | X = x]`.
///
/// # Formula
///
/// ```text
/// ŷ(x) = mean over trees of the mean outcome of the honest units in the leaf of x
/// ```
///
/// with the standard error of little bags.
///
/// # Assumptions
///
/// Independent units (or clusters). The intervals speak of the noise in the leaves, not of what leaves
/// smooth away: where the mean is steep in several features they hold the truth clearly less often than
/// 95 times in 100 (66 to 79 times for set-ups A and C of Nie & Wager with 4,000 units and unit noise).
///
/// # Source
///
/// Athey, Tibshirani & Wager (2019), "Generalized random forests", *Annals of Statistics* 47(2);
/// Wager & Athey (2018) for honesty.
///
/// # Example
///
/// ```
/// # use yorisoi_data::{BinnedRows, FeatureKind, Silent};
/// # use yorisoi_effects::estimators::{ForestInput, MeanForestParams, RegressionForest};
/// // Bins 1 to 10 of one feature; the outcome steps from 1 to 3 behind bin 5.
/// let bins: Vec<u8> = (0..400_u32).map(|unit| 1 + (unit % 10) as u8).collect();
/// let y: Vec<f64> = bins.iter().map(|&bin| if bin > 5 { 3.0 } else { 1.0 }).collect();
/// let features = BinnedRows::new(bins, vec![FeatureKind::Ordered { n_bins: 11 }], 400);
/// let rows: Vec<u32> = (0..400).collect();
///
/// let params = MeanForestParams { n_trees: 50, ..MeanForestParams::default() };
/// let forest = RegressionForest::fit(&ForestInput::new(&features, &rows), &y, &params, &Silent)?;
/// let means = forest.predict(&features, &[0, 9], &Silent);
/// assert!((means.y_hat[0] - 1.0).abs() < 0.1 && (means.y_hat[1] - 3.0).abs() < 0.1);
/// # Ok::<(), yorisoi_effects::estimators::EstimatorError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RegressionForest {
    forest: Forest,
    min_leaf: u32,
    /// Mean outcome, which the forest's own means stand on: in single precision the digits are spent on what
    /// differs.
    centre: f64,
}

impl RegressionForest {
    /// Fits on the input's rows.
    ///
    /// # Shapes and units
    ///
    /// `y` has one entry for every row of the features; only those of the input's rows are read.
    ///
    /// # Errors
    ///
    /// [`EstimatorError::LengthMismatch`], [`EstimatorError::NotFinite`], [`EstimatorError::Weight`],
    /// [`EstimatorError::UnknownRow`], [`EstimatorError::TooFew`], [`EstimatorError::NoFeatures`],
    /// [`EstimatorError::TooManyFeatures`], [`EstimatorError::FewClusters`].
    pub fn fit(
        input: &ForestInput<'_>,
        y: &[f64],
        params: &MeanForestParams,
        progress: &dyn Progress,
    ) -> Result<Self, EstimatorError> {
        let weights = input.check()?;
        let (y, centre) = input.centred("y", y)?;
        let recipe = Regression { y: &y, weights: weights.as_deref() };
        progress.stage("forest", params.n_trees as u64);
        Ok(Self::grown((&recipe, centre), input.units(), params, progress))
    }

    /// Grows on units that are known to be in order; the recipe's outcome is counted from `centre`.
    pub(crate) fn grown(
        (recipe, centre): (&Regression<'_>, f64),
        units: Units<'_>,
        params: &MeanForestParams,
        progress: &dyn Progress,
    ) -> Self {
        let growth = params.forest(units.rows.len());
        let forest = grow(recipe, units, &growth, progress).pruned(params.min_leaf);
        Self { forest, min_leaf: params.min_leaf, centre }
    }

    /// Returns the estimated means of `rows` alone, without intervals; NaN where no tree may answer.
    pub(crate) fn y_hat(
        &self,
        features: &BinnedRows,
        rows: &[u32],
        eligible: Eligible<'_>,
    ) -> Vec<f64> {
        let depth = Depth::<1>::new(&self.forest, self.min_leaf);
        let summary = Mean { moment: 0 };
        let values = |rows: &[u32]| {
            Walked::new(&self.forest, features, rows, eligible).values(&summary, &depth)
        };
        rows.chunks(ABREAST).flat_map(values).map(|value| self.centre + value).collect()
    }

    /// Returns whether it can be asked about rows of `n_features` features, wherever it comes from.
    pub fn is_sound(&self, n_features: usize) -> bool {
        self.centre.is_finite() && self.forest.is_sound(n_features, 1)
    }

    /// Returns the means of rows that the forest has not learned from.
    pub fn predict(&self, features: &BinnedRows, rows: &[u32], progress: &dyn Progress) -> Means {
        self.answer(features, rows, Eligible::All, progress)
    }

    /// Returns the means of the rows it was fitted on, each from trees that have seen neither the row
    /// nor its cluster. `input` must be that of [`Self::fit`].
    pub fn out_of_bag(&self, input: &ForestInput<'_>, progress: &dyn Progress) -> OutOfFold<Means> {
        let eligible = Eligible::OutOfBag(input.units());
        OutOfFold::promise(self.answer(input.features, input.rows, eligible, progress))
    }

    fn answer(
        &self,
        features: &BinnedRows,
        rows: &[u32],
        eligible: Eligible<'_>,
        progress: &dyn Progress,
    ) -> Means {
        let depth = Depth::<1>::new(&self.forest, self.min_leaf);
        let question = Question { eligible, point: &depth, interval: &depth };
        progress.stage("means", rows.len() as u64);
        let summary = Mean { moment: 0 };
        let predictions = predict((&self.forest, &summary), features, rows, question, progress);
        Means::around(self.centre, predictions, (f64::NEG_INFINITY, f64::INFINITY))
    }
}
