//! Which features go with the effect? The best linear projection of the effect on the features.

use serde::{Deserialize, Serialize};
use yorisoi_data::{Estimate, HeldOut};
use yorisoi_effects::{Sampling, ScoreError};

use crate::EvaluationError;
use crate::error::{check_column, check_len};
use crate::least_squares::{Regressor, centre_and_spread, least_squares};

/// A feature of whose sum of squares one unit holds more than this share says something about that unit
/// only. An indicator of one unit among `n` gives it `1 − 1/n`, one of two units just under a half each.
const MAX_SHARE_OF_ONE_UNIT: f64 = 0.6;

/// The straight line through the effect that fits best.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LinearProjection {
    /// Effect at the mean of every feature: the average effect.
    pub mean: Estimate,
    /// Change of the effect for one standard deviation of each feature, the others held; `None` for a
    /// feature that is constant, a combination of earlier ones, or rests on a single unit.
    pub coefficients: Vec<Option<Estimate>>,
}

/// Projects the effect on standardised features.
///
/// # Formula
///
/// ```text
/// min Σ wᵢ (Γᵢ − β₀ − Σⱼ βⱼ zᵢⱼ)²        z = (x − mean) / standard deviation, missing: 0
/// ```
///
/// with HC3 errors, leverage-corrected scores being summed within clusters. It is a summary that is
/// valid whatever the shape of the effect, not a model of it.
///
/// # Shapes and units
///
/// One column a feature, one entry a unit, missing values `NaN`. Coefficients are in the unit of the
/// scores.
///
/// # Errors
///
/// [`ScoreError::LengthMismatch`]; [`ScoreError::NotFinite`] for a score, or an infinite feature;
/// [`ScoreError::TooFew`] with no more independent units than coefficients;
/// [`EvaluationError::SingleUnit`].
///
/// # Source
///
/// Semenova & Chernozhukov (2021), "Debiased machine learning of conditional average treatment effects
/// and other causal functions", *Econometrics Journal* 24.
pub fn best_linear_projection(
    features: &[impl AsRef<[f64]>],
    scores: &HeldOut<Vec<f64>>,
    sampling: &Sampling<'_>,
) -> Result<LinearProjection, EvaluationError> {
    let scores = scores.get();
    check_len("sampling", sampling.n_units(), scores.len())?;
    check_column("scores", scores, scores.len())?;
    let mut regressors = vec![Regressor::Constant(1.0)];
    let mut is_used = Vec::with_capacity(features.len());
    for feature in features {
        let values = feature.as_ref();
        check_len("feature", values.len(), scores.len())?;
        if let Some(unit) = values.iter().position(|value| value.is_infinite()) {
            let value = values[unit];
            return Err(ScoreError::NotFinite { name: "feature", unit, value }.into());
        }
        let regressor = standardised(values, sampling);
        is_used.push(regressor.is_some());
        regressors.extend(regressor);
    }
    let (actual, needed) = (sampling.n_independent(), regressors.len() + 1);
    if actual < needed {
        return Err(ScoreError::TooFew { what: "the linear projection", actual, needed }.into());
    }
    let mut fitted = least_squares(&regressors, scores, sampling)?.into_iter();
    let too_few = ScoreError::TooFew { what: "the linear projection", actual: 0, needed };
    let mean = fitted.next().flatten().ok_or(too_few)?;
    let coefficients =
        is_used.into_iter().map(|used| if used { fitted.next().flatten() } else { None }).collect();
    Ok(LinearProjection { mean, coefficients })
}

