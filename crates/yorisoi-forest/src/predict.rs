//! Asking a forest: average the moments of the leaves a row reaches, solve once, and say how sure.
//!
//! Trees outside, rows inside: a block of rows stays in cache while every tree passes over it.

use rayon::prelude::*;
use yorisoi_data::{BinnedRows, Progress};

use crate::{
    answering::{Cell, Depth},
    baseline::Standing,
    forest::{Forest, Units},
    summary::{Answer, Summary},
    tree::{CATEGORY, Tree},
    variance::{BagMoments, BagSpread},
};

/// Rows that share one pass over the trees, at least and at most.
///
/// Each pass reads the whole forest, which for large trees comes from memory and not from cache: a
/// block must be large enough to pay for it, and small enough for its own sums to stay in cache.
const BLOCK: (usize, usize) = (1 << 10, 1 << 14);
/// Blocks a thread should get, so that threads end together.
const BLOCKS_PER_THREAD: usize = 4;
/// Rows walked side by side, to hide the latency of each step.
const ABREAST: usize = 8;

/// Returns how many of `n_rows` rows a block takes. Answers do not depend on it.
fn block_size(n_rows: usize) -> usize {
    (n_rows / (BLOCKS_PER_THREAD * rayon::current_num_threads())).clamp(BLOCK.0, BLOCK.1)
}

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
    /// From the nodes at the point depth; from the whole trees where those cannot tell, and then without a standard
    /// error; NaN where no tree may answer.
    pub value: f64,
    /// From the nodes at the interval depth.
    pub interval_value: f64,
    /// Standard error of `interval_value`.
    pub std_error: f64,
    /// Part of that variance that more trees would remove, in `[0, 1]`.
    pub monte_carlo_share: f64,
}

/// Rows whose way through every tree is known, to be asked at many leaf sizes.
pub struct Walked<'a> {
    /// Blocks of rows, with each row's mean baseline.
    walks: Vec<(Walk<'a>, Vec<f64>)>,
}

impl<'a> Walked<'a> {
    /// Walks `rows` through `forest`.
    pub fn new(
        forest: &'a Forest,
        features: &BinnedRows,
        rows: &[u32],
        eligible: Eligible<'_>,
    ) -> Self {
        let walk = |block: &[u32]| {
            let mut walk = Walk::new(forest, features, block, eligible);
            let baselines = walk.mean_baselines();
            // What each bag stands on is for spreads; it would take half the memory of the leaves.
            walk.baselines = Vec::new();
            (walk, baselines)
        };
        Self { walks: rows.par_chunks(block_size(rows.len())).map(walk).collect() }
    }

    /// Returns every row's point estimate at `depth`; NaN where no tree may answer.
    pub fn values<const M: usize, S: Summary<M>>(&self, summary: &S, depth: &Depth<M>) -> Vec<f64> {
        let values = |(walk, baselines): &(Walk<'_>, Vec<f64>)| {
            let points = walk.points(summary, walk.answers(summary, depth));
            let both = points.into_iter().zip(baselines);
            both.map(|(value, baseline)| value + baseline).collect::<Vec<f64>>()
        };
        self.walks.par_iter().flat_map_iter(values).collect()
    }
}

/// What to ask a forest: which trees may answer, at which leaf sizes.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a, const M: usize> {
    /// Trees that may answer.
    pub eligible: Eligible<'a>,
    /// Leaf size of the point estimate.
    pub point: &'a Depth<M>,
    /// Leaf size of the standard error.
    pub interval: &'a Depth<M>,
}

/// Returns the prediction of every one of `rows`.
pub fn predict<const M: usize, S: Summary<M>>(
    (forest, summary): (&Forest, &S),
    features: &BinnedRows,
    rows: &[u32],
    question: Question<'_, M>,
    progress: &dyn Progress,
) -> Vec<Prediction> {
    rows.par_chunks(block_size(rows.len()))
        .flat_map_iter(|block| {
            let walk = Walk::new(forest, features, block, question.eligible);
            let predictions = walk.predictions(summary, question);
            progress.advance(block.len() as u64);
            predictions
        })
        .collect()
}

/// The leaves that a block of rows reaches in every tree, and the baselines under its bags.
struct Walk<'a> {
    forest: &'a Forest,
    n_rows: usize,
    /// `[tree][row]`; one past the last node where the row may not use the tree.
    leaves: Vec<u32>,
    /// `[bag][row]`; empty for forests without baselines.
    baselines: Vec<f32>,
}

impl<'a> Walk<'a> {
    fn new(
        forest: &'a Forest,
        features: &BinnedRows,
        block: &[u32],
        eligible: Eligible<'_>,
    ) -> Self {
        let mut walk =
            Self { forest, n_rows: block.len(), leaves: Vec::new(), baselines: Vec::new() };
        // Side by side, the rows of a block stay in cache while tree after tree passes over them.
        let rows = features.gather(block);
        let asked = match eligible {
            Eligible::All => Asked::Everyone((0..walk.n_rows as u32).collect()),
            Eligible::OutOfBag(units) => Asked::outside(forest, block, units),
        };
        walk.leaves = match &asked {
            Asked::Everyone(all) => walk.everywhere(&rows, all),
            Asked::Outside { .. } => walk.out_of_bag(&rows, &asked),
        };
        walk.baselines = baselines_of(forest, &rows, &asked);
        walk
    }

