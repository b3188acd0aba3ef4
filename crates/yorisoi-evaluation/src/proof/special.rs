//! Where lie the tails of beta, Student and chi-square laws?
//!
//! Elementary functions come from `libm`, in software, so that a probability that is logged today has
//! the same bits on another machine tomorrow.

/// Relative change at which a continued fraction or a series has settled.
const SETTLED: f64 = 1e-15;

/// Steps after which a continued fraction stops: it needs about the root of its largest parameter.
const MAX_STEPS: usize = 20_000;

/// Stands in for a denominator of zero in Lentz's method.
const TINY: f64 = 1e-300;

/// Returns `ln B(a, b)`.
pub(crate) fn ln_beta(a: f64, b: f64) -> f64 {
    libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b)
}

/// Returns the probability that a Beta(a, b) variable is at most `x`.
///
/// # Formula
///
/// ```text
/// I_x(a, b) = xᵃ (1 − x)ᵇ / (a B(a, b)) · 1/(1 + d₁/(1 + d₂/(1 + …)))
/// d₂ₘ   =  m (b − m) x / ((a + 2m − 1)(a + 2m))
/// d₂ₘ₊₁ = −(a + m)(a + b + m) x / ((a + 2m)(a + 2m + 1))
/// ```
///
/// by Lentz's method, after `I_x(a, b) = 1 − I_{1−x}(b, a)` where that converges faster.
///
/// # Source
///
/// NIST Digital Library of Mathematical Functions, 8.17.4 and 8.17.22.
pub(crate) fn beta_cdf(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let front = libm::exp(a * libm::log(x) + b * libm::log1p(-x) - ln_beta(a, b));
    if x < (a + 1.0) / (a + b + 2.0) {
        (front / a * beta_fraction(a, b, x)).min(1.0)
    } else {
        (1.0 - front / b * beta_fraction(b, a, 1.0 - x)).max(0.0)
    }
}

/// Returns the continued fraction of [`beta_cdf`].
fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    lentz(|step| {
        let m = (step / 2) as f64;
        if step % 2 == 0 {
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m))
        } else {
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0))
        }
    })
}

/// Returns `1/(1 + d₁/(1 + d₂/(1 + …)))`, where `term(k)` is `dₖ`.
fn lentz(term: impl Fn(usize) -> f64) -> f64 {
    let away = |value: f64| if value.abs() < TINY { TINY } else { value };
    let (mut numerator, mut denominator, mut value) = (1.0_f64, 0.0_f64, 1.0_f64);
    for step in 1..=MAX_STEPS {
        let d = term(step);
        denominator = 1.0 / away(1.0 + d * denominator);
        numerator = away(1.0 + d / numerator);
        let change = numerator * denominator;
        value *= change;
        if (change - 1.0).abs() < SETTLED {
            break;
        }
    }
    1.0 / value
}

/// Returns the `p` quantile of Beta(a, b), by Newton steps kept inside a shrinking bracket.
pub(crate) fn beta_quantile(a: f64, b: f64, p: f64) -> f64 {
    if p <= 0.0 || p >= 1.0 {
        return p.clamp(0.0, 1.0);
    }
    let log_front = ln_beta(a, b);
    let density =
        |x: f64| libm::exp((a - 1.0) * libm::log(x) + (b - 1.0) * libm::log1p(-x) - log_front);
    invert((0.0, 1.0), a / (a + b), |x| (beta_cdf(a, b, x) - p, density(x)))
}

/// Returns the root of an increasing function inside a bracket; `at(x)` is its value and its slope.
fn invert(bracket: (f64, f64), start: f64, at: impl Fn(f64) -> (f64, f64)) -> f64 {
    let ((mut low, mut high), mut x) = (bracket, start);
    // Bisection alone needs some 1,100 halvings to reach the smallest double; Newton needs a few.
    for _ in 0..1_200 {
        let (value, slope) = at(x);
        if value > 0.0 {
            high = x;
        } else {
            low = x;
        }
        let step = x - value / slope;
        // Written positively so that a step that is not a number is refused too.
        let inside = step >= low && step <= high;
        let next = if inside { step } else { 0.5 * (low + high) };
        if (next - x).abs() <= 4.0 * f64::EPSILON * next.abs() {
            return next;
        }
        x = next;
    }
    x
}

