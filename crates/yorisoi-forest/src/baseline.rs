//! What a bag's trees stand on: a line, and small trees where the effect bends.
//!
//! Leaves approximate a slope by stairs, which costs a forest most of its error where the effect is
//! smooth. Each bag therefore fits a baseline to the effect first, and its trees split and estimate on
//! the remainder. Because the baseline belongs to the bag, out-of-bag prediction and the variance
//! between bags stay honest without further thought.

use serde::{Deserialize, Serialize};
use yorisoi_data::BinnedRows;

use crate::{
    line::{LinearEffect, Observation, RankScale, fit_linear_effect},
    predict::walk_tree,
    recipe::Bag,
    steps::{StepParams, fit_steps},
    tree::Tree,
};

/// The effect under one bag's trees.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Baseline {
    /// Its linear part.
    pub line: LinearEffect,
    /// Small trees added to it, one moment a node: the step.
    pub steps: Vec<Tree>,
}

/// How the baseline of each bag is fitted.
#[derive(Debug, Clone, Copy)]
pub struct BaselineTask<'a> {
    /// Cluster of every unit of the data set, if any.
    pub clusters: Option<&'a [u32]>,
    /// Ranks of the features.
    pub scale: &'a RankScale,
    /// Whether small trees stand on a line; on the mean effect otherwise.
    pub has_line: bool,
    /// How the effect is boosted.
    pub steps: StepParams,
}

impl BaselineTask<'_> {
    /// Fits the baseline of a bag on what was seen of its units.
    pub(crate) fn fit(&self, bag: Bag<'_>, seen: &[Observation]) -> Baseline {
        let line = if self.has_line {
            fit_linear_effect(bag.rows, self.scale, seen)
        } else {
            LinearEffect::mean(bag.rows.n_features(), seen)
        };
        if self.steps.rounds == 0 {
            return Baseline { line, steps: Vec::new() };
        }
        let off_line = |(row, seen): (usize, &Observation)| {
            let on_line = line.at(self.scale, bag.rows.row(row));
            Observation { y: seen.y - seen.w * on_line, ..*seen }
        };
        let left: Vec<Observation> = seen.iter().enumerate().map(off_line).collect();
        let steps = fit_steps(bag.rows, &left, self.steps, bag.seed);
        Baseline { line, steps }
    }

    /// Returns the cluster of `unit`; itself where there are none.
    #[inline]
    pub(crate) fn cluster_of(&self, unit: u32) -> u32 {
        self.clusters.map_or(unit, |clusters| clusters[unit as usize])
    }
}

impl Baseline {
    /// Returns the baseline that takes nothing off.
    pub(crate) fn flat(n_features: usize) -> Self {
        Self { line: LinearEffect::level(n_features, 0.0), steps: Vec::new() }
    }

    /// Returns the effect at a row.
    #[inline]
    pub fn at(&self, scale: &RankScale, bins: &[u8]) -> f32 {
        let step = |tree: &Tree| tree.means[tree.leaf_of(bins) as usize];
        self.line.at(scale, bins) + self.steps.iter().map(step).sum::<f32>()
    }
}

/// Rows whose baselines are asked for, their ranks feature by feature.
pub(crate) struct Standing<'a> {
    rows: &'a BinnedRows,
    ranks: Vec<f32>,
    leaves: Vec<u32>,
}

impl<'a> Standing<'a> {
    pub(crate) fn new(rows: &'a BinnedRows) -> Self {
        let n_rows = rows.n_rows();
        let scale = RankScale::new(rows.kinds());
        let mut ranks = vec![0.0_f32; rows.n_features() * n_rows];
        for row in 0..n_rows {
            for (feature, &bin) in rows.row(row).iter().enumerate() {
                ranks[feature * n_rows + row] = scale.rank(feature, bin);
            }
        }
        Self { rows, ranks, leaves: vec![0; n_rows] }
    }

    /// Writes the effect of `baseline` at the rows `asked`, and anything at the others.
    pub(crate) fn write(&mut self, baseline: &Baseline, asked: &[u32], effects: &mut [f32]) {
        let Baseline { line, steps } = baseline;
        effects.fill(line.intercept);
        // Feature by feature, so that the inner loop runs over rows.
        for (&slope, ranks) in line.slopes.iter().zip(self.ranks.chunks_exact(effects.len())) {
            if slope == 0.0 {
                continue;
            }
            for (effect, rank) in effects.iter_mut().zip(ranks) {
                *effect += slope * rank;
            }
        }
        let leaves = &mut self.leaves[..asked.len()];
        for tree in steps {
            walk_tree(tree, (self.rows.bytes(), self.rows.n_features()), asked, leaves);
            for (&row, &leaf) in asked.iter().zip(leaves.iter()) {
                effects[row as usize] += tree.means[leaf as usize];
            }
        }
    }
}
