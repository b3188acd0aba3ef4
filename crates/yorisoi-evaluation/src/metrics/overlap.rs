//! Can the arms be compared everywhere? Propensities, and whether something gives the answer away.

use serde::{Deserialize, Serialize};
use yorisoi_data::{HeldOut, centre_and_spread};
use yorisoi_effects::{Nuisances, Sampling, ScoreError};

use super::balance::check_arm;
use crate::EvaluationError;
use crate::error::{check_column, check_len};

/// Cells of the propensity histogram.
pub const HISTOGRAM_CELLS: usize = 20;

/// A propensity against control below this, or above one less it, is called thin.
const THIN: f64 = 0.05;

/// Propensities of one arm against control, `ρ = eₖ / (e₀ + eₖ)`, over the units judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Overlap {
    /// Smallest `ρ`.
    pub min: f64,
    /// Largest `ρ`.
    pub max: f64,
    /// Share of units with `ρ` below .05 or above .95.
    pub share_thin: f64,
    /// Share of the people whose odds `ρ/(1 − ρ)` are more than 19 times (= .95/.05) higher or lower than
    /// the odds of all, each unit counting by its sample weight. Unlike `share_thin` it does not take an arm that few got *by design* for
    /// one that few *could* have got.
    pub share_lopsided: f64,
    /// Independent units (clusters, where there are any) that got the arm, discounted for unequal weights:
    /// sample weights over propensities ([`Sampling::effective_units`]).
    pub effective_treated: f64,
    /// Same for control.
    pub effective_control: f64,
    /// Units with the arm in each of 20 equal cells of `ρ` over `[0, 1]`.
    pub histogram_treated: Vec<usize>,
    /// Same for control.
    pub histogram_control: Vec<usize>,
}

/// Summarises how comparable arm `k` and control are.
///
/// # Formula
///
/// ```text
/// effective = (Σ_g s_g)² / Σ_g s_g²        s_g = Σ w/e over the units of cluster g with the arm
/// ```
///
/// # Errors
///
/// [`ScoreError::LengthMismatch`], [`ScoreError::UnknownArm`], [`ScoreError::NotFinite`];
/// [`ScoreError::TooFew`] without a unit in either arm. Propensities of 0 and 1 are allowed: this is
/// where one sees them.
///
/// # Source
///
/// Kish (1965), *Survey Sampling*; Li, Morgan & Zaslavsky (2018), *JASA* 113.
pub fn overlap(
    nuisances: &HeldOut<Nuisances>,
    arm: &[u8],
    k: usize,
    sampling: &Sampling<'_>,
) -> Result<Overlap, EvaluationError> {
    let w_hat = &nuisances.get().w_hat;
    check_arm(k, w_hat, arm.len())?;
    check_len("sampling", sampling.n_units(), arm.len())?;
    let rho = rho(w_hat, k)?;
    let people = |is: &dyn Fn(usize) -> bool| {
        (0..arm.len()).filter(|&unit| is(unit)).map(|unit| sampling.weight(unit)).sum::<f64>()
    };
    let treated = people(&|unit| usize::from(arm[unit]) == k);
    let control = people(&|unit| arm[unit] == 0);
    if treated <= 0.0 || control <= 0.0 {
        let what = "the comparison of an arm with control";
        return Err(ScoreError::TooFew { what, actual: 0, needed: 1 }.into());
    }
    let is_thin = |rho: &&f64| !(THIN..=1.0 - THIN).contains(*rho);
    let (odds, limit) = (treated / control, (1.0 - THIN) / THIN);
    let is_lopsided = |rho: f64| {
        let relative = rho / (1.0 - rho) / odds;
        !(1.0 / limit..=limit).contains(&relative)
    };
    let histogram = |number: usize| {
        let mut cells = vec![0; HISTOGRAM_CELLS];
        for (rho, _) in rho.iter().zip(arm).filter(|(_, arm)| usize::from(**arm) == number) {
            cells[((rho * HISTOGRAM_CELLS as f64) as usize).min(HISTOGRAM_CELLS - 1)] += 1;
        }
        cells
    };
    Ok(Overlap {
        min: rho.iter().copied().fold(f64::INFINITY, f64::min),
        max: rho.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        share_thin: rho.iter().filter(is_thin).count() as f64 / rho.len() as f64,
        share_lopsided: people(&|unit| is_lopsided(rho[unit])) / people(&|_| true),
        effective_treated: effective(&w_hat[k], arm, k, sampling),
        effective_control: effective(&w_hat[0], arm, 0, sampling),
        histogram_treated: histogram(k),
        histogram_control: histogram(0),
    })
}

/// How much of treatment and outcome the features alone explain, out of sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Predictability {
    /// Share of the outcome's variance that `m(x)` explains; `None` if the outcome is constant.
    pub outcome: Option<f64>,
    /// For each arm but control, the share of the variance of "this arm, not control" that its
    /// propensity explains among units with either; `None` if only one of the two occurs.
    pub treatment: Vec<Option<f64>>,
}

