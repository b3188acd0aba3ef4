//! Who is in which bag: subsampling, honesty and out-of-bag membership.
//!
//! A bag is a subsample shared by `trees_per_bag` trees (a "little bag"). Membership is a keyed hash
//! of the unit's cluster (or of the unit, without clusters), so it needs no storage, is the same on
//! every thread, and keeps clusters whole by construction.

use serde::{Deserialize, Serialize};
use yorisoi_data::mix;

/// The bags of one forest.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bags {
    /// Key of all hashes.
    pub seed: u64,
    /// Bags.
    pub n_bags: usize,
    /// Trees that share a bag.
    pub trees_per_bag: usize,
    /// Share of the units in a bag, in `(0, 0.5]`.
    pub sample_fraction: f64,
    /// Share of a bag's units that choose a tree's splits; the others fill its leaves.
    pub growing_fraction: f64,
}

/// Where a unit of a bag serves in one tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// It chooses splits.
    Growing,
    /// It fills leaves.
    Estimating,
}

/// Salts that keep the hash streams of bags and trees apart.
const BAG_STREAM: u64 = 0x6261_6773;
const TREE_STREAM: u64 = 0x7472_6565;

impl Bags {
    /// Returns the number of trees.
    pub fn n_trees(&self) -> usize {
        self.n_bags * self.trees_per_bag
    }

    /// Returns the bag of a tree.
    pub fn bag_of(&self, tree: usize) -> usize {
        tree / self.trees_per_bag
    }

    /// Returns a test for membership of `bag` by cluster (or unit) id.
    #[inline]
    pub fn membership(&self, bag: usize) -> Membership {
        let key = mix(self.seed ^ BAG_STREAM, bag as u64);
        Membership { key, below: share_to_u32(self.sample_fraction) }
    }

    /// Returns the rule that deals the units of a tree's bag to growing and estimating.
    #[inline]
    pub fn honesty(&self, tree: usize) -> Honesty {
        let key = mix(self.seed ^ TREE_STREAM, tree as u64);
        Honesty(Membership { key, below: share_to_u32(self.growing_fraction) })
    }
}

/// Whether an id is in a random subset.
#[derive(Debug, Clone, Copy)]
pub struct Membership {
    key: u64,
    below: u32,
}

impl Membership {
    /// Returns whether `id` belongs.
    #[inline]
    pub fn contains(self, id: u32) -> bool {
        ((mix(self.key, u64::from(id)) >> 32) as u32) < self.below
    }
}

/// The honest deal of one tree.
#[derive(Debug, Clone, Copy)]
pub struct Honesty(Membership);

impl Honesty {
    /// Returns the part that `id` plays.
    #[inline]
    pub fn part(self, id: u32) -> Part {
        if self.0.contains(id) { Part::Growing } else { Part::Estimating }
    }
}

fn share_to_u32(share: f64) -> u32 {
    (share * f64::from(u32::MAX)).round() as u32
}
