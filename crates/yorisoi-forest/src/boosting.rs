//! Gradient-boosted trees for several targets at once, on the forest's own bins and histograms.
//!
//! Nuisances want low bias more than intervals, which is what boosting is good at. Outcome and
//! treatment share each tree's splits, so two regressions cost little more than one. How many rounds
//! each target keeps is chosen on rows of the sample set aside for it: one that nothing
//! predicts, such as the treatment in a randomised trial, keeps few or none and stays near its mean.
//!
//! The outcome may besides lean on a regressor, the treatment: `E[Y | X, W] = a(x) + b(x) W`, which says everything where
//! `W` is 0 or 1. To a regression on `X` alone, who was treated is noise of standard deviation `sd(W | x) |b(x)|`; here
//! each leaf takes it off, and `E[Y | X] = a(x) + b(x) E[W | X]` is learned from what is left.

use serde::{Deserialize, Serialize};
use yorisoi_data::{BinnedRows, mix, unit_hash};

use crate::{
    boosted::Boosted,
    forest::SMALL_NODE,
    grow::{Grower, Shape},
    histogram::TreeRows,
    lean::{Lean, LeanSums},
    predict::walk_tree,
    recipe::{FIRST_MOMENT, NodeScore, Recipe, WEIGHT},
    split::Balance,
    tree::Tree,
};

/// Share of the rows to fit on that a round draws at most: rounds that differ in their rows overfit less [Friedman 2002].
const ROUND_SHARE: f64 = 0.5;

/// A regressor that varies less than this share of its mean square says nothing: rounding alone could make it so.
const LEAST_VARIATION: f64 = 1e-9;

/// The most targets one ensemble can have.
pub const MAX_TARGETS: usize = 2;

/// How boosting proceeds. The defaults suit 1,000 to 10,000,000 rows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BoostParams {
    /// Rounds at most.
    pub max_rounds: usize,
    /// Rounds without gain after which a target stops.
    pub patience: usize,
    /// Share of each tree's answer that is added.
    pub learning_rate: f32,
    /// Steps to a leaf at most.
    pub max_depth: u32,
    /// Rows a leaf holds at least.
    pub min_leaf: usize,
    /// Rows each round draws at most; it never draws more than about half of those it fits on.
    pub round_rows: usize,
    /// Share of the rows set aside to choose the number of rounds.
    pub validation_share: f64,
    /// Key of all randomness.
    pub seed: u64,
}

impl Default for BoostParams {
    fn default() -> Self {
        Self {
            max_rounds: 300,
            patience: 15,
            learning_rate: 0.1,
            max_depth: 5,
            min_leaf: 20,
            round_rows: 30_000,
            validation_share: 0.15,
            seed: 42,
        }
    }
}

/// What to learn: `targets[target][unit]`.
#[derive(Debug, Clone, Copy)]
pub struct BoostTask<'a> {
    /// Binned features of the whole data set.
    pub features: &'a BinnedRows,
    /// Rows to learn from.
    pub rows: &'a [u32],
    /// At most [`MAX_TARGETS`] targets over all units.
    pub targets: &'a [&'a [f32]],
    /// What the first target leans on beside the features, over all units.
    pub regressor: Option<&'a [f32]>,
    /// Weights of all units, if any.
    pub weights: Option<&'a [f32]>,
    /// Cluster of every unit, if any: kept whole between fitting and validation.
    pub clusters: Option<&'a [u32]>,
}

/// Residuals of all targets, scaled so that none drowns another.
struct Residuals<'a> {
    /// `[unit position][target]`.
    values: &'a [[f32; MAX_TARGETS]],
    scale: [f32; MAX_TARGETS],
    weights: Option<&'a [f32]>,
    rows: &'a [u32],
}

