//! How likely is that, under the normal distribution?

use yorisoi_data::Estimate;

/// Returns `Φ(z)`, accurate in both tails.
pub(crate) fn cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
}

/// Returns the p-value against `θ ≤ 0`.
///
/// A standard error of zero leaves no doubt: 0 if the estimate is positive, else 1. One that is not a
/// number, or of an estimate that is not, proves nothing: 1.
pub(crate) fn p_not_above_zero(estimate: &Estimate) -> f64 {
    let Estimate { estimate, std_error, .. } = *estimate;
    if std_error > 0.0 {
        let p = cdf(-estimate / std_error);
        return if p.is_nan() { 1.0 } else { p };
    }
    let is_certain = std_error >= 0.0 && estimate > 0.0;
    if is_certain { 0.0 } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_quantiles_come_back() {
        // Tabulated to 15 digits; erfc is accurate to a few units in the last place.
        for (z, p) in [(0.0, 0.5), (yorisoi_data::Z_95, 0.975), (-6.0, 9.865_876_450_376_98e-10)] {
            assert!((cdf(z) / p - 1.0).abs() < 1e-13, "{z}");
        }
    }

    #[test]
    fn an_error_of_zero_decides() {
        let of = |estimate| p_not_above_zero(&Estimate { estimate, std_error: 0.0, n: 5 });
        assert!(of(1.0) < 1e-300 && of(0.0) > 0.99 && of(-1.0) > 0.99);
    }

    #[test]
    fn what_is_not_a_number_proves_nothing() {
        for (estimate, std_error) in [(5.0, f64::NAN), (f64::NAN, 1.0), (f64::NAN, 0.0)] {
            let p = p_not_above_zero(&Estimate { estimate, std_error, n: 5 });
            assert!(p > 0.99, "{estimate} ± {std_error}: {p}");
        }
    }
}
