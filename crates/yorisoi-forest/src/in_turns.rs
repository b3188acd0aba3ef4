//! Two ways to learn the same: every other bag goes the other way.
//!
//! Where out-of-bag rows do not tell which of two baselines is better, a choice is luck, and its forest knows
//! nothing of the other. Half of the bags each way lose less where the choice would have been wrong, and the
//! variance between bags counts what the two do not agree on.

use crate::{
    baseline::Baseline,
    recipe::{Bag, NodeScore, Recipe},
};

/// Two recipes that differ only in what their bags take off before trees grow; bags take turns.
#[derive(Debug, Clone)]
pub struct InTurns<R> {
    /// The recipe of the first bag, the third and so on.
    pub first: R,
    /// The recipe of the others.
    pub second: R,
}

impl<const L: usize, const D: usize, R: Recipe<L, D>> Recipe<L, D> for InTurns<R> {
    const LANES_USED: usize = R::LANES_USED;

    #[inline]
    fn contribution(&self, unit: usize) -> [f32; L] {
        self.first.contribution(unit)
    }

    fn in_bag(&self, bag: Bag<'_>) -> (Vec<[f32; L]>, Option<Baseline>) {
        let recipe = if bag.number.is_multiple_of(2) { &self.first } else { &self.second };
        let (lanes, baseline) = recipe.in_bag(bag);
        // Every bag of a forest has a baseline, or none has: nothing is a flat one.
        (lanes, Some(baseline.unwrap_or_else(|| Baseline::flat(bag.rows.n_features()))))
    }

    fn node_score(&self, sums: &[f32; L]) -> Option<NodeScore<L, D>> {
        self.first.node_score(sums)
    }
}
