//! One arm against control (or a dose): nuisances, causal forest, leaf sizes, answers.

use serde::{Deserialize, Serialize};
use yorisoi_data::{BinnedRows, OutOfFold, Progress, Z_95, mix, unit_hash};
use yorisoi_forest::{
    Causal, Depth, Eligible, Forest, Line, LinearEffect, Prediction, RankScale, Slope, Units, grow, predict,
};

use crate::{
    ArmEffects, EffectParams,
    crossfit::{ContrastNuisances, CrossFit, FoldModels},
    depth::{LeafLoss, Tuning, interval_leaf},
    params::{Trees, default_folds},
};

/// Rows the leaf size is tuned on at most.
const TUNING_ROWS: f64 = 20_000.0;

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
    /// Boosting rounds kept by each fold's model: outcome, then treatment.
    pub nuisance_rounds: Vec<Vec<usize>>,
    /// Loss by leaf size; empty where the leaf size was given.
    pub losses: Vec<LeafLoss>,
}

/// A fitted contrast.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Contrast {
    pub(crate) forest: Forest,
    pub(crate) nuisances: FoldModels,
    pub(crate) min_leaf: u32,
    pub(crate) interval_leaf: u32,
    /// Effects of a 0/1 outcome cannot leave `[−1, 1]`.
    pub(crate) is_binary_outcome: bool,
}

/// A fitted contrast with what it says of the units it was asked for.
pub(crate) struct FittedContrast {
    pub(crate) contrast: Contrast,
    pub(crate) effects: OutOfFold<ArmEffects>,
    pub(crate) nuisances: OutOfFold<ContrastNuisances>,
    pub(crate) tuning: ArmTuning,
}

pub(crate) fn fit_contrast(
    data: &ContrastData<'_>,
    params: &EffectParams,
    arm: &str,
    progress: &dyn Progress,
) -> FittedContrast {
    let seed = mix(params.seed, data.own.len() as u64);
    let cross_fit = CrossFit {
        features: data.features,
        y: data.y,
        w: data.w,
        weights: data.weights,
        clusters: data.clusters,
        known: data.known,
        n_folds: params.folds.unwrap_or_else(|| default_folds(data.own.len())),
        boost: yorisoi_forest::BoostParams { seed, ..params.boost },
    };
    progress.stage("nuisances", 1);
    let clip = params.clip as f32;
    let w_range = if data.is_dose { (f32::NEG_INFINITY, f32::INFINITY) } else { (clip, 1.0 - clip) };
    let models = cross_fit.fit(data.own, w_range);
    let nuisances = cross_fit.out_of_fold(&models, data.all);
    progress.advance(1);
    let (y_centered, w_centered) = centred(data, nuisances.get());

    let scale = RankScale::new(data.features.kinds());
    let line = params.linear_baseline.then(|| Line {
        features: data.features,
        scale: &scale,
        effect: LinearEffect::default(),
    });
    let recipe =
        Causal { y_centered: &y_centered, w_centered: &w_centered, weights: data.weights, line };
    let units = Units { features: data.features, rows: data.own, clusters: data.clusters };
    let n_trees = match params.n_trees {
        Trees::Fixed(n) => n,
        Trees::Auto => 500,
    };
    let forest_params = params.forest(data.own.len(), n_trees, seed);
    progress.stage("forest", n_trees as u64);
    let grown = grow(&recipe, units, &forest_params, progress);

    let honest_rows = data.own.len() as f64 * forest_params.sample_fraction * (1.0 - forest_params.honesty_fraction);
    let (losses, min_leaf) = match params.min_leaf {
        Some(given) => (Vec::new(), given),
        None => {
            progress.stage("leaf size", 1);
            let share = TUNING_ROWS / data.own.len() as f64;
            let rows: Vec<u32> =
                data.own.iter().copied().filter(|&unit| unit_hash(seed, u64::from(unit)) < share).collect();
            let tuning = Tuning {
                forest: &grown,
                units,
                features: data.features,
                rows: &rows,
                y_centered: &y_centered,
                w_centered: &w_centered,
            };
            let found = tuning.losses(honest_rows);
            progress.advance(1);
            found
        }
    };
    let interval_leaf = interval_leaf(honest_rows);
    let forest = grown.pruned(min_leaf.min(interval_leaf));
    let nuisance_rounds = models.models.iter().map(|model| model.rounds.clone()).collect();
    let contrast =
        Contrast { forest, nuisances: models, min_leaf, interval_leaf, is_binary_outcome: data.is_binary_outcome };
    progress.stage("effects", data.all.len() as u64);
    let all_units = Units { rows: data.all, ..units };
    let effects = contrast.effects(data.features, data.all, Eligible::OutOfBag(all_units), progress);
    let tuning = ArmTuning {
        arm: arm.to_owned(),
        n_trees: contrast.forest.trees.len(),
        sample_fraction: forest_params.sample_fraction,
        min_leaf,
        interval_leaf,
        nuisance_rounds,
        losses,
    };
    FittedContrast { contrast, effects: OutOfFold::promise(effects), nuisances, tuning }
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
        let asked = (eligible, &point, &interval);
        let predictions = predict(&self.forest, &Slope, (features, rows), asked, progress);
        let mut effects = ArmEffects::default();
        for prediction in predictions {
            self.push(&mut effects, prediction);
        }
        effects
    }

    fn push(&self, effects: &mut ArmEffects, prediction: Prediction) {
        let bound = if self.is_binary_outcome { 1.0 } else { f64::INFINITY };
        let tau_hat = prediction.value.clamp(-bound, bound);
        let half_width = Z_95 * prediction.std_error;
        effects.tau_hat.push(tau_hat);
        effects.std_error.push(prediction.std_error);
        effects.low.push((tau_hat - half_width).clamp(-bound, bound));
        effects.high.push((tau_hat + half_width).clamp(-bound, bound));
    }
}
