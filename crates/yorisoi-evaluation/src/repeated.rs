//! Does it hold over several splits? One estimate and interval from many.

use serde::{Deserialize, Serialize};
use yorisoi_data::{Estimate, Interval, Z_95};

use crate::EvaluationError;
use crate::normal;

/// The 98.75 % quantile of the standard normal distribution: two-sided 97.5 % intervals.
const Z_97_5: f64 = 2.241_402_727_604_947;

/// What several splits say together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Repeated {
    /// Median of the estimates.
    pub estimate: f64,
    /// Median of the standard errors, for scale; the interval does not come from it alone.
    pub std_error: f64,
    /// Interval with coverage of at least 95 % over data and splits.
    pub interval: Interval,
    /// One-sided p-value against "not above zero".
    pub p_value: f64,
    /// Splits behind it.
    pub n_splits: usize,
    /// Median of the units (clusters) behind each.
    pub n: usize,
}

impl Repeated {
    /// Returns an estimate whose plain 95 % interval reaches as far as [`Self::interval`] on its wider
    /// side, for whoever wants a single number and its error: a [`verdict`](crate::verdict) over several
    /// splits, say. It never claims more than the interval does.
    pub fn to_estimate(&self) -> Estimate {
        let Interval { low, high } = self.interval;
        let reach = (self.estimate - low).max(high - self.estimate);
        Estimate { estimate: self.estimate, std_error: reach / Z_95, n: self.n }
    }
}

/// Combines the same estimate from several random splits, so that a verdict does not hang on the seed.
///
/// # Formula
///
/// ```text
/// estimate = median(θ_s)
/// interval = [ lower median(θ_s − z se_s), upper median(θ_s + z se_s) ],  z = Φ⁻¹(1 − .025/2)
/// p        = min(1, 2 · upper median(p_s))
/// ```
///
/// Each split's interval is taken at 97.5 %, since the median of dependent intervals at level `1 − α`
/// covers with probability at least `1 − 2α`; likewise the median p-value is doubled. That price is
/// paid for not knowing how the splits depend on one another; in practice coverage is higher. A single
/// split needs no such price and keeps its 95 % interval and its p-value.
///
/// # Assumptions
///
/// Each estimate is about normal given its split. What is estimated differs from split to split (each
/// trains its own model); the interval is for the median over splits.
///
/// # Errors
///
/// [`EvaluationError::NotAnEstimate`]; [`EvaluationError::Option`] without a split.
///
/// # Source
///
/// Chernozhukov, Demirer, Duflo & Fernández-Val (2018; *Econometrica* 2025), "Generic machine learning
/// inference on heterogeneous treatment effects", section 4 (variational inference over splits).
///
/// # Example
///
/// ```
/// # use yorisoi_data::Estimate;
/// # use yorisoi_evaluation::combine_splits;
/// let splits = [1.0, 3.0, 2.0].map(|estimate| Estimate { estimate, std_error: 0.5, n: 100 });
/// let combined = combine_splits(&splits)?;
/// assert_eq!(combined.estimate, 2.0);
/// assert!(combined.interval.low > 0.8 && combined.interval.low < 0.9);
/// # Ok::<(), yorisoi_evaluation::EvaluationError>(())
/// ```
pub fn combine_splits(splits: &[Estimate]) -> Result<Repeated, EvaluationError> {
    if splits.is_empty() {
        let expected = "at least one estimate";
        return Err(EvaluationError::Option { option: "splits", value: 0.0, expected });
    }
    let is_valid = |split: &Estimate| {
        split.estimate.is_finite() && split.std_error.is_finite() && split.std_error >= 0.0
    };
    if let Some(index) = splits.iter().position(|split| !is_valid(split)) {
        let Estimate { estimate, std_error, .. } = splits[index];
        return Err(EvaluationError::NotAnEstimate { index, estimate, std_error });
    }
    let (z, p_factor) = if splits.len() == 1 { (Z_95, 1.0) } else { (Z_97_5, 2.0) };
    let sorted = |of: &dyn Fn(&Estimate) -> f64| {
        let mut values: Vec<f64> = splits.iter().map(of).collect();
        values.sort_unstable_by(f64::total_cmp);
        values
    };
    let estimates = sorted(&|split| split.estimate);
    let std_errors = sorted(&|split| split.std_error);
    let p_values = sorted(&normal::p_not_above_zero);
    let mut n: Vec<usize> = splits.iter().map(|split| split.n).collect();
    n.sort_unstable();
    Ok(Repeated {
        estimate: 0.5 * (lower_median(&estimates) + upper_median(&estimates)),
        std_error: 0.5 * (lower_median(&std_errors) + upper_median(&std_errors)),
        interval: Interval {
            low: lower_median(&sorted(&|split| split.estimate - z * split.std_error)),
            high: upper_median(&sorted(&|split| split.estimate + z * split.std_error)),
        },
        p_value: (p_factor * upper_median(&p_values)).min(1.0),
        n_splits: splits.len(),
        n: n[(n.len() - 1) / 2],
    })
}

