//! Does help change how often a rare thing happens? Exact at every look and every sample size.

use super::mixture::{Counts, Guess, shares_not_refuted};
use super::sequential::{ALPHA, narrowest};
use super::verdict::Found;

/// Part of the error spent on whose events they are; the sign of the effect hangs on this alone.
const ALPHA_WHOSE: f64 = 0.8 * ALPHA;

/// Part of the error spent on how many events there are.
const ALPHA_HOW_MANY: f64 = 0.2 * ALPHA;

/// Events (ones) and people by arm.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Events {
    /// Among the reached.
    pub reached: f64,
    /// Among the held.
    pub held: f64,
    /// People in both arms.
    pub people: f64,
}

/// Returns the difference of two rates with an interval that is exact at every look.
///
/// # Formula
///
/// Of those to whom it happened, a share q is in the reached arm. If people are dealt with probability π,
///
/// ```text
/// q = π p₁ / p̄,   p̄ = π p₁ + (1 − π) p₀
/// p₁ − p₀ = p̄ · f(q),   f(q) = q/π − (1 − q)/(1 − π)
/// ```
///
/// exactly, so without an effect the arms of those to whom it happened are tosses of a coin with the known
/// share π. q and p̄ each get the shares that a mixture of likelihood ratios has not refuted (at 4 % and
/// 1 %); the interval is the range of the product. It leaves out zero exactly if that of q leaves out π.
/// The guess for q is Beta(cπ, c(1 − π)) with c = n*/x*, n* the events planned for.
///
/// # Assumptions
///
/// People are dealt one by one, and it happens to each once or not at all.
///
/// # Source
///
/// Lindon & Malek (2022), for the mixture; for its tuning see `factor_at_any_time`.
pub(crate) fn found(events: Events, share_reached: f64, tuned_at: f64) -> Found {
    let Events { reached, held, people } = events;
    let concentration = tuned_at / narrowest(ALPHA_WHOSE);
    let guess =
        Guess { a: concentration * share_reached, b: concentration * (1.0 - share_reached) };
    let whose = shares_not_refuted(Counts { first: reached, second: held }, guess, ALPHA_WHOSE);
    let happened = reached + held;
    let how_many = shares_not_refuted(
        Counts { first: happened, second: people - happened },
        Guess { a: 0.5, b: 0.5 },
        ALPHA_HOW_MANY,
    );
    let factor = |q: f64| q / share_reached - (1.0 - q) / (1.0 - share_reached);
    let (few, many) = how_many;
    let (low, high) = (factor(whose.0), factor(whose.1));
    let (n_reached, n_held) = (people * share_reached, people * (1.0 - share_reached));
    Found {
        estimate: reached / n_reached - held / n_held,
        std_error: libm::sqrt(reached / (n_reached * n_reached) + held / (n_held * n_held)),
        low: low * if low < 0.0 { many } else { few },
        high: high * if high < 0.0 { few } else { many },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_estimate_is_the_difference_of_rates() {
        let events = Events { reached: 90.0, held: 5.0, people: 10_000.0 };
        let found = found(events, 0.9, 100.0);
        assert!((found.estimate - (0.01 - 0.005)).abs() < 1e-12);
        assert!(found.low < found.estimate && found.estimate < found.high);
    }

    #[test]
    fn the_sign_hangs_on_whose_events_they_are() {
        let sign = |reached, held| {
            let found = found(Events { reached, held, people: 100_000.0 }, 0.5, 200.0);
            (found.low > 0.0, found.high < 0.0)
        };
        assert_eq!(sign(100.0, 100.0), (false, false));
        assert_eq!(sign(160.0, 60.0), (true, false));
        assert_eq!(sign(60.0, 160.0), (false, true));
    }

    #[test]
    fn without_events_only_an_upper_bound_remains() {
        let found = found(Events { reached: 0.0, held: 0.0, people: 1_000.0 }, 0.5, 100.0);
        assert!(found.estimate.abs() < 1e-300);
        assert!(found.low < 0.0 && found.low > -0.05 && found.high > 0.0 && found.high < 0.05);
    }
}
