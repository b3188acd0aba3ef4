//! Doubly robust (AIPW) scores for any number of arms.
//!
//! The mean of a column of scores over any group chosen from `X` alone estimates that group's average
//! outcome under that arm, and stays consistent if either nuisance is estimated well. Everything
//! downstream (ATE, RATE, Qini, policy value) is a weighted mean of these scores, so the formula lives
//! here once.

use crate::Nuisances;

/// Propensities of a unit must sum to 1; more than rounding of a few `f64` (or `f32`) operations is
/// a mistake in what was handed in.
const PROPENSITY_SUM_TOLERANCE: f64 = 1e-6;

/// Why scores or averages could not be formed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ScoreError {
    /// Two inputs describe different numbers of units.
    #[error("`{name}` has {actual} units, expected {expected}")]
    LengthMismatch {
        /// Name of the offending argument.
        name: &'static str,
        /// Units in that argument.
        actual: usize,
        /// Units expected.
        expected: usize,
    },
    /// Effects and propensities describe different numbers of arms.
    #[error(
        "`{name}` has {actual} arms, expected {expected}: effects have one column an arm without \
         control, propensities one an arm with it"
    )]
    ArmMismatch {
        /// Name of the offending argument.
        name: &'static str,
        /// Arms in that argument.
        actual: usize,
        /// Arms expected.
        expected: usize,
    },
    /// An arm number that does not exist.
    #[error("arm {arm} does not exist: arms are 0 (control) to {last}")]
    UnknownArm {
        /// The number asked for.
        arm: usize,
        /// The last arm there is.
        last: usize,
    },
    /// A unit carries the number of an arm that has no propensities.
    #[error("unit {unit} has arm {arm}, but arms are 0 (control) to {last}")]
    UnitOfUnknownArm {
        /// Row of the unit.
        unit: usize,
        /// Its arm.
        arm: usize,
        /// The last arm there is.
        last: usize,
    },
    /// A propensity is not strictly between 0 and 1, so the score is undefined.
    #[error(
        "propensity of unit {unit} for arm {arm} is {w_hat}, which is outside (0, 1): leave the unit \
         out (see `trim`) or use known propensities"
    )]
    NoOverlap {
        /// Row of the unit.
        unit: usize,
        /// The arm.
        arm: usize,
        /// Its propensity.
        w_hat: f64,
    },
    /// The propensities of a unit do not sum to 1.
    #[error("propensities of unit {unit} sum to {sum}, expected 1")]
    PropensitySum {
        /// Row of the unit.
        unit: usize,
        /// Their sum.
        sum: f64,
    },
    /// A number is missing or infinite.
    #[error("`{name}` of unit {unit} is {value}, expected a finite number")]
    NotFinite {
        /// Name of the offending argument.
        name: &'static str,
        /// Row of the unit.
        unit: usize,
        /// The value.
        value: f64,
    },
    /// A sample weight is not a positive number.
    #[error("sample weight of unit {unit} is {weight}, expected a finite number above 0")]
    Weight {
        /// Row of the unit.
        unit: usize,
        /// Its weight.
        weight: f64,
    },
    /// A unit whose treatment nothing moves by chance has no score of one unit more.
    #[error(
        "nothing moves the treatment of unit {unit}: leave the unit out, or average over those it moves"
    )]
    NothingMoves {
        /// Row of the unit.
        unit: usize,
    },
    /// Too few independent units (or clusters) for a standard error.
    #[error("{what} rests on {actual} independent units, needs at least {needed}")]
    TooFew {
        /// What was to be estimated.
        what: &'static str,
        /// Independent units there are.
        actual: usize,
        /// Independent units needed.
        needed: usize,
    },
}

impl ScoreError {
    /// Returns whether the arms cannot be compared for some unit.
    pub fn is_overlap(&self) -> bool {
        matches!(self, Self::NoOverlap { .. })
    }
}

/// What was observed of some units and what is believed of them: checked once, used by every formula.
#[derive(Debug, Clone)]
pub struct Observed<'a> {
    pub(crate) y: &'a [f64],
    pub(crate) arm: &'a [u8],
    pub(crate) tau_hat: Vec<&'a [f64]>,
    pub(crate) nuisances: &'a Nuisances,
}

