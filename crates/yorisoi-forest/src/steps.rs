//! Small trees on top of a bag's line, for effects that bend: the second part of what the bag's own
//! trees stand on.
//!
//! An honest tree of a quarter of the data has few leaves, and where an effect bends in several features
//! at once no choice of its leaf size makes the bias small. Boosting spends many small trees on the same
//! rows instead and follows the bends. Averaged over bags it loses much of its noise, and because each
//! bag boosts on its own rows, the variance between bags counts what is left of it.

use serde::{Deserialize, Serialize};
use yorisoi_data::{BinnedRows, FeatureKind, mix, unit_hash};

use crate::{
    forest::SMALL_NODE,
    grow::{Grower, Shape},
    histogram::TreeRows,
    line::Observation,
    predict::walk_tree,
    recipe::WEIGHT,
    recipes::Regression,
    split::Balance,
    tree::Tree,
};

/// Lane of the weighted pull, behind count and weight.
const PULL: usize = 2;

/// How a bag's effect is boosted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct StepParams {
    /// Small trees a bag; 0 leaves the line alone.
    pub rounds: usize,
    /// Splits between a small tree's root and its leaves: so many features may act together.
    pub depth: u32,
    /// Share of each small tree's answer that is added. High for boosting, because an average over bags
    /// smooths more than small steps would, and every round costs time when the forest is asked.
    pub rate: f32,
    /// Rows each round draws to choose its splits, at most.
    pub round_rows: usize,
    /// Rows a leaf holds at least.
    pub min_leaf: usize,
}

impl Default for StepParams {
    fn default() -> Self {
        Self { rounds: 0, depth: 4, rate: 0.5, round_rows: 10_000, min_leaf: 20 }
    }
}

/// Boosts small trees for the effect of `w` on `y` over what was `seen` at `rows`, by the R-loss.
///
/// # Formula
///
/// ```text
/// step in leaf L:  rate · Σ_L weight w (y − w f) / (Σ_L weight w² + min_leaf · mean of weight w²)
/// ```
///
/// with `f` the steps so far: a Newton step of `Σ weight (y − w f(x))²`, drawn towards 0 as by
/// `min_leaf` units without effect, so that leaves with hardly any treatment variation stay calm.
///
/// # Source
///
/// Friedman (2001, 2002), gradient boosting; Nie & Wager (2021) for the loss; Breiman (1996) for
/// averaging over bags.
pub(crate) fn fit_steps(
    rows: &BinnedRows,
    seen: &[Observation],
    params: StepParams,
    seed: u64,
) -> Vec<Tree> {
    if seen.is_empty() {
        return Vec::new();
    }
    let kinds = rows.kinds();
    let mut rows = TreeRows::new(rows.clone(), seen.iter().map(lanes).collect());
    let weight: f64 = rows.lanes.iter().map(|lanes| f64::from(lanes[WEIGHT])).sum();
    let calm = params.min_leaf as f64 * weight / seen.len() as f64;
    let all: Vec<u32> = (0..seen.len() as u32).collect();
    let mut leaves = vec![0; seen.len()];
    let mut steps = Vec::with_capacity(params.rounds);
    for round in 0..params.rounds {
        let key = mix(seed, round as u64);
        let mut tree = split(&rows, kinds, (&all, key), params);
        walk_tree(&tree, (&rows.bins, rows.n_features), &all, &mut leaves);
        fill(&mut tree, &rows, &leaves, |pull, weight| {
            if weight > 0.0 { f64::from(params.rate) * pull / (weight + calm) } else { 0.0 }
        });
        for (lanes, &leaf) in rows.lanes.iter_mut().zip(&leaves) {
            lanes[PULL] -= lanes[WEIGHT] * tree.means[leaf as usize];
        }
        steps.push(tree);
    }
    steps
}

/// Returns the lanes of a weighted regression of the pull `y / w` on the features.
fn lanes(&Observation { w, y, weight, .. }: &Observation) -> [f32; 4] {
    [1.0, weight * w * w, weight * w * y, 0.0]
}

/// Returns a tree split on a draw of the rows, its leaves still empty.
fn split(
    rows: &TreeRows<4>,
    kinds: &[FeatureKind],
    (all, key): (&[u32], u64),
    params: StepParams,
) -> Tree {
    // Half of a small bag: rounds that see different rows make different mistakes.
    let share = (params.round_rows as f64 / all.len() as f64).min(0.5);
    let drawn: Vec<u32> =
        all.iter().copied().filter(|&at| unit_hash(key, u64::from(at)) < share).collect();
    let shape = Shape {
        balance: Balance { min_count: params.min_leaf as f32, alpha: 0.0 },
        n_candidates: kinds.len(),
        max_depth: params.depth,
        small_node: SMALL_NODE,
    };
    // The lanes are those of a weighted regression, gathered already.
    let recipe = Regression { y: &[], weights: None };
    Grower::new(&recipe, kinds, rows.subset(&drawn), shape, key).grow()
}

/// Fills the tree's leaves with the `step` of their pull and weight.
fn fill(tree: &mut Tree, rows: &TreeRows<4>, leaves: &[u32], step: impl Fn(f64, f64) -> f64) {
    let mut sums = vec![[0.0_f64; 3]; tree.nodes.len()];
    for (&leaf, lanes) in leaves.iter().zip(&rows.lanes) {
        for (sum, lane) in sums[leaf as usize].iter_mut().zip(lanes) {
            *sum += f64::from(*lane);
        }
    }
    tree.counts = sums.iter().map(|sum| sum[0] as u32).collect();
    tree.means = sums.iter().map(|sum| step(sum[PULL], sum[WEIGHT]) as f32).collect();
}
