//! The best split of a node, from its histogram.
//!
//! For ordered features every cut between bins is tried with missing values on either side; the
//! levels of a category are ordered by their mean pseudo-outcome first, which makes the best cut of
//! that order the best of all subsets (Fisher 1958).

use yorisoi_data::{FeatureKind, MAX_BINS};

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

/// Room that searches work in, kept from node to node.
#[derive(Debug)]
pub(crate) struct Room<const D: usize> {
    /// The levels of a category that a node holds, each with its rows.
    levels: Vec<(u8, Side<D>)>,
    cuts: Cuts<D>,
}

impl<const D: usize> Room<D> {
    pub(crate) fn new() -> Self {
        Self { levels: Vec::new(), cuts: Cuts::new() }
    }
}

/// What lies left of every cut, each quantity by itself: so the arithmetic of gains runs over many cuts
/// at once.
#[derive(Debug)]
struct Cuts<const D: usize> {
    len: usize,
    count: [f32; MAX_BINS],
    weight: [f32; MAX_BINS],
    variation: [f32; MAX_BINS],
    rho: [[f32; MAX_BINS]; D],
    gain: [f32; MAX_BINS],
}

impl<const D: usize> Cuts<D> {
    fn new() -> Self {
        let none = [0.0; MAX_BINS];
        Self { len: 0, count: none, weight: none, variation: none, rho: [none; D], gain: none }
    }

    /// Sums up the rows left of every cut.
    #[inline]
    fn fill(&mut self, sides: impl ExactSizeIterator<Item = Side<D>>) {
        self.len = sides.len();
        let mut left = Side::EMPTY;
        for (at, side) in sides.enumerate().take(MAX_BINS) {
            left = left.plus(&side);
            self.count[at] = left.count;
            self.weight[at] = left.weight;
            self.variation[at] = left.variation;
            for (rho, left) in self.rho.iter_mut().zip(left.rho) {
                rho[at] = left;
            }
        }
    }

    /// Lets the rows of `side` go left too.
    fn add_everywhere(&mut self, side: &Side<D>) {
        let Self { len, count, weight, variation, rho, .. } = self;
        let add = |sums: &mut [f32; MAX_BINS], more: f32| {
            for sum in &mut sums[..*len] {
                *sum += more;
            }
        };
        add(count, side.count);
        add(weight, side.weight);
        add(variation, side.variation);
        for (rho, more) in rho.iter_mut().zip(side.rho) {
            add(rho, more);
        }
    }
}

