//! Estimates as the summary writes them.

use yorisoi_data::Estimate;
use yorisoi_evaluation::{EvaluationError, combine_splits};

use crate::summary::Value;

/// Returns an estimate with its 95 % interval.
pub(crate) fn value(estimate: &Estimate) -> Value {
    scaled(estimate, 1.0)
}

/// Returns `factor` times an estimate, with its 95 % interval.
pub(crate) fn scaled(estimate: &Estimate, factor: f64) -> Value {
    let interval = estimate.interval_95();
    Value {
        estimate: factor * estimate.estimate,
        std_error: factor * estimate.std_error,
        low: factor * interval.low,
        high: factor * interval.high,
        n: estimate.n,
    }
}

/// Returns what several splits say together; `None` where any of them could not say.
///
/// # Errors
///
/// An [`EvaluationError`] for an estimate that is not finite.
pub(crate) fn combined(splits: &[Option<Estimate>]) -> Result<Option<Estimate>, EvaluationError> {
    let known: Vec<Estimate> = splits.iter().copied().flatten().collect();
    if known.is_empty() || known.len() < splits.len() {
        return Ok(None);
    }
    if let [only] = known[..] {
        return Ok(Some(only));
    }
    Ok(Some(combine_splits(&known)?.to_estimate()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const THREE: Option<Estimate> = Some(Estimate { estimate: 3.0, std_error: 1.0, n: 10 });

    #[test]
    fn one_split_is_left_as_it_is() {
        assert_eq!(combined(&[THREE]).unwrap(), THREE);
    }

    #[test]
    fn a_gap_in_any_split_is_a_gap() {
        assert_eq!(combined(&[THREE, None]).unwrap(), None);
    }
}
