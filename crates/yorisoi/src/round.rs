//! One round of a study: split, learn on one side, judge on the other.

use yorisoi_data::{Arms, Dataset, HeldOut, Progress, Propensity, Split, Treatment};
use yorisoi_effects::{DoseSpread, Effects, FittedEffects, Nuisances, fit_effects};

use crate::bench::{Believed, Bench};
use crate::error::StudyError;
use crate::judge::{Judged, judge};
use crate::options::StudyOptions;
use crate::split::split;
use crate::units::{at, join, join_effects, join_nuisances};

/// What was learned from the training rows of one split.
#[derive(Debug)]
pub(crate) struct Learned {
    /// The split.
    pub(crate) split: Split,
    /// The model, and what it says of the rows it learned from.
    pub(crate) fitted: FittedEffects,
    /// Predicted effects of the held-out rows.
    held_effects: Effects,
}

/// What one split gave.
#[derive(Debug)]
pub(crate) struct Round {
    /// What was learned.
    pub(crate) learned: Learned,
    /// Nuisances of every used row: out of fold for training rows.
    pub(crate) nuisances: HeldOut<Nuisances>,
    /// How much a dose varies among people alike, for every used row: out of fold for training rows.
    pub(crate) variance: Option<HeldOut<Vec<f64>>>,
    /// The held-out rows.
    pub(crate) bench: Bench,
    /// What they say.
    pub(crate) judged: Judged,
}

/// Runs the `repeat`-th round.
///
/// # Errors
///
/// A [`StudyError`] where an arm has too few training rows, or nobody among the held-out ones.
pub(crate) fn run(
    data: &Dataset,
    arms: &Arms,
    options: &StudyOptions,
    repeat: u32,
    progress: &dyn Progress,
) -> Result<Round, StudyError> {
    let split = split(data, options.held_out, options.effects.seed, repeat);
    let is_dose = matches!(data.treatment, Treatment::Dose(_));
    if !is_dose {
        check_sides(arms, &split)?;
    }
    let fitted = fit_effects(data, split.train(), &options.effects, progress)?;
    let model = &fitted.model;
    let held_rows = split.held_out_rows();
    let held_effects = model.effects(&data.features, held_rows, progress);
    progress.stage("evaluate", 0);
    let given = match &data.propensity {
        Propensity::PerUnit(e) => Some(e.iter().map(|e| at(e, held_rows)).collect::<Vec<_>>()),
        _ => None,
    };
    let held_nuisances = model.nuisances(&data.features, held_rows, given.as_deref());
    let nuisances = HeldOut::promise(join_nuisances(&split, &fitted.nuisances, &held_nuisances));
    let (held_variance, variance) =
        if is_dose { spread_of_dose(data, &split, &fitted, options)? } else { (None, None) };
    // The model has learned from the other side of the split.
    let believed = Believed {
        effects: HeldOut::promise(held_effects.clone()),
        nuisances: HeldOut::promise(held_nuisances),
        variance: held_variance,
    };
    let bench = Bench::new(data, arms, held_rows, believed, options.trim)?;
    let judged = judge(&bench, is_known(&data.propensity), options.effects.seed, progress)?;
    let learned = Learned { split, fitted, held_effects };
    Ok(Round { learned, nuisances, variance, bench, judged })
}

/// A column of the held-out rows, and one of all.
type HeldAndAll = (Option<HeldOut<Vec<f64>>>, Option<HeldOut<Vec<f64>>>);

/// Learns on the training rows how much a dose varies among people alike.
fn spread_of_dose(
    data: &Dataset,
    split: &Split,
    fitted: &FittedEffects,
    options: &StudyOptions,
) -> Result<HeldAndAll, StudyError> {
    let (spread, of_training) =
        DoseSpread::fit(data, split.train(), &fitted.nuisances, &options.effects)?;
    let held = spread.variance(&data.features, split.held_out_rows());
    let all = join(split, of_training.get(), &held);
    Ok((Some(HeldOut::promise(held)), Some(HeldOut::promise(all))))
}

impl Learned {
    /// Returns the effects of every used row: out of bag for training rows, predicted for the others.
    pub(crate) fn effects(&self, data: &Dataset, progress: &dyn Progress) -> Effects {
        let train = self.fitted.out_of_bag(data, self.split.train(), progress);
        join_effects(&self.split, &train, &self.held_effects)
    }
}

/// Returns whether a trial's own probabilities say that everyone could have got every arm.
pub(crate) fn is_known(propensity: &Propensity) -> bool {
    matches!(propensity, Propensity::Constant(_))
}

fn check_sides(arms: &Arms, split: &Split) -> Result<(), StudyError> {
    for (rows, side) in [(split.train(), "training"), (split.held_out_rows(), "held-out")] {
        let mut is_there = vec![false; arms.names.len()];
        for &row in rows {
            is_there[usize::from(arms.arm[row as usize])] = true;
        }
        if let Some(arm) = is_there.iter().position(|there| !there) {
            return Err(StudyError::EmptySide { arm: arms.names[arm].clone(), side });
        }
    }
    Ok(())
}