impl Recipe<4, MAX_TARGETS> for Residuals<'_> {
    const LANES_USED: usize = FIRST_MOMENT + MAX_TARGETS;

    #[inline]
    fn contribution(&self, position: usize) -> [f32; 4] {
        let weight = self.weights.map_or(1.0, |weights| weights[self.rows[position] as usize]);
        let [first, second] = self.values[position];
        [1.0, weight, weight * first, weight * second]
    }

    fn node_score(&self, sums: &[f32; 4]) -> Option<NodeScore<4, MAX_TARGETS>> {
        let mut rho = [[0.0; 4]; MAX_TARGETS];
        for (target, functional) in rho.iter_mut().enumerate() {
            functional[WEIGHT] = -self.scale[target] * sums[FIRST_MOMENT + target] / sums[WEIGHT];
            functional[FIRST_MOMENT + target] = self.scale[target];
        }
        Some(NodeScore { rho, variation: [0.0, 1.0, 0.0, 0.0] })
    }
}

/// Boosts trees for the task's targets.
///
/// # Source
///
/// Friedman (2001, 2002), gradient boosting with squared loss, stochastic rounds and early stopping; of slopes,
/// Zhou & Hooker (2022), "Decision tree boosted varying coefficient models".
pub fn boost(task: BoostTask<'_>, params: &BoostParams) -> Boosted {
    let mut run = Run::new(task, params);
    for round in 0..params.max_rounds {
        if !run.step(round) {
            break;
        }
    }
    run.finish()
}

/// The state of boosting.
struct Run<'a> {
    task: BoostTask<'a>,
    params: &'a BoostParams,
    n_targets: usize,
    /// Rows gathered once, so that rounds touch memory in order.
    local: BinnedRows,
    all: Vec<u32>,
    fitting: Vec<u32>,
    validation: Vec<u32>,
    residuals: Vec<[f32; MAX_TARGETS]>,
    /// The regressor, row by row; empty where there is none.
    regressor: Vec<f32>,
    /// Variation of the regressor that a leaf's slope is shrunk by: that of as many rows as a leaf holds at least.
    prior: f64,
    spread: [f32; MAX_TARGETS],
    best_loss: [f64; MAX_TARGETS],
    /// Residuals of the validation rows before the first round, and at each target's best.
    at_start: Vec<[f32; MAX_TARGETS]>,
    at_best: Vec<[f32; MAX_TARGETS]>,
    ensemble: Boosted,
}

impl<'a> Run<'a> {
    fn new(task: BoostTask<'a>, params: &'a BoostParams) -> Self {
        let n_targets = task.targets.len();
        assert!((1..=MAX_TARGETS).contains(&n_targets), "one or two targets");
        let n_outputs = n_targets + usize::from(task.regressor.is_some());
        let local = task.features.gather(task.rows);
        let id = |unit: u32| task.clusters.map_or(unit, |clusters| clusters[unit as usize]);
        let key = mix(params.seed, 0x7661_6c69);
        let (validation, fitting): (Vec<u32>, Vec<u32>) =
            (0..task.rows.len() as u32).partition(|&at| {
                unit_hash(key, u64::from(id(task.rows[at as usize]))) < params.validation_share
            });
        let mut run = Self {
            task,
            params,
            n_targets,
            local,
            all: (0..task.rows.len() as u32).collect(),
            fitting,
            validation,
            residuals: vec![[0.0; MAX_TARGETS]; task.rows.len()],
            regressor: task.regressor.map_or_else(Vec::new, |of| {
                task.rows.iter().map(|&unit| of[unit as usize]).collect()
            }),
            prior: 0.0,
            spread: [0.0; MAX_TARGETS],
            best_loss: [f64::INFINITY; MAX_TARGETS],
            at_start: Vec::new(),
            at_best: Vec::new(),
            ensemble: Boosted {
                start: vec![0.0; n_outputs],
                rounds: vec![0; n_targets],
                trees: Vec::new(),
            },
        };
        run.start();
        run
    }

    fn weight(&self, position: usize) -> f64 {
        self.task
            .weights
            .map_or(1.0, |weights| f64::from(weights[self.task.rows[position] as usize]))
    }

    /// Returns the regressor of a row; 0 where there is none.
    fn regressor(&self, position: usize) -> f64 {
        self.regressor.get(position).map_or(0.0, |&value| f64::from(value))
    }

