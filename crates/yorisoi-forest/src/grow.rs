//! How one tree grows: depth first, the smaller child's histogram from rows, the larger's from
//! *parent less smaller*; small nodes have coarser bins, and so smaller histograms.

use std::ops::Range;

use yorisoi_data::FeatureKind;

use crate::{
    histogram::{Histogram, Layout, TreeRows, add_rows, subtract},
    predict::walk_tree,
    recipe::{COUNT, FIRST_MOMENT, Recipe, WEIGHT},
    split::{Balance, Room, Search, Split, SplitRule},
    tree::{Node, Tree},
};

/// Limits on a tree's shape.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) balance: Balance,
    /// Features looked at in each node.
    pub(crate) n_candidates: usize,
    /// Steps from the root a leaf may lie at most.
    pub(crate) max_depth: u32,
    /// Nodes with fewer growing rows use coarse bins.
    pub(crate) small_node: usize,
}

/// Bins a feature has in a small node.
const COARSE_BINS: usize = 16;

/// A node that waits for its split.
struct Pending<const L: usize> {
    node: usize,
    /// Positions of its rows.
    rows: Range<usize>,
    depth: u32,
    histogram: Option<Histogram<L>>,
}

/// The rows of a tree at one resolution, and room for their histograms.
struct Resolution<const L: usize> {
    layout: Layout,
    /// Bins of the layout, row-major.
    bins: Vec<u8>,
    pool: Vec<Histogram<L>>,
}

impl<const L: usize> Resolution<L> {
    fn new(layout: Layout, bins: Vec<u8>) -> Self {
        Self { layout, bins, pool: Vec::new() }
    }

    fn histogram(&mut self, lanes: &[[f32; L]], rows: &[u32]) -> Histogram<L> {
        let mut histogram = self.pool.pop().unwrap_or_default();
        histogram.clear();
        histogram.resize(self.layout.n_bins(), [0.0; L]);
        add_rows(&mut histogram, &self.layout, (&self.bins, lanes), rows);
        histogram
    }
}

/// Grows the splits of a tree over all rows of `data`.
pub(crate) struct Grower<'a, const L: usize, const D: usize, R> {
    recipe: &'a R,
    kinds: &'a [FeatureKind],
    lanes: Vec<[f32; L]>,
    shape: Shape,
    full: Resolution<L>,
    coarse: Resolution<L>,
    /// Rows of `data`, those of a node side by side.
    rows: Vec<u32>,
    scratch: Vec<u32>,
    room: Room<D>,
    seed: u64,
}

impl<'a, const L: usize, const D: usize, R: Recipe<L, D>> Grower<'a, L, D, R> {
    pub(crate) fn new(
        recipe: &'a R,
        kinds: &'a [FeatureKind],
        data: TreeRows<L>,
        shape: Shape,
        seed: u64,
    ) -> Self {
        let coarse = Layout::new(kinds, COARSE_BINS);
        let n_rows = data.n_rows();
        Self {
            recipe,
            kinds,
            shape,
            coarse: Resolution::new(coarse.clone(), coarse.merged(&data.bins)),
            full: Resolution::new(Layout::new(kinds, usize::MAX), data.bins),
            lanes: data.lanes,
            rows: (0..n_rows as u32).collect(),
            scratch: vec![0; n_rows],
            room: Room::new(),
            seed,
        }
    }

    pub(crate) fn grow(mut self) -> Tree {
        let mut tree = Tree { nodes: vec![Node::leaf(0)], ..Tree::default() };
        let root = Pending { node: 0, rows: 0..self.rows.len(), depth: 0, histogram: None };
        let mut pending = vec![root];
        while let Some(mut at) = pending.pop() {
            tree.depth = tree.depth.max(at.depth);
            let Some(split) = self.choose(&mut at) else {
                let is_small = self.is_small(at.rows.len());
                self.resolution(is_small).pool.extend(at.histogram);
                continue;
            };
            let middle = self.partition(&at, &split);
            let next = tree.nodes.len() as u32;
            tree.nodes.extend([Node::leaf(next), Node::leaf(next + 1)]);
            tree.set_split(at.node, split.feature, &split.rule, next);
            pending.extend(self.children(at, next as usize, middle));
        }
        tree.subsets.sort_unstable_by_key(|(node, _)| *node);
        tree
    }

    /// Returns whether a node of so many rows is looked at with coarse bins.
    fn is_small(&self, n_rows: usize) -> bool {
        n_rows < self.shape.small_node
    }

    fn resolution(&mut self, is_small: bool) -> &mut Resolution<L> {
        if is_small { &mut self.coarse } else { &mut self.full }
    }

