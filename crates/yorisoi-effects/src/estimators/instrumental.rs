//! What help changes when people choose it themselves: an instrumental forest.
//!
//! Who takes an offer differs from who does not, in ways no table shows. Where something moved the
//! offer but touches the outcome through nothing else (a coin, a lottery, a delay), it tells cause from
//! company.

use serde::{Deserialize, Serialize};
use yorisoi_data::{BinnedRows, OutOfFold, Progress};
use yorisoi_forest::{
    BoostParams, Depth, Eligible, Forest, ForestParams, Instrumental, Question, Wald, grow, predict,
};

use super::{EstimatorError, ForestInput};
use crate::{
    ArmEffects, InstrumentResiduals, NuisanceLearner, crossfit::CrossFit, default_folds,
    default_interval_leaf, default_sample_fraction,
};

/// Below this F the ratio's normal approximation fails and its bias is a tenth of the confounded one
/// (Staiger & Stock 1997).
const MIN_F: f64 = 10.0;

/// Moments of an instrumental forest: `Z, W, Y, Z², ZW, ZY`.
const MOMENTS: usize = 6;

/// How an instrumental forest is fitted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct InstrumentalForestParams {
    /// Trees. 500 keep the Monte-Carlo error well below the sampling error.
    pub n_trees: usize,
    /// Honest rows a leaf holds at least; `None` chooses by size, see [`default_interval_leaf`].
    pub min_leaf: Option<u32>,
    /// Share of the units in a bag, in `(0, 0.5]`; `None` chooses by size, see
    /// [`default_sample_fraction`].
    pub sample_fraction: Option<f64>,
    /// What learns the nuisances.
    pub nuisances: NuisanceLearner,
    /// Folds for boosted nuisances; `None` chooses by size, see [`default_folds`].
    pub folds: Option<usize>,
    /// Boosted nuisances.
    pub boost: BoostParams,
    /// Key of all randomness.
    pub seed: u64,
}

impl Default for InstrumentalForestParams {
    fn default() -> Self {
        Self {
            n_trees: 500,
            min_leaf: None,
            sample_fraction: None,
            nuisances: NuisanceLearner::Boosted,
            folds: None,
            boost: BoostParams::default(),
            seed: 42,
        }
    }
}

/// An honest forest for the effect of `W` on those whom the instrument `Z` moves.
///
/// # Formula
///
/// ```text
/// τ(x) = Cov(Z, Y | X = x) / Cov(Z, W | X = x)
/// ```
///
/// `Z`, `W` and `Y` are centred by nuisances out of fold; the forest averages the moments of
/// leaves and solves once, with the standard error of little bags.
///
/// # Assumptions
///
/// Given `X`: `Z` is as good as random, acts on `Y` through `W` alone, moves `W`, and moves nobody the
/// other way. The answer is then the local average effect on compliers (for an amount, on those moved,
/// weighted by how much).
///
/// # Source
///
/// Imbens & Angrist (1994), *Econometrica* 62(2); Athey, Tibshirani & Wager (2019), section 7, for the
/// forest; Staiger & Stock (1997), *Econometrica* 65(3), for weak instruments.
///
/// # Example
///
/// ```
/// # use yorisoi_data::{BinnedRows, FeatureKind, Silent, unit_hash};
/// # use yorisoi_effects::estimators::{ForestInput, InstrumentalForest, InstrumentalForestParams};
/// // A coin offers, six in ten accept; the keen take it anyway and do better by themselves. Effect 1.
/// let n = 2_000_u32;
/// let draw = |stream: u64, unit: u32| unit_hash(stream, u64::from(unit));
/// let keen = |unit: u32| draw(1, unit) < 0.2;
/// let z: Vec<f64> = (0..n).map(|unit| f64::from(u8::from(draw(2, unit) < 0.5))).collect();
/// let takes = |unit: u32| keen(unit) || (z[unit as usize] > 0.5 && draw(1, unit) < 0.8);
/// let w: Vec<f64> = (0..n).map(|unit| f64::from(u8::from(takes(unit)))).collect();
/// let y: Vec<f64> =
///     (0..n).map(|unit| w[unit as usize] + 2.0 * f64::from(u8::from(keen(unit)))).collect();
/// let bins = (0..n).map(|unit| 1 + (draw(3, unit) * 10.0) as u8).collect();
/// let features = BinnedRows::new(bins, vec![FeatureKind::Ordered { n_bins: 11 }], n as usize);
/// let rows: Vec<u32> = (0..n).collect();
///
/// let params = InstrumentalForestParams { n_trees: 50, ..InstrumentalForestParams::default() };
/// let input = ForestInput::new(&features, &rows);
/// let forest = InstrumentalForest::fit(&input, [&z, &w, &y], &params, &Silent)?;
/// let tau_hat = forest.out_of_bag(&input, &Silent).into_inner().tau_hat;
/// assert!((tau_hat.iter().sum::<f64>() / f64::from(n) - 1.0).abs() < 0.3);
/// # Ok::<(), yorisoi_effects::estimators::EstimatorError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InstrumentalForest {
    forest: Forest,
    min_leaf: u32,
    first_stage_f: f64,
}

