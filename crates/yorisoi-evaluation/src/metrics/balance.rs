//! How alike were the arms before treatment? Standardised mean differences.

use serde::{Deserialize, Serialize};
use yorisoi_data::{CentreSpread, HeldOut, centre_and_spread};
use yorisoi_effects::{Nuisances, Sampling, ScoreError};

use crate::EvaluationError;
use crate::error::check_len;

/// How far one feature differs between an arm and control, in standard deviations.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Balance {
    /// As observed. `None` if the feature varies in neither arm, or is missing throughout one of them.
    pub smd: Option<f64>,
    /// After weighting each unit by the inverse of its propensity for the arm it got.
    pub smd_weighted: Option<f64>,
}

/// Returns the balance of each feature between arm `k` and control.
///
/// By convention a difference below 0.1 in absolute value is called small.
///
/// # Formula
///
/// ```text
/// smd = (x̄ₖ − x̄₀) / √((sₖ² + s₀²) / 2)
/// ```
///
/// with sample weights; the weighted one uses means with weights `w / ê_W(X)` over the same
/// (unweighted) standard deviations, so that the two can be compared. Missing values (`NaN`) are
/// passed over.
///
/// # Shapes and units
///
/// One column a feature, one entry a unit; `arm` and nuisances for the same units.
///
/// # Errors
///
/// [`ScoreError::LengthMismatch`]; [`ScoreError::UnknownArm`]; [`ScoreError::NoOverlap`] for a
/// propensity outside `(0, 1)`.
///
/// # Source
///
/// Austin & Stuart (2015), "Moving towards best practice when using inverse probability of treatment
/// weighting", *Statistics in Medicine* 34.
pub fn balance(
    features: &[impl AsRef<[f64]>],
    arm: &[u8],
    k: usize,
    nuisances: &HeldOut<Nuisances>,
    sampling: &Sampling<'_>,
) -> Result<Vec<Balance>, EvaluationError> {
    let n = arm.len();
    let w_hat = &nuisances.get().w_hat;
    check_len("sampling", sampling.n_units(), n)?;
    check_arm(k, w_hat, n)?;
    let mut inverse = vec![0.0; n];
    for (unit, inverse) in inverse.iter_mut().enumerate() {
        let of_unit = usize::from(arm[unit]);
        if of_unit == 0 || of_unit == k {
            let e = w_hat[of_unit][unit];
            // Written positively so that NaN is rejected too.
            let overlaps = e > 0.0 && e < 1.0;
            if !overlaps {
                return Err(ScoreError::NoOverlap { unit, arm: of_unit, w_hat: e }.into());
            }
            *inverse = sampling.weight(unit) / e;
        }
    }
    let of_feature = |values: &[f64]| -> Result<Balance, EvaluationError> {
        check_len("feature", values.len(), n)?;
        let raw = |arm_number| moments(values, arm, arm_number, |unit| sampling.weight(unit));
        let weighted = |arm_number| moments(values, arm, arm_number, |unit| inverse[unit]).centre;
        let (treated, control) = (raw(k), raw(0));
        let spread = (0.5 * (treated.variance + control.variance)).sqrt();
        // Not finite where an arm has no value; zero where the feature varies in neither.
        let standardise = |difference: f64| {
            let smd = difference / spread;
            smd.is_finite().then_some(smd)
        };
        Ok(Balance {
            smd: standardise(treated.centre - control.centre),
            smd_weighted: standardise(weighted(k) - weighted(0)),
        })
    };
    features.iter().map(|feature| of_feature(feature.as_ref())).collect()
}

/// Checks that arm `k` is a treated one with a propensity for each unit.
pub(crate) fn check_arm(k: usize, w_hat: &[Vec<f64>], n_units: usize) -> Result<(), ScoreError> {
    if k == 0 || k >= w_hat.len() {
        return Err(ScoreError::UnknownArm { arm: k, last: w_hat.len().saturating_sub(1) });
    }
    check_len("w_hat", w_hat[0].len(), n_units)?;
    check_len("w_hat", w_hat[k].len(), n_units)
}

fn moments(values: &[f64], arm: &[u8], k: usize, weight: impl Fn(usize) -> f64) -> CentreSpread {
    let is_present = |unit: &usize| usize::from(arm[*unit]) == k && !values[*unit].is_nan();
    let present = (0..arm.len()).filter(is_present);
    centre_and_spread(present.map(|unit| (values[unit], weight(unit))))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROUNDING: f64 = 1e-12;

    fn nuisances(e: &[f64]) -> HeldOut<Nuisances> {
        HeldOut::promise(Nuisances {
            y_hat: vec![0.0; e.len()],
            w_hat: vec![e.iter().map(|e| 1.0 - e).collect(), e.to_vec()],
        })
    }

    #[test]
    fn raw_and_weighted_by_hand() {
        // x = 1 with e = 3/4, x = 0 with e = 1/4, four of each, arms drawn exactly so. Means 3/4 and
        // 1/4, both variances 3/16: smd = .5/√(3/16). Weighting restores 1/2 in both arms.
        let x = [1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0];
        let arm = [1, 1, 1, 0, 1, 0, 0, 0];
        let e = [0.75, 0.75, 0.75, 0.75, 0.25, 0.25, 0.25, 0.25];
        let found = balance(&[x], &arm, 1, &nuisances(&e), &Sampling::equal(8)).unwrap();
        assert!((found[0].smd.unwrap() - 0.5 / (3.0_f64 / 16.0).sqrt()).abs() < ROUNDING);
        assert!(found[0].smd_weighted.unwrap().abs() < ROUNDING);
    }

    #[test]
    fn constants_and_absent_features_have_no_balance() {
        let features =
            [vec![1.0; 4], vec![f64::NAN, f64::NAN, 1.0, 2.0], vec![1.0, 2.0, f64::NAN, 1.5]];
        let found =
            balance(&features, &[1, 1, 0, 0], 1, &nuisances(&[0.5; 4]), &Sampling::equal(4))
                .unwrap();
        assert_eq!((found[0].smd, found[1].smd), (None, None));
        assert!(found[2].smd.unwrap().abs() < ROUNDING);
    }

    #[test]
    fn bad_propensities_and_arms_are_named() {
        let of =
            |e: &[f64], k| balance(&[[1.0, 2.0]], &[1, 0], k, &nuisances(e), &Sampling::equal(2));
        assert!(matches!(
            of(&[1.0, 0.5], 1),
            Err(EvaluationError::Score(ScoreError::NoOverlap { unit: 0, arm: 1, .. }))
        ));
        for k in [0, 2] {
            let error = of(&[0.5, 0.5], k).unwrap_err();
            assert!(matches!(
                error,
                EvaluationError::Score(ScoreError::UnknownArm { last: 1, .. })
            ));
        }
    }
}
