//! One arm against control (or a dose): nuisances, causal forest, leaf sizes, answers.

use serde::{Deserialize, Serialize};
use yorisoi_data::{BinnedRows, OutOfFold, Progress, Silent, unit_hash};
use yorisoi_forest::{
    BaselineTask, BoostParams, Causal, Depth, Eligible, Forest, ForestParams, InTurns, Prediction,
    Question, RankScale, Recipe, Slope, StepParams, Units, grow, grow_more, predict,
};

use crate::{
    ArmEffects, EffectParams,
    crossfit::{ContrastNuisances, CrossFit},
    depth::{Judge, LeafLoss, leaf_sizes},
    follow::{Baseline, BaselineLoss, PILOT_TREES, Pilot, choose_baseline},
    learner::NuisanceModels,
    params::{Trees, default_folds, default_interval_leaf, default_trees},
    spread::{Spread, believable},
};

/// Rows that pilots are told apart on, at most. They are small, and what they lose beside one another is: as many as
/// can be afforded.
const PILOT_ROWS: f64 = 100_000.0;

/// Returns how many rows leaf size and spread are tuned on: up to 20,000 all, then a tenth where that is more, which
/// tells small differences of the loss apart where there are rows to do so.
fn tuning_rows(n_units: usize) -> f64 {
    (0.1 * n_units as f64).clamp(20_000.0, 100_000.0)
}

/// One contrast's data, all slices over all units of the data set.
pub(crate) struct ContrastData<'a> {
    pub(crate) features: &'a BinnedRows,
    pub(crate) y: &'a [f32],
    /// 1 for the arm, 0 for control (other arms: anything); or the dose.
    pub(crate) w: &'a [f32],
    pub(crate) weights: Option<&'a [f32]>,
    pub(crate) clusters: Option<&'a [u32]>,
    /// Known `e(x)` of the contrast.
    pub(crate) known: Option<&'a [f32]>,
    pub(crate) is_dose: bool,
    pub(crate) is_binary_outcome: bool,
    /// Units of the two arms.
    pub(crate) own: &'a [u32],
    /// Units that answers are wanted for.
    pub(crate) all: &'a [u32],
}

impl<'a> ContrastData<'a> {
    fn units(&self) -> Units<'a> {
        Units { features: self.features, rows: self.own, clusters: self.clusters }
    }
}

/// How one arm's forest was tuned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArmTuning {
    /// The arm.
    pub arm: String,
    /// Trees grown.
    pub n_trees: usize,
    /// Share of the units in a bag.
    pub sample_fraction: f64,
    /// Leaf size behind the effects.
    pub min_leaf: u32,
    /// Leaf size behind the standard errors.
    pub interval_leaf: u32,
    /// Units that a node needs to be split.
    pub min_node_size: usize,
    /// Folds of boosted nuisances; 0 where forests learned them, which are asked out of bag.
    pub folds: usize,
    /// Boosting rounds kept by each fold's model: outcome, then treatment. Empty where forests learned them.
    pub nuisance_rounds: Vec<Vec<usize>>,
    /// Loss by leaf size; empty where the leaf size was given.
    pub losses: Vec<LeafLoss>,
    /// What each bag takes off before its trees grow.
    pub baseline: Baseline,
    /// What every other bag takes off instead; `None` where all take off the same. The data did not tell the two
    /// apart.
    #[serde(default)]
    pub other_half: Option<Baseline>,
    /// Loss of each that was tried beside the line; empty where it was given.
    pub baseline_losses: Vec<BaselineLoss>,
    /// Share of the spread of the effects that is kept.
    pub kept_spread: f64,
}

/// A fitted contrast.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Contrast {
    pub(crate) forest: Forest,
    pub(crate) nuisances: NuisanceModels,
    pub(crate) min_leaf: u32,
    pub(crate) interval_leaf: u32,
    pub(crate) spread: Spread,
    /// Effects of a 0/1 outcome cannot leave `[−1, 1]`.
    pub(crate) is_binary_outcome: bool,
}