/// What the split criterion needs of a set of rows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Side<const D: usize> {
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
    ///
    /// `room` is kept from node to node.
    pub(crate) fn best_on(
        &self,
        histogram: &[[f32; L]],
        feature: usize,
        kind: FeatureKind,
        room: &mut Room<D>,
    ) -> Option<Split> {
        let first = self.layout.offsets[feature] as usize;
        let last = self.layout.offsets[feature + 1] as usize;
        let bins = &histogram[first..last];
        match kind {
            FeatureKind::Ordered { .. } => self.best_cut(bins, feature, &mut room.cuts),
            FeatureKind::Category { .. } => self.best_subset(bins, feature, &mut room.levels),
        }
    }

    fn best_cut(&self, bins: &[[f32; L]], feature: usize, cuts: &mut Cuts<D>) -> Option<Split> {
        let total = self.side(&self.sums);
        let missing = self.side(&bins[0]);
        cuts.fill(bins[1..].iter().map(|lanes| self.side(lanes)));
        let (mut best_gain, mut best_bin, mut best_left) = (0.0, 0, false);
        if let Some((gain, bin)) = self.best_gain(cuts, &total) {
            (best_gain, best_bin) = (gain, bin);
        }
        if missing.count > 0.0 {
            cuts.add_everywhere(&missing);
            // Of equal gains the first cut's is taken, and there the one with missing values on the right.
            if let Some((gain, bin)) = self.best_gain(cuts, &total)
                && (gain > best_gain || gain >= best_gain && bin < best_bin)
            {
                (best_gain, best_bin, best_left) = (gain, bin, true);
            }
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

    /// Returns the largest gain of all cuts with the bin left of its cut, the first of equals; `None` if no cut
    /// gains anything.
    fn best_gain(&self, cuts: &mut Cuts<D>, total: &Side<D>) -> Option<(f32, usize)> {
        let Cuts { len, count, weight, variation, rho, gain } = cuts;
        for at in 0..*len {
            let left = Side {
                count: count[at],
                weight: weight[at],
                variation: variation[at],
                rho: std::array::from_fn(|d| rho[d][at]),
            };
            gain[at] = self.gain(&left, total);
        }
        let mut best = 0.0;
        for &gain in &gain[..*len] {
            best = if gain > best { gain } else { best };
        }
        // Equal, as it is one of them.
        let bin = gain[..*len].iter().position(|&gain| gain >= best)?;
        (best > 0.0).then_some((best, bin + 1))
    }

    fn best_subset(
        &self,
        bins: &[[f32; L]],
        feature: usize,
        levels: &mut Vec<(u8, Side<D>)>,
    ) -> Option<Split> {
        let total = self.side(&self.sums);
        let present = bins
            .iter()
            .enumerate()
            .map(|(bin, lanes)| (bin as u8, self.side(lanes)))
            .filter(|(_, side)| side.count > 0.0);
        levels.clear();
        levels.extend(present);
        let mut best: Option<Split> = None;
        for direction in 0..D {
            let mean = |side: &Side<D>| side.rho[direction] / side.weight;
            // No two are equal, so the order is the same as by a stable sort, which would allocate.
            levels.sort_unstable_by(|a, b| mean(&a.1).total_cmp(&mean(&b.1)).then(a.0.cmp(&b.0)));
            let mut left = Side::EMPTY;
            let mut set = [0_u64; 4];
            for (bin, side) in levels.iter() {
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
        let enough = (left.count.min(count_right) >= min_count.max(alpha * total.count))
            & (left.variation.min(variation_right) >= alpha * total.variation);
        let squares: f32 = left.rho.iter().map(|rho| rho * rho).sum();
        let gain = squares * total.weight / (left.weight * (total.weight - left.weight));
        // Chosen and not jumped over: many cuts are weighed at once.
        if enough { gain } else { 0.0 }
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use yorisoi_data::BinnedRows;

    use super::*;
    use crate::{
        histogram::{TreeRows, add_rows},
        recipe::Recipe,
        recipes::{Causal, Instrumental, Probability, Regression},
    };

    /// Sums of at most 60 `f32` products below 100 are off by about 60 · 100 · 2⁻²⁴ < 4e-4, and a gain
    /// moves by at most twice that times its own root over the smaller side's root.
    const ROUNDING: f64 = 5e-3;

    /// Limits nearer than this to a bound may be met or missed by rounding: brute force tries both.
    const BORDER: f64 = 1e-3;

    /// What brute force knows of a row.
    #[derive(Debug, Clone)]
    struct Row {
        bin: u8,
        weight: f64,
        /// Weighted pseudo-outcomes, by direction.
        rho: Vec<f64>,
        variation: f64,
    }

    /// A row as it comes: the bin of its one feature, then what the recipes learn from.
    #[derive(Debug, Clone, Copy)]
    struct RawRow {
        bin: u8,
        z: f64,
        w: f64,
        y: f64,
        weight: f64,
    }

    type Raw = Vec<RawRow>;

    /// Returns rows whose features are in bins below `n_bins`, the missing bin 0 among them.
    fn raw(n_bins: u8) -> impl Strategy<Value = Raw> {
        let row = (0..n_bins, -1.0..1.0_f64, -1.0..1.0_f64, -3.0..3.0_f64, 0.5..2.0_f64);
        let row = row.prop_map(|(bin, z, w, y, weight)| RawRow { bin, z, w, y, weight });
        prop::collection::vec(row, 12..60)
    }

    fn column(raw: &Raw, of: impl Fn(&RawRow) -> f64) -> Vec<f32> {
        raw.iter().map(|row| of(row) as f32).collect()
    }

    fn weighted_mean(raw: &Raw, of: impl Fn(&RawRow) -> f64) -> f64 {
        let weight: f64 = raw.iter().map(|row| row.weight).sum();
        raw.iter().map(|row| row.weight * of(row)).sum::<f64>() / weight
    }

    /// Returns GRF's pseudo-outcomes `(Z − Z̄)(Y − Ȳ − τ̂ (W − W̄))` row by row.
    fn effect_rows(raw: &Raw, z: impl Fn(&RawRow) -> f64) -> Vec<Row> {
        let z_mean = weighted_mean(raw, &z);
        let (w_mean, y_mean) = (weighted_mean(raw, |row| row.w), weighted_mean(raw, |row| row.y));
        let reduced_form = weighted_mean(raw, |row| (z(row) - z_mean) * (row.y - y_mean));
        let first_stage = weighted_mean(raw, |row| (z(row) - z_mean) * (row.w - w_mean));
        let tau = reduced_form / first_stage;
        raw.iter()
            .map(|row| {
                let z = z(row) - z_mean;
                let residual = row.y - y_mean - tau * (row.w - w_mean);
                let variation = row.weight * z * z;
                Row {
                    bin: row.bin,
                    weight: row.weight,
                    rho: vec![row.weight * z * residual],
                    variation,
                }
            })
            .collect()
    }

    fn mean_rows(raw: &Raw, targets: &[&dyn Fn(&RawRow) -> f64]) -> Vec<Row> {
        let means: Vec<f64> = targets.iter().map(|target| weighted_mean(raw, target)).collect();
        let rho = |row: &RawRow| {
            targets
                .iter()
                .zip(&means)
                .map(|(target, mean)| row.weight * (target(row) - mean))
                .collect()
        };
        raw.iter()
            .map(|row| Row {
                bin: row.bin,
                weight: row.weight,
                rho: rho(row),
                variation: row.weight,
            })
            .collect()
    }

    /// Returns one of three classes.
    fn class_of(row: &RawRow) -> u8 {
        u8::from(row.y > -1.0) + u8::from(row.y > 1.0)
    }

    /// Returns `Σ ρ_L² / n_L + Σ ρ_R² / n_R`, or `None` where `allowed` refuses the sides.
    fn criterion(
        rows: &[Row],
        balance: (f64, f64),
        slack: f64,
        left: impl Fn(u8) -> bool,
    ) -> Option<f64> {
        let (min_count, alpha) = balance;
        let total_variation: f64 = rows.iter().map(|row| row.variation).sum();
        let mut criterion = 0.0;
        for side in [true, false] {
            let of_side = || rows.iter().filter(|row| left(row.bin) == side);
            let count = of_side().count() as f64;
            let variation: f64 = of_side().map(|row| row.variation).sum();
            let weight: f64 = of_side().map(|row| row.weight).sum();
            let enough = count > 0.0
                && count + slack >= min_count.max(alpha * rows.len() as f64)
                && variation >= (alpha - slack) * total_variation;
            if !enough {
                return None;
            }
            for direction in 0..rows[0].rho.len() {
                let rho: f64 = of_side().map(|row| row.rho[direction]).sum();
                criterion += rho * rho / weight;
            }
        }
        Some(criterion)
    }

    /// Returns the search's answer from a histogram of at most `max_bins` values.
    fn search<const L: usize, const D: usize>(
        recipe: &impl Recipe<L, D>,
        raw: &Raw,
        kind: FeatureKind,
        (balance, max_bins): ((f64, f64), usize),
    ) -> Option<Split> {
        let bins = raw.iter().map(|row| row.bin).collect();
        let features = BinnedRows::new(bins, vec![kind], raw.len());
        let units: Vec<u32> = (0..raw.len() as u32).collect();
        let data = TreeRows::gather(&features, recipe, &units);
        let layout = Layout::new(&[kind], max_bins);
        let mut histogram = vec![[0.0; L]; layout.n_bins()];
        let merged = layout.merged(&data.bins);
        add_rows(&mut histogram, &layout, (&merged, &data.lanes), &units);
        let sums: [f32; L] =
            std::array::from_fn(|lane| histogram.iter().map(|lanes| lanes[lane]).sum());
        let balance = Balance { min_count: balance.0 as f32, alpha: balance.1 as f32 };
        let score = recipe.node_score(&sums)?;
        let search = Search { score, sums, layout: &layout, balance };
        search.best_on(&histogram, 0, kind, &mut Room::new())
    }

    fn goes_left(rule: &SplitRule, bin: u8) -> bool {
        match rule {
            SplitRule::Ordered { missing_left, .. } if bin == 0 => *missing_left,
            SplitRule::Ordered { cut, .. } => bin <= *cut,
            SplitRule::Category { left } => left[usize::from(bin / 64)] >> (bin % 64) & 1 == 1,
        }
    }

    /// Every cut after a multiple of `step`, missing values on either side or alone.
    fn ordered_rules(n_bins: u8, step: u8) -> Vec<SplitRule> {
        let mut rules = vec![SplitRule::Ordered { cut: 0, missing_left: true }];
        for cut in (step..n_bins).step_by(usize::from(step)) {
            rules
                .extend([true, false].map(|missing_left| SplitRule::Ordered { cut, missing_left }));
        }
        rules
    }

    fn all_subsets(n_bins: u8) -> Vec<SplitRule> {
        (1..(1_u64 << n_bins) - 1).map(|set| SplitRule::Category { left: [set, 0, 0, 0] }).collect()
    }

    /// Holds the search against every rule: its gain is that of its rule, and no rule beats it.
    fn compare(found: Option<&Split>, rules: &[SplitRule], rows: &[Row], balance: (f64, f64)) {
        let best = |slack: f64| {
            let value = |rule| criterion(rows, balance, slack, |bin| goes_left(rule, bin));
            rules.iter().filter_map(value).fold(0.0, f64::max)
        };
        let (strict, loose) = (best(-BORDER), best(BORDER));
        let gain = found.map_or(0.0, |split| f64::from(split.gain));
        let tolerance = ROUNDING * (1.0 + gain);
        assert!(gain >= strict - tolerance, "found {gain}, brute force {strict}");
        assert!(gain <= loose + tolerance, "found {gain}, brute force at most {loose}");
        if let Some(split) = found {
            let own = criterion(rows, balance, BORDER, |bin| goes_left(&split.rule, bin));
            let own = own.expect("the rule found is allowed");
            assert!((own - gain).abs() <= tolerance, "its rule gains {own}, it says {gain}");
        }
    }

    const N_BINS: u8 = 7;
    const ORDERED: FeatureKind = FeatureKind::Ordered { n_bins: N_BINS as u16 };
    const CATEGORY: FeatureKind = FeatureKind::Category { n_bins: N_BINS as u16 };
    /// No limit but a row on either side: then the best of all subsets is found.
    const FREE: (f64, f64) = (1.0, 0.0);
    const NO_LIMIT: usize = usize::MAX;

    proptest! {
        #[test]
        fn the_best_cut_for_an_effect_is_the_best_of_all(
            raw in raw(N_BINS), min_count in 1_u8..6, alpha in 0.0..0.25_f64,
        ) {
            let (w, y) = (column(&raw, |row| row.w), column(&raw, |row| row.y));
            let weights = column(&raw, |row| row.weight);
            let recipe = Causal {
                y_centered: &y, w_centered: &w, weights: Some(&weights), baseline: None,
            };
            let balance = (f64::from(min_count), alpha);
            let found = search(&recipe, &raw, ORDERED, (balance, NO_LIMIT));
            let rows = effect_rows(&raw, |row| row.w);
            compare(found.as_ref(), &ordered_rules(N_BINS, 1), &rows, balance);
        }

        #[test]
        fn the_best_cut_for_a_mean_is_the_best_of_all(raw in raw(N_BINS), alpha in 0.0..0.25_f64) {
            let (y, weights) = (column(&raw, |row| row.y), column(&raw, |row| row.weight));
            let recipe = Regression { y: &y, weights: Some(&weights) };
            let found = search(&recipe, &raw, ORDERED, ((1.0, alpha), NO_LIMIT));
            let rows = mean_rows(&raw, &[&|row| row.y]);
            compare(found.as_ref(), &ordered_rules(N_BINS, 1), &rows, (1.0, alpha));
        }

        #[test]
        fn the_best_cut_with_an_instrument_is_the_best_of_all(
            raw in raw(N_BINS), min_count in 1_u8..6,
        ) {
            // A strong first stage, so that τ̂ stays small and rounding with it.
            let raw: Raw = raw.into_iter().map(|row| RawRow { w: row.z + 0.3 * row.w, ..row }).collect();
            let (z, w) = (column(&raw, |row| row.z), column(&raw, |row| row.w));
            let (y, weights) = (column(&raw, |row| row.y), column(&raw, |row| row.weight));
            let recipe = Instrumental {
                y_centered: &y, w_centered: &w, z_centered: &z, weights: Some(&weights),
            };
            let balance = (f64::from(min_count), 0.1);
            let found = search(&recipe, &raw, ORDERED, (balance, NO_LIMIT));
            let rows = effect_rows(&raw, |row| row.z);
            compare(found.as_ref(), &ordered_rules(N_BINS, 1), &rows, balance);
        }

        #[test]
        fn the_best_cut_for_classes_is_the_best_of_all(raw in raw(N_BINS)) {
            let class: Vec<u8> = raw.iter().map(class_of).collect();
            let weights = column(&raw, |row| row.weight);
            let recipe = Probability { class: &class, weights: Some(&weights) };
            let found = search(&recipe, &raw, ORDERED, (FREE, NO_LIMIT));
            let is_class = |k: u8| move |row: &RawRow| {
                f64::from(u8::from(class_of(row) == k))
            };
            let rows = mean_rows(&raw, &[&is_class(0), &is_class(1), &is_class(2)]);
            compare(found.as_ref(), &ordered_rules(N_BINS, 1), &rows, FREE);
        }

        #[test]
        fn the_best_subset_of_levels_for_an_effect_is_the_best_of_all(raw in raw(N_BINS)) {
            let (w, y) = (column(&raw, |row| row.w), column(&raw, |row| row.y));
            let weights = column(&raw, |row| row.weight);
            let recipe = Causal {
                y_centered: &y, w_centered: &w, weights: Some(&weights), baseline: None,
            };
            let found = search(&recipe, &raw, CATEGORY, (FREE, NO_LIMIT));
            compare(found.as_ref(), &all_subsets(N_BINS), &effect_rows(&raw, |row| row.w), FREE);
        }

        #[test]
        fn the_best_subset_of_levels_for_a_mean_is_the_best_of_all(raw in raw(N_BINS)) {
            let y = column(&raw, |row| row.y);
            let raw: Raw = raw.into_iter().map(|row| RawRow { weight: 1.0, ..row }).collect();
            let recipe = Regression { y: &y, weights: None };
            let found = search(&recipe, &raw, CATEGORY, (FREE, NO_LIMIT));
            compare(found.as_ref(), &all_subsets(N_BINS), &mean_rows(&raw, &[&|row| row.y]), FREE);
        }

        /// Coarse bins offer every fourth cut here, and the rule speaks of the full bins.
        #[test]
        fn the_best_coarse_cut_is_the_best_of_all_coarse_cuts(raw in raw(33), min_count in 1_u8..6) {
            let (w, y) = (column(&raw, |row| row.w), column(&raw, |row| row.y));
            let raw: Raw = raw.into_iter().map(|row| RawRow { weight: 1.0, ..row }).collect();
            let recipe = Causal { y_centered: &y, w_centered: &w, weights: None, baseline: None };
            let kind = FeatureKind::Ordered { n_bins: 33 };
            let balance = (f64::from(min_count), 0.05);
            let found = search(&recipe, &raw, kind, (balance, 8));
            let rows = effect_rows(&raw, |row| row.w);
            compare(found.as_ref(), &ordered_rules(33, 4), &rows, balance);
        }
    }

    #[test]
    fn a_node_without_treatment_variation_is_never_split() {
        let (w, y) = ([0.5; 8], [1.0, 2.0, 3.0, 4.0, 1.0, 2.0, 3.0, 4.0]);
        let raw: Raw = (0..8)
            .map(|i| RawRow { bin: i % 4, z: 0.0, w: 0.5, y: f64::from(i), weight: 1.0 })
            .collect();
        let recipe = Causal { y_centered: &y, w_centered: &w, weights: None, baseline: None };
        assert_eq!(search(&recipe, &raw, ORDERED, (FREE, NO_LIMIT)), None);
    }
}
