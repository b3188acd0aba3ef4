//! One column of random numbers, readable at any row.

use yorisoi_data::{mix, unit_hash};

/// A column of independent draws: the value at a row depends on seed, column and row alone.
///
/// # Example
///
/// ```
/// use yorisoi_testkit::Draws;
/// let column = Draws::new(7, 0);
/// assert_eq!(column.uniform(3).to_bits(), Draws::new(7, 0).uniform(3).to_bits());
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Draws {
    key: u64,
}

impl Draws {
    /// Returns the column numbered `column` of the stream `seed`.
    pub fn new(seed: u64, column: u64) -> Self {
        Self { key: mix(seed, column) }
    }

    /// Returns a draw from the uniform distribution on `[0, 1)`.
    #[inline]
    pub fn uniform(self, row: usize) -> f64 {
        unit_hash(self.key, 2 * row as u64)
    }

    /// Returns a draw from the standard normal distribution.
    ///
    /// # Formula
    ///
    /// ```text
    /// √(−2 ln U₁) · cos(2π U₂),  U₁ ∈ (0, 1], U₂ ∈ [0, 1)
    /// ```
    ///
    /// # Source
    ///
    /// Box & Muller (1958), "A note on the generation of random normal deviates".
    #[inline]
    pub fn normal(self, row: usize) -> f64 {
        let radius = (-2.0 * (1.0 - unit_hash(self.key, 2 * row as u64)).ln()).sqrt();
        let angle = std::f64::consts::TAU * unit_hash(self.key, 2 * row as u64 + 1);
        radius * angle.cos()
    }

    /// Returns `true` with this probability.
    #[inline]
    pub fn happens(self, row: usize, probability: f64) -> bool {
        self.uniform(row) < probability
    }

    /// Returns one of `0..n_choices`, each as likely as the others.
    #[inline]
    pub fn choice(self, row: usize, n_choices: usize) -> usize {
        ((self.uniform(row) * n_choices as f64) as usize).min(n_choices - 1)
    }
}

/// Column numbers that no feature uses.
pub(crate) mod column {
    /// Which arm a unit gets.
    pub(crate) const TREATMENT: u64 = 1 << 32;
    /// The noise of the outcome.
    pub(crate) const OUTCOME: u64 = TREATMENT + 1;
    /// A cause that nobody observes.
    pub(crate) const HIDDEN: u64 = TREATMENT + 2;
    /// Sizes of households.
    pub(crate) const HOUSEHOLD: u64 = TREATMENT + 3;
    /// The instrument.
    pub(crate) const INSTRUMENT: u64 = TREATMENT + 4;
    /// Which entries are missing.
    pub(crate) const MISSING: u64 = TREATMENT + 5;
    /// A second noise of the outcome.
    pub(crate) const AMOUNT: u64 = TREATMENT + 6;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Draws behind each moment below.
    const N_DRAWS: usize = 100_000;
    /// Five standard errors of a mean of `N_DRAWS` unit-variance draws.
    const FIVE_STD_ERRORS: f64 = 5.0 / 316.0;

    #[test]
    fn normal_draws_have_mean_zero_and_variance_one() {
        let draws = Draws::new(1, 1);
        let mean = (0..N_DRAWS).map(|row| draws.normal(row)).sum::<f64>() / N_DRAWS as f64;
        let square =
            (0..N_DRAWS).map(|row| draws.normal(row).powi(2)).sum::<f64>() / N_DRAWS as f64;
        assert!(mean.abs() < FIVE_STD_ERRORS, "mean {mean}");
        // The square of a standard normal has variance 2.
        assert!((square - 1.0).abs() < FIVE_STD_ERRORS * 2.0_f64.sqrt(), "second moment {square}");
    }

    #[test]
    fn columns_are_uncorrelated() {
        let (a, b) = (Draws::new(1, 1), Draws::new(1, 2));
        let cross =
            (0..N_DRAWS).map(|row| a.normal(row) * b.normal(row)).sum::<f64>() / N_DRAWS as f64;
        assert!(cross.abs() < FIVE_STD_ERRORS, "correlation {cross}");
    }
}
