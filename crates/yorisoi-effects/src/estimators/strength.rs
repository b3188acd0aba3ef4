//! How much does an instrument vary, and how strongly is it obeyed, given the features?
//!
//! Averages over everyone divide by it, person by person; so it is estimated out of fold, and kept away
//! from zero.

use yorisoi_data::OutOfFold;
use yorisoi_forest::BoostParams;

use super::{EstimatorError, ForestInput};
use crate::{InstrumentResiduals, NuisanceLearner, Strength, crossfit::CrossFit, default_folds};

/// A person's strength is taken to be at least this share of the mean: beyond, one person would weigh as
/// much as ten. Scores stay centred at the truth where the effect is estimated well.
const FLOOR: f64 = 0.1;

/// How strength is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct StrengthParams {
    /// What learns the regressions of the products of residuals.
    pub nuisances: NuisanceLearner,
    /// Folds of boosted ones; `None` chooses by size, see [`default_folds`].
    pub folds: Option<usize>,
    /// How boosting proceeds; its seed is that of both learners.
    pub boost: BoostParams,
}

/// Returns variance of the instrument and covariance with the treatment, given the features.
///
/// # Formula
///
/// ```text
/// V̂(x) = Ê[z̃² | X = x],   Δ̂(x) = Ê[z̃ w̃ | X = x],   each at least a tenth of its mean
/// ```
///
/// out of fold. A negative mean of `Δ` is that of an instrument that turns people away, and
/// is kept away from zero on its own side.
///
/// # Shapes and units
///
/// `residuals` have one entry for each of the input's rows, in their order; so does the answer.
///
/// # Errors
///
/// [`EstimatorError::NoVariation`] where the instrument does not vary or moves nobody on average;
/// [`EstimatorError::LengthMismatch`], [`EstimatorError::Weight`], [`EstimatorError::UnknownRow`],
/// [`EstimatorError::TooFew`], [`EstimatorError::NoFeatures`],
/// [`EstimatorError::TooManyFeatures`], [`EstimatorError::FewClusters`].
pub fn strength(
    input: &ForestInput<'_>,
    residuals: &InstrumentResiduals,
    params: &StrengthParams,
) -> Result<OutOfFold<Strength>, EstimatorError> {
    let weights = input.check()?;
    let square = product(input, ("z", &residuals.z), ("z", &residuals.z))?;
    let both = product(input, ("z", &residuals.z), ("w", &residuals.w))?;
    let cross_fit = CrossFit {
        features: input.features,
        y: &square,
        w: &both,
        weights: weights.as_deref(),
        clusters: input.clusters,
        known: None,
        learner: params.nuisances,
        n_folds: params.folds.unwrap_or_else(|| default_folds(input.rows.len())),
        boost: params.boost,
    };
    let (rows, everything) = (input.rows, (f32::NEG_INFINITY, f32::INFINITY));
    let fitted = cross_fit.fit(rows, rows, everything).1.into_inner();
    let mean = |column: &[f32]| {
        let of = |&unit: &u32| {
            let weight = weights.as_ref().map_or(1.0, |weights| f64::from(weights[unit as usize]));
            (weight, weight * f64::from(column[unit as usize]))
        };
        let (total, sum) = input
            .rows
            .iter()
            .map(of)
            .fold((0.0, 0.0), |sums, one| (sums.0 + one.0, sums.1 + one.1));
        sum / total
    };
    let variance = floored(&fitted.y_hat, mean(&square), "z")?;
    let covariance = floored(&fitted.w_hat, mean(&both), "w")?;
    Ok(OutOfFold::promise(Strength { variance, covariance }))
}

/// Returns the products of two columns of residuals, spread over all rows of the features.
fn product(
    input: &ForestInput<'_>,
    (first_name, first): (&'static str, &[f64]),
    (second_name, second): (&'static str, &[f64]),
) -> Result<Vec<f32>, EstimatorError> {
    for (name, column) in [(first_name, first), (second_name, second)] {
        let (actual, expected) = (column.len(), input.rows.len());
        if actual != expected {
            return Err(EstimatorError::LengthMismatch { name, actual, expected });
        }
    }
    let mut products = vec![0.0; input.features.n_rows()];
    for ((&unit, first), second) in input.rows.iter().zip(first).zip(second) {
        let (value, name) = (first * second, second_name);
        if !value.is_finite() {
            return Err(EstimatorError::NotFinite { name, unit, value });
        }
        products[unit as usize] = value as f32;
    }
    Ok(products)
}

/// Keeps estimates on the side of their mean, and away from zero.
fn floored(fitted: &[f32], mean: f64, name: &'static str) -> Result<Vec<f64>, EstimatorError> {
    // Written so that NaN is refused too.
    let is_something = mean.abs() > 0.0;
    if !is_something {
        return Err(EstimatorError::NoVariation { name });
    }
    let share = |&value: &f32| (f64::from(value) / mean).max(FLOOR) * mean;
    Ok(fitted.iter().map(share).collect())
}