/// Instrument, treatment and outcome less what the features say of them; 0 for rows that take no part.
struct Centred {
    z: Vec<f32>,
    w: Vec<f32>,
    y: Vec<f32>,
}

impl Centred {
    fn residuals(&self, rows: &[u32]) -> InstrumentResiduals {
        let of = |column: &[f32]| rows.iter().map(|&row| f64::from(column[row as usize])).collect();
        InstrumentResiduals { y: of(&self.y), w: of(&self.w), z: of(&self.z) }
    }
}

/// Returns outcome, treatment and instrument of the input's rows less what their features say of them, out
/// of fold: for averages over rows that no forest has learned from.
///
/// `columns` are instrument, treatment and outcome, as in [`InstrumentalForest::fit`].
///
/// # Errors
///
/// As [`InstrumentalForest::fit`], but for the strength of the instrument.
pub fn instrument_residuals(
    input: &ForestInput<'_>,
    columns: [&[f64]; 3],
    params: &InstrumentalForestParams,
    progress: &dyn Progress,
) -> Result<OutOfFold<InstrumentResiduals>, EstimatorError> {
    let weights = input.check()?;
    let centred = checked_and_centred(input, columns, weights.as_deref(), (params, progress))?;
    Ok(OutOfFold::promise(centred.residuals(input.rows)))
}

fn checked_and_centred(
    input: &ForestInput<'_>,
    [z, w, y]: [&[f64]; 3],
    weights: Option<&[f32]>,
    (params, progress): (&InstrumentalForestParams, &dyn Progress),
) -> Result<Centred, EstimatorError> {
    // All three lose what the features say of them; the mean goes first, while there are digits for it.
    let columns = [input.centred("z", z)?.0, input.centred("w", w)?.0, input.centred("y", y)?.0];
    for (name, column) in [("z", &columns[0]), ("w", &columns[1])] {
        check_varies(name, column, input.rows)?;
    }
    progress.stage("nuisances", 1);
    let centred = centre(input, columns, weights, params);
    progress.advance(1);
    Ok(centred)
}

impl InstrumentalForest {
    /// Fits on the input's rows; `columns` are instrument, treatment and outcome.
    ///
    /// # Shapes and units
    ///
    /// Each column has one entry for every row of the features; only those of the input's rows are
    /// read. `Z` and `W` may be 0/1 or amounts.
    ///
    /// # Errors
    ///
    /// [`EstimatorError::WeakInstrument`] with a first-stage F below 10; [`EstimatorError::NoVariation`]
    /// where instrument or treatment is the same for everyone; [`EstimatorError::LengthMismatch`],
    /// [`EstimatorError::NotFinite`], [`EstimatorError::Weight`], [`EstimatorError::UnknownRow`],
    /// [`EstimatorError::TooFew`], [`EstimatorError::NoFeatures`],
    /// [`EstimatorError::TooManyFeatures`], [`EstimatorError::FewClusters`].
    pub fn fit(
        input: &ForestInput<'_>,
        columns: [&[f64]; 3],
        params: &InstrumentalForestParams,
        progress: &dyn Progress,
    ) -> Result<Self, EstimatorError> {
        Self::fit_with_residuals(input, columns, params, progress).map(|(forest, _)| forest)
    }