fn lower_median(sorted: &[f64]) -> f64 {
    sorted[(sorted.len() - 1) / 2]
}

fn upper_median(sorted: &[f64]) -> f64 {
    sorted[sorted.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worlds::normal as normal_draw;

    fn estimate(estimate: f64, std_error: f64) -> Estimate {
        Estimate { estimate, std_error, n: 10 }
    }

    #[test]
    fn even_numbers_take_the_outer_medians() {
        let splits = [1.0, 2.0, 3.0, 4.0].map(|value| estimate(value, 0.0));
        let combined = combine_splits(&splits).unwrap();
        assert!((combined.estimate - 2.5).abs() < 1e-12);
        assert!((combined.interval.low - 2.0).abs() < 1e-12);
        assert!((combined.interval.high - 3.0).abs() < 1e-12);
    }

    #[test]
    fn one_split_keeps_its_own_interval_and_p_value() {
        let one = estimate(1.0, 0.5);
        let combined = combine_splits(&[one]).unwrap();
        assert_eq!(combined.interval, one.interval_95());
        assert!((combined.p_value - normal::p_not_above_zero(&one)).abs() < 1e-15);
        let twice = combine_splits(&[one, one]).unwrap();
        assert!((twice.p_value - 2.0 * combined.p_value).abs() < 1e-15);
        assert!(twice.interval.low < combined.interval.low);
    }

    #[test]
    fn the_plain_estimate_reaches_as_far_as_the_interval() {
        let splits = [1.0, 1.2, 4.0].map(|value| estimate(value, 0.5));
        let combined = combine_splits(&splits).unwrap();
        let plain = combined.to_estimate().interval_95();
        assert!(plain.low <= combined.interval.low + 1e-12);
        assert!(plain.high >= combined.interval.high - 1e-12);
    }

    #[test]
    fn the_quantile_belongs_to_97_5_percent() {
        assert!((normal::cdf(Z_97_5) - 0.9875).abs() < 1e-14);
    }

    #[test]
    fn no_splits_or_no_numbers_are_errors() {
        assert!(matches!(
            combine_splits(&[]),
            Err(EvaluationError::Option { option: "splits", .. })
        ));
        let bad = combine_splits(&[estimate(0.0, 1.0), estimate(f64::NAN, 1.0)]);
        assert!(matches!(bad, Err(EvaluationError::NotAnEstimate { index: 1, .. })));
    }

    #[test]
    fn intervals_over_dependent_splits_cover_at_least_as_often_as_they_say() {
        // Eleven splits share half of their variance; the truth is zero. At least 95 % are to be
        // covered; below 551 of 600 would happen with probability 4e-4 at exactly 95 %.
        let mut covered = 0;
        for seed in 0..600 {
            let shared = normal_draw(seed, 0, 0);
            let split = |index| (shared + normal_draw(seed, 2, index)) * 0.5_f64.sqrt();
            let splits: Vec<Estimate> = (0..11).map(|index| estimate(split(index), 1.0)).collect();
            let interval = combine_splits(&splits).unwrap().interval;
            covered += u32::from(interval.low <= 0.0 && 0.0 <= interval.high);
        }
        assert!(covered >= 551, "{covered} of 600");
    }
}