/// A fitted contrast with what it says of the units it was asked for.
pub(crate) struct FittedContrast {
    pub(crate) contrast: Contrast,
    pub(crate) nuisances: OutOfFold<ContrastNuisances>,
    pub(crate) tuning: ArmTuning,
}

pub(crate) fn fit_contrast(
    data: &ContrastData<'_>,
    params: &EffectParams,
    arm: &str,
    progress: &dyn Progress,
) -> FittedContrast {
    let (models, nuisances) = fit_nuisances(data, params, progress);
    let (y_centered, w_centered) = centred(data, nuisances.get());
    let sizes = Sizes::new(data.own.len(), params);
    let task = GrowTask { data, params, sizes: &sizes, centred: (&y_centered, &w_centered) };
    let (grown, pilot) = task.grow(progress);
    progress.stage("leaf size", 1);
    let judge = task.judge(tuning_rows(data.own.len()));
    let judged = judge.judge(&grown);
    let (losses, chosen) = judge.choose(&judged);
    let (losses, min_leaf, spread) = match params.min_leaf {
        Some(given) => (Vec::new(), given, Spread::WHOLE),
        None => (losses, judge.sizes[chosen], believable(&judge, &judged.tau_hat[chosen])),
    };
    progress.advance(1);
    let tuning = ArmTuning {
        arm: arm.to_owned(),
        n_trees: grown.trees.len(),
        sample_fraction: sizes.forest.sample_fraction,
        min_leaf,
        interval_leaf: sizes.interval_leaf,
        min_node_size: sizes.forest.min_node_size,
        folds: models.n_folds(),
        nuisance_rounds: models.rounds(),
        losses,
        baseline: pilot.baseline,
        other_half: pilot.other_half,
        baseline_losses: pilot.losses,
        kept_spread: spread.keep,
    };
    let contrast = Contrast {
        forest: grown.pruned(min_leaf.min(sizes.interval_leaf)),
        nuisances: models,
        min_leaf,
        interval_leaf: sizes.interval_leaf,
        spread,
        is_binary_outcome: data.is_binary_outcome,
    };
    FittedContrast { contrast, nuisances, tuning }
}

/// What a causal forest grows from.
struct GrowTask<'a> {
    data: &'a ContrastData<'a>,
    params: &'a EffectParams,
    sizes: &'a Sizes,
    /// Outcome and treatment less their nuisances.
    centred: (&'a [f32], &'a [f32]),
}