    /// As [`Self::fit`]; also returns the residuals of the input's rows, in their order, which averages
    /// over those rows are made of.
    ///
    /// # Errors
    ///
    /// As [`Self::fit`].
    pub fn fit_with_residuals(
        input: &ForestInput<'_>,
        columns: [&[f64]; 3],
        params: &InstrumentalForestParams,
        progress: &dyn Progress,
    ) -> Result<(Self, OutOfFold<InstrumentResiduals>), EstimatorError> {
        let weights = input.check()?;
        let centred = checked_and_centred(input, columns, weights.as_deref(), (params, progress))?;
        let first_stage_f = first_stage_f(input, &centred, weights.as_deref());
        // Written positively so that NaN is refused too.
        let is_strong = first_stage_f >= MIN_F;
        if !is_strong {
            let (f_statistic, expected) = (first_stage_f, MIN_F);
            return Err(EstimatorError::WeakInstrument { f_statistic, expected });
        }
        let (growth, min_leaf) = params.growth(input.rows.len());
        let recipe = Instrumental {
            y_centered: &centred.y,
            w_centered: &centred.w,
            z_centered: &centred.z,
            weights: weights.as_deref(),
        };
        progress.stage("forest", growth.n_trees as u64);
        let forest = grow(&recipe, input.units(), &growth, progress).pruned(min_leaf);
        let residuals = OutOfFold::promise(centred.residuals(input.rows));
        Ok((Self { forest, min_leaf, first_stage_f }, residuals))
    }

    /// Returns whether it can be asked about rows of `n_features` features, wherever it comes from.
    pub fn is_sound(&self, n_features: usize) -> bool {
        self.forest.is_sound(n_features, MOMENTS)
    }

    /// Returns the first-stage F statistic: how strongly the instrument moves the treatment.
    pub fn first_stage_f(&self) -> f64 {
        self.first_stage_f
    }

    /// Returns the effects at rows that the forest has not learned from, in units of `Y` per unit of
    /// `W`; NaN where the leaves do not determine one.
    pub fn predict(
        &self,
        features: &BinnedRows,
        rows: &[u32],
        progress: &dyn Progress,
    ) -> ArmEffects {
        self.answer(features, rows, Eligible::All, progress)
    }

    /// Returns the effects at the rows it was fitted on, each from trees that have seen neither the row
    /// nor its cluster. `input` must be that of [`Self::fit`].
    pub fn out_of_bag(
        &self,
        input: &ForestInput<'_>,
        progress: &dyn Progress,
    ) -> OutOfFold<ArmEffects> {
        let eligible = Eligible::OutOfBag(input.units());
        OutOfFold::promise(self.answer(input.features, input.rows, eligible, progress))
    }

    fn answer(
        &self,
        features: &BinnedRows,
        rows: &[u32],
        eligible: Eligible<'_>,
        progress: &dyn Progress,
    ) -> ArmEffects {
        let depth = Depth::<MOMENTS>::new(&self.forest, self.min_leaf);
        let question = Question { eligible, point: &depth, interval: &depth };
        progress.stage("effects", rows.len() as u64);
        let mut effects = ArmEffects::default();
        for answer in predict((&self.forest, &Wald), features, rows, question, progress) {
            effects.push(answer.value, answer.interval_value, answer.std_error);
        }
        effects
    }
}

