//! The whole way from a table to a plan and a verdict, as one function.

use yorisoi_data::{Arms, Dataset, Features, Progress, Roles, Table, Treatment};
use yorisoi_effects::EffectModel;

use crate::dosage;
use crate::error::StudyError;
use crate::options::StudyOptions;
use crate::planning::{Bounds, PlanTable, deviation};
use crate::pricing::Pricing;
use crate::proof::Proof;
use crate::readable_tree::{self, Lesson, ReadableTree};
use crate::round::Learned;
use crate::rounds;
use crate::rows::EffectRows;
use crate::summary::Summary;
use crate::summing_up::{Findings, sum_up};

/// Everything a study makes.
#[derive(Debug)]
pub struct Study {
    /// What it found.
    pub summary: Summary,
    /// Effects of every used row: out of bag for rows the model learned from, predictions for the others.
    pub effects: EffectRows,
    /// What is done with every used row.
    pub plan: PlanTable,
    /// The model, learned from the training rows.
    pub model: EffectModel,
}

/// Studies a table: learns effects on one part of the rows, judges them on the rest, plans for all.
///
/// The model learns from the training rows; held-out rows, a share of the clusters drawn by hash, judge
/// it with scores from nuisances that have not seen them. The plan is made for every used row from its
/// effect, and what it is worth is told by the held-out scores alone. `summary.timings` is left empty:
/// inner layers know no clock, and whoever shows progress can time its stages.
///
/// # Errors
///
/// A [`StudyError`] for a table that cannot be studied at all. Data that can be studied and yet cannot
/// answer, for want of overlap or events, give a summary whose verdict says so.
///
/// # Example
///
/// ```
/// # use yorisoi::{StudyOptions, study};
/// # use yorisoi::data::{Roles, Silent};
/// # use yorisoi::effects::{EffectParams, Trees};
/// # use yorisoi_testkit::{Size, randomised_rare, to_table};
/// let table = to_table(&randomised_rare(Size::new(2_000, 1)));
/// // A rehearsal: a real study keeps the default number of trees.
/// let effects = EffectParams { n_trees: Trees::Fixed(20), ..EffectParams::default() };
/// let options = StudyOptions { effects, ..StudyOptions::default() };
/// let study = study(&table, &Roles::new("arm", "outcome"), &options, &Silent)?;
/// assert_eq!(study.summary.data.used_rows, 2_000);
/// assert_eq!(study.plan.rows(&study.effects).count(), 2_000);
/// # Ok::<(), yorisoi::StudyError>(())
/// ```
pub fn study(
    table: &Table,
    roles: &Roles,
    options: &StudyOptions,
    progress: &dyn Progress,
) -> Result<Study, StudyError> {
    progress.stage("prepare", 0);
    let roles = without_costs(roles, options);
    let data = Dataset::from_table(table, &roles, &options.dataset)?;
    if let (Treatment::Dose(_), Some(_)) = (&data.treatment, options.trim) {
        return Err(StudyError::TrimmedDose);
    }
    let arms = &*dosage::arms(&data);
    // Before the long work, so that a wrong arm name is known at once.
    let pricing = Pricing::new(Some(table), &data.source_row, &arms.names[1..], &options.plan)?;
    let (learned, proof) = rounds::run(&data, arms, options, progress)?;
    let effects = effect_rows(&data, arms, &learned, progress);

    progress.stage("plan", 0);
    let bounds = Bounds::new(&options.plan, deviation(&data));
    let out = dosage::out_of_range(&data, &proof);
    let plan =
        PlanTable::new(&effects, &pricing, &options.plan, (bounds, out), options.effects.seed)?;
    let tree = learn_tree(&data, arms, (&learned, &proof), (&effects, &plan, &pricing))?;
    let findings = Findings {
        table,
        roles: &roles,
        data: &data,
        arms,
        options,
        model: &learned.fitted.model,
        tuning: Some(&learned.fitted.tuning),
        proof: &proof,
        tree: tree.as_ref(),
        effects: &effects,
        plan: &plan,
        pricing: &pricing,
        bounds,
    };
    let summary = sum_up(&findings)?;
    let (treatment, outcome) = (&roles.treatment, &roles.outcome);
    let model = learned.fitted.model.with_names(treatment, outcome, roles.better);
    Ok(Study { summary, effects, plan, model })
}

fn learn_tree(
    data: &Dataset,
    arms: &Arms,
    (learned, proof): (&Learned, &Proof),
    (effects, plan, pricing): (&EffectRows, &PlanTable, &Pricing),
) -> Result<Option<ReadableTree>, StudyError> {
    let mut importance = vec![0.0; data.binner.names.len()];
    for of_arm in learned.fitted.model.importance() {
        importance.iter_mut().zip(of_arm).for_each(|(sum, share)| *sum += share);
    }
    readable_tree::learn(&Lesson {
        data,
        rows: learned.split.train(),
        arm: &arms.arm,
        effects: &effects.effects,
        nuisances: proof.nuisances.get(),
        variance: proof.variance.as_ref().map(|variance| variance.get().as_slice()),
        pricing,
        plan,
        importance: &importance,
    })
}

/// Takes cost columns out of the features unless they were asked for by name.
pub(crate) fn without_costs(roles: &Roles, options: &StudyOptions) -> Roles {
    let costs = || options.plan.cost_columns().map(str::to_owned);
    let features = match &roles.features {
        Features::All => Features::Except(costs().collect()),
        Features::Except(columns) => {
            Features::Except(columns.iter().cloned().chain(costs()).collect())
        }
        Features::Only(columns) => Features::Only(columns.clone()),
    };
    Roles { features, ..roles.clone() }
}

/// Returns the arms, refusing amounts.
pub(crate) fn arms_of<'a>(data: &'a Dataset, roles: &Roles) -> Result<&'a Arms, StudyError> {
    match &data.treatment {
        Treatment::Arms(arms) => Ok(arms),
        Treatment::Dose(_) => Err(StudyError::Dose { column: roles.treatment.clone() }),
    }
}

fn effect_rows(
    data: &Dataset,
    arms: &Arms,
    learned: &Learned,
    progress: &dyn Progress,
) -> EffectRows {
    let mut held_out = vec![false; data.n_units()];
    for &row in learned.split.held_out_rows() {
        held_out[row as usize] = true;
    }
    EffectRows {
        source_row: data.source_row.clone(),
        held_out,
        arms: arms.names[1..].to_vec(),
        effects: learned.effects(data, progress),
    }
}
