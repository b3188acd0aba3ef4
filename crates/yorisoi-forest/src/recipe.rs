//! What a forest learns: how a unit counts, what a split should separate.
//!
//! A recipe turns a unit into a few numbers (lanes) that add up over units, and a node's sums of
//! those lanes into linear functionals. The sum of GRF pseudo-outcomes over any set of rows is such a
//! functional, so one histogram of the lanes answers every question a split asks.

use crate::baseline::Baseline;

/// Lane 0 counts units, lane 1 adds weights; recipes fill the lanes from 2 on.
pub const COUNT: usize = 0;
/// Lane of the weights.
pub const WEIGHT: usize = 1;
/// First lane of a recipe's own.
pub const FIRST_MOMENT: usize = 2;

/// What a node asks of its splits: linear functionals of lane sums.
#[derive(Debug, Clone, Copy)]
pub struct NodeScore<const L: usize, const D: usize> {
    /// Pseudo-outcome sums, one functional a direction; each is 0 over the whole node.
    pub rho: [[f32; L]; D],
    /// Treatment (or instrument) variation around the node's mean; non-negative.
    pub variation: [f32; L],
}

/// A forest's strategy. `L` lanes, `D` pseudo-outcome directions.
pub trait Recipe<const L: usize, const D: usize>: Sync + Sized {
    /// Lanes in use; the others stay 0.
    const LANES_USED: usize;

    /// Returns the recipe as the trees of one bag use it, with what it learned from the bag.
    fn in_bag(&self, sample: &[u32], seed: u64) -> (Self, Option<Baseline>);

    /// Returns what `unit` adds to a sum: count 1, its weight, then weighted moments.
    fn contribution(&self, unit: usize) -> [f32; L];

    /// Returns the node's functionals from its sums, or `None` where it cannot be split.
    fn node_score(&self, sums: &[f32; L]) -> Option<NodeScore<L, D>>;
}