    fn target(&self, target: usize, position: usize) -> f32 {
        self.task.targets[target][self.task.rows[position] as usize]
    }

    fn start(&mut self) {
        let n = self.task.rows.len();
        for target in 0..self.n_targets {
            let (mut weight, mut sum, mut squares) = (0.0, 0.0, 0.0);
            for position in 0..n {
                let (w, y) = (self.weight(position), f64::from(self.target(target, position)));
                weight += w;
                sum += w * y;
                squares += w * y * y;
            }
            let mean = sum / weight;
            let variance = (squares / weight - mean * mean).max(0.0);
            self.ensemble.start[target] = mean as f32;
            self.spread[target] = if variance > 0.0 { (1.0 / variance.sqrt()) as f32 } else { 0.0 };
            for position in 0..n {
                self.residuals[position][target] = self.target(target, position) - mean as f32;
            }
        }
        self.start_slope();
        for target in 0..self.n_targets {
            self.best_loss[target] = self.validation_loss(target);
        }
        self.at_start = self.validation.iter().map(|&at| self.residuals[at as usize]).collect();
        self.at_best.clone_from(&self.at_start);
    }

    /// Takes off the first target what it leans on the regressor everywhere.
    fn start_slope(&mut self) {
        let n = self.task.rows.len();
        let mut sums = LeanSums::default();
        for position in 0..n {
            let residual = f64::from(self.residuals[position][0]);
            sums.add(self.weight(position), self.regressor(position), residual);
        }
        let variation = sums.variation(LEAST_VARIATION);
        if variation == 0.0 {
            // What does not vary explains nothing, and is never asked about again.
            self.regressor.clear();
            return;
        }
        self.prior = variation / n as f64 * self.params.min_leaf as f64;
        let Lean { level, slope } = sums.fit(0.0);
        let step = [level as f32, slope as f32];
        self.ensemble.start[0] += step[0];
        self.ensemble.start[self.n_targets] = step[1];
        for position in 0..n {
            self.residuals[position][0] -= step[0] + step[1] * self.regressor[position];
        }
    }

    fn validation_loss(&self, target: usize) -> f64 {
        self.validation
            .iter()
            .map(|&at| {
                self.weight(at as usize) * f64::from(self.residuals[at as usize][target]).powi(2)
            })
            .sum()
    }

    /// Adds a tree; returns whether to go on.
    fn step(&mut self, round: usize) -> bool {
        let active = |target: usize| round < self.ensemble.rounds[target] + self.params.patience;
        let scale: [f32; MAX_TARGETS] = std::array::from_fn(|target| {
            if target < self.n_targets && active(target) { self.spread[target] } else { 0.0 }
        });
        if scale.iter().all(|&scale| scale == 0.0) || self.validation.is_empty() {
            return false;
        }
        let key = mix(self.params.seed, round as u64 + 1);
        let share = (self.params.round_rows as f64 / self.fitting.len() as f64).min(ROUND_SHARE);
        let drawn: Vec<u32> = self
            .fitting
            .iter()
            .copied()
            .filter(|&at| unit_hash(key, u64::from(at)) < share)
            .collect();
        let balance = Balance { min_count: self.params.min_leaf as f32, alpha: 0.0 };
        let shape = Shape {
            balance,
            n_candidates: self.local.n_features(),
            max_depth: self.params.max_depth,
            small_node: SMALL_NODE,
        };
        let recipe = Residuals {
            values: &self.residuals,
            scale,
            weights: self.task.weights,
            rows: self.task.rows,
        };
        let data = TreeRows::gather(&self.local, &recipe, &drawn);
        let mut tree = Grower::new(&recipe, self.local.kinds(), data, shape, key).grow();
        self.set_steps(&mut tree, &drawn);
        self.apply(&tree);
        self.ensemble.trees.push(tree);
        for target in 0..self.n_targets {
            let loss = self.validation_loss(target);
            if loss < self.best_loss[target] {
                self.best_loss[target] = loss;
                self.ensemble.rounds[target] = round + 1;
                for (kept, &at) in self.at_best.iter_mut().zip(&self.validation) {
                    kept[target] = self.residuals[at as usize][target];
                }
            }
        }
        true
    }

