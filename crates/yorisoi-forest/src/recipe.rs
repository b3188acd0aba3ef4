//! What a forest learns: how a unit counts, what a split should separate.
//!
//! A recipe turns a unit into a few numbers (lanes) that add up over units, and a node's sums of
//! those lanes into linear functionals. The sum of GRF pseudo-outcomes over any set of rows is such a
//! functional, so one histogram of the lanes answers every question a split asks.

use yorisoi_data::BinnedRows;

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

/// The units that the trees of one bag learn from.
#[derive(Debug, Clone, Copy)]
pub struct Bag<'a> {
    /// Who they are.
    pub sample: &'a [u32],
    /// Their features, in the same order, side by side: a bag of a large data set is read once.
    pub rows: &'a BinnedRows,
    /// Key of all randomness.
    pub seed: u64,
    /// Its place among the bags.
    pub number: usize,
}

/// A forest's strategy. `L` lanes, `D` pseudo-outcome directions.
pub trait Recipe<const L: usize, const D: usize>: Sync + Sized {
    /// Lanes in use; the others stay 0.
    const LANES_USED: usize;

    /// Returns what `unit` adds to a sum: count 1, its weight, then weighted moments.
    fn contribution(&self, unit: usize) -> [f32; L];

    /// Returns what each of `units` adds.
    fn contributions(&self, units: &[u32]) -> Vec<[f32; L]> {
        units.iter().map(|&unit| self.contribution(unit as usize)).collect()
    }

    /// Returns what each unit of a bag adds to the sums of its trees, with the effect that they stand on.
    fn in_bag(&self, bag: Bag<'_>) -> (Vec<[f32; L]>, Option<Baseline>) {
        (self.contributions(bag.sample), None)
    }

    /// Returns the node's functionals from its sums, or `None` where it cannot be split.
    fn node_score(&self, sums: &[f32; L]) -> Option<NodeScore<L, D>>;
}
