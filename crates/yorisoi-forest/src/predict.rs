//! Asking a forest: average the moments of the leaves a row reaches, solve once, and say how sure.
//!
//! Trees outside, rows inside: a block of rows stays in cache while every tree passes over it.

use rayon::prelude::*;
use yorisoi_data::{BinnedRows, Progress};

use crate::{
    baseline::RankScale,
    forest::{Forest, Units},
    summary::Summary,
    tree::{CATEGORY, Tree},
    variance::BagSpread,
};

/// Rows that share one pass over the trees.
const BLOCK: usize = 1024;
/// Rows walked side by side, to hide the latency of each step.
const ABREAST: usize = 8;
/// The leaf of a row that may not use the tree.
const NOT_USED: u32 = u32::MAX;

/// Which trees may answer for a row.
#[derive(Debug, Clone, Copy)]
pub enum Eligible<'a> {
    /// All: the rows are new to the forest.
    All,
    /// Those of bags that do not hold the row (nor its cluster).
    OutOfBag(Units<'a>),
}

/// An estimate at a row.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Prediction {
    /// From the nodes at the point depth; NaN where no tree can answer.
    pub value: f64,
    /// From the nodes at the interval depth.
    pub interval_value: f64,
    /// Standard error of `interval_value`.
    pub std_error: f64,
}

/// Nodes that answer at one leaf size, tree by tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Depth {
    answering: Vec<Vec<u32>>,
}

impl Depth {
    /// Returns the answering nodes of `forest` for leaves of at least `min_count` honest rows.
    pub fn new(forest: &Forest, min_count: u32) -> Self {
        Self { answering: forest.trees.par_iter().map(|tree| tree.answering_nodes(min_count)).collect() }
    }
}

/// Returns, for every depth, the averaged moments of every row: `[depth][row]`; NaN where no tree may
/// answer.
pub fn averaged_moments<const M: usize>(
    forest: &Forest,
    features: &BinnedRows,
    rows: &[u32],
    eligible: Eligible<'_>,
    depths: &[Depth],
) -> Vec<Vec<[f64; M]>> {
    let blocks: Vec<Vec<Vec<[f64; M]>>> = rows
        .par_chunks(BLOCK)
        .map(|block| {
            let walk = Walk::new(forest, features, block, eligible);
            depths.iter().map(|depth| walk.averages(depth)).collect()
        })
        .collect();
    let mut by_depth = vec![Vec::with_capacity(rows.len()); depths.len()];
    for block in blocks {
        for (all, part) in by_depth.iter_mut().zip(block) {
            all.extend(part);
        }
    }
    by_depth
}

/// Returns the prediction of every row: point estimate at one depth, interval at another.
pub fn predict<const M: usize, S: Summary<M>>(
    forest: &Forest,
    summary: &S,
    (features, rows): (&BinnedRows, &[u32]),
    (eligible, point, interval): (Eligible<'_>, &Depth, &Depth),
    progress: &dyn Progress,
) -> Vec<Prediction> {
    rows.par_chunks(BLOCK)
        .flat_map_iter(|block| {
            let walk = Walk::new(forest, features, block, eligible);
            let lines = Lines::new(&walk, features, block);
            let at_point = walk.averages::<M>(point);
            let at_interval = walk.averages::<M>(interval);
            let predictions: Vec<Prediction> = (0..block.len())
                .map(|row| {
                    let value = summary.solve(&at_point[row]).map_or(f64::NAN, |answer| answer.value);
                    let line = lines.mean(row);
                    let answer = summary.solve(&at_interval[row]);
                    let spread = answer.map(|answer| walk.spread(row, &answer.gradient, interval, &lines));
                    Prediction {
                        value: value + line,
                        interval_value: answer.map_or(f64::NAN, |answer| answer.value + line),
                        std_error: spread.map_or(f64::NAN, |spread| spread.std_error(&forest.bags)),
                    }
                })
                .collect();
            progress.advance(block.len() as u64);
            predictions
        })
        .collect()
}

/// The leaves that a block of rows reaches in every tree.
struct Walk<'a> {
    forest: &'a Forest,
    n_rows: usize,
    /// `[tree][row]`.
    leaves: Vec<u32>,
}

impl<'a> Walk<'a> {
    fn new(forest: &'a Forest, features: &BinnedRows, block: &[u32], eligible: Eligible<'_>) -> Self {
        let mut leaves = vec![0; forest.trees.len() * block.len()];
        for (tree, leaves) in forest.trees.iter().zip(leaves.chunks_exact_mut(block.len())) {
            walk_tree(tree, features, block, leaves);
        }
        let mut walk = Self { forest, n_rows: block.len(), leaves };
        if let Eligible::OutOfBag(units) = eligible {
            walk.forget_in_bag(block, units);
        }
        walk
    }

    fn forget_in_bag(&mut self, block: &[u32], units: Units<'_>) {
        let bags = self.forest.bags;
        let per_bag = bags.trees_per_bag * self.n_rows;
        for (bag, leaves) in self.leaves.chunks_exact_mut(per_bag).enumerate() {
            let member = bags.membership(bag);
            for (row, &unit) in block.iter().enumerate() {
                if member.contains(units.id(unit)) {
                    leaves.iter_mut().skip(row).step_by(self.n_rows).for_each(|leaf| *leaf = NOT_USED);
                }
            }
        }
    }

