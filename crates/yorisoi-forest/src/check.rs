//! Is a forest from outside one that can be asked? Nothing that passes here can panic or loop.

use crate::{
    baseline::Baseline,
    boosted::Boosted,
    forest::Forest,
    tree::{CATEGORY, Tree},
};

impl Tree {
    /// Returns whether every walk through this tree ends and stays within its tables.
    pub fn is_sound(&self, n_features: usize, n_moments: usize) -> bool {
        let n = self.nodes.len();
        let is_node_sound = |(index, node): (usize, &crate::Node)| {
            let next = node.next as usize;
            let is_leaf = next == index && node.cut == 255 && node.offset == 0;
            // A category asks its set. Rows walk side by side or one by one, depending on whether any node
            // has one, and must arrive at the same leaf.
            let sets = || self.subsets.binary_search_by_key(&(index as u32), |(node, _)| *node);
            let has_rule = node.offset < CATEGORY || (node.offset == CATEGORY && sets().is_ok());
            // Children come after their parent, so a walk cannot go round in circles.
            let is_split = next > index && next + 1 < n && has_rule;
            usize::from(node.feature) < n_features && (is_leaf || is_split)
        };
        let are_sets_in_order = self.subsets.windows(2).all(|pair| pair[0].0 < pair[1].0);
        n > 0
            && are_sets_in_order
            && self.counts.len() == n
            && self.means.len() == n * n_moments
            && self.means.iter().all(|mean| mean.is_finite())
            && self.nodes.iter().enumerate().all(is_node_sound)
    }
}

impl Forest {
    /// Returns whether this forest can be asked about rows of `n_features` features for `n_moments`.
    pub fn is_sound(&self, n_features: usize, n_moments: usize) -> bool {
        let bags = &self.bags;
        let is_baseline_sound = |baseline: &Baseline| {
            let line = &baseline.line;
            line.slopes.len() == n_features
                && line.intercept.is_finite()
                && line.slopes.iter().all(|slope| slope.is_finite())
                && baseline.steps.iter().all(|tree| tree.is_sound(n_features, 1))
        };
        self.n_moments == n_moments
            && bags.trees_per_bag > 0
            && bags.n_bags.checked_mul(bags.trees_per_bag) == Some(self.trees.len())
            && bags.sample_fraction > 0.0
            && bags.sample_fraction < 1.0
            && (self.baselines.is_empty() || self.baselines.len() == bags.n_bags)
            && self.baselines.iter().all(is_baseline_sound)
            && self.trees.iter().all(|tree| tree.is_sound(n_features, n_moments))
    }
}

impl Boosted {
    /// Returns whether this ensemble can be asked about rows of `n_features` features.
    pub fn is_sound(&self, n_features: usize) -> bool {
        let (n_outputs, n_targets) = (self.start.len(), self.rounds.len());
        n_targets > 0
            && (n_outputs == n_targets || self.has_slope())
            && self.start.iter().all(|start| start.is_finite())
            && self.trees.iter().all(|tree| tree.is_sound(n_features, n_outputs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Node;

    #[test]
    fn a_category_without_its_set_is_not_sound() {
        let split = Node { feature: 0, cut: 0, offset: CATEGORY, next: 1 };
        let mut tree = Tree {
            nodes: vec![split, Node::leaf(1), Node::leaf(2)],
            subsets: vec![(0, [2, 0, 0, 0])],
            counts: vec![2, 1, 1],
            means: vec![0.0; 3],
            depth: 1,
        };
        assert!(tree.is_sound(1, 1));
        tree.subsets[0].0 = 1;
        assert!(!tree.is_sound(1, 1), "the set of another node");
        tree.subsets.clear();
        assert!(!tree.is_sound(1, 1), "no set at all");
    }
}