/// Measures whether a feature gives away treatment or outcome.
///
/// A share near 1 means that a column is the treatment or the outcome under another name, or that a
/// rule decided who was treated.
///
/// # Formula
///
/// ```text
/// 1 − Σ wᵢ (Yᵢ − m̂ᵢ)² / Σ wᵢ (Yᵢ − Ȳ)²        1 − Σ wᵢ (1{W=k} − ρᵢ)² / Σ wᵢ (1{W=k} − ρ̄)²
/// ```
///
/// # Errors
///
/// [`ScoreError::LengthMismatch`], [`ScoreError::NotFinite`].
pub fn predictability(
    y: &[f64],
    arm: &[u8],
    nuisances: &HeldOut<Nuisances>,
    sampling: &Sampling<'_>,
) -> Result<Predictability, EvaluationError> {
    let Nuisances { y_hat, w_hat } = nuisances.get();
    check_len("arm", arm.len(), y.len())?;
    check_column("y", y, y.len())?;
    check_column("y_hat", y_hat, y.len())?;
    let treatment_of = |k: usize| -> Result<Option<f64>, EvaluationError> {
        check_arm(k, w_hat, arm.len())?;
        let rho = rho(w_hat, k)?;
        let of_pair = |unit: &usize| usize::from(arm[*unit]) == k || arm[*unit] == 0;
        let with = |unit: usize| Seen {
            observed: f64::from(u8::from(arm[unit] != 0)),
            predicted: rho[unit],
            weight: sampling.weight(unit),
        };
        Ok(explained(&(0..arm.len()).filter(of_pair).map(with).collect::<Vec<_>>()))
    };
    Ok(Predictability {
        outcome: explained_share(y, y_hat, sampling)?,
        treatment: (1..w_hat.len()).map(treatment_of).collect::<Result<_, _>>()?,
    })
}

/// Returns the share of a column's variance that predictions explain; `None` for a constant column.
///
/// # Formula
///
/// `1 − Σ wᵢ (Yᵢ − Ŷᵢ)² / Σ wᵢ (Yᵢ − Ȳ)²`
///
/// # Errors
///
/// [`ScoreError::LengthMismatch`].
pub fn explained_share(
    observed: &[f64],
    predicted: &[f64],
    sampling: &Sampling<'_>,
) -> Result<Option<f64>, ScoreError> {
    check_len("predicted", predicted.len(), observed.len())?;
    check_len("sampling", sampling.n_units(), observed.len())?;
    let seen = (0..observed.len()).map(|unit| Seen {
        observed: observed[unit],
        predicted: predicted[unit],
        weight: sampling.weight(unit),
    });
    Ok(explained(&seen.collect::<Vec<_>>()))
}

/// A value, what was said of it before, and how much it counts.
struct Seen {
    observed: f64,
    predicted: f64,
    weight: f64,
}

fn explained(seen: &[Seen]) -> Option<f64> {
    let values = seen.iter().map(|one| (one.observed, one.weight));
    let weight: f64 = seen.iter().map(|one| one.weight).sum();
    let total = weight * centre_and_spread(values).variance;
    let left: f64 = seen.iter().map(|o| o.weight * (o.observed - o.predicted).powi(2)).sum();
    (total > 0.0).then(|| 1.0 - left / total)
}

fn rho(w_hat: &[Vec<f64>], k: usize) -> Result<Vec<f64>, ScoreError> {
    let of_unit = |(unit, (e, e_0)): (usize, (&f64, &f64))| {
        let rho = e / (e + e_0);
        // Not within [0, 1] where either is NaN or negative, or both are zero.
        if (0.0..=1.0).contains(&rho) {
            Ok(rho)
        } else {
            Err(ScoreError::NotFinite { name: "w_hat", unit, value: rho })
        }
    };
    w_hat[k].iter().zip(&w_hat[0]).enumerate().map(of_unit).collect()
}

