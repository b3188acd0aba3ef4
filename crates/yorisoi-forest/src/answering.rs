//! Which node of a tree answers for a leaf at a leaf size, and with what moments?

use rayon::prelude::*;

use crate::{forest::Forest, tree::Tree};

/// What a forest answers at one leaf size: for every tree and leaf, the moments of the answering node.
#[derive(Debug, Clone, PartialEq)]
pub struct Depth<const M: usize> {
    pub(crate) trees: Vec<Answering<M>>,
}

impl<const M: usize> Depth<M> {
    /// Returns the answers of `forest` for leaves of at least `min_count` honest rows.
    pub fn new(forest: &Forest, min_count: u32) -> Self {
        let of_tree = |tree: &Tree| Answering::new(tree, min_count);
        Self { trees: forest.trees.par_iter().map(of_tree).collect() }
    }
}

/// The nodes of a tree that answer at one leaf size. Few answer for many leaves, so that they lie close
/// together in cache however large the tree is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answering<const M: usize> {
    /// An empty cell first, for rows that may not use the tree.
    cells: Vec<Cell<M>>,
    /// Position of the cell that answers for each node, and one more behind the last: the empty cell.
    of_node: Vec<u32>,
}

impl<const M: usize> Answering<M> {
    fn new(tree: &Tree, min_count: u32) -> Self {
        let mut cells = vec![Cell::EMPTY];
        let mut at: Vec<u32> = vec![0; tree.nodes.len()];
        let answering = tree.answering_nodes(min_count);
        let mut of_node: Vec<u32> = Vec::with_capacity(answering.len() + 1);
        for node in answering {
            let at = &mut at[node as usize];
            if *at == 0 {
                *at = cells.len() as u32;
                cells.push(Cell::of(tree, node as usize));
            }
            of_node.push(*at);
        }
        of_node.push(0);
        Self { cells, of_node }
    }

    /// Returns what answers for `node`; nothing for one past the last.
    #[inline]
    pub(crate) fn cell(&self, node: u32) -> &Cell<M> {
        &self.cells[self.of_node[node as usize] as usize]
    }
}

/// The moments of an answering node, or nothing: then all is 0, the weight too.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Cell<const M: usize> {
    pub(crate) means: [f32; M],
    pub(crate) weight: f32,
}

impl<const M: usize> Cell<M> {
    pub(crate) const EMPTY: Self = Self { means: [0.0; M], weight: 0.0 };

    /// Returns the moments of a node's honest rows.
    pub(crate) fn of(tree: &Tree, node: usize) -> Self {
        match tree.means[node * M..].first_chunk::<M>() {
            Some(means) if tree.counts[node] > 0 => Self { means: *means, weight: 1.0 },
            _ => Self::EMPTY,
        }
    }

    /// Adds a cell. Of a few hundred terms of like size f32 sums keep six digits, and f32 lanes add at once.
    #[inline]
    pub(crate) fn add(&mut self, other: &Self) {
        for (sum, mean) in self.means.iter_mut().zip(&other.means) {
            *sum += mean;
        }
        self.weight += other.weight;
    }

    /// Returns the means of a sum of cells; NaN without any.
    pub(crate) fn average(&self) -> [f64; M] {
        self.means.map(|mean| f64::from(mean) / f64::from(self.weight))
    }
}
