//! A policy that a person can read: a few questions, then what to do.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use yorisoi_data::BinnedRows;

use crate::PolicyError;
use crate::error::{check_len, check_values};
use crate::menu::check_size;
use crate::tree_search::{Packed, best_action, best_depth_one, best_depth_two};

/// Binned missing values have this bin.
const MISSING: u8 = yorisoi_data::MISSING_BIN;

/// A question about one feature, answered from its bin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Question {
    /// Is the value in bin `1..=bin`? In raw values: is it below the cut after that bin?
    AtMost {
        /// Index of the feature.
        feature: usize,
        /// The last bin that is a yes.
        bin: u8,
        /// Whether a missing value is a yes as well. A no where training had no missing value.
        missing_is_yes: bool,
    },
    /// Is it this one bin: this level of a category, or, for bin 0, missing?
    Is {
        /// Index of the feature.
        feature: usize,
        /// The bin that is a yes.
        bin: u8,
    },
}

impl Question {
    /// Returns the index of the feature asked about.
    pub fn feature(&self) -> usize {
        match *self {
            Self::AtMost { feature, .. } | Self::Is { feature, .. } => feature,
        }
    }

    /// Returns the answer for a row of bins.
    #[inline]
    pub fn is_yes(&self, bins: &[u8]) -> bool {
        match *self {
            Self::AtMost { feature, bin, missing_is_yes } => match bins[feature] {
                MISSING => missing_is_yes,
                of_row => of_row <= bin,
            },
            Self::Is { feature, bin } => bins[feature] == bin,
        }
    }
}

/// A node of a policy tree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum TreeNode {
    /// A question; indices of the nodes for either answer.
    Split {
        /// The question.
        question: Question,
        /// Node for yes.
        yes: usize,
        /// Node for no.
        no: usize,
    },
    /// What to do.
    Leaf {
        /// The arm, counted without control; `None` is nothing.
        action: Option<usize>,
        /// Training rows that came here.
        n_units: usize,
        /// Mean training reward of the action here. Chosen to be large: judge it on held-out scores.
        mean_reward: f64,
    },
}

/// A policy of a few questions. The first node is the root; children come after their parent.
///
/// Serialises but does not deserialise: only [`fit_policy_tree`] makes sure that every way ends.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PolicyTree {
    nodes: Vec<TreeNode>,
}

/// How large a tree may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TreeOptions {
    /// Questions on the longest way. Up to 2 the tree is the best there is; beyond, see
    /// [`fit_policy_tree`].
    pub depth: usize,
    /// Fewest training rows in a leaf.
    pub min_leaf: usize,
}

impl Default for TreeOptions {
    /// Two questions, which a person keeps in mind, and leaves of a hundred, whose mean reward is not
    /// the luck of a few.
    fn default() -> Self {
        Self { depth: 2, min_leaf: 100 }
    }
}

impl PolicyTree {
    /// Returns the nodes, the root first.
    pub fn nodes(&self) -> &[TreeNode] {
        &self.nodes
    }

    /// Returns the index of the leaf that a row of bins comes to.
    pub fn leaf_of(&self, bins: &[u8]) -> usize {
        let mut at = 0;
        while let TreeNode::Split { question, yes, no } = &self.nodes[at] {
            at = if question.is_yes(bins) { *yes } else { *no };
        }
        at
    }

    /// Returns the arm for a row of bins, `None` for nothing.
    pub fn action(&self, bins: &[u8]) -> Option<usize> {
        match self.nodes[self.leaf_of(bins)] {
            TreeNode::Leaf { action, .. } => action,
            TreeNode::Split { .. } => None,
        }
    }

    /// Returns the arm for every row.
    pub fn assignment(&self, features: &BinnedRows) -> Vec<Option<usize>> {
        (0..features.n_rows()).into_par_iter().map(|row| self.action(features.row(row))).collect()
    }

    /// Returns the total training reward of the tree.
    pub fn training_reward(&self) -> f64 {
        let reward = |node: &TreeNode| match node {
            TreeNode::Leaf { n_units, mean_reward, .. } => *n_units as f64 * mean_reward,
            TreeNode::Split { .. } => 0.0,
        };
        self.nodes.iter().map(reward).sum()
    }
}

