//! What does a boosted ensemble say of rows?

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use yorisoi_data::BinnedRows;

use crate::{predict::walk_tree, tree::Tree};

/// Rows that share one pass over the trees.
const BLOCK: usize = 2048;

/// A boosted ensemble.
///
/// Its outputs are the targets and, where there is a regressor, the first target's slope in it: the first target
/// is output 0 plus the regressor times the last output.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Boosted {
    /// What each output starts from.
    pub start: Vec<f32>,
    /// Rounds each target keeps; the slope keeps those of the first.
    pub rounds: Vec<usize>,
    /// Trees; a node's means are the steps of all outputs, learning rate included.
    pub trees: Vec<Tree>,
}

impl Boosted {
    /// Returns whether the first target leans on a regressor, its slope in which is the last output.
    pub fn has_slope(&self) -> bool {
        self.start.len() == self.rounds.len() + 1
    }

    /// Returns the rounds of an output: the slope's are those of the target that it belongs to.
    fn rounds_of(&self, output: usize) -> usize {
        self.rounds.get(output).copied().unwrap_or(self.rounds[0])
    }

    /// Returns each output's prediction for `rows`: `[output][position]`.
    pub fn predict(&self, features: &BinnedRows, rows: &[u32]) -> Vec<Vec<f32>> {
        let n_outputs = self.start.len();
        let blocks: Vec<Vec<f32>> = rows
            .par_chunks(BLOCK)
            .map(|block| {
                let mut sums = vec![0.0; n_outputs * block.len()];
                let mut leaves = vec![0; block.len()];
                for (round, tree) in self.trees.iter().enumerate() {
                    walk_tree(tree, (features.bytes(), features.n_features()), block, &mut leaves);
                    for (output, sums) in sums.chunks_exact_mut(block.len()).enumerate() {
                        if round < self.rounds_of(output) {
                            for (sum, &leaf) in sums.iter_mut().zip(&leaves) {
                                *sum += tree.means[leaf as usize * n_outputs + output];
                            }
                        }
                    }
                }
                sums
            })
            .collect();
        (0..n_outputs)
            .map(|output| {
                let of_output = blocks.iter().flat_map(|block| {
                    let n = block.len() / n_outputs;
                    &block[output * n..(output + 1) * n]
                });
                of_output.map(|sum| self.start[output] + sum).collect()
            })
            .collect()
    }
}
