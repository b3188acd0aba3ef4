//! How wide must an interval be if one looks at it every day? A confidence sequence for a difference.

use super::tally::Tally;
use super::verdict::Found;

/// Error of an interval, over all looks together: 5 %.
pub(crate) const ALPHA: f64 = 0.05;

/// Returns the factor on the standard error that holds at every look.
///
/// # Formula
///
/// ```text
/// half width = se · √((1 + 1/r) ln((1 + r) / α²)),   r = n ρ²
/// ρ² = x* / n*,   x* the root of  x − ln(1 + x) = −2 ln α
/// ```
///
/// ρ makes the interval narrowest at `n*`, the size that the programme plans for. There the factor is 3.04
/// (α = 5 %) instead of 1.96: looking every day costs an interval half as wide again.
///
/// # Source
///
/// Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas (2024), "Time-uniform central limit theory and asymptotic
/// confidence sequences", *Annals of Statistics* 52(6), theorem 2.2 and its choice of ρ; Robbins (1970).
pub(crate) fn factor_at_any_time(n: f64, tuned_at: f64) -> f64 {
    let r = narrowest(ALPHA) * n / tuned_at;
    libm::sqrt((1.0 + 1.0 / r) * (libm::log1p(r) - 2.0 * libm::log(ALPHA)))
}

/// Returns the root of `x − ln(1 + x) = −2 ln α`, by a contraction.
pub(crate) fn narrowest(alpha: f64) -> f64 {
    let bar = -2.0 * libm::log(alpha);
    let mut x = bar;
    // The slope of the right side is 1/(1 + x) < 1/5, so 40 steps leave less than a rounding error.
    for _ in 0..40 {
        x = bar + libm::log1p(x);
    }
    x
}

/// Returns mean outcome of the reached less that of the held, with its plain standard error.
///
/// # Formula
///
/// ```text
/// Δ̂ = ȳ₁ − ȳ₀,   se² = V₁ + V₀
/// ```
///
/// with means and variances of ratios over clusters. Arms may have any sizes.
pub(crate) fn difference(reached: &Tally, held: &Tally) -> (f64, f64) {
    let variance = reached.variance_of_mean() + held.variance_of_mean();
    (reached.mean() - held.mean(), libm::sqrt(variance))
}

/// Returns the difference of means with the interval `± factor · se`.
pub(crate) fn found(reached: &Tally, held: &Tally, factor: f64) -> Found {
    let (estimate, std_error) = difference(reached, held);
    let half_width = factor * std_error;
    Found { estimate, std_error, low: estimate - half_width, high: estimate + half_width }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_factor_is_the_published_one() {
        // Written as in the theorem: √(2 (tρ² + 1) / (t²ρ²) · ln(√(tρ² + 1) / α)) with σ = 1.
        let rho_squared = narrowest(ALPHA) / 10_000.0;
        for n in [500.0, 10_000.0, 40_000.0_f64] {
            let v = n * rho_squared + 1.0;
            let width = (2.0 * v / (n * n * rho_squared) * libm::log(v.sqrt() / 0.05)).sqrt();
            let ours = factor_at_any_time(n, 10_000.0) / n.sqrt();
            assert!((ours / width - 1.0).abs() < 1e-12, "{n}: {ours} {width}");
        }
        // The paper's closed form of ρ² n*, −2 ln α + ln(1 − 2 ln α), is one step of our iteration; the
        // next changes it by ln(8.9 / 7.0) / 8 = 3 %.
        assert!((narrowest(ALPHA) / 7.936 - 1.0).abs() < 0.04);
    }

    #[test]
    fn it_is_narrowest_where_it_was_tuned() {
        let width = |n: f64| factor_at_any_time(n, 5_000.0);
        for other in [4_000.0, 4_900.0, 5_100.0, 7_000.0] {
            assert!(width(5_000.0) < width(other), "{other}");
        }
        assert!((width(5_000.0) - 3.04).abs() < 0.01, "{}", width(5_000.0));
    }
}
