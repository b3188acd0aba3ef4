//! Gradient-boosted trees for several outputs at once, on the forest's own bins and histograms.
//!
//! Nuisances want low bias more than intervals, which is what boosting is good at. Outcome and
//! treatment share each tree's splits, so two regressions cost little more than one. How many rounds
//! each output keeps is chosen on rows of the sample set aside for it: an output that nothing
//! predicts, such as the treatment in a randomised trial, keeps few or none and stays near its mean.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use yorisoi_data::{BinnedRows, mix, unit_hash};

use crate::{
    forest::SMALL_NODE,
    grow::{Grower, Shape},
    histogram::TreeRows,
    predict::walk_tree,
    recipe::{COUNT, FIRST_MOMENT, NodeScore, Recipe, WEIGHT},
    split::Balance,
    tree::Tree,
};

/// Rows that share one pass over the trees.
const BLOCK: usize = 2048;

/// Share of the rows to fit on that a round draws at most: rounds that differ in their rows overfit less [Friedman 2002].
const ROUND_SHARE: f64 = 0.5;

/// The most outputs one ensemble can have.
pub const MAX_OUTPUTS: usize = 2;

/// How boosting proceeds. The defaults suit 1,000 to 10,000,000 rows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BoostParams {
    /// Rounds at most.
    pub max_rounds: usize,
    /// Rounds without gain after which an output stops.
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

/// What to learn: `targets[output][unit]`.
#[derive(Debug, Clone, Copy)]
pub struct BoostTask<'a> {
    /// Binned features of the whole data set.
    pub features: &'a BinnedRows,
    /// Rows to learn from.
    pub rows: &'a [u32],
    /// At most [`MAX_OUTPUTS`] targets over all units.
    pub targets: &'a [&'a [f32]],
    /// Weights of all units, if any.
    pub weights: Option<&'a [f32]>,
    /// Cluster of every unit, if any: kept whole between fitting and validation.
    pub clusters: Option<&'a [u32]>,
}

/// A boosted ensemble.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Boosted {
    /// Mean of each output.
    pub start: Vec<f32>,
    /// Rounds each output keeps.
    pub rounds: Vec<usize>,
    /// Trees; a node's means are the steps of all outputs, learning rate included.
    pub trees: Vec<Tree>,
}

/// Residuals of all outputs, scaled so that none drowns another.
struct Residuals<'a> {
    /// `[unit position][output]`.
    values: &'a [[f32; MAX_OUTPUTS]],
    scale: [f32; MAX_OUTPUTS],
    weights: Option<&'a [f32]>,
    rows: &'a [u32],
}

impl Recipe<4, MAX_OUTPUTS> for Residuals<'_> {
    const LANES_USED: usize = FIRST_MOMENT + MAX_OUTPUTS;

    #[inline]
    fn contribution(&self, position: usize) -> [f32; 4] {
        let weight = self.weights.map_or(1.0, |weights| weights[self.rows[position] as usize]);
        let [first, second] = self.values[position];
        [1.0, weight, weight * first, weight * second]
    }

    fn node_score(&self, sums: &[f32; 4]) -> Option<NodeScore<4, MAX_OUTPUTS>> {
        let mut rho = [[0.0; 4]; MAX_OUTPUTS];
        for (output, functional) in rho.iter_mut().enumerate() {
            functional[WEIGHT] = -self.scale[output] * sums[FIRST_MOMENT + output] / sums[WEIGHT];
            functional[FIRST_MOMENT + output] = self.scale[output];
        }
        Some(NodeScore { rho, variation: [0.0, 1.0, 0.0, 0.0] })
    }
}

/// Boosts trees for the task's targets.
///
/// # Source
///
/// Friedman (2001, 2002), gradient boosting with squared loss, stochastic rounds and early stopping.
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
    n_outputs: usize,
    /// Rows gathered once, so that rounds touch memory in order.
    local: BinnedRows,
    all: Vec<u32>,
    fitting: Vec<u32>,
    validation: Vec<u32>,
    residuals: Vec<[f32; MAX_OUTPUTS]>,
    spread: [f32; MAX_OUTPUTS],
    best_loss: [f64; MAX_OUTPUTS],
    /// Residuals of the validation rows before the first round, and at each output's best.
    at_start: Vec<[f32; MAX_OUTPUTS]>,
    at_best: Vec<[f32; MAX_OUTPUTS]>,
    ensemble: Boosted,
}