impl<'a> Observed<'a> {
    /// Checks and bundles outcome, arm, effects and nuisances of the same units.
    ///
    /// # Shapes and units
    ///
    /// `y`, `arm`, every column of `tau_hat`, `y_hat` and every column of `w_hat` have length `n`.
    /// `tau_hat[k − 1]` is the effect of arm `k` against control; `w_hat` has one column more, control
    /// first.
    ///
    /// # Errors
    ///
    /// [`ScoreError::LengthMismatch`], [`ScoreError::ArmMismatch`] where shapes disagree;
    /// [`ScoreError::NotFinite`], [`ScoreError::UnitOfUnknownArm`], [`ScoreError::NoOverlap`],
    /// [`ScoreError::PropensitySum`] with the unit. Trimming is the caller's decision (see [`trim`](crate::trim()))
    /// and is never done here.
    pub fn new(
        y: &'a [f64],
        arm: &'a [u8],
        tau_hat: &'a [impl AsRef<[f64]>],
        nuisances: &'a Nuisances,
    ) -> Result<Self, ScoreError> {
        let tau_hat: Vec<&[f64]> = tau_hat.iter().map(AsRef::as_ref).collect();
        let n = y.len();
        check_arms("w_hat", nuisances.w_hat.len(), tau_hat.len() + 1)?;
        check_len("arm", arm.len(), n)?;
        check_len("y_hat", nuisances.y_hat.len(), n)?;
        for column in &tau_hat {
            check_len("tau_hat", column.len(), n)?;
            check_finite("tau_hat", column)?;
        }
        for column in &nuisances.w_hat {
            check_len("w_hat", column.len(), n)?;
        }
        check_finite("y", y)?;
        check_finite("y_hat", &nuisances.y_hat)?;
        check_arm_of_units(arm, tau_hat.len())?;
        check_propensities(&nuisances.w_hat, n)?;
        Ok(Self { y, arm, tau_hat, nuisances })
    }

    /// Returns the number of units.
    pub fn n_units(&self) -> usize {
        self.y.len()
    }

    /// Returns the number of arms, control included.
    pub fn n_arms(&self) -> usize {
        self.tau_hat.len() + 1
    }

    /// Returns the AIPW scores of every unit under every arm; see [`arm_scores`].
    pub fn scores(&self) -> ArmScores {
        let arms = (0..self.n_arms())
            .map(|k| (0..self.n_units()).map(|unit| self.score(unit, k)).collect())
            .collect();
        ArmScores { arms }
    }

    /// Returns `Γₖ` of one unit.
    fn score(&self, unit: usize, k: usize) -> f64 {
        let mu = self.mu(unit, k);
        if usize::from(self.arm[unit]) == k {
            mu + (self.y[unit] - mu) / self.w_hat(unit, k)
        } else {
            mu
        }
    }

    /// Returns the expected outcome of one unit under arm `k`, `μₖ = μ₀ + τₖ`, `μ₀ = m − Σ eₗ τₗ`.
    pub(crate) fn mu(&self, unit: usize, k: usize) -> f64 {
        let mut mu = self.nuisances.y_hat[unit];
        for (index, column) in self.tau_hat.iter().enumerate() {
            let is_arm = f64::from(u8::from(index + 1 == k));
            mu += (is_arm - self.w_hat(unit, index + 1)) * column[unit];
        }
        mu
    }

    /// Returns the propensity of one unit for arm `k`.
    pub(crate) fn w_hat(&self, unit: usize, k: usize) -> f64 {
        self.nuisances.w_hat[k][unit]
    }
}

/// Potential-outcome scores: one column an arm, control first, one entry a unit.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ArmScores {
    /// `arms[k][unit] = Γₖ`, in the unit of the outcome.
    pub arms: Vec<Vec<f64>>,
}

impl ArmScores {
    /// Returns the number of units.
    pub fn n_units(&self) -> usize {
        self.arms.first().map_or(0, Vec::len)
    }

    /// Returns the number of arms, control included.
    pub fn n_arms(&self) -> usize {
        self.arms.len()
    }

    /// Returns the scores of the effect of arm `k` against control, `Γₖ − Γ₀`.
    ///
    /// # Errors
    ///
    /// [`ScoreError::UnknownArm`] if there is no arm `k`, or if it is control itself.
    pub fn effect(&self, k: usize) -> Result<Vec<f64>, ScoreError> {
        match (self.arms.first(), self.arms.get(k)) {
            (Some(control), Some(arm)) if k > 0 => {
                Ok(arm.iter().zip(control).map(|(treated, control)| treated - control).collect())
            }
            _ => Err(ScoreError::UnknownArm { arm: k, last: self.n_arms().saturating_sub(1) }),
        }
    }
}