fn standardised<'a>(values: &'a [f64], sampling: &Sampling<'_>) -> Option<Regressor<'a>> {
    let (centre, spread) = centre_and_spread(values, sampling)?;
    let square = |unit: usize| {
        let z = (values[unit] - centre) / spread;
        if z.is_nan() { 0.0 } else { sampling.weight(unit) * z * z }
    };
    let total: f64 = (0..values.len()).map(square).sum();
    let largest = (0..values.len()).map(square).fold(0.0, f64::max);
    let rests_on_many = largest <= MAX_SHARE_OF_ONE_UNIT * total;
    rests_on_many.then_some(Regressor::Column { values, centre, scale: 1.0 / spread })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worlds::{assert_nominal_coverage, draw, normal};

    fn held(values: &[f64]) -> HeldOut<Vec<f64>> {
        HeldOut::promise(values.to_vec())
    }

    #[test]
    fn an_exact_line_is_found_per_standard_deviation() {
        // x of mean 2 and standard deviation 2: 3 + 0.5 x is 4 at the mean, 1 more a deviation.
        let x = [0.0, 4.0, 0.0, 4.0];
        let scores = [3.0, 5.0, 3.0, 5.0];
        let fit = best_linear_projection(&[x], &held(&scores), &Sampling::equal(4)).unwrap();
        assert!((fit.mean.estimate - 4.0).abs() < 1e-12);
        assert!((fit.coefficients[0].unwrap().estimate - 1.0).abs() < 1e-12);
    }

    #[test]
    fn useless_features_are_none_and_a_missing_value_stands_at_the_mean() {
        let x = [0.0, 4.0, 0.0, 4.0, f64::NAN, 2.0];
        let constant = [7.0; 6];
        let lonely = [0.0, 0.0, 0.0, 0.0, 0.0, 1.0];
        let twice: Vec<f64> = x.iter().map(|x| 2.0 * x).collect();
        let features = [&x[..], &constant, &twice, &lonely];
        let scores = [3.0, 5.0, 3.0, 5.0, 4.0, 4.0];
        let fit = best_linear_projection(&features, &held(&scores), &Sampling::equal(6)).unwrap();
        assert!(fit.coefficients[0].is_some());
        assert_eq!(fit.coefficients[1..], [None, None, None]);
        assert!((fit.mean.estimate - 4.0).abs() < 1e-12);
    }

    #[test]
    fn infinite_features_and_too_few_units_are_errors() {
        let scores = held(&[1.0, 2.0]);
        let infinite =
            best_linear_projection(&[[f64::INFINITY, 0.0]], &scores, &Sampling::equal(2));
        assert!(matches!(
            infinite,
            Err(EvaluationError::Score(ScoreError::NotFinite { name: "feature", unit: 0, .. }))
        ));
        let few = best_linear_projection(&[[1.0, 0.0]], &scores, &Sampling::equal(2));
        assert!(few.unwrap_err().is_too_few());
    }

    #[test]
    fn intervals_cover_the_projection() {
        // Two independent uniform features; effect X1 + X2² with noise that grows with X1. Projecting on
        // z = (x − 1/2) √12: slopes sd = 1/√12 for both (X2² has slope 1), mean 1/2 + 1/3.
        for cluster_size in [1, 4] {
            let mut covered = [0; 3];
            for seed in 0..600 {
                let (mut features, mut scores, mut ids) = ([vec![], vec![]], vec![], vec![]);
                for unit in 0..800 {
                    let cluster = unit / cluster_size;
                    let x = [draw(seed, 0, cluster), draw(seed, 1, unit)];
                    let noise = normal(seed, 2, cluster) + normal(seed, 4, unit);
                    scores.push(x[0] + x[1] * x[1] + (0.5 + x[0]) * noise);
                    features[0].push(x[0]);
                    features[1].push(x[1]);
                    ids.push(cluster as u32);
                }
                let sampling = Sampling::equal(800).with_clusters(&ids).unwrap();
                let fit = best_linear_projection(&features, &held(&scores), &sampling).unwrap();
                let slope = 1.0 / 12.0_f64.sqrt();
                let estimates = [
                    (fit.mean, 5.0 / 6.0),
                    (fit.coefficients[0].unwrap(), slope),
                    (fit.coefficients[1].unwrap(), slope),
                ];
                for (covered, (estimate, truth)) in covered.iter_mut().zip(estimates) {
                    let interval = estimate.interval_95();
                    *covered += u32::from(interval.low <= truth && truth <= interval.high);
                }
            }
            for covered in covered {
                assert_nominal_coverage(covered, 600);
            }
        }
    }
}