    fn everywhere(&self, rows: &BinnedRows, all: &[u32]) -> Vec<u32> {
        let mut leaves = vec![0; self.forest.trees.len() * self.n_rows];
        for (tree, leaves) in self.forest.trees.iter().zip(leaves.chunks_exact_mut(self.n_rows)) {
            walk_tree(tree, (rows.bytes(), rows.n_features()), all, leaves);
        }
        leaves
    }

    /// As [`Self::everywhere`], but a tree only meets the rows that are not in its bag.
    fn out_of_bag(&self, rows: &BinnedRows, asked: &Asked) -> Vec<u32> {
        let mut leaves = Vec::with_capacity(self.forest.trees.len() * self.n_rows);
        let mut reached = Vec::new();
        for (index, tree) in self.forest.trees.iter().enumerate() {
            let outside = asked.of(self.forest.bags.bag_of(index));
            reached.resize(outside.len(), 0);
            walk_tree(tree, (rows.bytes(), rows.n_features()), outside, &mut reached);
            let begin = leaves.len();
            leaves.resize(begin + self.n_rows, tree.nodes.len() as u32);
            for (&position, &leaf) in outside.iter().zip(&reached) {
                leaves[begin + position as usize] = leaf;
            }
        }
        leaves
    }

    /// Returns whether the trees of `bag` may answer for `row`.
    #[inline]
    fn may_use(&self, bag: usize, row: usize) -> bool {
        let first = bag * self.forest.bags.trees_per_bag;
        (self.leaves[first * self.n_rows + row] as usize) < self.forest.trees[first].nodes.len()
    }

    /// Returns each row's moments averaged over its trees; NaN without any.
    fn averages<const M: usize>(&self, depth: &Depth<M>) -> Vec<[f64; M]> {
        let mut sums = vec![Cell::<M>::EMPTY; self.n_rows];
        for (answering, leaves) in depth.trees.iter().zip(self.leaves.chunks_exact(self.n_rows)) {
            for (sum, &leaf) in sums.iter_mut().zip(leaves) {
                sum.add(answering.cell(leaf));
            }
        }
        sums.iter().map(Cell::average).collect()
    }

    /// As [`Self::averages`], from the roots of the trees: all their honest rows.
    fn whole_averages<const M: usize>(&self) -> Vec<[f64; M]> {
        let mut sums = vec![Cell::<M>::EMPTY; self.n_rows];
        for (tree, leaves) in self.forest.trees.iter().zip(self.leaves.chunks_exact(self.n_rows)) {
            let root = Cell::of(tree, 0);
            for (sum, &leaf) in sums.iter_mut().zip(leaves) {
                sum.add(if (leaf as usize) < tree.nodes.len() { &root } else { &Cell::EMPTY });
            }
        }
        sums.iter().map(Cell::average).collect()
    }

    /// Returns what the neighbours of each row say; nothing where they cannot tell.
    fn answers<S: Summary<M>, const M: usize>(
        &self,
        summary: &S,
        depth: &Depth<M>,
    ) -> Vec<Option<Answer<M>>> {
        self.averages(depth).iter().map(|moments| summary.solve(moments)).collect()
    }

    /// Returns the value of each answer; of the whole trees where the neighbours cannot tell, as where all of them
    /// were treated alike.
    fn points<S: Summary<M>, const M: usize>(
        &self,
        summary: &S,
        answers: Vec<Option<Answer<M>>>,
    ) -> Vec<f64> {
        let whole = answers.iter().any(Option::is_none).then(|| self.whole_averages());
        let of_all = |row: usize| whole.as_ref().and_then(|whole| summary.solve(&whole[row]));
        (answers.into_iter().enumerate())
            .map(|(row, own)| own.or_else(|| of_all(row)).map_or(f64::NAN, |answer| answer.value))
            .collect()
    }

    fn predictions<S: Summary<M>, const M: usize>(
        &self,
        summary: &S,
        question: Question<'_, M>,
    ) -> Vec<Prediction> {
        let point = self.points(summary, self.answers(summary, question.point));
        let interval = self.answers(summary, question.interval);
        let gradients: Vec<[f64; M]> = interval
            .iter()
            .map(|answer| answer.map_or([f64::NAN; M], |answer| answer.gradient))
            .collect();
        let spreads = self.spreads(&gradients, question.interval);
        let baselines = self.mean_baselines();
        let value = |answer: Option<Answer<M>>| answer.map_or(f64::NAN, |answer| answer.value);
        (0..self.n_rows)
            .map(|row| {
                let uncertainty = spreads[row].uncertainty(&self.forest.bags);
                Prediction {
                    value: point[row] + baselines[row],
                    interval_value: value(interval[row]) + baselines[row],
                    std_error: uncertainty.std_error,
                    monte_carlo_share: uncertainty.monte_carlo_share,
                }
            })
            .collect()
    }

