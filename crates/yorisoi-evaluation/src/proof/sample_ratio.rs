//! Did the arms get the shares they were promised? If not, something between dealing and counting is broken.

use serde::{Deserialize, Serialize};

use super::special::{beta_cdf, chi_square_tail};
use crate::EvaluationError;

/// Below this p-value a sample-ratio alarm is raised.
///
/// A thousandth, since the test is run on every programme all the time and an alarm stops the proof.
pub const RATIO_ALARM: f64 = 0.001;

/// How firmly the alternative of the sequential test is believed to lie near the promised shares.
///
/// Real faults lose a few per cent of one arm. A concentration of 10,000 puts the alternative within one
/// or two points of the promise; it costs nothing in validity.
const CONCENTRATION: f64 = 10_000.0;

/// Largest distance of a sum of shares from 1 that is taken for rounding.
const SHARES_SUM: f64 = 1e-9;

/// What a sample-ratio check found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RatioCheck {
    /// Chance of counts at least this far from the promise (for the sequential check: ever).
    pub p_value: f64,
    /// Whether it lies below [`RATIO_ALARM`].
    pub alarm: bool,
    /// Units counted.
    pub n: u64,
}

/// Returns whether counts agree with promised shares, for one look at the end.
///
/// # Formula
///
/// ```text
/// two arms:   p = min(1, 2 min(P[X ≤ x], P[X ≥ x])),  X ~ Binomial(n, s₀)      exact
/// more arms:  p = P[χ²_{K−1} > Σ (nₖ − n sₖ)² / (n sₖ)]
/// ```
///
/// # Shapes and units
///
/// `counts` and `shares` have one entry an arm. Count what was dealt: households where households are
/// dealt, not the people in them.
///
/// # Assumptions
///
/// One look. Whoever looks daily uses [`sample_ratio_at_any_time`]. For more than two arms, five or more
/// expected in each.
///
/// # Errors
///
/// [`EvaluationError::Option`] if there are fewer than two arms, lengths differ, a share is not above
/// zero, or shares do not sum to 1.
///
/// # Source
///
/// Fabijan et al. (2019), "Diagnosing sample ratio mismatch in online controlled experiments", *KDD*.
///
/// # Example
///
/// ```
/// # use yorisoi_evaluation::proof::sample_ratio;
/// assert!(!sample_ratio(&[1_020, 9_000], &[0.1, 0.9])?.alarm);
/// assert!(sample_ratio(&[1_200, 9_000], &[0.1, 0.9])?.alarm);
/// # Ok::<(), yorisoi_evaluation::EvaluationError>(())
/// ```
pub fn sample_ratio(counts: &[u64], shares: &[f64]) -> Result<RatioCheck, EvaluationError> {
    let n = check(counts, shares)?;
    let p_value = if counts.len() == 2 {
        binomial_p(counts[0] as f64, n as f64, shares[0])
    } else {
        let distance = counts.iter().zip(shares).map(|(count, share)| {
            let expected = n as f64 * share;
            (*count as f64 - expected).powi(2) / expected
        });
        let distance: f64 = distance.sum();
        // Nothing counted is no distance.
        if n == 0 { 1.0 } else { chi_square_tail((counts.len() - 1) as f64, distance) }
    };
    Ok(RatioCheck { p_value, alarm: p_value < RATIO_ALARM, n })
}

/// Returns whether counts agree with promised shares, at a look that may be repeated every day.
///
/// # Formula
///
/// ```text
/// E = Γ(c) / Γ(c + n) · Πₖ Γ(c sₖ + nₖ) / (Γ(c sₖ) sₖ^nₖ),   c = 10,000
/// p = min(1, 1 / E)
/// ```
///
/// E is a Bayes factor of "some other shares" against the promised ones. Under the promise it is a
/// martingale, so p falls below α at *any* look with probability at most α. It depends on the counts of
/// today alone: nothing needs to be remembered between looks, and an alarm once raised may be kept.
///
/// # Shapes and units
///
/// As [`sample_ratio`].
///
/// # Assumptions
///
/// Units are dealt independently of one another.
///
/// # Errors
///
/// As [`sample_ratio`].
///
/// # Source
///
/// Lindon & Malek (2022), "Anytime-valid inference for multinomial count data", *Advances in Neural
/// Information Processing Systems* 35.
///
/// # Example
///
/// ```
/// # use yorisoi_evaluation::proof::sample_ratio_at_any_time;
/// assert!(!sample_ratio_at_any_time(&[1_020, 9_000], &[0.1, 0.9])?.alarm);
/// assert!(sample_ratio_at_any_time(&[1_200, 9_000], &[0.1, 0.9])?.alarm);
/// # Ok::<(), yorisoi_evaluation::EvaluationError>(())
/// ```
pub fn sample_ratio_at_any_time(
    counts: &[u64],
    shares: &[f64],
) -> Result<RatioCheck, EvaluationError> {
    let n = check(counts, shares)?;
    let arms = counts.iter().zip(shares).map(|(count, share)| {
        let (prior, count) = (CONCENTRATION * share, *count as f64);
        libm::lgamma(prior + count) - libm::lgamma(prior) - count * libm::log(*share)
    });
    let all = libm::lgamma(CONCENTRATION) - libm::lgamma(CONCENTRATION + n as f64);
    let log_evidence = all + arms.sum::<f64>();
    let p_value = libm::exp(-log_evidence).min(1.0);
    Ok(RatioCheck { p_value, alarm: p_value < RATIO_ALARM, n })
}

