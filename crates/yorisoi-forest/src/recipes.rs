//! The table of recipes.
//!
//! | recipe | lanes after count and weight | pseudo-outcome of a node |
//! |---|---|---|
//! | [`Regression`] | `Y` | `Y − Ȳ` |
//! | [`Probability`] | one a class | `1{Y = k} − p̄ₖ` |
//! | [`Causal`] | `W, Y, W², WY` | `(W − W̄)(Y − Ȳ − τ̂ (W − W̄))` |
//! | [`Instrumental`] | `Z, W, Y, Z², ZW, ZY` | `(Z − Z̄)(Y − Ȳ − τ̂ (W − W̄))` |
//!
//! Several arms are one causal forest an arm against control; a dose is a causal forest with a
//! continuous `W`.

use crate::{
    baseline::{Baseline, BaselineTask},
    line::Observation,
    recipe::{Bag, NodeScore, Recipe, WEIGHT},
};

/// Below this share of the scale of its own sums a determinant is taken for 0.
const SINGULAR: f32 = 1e-6;

/// Estimates `E[Y | X = x]`.
#[derive(Debug, Clone, Copy)]
pub struct Regression<'a> {
    /// Outcome, one a unit.
    pub y: &'a [f32],
    /// Weights, if any.
    pub weights: Option<&'a [f32]>,
}

impl Recipe<4, 1> for Regression<'_> {
    const LANES_USED: usize = 3;

    #[inline]
    fn contribution(&self, unit: usize) -> [f32; 4] {
        let weight = weight_of(self.weights, unit);
        [1.0, weight, weight * self.y[unit], 0.0]
    }

    fn node_score(&self, sums: &[f32; 4]) -> Option<NodeScore<4, 1>> {
        let y_mean = sums[2] / sums[WEIGHT];
        Some(NodeScore { rho: [[0.0, -y_mean, 1.0, 0.0]], variation: [0.0, 1.0, 0.0, 0.0] })
    }
}

/// Estimates `P[Y = k | X = x]` for up to six classes at once.
#[derive(Debug, Clone, Copy)]
pub struct Probability<'a> {
    /// Class of each unit, below 6.
    pub class: &'a [u8],
    /// Weights, if any.
    pub weights: Option<&'a [f32]>,
}

/// The most classes one probability forest can tell apart.
pub const MAX_CLASSES: usize = 6;

impl Recipe<8, MAX_CLASSES> for Probability<'_> {
    const LANES_USED: usize = 8;

    #[inline]
    fn contribution(&self, unit: usize) -> [f32; 8] {
        let weight = weight_of(self.weights, unit);
        let mut lanes = [1.0, weight, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        lanes[2 + usize::from(self.class[unit])] = weight;
        lanes
    }

    fn node_score(&self, sums: &[f32; 8]) -> Option<NodeScore<8, MAX_CLASSES>> {
        let mut rho = [[0.0; 8]; MAX_CLASSES];
        for (k, functional) in rho.iter_mut().enumerate() {
            functional[WEIGHT] = -sums[2 + k] / sums[WEIGHT];
            functional[2 + k] = 1.0;
        }
        Some(NodeScore { rho, variation: [0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0] })
    }
}

/// Estimates `τ(x)` in `E[Y − m(X) | X, W] = τ(X) (W − e(X))` from centred outcome and treatment.
#[derive(Debug, Clone)]
pub struct Causal<'a> {
    /// `Y − m̂(X)`, one a unit.
    pub y_centered: &'a [f32],
    /// `W − ê(X)`, one a unit.
    pub w_centered: &'a [f32],
    /// Weights, if any.
    pub weights: Option<&'a [f32]>,
    /// What each bag takes off the effect before its trees grow, if anything.
    pub baseline: Option<BaselineTask<'a>>,
}