    /// Returns the spread of each row's linearised answer between and within bags.
    fn spreads<const M: usize>(&self, gradients: &[[f64; M]], depth: &Depth<M>) -> Vec<BagSpread> {
        let mut spreads = vec![BagSpread::default(); self.n_rows];
        let gradients: Vec<[f32; M]> =
            gradients.iter().map(|gradient| gradient.map(|part| part as f32)).collect();
        let per_bag = self.forest.bags.trees_per_bag;
        let mut of_bag = vec![BagMoments::default(); self.n_rows];
        for bag in 0..self.forest.bags.n_bags {
            of_bag.fill(BagMoments::default());
            for tree in bag * per_bag..(bag + 1) * per_bag {
                let answering = &depth.trees[tree];
                let leaves = &self.leaves[tree * self.n_rows..(tree + 1) * self.n_rows];
                for ((moments, gradient), &leaf) in of_bag.iter_mut().zip(&gradients).zip(leaves) {
                    let cell = answering.cell(leaf);
                    let mut answer = 0.0;
                    for (part, mean) in gradient.iter().zip(&cell.means) {
                        answer += part * mean;
                    }
                    moments.add(answer, cell.weight);
                }
            }
            for (row, (spread, moments)) in spreads.iter_mut().zip(&of_bag).enumerate() {
                let under = self.baselines.get(bag * self.n_rows + row).map_or(0.0, |&under| under);
                spread.add_bag(moments, f64::from(under));
            }
        }
        spreads
    }

    /// Returns each row's baseline, averaged over the bags that may answer.
    fn mean_baselines(&self) -> Vec<f64> {
        if self.baselines.is_empty() {
            return vec![0.0; self.n_rows];
        }
        let mut sums = vec![(0.0, 0.0); self.n_rows];
        for (bag, effects) in self.baselines.chunks_exact(self.n_rows).enumerate() {
            for (row, ((n, sum), &effect)) in sums.iter_mut().zip(effects).enumerate() {
                let used = f64::from(u8::from(self.may_use(bag, row)));
                *n += used;
                *sum += used * f64::from(effect);
            }
        }
        sums.into_iter().map(|(n, sum)| sum / n).collect()
    }
}

/// Rows of a block that each bag answers for, by position.
enum Asked {
    /// Every bag for all.
    Everyone(Vec<u32>),
    /// Each bag for those that it does not hold, bag by bag, and where those of each bag end.
    Outside { rows: Vec<u32>, ends: Vec<usize> },
}

impl Asked {
    fn outside(forest: &Forest, block: &[u32], units: Units<'_>) -> Self {
        let n_bags = forest.bags.n_bags;
        let (mut rows, mut ends) = (Vec::new(), Vec::with_capacity(n_bags));
        for bag in 0..n_bags {
            let member = forest.bags.membership(bag);
            let is_outside = |&at: &u32| !member.contains(units.id(block[at as usize]));
            rows.extend((0..block.len() as u32).filter(is_outside));
            ends.push(rows.len());
        }
        Self::Outside { rows, ends }
    }

    /// Returns the rows that `bag` answers for.
    fn of(&self, bag: usize) -> &[u32] {
        match self {
            Self::Everyone(all) => all,
            Self::Outside { rows, ends } => {
                let start = if bag == 0 { 0 } else { ends[bag - 1] };
                &rows[start..ends[bag]]
            }
        }
    }
}

/// Returns the baseline of every bag at the rows that it answers for, anything at the others: `[bag][row]`.
fn baselines_of(forest: &Forest, rows: &BinnedRows, asked: &Asked) -> Vec<f32> {
    if forest.baselines.is_empty() {
        return Vec::new();
    }
    let n_rows = rows.n_rows();
    let mut standing = Standing::new(rows);
    let mut effects = vec![0.0; forest.baselines.len() * n_rows];
    for (bag, effects) in effects.chunks_exact_mut(n_rows).enumerate() {
        standing.write(&forest.baselines[bag], asked.of(bag), effects);
    }
    effects
}

/// Writes the leaf that each row of `block` reaches; `bytes` holds rows of `p` bins.
pub(crate) fn walk_tree(
    tree: &Tree,
    (bytes, p): (&[u8], usize),
    block: &[u32],
    leaves: &mut [u32],
) {
    let row_of = |row: u32| &bytes[row as usize * p..(row as usize + 1) * p];
    if !tree.subsets.is_empty() {
        for (leaf, &row) in leaves.iter_mut().zip(block) {
            *leaf = tree.leaf_of(row_of(row));
        }
        return;
    }
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
        *leaf = tree.leaf_of(row_of(row));
    }
}
