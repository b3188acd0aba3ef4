//! How is an amount studied? As "one unit more" against "as it was".

use std::borrow::Cow;

use yorisoi_data::{Arms, Dataset, Progress, Treatment, Z_95, centre_and_spread};
use yorisoi_effects::{
    ArmScores, DOSE_ARMS, DoseObserved, Effects, Nuisances, ScoreError, arm_scores,
};
use yorisoi_evaluation::{
    ArmFacts, EvaluationError, Facts, RateOptions, calibration, explained_share, rate, tenths,
};

use crate::bench::Bench;
use crate::judge::{Judged, JudgedArm, enough, known};
use crate::proof::Proof;
use crate::summary::Dose;
use crate::units::at;

/// Shares of the people between whose amounts a plan stays.
const RANGE: [f64; 2] = [0.025, 0.975];

/// Amounts of some rows.
#[derive(Debug, Clone)]
pub(crate) struct Dosage {
    /// The amount each got.
    pub(crate) dose: Vec<f64>,
    /// How much it varies among people alike, `v̂(x)`.
    pub(crate) variance: Vec<f64>,
}

impl Dosage {
    /// Takes the amounts of `units`; `None` where the treatment is no amount.
    pub(crate) fn new(data: &Dataset, units: &[u32], variance: Vec<f64>) -> Option<Self> {
        let Treatment::Dose(dose) = &data.treatment else { return None };
        Some(Self { dose: at(dose, units), variance })
    }
}

/// Returns the arms; an amount has two, and nobody is in the second: as it was, and one unit more.
pub(crate) fn arms(data: &Dataset) -> Cow<'_, Arms> {
    match &data.treatment {
        Treatment::Arms(arms) => Cow::Borrowed(arms),
        Treatment::Dose(dose) => {
            let names = DOSE_ARMS.map(str::to_owned).to_vec();
            Cow::Owned(Arms { names, arm: vec![0; dose.len()] })
        }
    }
}

/// Returns the doubly robust scores of rows, those of an amount where they have one.
///
/// # Errors
///
/// A [`ScoreError`], such as a propensity of 0.
pub(crate) fn scores_of(
    (y, arm): (&[f64], &[u8]),
    dosage: Option<&Dosage>,
    effects: &Effects,
    nuisances: &Nuisances,
) -> Result<ArmScores, ScoreError> {
    let tau_hat: Vec<&[f64]> = effects.arms.iter().map(|arm| arm.tau_hat.as_slice()).collect();
    match (dosage, tau_hat.as_slice()) {
        (Some(Dosage { dose, variance }), [tau_hat]) => {
            Ok(DoseObserved::new((y, dose), tau_hat, nuisances, variance)?.scores())
        }
        _ => arm_scores(y, arm, &tau_hat, nuisances),
    }
}

/// Judges one unit more of an amount on held-out rows.
///
/// # Errors
///
/// An [`EvaluationError`] other than that of too few rows, which leaves gaps instead.
pub(crate) fn judge(
    bench: &Bench,
    dosage: &Dosage,
    seed: u64,
    progress: &dyn Progress,
) -> Result<Judged, EvaluationError> {
    let sampling = bench.sampling()?;
    let (predicted, scores) = (bench.predicted(1), bench.effect_scores(1)?);
    let observed = observed(bench, dosage)?;
    let options = RateOptions { seed, ..RateOptions::default() };
    let arm = JudgedArm {
        ate: known(observed.average(&sampling))?,
        att: None,
        ato: known(observed.average_where_free(&sampling))?,
        difference: known(observed.slope(&sampling))?,
        rate: enough(rate(&predicted, &scores, &sampling, options, progress))?,
        calibration: enough(calibration(&predicted, &scores, &sampling))?,
        tenths: enough(tenths(&predicted, &scores, &sampling))?,
        overlap: None,
    };
    let facts = facts(bench, &observed, &arm)?;
    Ok(Judged { arms: vec![arm], facts })
}