fn binomial_p(count: f64, n: f64, share: f64) -> f64 {
    // P[X ≤ x] = 1 − I_s(x + 1, n − x), P[X ≥ x] = I_s(x, n − x + 1).
    let at_most = if count < n { beta_cdf(n - count, count + 1.0, 1.0 - share) } else { 1.0 };
    let at_least = if count > 0.0 { beta_cdf(count, n - count + 1.0, share) } else { 1.0 };
    (2.0 * at_most.min(at_least)).min(1.0)
}

/// Returns the total after checking shapes.
fn check(counts: &[u64], shares: &[f64]) -> Result<u64, EvaluationError> {
    let refuse = |option, value, expected| Err(EvaluationError::Option { option, value, expected });
    if counts.len() < 2 || counts.len() != shares.len() {
        return refuse("counts", counts.len() as f64, "two or more arms, and a share for each");
    }
    if let Some(share) = shares.iter().find(|share| !(**share > 0.0 && share.is_finite())) {
        return refuse("share", *share, "above 0: an arm that nobody is promised has no ratio");
    }
    let sum: f64 = shares.iter().sum();
    if (sum - 1.0).abs() > SHARES_SUM {
        return refuse("sum of shares", sum, "1");
    }
    Ok(counts.iter().sum())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worlds::draw;

    #[test]
    fn small_counts_by_hand() {
        // Binomial(4, 1/2): P[X ≤ 0] = 1/16.
        assert!((sample_ratio(&[0, 4], &[0.5, 0.5]).unwrap().p_value - 0.125).abs() < 1e-12);
        assert!((sample_ratio(&[2, 2], &[0.5, 0.5]).unwrap().p_value - 1.0).abs() < 1e-12);
        // χ² = 2² / 4 + 2² / 4 + 0 = 2 with two degrees of freedom: e⁻¹.
        let three = sample_ratio(&[6, 2, 4], &[1.0 / 3.0; 3]).unwrap();
        assert!((three.p_value - libm::exp(-1.0)).abs() < 1e-12);
    }

    #[test]
    fn nothing_counted_is_no_alarm() {
        for check in [sample_ratio, sample_ratio_at_any_time] {
            assert!((check(&[0, 0], &[0.1, 0.9]).unwrap().p_value - 1.0).abs() < 1e-9);
            assert!((check(&[0, 0, 0], &[0.2, 0.3, 0.5]).unwrap().p_value - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn shapes_and_shares_are_checked() {
        for check in [sample_ratio, sample_ratio_at_any_time] {
            assert!(check(&[1], &[1.0]).is_err());
            assert!(check(&[1, 2], &[1.0]).is_err());
            assert!(check(&[1, 2], &[0.0, 1.0]).is_err());
            assert!(check(&[1, 2], &[f64::NAN, 1.0]).is_err());
            assert!(check(&[1, 2], &[0.5, 0.6]).is_err());
        }
    }

    /// Looks of one run: held-out counts after each of 100 days with 200 people.
    fn days(seed: u64, share: f64) -> impl Iterator<Item = [u64; 2]> {
        let mut counts = [0, 0];
        (0..100).map(move |day| {
            for person in 0..200 {
                let held = draw(seed, 1, day * 200 + person) < share;
                counts[usize::from(!held)] += 1;
            }
            counts
        })
    }

    #[test]
    fn daily_looks_raise_hardly_any_false_alarm() {
        // 1,000 runs at the promised share: at most 1 alarm is expected by the theory; more than 5 would
        // come with probability 6e-4.
        let alarms = (0..1_000)
            .filter(|seed| {
                days(*seed, 0.1).any(|n| sample_ratio_at_any_time(&n, &[0.1, 0.9]).unwrap().alarm)
            })
            .count();
        assert!(alarms <= 5, "{alarms}");
    }

    #[test]
    fn a_leak_of_one_in_eight_is_found() {
        // 11.4 % held instead of 10 %: z is about 6 after 20,000 people.
        let found = (0..200)
            .filter(|seed| {
                days(*seed, 0.114).any(|n| sample_ratio_at_any_time(&n, &[0.1, 0.9]).unwrap().alarm)
            })
            .count();
        assert!(found >= 190, "{found} of 200");
    }

    #[test]
    fn a_single_look_alarms_as_often_as_it_says() {
        // p < 0.05 in 1,000 single looks: an exact test stays at or below, 50 + 3.1 · 6.9 = 71.
        let low = (0..1_000)
            .filter(|seed| {
                let counts = days(*seed, 0.1).last().unwrap();
                sample_ratio(&counts, &[0.1, 0.9]).unwrap().p_value < 0.05
            })
            .count();
        assert!((25..=71).contains(&low), "{low}");
    }
}