/// Returns the tree of largest total reward, where doing nothing rewards 0.
///
/// # Formula
///
/// ```text
/// max over trees π of the depth asked for  Σᵢ rᵢ,π(xᵢ),   r_i,hold = 0,  every leaf ≥ min_leaf rows
/// ```
///
/// Depth 0, 1 and 2 are exact over all questions: for ordered features every cut between bins, missing
/// on either side, and *is missing*; for categories each level against the rest. For each pair of
/// features one table of reward sums by bin and bin answers every pair of their questions, so depth 2
/// costs `n p²/2` additions and `p² bins²` comparisons, however many trees that are. From depth 3 on
/// the root is the root of the best tree of depth 2, and each side is fitted with one question less:
/// never worse than the best tree of depth 2, but not always the best of its own depth.
///
/// A question that gains nothing is not asked: of equally good trees the smallest is returned.
///
/// # Shapes and units
///
/// `rewards`: one column an arm, one entry a row of `features`: doubly robust scores against control,
/// in one unit, net of cost where costs count. For weighted rows, weight the rewards.
///
/// # Errors
///
/// Where lengths differ or a reward is not finite (naming unit and arm).
///
/// # Source
///
/// Zhou, Athey & Wager (2023), "Offline multi-action policy learning: generalization and
/// optimization", *Operations Research* 71(1).
///
/// # Example
///
/// ```
/// use yorisoi_data::{BinnedRows, FeatureKind};
/// use yorisoi_policy::{TreeOptions, fit_policy_tree};
/// // Helps where exactly one of two things is true: no single question shows any gain.
/// let rows = BinnedRows::new(
///     vec![1, 1, 1, 2, 2, 1, 2, 2],
///     vec![FeatureKind::Ordered { n_bins: 3 }; 2],
///     4,
/// );
/// let rewards = [vec![-1.0, 1.0, 1.0, -1.0]];
/// let tree = fit_policy_tree(&rows, &rewards, TreeOptions { depth: 2, min_leaf: 1 })?;
/// assert_eq!(tree.assignment(&rows), [None, Some(0), Some(0), None]);
/// # Ok::<(), yorisoi_policy::PolicyError>(())
/// ```
pub fn fit_policy_tree(
    features: &BinnedRows,
    rewards: &[Vec<f64>],
    options: TreeOptions,
) -> Result<PolicyTree, PolicyError> {
    if rewards.is_empty() {
        return Err(PolicyError::NoArms);
    }
    check_size(features.n_rows(), rewards.len())?;
    for (arm, rewards) in rewards.iter().enumerate() {
        check_len("rewards", arm, rewards.len(), features.n_rows())?;
        check_values("rewards", arm, rewards, "a finite number", f64::is_finite)?;
    }
    let packed = Packed::new(features, rewards, options.min_leaf);
    let mut grower = Grower { packed, nodes: Vec::new() };
    let rows: Vec<u32> = (0..features.n_rows() as u32).collect();
    // Without rows there is nothing to ask about.
    grower.grow(&rows, if rows.is_empty() { 0 } else { options.depth });
    Ok(PolicyTree { nodes: grower.nodes })
}

struct Grower<'a> {
    packed: Packed<'a>,
    nodes: Vec<TreeNode>,
}

impl Grower<'_> {
    /// Appends the tree of these rows and returns the index of its root.
    fn grow(&mut self, rows: &[u32], depth: usize) -> usize {
        match depth {
            0 => self.leaf(rows),
            1 => match best_depth_one(&self.packed, rows) {
                None => self.leaf(rows),
                Some(question) => self.split(rows, question, |grower, side, _| grower.leaf(side)),
            },
            2 => match best_depth_two(&self.packed, rows) {
                None => self.leaf(rows),
                Some(best) => self.split(rows, best.root, |grower, side, is_yes| {
                    match if is_yes { best.yes } else { best.no } {
                        None => grower.leaf(side),
                        Some(question) => {
                            grower.split(side, question, |grower, side, _| grower.leaf(side))
                        }
                    }
                }),
            },
            _ => match best_depth_two(&self.packed, rows) {
                None => self.leaf(rows),
                Some(best) => {
                    self.split(rows, best.root, |grower, side, _| grower.grow(side, depth - 1))
                }
            },
        }
    }

    /// Appends a question and what `grow_side` makes of either side.
    fn split(
        &mut self,
        rows: &[u32],
        question: Question,
        grow_side: impl Fn(&mut Self, &[u32], bool) -> usize,
    ) -> usize {
        let at = self.nodes.len();
        self.nodes.push(TreeNode::Split { question, yes: 0, no: 0 });
        let is_yes = |row: &u32| question.is_yes(self.packed.features.row(*row as usize));
        let (yes_rows, no_rows): (Vec<u32>, Vec<u32>) = rows.iter().copied().partition(is_yes);
        let yes = grow_side(self, &yes_rows, true);
        let no = grow_side(self, &no_rows, false);
        self.nodes[at] = TreeNode::Split { question, yes, no };
        at
    }

    fn leaf(&mut self, rows: &[u32]) -> usize {
        let sums = self.packed.sums(rows);
        let (action, reward) = best_action(&sums);
        let mean_reward = if rows.is_empty() { 0.0 } else { reward / rows.len() as f64 };
        self.nodes.push(TreeNode::Leaf { action, n_units: rows.len(), mean_reward });
        self.nodes.len() - 1
    }
}