    fn histogram(&mut self, is_small: bool, rows: Range<usize>) -> Histogram<L> {
        let resolution = if is_small { &mut self.coarse } else { &mut self.full };
        resolution.histogram(&self.lanes, &self.rows[rows])
    }

    /// Returns whether a node may have children.
    fn may_split(&self, n_rows: usize, depth: u32) -> bool {
        let enough = (n_rows as f32) >= 2.0 * self.shape.balance.min_count.max(1.0);
        enough && depth < self.shape.max_depth
    }

    /// Returns the node's best split, building its histogram if it has none yet.
    fn choose(&mut self, at: &mut Pending<L>) -> Option<Split> {
        if !self.may_split(at.rows.len(), at.depth) {
            return None;
        }
        let is_small = self.is_small(at.rows.len());
        let histogram = match at.histogram.take() {
            Some(histogram) => histogram,
            None => self.histogram(is_small, at.rows.clone()),
        };
        let histogram = at.histogram.insert(histogram);
        let layout = if is_small { &self.coarse.layout } else { &self.full.layout };
        let sums = node_sums(histogram, layout);
        let score = self.recipe.node_score(&sums)?;
        let search = Search { score, sums, layout, balance: self.shape.balance };
        let mut best: Option<Split> = None;
        let kinds = self.kinds;
        for feature in candidates(self.seed, at.node, kinds.len(), self.shape.n_candidates) {
            let found = search.best_on(histogram, feature, kinds[feature], &mut self.room);
            if let Some(split) = found
                && best.as_ref().is_none_or(|best| split.gain > best.gain)
            {
                best = Some(split);
            }
        }
        best
    }

    /// Moves the node's rows so that those going left come first; returns where the right begins.
    fn partition(&mut self, at: &Pending<L>, split: &Split) -> usize {
        let (p, bins) = (self.kinds.len(), &self.full.bins);
        let goes_left = |bin: u8| match split.rule {
            SplitRule::Ordered { cut, missing_left: true } => bin <= cut,
            SplitRule::Ordered { cut, missing_left: false } => bin.wrapping_sub(1) < cut,
            SplitRule::Category { left } => left[usize::from(bin >> 6)] >> (bin & 63) & 1 == 1,
        };
        let (mut n_left, mut n_right) = (0, 0);
        for index in at.rows.clone() {
            let row = self.rows[index];
            let left = goes_left(bins[row as usize * p + split.feature]);
            // Both are written and one counter moves: no branch to mispredict.
            self.rows[at.rows.start + n_left] = row;
            self.scratch[n_right] = row;
            n_left += usize::from(left);
            n_right += usize::from(!left);
        }
        let middle = at.rows.start + n_left;
        self.rows[middle..at.rows.end].copy_from_slice(&self.scratch[..n_right]);
        middle
    }

    /// Returns the two children, with histograms where they want one at the parent's resolution: the smaller
    /// child's from its rows, the larger one's from what is left of the parent's.
    fn children(&mut self, parent: Pending<L>, next: usize, middle: usize) -> [Pending<L>; 2] {
        let (depth, rows) = (parent.depth + 1, parent.rows);
        let child = |node, rows| Pending { node, rows, depth, histogram: None };
        let mut pair = [child(next, rows.start..middle), child(next + 1, middle..rows.end)];
        let Some(mut of_parent) = parent.histogram else { return pair };
        let is_small = self.is_small(rows.len());
        let wants = |child: &Pending<L>| {
            let n_rows = child.rows.len();
            self.may_split(n_rows, depth) && self.is_small(n_rows) == is_small
        };
        let wants = [wants(&pair[0]), wants(&pair[1])];
        let [smaller, larger] =
            if middle - rows.start <= rows.end - middle { [0, 1] } else { [1, 0] };
        // Where the larger one wants none, the smaller one does not either.
        if !wants[larger] {
            self.resolution(is_small).pool.push(of_parent);
            return pair;
        }
        let of_smaller = self.histogram(is_small, pair[smaller].rows.clone());
        subtract(&mut of_parent, &of_smaller);
        pair[larger].histogram = Some(of_parent);
        if wants[smaller] {
            pair[smaller].histogram = Some(of_smaller);
        } else {
            self.resolution(is_small).pool.push(of_smaller);
        }
        pair
    }
}

/// Returns the node's lane sums, read off the first feature's bins.
fn node_sums<const L: usize>(histogram: &[[f32; L]], layout: &Layout) -> [f32; L] {
    let mut sums = [0.0; L];
    for lanes in &histogram[..layout.offsets[1] as usize] {
        for (sum, lane) in sums.iter_mut().zip(lanes) {
            *sum += lane;
        }
    }
    sums
}