impl<'a> Run<'a> {
    fn new(task: BoostTask<'a>, params: &'a BoostParams) -> Self {
        let n_outputs = task.targets.len();
        assert!((1..=MAX_OUTPUTS).contains(&n_outputs), "one or two outputs");
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
            n_outputs,
            local,
            all: (0..task.rows.len() as u32).collect(),
            fitting,
            validation,
            residuals: vec![[0.0; MAX_OUTPUTS]; task.rows.len()],
            spread: [0.0; MAX_OUTPUTS],
            best_loss: [f64::INFINITY; MAX_OUTPUTS],
            at_start: Vec::new(),
            at_best: Vec::new(),
            ensemble: Boosted {
                start: vec![0.0; n_outputs],
                rounds: vec![0; n_outputs],
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

    fn start(&mut self) {
        for output in 0..self.n_outputs {
            let target =
                |position: usize| self.task.targets[output][self.task.rows[position] as usize];
            let (mut weight, mut sum, mut squares) = (0.0, 0.0, 0.0);
            for position in 0..self.task.rows.len() {
                let (w, y) = (self.weight(position), f64::from(target(position)));
                weight += w;
                sum += w * y;
                squares += w * y * y;
            }
            let mean = sum / weight;
            let variance = (squares / weight - mean * mean).max(0.0);
            self.ensemble.start[output] = mean as f32;
            self.spread[output] = if variance > 0.0 { (1.0 / variance.sqrt()) as f32 } else { 0.0 };
            for position in 0..self.task.rows.len() {
                self.residuals[position][output] = target(position) - mean as f32;
            }
            self.best_loss[output] = self.validation_loss(output);
        }
        self.at_start = self.validation.iter().map(|&at| self.residuals[at as usize]).collect();
        self.at_best.clone_from(&self.at_start);
    }

    fn validation_loss(&self, output: usize) -> f64 {
        self.validation
            .iter()
            .map(|&at| {
                self.weight(at as usize) * f64::from(self.residuals[at as usize][output]).powi(2)
            })
            .sum()
    }

    /// Adds a tree; returns whether to go on.
    fn step(&mut self, round: usize) -> bool {
        let active = |output: usize| round < self.ensemble.rounds[output] + self.params.patience;
        let scale: [f32; MAX_OUTPUTS] = std::array::from_fn(|output| {
            if output < self.n_outputs && active(output) { self.spread[output] } else { 0.0 }
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
        for output in 0..self.n_outputs {
            let loss = self.validation_loss(output);
            if loss < self.best_loss[output] {
                self.best_loss[output] = loss;
                self.ensemble.rounds[output] = round + 1;
                for (kept, &at) in self.at_best.iter_mut().zip(&self.validation) {
                    kept[output] = self.residuals[at as usize][output];
                }
            }
        }
        true
    }

    /// Fills the tree's leaves with shrunk mean residuals of the drawn rows.
    fn set_steps(&self, tree: &mut Tree, drawn: &[u32]) {
        let mut sums = vec![[0.0_f64; 2 + MAX_OUTPUTS]; tree.nodes.len()];
        for &at in drawn {
            let sum = &mut sums[tree.leaf_of(self.local.row(at as usize)) as usize];
            let weight = self.weight(at as usize);
            sum[COUNT] += 1.0;
            sum[WEIGHT] += weight;
            for output in 0..self.n_outputs {
                sum[FIRST_MOMENT + output] +=
                    weight * f64::from(self.residuals[at as usize][output]);
            }
        }
        let rate = f64::from(self.params.learning_rate);
        tree.counts = sums.iter().map(|sum| sum[COUNT] as u32).collect();
        tree.means = Vec::with_capacity(sums.len() * self.n_outputs);
        for sum in &sums {
            let step = |residual: &f64| {
                if sum[WEIGHT] > 0.0 { (rate * residual / sum[WEIGHT]) as f32 } else { 0.0 }
            };
            tree.means.extend(sum[FIRST_MOMENT..FIRST_MOMENT + self.n_outputs].iter().map(step));
        }
    }

    fn apply(&mut self, tree: &Tree) {
        let mut leaves = vec![0; self.all.len()];
        walk_tree(tree, (self.local.bytes(), self.local.n_features()), &self.all, &mut leaves);
        for (residual, leaf) in self.residuals.iter_mut().zip(leaves) {
            let steps = &tree.means[leaf as usize * self.n_outputs..];
            for (residual, step) in residual.iter_mut().zip(&steps[..self.n_outputs]) {
                *residual -= step;
            }
        }
    }

    /// Returns whether the rounds of `output` predict the rows set aside better than its mean by more than
    /// a standard error: the best of several rounds looks better by chance even where nothing is to be
    /// learned.
    fn is_clear(&self, output: usize) -> bool {
        let mut gains: Vec<(u32, f64)> = (self.validation.iter().enumerate())
            .map(|(index, &at)| {
                let unit = self.task.rows[at as usize];
                let cluster = self.task.clusters.map_or(unit, |clusters| clusters[unit as usize]);
                let squared = |of: &[[f32; MAX_OUTPUTS]]| f64::from(of[index][output]).powi(2);
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
        for output in 0..self.n_outputs {
            if self.ensemble.rounds[output] > 0 && !self.is_clear(output) {
                self.ensemble.rounds[output] = 0;
            }
        }
        let kept = self.ensemble.rounds.iter().copied().max().unwrap_or(0);
        self.ensemble.trees.truncate(kept);
        self.ensemble
    }
}

impl Boosted {
    /// Returns each output's prediction for `rows`: `[output][position]`.
    pub fn predict(&self, features: &BinnedRows, rows: &[u32]) -> Vec<Vec<f32>> {
        let n_outputs = self.start.len();
        let blocks: Vec<Vec<f32>> = rows
            .par_chunks(BLOCK)
            .map(|block| {
                let mut sums = vec![0.0; n_outputs * block.len()];
                let mut leaves = vec![0; block.len()];
                for (round, tree) in self.trees.iter().enumerate() {
                    walk_tree(tree, (features.bytes(), features.n_features()), block, &mut leaves);
                    for (output, sums) in sums.chunks_exact_mut(block.len()).enumerate() {
                        if round < self.rounds[output] {
                            for (sum, &leaf) in sums.iter_mut().zip(&leaves) {
                                *sum += tree.means[leaf as usize * n_outputs + output];
                            }
                        }
                    }
                }
                sums
            })
            .collect();
        (0..n_outputs)
            .map(|output| {
                let of_output = blocks.iter().flat_map(|block| {
                    let n = block.len() / n_outputs;
                    &block[output * n..(output + 1) * n]
                });
                of_output.map(|sum| self.start[output] + sum).collect()
            })
            .collect()
    }
}
