//! The stages of a study one at a time: learn, score new rows, judge, plan.

use yorisoi_data::{Arms, Dataset, Features, HeldOut, Progress, Propensity, Roles, Table};
use yorisoi_effects::{ArmTuning, EffectModel, fit_effects};

use crate::bench::{Believed, Bench};
use crate::error::StudyError;
use crate::judge::judge;
use crate::options::{PlanOptions, StudyOptions};
use crate::planning::{Bounds, PlanTable, deviation};
use crate::pricing::Pricing;
use crate::proof::{OverSplits, Proof};
use crate::round::is_known;
use crate::rows::EffectRows;
use crate::study::{arms_of, without_costs};
use crate::summary::Summary;
use crate::summing_up::{Findings, sum_up};

/// A model learned from every row, with the data it came from.
#[derive(Debug)]
pub struct Fitted {
    /// The model.
    pub model: EffectModel,
    /// How each arm's forest was tuned.
    pub tuning: Vec<ArmTuning>,
    /// The data, with warnings and rows left out.
    pub data: Dataset,
}

/// Learns effects from every row of a table. The model can be judged on other rows only.
///
/// # Errors
///
/// A [`StudyError`] for a table that does not fit its roles, or arms too small to learn from.
pub fn fit(
    table: &Table,
    roles: &Roles,
    options: &StudyOptions,
    progress: &dyn Progress,
) -> Result<Fitted, StudyError> {
    progress.stage("prepare", 0);
    let data = Dataset::from_table(table, &without_costs(roles, options), &options.dataset)?;
    let rows: Vec<u32> = (0..data.n_units() as u32).collect();
    let fitted = fit_effects(&data, &rows, &options.effects, progress)?;
    let model = fitted.model.with_names(&roles.treatment, &roles.outcome, roles.better);
    Ok(Fitted { model, tuning: fitted.tuning, data })
}

/// Estimates the effects of every row of a table that the model has not learned from.
///
/// # Errors
///
/// [`StudyError::Bins`] where the table lacks the model's features.
pub fn score(
    model: &EffectModel,
    table: &Table,
    progress: &dyn Progress,
) -> Result<EffectRows, StudyError> {
    progress.stage("prepare", 0);
    let rows: Vec<u32> = (0..table.n_rows() as u32).collect();
    let features = model.binner().bin_table(table, &rows)?;
    let effects = model.effects(&features, &rows, progress);
    Ok(EffectRows {
        held_out: vec![true; rows.len()],
        source_row: rows,
        arms: model.arm_names()[1..].to_vec(),
        effects,
    })
}

/// Judges a model on a table it has not learned from, as a study judges its own on held-out rows.
///
/// The columns of `roles` say who got what and how it ended; features are the model's. Propensities are
/// those of `roles` where they are known, the model's estimates otherwise.
///
/// # Errors
///
/// A [`StudyError`] where the table fits neither its roles nor the model.
pub fn evaluate(
    model: &EffectModel,
    table: &Table,
    roles: &Roles,
    options: &StudyOptions,
    progress: &dyn Progress,
) -> Result<Summary, StudyError> {
    progress.stage("prepare", 0);
    if model.is_dose() {
        return Err(StudyError::Dose { column: roles.treatment.clone() });
    }
    let origin = model.origin();
    if !origin.outcome.is_empty() && origin.better != roles.better {
        return Err(StudyError::OtherDirection { outcome: roles.outcome.clone() });
    }
    let control = roles.control.clone().or_else(|| model.arm_names().first().cloned());
    let features = Features::Only(model.binner().names.clone());
    let roles = Roles { control, features, ..roles.clone() };
    let mut data = Dataset::from_table(table, &roles, &options.dataset)?;
    if data.fingerprint == origin.fingerprint {
        return Err(StudyError::SameTable);
    }
    let arms = as_model_counts(&mut data, &roles, model)?;
    // The table's rows in the model's own bins.
    data.features = model.binner().bin_table(table, &data.source_row)?;
    let pricing = Pricing::new(Some(table), &data.source_row, &arms.names[1..], &options.plan)?;
    let (effects, proof) = prove(model, &data, &arms, options, progress)?;
    if runs_against(&proof.bench.y, &proof.bench.nuisances.get().y_hat) {
        return Err(StudyError::OtherDirection { outcome: roles.outcome });
    }
    progress.stage("plan", 0);
    let (bounds, seed) = (Bounds::new(&options.plan, deviation(&data)), options.effects.seed);
    let plan = PlanTable::new(&effects, &pricing, &options.plan, (bounds, None), seed)?;
    sum_up(&Findings {
        table,
        roles: &roles,
        data: &data,
        arms: &arms,
        options,
        model,
        tuning: None,
        proof: &proof,
        tree: None,
        effects: &effects,
        plan: &plan,
        pricing: &pricing,
        bounds,
    })
}