/// Returns `wanted` of the `n_features` features, drawn without replacement for this node.
fn candidates(
    seed: u64,
    node: usize,
    n_features: usize,
    wanted: usize,
) -> impl Iterator<Item = usize> {
    let mut left_to_draw = wanted.min(n_features);
    let key = yorisoi_data::mix(seed, node as u64);
    (0..n_features).filter(move |&feature| {
        if left_to_draw == n_features - feature {
            left_to_draw -= 1;
            return true;
        }
        // Selection sampling (Knuth, algorithm S).
        let remaining = (n_features - feature) as f64;
        let draw = yorisoi_data::unit_hash(key, feature as u64) * remaining < left_to_draw as f64;
        left_to_draw -= usize::from(draw);
        draw
    })
}

/// Fills a tree's counts and means from the honest rows at `positions` of `bag`.
pub(crate) fn fill<const L: usize>(
    tree: &mut Tree,
    bag: &TreeRows<L>,
    positions: &[u32],
    n_moments: usize,
) {
    let mut leaves = vec![0; positions.len()];
    walk_tree(tree, (&bag.bins, bag.n_features), positions, &mut leaves);
    let mut sums = vec![[0.0_f64; L]; tree.nodes.len()];
    for (&position, leaf) in positions.iter().zip(leaves) {
        for (sum, lane) in sums[leaf as usize].iter_mut().zip(bag.lanes[position as usize]) {
            *sum += f64::from(lane);
        }
    }
    for index in (0..tree.nodes.len()).rev() {
        let node = tree.nodes[index];
        if !node.is_leaf(index) {
            let (left, right) = (sums[node.next as usize], sums[node.next as usize + 1]);
            sums[index] = std::array::from_fn(|lane| left[lane] + right[lane]);
        }
    }
    tree.counts = sums.iter().map(|sum| sum[COUNT] as u32).collect();
    tree.means = Vec::with_capacity(sums.len() * n_moments);
    for sum in &sums {
        let weight = sum[WEIGHT];
        let mean = |&lane: &f64| if weight > 0.0 { (lane / weight) as f32 } else { 0.0 };
        tree.means.extend(sum[FIRST_MOMENT..FIRST_MOMENT + n_moments].iter().map(mean));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use yorisoi_data::BinnedRows;

    use super::*;
    use crate::recipes::Regression;

    /// No more bins than [`COARSE_BINS`] values and the missing one: small nodes lose nothing by them.
    const KINDS: [FeatureKind; 3] = [
        FeatureKind::Ordered { n_bins: 17 },
        FeatureKind::Category { n_bins: 9 },
        FeatureKind::Ordered { n_bins: 5 },
    ];

    fn shape(small_node: usize) -> Shape {
        let balance = Balance { min_count: 2.0, alpha: 0.0 };
        Shape { balance, n_candidates: 3, max_depth: u32::MAX, small_node }
    }

    proptest! {
        /// Whole numbers add up exactly, so nothing but a mistake can tell the two apart.
        #[test]
        fn trees_from_subtracted_histograms_equal_trees_from_rows(
            rows in prop::collection::vec((0_u8..17, 0_u8..9, 0_u8..5, -20_i8..20), 4..300), seed: u64,
        ) {
            let bins = rows.iter().flat_map(|row| [row.0, row.1, row.2]).collect();
            let features = BinnedRows::new(bins, KINDS.to_vec(), rows.len());
            let y: Vec<f32> = rows.iter().map(|row| f32::from(row.3)).collect();
            let recipe = Regression { y: &y, weights: None };
            let all: Vec<u32> = (0..rows.len() as u32).collect();
            let grow = |small_node: usize| {
                let data = TreeRows::gather(&features, &recipe, &all);
                Grower::new(&recipe, &KINDS, data, shape(small_node), seed).grow()
            };
            prop_assert_eq!(grow(0), grow(usize::MAX));
        }

        #[test]
        fn as_many_candidates_are_drawn_as_wanted(
            seed: u64, node in 0_usize..99, n_features in 1_usize..60, wanted in 1_usize..80,
        ) {
            let drawn: Vec<usize> = candidates(seed, node, n_features, wanted).collect();
            prop_assert_eq!(drawn.len(), wanted.min(n_features));
            prop_assert!(drawn.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }

    #[test]
    fn every_feature_is_a_candidate_equally_often() {
        let (n_features, wanted, nodes) = (12, 4, 6_000);
        let mut counts = vec![0.0; n_features];
        for node in 0..nodes {
            for feature in candidates(7, node, n_features, wanted) {
                counts[feature] += 1.0;
            }
        }
        // A count is binomial(6000, 1/3): five standard deviations are 183.
        assert!(counts.iter().all(|count: &f64| (count - 2_000.0).abs() < 183.0), "{counts:?}");
    }
}