fn observed<'a>(bench: &'a Bench, dosage: &'a Dosage) -> Result<DoseObserved<'a>, ScoreError> {
    let tau_hat = bench.effects.get().arms[0].tau_hat.as_slice();
    let nuisances = bench.nuisances.get();
    DoseObserved::new((&bench.y, &dosage.dose), tau_hat, nuisances, &dosage.variance)
}

fn facts(
    bench: &Bench,
    observed: &DoseObserved<'_>,
    arm: &JudgedArm,
) -> Result<Facts, EvaluationError> {
    let (n, sampling) = (bench.n(), bench.sampling()?);
    // Nobody is in the second "arm": everyone is judged, and belongs to the first.
    let groups = bench.groups_in(0);
    let rarer = bench.is_yes_or_no.then(|| {
        let ones = bench.y.iter().filter(|&&y| y > 0.5).count();
        ones.min(n - ones)
    });
    let of_arm = ArmFacts {
        name: bench.arm_names[1].clone(),
        units: n,
        groups,
        rarer_outcome: rarer,
        effective_units: observed.effective_units(&sampling)?,
        share_lopsided: observed.share_fixed(&sampling)?,
        treatment_predictability: observed.explained(&sampling)?,
        ate: arm.ate,
        autoc: arm.rate.as_ref().map(|rate| rate.autoc),
    };
    Ok(Facts {
        arms: vec![of_arm],
        control_units: n,
        control_groups: groups,
        control_rarer_outcome: rarer,
        outcome_predictability: explained_share(&bench.y, &bench.nuisances.get().y_hat, &sampling)?,
    })
}

/// Returns the amounts between which all but a twentieth of the people lie.
fn range(dose: &[f64]) -> [f64; 2] {
    let mut sorted = dose.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1);
    RANGE.map(|share| sorted.get((share * last as f64).round() as usize).copied().unwrap_or(0.0))
}

/// Returns for whom one unit more lies outside what the data show: where amounts of people alike reach
/// less than a unit from their mean, or where that mean and a unit exceed what nearly all got. `None` for
/// arms.
///
/// It depends on features alone, as do the effects, so that held-out scores can judge the plan.
pub(crate) fn out_of_range(data: &Dataset, proof: &Proof) -> Option<Vec<bool>> {
    let (Treatment::Dose(dose), Some(variance)) = (&data.treatment, &proof.variance) else {
        return None;
    };
    let [_, highest] = range(dose);
    let means = proof.nuisances.get().w_hat.last()?;
    let is_out = |(mean, variance): (&f64, &f64)| {
        let is_in = Z_95 * variance.sqrt() >= 1.0 && mean + 1.0 <= highest;
        !is_in
    };
    Some(means.iter().zip(variance.get()).map(is_out).collect())
}

/// Returns what the summary says of amounts; `None` for arms.
pub(crate) fn summary(data: &Dataset, proof: &Proof, out: Option<&[bool]>) -> Option<Dose> {
    let (Treatment::Dose(dose), Some(own)) = (&data.treatment, &proof.bench.dosage) else {
        return None;
    };
    let observed = observed(&proof.bench, own).ok()?;
    let sampling = proof.bench.sampling().ok()?;
    let amounts = dose.iter().enumerate().map(|(unit, &amount)| (amount, data.weight(unit)));
    let amounts = centre_and_spread(amounts);
    let [low, high] = range(dose);
    let within = out.map_or(0, |out| out.iter().filter(|&&out| !out).count());
    Some(Dose {
        mean: amounts.centre,
        std_dev: amounts.spread(),
        low,
        high,
        explained: observed.explained(&sampling).ok()?.unwrap_or(f64::NAN),
        std_dev_alike: sampling.centre_and_spread(&own.variance).centre.sqrt(),
        share_fixed: observed.share_fixed(&sampling).ok()?,
        share_in_range: within as f64 / dose.len().max(1) as f64,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_leaves_out_a_fortieth_at_either_end() {
        let dose: Vec<f64> = (0..=1_000).rev().map(f64::from).collect();
        let [low, high] = range(&dose);
        assert!((low - 25.0).abs() < 1e-9 && (high - 975.0).abs() < 1e-9);
    }
}
