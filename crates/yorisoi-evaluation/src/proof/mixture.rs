//! How surprising are these counts at every look? A mixture of likelihood ratios that may be watched.

use super::special::ln_beta;

/// Counts of two kinds, as they are now.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counts {
    /// Of the first kind.
    pub first: f64,
    /// Of the second kind.
    pub second: f64,
}

/// A declared guess of the share of the first kind: a Beta law.
///
/// A wrong guess costs width, never validity.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Guess {
    /// Parameter of the first kind.
    pub a: f64,
    /// Parameter of the second kind.
    pub b: f64,
}

/// Returns the log of the evidence against "the share of the first kind is `q`".
///
/// # Formula
///
/// ```text
/// ln E(q) = ln B(a + x, b + y) − ln B(a, b) − x ln q − y ln(1 − q)
/// ```
///
/// Under share q, E is a martingale that starts at 1 and is never negative, so the chance that it *ever*
/// reaches 1/α is at most α (Ville's inequality).
///
/// # Source
///
/// Lindon & Malek (2022), "Anytime-valid inference for multinomial count data", *Advances in Neural
/// Information Processing Systems* 35, with two kinds.
fn log_evidence(log_mixture: f64, counts: Counts, q: f64) -> f64 {
    // `0 · ln 0` is 0: what did not happen says nothing against a share of zero.
    let times_log = |n: f64, share: f64| if n > 0.0 { n * libm::log(share) } else { 0.0 };
    log_mixture - times_log(counts.first, q) - times_log(counts.second, 1.0 - q)
}

/// Returns the part of [`log_evidence`] that does not depend on the share.
fn log_mixture(counts: Counts, guess: Guess) -> f64 {
    let Guess { a, b } = guess;
    ln_beta(a + counts.first, b + counts.second) - ln_beta(a, b)
}

/// Returns the shares against which the evidence has not reached `1 / alpha`.
///
/// The set is an interval around the observed share, since `ln E` is convex in `q`.
pub(crate) fn shares_not_refuted(counts: Counts, guess: Guess, alpha: f64) -> (f64, f64) {
    let total = counts.first + counts.second;
    if total <= 0.0 {
        return (0.0, 1.0);
    }
    let centre = counts.first / total;
    let (bar, log_mixture) = (-libm::log(alpha), log_mixture(counts, guess));
    let refuted = |q: f64| log_evidence(log_mixture, counts, q) >= bar;
    (end(centre, 0.0, refuted), end(centre, 1.0, refuted))
}

/// Returns where between an unrefuted and a possibly refuted share refutation begins, erring outwards.
fn end(inside: f64, outside: f64, refuted: impl Fn(f64) -> bool) -> f64 {
    if !refuted(outside) {
        return outside;
    }
    let (mut inside, mut outside) = (inside, outside);
    // Halving ends when a share is known to ten digits; ends near zero need more steps than others.
    while (outside - inside).abs() > 1e-10 * outside.max(inside) {
        let middle = 0.5 * (inside + outside);
        if refuted(middle) {
            outside = middle;
        } else {
            inside = middle;
        }
    }
    outside
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(counts: Counts, guess: Guess, q: f64) -> f64 {
        log_evidence(log_mixture(counts, guess), counts, q)
    }

    #[test]
    fn before_any_count_there_is_no_evidence() {
        let none = Counts { first: 0.0, second: 0.0 };
        assert!(evidence(none, Guess { a: 2.0, b: 3.0 }, 0.4).abs() < 1e-15);
        assert_eq!(shares_not_refuted(none, Guess { a: 1.0, b: 1.0 }, 0.05), (0.0, 1.0));
    }

    #[test]
    fn evidence_has_mean_one_under_the_truth() {
        // Six counts of share 0.3: the mean of E over all outcomes is exactly 1 (up to rounding).
        let binomial = [1.0, 6.0, 15.0, 20.0, 15.0, 6.0, 1.0_f64];
        let mean: f64 = (0..7)
            .map(|x| {
                let counts = Counts { first: f64::from(x), second: f64::from(6 - x) };
                let e = libm::exp(evidence(counts, Guess { a: 0.7, b: 4.0 }, 0.3));
                binomial[x as usize] * 0.3_f64.powi(x) * 0.7_f64.powi(6 - x) * e
            })
            .sum();
        assert!((mean - 1.0).abs() < 1e-12, "{mean}");
    }

    #[test]
    fn the_ends_are_where_evidence_reaches_the_bar() {
        let counts = Counts { first: 30.0, second: 70.0 };
        let guess = Guess { a: 5.0, b: 5.0 };
        let (low, high) = shares_not_refuted(counts, guess, 0.05);
        for q in [low, high] {
            // Ten digits of q, times a slope of at most 100 / q here.
            assert!((evidence(counts, guess, q) - libm::log(20.0)).abs() < 1e-7, "{q}");
        }
        assert!(low < 0.3 && 0.3 < high);
        let never = Counts { first: 0.0, second: 50.0 };
        let (low, high) = shares_not_refuted(never, guess, 0.05);
        assert!(low.abs() < 1e-300 && high < 0.3, "{low} {high}");
    }
}