impl InstrumentalForestParams {
    /// Returns how the forest of `n_units` grows, and the leaf size that answers.
    fn growth(&self, n_units: usize) -> (ForestParams, u32) {
        let fraction = self.sample_fraction.unwrap_or_else(|| default_sample_fraction(n_units));
        let growth = ForestParams {
            n_trees: self.n_trees,
            sample_fraction: fraction,
            seed: self.seed,
            ..ForestParams::default()
        };
        let honest_rows = n_units as f64 * fraction * (1.0 - growth.honesty_fraction);
        let min_leaf =
            self.min_leaf.unwrap_or_else(|| default_interval_leaf(honest_rows, fraction));
        let min_node_size = (min_leaf as usize * 3 / 4).max(5);
        (ForestParams { min_node_size, ..growth }, min_leaf)
    }
}

/// Takes the nuisances off all three columns, out of fold; 0 for rows that take no part.
fn centre(
    input: &ForestInput<'_>,
    [z, w, y]: [Vec<f32>; 3],
    weights: Option<&[f32]>,
    params: &InstrumentalForestParams,
) -> Centred {
    let none = vec![0.0; y.len()];
    let both = CrossFit {
        features: input.features,
        y: &y,
        w: &w,
        weights,
        clusters: input.clusters,
        known: None,
        learner: params.nuisances,
        n_folds: params.folds.unwrap_or_else(|| default_folds(input.rows.len())),
        boost: BoostParams { seed: params.seed, ..params.boost },
    };
    // The instrument alone: a treatment that is known takes no part.
    let alone = CrossFit { y: &z, w: &none, known: Some(&none), ..both };
    let rows = input.rows;
    let of_z = alone.fit(rows, rows, (0.0, 0.0)).1.into_inner();
    let of_both = both.fit(rows, rows, range(&w, rows)).1.into_inner();
    let less = |column: &[f32], hat: &[f32]| {
        let mut centred = vec![0.0; column.len()];
        for (&unit, hat) in input.rows.iter().zip(hat) {
            centred[unit as usize] = column[unit as usize] - hat;
        }
        centred
    };
    Centred { z: less(&z, &of_z.y_hat), w: less(&w, &of_both.w_hat), y: less(&y, &of_both.y_hat) }
}

fn range(column: &[f32], rows: &[u32]) -> (f32, f32) {
    rows.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), &unit| {
        let value = column[unit as usize];
        (low.min(value), high.max(value))
    })
}

fn check_varies(name: &'static str, column: &[f32], rows: &[u32]) -> Result<(), EstimatorError> {
    let (low, high) = range(column, rows);
    if low < high { Ok(()) } else { Err(EstimatorError::NoVariation { name }) }
}

/// Returns the squared t statistic of the centred treatment on the centred instrument.
///
/// # Formula
///
/// ```text
/// π̂ = Σ v z w / Σ v z²        F = π̂² (Σ v z²)² / Σ_g (Σ_{i∈g} v z (w − π̂ z))²
/// ```
///
/// robust to unequal variances; `g` runs over clusters, or over units without clusters.
fn first_stage_f(input: &ForestInput<'_>, centred: &Centred, weights: Option<&[f32]>) -> f64 {
    let parts = |&unit: &u32| {
        let at = unit as usize;
        let weight = weights.map_or(1.0, |weights| f64::from(weights[at]));
        (
            input.units().id(unit),
            weight * f64::from(centred.z[at]),
            f64::from(centred.z[at]),
            f64::from(centred.w[at]),
        )
    };
    let (mut zz, mut zw) = (0.0, 0.0);
    for (_, weighted_z, z, w) in input.rows.iter().map(parts) {
        zz += weighted_z * z;
        zw += weighted_z * w;
    }
    let slope = zw / zz;
    let mut influence: Vec<(u32, f64)> = input
        .rows
        .iter()
        .map(parts)
        .map(|(id, weighted_z, z, w)| (id, weighted_z * (w - slope * z)))
        .collect();
    influence.sort_by_key(|(id, _)| *id);
    let squares: f64 = influence
        .chunk_by(|a, b| a.0 == b.0)
        .map(|cluster| cluster.iter().map(|(_, part)| part).sum::<f64>().powi(2))
        .sum();
    zw * zw / squares
}
