//! Are predicted effects the size they claim? The calibration test.

use serde::{Deserialize, Serialize};
use yorisoi_data::{Estimate, HeldOut};
use yorisoi_effects::Sampling;

use crate::EvaluationError;
use crate::error::{check_column, check_len};
use crate::least_squares::{Regressor, centre_and_spread, least_squares};
use crate::normal;

/// What the calibration test found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Coefficient of the mean prediction: 1 if the average is right. `None` if that mean is zero.
    pub mean: Option<Estimate>,
    /// Coefficient of the differential prediction: 1 if the spread is right, 0 if there is nothing
    /// behind it. `None` if predictions do not vary.
    pub differential: Option<Estimate>,
    /// One-sided p-value against "the differential coefficient is not above 0"; `None` with it.
    pub p_value: Option<f64>,
}

/// Regresses the scores on the mean and the differential prediction.
///
/// # Formula
///
/// ```text
/// Γᵢ = α τ̄ + β (τ̂ᵢ − τ̄) + εᵢ        τ̄ = weighted mean of τ̂
/// ```
///
/// without intercept, HC3 errors, leverage-corrected scores summed within clusters; `p = Φ(−β / se)`.
/// Replacing the weighted residual regression of the paper by one on doubly robust scores keeps the
/// meaning of both coefficients and allows several arms and unknown propensities.
///
/// # Assumptions
///
/// Predictions and nuisances have not seen these units. `α` is read with `τ̄` taken as given.
///
/// # Errors
///
/// [`ScoreError::LengthMismatch`](yorisoi_effects::ScoreError::LengthMismatch),
/// [`ScoreError::NotFinite`](yorisoi_effects::ScoreError::NotFinite);
/// [`EvaluationError::SingleUnit`] if one unit holds all the spread of the predictions.
///
/// # Source
///
/// Chernozhukov, Demirer, Duflo & Fernández-Val (2018; *Econometrica* 2025), best linear predictor.
///
/// # Example
///
/// ```
/// # use yorisoi_data::HeldOut;
/// # use yorisoi_evaluation::{Sampling, calibration};
/// // Predicted spread is twice the real one.
/// let predicted = HeldOut::promise(vec![0.0, 2.0, 0.0, 2.0]);
/// let scores = HeldOut::promise(vec![0.6, 1.5, 0.4, 1.5]);
/// let found = calibration(&predicted, &scores, &Sampling::equal(4))?;
/// assert!((found.differential.unwrap().estimate - 0.5).abs() < 1e-12);
/// # Ok::<(), yorisoi_evaluation::EvaluationError>(())
/// ```
pub fn calibration(
    predicted: &HeldOut<Vec<f64>>,
    scores: &HeldOut<Vec<f64>>,
    sampling: &Sampling<'_>,
) -> Result<Calibration, EvaluationError> {
    let (predicted, scores) = (predicted.get(), scores.get());
    check_len("sampling", sampling.n_units(), scores.len())?;
    check_column("predicted", predicted, scores.len())?;
    check_column("scores", scores, scores.len())?;
    let varying = centre_and_spread(predicted, sampling);
    let centre =
        varying.map_or_else(|| predicted.first().copied().unwrap_or(0.0), |(mean, _)| mean);
    let mut regressors = vec![Regressor::Constant(centre)];
    if varying.is_some() {
        regressors.push(Regressor::Column { values: predicted, centre, scale: 1.0 });
    }
    let mut fitted = least_squares(&regressors, scores, sampling)?.into_iter();
    let mean = fitted.next().flatten();
    let differential = fitted.next().flatten();
    let p_value = differential.as_ref().map(normal::p_not_above_zero);
    Ok(Calibration { mean, differential, p_value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worlds::{assert_nominal_coverage, ranked_world};

    fn held(values: &[f64]) -> HeldOut<Vec<f64>> {
        HeldOut::promise(values.to_vec())
    }

    #[test]
    fn constant_or_zero_mean_predictions_answer_none() {
        let scores = held(&[1.0, 2.0, 3.0, 4.0]);
        let constant = calibration(&held(&[0.5; 4]), &scores, &Sampling::equal(4)).unwrap();
        assert!((constant.mean.unwrap().estimate - 5.0).abs() < 1e-12);
        assert_eq!((constant.differential, constant.p_value), (None, None));
        let centred =
            calibration(&held(&[-1.0, 1.0, -1.0, 1.0]), &scores, &Sampling::equal(4)).unwrap();
        assert_eq!(centred.mean, None);
        assert!((centred.differential.unwrap().estimate - 0.5).abs() < 1e-12);
    }

    #[test]
    fn reversed_predictions_have_a_negative_slope_and_a_large_p_value() {
        let world = ranked_world(2, 400, 1);
        let reversed: Vec<f64> = world.priority.iter().map(|x| 1.0 - x).collect();
        let found =
            calibration(&held(&reversed), &held(&world.scores), &Sampling::equal(400)).unwrap();
        assert!(found.differential.unwrap().estimate < 0.0);
        assert!(found.p_value.unwrap() > 0.95);
    }

    #[test]
    fn intervals_cover_and_the_test_keeps_its_level() {
        // Effect X − 1/4, prediction 2X: β = 1/2, α = (1/4)/1. A prediction of noise: β = 0, so that the
        // one-sided test at 5 % stays silent 95 % of the time.
        for cluster_size in [1, 4] {
            let mut covered = [0; 3];
            for seed in 0..600 {
                let world = ranked_world(60_000 + seed, 800, cluster_size);
                let noise = ranked_world(90_000 + seed, 800, cluster_size).priority;
                let predicted: Vec<f64> = world.priority.iter().map(|x| 2.0 * x).collect();
                let sampling = Sampling::equal(800).with_clusters(&world.clusters).unwrap();
                let judge = |predicted: &[f64]| {
                    calibration(&held(predicted), &held(&world.scores), &sampling).unwrap()
                };
                let found = judge(&predicted);
                let slope = found.differential.unwrap().interval_95();
                let level = found.mean.unwrap().interval_95();
                covered[0] += u32::from(slope.low <= 0.5 && 0.5 <= slope.high);
                covered[1] += u32::from(level.low <= 0.25 && 0.25 <= level.high);
                covered[2] += u32::from(judge(&noise).p_value.unwrap() > 0.05);
            }
            for covered in covered {
                assert_nominal_coverage(covered, 600);
            }
        }
    }
}