fn prove(
    model: &EffectModel,
    data: &Dataset,
    arms: &Arms,
    options: &StudyOptions,
    progress: &dyn Progress,
) -> Result<(EffectRows, Proof), StudyError> {
    let rows: Vec<u32> = (0..data.n_units() as u32).collect();
    let effects = model.effects(&data.features, &rows, progress);
    progress.stage("evaluate", 0);
    let given = match &data.propensity {
        Propensity::PerUnit(e) => Some(e.as_slice()),
        _ => None,
    };
    let mut nuisances = model.nuisances(&data.features, &rows, given);
    // What is known of this table stands above what the model would guess of it.
    match &data.propensity {
        Propensity::Estimate => {}
        Propensity::Constant(e) => {
            nuisances.w_hat = e.iter().map(|&e| vec![e; rows.len()]).collect();
        }
        Propensity::PerUnit(e) => nuisances.w_hat.clone_from(e),
    }
    let nuisances = HeldOut::promise(nuisances);
    let effects_of = HeldOut::promise(effects.clone());
    let believed = Believed { effects: effects_of, nuisances: nuisances.clone(), variance: None };
    let bench = Bench::new(data, arms, &rows, believed, options.trim)?;
    let judged = judge(&bench, is_known(&data.propensity), options.effects.seed, progress)?;
    let proof = Proof {
        arms: judged.arms.iter().map(OverSplits::of).collect(),
        facts: judged.facts.clone(),
        bench,
        judged,
        nuisances,
        variance: None,
        n_splits: 1,
        train_rows: 0,
        held_out_rows: rows.len(),
    };
    let effects = EffectRows {
        source_row: data.source_row.clone(),
        held_out: vec![true; rows.len()],
        arms: arms.names[1..].to_vec(),
        effects,
    };
    Ok((effects, proof))
}

/// Returns whether predictions are correlated with outcomes the wrong way round beyond chance.
fn runs_against(y: &[f64], y_hat: &[f64]) -> bool {
    /// Useless predictions fall this many standard errors below 0 once in 30,000 tables.
    const BEYOND_CHANCE: f64 = -4.0;
    let n = y.len() as f64;
    let (mean, mean_hat) = (y.iter().sum::<f64>() / n, y_hat.iter().sum::<f64>() / n);
    let (mut yy, mut hh, mut yh) = (0.0, 0.0, 0.0);
    for (y, y_hat) in y.iter().zip(y_hat) {
        let (dy, dh) = (y - mean, y_hat - mean_hat);
        (yy, hh, yh) = (yy + dy * dy, hh + dh * dh, yh + dy * dh);
    }
    yh * n.sqrt() < BEYOND_CHANCE * (yy * hh).sqrt()
}

/// Returns the table's arms numbered as the model numbers them, known propensities with them.
///
/// Arms that the table lacks stay, with nobody in them; an arm that the model lacks has no effect.
fn as_model_counts(
    data: &mut Dataset,
    roles: &Roles,
    model: &EffectModel,
) -> Result<Arms, StudyError> {
    let arms = arms_of(data, roles)?;
    let names = model.arm_names();
    let other_arms =
        || StudyError::OtherArms { actual: arms.names.join(", "), expected: names.join(", ") };
    let position = |name: &String| names.iter().position(|own| own == name);
    let renumbered: Option<Vec<usize>> = arms.names.iter().map(position).collect();
    let renumbered = renumbered.filter(|to| to.first() == Some(&0)).ok_or_else(other_arms)?;
    let arm = arms.arm.iter().map(|&arm| renumbered[usize::from(arm)] as u8).collect();
    // Known chances of some arms do not tell those of the others.
    let is_of_all = match &data.propensity {
        Propensity::Estimate => true,
        Propensity::Constant(e) => e.len() == names.len(),
        Propensity::PerUnit(e) => e.len() == names.len(),
    };
    if !is_of_all {
        return Err(other_arms());
    }
    match &mut data.propensity {
        Propensity::Estimate => {}
        Propensity::Constant(e) => *e = renumber(e, &renumbered),
        Propensity::PerUnit(e) => *e = renumber(e, &renumbered),
    }
    Ok(Arms { names: names.to_vec(), arm })
}

/// Puts what is known of each arm where the model has the arm.
fn renumber<T: Clone>(of_arms: &[T], to: &[usize]) -> Vec<T> {
    let mut ours = of_arms.to_vec();
    to.iter().zip(of_arms).for_each(|(&to, one)| ours[to] = one.clone());
    ours
}

/// Plans from effects and costs alone.
///
/// `table` holds cost columns, where there are any, one row a row of the effects. Without an outcome
/// there is no standard deviation to derive the allowed harm from: it must be given. Nor is there a band of no
/// practical effect: nobody is put into [`Group::NoEffect`](yorisoi_evaluation::Group::NoEffect).
///
/// # Errors
///
/// [`StudyError::NoAllowedHarm`]; a [`StudyError`] for costs or limits that cannot be kept.
pub fn plan(
    effects: &EffectRows,
    table: Option<&Table>,
    options: &PlanOptions,
    seed: u64,
) -> Result<PlanTable, StudyError> {
    let allowed_harm = options.allowed_harm.ok_or(StudyError::NoAllowedHarm)?;
    let pricing = Pricing::new(table, &effects.source_row, &effects.arms, options)?;
    // Effects do not tell how much the outcome varies, nor does the harm that somebody allows: of nobody is
    // it said that help makes no practical difference.
    let bounds = Bounds { allowed_harm, practical_band: 0.0 };
    PlanTable::new(effects, &pricing, options, (bounds, None), seed)
}