impl Recipe<8, 1> for Causal<'_> {
    const LANES_USED: usize = 6;

    #[inline]
    fn contribution(&self, unit: usize) -> [f32; 8] {
        let (w, y) = (self.w_centered[unit], self.y_centered[unit]);
        effect_lanes(weight_of(self.weights, unit), w, y)
    }

    fn in_bag(&self, bag: Bag<'_>) -> (Vec<[f32; 8]>, Option<Baseline>) {
        let Some(task) = &self.baseline else { return (self.contributions(bag.sample), None) };
        let observe = |&unit: &u32| {
            let (at, cluster) = (unit as usize, task.cluster_of(unit));
            let (w, y) = (self.w_centered[at], self.y_centered[at]);
            Observation { w, y, weight: weight_of(self.weights, at), cluster }
        };
        let seen: Vec<Observation> = bag.sample.iter().map(observe).collect();
        let baseline = task.fit(bag, &seen);
        let left = |(row, &Observation { w, y, weight, .. }): (usize, &Observation)| {
            effect_lanes(weight, w, y - w * baseline.at(task.scale, bag.rows.row(row)))
        };
        (seen.iter().enumerate().map(left).collect(), Some(baseline))
    }

    fn node_score(&self, sums: &[f32; 8]) -> Option<NodeScore<8, 1>> {
        let [w, y, ww, wy] = [2, 3, 4, 5].map(|lane| sums[lane] / sums[WEIGHT]);
        let variance = ww - w * w;
        if variance <= SINGULAR * ww {
            return None;
        }
        let tau = (wy - w * y) / variance;
        // Σ (W − w̄)(Y − ȳ − τ(W − w̄)), expanded into the lanes.
        let rho = [0.0, w * y - tau * w * w, 2.0 * tau * w - y, -w, -tau, 1.0, 0.0, 0.0];
        let variation = [0.0, w * w, -2.0 * w, 0.0, 1.0, 0.0, 0.0, 0.0];
        Some(NodeScore { rho: [rho], variation })
    }
}

/// Estimates the effect of `W` moved by an instrument `Z`, all three centred.
#[derive(Debug, Clone, Copy)]
pub struct Instrumental<'a> {
    /// Centred outcome.
    pub y_centered: &'a [f32],
    /// Centred treatment.
    pub w_centered: &'a [f32],
    /// Centred instrument.
    pub z_centered: &'a [f32],
    /// Weights, if any.
    pub weights: Option<&'a [f32]>,
}

impl Recipe<8, 1> for Instrumental<'_> {
    const LANES_USED: usize = 8;

    #[inline]
    fn contribution(&self, unit: usize) -> [f32; 8] {
        let weight = weight_of(self.weights, unit);
        let (z, w, y) = (self.z_centered[unit], self.w_centered[unit], self.y_centered[unit]);
        let weighted_z = weight * z;
        [
            1.0,
            weight,
            weighted_z,
            weight * w,
            weight * y,
            weighted_z * z,
            weighted_z * w,
            weighted_z * y,
        ]
    }

    fn node_score(&self, sums: &[f32; 8]) -> Option<NodeScore<8, 1>> {
        let [z, w, y, zz, zw, zy] = [2, 3, 4, 5, 6, 7].map(|lane| sums[lane] / sums[WEIGHT]);
        let first_stage = zw - z * w;
        if first_stage.abs() <= SINGULAR * zz || zz - z * z <= SINGULAR * zz {
            return None;
        }
        let tau = (zy - z * y) / first_stage;
        // Σ (Z − z̄)(Y − ȳ − τ(W − w̄)), expanded into the lanes.
        let rho = [0.0, z * y - tau * z * w, tau * w - y, tau * z, -z, 0.0, -tau, 1.0];
        let variation = [0.0, z * z, -2.0 * z, 0.0, 0.0, 1.0, 0.0, 0.0];
        Some(NodeScore { rho: [rho], variation })
    }
}

/// Returns what a unit adds to the sums behind an effect of `w` on `y`.
#[inline]
fn effect_lanes(weight: f32, w: f32, y: f32) -> [f32; 8] {
    let weighted_w = weight * w;
    [1.0, weight, weighted_w, weight * y, weighted_w * w, weighted_w * y, 0.0, 0.0]
}

#[inline]
fn weight_of(weights: Option<&[f32]>, unit: usize) -> f32 {
    weights.map_or(1.0, |weights| weights[unit])
}