impl GrowTask<'_> {
    /// Judges effects on so many of the contrast's rows, or on all.
    fn judge(&self, wanted: f64) -> Judge<'_> {
        let (data, (y_centered, w_centered)) = (self.data, self.centred);
        let rows = some_of(data.own, self.params.seed, wanted);
        let weight =
            |weights: &[f32]| rows.iter().map(|&unit| f64::from(weights[unit as usize])).collect();
        let cluster = |clusters: &[u32]| rows.iter().map(|&unit| clusters[unit as usize]).collect();
        Judge {
            units: data.units(),
            y_centered,
            w_centered,
            weights: data.weights.map(weight),
            clusters: data.clusters.map(cluster),
            sizes: leaf_sizes(self.sizes.honest_rows, self.sizes.forest.min_node_size),
            rows,
        }
    }

    /// Grows the forest: pilots first, which say how closely baselines follow the effect, then the rest.
    fn grow(&self, progress: &dyn Progress) -> (Forest, Pilot) {
        let (units, params) = (self.data.units(), self.params);
        let wanted = match params.n_trees {
            Trees::Fixed(n_trees) => n_trees,
            Trees::BySize => default_trees(self.data.own.len()),
            Trees::Auto => AUTO_TREES.0,
        };
        progress.stage("forest", wanted as u64);
        let scale = RankScale::new(self.data.features.kinds());
        let recipe = |baseline: Baseline| self.recipe(&scale, baseline);
        let few = ForestParams { n_trees: wanted.min(PILOT_TREES), ..self.sizes.forest };
        let start = |baseline: Baseline| grow(&recipe(baseline), units, &few, &Silent);
        let mut pilot = match params.baseline {
            None => choose_baseline(start, &self.judge(PILOT_ROWS)),
            Some(baseline) => Pilot {
                forest: Some(start(baseline)),
                baseline,
                other_half: None,
                losses: Vec::new(),
            },
        };
        let first = recipe(pilot.baseline);
        let forest = if let Some(second) = pilot.other_half.map(recipe) {
            self.grow_on(None, &InTurns { first, second }, wanted, progress)
        } else {
            progress.advance(few.n_trees as u64);
            self.grow_on(pilot.forest.take(), &first, wanted, progress)
        };
        (forest, pilot)
    }

    /// Grows a pilot, or nothing, on to the `wanted` trees, and further until it is calm if that was asked for.
    fn grow_on<R: Recipe<8, 1>>(
        &self,
        pilot: Option<Forest>,
        recipe: &R,
        wanted: usize,
        progress: &dyn Progress,
    ) -> Forest {
        let units = self.data.units();
        let whole = ForestParams { n_trees: wanted, ..self.sizes.forest };
        let forest = match pilot {
            Some(pilot) => grow_more(pilot, recipe, units, &whole, progress),
            None => grow(recipe, units, &whole, progress),
        };
        match self.params.n_trees {
            Trees::Auto => grow_until_calm(forest, recipe, units, self.sizes, progress),
            Trees::BySize | Trees::Fixed(_) => forest,
        }
    }

    fn recipe<'b>(&'b self, scale: &'b RankScale, baseline: Baseline) -> Causal<'b> {
        let data = self.data;
        let task = |has_line: bool, rounds: usize| {
            let steps = StepParams { rounds, ..StepParams::default() };
            BaselineTask { clusters: data.clusters, scale, has_line, steps }
        };
        Causal {
            y_centered: self.centred.0,
            w_centered: self.centred.1,
            weights: data.weights,
            baseline: match baseline {
                Baseline::None => None,
                Baseline::Line => Some(task(true, 0)),
                Baseline::Boosted(rounds) => Some(task(true, rounds)),
                Baseline::Steps(rounds) => Some(task(false, rounds)),
            },
        }
    }
}

fn fit_nuisances(
    data: &ContrastData<'_>,
    params: &EffectParams,
    progress: &dyn Progress,
) -> (NuisanceModels, OutOfFold<ContrastNuisances>) {
    progress.stage("nuisances", 1);
    let cross_fit = CrossFit {
        features: data.features,
        y: data.y,
        w: data.w,
        weights: data.weights,
        clusters: data.clusters,
        known: data.known,
        learner: params.nuisances,
        n_folds: params.folds.unwrap_or_else(|| default_folds(data.own.len())),
        boost: BoostParams { seed: params.seed, ..params.boost },
    };
    let clip = params.clip as f32;
    let w_range =
        if data.is_dose { (f32::NEG_INFINITY, f32::INFINITY) } else { (clip, 1.0 - clip) };
    let fitted = cross_fit.fit(data.own, data.all, w_range);
    progress.advance(1);
    fitted
}

/// What follows from the number of units.
struct Sizes {
    forest: ForestParams,
    /// Rows that fill one tree's leaves, on average.
    honest_rows: f64,
    interval_leaf: u32,
}

impl Sizes {
    fn new(n_units: usize, params: &EffectParams) -> Self {
        let mut forest = params.forest(n_units);
        let honest_rows = n_units as f64 * forest.sample_fraction * (1.0 - forest.honesty_fraction);
        let interval_leaf = params
            .interval_leaf
            .unwrap_or_else(|| default_interval_leaf(honest_rows, forest.sample_fraction));
        let node = params.min_node_size.unwrap_or((interval_leaf as usize * 3 / 4).max(5));
        forest.min_node_size = node;
        Self { forest, honest_rows, interval_leaf }
    }
}