    /// Fills the tree's leaves with shrunk mean residuals of the drawn rows, and the slope of the first target's.
    fn set_steps(&self, tree: &mut Tree, drawn: &[u32]) {
        let n_outputs = self.ensemble.start.len();
        let mut counts = vec![0; tree.nodes.len()];
        let mut sums = vec![[LeanSums::default(); MAX_TARGETS]; tree.nodes.len()];
        for &at in drawn {
            let (leaf, at) = (tree.leaf_of(self.local.row(at as usize)) as usize, at as usize);
            let (weight, regressor) = (self.weight(at), self.regressor(at));
            counts[leaf] += 1;
            for (target, sums) in sums[leaf][..self.n_targets].iter_mut().enumerate() {
                // Only the first leans on anything.
                let regressor = if target == 0 { regressor } else { 0.0 };
                sums.add(weight, regressor, f64::from(self.residuals[at][target]));
            }
        }
        let rate = f64::from(self.params.learning_rate);
        tree.counts = counts;
        tree.means = vec![0.0; sums.len() * n_outputs];
        for (steps, sums) in tree.means.chunks_exact_mut(n_outputs).zip(&sums) {
            let lean = sums.map(|sums| sums.fit(self.prior));
            for (step, lean) in steps.iter_mut().zip(&lean[..self.n_targets]) {
                *step = (rate * lean.level) as f32;
            }
            if n_outputs > self.n_targets {
                steps[self.n_targets] = (rate * lean[0].slope) as f32;
            }
        }
    }

    fn apply(&mut self, tree: &Tree) {
        let n_outputs = self.ensemble.start.len();
        let mut leaves = vec![0; self.all.len()];
        walk_tree(tree, (self.local.bytes(), self.local.n_features()), &self.all, &mut leaves);
        for (position, (residual, leaf)) in self.residuals.iter_mut().zip(leaves).enumerate() {
            let steps = &tree.means[leaf as usize * n_outputs..][..n_outputs];
            for (residual, step) in residual.iter_mut().zip(&steps[..self.n_targets]) {
                *residual -= step;
            }
            if let Some(regressor) = self.regressor.get(position) {
                residual[0] -= steps[self.n_targets] * regressor;
            }
        }
    }

    /// Returns whether the rounds of `target` predict the rows set aside better than its start by more
    /// than a standard error: the best of several rounds looks better by chance even where nothing is to be
    /// learned.
    fn is_clear(&self, target: usize) -> bool {
        let mut gains: Vec<(u32, f64)> = (self.validation.iter().enumerate())
            .map(|(index, &at)| {
                let unit = self.task.rows[at as usize];
                let cluster = self.task.clusters.map_or(unit, |clusters| clusters[unit as usize]);
                let squared = |of: &[[f32; MAX_TARGETS]]| f64::from(of[index][target]).powi(2);
                let gain = squared(&self.at_start) - squared(&self.at_best);
                (cluster, self.weight(at as usize) * gain)
            })
            .collect();
        gains.sort_by_key(|(cluster, _)| *cluster);
        let sums: Vec<f64> = gains
            .chunk_by(|a, b| a.0 == b.0)
            .map(|cluster| cluster.iter().map(|(_, gain)| gain).sum())
            .collect();
        let (n, total) = (sums.len() as f64, sums.iter().sum::<f64>());
        let squares: f64 = sums.iter().map(|sum| (sum - total / n).powi(2)).sum();
        total > (squares * n / (n - 1.0)).sqrt()
    }

    fn finish(mut self) -> Boosted {
        for target in 0..self.n_targets {
            if self.ensemble.rounds[target] > 0 && !self.is_clear(target) {
                self.ensemble.rounds[target] = 0;
            }
        }
        let kept = self.ensemble.rounds.iter().copied().max().unwrap_or(0);
        self.ensemble.trees.truncate(kept);
        self.ensemble
    }
}