/// Returns the `p` quantile of a Student variable.
pub(crate) fn student_quantile(freedom: f64, p: f64) -> f64 {
    let tail = p.min(1.0 - p);
    // x is the share of `freedom` in freedom + t²; near the median its complement has the digits.
    let square = if tail < 0.25 {
        let x = beta_quantile(0.5 * freedom, 0.5, 2.0 * tail);
        (1.0 - x) / x
    } else {
        let y = beta_quantile(0.5, 0.5 * freedom, 1.0 - 2.0 * tail);
        y / (1.0 - y)
    };
    let t = libm::sqrt(freedom * square);
    if p < 0.5 { -t } else { t }
}

/// Returns the probability that a chi-square variable exceeds `x`.
///
/// # Formula
///
/// ```text
/// Q(a, y), a = freedom / 2, y = x / 2
/// y < a + 1:  1 − yᵃ e⁻ʸ / Γ(a + 1) · Σₖ yᵏ / ((a + 1) … (a + k))
/// otherwise:  yᵃ e⁻ʸ / Γ(a) · 1/(y + 1 − a − 1(1 − a)/(y + 3 − a − 2(2 − a)/(y + 5 − a − …)))
/// ```
///
/// # Source
///
/// NIST Digital Library of Mathematical Functions, 8.7.1 and 8.9.2 (contracted).
pub(crate) fn chi_square_tail(freedom: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    let (a, y) = (0.5 * freedom, 0.5 * x);
    let log_front = a * libm::log(y) - y;
    if y < a + 1.0 {
        let (mut term, mut sum, mut k) = (1.0, 1.0, a);
        while term > SETTLED * sum {
            k += 1.0;
            term *= y / k;
            sum += term;
        }
        return 1.0 - libm::exp(log_front - libm::lgamma(a + 1.0)) * sum;
    }
    // From the far end inwards; far enough that the rest is below rounding for y ≥ a + 1.
    let mut rest = 0.0;
    for k in (1..=300_u32).rev() {
        let k = f64::from(k);
        rest = k * (k - a) / (y + 2.0 * k + 1.0 - a - rest);
    }
    libm::exp(log_front - libm::lgamma(a)) / (y + 1.0 - a - rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Double precision through a few hundred operations and a difference of log-gammas.
    const REL: f64 = 1e-11;

    fn student_cdf(freedom: f64, t: f64) -> f64 {
        let tail = 0.5 * beta_cdf(0.5 * freedom, 0.5, freedom / (freedom + t * t));
        if t > 0.0 { 1.0 - tail } else { tail }
    }

    fn close(ours: f64, known: f64) -> bool {
        (ours / known - 1.0).abs() < REL
    }

    #[test]
    fn beta_with_whole_parameters_is_a_binomial_tail() {
        // I_x(2, 3) = P[Binomial(4, x) ≥ 2].
        for x in [0.01, 0.3, 0.5, 0.97_f64] {
            let y = 1.0 - x;
            let tail = 6.0 * x * x * y * y + 4.0 * x.powi(3) * y + x.powi(4);
            assert!(close(beta_cdf(2.0, 3.0, x), tail), "{x}");
        }
        assert!(close(beta_cdf(0.5, 0.5, 0.25), 1.0 / 3.0));
    }

    #[test]
    fn quantiles_invert_their_distribution_functions() {
        for (a, b) in [(0.5, 0.5), (2.0, 30.0), (500.0, 4.0), (40_000.0, 360_000.0)] {
            for p in [1e-7, 0.01, 0.5, 0.975, 0.999] {
                let back = beta_cdf(a, b, beta_quantile(a, b, p));
                // Near 1 a double has few digits left of 1 − x, on which the upper tail lives.
                assert!((back - p).abs() < 1e-9 * p.min(1.0 - p).max(1e-4), "{a} {b} {p}: {back}");
            }
        }
        for freedom in [2.0, 9.5, 4_000.0] {
            for p in [1e-6, 0.2, 0.9] {
                assert!(
                    close(student_cdf(freedom, student_quantile(freedom, p)), p),
                    "{freedom} {p}"
                );
            }
        }
    }

    #[test]
    fn tabulated_tails_come_back() {
        // χ²: 95 % points to ten digits; two degrees of freedom have the tail e^(−x/2).
        assert!((chi_square_tail(1.0, 3.841_458_820_694) - 0.05).abs() < 1e-12);
        assert!((chi_square_tail(10.0, 18.307_038_053_275) - 0.05).abs() < 1e-12);
        for x in [0.1, 1.0, 3.0, 40.0] {
            assert!(close(chi_square_tail(2.0, x), libm::exp(-0.5 * x)), "{x}");
        }
        // Two degrees of freedom: F(t) = 1/2 + t / (2 √(2 + t²)).
        assert!(close(student_cdf(2.0, 1.5), 0.5 + 1.5 / (2.0 * (2.0 + 2.25_f64).sqrt())));
    }
}