/// Trees that `--trees auto` starts with, and never exceeds.
const AUTO_TREES: (usize, usize) = (200, 4000);
/// Share of the variance that may be left to Monte-Carlo noise: standard errors are then at most 2.5 %
/// wider than with endless trees.
const CALM: f64 = 0.05;
/// Rows on which the Monte-Carlo share is measured.
const CALM_ROWS: f64 = 1_000.0;

/// Grows until the mean Monte-Carlo share of the variance is below [`CALM`]: a first forest says how
/// many trees that takes, since the share falls with their number.
fn grow_until_calm<R: Recipe<8, 1>>(
    forest: Forest,
    recipe: &R,
    units: Units<'_>,
    sizes: &Sizes,
    progress: &dyn Progress,
) -> Forest {
    let depth = Depth::new(&forest, sizes.interval_leaf);
    let rows = some_of(units.rows, sizes.forest.seed, CALM_ROWS);
    let eligible = Eligible::OutOfBag(units);
    let question = Question { eligible, point: &depth, interval: &depth };
    let predictions = predict((&forest, &Slope), units.features, &rows, question, &Silent);
    let shares = predictions.iter().map(|prediction| prediction.monte_carlo_share);
    let known: Vec<f64> = shares.filter(|share| share.is_finite()).collect();
    let share = known.iter().sum::<f64>() / known.len() as f64;
    // share = m / (m + s) with m falling as 1 / trees; an unknown share asks for the most.
    let wanted = AUTO_TREES.0 as f64 * share / (1.0 - share) * (1.0 - CALM) / CALM;
    let n_trees = if wanted.is_finite() { wanted.ceil() as usize } else { AUTO_TREES.1 };
    let params =
        ForestParams { n_trees: n_trees.clamp(AUTO_TREES.0, AUTO_TREES.1), ..sizes.forest };
    progress.stage("more trees", (params.n_trees - AUTO_TREES.0) as u64);
    grow_more(forest, recipe, units, &params, progress)
}

/// Returns about `wanted` of `rows`, the same for the same seed.
fn some_of(rows: &[u32], seed: u64, wanted: f64) -> Vec<u32> {
    let share = wanted / rows.len() as f64;
    rows.iter().copied().filter(|&unit| unit_hash(seed, u64::from(unit)) < share).collect()
}

/// Returns outcome and treatment less their nuisances, over all units (0 for units not asked for).
fn centred(data: &ContrastData<'_>, nuisances: &ContrastNuisances) -> (Vec<f32>, Vec<f32>) {
    let mut y_centered = vec![0.0; data.y.len()];
    let mut w_centered = vec![0.0; data.y.len()];
    for (at, &unit) in data.all.iter().enumerate() {
        let unit = unit as usize;
        y_centered[unit] = data.y[unit] - nuisances.y_hat[at];
        w_centered[unit] = data.w[unit] - nuisances.w_hat[at];
    }
    (y_centered, w_centered)
}

impl Contrast {
    /// Returns the effects of `rows`.
    pub(crate) fn effects(
        &self,
        features: &BinnedRows,
        rows: &[u32],
        eligible: Eligible<'_>,
        progress: &dyn Progress,
    ) -> ArmEffects {
        let point = Depth::new(&self.forest, self.min_leaf);
        let interval = Depth::new(&self.forest, self.interval_leaf);
        let question = Question { eligible, point: &point, interval: &interval };
        let predictions = predict((&self.forest, &Slope), features, rows, question, progress);
        let bound = self.is_binary_outcome.then_some(1.0);
        let mut effects = ArmEffects { bound, ..ArmEffects::default() };
        let limit = bound.unwrap_or(f64::INFINITY);
        for Prediction { value, interval_value, std_error, .. } in predictions {
            let tau_hat = self.spread.of(value).clamp(-limit, limit);
            effects.push(tau_hat, interval_value, std_error);
        }
        effects
    }
}
