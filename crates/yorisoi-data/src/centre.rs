//! Where do numbers lie, and how far apart?

/// Mean and variance of numbers, each counted by its weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CentreSpread {
    /// The mean, `Σ w x / Σ w`.
    pub centre: f64,
    /// The variance, `Σ w (x − centre)² / Σ w`.
    pub variance: f64,
}

impl CentreSpread {
    /// Returns the standard deviation.
    pub fn spread(&self) -> f64 {
        self.variance.sqrt()
    }
}

/// Returns mean and variance of pairs of a number and its weight; both NaN of none.
///
/// # Example
///
/// ```
/// # use yorisoi_data::centre_and_spread;
/// // A weight of 3 is the same as a number written three times.
/// let found = centre_and_spread([(0.0, 1.0), (4.0, 3.0)].into_iter());
/// assert_eq!((found.centre, found.variance), (3.0, 3.0));
/// ```
pub fn centre_and_spread(weighed: impl Iterator<Item = (f64, f64)> + Clone) -> CentreSpread {
    let total: f64 = weighed.clone().map(|(_, weight)| weight).sum();
    let centre = weighed.clone().map(|(x, weight)| weight * x).sum::<f64>() / total;
    let squares: f64 = weighed.map(|(x, weight)| weight * (x - centre).powi(2)).sum();
    CentreSpread { centre, variance: squares / total }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_has_neither_centre_nor_spread() {
        let found = centre_and_spread(std::iter::empty());
        assert!(found.centre.is_nan() && found.spread().is_nan());
    }

    #[test]
    fn numbers_that_are_alike_have_no_spread() {
        let found = centre_and_spread([(2.0, 0.5), (2.0, 7.0)].into_iter());
        assert!((found.centre - 2.0).abs() < 1e-15 && found.spread() < 1e-15);
    }
}