fn effective(propensity: &[f64], arm: &[u8], k: usize, sampling: &Sampling<'_>) -> f64 {
    let inverse = |unit: usize| (usize::from(arm[unit]) == k).then(|| 1.0 / propensity[unit]);
    let effective = sampling.effective_units(inverse);
    // A unit that got what it could not get (propensity 0) outweighs all others.
    if effective.is_finite() { effective } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROUNDING: f64 = 1e-12;

    fn binary(e: &[f64]) -> HeldOut<Nuisances> {
        HeldOut::promise(Nuisances {
            y_hat: vec![0.5; e.len()],
            w_hat: vec![e.iter().map(|e| 1.0 - e).collect(), e.to_vec()],
        })
    }

    #[test]
    fn summary_by_hand() {
        let overlap =
            overlap(&binary(&[0.02, 0.5, 0.5, 1.0]), &[0, 0, 1, 1], 1, &Sampling::equal(4))
                .unwrap();
        assert!((overlap.min - 0.02).abs() < ROUNDING && (overlap.max - 1.0).abs() < ROUNDING);
        assert!((overlap.share_thin - 0.5).abs() < ROUNDING);
        assert!((overlap.share_lopsided - 0.5).abs() < ROUNDING);
        // Weights of the treated 2 and 1: 9/5.
        assert!((overlap.effective_treated - 1.8).abs() < ROUNDING);
        assert_eq!((overlap.histogram_control[0], overlap.histogram_control[10]), (1, 1));
        assert_eq!((overlap.histogram_treated[10], overlap.histogram_treated[19]), (1, 1));
    }

    #[test]
    fn few_treated_by_design_are_thin_but_not_lopsided() {
        let arm: Vec<u8> = (0..100).map(|unit| u8::from(unit < 3)).collect();
        let overlap = overlap(&binary(&[0.03; 100]), &arm, 1, &Sampling::equal(100)).unwrap();
        assert!((overlap.share_thin - 1.0).abs() < ROUNDING);
        assert!(overlap.share_lopsided.abs() < ROUNDING);
        assert!((overlap.effective_treated - 3.0).abs() < ROUNDING);
    }

    #[test]
    fn a_rule_that_decided_is_lopsided_and_predictable() {
        let e = [0.01, 0.01, 0.99, 0.99];
        let arm = [0, 0, 1, 1];
        assert!(
            (overlap(&binary(&e), &arm, 1, &Sampling::equal(4)).unwrap().share_lopsided - 1.0)
                .abs()
                < ROUNDING
        );
        let found =
            predictability(&[0.0, 1.0, 0.0, 1.0], &arm, &binary(&e), &Sampling::equal(4)).unwrap();
        assert!(found.treatment[0].unwrap() > 0.999);
        assert!(found.outcome.unwrap().abs() < ROUNDING);
    }

    #[test]
    fn constant_outcome_and_single_arm_have_no_predictability() {
        let found =
            predictability(&[1.0; 3], &[0; 3], &binary(&[0.5; 3]), &Sampling::equal(3)).unwrap();
        assert_eq!((found.outcome, found.treatment), (None, vec![None]));
        assert!(
            overlap(&binary(&[0.5; 3]), &[0; 3], 1, &Sampling::equal(3)).unwrap_err().is_too_few()
        );
    }

    #[test]
    fn nan_propensities_are_named() {
        let error =
            overlap(&binary(&[0.5, f64::NAN]), &[0, 1], 1, &Sampling::equal(2)).unwrap_err();
        assert!(matches!(
            error,
            EvaluationError::Score(ScoreError::NotFinite { name: "w_hat", unit: 1, .. })
        ));
    }

    #[test]
    fn three_rows_that_outweigh_two_thousand_are_three_people() {
        let n = 2_000_usize;
        let arm: Vec<u8> = (0..n).map(|unit| u8::from(unit.is_multiple_of(2))).collect();
        let weights: Vec<f64> = (0..n).map(|unit| if unit < 6 { 1e5 } else { 1.0 }).collect();
        let heavy = Sampling::equal(n).with_weights(&weights).unwrap();
        let found = overlap(&binary(&vec![0.5; n]), &arm, 1, &heavy).unwrap();
        assert!((found.effective_treated - 3.0).abs() < 0.1, "{}", found.effective_treated);
        assert!((found.effective_control - 3.0).abs() < 0.1, "{}", found.effective_control);
    }

    #[test]
    fn a_cluster_that_holds_nearly_everyone_is_one_unit() {
        let n = 1_000_usize;
        let arm: Vec<u8> = (0..n).map(|unit| u8::from(unit.is_multiple_of(2))).collect();
        let clusters: Vec<u32> = (0..n).map(|unit| unit.saturating_sub(900) as u32).collect();
        let sampling = Sampling::equal(n).with_clusters(&clusters).unwrap();
        let found = overlap(&binary(&vec![0.5; n]), &arm, 1, &sampling).unwrap();
        // 451 treated in the largest, 49 alone: 500² / (451² + 49).
        assert!((found.effective_treated - 1.229).abs() < 1e-3, "{}", found.effective_treated);
    }

    #[test]
    fn shares_count_people_and_not_rows() {
        // Two rows stand for nine people each: those all but certain are nine of ten.
        let (e, arm) = ([0.01, 0.99, 0.5, 0.5], [0, 1, 0, 1]);
        let weights = [9.0, 9.0, 1.0, 1.0];
        let weighed = Sampling::equal(4).with_weights(&weights).unwrap();
        let found = overlap(&binary(&e), &arm, 1, &weighed).unwrap();
        assert!((found.share_lopsided - 0.9).abs() < ROUNDING, "{}", found.share_lopsided);
        let y = [0.0, 1.0, 0.0, 1.0];
        let found = predictability(&y, &arm, &binary(&e), &weighed).unwrap();
        // Σ w (W − ρ)² = 2 · 9 · .01² + 2 · .25, Σ w (W − ½)² = 5.
        assert!((found.treatment[0].unwrap() - (1.0 - 0.5018 / 5.0)).abs() < ROUNDING);
    }
}