    /// Returns each row's moments averaged over its trees; NaN without any.
    fn averages<const M: usize>(&self, depth: &Depth) -> Vec<[f64; M]> {
        let mut sums = vec![[0.0_f64; M]; self.n_rows];
        let mut n_trees = vec![0_u32; self.n_rows];
        for (tree, leaves) in self.leaves.chunks_exact(self.n_rows).enumerate() {
            let (answering, tree) = (&depth.answering[tree], &self.forest.trees[tree]);
            for (row, &leaf) in leaves.iter().enumerate() {
                let Some(means) = means_at::<M>(tree, answering, leaf) else { continue };
                for (sum, &mean) in sums[row].iter_mut().zip(means) {
                    *sum += f64::from(mean);
                }
                n_trees[row] += 1;
            }
        }
        for (sum, &n) in sums.iter_mut().zip(&n_trees) {
            *sum = sum.map(|sum| sum / f64::from(n));
        }
        sums
    }

    /// Returns the spread of one row's answer between and within bags.
    fn spread<const M: usize>(&self, row: usize, gradient: &[f64; M], depth: &Depth, lines: &Lines) -> BagSpread {
        let mut spread = BagSpread::default();
        let per_bag = self.forest.bags.trees_per_bag;
        for bag in 0..self.forest.bags.n_bags {
            let trees = bag * per_bag..(bag + 1) * per_bag;
            let line = lines.at(row, bag);
            spread.add_bag(trees.filter_map(|tree| {
                let leaf = self.leaves[tree * self.n_rows + row];
                let means = means_at::<M>(&self.forest.trees[tree], &depth.answering[tree], leaf)?;
                let linearised: f64 = gradient.iter().zip(means).map(|(g, &mean)| g * f64::from(mean)).sum();
                Some(linearised + line)
            }));
        }
        spread
    }
}

/// The linear effects of a block of rows, bag by bag.
struct Lines {
    n_bags: usize,
    /// `[row][bag]`; NaN where the bag holds the row.
    effects: Vec<f32>,
}

impl Lines {
    fn new(walk: &Walk<'_>, features: &BinnedRows, block: &[u32]) -> Self {
        let lines = &walk.forest.lines;
        let scale = RankScale::new(features.kinds());
        let n_bags = lines.len();
        let mut effects = vec![0.0_f32; block.len() * n_bags];
        let mut ranks = vec![0.0_f32; features.n_features()];
        if n_bags > 0 {
            for (row, (effects, &unit)) in effects.chunks_exact_mut(n_bags).zip(block).enumerate() {
                for (feature, &bin) in features.row(unit as usize).iter().enumerate() {
                    ranks[feature] = scale.rank(feature, bin);
                }
                for (bag, (effect, line)) in effects.iter_mut().zip(lines).enumerate() {
                    let first = bag * walk.forest.bags.trees_per_bag;
                    let unused = walk.leaves[first * walk.n_rows + row] == NOT_USED;
                    let slope: f32 = line.slopes.iter().zip(&ranks).map(|(b, z)| b * z).sum();
                    *effect = if unused { f32::NAN } else { line.intercept + slope };
                }
            }
        }
        Self { n_bags, effects }
    }

    #[inline]
    fn at(&self, row: usize, bag: usize) -> f64 {
        if self.n_bags == 0 { 0.0 } else { f64::from(self.effects[row * self.n_bags + bag]) }
    }

    fn mean(&self, row: usize) -> f64 {
        if self.n_bags == 0 {
            return 0.0;
        }
        let effects = &self.effects[row * self.n_bags..(row + 1) * self.n_bags];
        let used = effects.iter().filter(|effect| !effect.is_nan());
        let (n, sum) = used.fold((0.0, 0.0), |(n, sum), &effect| (n + 1.0, sum + f64::from(effect)));
        sum / n
    }
}

/// Returns the moments with which `tree` answers for `leaf`, or `None` where it may not or cannot.
#[inline]
fn means_at<'t, const M: usize>(tree: &'t Tree, answering: &[u32], leaf: u32) -> Option<&'t [f32; M]> {
    if leaf == NOT_USED {
        return None;
    }
    let node = answering[leaf as usize] as usize;
    let means = tree.means[node * M..].first_chunk::<M>()?;
    (tree.counts[node] > 0).then_some(means)
}

/// Writes the leaf that each row of `block` reaches.
pub(crate) fn walk_tree(tree: &Tree, features: &BinnedRows, block: &[u32], leaves: &mut [u32]) {
    if !tree.subsets.is_empty() {
        for (leaf, &row) in leaves.iter_mut().zip(block) {
            *leaf = tree.leaf_of(features.row(row as usize));
        }
        return;
    }
    let p = features.n_features();
    let bytes = features.bytes();
    let nodes = tree.nodes.as_slice();
    let mut chunks = block.chunks_exact(ABREAST);
    let mut written = leaves.chunks_exact_mut(ABREAST);
    for (rows, leaves) in (&mut chunks).zip(&mut written) {
        let starts: [usize; ABREAST] = std::array::from_fn(|lane| rows[lane] as usize * p);
        let mut at = [0_u32; ABREAST];
        loop {
            let mut moved = false;
            for (index, start) in at.iter_mut().zip(starts) {
                let node = nodes[*index as usize];
                debug_assert!(node.offset < CATEGORY);
                let bin = bytes[start + usize::from(node.feature)];
                let next = node.next + u32::from(bin.wrapping_sub(node.offset) > node.cut);
                moved |= next != *index;
                *index = next;
            }
            if !moved {
                break;
            }
        }
        leaves.copy_from_slice(&at);
    }
    for (leaf, &row) in written.into_remainder().iter_mut().zip(chunks.remainder()) {
        *leaf = tree.leaf_of(features.row(row as usize));
    }
}