/// Returns the AIPW scores of every unit under every arm.
///
/// # Formula
///
/// ```text
/// μ₀ = m̂(X) − Σₖ êₖ(X) τ̂ₖ(X)        μₖ = μ₀ + τ̂ₖ(X)
/// Γₖ = μₖ + 1{W = k} / êₖ(X) · (Y − μₖ)
/// ```
///
/// With one treated arm `Γ₁ − Γ₀` is the familiar
/// `τ̂ + (W − ê) / (ê (1 − ê)) · (Y − m̂ − τ̂ (W − ê))`.
///
/// # Shapes and units
///
/// See [`Observed::new`]. Scores share the unit of the outcome.
///
/// # Assumptions
///
/// No unmeasured confounding given `X`, overlap, and effects and nuisances that have not seen the
/// unit they are evaluated at (out of fold or held out).
///
/// # Errors
///
/// As [`Observed::new`].
///
/// # Source
///
/// Robins, Rotnitzky & Zhao (1994), *JASA* 89; Athey & Wager (2021), "Policy learning with
/// observational data", *Econometrica* 89(1); several arms: Zhou, Athey & Wager (2023), "Offline
/// multi-action policy learning", *Operations Research* 71(1).
///
/// # Example
///
/// ```
/// # use yorisoi_effects::{Nuisances, arm_scores};
/// let nuisances =
///     Nuisances { y_hat: vec![1.0, 1.0], w_hat: vec![vec![0.5, 0.5], vec![0.5, 0.5]] };
/// let scores = arm_scores(&[3.0, 1.0], &[1, 0], &[vec![2.0, 2.0]], &nuisances)?;
/// assert_eq!(scores.effect(1)?, vec![4.0, 0.0]);
/// # Ok::<(), yorisoi_effects::ScoreError>(())
/// ```
pub fn arm_scores(
    y: &[f64],
    arm: &[u8],
    tau_hat: &[impl AsRef<[f64]>],
    nuisances: &Nuisances,
) -> Result<ArmScores, ScoreError> {
    Observed::new(y, arm, tau_hat, nuisances).map(|observed| observed.scores())
}

fn check_propensities(w_hat: &[Vec<f64>], n: usize) -> Result<(), ScoreError> {
    for unit in 0..n {
        let mut sum = 0.0;
        for (arm, column) in w_hat.iter().enumerate() {
            let e = column[unit];
            // Written positively so that NaN is rejected too.
            let overlaps = e > 0.0 && e < 1.0;
            if !overlaps {
                return Err(ScoreError::NoOverlap { unit, arm, w_hat: e });
            }
            sum += e;
        }
        if (sum - 1.0).abs() > PROPENSITY_SUM_TOLERANCE {
            return Err(ScoreError::PropensitySum { unit, sum });
        }
    }
    Ok(())
}

fn check_arm_of_units(arm: &[u8], last: usize) -> Result<(), ScoreError> {
    match arm.iter().position(|arm| usize::from(*arm) > last) {
        Some(unit) => Err(ScoreError::UnitOfUnknownArm { unit, arm: usize::from(arm[unit]), last }),
        None => Ok(()),
    }
}

fn check_arms(name: &'static str, actual: usize, expected: usize) -> Result<(), ScoreError> {
    if actual == expected {
        Ok(())
    } else {
        Err(ScoreError::ArmMismatch { name, actual, expected })
    }
}

pub(crate) fn check_len(
    name: &'static str,
    actual: usize,
    expected: usize,
) -> Result<(), ScoreError> {
    if actual == expected {
        Ok(())
    } else {
        Err(ScoreError::LengthMismatch { name, actual, expected })
    }
}

