//! Which leaf size answers: the out-of-bag R-loss of every size, from one forest.

use serde::{Deserialize, Serialize};
use yorisoi_forest::{Depth, Eligible, Forest, Slope, Units, Walked};

use crate::{Sampling, averages::Linear};

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

/// Returns the leaf sizes to try: 10, then about doubling from 25 to a quarter of the honest rows.
///
/// Sizes below `grown`, the rows that the smallest grown nodes hold, would all answer alike.
pub(crate) fn leaf_sizes(honest_rows: f64, grown: usize) -> Vec<u32> {
    let steps = [10, 25, 50, 100, 200, 400, 800, 1600, 3200, 6400, 12800];
    let fits = |size: &u32| f64::from(*size) <= honest_rows / 4.0;
    let (finer, mut sizes): (Vec<u32>, Vec<u32>) =
        steps.into_iter().filter(fits).partition(|&size| (size as usize) < grown);
    // The last of the finer sizes stands for the leaves as they were grown.
    sizes.splice(0..0, finer.last().copied());
    if sizes.is_empty() {
        sizes.push(5);
    }
    sizes
}

/// Judges effects on rows that their trees have not seen.
pub(crate) struct Judge<'a> {
    pub(crate) units: Units<'a>,
    /// Rows to judge on, a part of the units'.
    pub(crate) rows: Vec<u32>,
    pub(crate) y_centered: &'a [f32],
    pub(crate) w_centered: &'a [f32],
    /// Sample weight and cluster of each of `rows`, if any.
    pub(crate) weights: Option<Vec<f64>>,
    pub(crate) clusters: Option<Vec<u32>>,
    pub(crate) sizes: Vec<u32>,
}

/// What a forest answers at each leaf size, and how well.
pub(crate) struct Judged {
    /// `[size][row]`; 0 where no tree may answer.
    pub(crate) tau_hat: Vec<Vec<f64>>,
    /// `[size][row]`.
    losses: Vec<Vec<f64>>,
    /// Position of the size with the smallest mean loss.
    best: usize,
}

impl Judged {
    /// Returns each row's loss at the best leaf size.
    pub(crate) fn best_losses(&self) -> &[f64] {
        &self.losses[self.best]
    }
}

impl Judge<'_> {
    /// Judges `forest` at every leaf size.
    ///
    /// # Formula
    ///
    /// ```text
    /// R(k) = weighted mean over i of (Yᵢ − m̂ᵢ − τ̂ₖ₍ₒₒᵦ₎(Xᵢ) (Wᵢ − êᵢ))²
    /// ```
    ///
    /// # Source
    ///
    /// Nie & Wager (2021), equation 4; the loss is small where the effect is right, whatever `m` and
    /// `e`.
    pub(crate) fn judge(&self, forest: &Forest) -> Judged {
        let eligible = Eligible::OutOfBag(self.units);
        let walked = Walked::new(forest, self.units.features, &self.rows, eligible);
        let finite = |value: f64| if value.is_finite() { value } else { 0.0 };
        let values = |&size: &u32| -> Vec<f64> {
            walked.values(&Slope, &Depth::new(forest, size)).into_iter().map(finite).collect()
        };
        let tau_hat: Vec<Vec<f64>> = self.sizes.iter().map(values).collect();
        let losses: Vec<Vec<f64>> = tau_hat.iter().map(|tau_hat| self.losses(tau_hat)).collect();
        let means: Vec<f64> = losses.iter().map(|losses| self.mean(losses).0).collect();
        let best = (0..means.len()).min_by(|&a, &b| means[a].total_cmp(&means[b])).unwrap_or(0);
        Judged { tau_hat, losses, best }
    }

    fn losses(&self, tau_hat: &[f64]) -> Vec<f64> {
        let loss = |(tau, &row): (&f64, &u32)| {
            let (y, w) = (self.y_centered[row as usize], self.w_centered[row as usize]);
            (f64::from(y) - tau * f64::from(w)).powi(2)
        };
        tau_hat.iter().zip(&self.rows).map(loss).collect()
    }

    /// Returns how much larger one loss is than another, with the standard error of that.
    pub(crate) fn excess(&self, losses: &[f64], other: &[f64]) -> (f64, f64) {
        let differences: Vec<f64> = losses.iter().zip(other).map(|(a, b)| a - b).collect();
        self.mean(&differences)
    }

    /// Returns the weighted mean with its cluster-robust standard error; infinite where the rows are too
    /// few to have one.
    fn mean(&self, values: &[f64]) -> (f64, f64) {
        let sampling = self.sampling();
        let mean = Linear::mean(values, &sampling);
        let estimate = mean.estimate("the loss", &sampling);
        (mean.value(), estimate.map_or(f64::INFINITY, |estimate| estimate.std_error))
    }

    pub(crate) fn sampling(&self) -> Sampling<'_> {
        let equal = || Sampling::equal(self.rows.len());
        let weighted = match &self.weights {
            Some(weights) => equal().with_weights(weights).unwrap_or_else(|_| equal()),
            None => equal(),
        };
        match &self.clusters {
            Some(clusters) => weighted.clone().with_clusters(clusters).unwrap_or(weighted),
            None => weighted,
        }
    }

    /// Returns the loss of every leaf size, and the position of the size to answer at.
    pub(crate) fn choose(&self, judged: &Judged) -> (Vec<LeafLoss>, usize) {
        let best = judged.best_losses();
        let loss = |(&min_leaf, losses): (&u32, &Vec<f64>)| {
            let (excess, std_error) = self.excess(losses, best);
            LeafLoss { min_leaf, excess, std_error }
        };
        let table: Vec<LeafLoss> = self.sizes.iter().zip(&judged.losses).map(loss).collect();
        let chosen = middle_of_the_near(&table);
        (table, chosen)
    }
}

/// Returns the middle of the leaf sizes whose loss is within a standard error of the best: where the
/// data do not tell sizes apart, neither end is the better bet. Where no loss is a number, that is all sizes.
fn middle_of_the_near(table: &[LeafLoss]) -> usize {
    let near: Vec<usize> =
        (0..table.len()).filter(|&at| table[at].excess <= table[at].std_error).collect();
    near.get(near.len() / 2).copied().unwrap_or(table.len() / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_that_were_never_grown_are_not_told_apart() {
        assert_eq!(leaf_sizes(2_500.0, 5), [10, 25, 50, 100, 200, 400]);
        assert_eq!(leaf_sizes(2_500.0, 60), [50, 100, 200, 400]);
        assert_eq!(leaf_sizes(12.0, 5), [5]);
    }

    #[test]
    fn the_middle_of_what_cannot_be_told_apart_is_chosen() {
        let loss = |min_leaf, excess| LeafLoss { min_leaf, excess, std_error: 0.1 };
        let table = [loss(10, 0.5), loss(25, 0.05), loss(50, 0.0), loss(100, 0.08), loss(200, 0.3)];
        assert_eq!(middle_of_the_near(&table), 2);
        assert_eq!(middle_of_the_near(&[loss(10, f64::NAN), loss(25, f64::NAN)]), 1);
    }
}
