//! A number that says how sure it is.

use serde::{Deserialize, Serialize};

/// An estimate with its standard error and the number of units (or clusters) behind it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The point estimate, in the unit of the estimand.
    pub estimate: f64,
    /// Its standard error, same unit.
    pub std_error: f64,
    /// Units the estimate rests on.
    pub n: usize,
}

/// A two-sided interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// The 97.5 % quantile of the standard normal distribution, for two-sided 95 % intervals.
pub const Z_95: f64 = 1.959_963_984_540_054;

impl Estimate {
    /// Returns the normal-approximation 95 % interval, `estimate ± 1.96 · std_error`.
    pub fn interval_95(&self) -> Interval {
        self.interval(Z_95)
    }

    /// Returns the normal-approximation interval `estimate ± z · std_error`; see [`two_sided_quantile`].
    pub fn interval(&self, z: f64) -> Interval {
        let half_width = z * self.std_error;
        Interval { low: self.estimate - half_width, high: self.estimate + half_width }
    }
}

/// Levels closer to certainty than this have the same quantile to every digit that can matter, and below it
/// double precision loses the tail.
const LEAST_ALPHA: f64 = 1e-300;

/// Newton steps that reach the last digit from the farthest start with some to spare.
const STEPS: usize = 12;

/// Returns the normal quantile `z` of a two-sided interval of level `1 − alpha`; `None` where `alpha` is not
/// between 0 and 1.
///
/// # Formula
///
/// ```text
/// erfc(z / √2) = alpha
/// ```
///
/// by Newton steps on its logarithm. That is concave and falls, and `√(−2 ln alpha)` lies above the root: every
/// step stays above it and comes closer.
///
/// # Example
///
/// ```
/// # use yorisoi_data::{Z_95, two_sided_quantile};
/// assert!((two_sided_quantile(0.05).unwrap() - Z_95).abs() < 1e-14);
/// assert_eq!(two_sided_quantile(1.0), None);
/// ```
pub fn two_sided_quantile(alpha: f64) -> Option<f64> {
    // Written positively so that NaN is rejected too.
    let is_share = alpha > 0.0 && alpha < 1.0;
    if !is_share {
        return None;
    }
    let target = libm::log(alpha.max(LEAST_ALPHA));
    let mut z = (-2.0 * target).sqrt();
    for _ in 0..STEPS {
        let tails = libm::erfc(z * std::f64::consts::FRAC_1_SQRT_2);
        let density = libm::exp(-0.5 * z * z) / (2.0 * std::f64::consts::PI).sqrt();
        z += (libm::log(tails) - target) * tails / (2.0 * density);
    }
    Some(z)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The quantile is found to a few units in the last place of the level's logarithm.
    const ROUNDING: f64 = 1e-13;

    #[test]
    fn quantiles_have_their_level_in_both_tails() {
        for alpha in [1e-300, 1e-100, 1e-10, 0.001, 0.05, 0.1, 0.5, 0.9, 0.999_999] {
            let z = two_sided_quantile(alpha).unwrap();
            let level = libm::log(libm::erfc(z * std::f64::consts::FRAC_1_SQRT_2));
            let off = (level - libm::log(alpha)).abs();
            assert!(z > 0.0 && off < ROUNDING * (1.0 + libm::log(alpha).abs()), "{alpha}: {z}");
        }
    }

    #[test]
    fn tabulated_quantiles_come_back() {
        for (alpha, z) in [(0.05, Z_95), (2.0 * 9.865_876_450_376_98e-10, 6.0)] {
            assert!((two_sided_quantile(alpha).unwrap() - z).abs() < ROUNDING, "{alpha}");
        }
    }

    #[test]
    fn what_is_no_level_has_no_quantile() {
        for alpha in [0.0, 1.0, -0.1, 1.5, f64::NAN] {
            assert_eq!(two_sided_quantile(alpha), None, "{alpha}");
        }
    }
}