pub(crate) fn check_finite(name: &'static str, values: &[f64]) -> Result<(), ScoreError> {
    match values.iter().position(|value| !value.is_finite()) {
        Some(unit) => Err(ScoreError::NotFinite { name, unit, value: values[unit] }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A handful of additions and divisions of numbers up to 100.
    const ROUNDING: f64 = 1e-9;

    fn binary(y: f64, treated: bool, tau: f64, m: f64, e: f64) -> f64 {
        let nuisances = Nuisances { y_hat: vec![m], w_hat: vec![vec![1.0 - e], vec![e]] };
        let scores = arm_scores(&[y], &[u8::from(treated)], &[[tau]], &nuisances).unwrap();
        scores.effect(1).unwrap()[0]
    }

    #[test]
    fn three_arms_by_hand() {
        // m = 10, e = (.5, .25, .25), tau = (2, 4): mu0 = 10 − .5 − 1 = 8.5, mu1 = 10.5, mu2 = 12.5.
        // The unit has arm 2 and y = 13: Γ2 = 12.5 + .5/.25 = 14.5.
        let nuisances =
            Nuisances { y_hat: vec![10.0], w_hat: vec![vec![0.5], vec![0.25], vec![0.25]] };
        let scores = arm_scores(&[13.0], &[2], &[[2.0], [4.0]], &nuisances).unwrap();
        let expected = [8.5, 10.5, 14.5];
        for (column, expected) in scores.arms.iter().zip(expected) {
            assert!((column[0] - expected).abs() < ROUNDING);
        }
        assert!((scores.effect(2).unwrap()[0] - 6.0).abs() < ROUNDING);
    }

    #[test]
    fn nan_and_extreme_propensities_are_no_overlap_with_the_unit_named() {
        for bad in [f64::NAN, 0.0, 1.0, -0.1] {
            let nuisances =
                Nuisances { y_hat: vec![0.0; 2], w_hat: vec![vec![0.5, 0.5], vec![0.5, bad]] };
            let error = arm_scores(&[0.0; 2], &[1, 0], &[vec![0.0; 2]], &nuisances).unwrap_err();
            assert!(error.is_overlap(), "{bad}: {error}");
            assert!(matches!(error, ScoreError::NoOverlap { unit: 1, arm: 1, .. }));
        }
    }

    #[test]
    fn wrong_shapes_and_values_are_errors() {
        let ok = Nuisances { y_hat: vec![0.0], w_hat: vec![vec![0.5], vec![0.5]] };
        let score = |y: &[f64], arm: &[u8], tau: &[Vec<f64>], n: &Nuisances| {
            arm_scores(y, arm, tau, n).unwrap_err()
        };
        let tau = [vec![0.0]];
        let length = score(&[0.0, 1.0], &[0], &tau, &ok);
        assert!(matches!(length, ScoreError::LengthMismatch { name: "arm", .. }));
        assert!(matches!(score(&[0.0], &[0], &[], &ok), ScoreError::ArmMismatch { .. }));
        let arm = score(&[0.0], &[2], &tau, &ok);
        assert!(matches!(arm, ScoreError::UnitOfUnknownArm { unit: 0, arm: 2, last: 1 }));
        let y = score(&[f64::NAN], &[0], &tau, &ok);
        assert!(matches!(y, ScoreError::NotFinite { name: "y", unit: 0, .. }));
        let sum = Nuisances { y_hat: vec![0.0], w_hat: vec![vec![0.5], vec![0.4]] };
        assert!(matches!(score(&[0.0], &[0], &tau, &sum), ScoreError::PropensitySum { .. }));
    }

    #[test]
    fn control_and_unknown_arms_have_no_effect_column() {
        let scores = ArmScores { arms: vec![vec![1.0], vec![2.0]] };
        assert!(matches!(scores.effect(0), Err(ScoreError::UnknownArm { arm: 0, last: 1 })));
        assert!(matches!(scores.effect(2), Err(ScoreError::UnknownArm { arm: 2, last: 1 })));
    }

    proptest! {
        /// The general formula reduces to the textbook one for a binary treatment.
        #[test]
        fn one_arm_gives_the_binary_score(
            y in -10.0..10.0_f64, w: bool, tau in -3.0..3.0_f64, m in -10.0..10.0_f64, e in 0.05..0.95_f64,
        ) {
            let centred = f64::from(u8::from(w)) - e;
            let textbook = tau + centred / (e * (1.0 - e)) * (y - m - tau * centred);
            prop_assert!((binary(y, w, tau, m, e) - textbook).abs() < ROUNDING);
        }

        /// Relabelling the arms negates the effect.
        #[test]
        fn swapping_arms_negates_scores(
            y in -10.0..10.0_f64, w: bool, tau in -3.0..3.0_f64, m in -10.0..10.0_f64, e in 0.05..0.95_f64,
        ) {
            prop_assert!((binary(y, w, tau, m, e) + binary(y, !w, -tau, m, 1.0 - e)).abs() < ROUNDING);
        }
    }
}
