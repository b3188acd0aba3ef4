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

/// Units that are looked at side by side.
const ABREAST: usize = 1 << 10;

/// Returns those of `units` that are `wanted`, in their order.
///
/// Who is wanted is as good as random, and a branch on it would be foretold wrongly again and again: every unit is
/// written, and the place for the next one moves or stays.
pub(crate) fn keep(units: &[u32], wanted: impl Fn(u32) -> bool) -> Vec<u32> {
    let mut kept = Vec::new();
    for units in units.chunks(ABREAST) {
        let (mut near, mut n) = ([0; ABREAST], 0);
        for &unit in units {
            near[n] = unit;
            n += usize::from(wanted(unit));
        }
        kept.extend_from_slice(&near[..n]);
    }
    kept
}

fn share_to_u32(share: f64) -> u32 {
    (share * f64::from(u32::MAX)).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    const BAGS: Bags = Bags {
        seed: 11,
        n_bags: 40,
        trees_per_bag: 2,
        sample_fraction: 0.3,
        growing_fraction: 0.5,
    };

    #[test]
    fn bags_hold_the_share_they_should_and_are_independent() {
        const N_UNITS: u32 = 20_000;
        let share = |is_counted: &dyn Fn(u32) -> bool| {
            f64::from((0..N_UNITS).filter(|&id| is_counted(id)).count() as u32) / f64::from(N_UNITS)
        };
        let (first, second) = (BAGS.membership(0), BAGS.membership(1));
        // Five standard errors of a share p of 20,000 draws.
        let bound = |p: f64| 5.0 * (p * (1.0 - p) / f64::from(N_UNITS)).sqrt();
        assert!((share(&|id| first.contains(id)) - 0.3).abs() < bound(0.3));
        let both = share(&|id| first.contains(id) && second.contains(id));
        assert!((both - 0.09).abs() < bound(0.09), "{both}");
    }

    #[test]
    fn trees_of_a_bag_deal_its_units_anew() {
        const N_UNITS: u32 = 20_000;
        let (first, second) = (BAGS.honesty(0), BAGS.honesty(1));
        let agree = (0..N_UNITS).filter(|&id| first.part(id) == second.part(id)).count() as f64;
        // Two fair coins agree in half of the cases; five standard errors.
        let bound = 5.0 * (0.25 / f64::from(N_UNITS)).sqrt();
        assert!((agree / f64::from(N_UNITS) - 0.5).abs() < bound);
    }

    #[test]
    fn trees_lie_bag_by_bag() {
        assert_eq!(BAGS.n_trees(), 80);
        assert_eq!([0, 1, 2, 79].map(|tree| BAGS.bag_of(tree)), [0, 0, 1, 39]);
    }
}
