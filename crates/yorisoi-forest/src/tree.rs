//! A grown tree: where a row goes, and what the honest rows of each node were like.

use serde::{Deserialize, Serialize};

use crate::split::SplitRule;

/// One node, 8 bytes. A row at an inner node moves to `next`, or to `next + 1` if it goes right; a
/// leaf's `next` is the leaf itself and everything goes left, so a walk may take idle steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// Feature asked; 0 at a leaf.
    pub feature: u16,
    /// A row goes left if `bin − offset ≤ cut`, in wrapping arithmetic: with offset 1 the missing bin
    /// 0 becomes 255 and goes right.
    pub cut: u8,
    /// 0 or 1 for ordered features, [`CATEGORY`] for categories.
    pub offset: u8,
    /// Left child.
    pub next: u32,
}

/// `Node::offset` of a split on a category; the bins that go left are in [`Tree::subsets`].
pub const CATEGORY: u8 = 2;

/// A tree whose every node knows the mean moments of its honest rows.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Tree {
    /// Nodes; parents before children, siblings side by side, the root first.
    pub nodes: Vec<Node>,
    /// Bins that go left, for the category nodes: `(node, set)` ascending by node.
    pub subsets: Vec<(u32, [u64; 4])>,
    /// Honest rows of each node.
    pub counts: Vec<u32>,
    /// Weighted means of the recipe's moments over a node's honest rows, `n_moments` a node; 0 where
    /// a node has none.
    pub means: Vec<f32>,
    /// Steps to the deepest leaf.
    pub depth: u32,
}

impl Node {
    /// Returns a leaf at position `index`.
    pub(crate) fn leaf(index: u32) -> Self {
        Self { feature: 0, cut: 255, offset: 0, next: index }
    }

    /// Returns whether this node at `index` is a leaf.
    pub fn is_leaf(&self, index: usize) -> bool {
        self.next as usize == index
    }
}

impl Tree {
    /// Turns the leaf `index` into a split with children from `next` on.
    pub(crate) fn set_split(&mut self, index: usize, feature: usize, rule: &SplitRule, next: u32) {
        let feature = feature as u16;
        self.nodes[index] = match *rule {
            // Only the missing bin goes left.
            SplitRule::Ordered { cut, missing_left: true } => {
                Node { feature, cut, offset: 0, next }
            }
            SplitRule::Ordered { cut, missing_left: false } => {
                Node { feature, cut: cut - 1, offset: 1, next }
            }
            SplitRule::Category { left } => {
                self.subsets.push((index as u32, left));
                Node { feature, cut: 0, offset: CATEGORY, next }
            }
        };
    }

    /// Returns the child that `bins` moves to from the node at `index`.
    #[inline]
    pub fn step(&self, index: u32, bins: &[u8]) -> u32 {
        let node = self.nodes[index as usize];
        let bin = bins[usize::from(node.feature)];
        let right = if node.offset == CATEGORY {
            !self.subset_contains(index, bin)
        } else {
            bin.wrapping_sub(node.offset) > node.cut
        };
        node.next + u32::from(right)
    }

    /// Returns the leaf that `bins` reaches.
    #[inline]
    pub fn leaf_of(&self, bins: &[u8]) -> u32 {
        let mut index = 0;
        loop {
            let next = self.step(index, bins);
            if next == index {
                return index;
            }
            index = next;
        }
    }

    fn subset_contains(&self, index: u32, bin: u8) -> bool {
        let position = self.subsets.binary_search_by_key(&index, |(node, _)| *node);
        position.is_ok_and(|at| self.subsets[at].1[usize::from(bin >> 6)] >> (bin & 63) & 1 == 1)
    }

    /// Returns, for each node, the deepest node on its path (itself included) with at least
    /// `min_count` honest rows; the root where there is none.
    ///
    /// One grown tree so answers for every leaf size: look up the leaf, then this table.
    pub fn answering_nodes(&self, min_count: u32) -> Vec<u32> {
        let mut answering: Vec<u32> = vec![0; self.nodes.len()];
        for (index, node) in self.nodes.iter().enumerate() {
            if node.is_leaf(index) {
                continue;
            }
            for child in [node.next, node.next + 1] {
                let own = self.counts[child as usize] >= min_count;
                answering[child as usize] = if own { child } else { answering[index] };
            }
        }
        answering
    }

    /// Returns the tree without the nodes that never answer at leaf sizes of `min_count` and above: a
    /// split stays where a child of it has that many honest rows.
    #[must_use]
    pub fn pruned(&self, min_count: u32) -> Self {
        let n_moments = self.means.len() / self.nodes.len();
        let mut kept = Self { nodes: vec![Node::leaf(0)], ..Self::default() };
        // Old and new index of nodes whose children are still to be placed, with their depth.
        let mut pending = vec![(0_usize, 0_usize, 0_u32)];
        let mut origin = vec![0_usize];
        while let Some((old, new, depth)) = pending.pop() {
            kept.depth = kept.depth.max(depth);
            let node = self.nodes[old];
            let children = [node.next as usize, node.next as usize + 1];
            if node.is_leaf(old) || children.iter().all(|&child| self.counts[child] < min_count) {
                continue;
            }
            let next = kept.nodes.len();
            kept.nodes[new] = Node { next: next as u32, ..node };
            if node.offset == CATEGORY {
                let at = self.subsets.binary_search_by_key(&(old as u32), |(node, _)| *node);
                kept.subsets.extend(at.ok().map(|at| (new as u32, self.subsets[at].1)));
            }
            for (side, child) in children.into_iter().enumerate() {
                kept.nodes.push(Node::leaf((next + side) as u32));
                origin.push(child);
                pending.push((child, next + side, depth + 1));
            }
        }
        kept.subsets.sort_unstable_by_key(|(node, _)| *node);
        kept.counts = origin.iter().map(|&old| self.counts[old]).collect();
        kept.means = origin
            .iter()
            .flat_map(|&old| &self.means[old * n_moments..(old + 1) * n_moments])
            .copied()
            .collect();
        kept
    }

    /// Returns the number of leaves.
    pub fn n_leaves(&self) -> usize {
        self.nodes.iter().enumerate().filter(|(index, node)| node.is_leaf(*index)).count()
    }
}
