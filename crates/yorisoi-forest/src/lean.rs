//! How does a target lean on a regressor within one leaf: its level and its slope?

/// Weighted sums over the rows of a leaf.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct LeanSums {
    weight: f64,
    regressor: f64,
    square: f64,
    target: f64,
    product: f64,
}

/// A target as a line in its regressor: `level + slope · regressor`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Lean {
    pub(crate) level: f64,
    pub(crate) slope: f64,
}

impl LeanSums {
    pub(crate) fn add(&mut self, weight: f64, regressor: f64, target: f64) {
        self.weight += weight;
        self.regressor += weight * regressor;
        self.square += weight * regressor * regressor;
        self.target += weight * target;
        self.product += weight * regressor * target;
    }

    /// Returns the weighted squares of the regressor about its mean: 0 where they are `least` of those about zero or
    /// less, as rounding could make that much.
    pub(crate) fn variation(&self, least: f64) -> f64 {
        let about_mean = self.square - self.regressor * self.regressor / self.weight;
        if about_mean > least * self.square { about_mean } else { 0.0 }
    }

    /// Returns the line of least squares, its slope shrunk as if a variation of `prior` more had been seen on which the
    /// target does not lean. Nothing seen gives nothing, and where nothing varies the slope is 0.
    pub(crate) fn fit(&self, prior: f64) -> Lean {
        if self.weight <= 0.0 {
            return Lean { level: 0.0, slope: 0.0 };
        }
        let variation = self.variation(0.0) + prior;
        let covariation = self.product - self.regressor * self.target / self.weight;
        let slope = if variation > 0.0 { covariation / variation } else { 0.0 };
        Lean { level: (self.target - slope * self.regressor) / self.weight, slope }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(rows: &[(f64, f64, f64)]) -> LeanSums {
        let mut sums = LeanSums::default();
        for &(weight, regressor, target) in rows {
            sums.add(weight, regressor, target);
        }
        sums
    }

    #[test]
    fn a_line_is_recovered_and_a_weight_counts_as_so_many_rows() {
        let thrice = sums(&[(1.0, 0.0, 1.0), (3.0, 1.0, 3.0)]);
        assert_eq!(thrice.fit(0.0), Lean { level: 1.0, slope: 2.0 });
        let by_hand = sums(&[(1.0, 0.0, 1.0), (1.0, 1.0, 3.0), (1.0, 1.0, 3.0), (1.0, 1.0, 3.0)]);
        assert_eq!(thrice.fit(0.75), by_hand.fit(0.75));
    }

    #[test]
    fn a_prior_as_large_as_what_was_seen_halves_the_slope_and_keeps_the_mean() {
        // Variation 4 · ½² = 1 about a mean of ½, where the target is 2.
        let seen = sums(&[(2.0, 0.0, 1.0), (2.0, 1.0, 3.0)]);
        assert_eq!(seen.fit(1.0), Lean { level: 1.5, slope: 1.0 });
    }

    #[test]
    fn what_does_not_vary_has_no_slope() {
        let alike = sums(&[(1.0, 0.1, 1.0), (1.0, 0.1, 3.0), (1.0, 0.1, 5.0)]);
        assert_eq!(alike.variation(1e-9).to_bits(), 0.0_f64.to_bits());
        assert_eq!(sums(&[]).fit(0.0), Lean { level: 0.0, slope: 0.0 });
        assert_eq!(sums(&[(2.0, 0.0, 3.0)]).fit(0.0), Lean { level: 3.0, slope: 0.0 });
    }
}
