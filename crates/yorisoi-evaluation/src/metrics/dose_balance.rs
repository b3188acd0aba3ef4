//! How closely did features and an amount go together, before and after adjusting?

use yorisoi_data::HeldOut;
use yorisoi_effects::{Nuisances, Sampling, ScoreError};

use super::balance::Balance;
use crate::EvaluationError;
use crate::error::{check_column, check_len};

/// Returns for each feature its correlation with the dose, as observed and after adjusting.
///
/// The counterpart of [`balance`](crate::balance) where treatment is an amount: what the features still say
/// of the adjusted dose, they could pass on to the effect. By convention below 0.1 is called small.
///
/// # Formula
///
/// ```text
/// smd = cor(x, W)        smd_weighted = cor(x, W − ê(X))
/// ```
///
/// with sample weights. Missing values (`NaN`) are passed over.
///
/// # Shapes and units
///
/// One column a feature, one entry a unit; `nuisances` are those of a dose.
///
/// # Errors
///
/// [`ScoreError::LengthMismatch`], [`ScoreError::ArmMismatch`], [`ScoreError::NotFinite`].
///
/// # Source
///
/// Zhu, Coffman & Ghosh (2015), "A boosting algorithm for estimating generalized propensity scores with
/// continuous treatments", *Journal of Causal Inference* 3(1).
pub fn dose_balance(
    features: &[impl AsRef<[f64]>],
    dose: &[f64],
    nuisances: &HeldOut<Nuisances>,
    sampling: &Sampling<'_>,
) -> Result<Vec<Balance>, EvaluationError> {
    let n = dose.len();
    let [_, mean_dose] = nuisances.get().w_hat.as_slice() else {
        let actual = nuisances.get().w_hat.len();
        return Err(ScoreError::ArmMismatch { name: "w_hat", actual, expected: 2 }.into());
    };
    check_len("sampling", sampling.n_units(), n)?;
    check_column("dose", dose, n)?;
    check_column("w_hat", mean_dose, n)?;
    let left: Vec<f64> = dose.iter().zip(mean_dose).map(|(dose, mean)| dose - mean).collect();
    let of_feature = |values: &[f64]| -> Result<Balance, EvaluationError> {
        check_len("feature", values.len(), n)?;
        Ok(Balance {
            smd: correlation(values, dose, sampling),
            smd_weighted: correlation(values, &left, sampling),
        })
    };
    features.iter().map(|feature| of_feature(feature.as_ref())).collect()
}

/// Returns the weighted correlation over known values; `None` where either does not vary.
fn correlation(x: &[f64], w: &[f64], sampling: &Sampling<'_>) -> Option<f64> {
    let present = || (0..w.len()).filter(|&unit| x[unit].is_finite());
    let sum = |of: &dyn Fn(usize) -> f64| {
        present().map(|unit| sampling.weight(unit) * of(unit)).sum::<f64>()
    };
    let total = sum(&|_| 1.0);
    let (mean_x, mean_w) = (sum(&|unit| x[unit]) / total, sum(&|unit| w[unit]) / total);
    let xx = sum(&|unit| (x[unit] - mean_x).powi(2));
    let ww = sum(&|unit| (w[unit] - mean_w).powi(2));
    let xw = sum(&|unit| (x[unit] - mean_x) * (w[unit] - mean_w));
    let correlation = xw / (xx * ww).sqrt();
    correlation.is_finite().then_some(correlation)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROUNDING: f64 = 1e-12;

    #[test]
    fn a_dose_that_follows_a_feature_is_balanced_by_what_the_feature_says_of_it() {
        let x = [-1.0, -1.0, 1.0, 1.0, f64::NAN];
        let noise = [-1.0, 1.0, -1.0, 1.0, 7.0];
        let dose: Vec<f64> =
            x.iter().zip(noise).map(|(x, e)| if x.is_nan() { e } else { x + e }).collect();
        let mean: Vec<f64> = x.iter().map(|x| if x.is_nan() { 0.0 } else { *x }).collect();
        let nuisances =
            HeldOut::promise(Nuisances { y_hat: vec![0.0; 5], w_hat: vec![vec![0.0; 5], mean] });
        let found = dose_balance(&[x, [3.0; 5]], &dose, &nuisances, &Sampling::equal(5)).unwrap();
        // Over the four known rows: covariance 1, variances 1 and 2.
        assert!((found[0].smd.unwrap() - 0.5_f64.sqrt()).abs() < ROUNDING);
        assert!(found[0].smd_weighted.unwrap().abs() < ROUNDING);
        assert_eq!(found[1], Balance { smd: None, smd_weighted: None });
    }
}
