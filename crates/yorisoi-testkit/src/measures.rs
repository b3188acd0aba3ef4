//! How close estimates come to the truth.

/// Returns the precision in estimating heterogeneous effects, a root mean squared error.
///
/// # Formula
///
/// ```text
/// PEHE = √( (1/n) Σ (τ̂ᵢ − τᵢ)² )
/// ```
///
/// # Panics
///
/// If the lengths differ.
///
/// # Source
///
/// Hill (2011), "Bayesian nonparametric modeling for causal inference".
pub fn pehe(tau_hat: &[f64], tau: &[f64]) -> f64 {
    assert_eq!(tau_hat.len(), tau.len(), "one estimate a unit");
    let squares: f64 = tau_hat.iter().zip(tau).map(|(a, b)| (a - b).powi(2)).sum();
    (squares / tau.len() as f64).sqrt()
}

/// Returns the area under the targeting operator characteristic of a ranking, on true effects.
///
/// Units that the ranking does not tell apart count as ordered at random: each gets the mean true
/// effect of its tie. A NaN priority makes the answer NaN.
///
/// # Formula
///
/// ```text
/// AUTOC = (1/n) Σ_j ( mean of τ over the j units of highest priority − mean of τ )
/// ```
///
/// # Panics
///
/// If the lengths differ.
///
/// # Source
///
/// Yadlowsky, Fleming, Shah, Brunskill & Wager (2024), "Evaluating treatment prioritization rules via
/// rank-weighted average treatment effects".
///
/// # Example
///
/// ```
/// use yorisoi_testkit::autoc;
/// // Best first: (1 − 0.5) and (0.5 − 0.5), averaged.
/// assert!((autoc(&[2.0, 1.0], &[1.0, 0.0]) - 0.25).abs() < 1e-12);
/// // A ranking that tells nobody apart is worth nothing.
/// assert!(autoc(&[1.0, 1.0], &[1.0, 0.0]).abs() < 1e-12);
/// ```
pub fn autoc(priority: &[f64], tau: &[f64]) -> f64 {
    assert_eq!(priority.len(), tau.len(), "one priority a unit");
    if priority.iter().any(|p| p.is_nan()) {
        return f64::NAN;
    }
    let n = tau.len();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| priority[b].total_cmp(&priority[a]));
    let average = tau.iter().sum::<f64>() / n as f64;
    let (mut treated, mut sum, mut area) = (0_usize, 0.0, 0.0);
    // `+ 0.0` makes −0 and 0 one priority.
    for tie in
        order.chunk_by(|&a, &b| (priority[a] + 0.0).to_bits() == (priority[b] + 0.0).to_bits())
    {
        let tie_mean = tie.iter().map(|&unit| tau[unit]).sum::<f64>() / tie.len() as f64;
        for _ in tie {
            treated += 1;
            sum += tie_mean;
            area += sum / treated as f64 - average;
        }
    }
    area / n as f64
}

/// Returns which share of the best possible AUTOC a ranking reaches, or `None` where effects are all
/// alike and there is nothing to rank.
///
/// # Formula
///
/// ```text
/// AUTOC(τ̂) / AUTOC(τ)
/// ```
///
/// # Panics
///
/// If the lengths differ.
pub fn autoc_share(tau_hat: &[f64], tau: &[f64]) -> Option<f64> {
    let best = autoc(tau, tau);
    // Equal effects leave rounding of about n · ε · |τ| behind.
    let scale = tau.iter().map(|t| t.abs()).fold(0.0, f64::max);
    (best > 1e-9 * scale).then(|| autoc(tau_hat, tau) / best)
}

/// Returns the share of units whose interval holds the truth, ends included.
///
/// # Panics
///
/// If the lengths differ.
pub fn coverage(low: &[f64], high: &[f64], tau: &[f64]) -> f64 {
    assert!(low.len() == tau.len() && high.len() == tau.len(), "one interval a unit");
    let inside = (0..tau.len()).filter(|&i| low[i] <= tau[i] && tau[i] <= high[i]).count();
    inside as f64 / tau.len() as f64
}

/// Returns the mean width of the intervals, `mean(high − low)`.
///
/// # Panics
///
/// If the lengths differ.
pub fn mean_width(low: &[f64], high: &[f64]) -> f64 {
    assert_eq!(low.len(), high.len(), "two ends an interval");
    low.iter().zip(high).map(|(low, high)| high - low).sum::<f64>() / low.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A handful of operations on numbers of order 1.
    const ROUNDING: f64 = 1e-12;

    #[test]
    fn pehe_is_the_root_mean_squared_error() {
        assert!((pehe(&[1.0, 3.0], &[1.0, 1.0]) - 2.0_f64.sqrt()).abs() < ROUNDING);
    }

    #[test]
    fn a_reversed_ranking_loses_and_the_true_one_reaches_all() {
        let tau = [3.0, 1.0, 2.0];
        let reversed: Vec<f64> = tau.iter().map(|t| -t).collect();
        assert!(autoc(&reversed, &tau) < 0.0);
        assert!((autoc_share(&tau, &tau).unwrap() - 1.0).abs() < ROUNDING);
    }

    #[test]
    fn equal_effects_leave_nothing_to_rank() {
        assert_eq!(autoc_share(&[1.0, 2.0, 3.0], &[0.7; 3]), None);
    }

    #[test]
    fn a_missing_priority_is_not_a_high_one() {
        assert!(autoc(&[f64::NAN, 1.0], &[1.0, 0.0]).is_nan());
    }

    #[test]
    fn coverage_counts_the_ends_and_never_an_interval_that_is_not_a_number() {
        let covered = coverage(&[0.0, 0.0, f64::NAN], &[1.0, 1.0, 1.0], &[1.0, 2.0, 0.5]);
        assert!((covered - 1.0 / 3.0).abs() < ROUNDING);
        assert!((mean_width(&[0.0, 0.0], &[1.0, 3.0]) - 2.0).abs() < ROUNDING);
    }
}
