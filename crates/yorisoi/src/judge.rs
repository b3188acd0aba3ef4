//! What do the held-out rows say of the effects? Averages, ranking and calibration of each arm.

use yorisoi_data::{Estimate, HeldOut, Progress};
use yorisoi_effects::{Observed, ScoreError, Target, average_effect, difference_in_means};
use yorisoi_evaluation::{
    ArmFacts, Calibration, Cells, EvaluationError, Facts, Overlap, Rate, RateOptions, calibration,
    overlap, predictability, rate, tenths,
};

use crate::bench::Bench;
use crate::dosage;

/// What is known of one non-control arm. `None` where the rows are too few to say.
#[derive(Debug)]
pub(crate) struct JudgedArm {
    /// Average effect.
    pub(crate) ate: Option<Estimate>,
    /// Average effect on those who got the arm.
    pub(crate) att: Option<Estimate>,
    /// Average effect where both were likely.
    pub(crate) ato: Option<Estimate>,
    /// Plain difference of means.
    pub(crate) difference: Option<Estimate>,
    /// Does the ranking find whom it helps?
    pub(crate) rate: Option<Rate>,
    /// Are effects the size they claim?
    pub(crate) calibration: Option<Calibration>,
    /// Effects found by predicted effect.
    pub(crate) tenths: Option<Cells>,
    /// Can the arm be compared with control?
    pub(crate) overlap: Option<Overlap>,
}

/// What the held-out rows of one split say.
#[derive(Debug)]
pub(crate) struct Judged {
    /// Non-control arms.
    pub(crate) arms: Vec<JudgedArm>,
    /// What the verdict rests on.
    pub(crate) facts: Facts,
}

/// Judges every arm.
///
/// `is_known` says that the propensities are those of a trial: then nothing about them is in doubt.
///
/// # Errors
///
/// An [`EvaluationError`] other than that of too few rows, which leaves gaps instead.
pub(crate) fn judge(
    bench: &Bench,
    is_known: bool,
    seed: u64,
    progress: &dyn Progress,
) -> Result<Judged, EvaluationError> {
    if let Some(amounts) = &bench.dosage {
        return dosage::judge(bench, amounts, seed, progress);
    }
    let n_arms = bench.arm_names.len();
    let judge_arm = |k| judge_arm(bench, k, seed, progress);
    let arms = (1..n_arms).map(judge_arm).collect::<Result<Vec<_>, _>>()?;
    let facts = facts(bench, &arms, is_known)?;
    Ok(Judged { arms, facts })
}

fn judge_arm(
    bench: &Bench,
    k: usize,
    seed: u64,
    progress: &dyn Progress,
) -> Result<JudgedArm, EvaluationError> {
    let sampling = bench.sampling()?;
    let (predicted, scores) = (bench.predicted(k), bench.effect_scores(k)?);
    let tau_hat: Vec<&[f64]> =
        bench.effects.get().arms.iter().map(|arm| arm.tau_hat.as_slice()).collect();
    let observed = Observed::new(&bench.y, &bench.arm, &tau_hat, bench.nuisances.get())?;
    let average = |target| known(average_effect(&observed, k, target, &sampling));
    let options = RateOptions { seed, ..RateOptions::default() };
    Ok(JudgedArm {
        ate: average(Target::All)?,
        att: average(Target::Treated)?,
        ato: average(Target::Overlap)?,
        difference: known(difference_in_means(&bench.y, &bench.arm, k, &sampling))?,
        rate: enough(rate(&predicted, &scores, &sampling, options, progress))?,
        calibration: enough(calibration(&predicted, &scores, &sampling))?,
        tenths: enough(tenths(&predicted, &scores, &sampling))?,
        overlap: enough(overlap(&bench.nuisances, &bench.arm, k, &sampling))?,
    })
}

fn facts(bench: &Bench, arms: &[JudgedArm], is_known: bool) -> Result<Facts, EvaluationError> {
    let explained = if bench.n() == 0 {
        None
    } else {
        let sampling = bench.sampling()?;
        Some(predictability(&bench.y, &bench.arm, &bench.nuisances, &sampling)?)
    };
    let rarer = |k: usize| bench.is_yes_or_no.then(|| rarer_outcome(bench, k));
    let of_arm = |(at, arm): (usize, &JudgedArm)| {
        let k = at + 1;
        let overlap = arm.overlap.as_ref();
        let told = explained.as_ref().and_then(|explained| explained.treatment[at]);
        ArmFacts {
            name: bench.arm_names[k].clone(),
            units: bench.n_in(k),
            groups: bench.groups_in(k),
            rarer_outcome: rarer(k),
            effective_units: overlap
                .map_or(0.0, |overlap| overlap.effective_treated.min(overlap.effective_control)),
            share_lopsided: match overlap {
                Some(overlap) if !is_known => overlap.share_lopsided,
                _ => 0.0,
            },
            treatment_predictability: told.filter(|_| !is_known),
            ate: arm.ate,
            autoc: arm.rate.as_ref().map(|rate| rate.autoc),
        }
    };
    Ok(Facts {
        arms: arms.iter().enumerate().map(of_arm).collect(),
        control_units: bench.n_in(0),
        control_groups: bench.groups_in(0),
        control_rarer_outcome: rarer(0),
        outcome_predictability: explained.as_ref().and_then(|explained| explained.outcome),
    })
}

fn rarer_outcome(bench: &Bench, k: usize) -> usize {
    let in_arm = bench.y.iter().zip(&bench.arm).filter(|&(_, &arm)| usize::from(arm) == k);
    let ones = in_arm.filter(|&(&y, _)| y > 0.5).count();
    ones.min(bench.n_in(k) - ones)
}

/// Turns "too few rows" into a gap.
pub(crate) fn enough<T>(result: Result<T, EvaluationError>) -> Result<Option<T>, EvaluationError> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.is_too_few() => Ok(None),
        // One unit with all the spread, such as a single outlier, also leaves nothing to say.
        Err(EvaluationError::SingleUnit { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// As [`enough`], for an average.
pub(crate) fn known(
    result: Result<Estimate, ScoreError>,
) -> Result<Option<Estimate>, EvaluationError> {
    enough(result.map_err(EvaluationError::from))
}

/// Marks columns made for the whole dataset, each row by models that have not seen it.
pub(crate) fn held_out<T>(value: T) -> HeldOut<T> {
    HeldOut::promise(value)
}
