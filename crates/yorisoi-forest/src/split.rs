//! The best split of a node, from its histogram.
//!
//! For ordered features every cut between bins is tried with missing values on either side; the
//! levels of a category are ordered by their mean pseudo-outcome first, which makes the best cut of
//! that order the best of all subsets (Fisher 1958).

use yorisoi_data::FeatureKind;

use crate::{
    histogram::Layout,
    recipe::{COUNT, NodeScore, WEIGHT},
};

/// What a split must leave on each side.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Balance {
    /// Units a child needs at least.
    pub(crate) min_count: f32,
    /// Share of the node's treatment variation, and of its units, a child needs at least.
    pub(crate) alpha: f32,
}

/// A chosen split.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Split {
    pub(crate) feature: usize,
    pub(crate) rule: SplitRule,
    pub(crate) gain: f32,
}

/// Who goes left.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SplitRule {
    /// Bins up to `cut`, and missing values if `missing_left`.
    Ordered { cut: u8, missing_left: bool },
    /// Bins in the set.
    Category { left: [u64; 4] },
}

/// A node while its splits are searched.
pub(crate) struct Search<'a, const L: usize, const D: usize> {
    pub(crate) score: NodeScore<L, D>,
    pub(crate) sums: [f32; L],
    pub(crate) layout: &'a Layout,
    pub(crate) balance: Balance,
}

/// What the split criterion needs of a set of rows.
#[derive(Debug, Clone, Copy)]
struct Side<const D: usize> {
    count: f32,
    weight: f32,
    variation: f32,
    rho: [f32; D],
}

impl<const D: usize> Side<D> {
    const EMPTY: Self = Self { count: 0.0, weight: 0.0, variation: 0.0, rho: [0.0; D] };

    #[inline]
    fn plus(mut self, other: &Self) -> Self {
        self.count += other.count;
        self.weight += other.weight;
        self.variation += other.variation;
        for (rho, add) in self.rho.iter_mut().zip(other.rho) {
            *rho += add;
        }
        self
    }
}

impl<const L: usize, const D: usize> Search<'_, L, D> {
    /// Returns the best split on `feature`, if one is allowed and gains anything.
    pub(crate) fn best_on(
        &self,
        histogram: &[[f32; L]],
        feature: usize,
        kind: FeatureKind,
    ) -> Option<Split> {
        let first = self.layout.offsets[feature] as usize;
        let last = self.layout.offsets[feature + 1] as usize;
        let bins = &histogram[first..last];
        match kind {
            FeatureKind::Ordered { .. } => self.best_cut(bins, feature),
            FeatureKind::Category { .. } => self.best_subset(bins, feature),
        }
    }

    fn best_cut(&self, bins: &[[f32; L]], feature: usize) -> Option<Split> {
        let total = self.side(&self.sums);
        let missing = self.side(&bins[0]);
        let has_missing = missing.count > 0.0;
        let (mut best_gain, mut best_bin, mut best_left) = (0.0, 0, false);
        let mut left = Side::EMPTY;
        for (bin, lanes) in bins.iter().enumerate().skip(1) {
            left = left.plus(&self.side(lanes));
            let gain = self.gain(&left, &total);
            if gain > best_gain {
                (best_gain, best_bin, best_left) = (gain, bin, false);
            }
            if has_missing {
                let gain = self.gain(&left.plus(&missing), &total);
                if gain > best_gain {
                    (best_gain, best_bin, best_left) = (gain, bin, true);
                }
            }
        }
        if has_missing {
            // Missing values alone against all others: no cut, only the missing bin goes left.
            let gain = self.gain(&missing, &total);
            if gain > best_gain {
                (best_gain, best_bin, best_left) = (gain, 0, true);
            }
        }
        let cut = (best_bin << self.layout.shifts[feature]).min(255) as u8;
        let rule = SplitRule::Ordered { cut, missing_left: best_left };
        (best_gain > 0.0).then_some(Split { feature, rule, gain: best_gain })
    }

    fn best_subset(&self, bins: &[[f32; L]], feature: usize) -> Option<Split> {
        let total = self.side(&self.sums);
        let mut levels: Vec<(u8, Side<D>)> = bins
            .iter()
            .enumerate()
            .map(|(bin, lanes)| (bin as u8, self.side(lanes)))
            .filter(|(_, side)| side.count > 0.0)
            .collect();
        let mut best: Option<Split> = None;
        for direction in 0..D {
            let mean = |side: &Side<D>| side.rho[direction] / side.weight;
            levels.sort_by(|a, b| mean(&a.1).total_cmp(&mean(&b.1)).then(a.0.cmp(&b.0)));
            let mut left = Side::EMPTY;
            let mut set = [0_u64; 4];
            for (bin, side) in &levels {
                left = left.plus(side);
                set[usize::from(*bin >> 6)] |= 1 << (bin & 63);
                let gain = self.gain(&left, &total);
                if gain > best.as_ref().map_or(0.0, |best| best.gain) {
                    best = Some(Split { feature, rule: SplitRule::Category { left: set }, gain });
                }
            }
        }
        best
    }

    #[inline]
    fn side(&self, lanes: &[f32; L]) -> Side<D> {
        Side {
            count: lanes[COUNT],
            weight: lanes[WEIGHT],
            variation: dot(&self.score.variation, lanes),
            rho: std::array::from_fn(|d| dot(&self.score.rho[d], lanes)),
        }
    }

    /// Returns `Σ_d ρ_d(left)² (1 / n_left + 1 / n_right)`, or 0 where a side is too thin.
    ///
    /// Pseudo-outcomes sum to 0 over the node, so the right side's sum is minus the left's.
    #[inline]
    fn gain(&self, left: &Side<D>, total: &Side<D>) -> f32 {
        let Balance { min_count, alpha } = self.balance;
        let count_right = total.count - left.count;
        let variation_right = total.variation - left.variation;
        let enough = left.count.min(count_right) >= min_count.max(alpha * total.count)
            && left.variation.min(variation_right) >= alpha * total.variation;
        if !enough {
            return 0.0;
        }
        let squares: f32 = left.rho.iter().map(|rho| rho * rho).sum();
        squares * total.weight / (left.weight * (total.weight - left.weight))
    }
}

/// Returns `functional · lanes`, added pairwise: short dependency chains, and fit for vector units.
#[inline]
fn dot<const L: usize>(functional: &[f32; L], lanes: &[f32; L]) -> f32 {
    let mut products = [0.0; L];
    for ((product, coefficient), lane) in products.iter_mut().zip(functional).zip(lanes) {
        *product = coefficient * lane;
    }
    let mut width = L;
    while width > 1 {
        width /= 2;
        for at in 0..width {
            products[at] += products[at + width];
        }
    }
    products[0]
}
