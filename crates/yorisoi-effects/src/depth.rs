//! Which leaf size answers: tuned for the effect by out-of-bag R-loss, fixed by size for the interval.

use serde::{Deserialize, Serialize};
use yorisoi_data::BinnedRows;
use yorisoi_forest::{Depth, Eligible, Forest, Slope, Units, Walked};

/// Loss of one leaf size.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LeafLoss {
    /// Honest rows a leaf holds at least.
    pub min_leaf: u32,
    /// Mean out-of-bag R-loss less that of the best leaf size.
    pub excess: f64,
    /// Standard error of that difference, paired by row.
    pub std_error: f64,
}

/// Leaf sizes tried: 10, then about doubling from 25 to a quarter of the honest rows.
fn grid(honest_rows: f64) -> Vec<u32> {
    let steps = [10, 25, 50, 100, 200, 400, 800, 1600, 3200, 6400, 12800];
    let mut sizes: Vec<u32> =
        steps.into_iter().filter(|&size| f64::from(size) <= honest_rows / 4.0).collect();
    if sizes.is_empty() {
        sizes.push(5);
    }
    sizes
}

/// What the R-loss is measured on.
pub(crate) struct Tuning<'a> {
    pub(crate) forest: &'a Forest,
    pub(crate) units: Units<'a>,
    pub(crate) features: &'a BinnedRows,
    /// Rows to measure on, a part of the forest's own.
    pub(crate) rows: &'a [u32],
    pub(crate) y_centered: &'a [f32],
    pub(crate) w_centered: &'a [f32],
}

impl Tuning<'_> {
    /// Returns the loss of every leaf size and the best one.
    ///
    /// # Formula
    ///
    /// ```text
    /// R(k) = mean over i of (Yᵢ − m̂ᵢ − τ̂ₖ₍ₒₒᵦ₎(Xᵢ) (Wᵢ − êᵢ))²
    /// ```
    ///
    /// # Source
    ///
    /// Nie & Wager (2021), equation 4; the loss is small where the effect is right, whatever `m` and
    /// `e`.
    pub(crate) fn losses(&self, honest_rows: f64) -> (Vec<LeafLoss>, u32) {
        let sizes = grid(honest_rows);
        let walked =
            Walked::new(self.forest, self.features, self.rows, Eligible::OutOfBag(self.units));
        let losses: Vec<Vec<f64>> =
            sizes.iter().map(|&size| self.losses_at(&walked, size)).collect();
        let mean = |losses: &[f64]| losses.iter().sum::<f64>() / losses.len() as f64;
        let means: Vec<f64> = losses.iter().map(|losses| mean(losses)).collect();
        let best = (0..sizes.len()).min_by(|&a, &b| means[a].total_cmp(&means[b])).unwrap_or(0);
        let table: Vec<LeafLoss> = (0..sizes.len())
            .map(|at| {
                let excess = means[at] - means[best];
                let squares =
                    losses[at].iter().zip(&losses[best]).map(|(a, b)| (a - b - excess).powi(2));
                let n = self.rows.len() as f64;
                let std_error = (squares.sum::<f64>() / (n * (n - 1.0))).sqrt();
                LeafLoss { min_leaf: sizes[at], excess, std_error }
            })
            .collect();
        let chosen = choose(&table);
        (table, chosen)
    }

    fn losses_at(&self, walked: &Walked<'_>, min_leaf: u32) -> Vec<f64> {
        let values = walked.values(&Slope, &Depth::new(self.forest, min_leaf));
        let loss = |(value, &row): (f64, &u32)| {
            let tau = if value.is_finite() { value } else { 0.0 };
            let (y, w) = (self.y_centered[row as usize], self.w_centered[row as usize]);
            (f64::from(y) - tau * f64::from(w)).powi(2)
        };
        values.into_iter().zip(self.rows).map(loss).collect()
    }
}

/// Returns the middle of the leaf sizes whose loss is within a standard error of the best: where the
/// data do not tell sizes apart, neither end is the better bet.
fn choose(table: &[LeafLoss]) -> u32 {
    let near: Vec<u32> = table
        .iter()
        .filter(|loss| loss.excess <= loss.std_error)
        .map(|loss| loss.min_leaf)
        .collect();
    near[near.len() / 2]
}
