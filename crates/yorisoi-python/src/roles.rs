//! Which column plays which role, and how are effects to be learned? What Python asks, as the library
//! takes it.

use std::num::NonZeroU32;
use std::ops::RangeInclusive;

use pyo3::prelude::*;
use yorisoi::data::{
    Better, Column, DatasetOptions, Features, PropensityRole, Roles, TreatmentKind, cluster_ids,
};
use yorisoi::effects::{EffectParams, NuisanceLearner, Trees};
use yorisoi::{CapacityOf, Cost, CostOf, HeldOutShare, PlanOptions, Repeats, StudyOptions};

use crate::arrays::{all_rows, check_rows, numeric};
use crate::errors::{Fault, Outcome};

/// Roles of columns, by name.
#[derive(Debug, FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct RoleArgs {
    treatment: String,
    outcome: String,
    control: Option<String>,
    features: Option<Vec<String>>,
    drop: Vec<String>,
    cluster: Option<String>,
    weight: Option<String>,
    propensity: Option<PropensityArg>,
    is_dose: bool,
    lower_is_better: bool,
}

/// What is known of the propensities.
#[derive(Debug, FromPyObject)]
enum PropensityArg {
    /// One probability for everyone.
    Constant(f64),
    /// One probability an arm.
    PerArm(Vec<(String, f64)>),
    /// One column an arm, by arm.
    Columns(Vec<(String, String)>),
    /// A column.
    Column(String),
    /// One column an arm, control first.
    ColumnsInOrder(Vec<String>),
}

impl RoleArgs {
    /// Returns the roles as the library takes them.
    pub(crate) fn roles(&self) -> Roles {
        let propensity = self.propensity.as_ref().map(|propensity| match propensity {
            PropensityArg::Constant(treated) => PropensityRole::Constant(*treated),
            PropensityArg::PerArm(arms) => PropensityRole::PerArm(arms.clone()),
            PropensityArg::Columns(arms) => PropensityRole::Columns(arms.clone()),
            PropensityArg::Column(name) => PropensityRole::Column(name.clone()),
            PropensityArg::ColumnsInOrder(names) => PropensityRole::ColumnsInOrder(names.clone()),
        });
        Roles {
            control: self.control.clone(),
            features: match &self.features {
                Some(features) => Features::Only(features.clone()),
                None if self.drop.is_empty() => Features::All,
                None => Features::Except(self.drop.clone()),
            },
            better: if self.lower_is_better { Better::Less } else { Better::More },
            cluster: self.cluster.clone(),
            weight: self.weight.clone(),
            propensity,
            ..Roles::new(&self.treatment, &self.outcome)
        }
    }

    /// Returns how the table is prepared.
    pub(crate) fn dataset(&self, growth: &GrowthArgs) -> DatasetOptions {
        let mut options = DatasetOptions::default();
        if self.is_dose {
            options.treatment = TreatmentKind::Dose;
        }
        options.binner.max_bins = growth.max_bins;
        options
    }
}

/// How many folds can be asked for.
pub(crate) const FOLDS: RangeInclusive<usize> = 2..=1000;

/// How forests grow. Python has checked the ranges.
#[derive(Debug, Clone, Copy, FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct GrowthArgs {
    pub(crate) n_trees: Option<usize>,
    pub(crate) seed: u64,
    pub(crate) sample_fraction: Option<f64>,
    pub(crate) min_leaf: Option<u32>,
    pub(crate) interval_leaf: Option<u32>,
    pub(crate) folds: Option<usize>,
    pub(crate) are_nuisances_bagged: bool,
    pub(crate) max_bins: u16,
}

impl GrowthArgs {
    /// Returns the parameters of effects.
    pub(crate) fn effects(&self) -> EffectParams {
        let default = EffectParams::default();
        EffectParams {
            n_trees: self.n_trees.map_or(default.n_trees, Trees::Fixed),
            seed: self.seed,
            sample_fraction: self.sample_fraction,
            min_leaf: self.min_leaf,
            interval_leaf: self.interval_leaf,
            nuisances: learner(self.are_nuisances_bagged),
            folds: self.folds,
            ..default
        }
    }
}

/// Returns what learns nuisances: forests out of bag, or boosted trees.
pub(crate) fn learner(is_bagged: bool) -> NuisanceLearner {
    if is_bagged { NuisanceLearner::Forest } else { NuisanceLearner::Boosted }
}

/// What may be done, at what cost.
#[derive(Debug, FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct PlanArgs {
    costs: Vec<(String, CostArg)>,
    budget: Option<f64>,
    value_per_outcome: Option<f64>,
    allowed_harm: Option<f64>,
    capacity: Vec<(String, usize)>,
}

#[derive(Debug, FromPyObject)]
enum CostArg {
    Same(f64),
    Column(String),
}

impl PlanArgs {
    /// Returns the limits as the library takes them.
    pub(crate) fn options(&self) -> PlanOptions {
        let cost = |(arm, cost): &(String, CostArg)| CostOf {
            arm: arm.clone(),
            cost: match cost {
                CostArg::Same(cost) => Cost::Same(*cost),
                CostArg::Column(column) => Cost::Column(column.clone()),
            },
        };
        let capacity =
            |(arm, people): &(String, usize)| CapacityOf { arm: arm.clone(), people: *people };
        PlanOptions {
            costs: self.costs.iter().map(cost).collect(),
            budget: self.budget,
            value_per_outcome: self.value_per_outcome,
            allowed_harm: self.allowed_harm,
            capacity: self.capacity.iter().map(capacity).collect(),
        }
    }
}

/// How effects are judged.
#[derive(Debug, FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct JudgeArgs {
    name: String,
    holdout: Option<f64>,
    repeats: Option<NonZeroU32>,
    trim: Option<f64>,
}

/// Returns everything a study is told.
pub(crate) fn study_options(
    roles: &RoleArgs,
    growth: &GrowthArgs,
    judge: &JudgeArgs,
    plan: &PlanArgs,
) -> StudyOptions {
    StudyOptions {
        name: judge.name.clone(),
        dataset: roles.dataset(growth),
        effects: growth.effects(),
        held_out: judge.holdout.map_or(HeldOutShare::Auto, HeldOutShare::Share),
        repeats: judge.repeats.map_or(Repeats::Auto, Repeats::Exactly),
        trim: judge.trim,
        plan: plan.options(),
    }
}

/// Columns that play roles beside the features, under the names of Python's arguments, one entry a row each.
///
/// Several columns may be called `propensity`: one an arm, control first.
#[derive(Debug)]
pub(crate) struct RoleColumns(Vec<Column>);

impl RoleColumns {
    /// Checks that every column has one entry for each of `n_rows` rows.
    ///
    /// # Errors
    ///
    /// A [`Fault`] that names the column and both lengths.
    pub(crate) fn new(columns: Vec<Column>, n_rows: usize) -> Outcome<Self> {
        for column in &columns {
            check_rows(&column.name, column.values.len(), n_rows)?;
        }
        Ok(Self(columns))
    }

    fn called(&self, name: &str) -> impl Iterator<Item = &Column> {
        self.0.iter().filter(move |column| column.name == name)
    }

    /// Returns the column of that name.
    ///
    /// # Errors
    ///
    /// A [`Fault`] where it was not given.
    pub(crate) fn column(&self, name: &str) -> Outcome<&Column> {
        self.called(name).next().ok_or_else(|| Fault::of(name, format!("`{name}` is needed")))
    }

    /// Returns the numbers of the column of that name.
    ///
    /// # Errors
    ///
    /// A [`Fault`] where it was not given, or holds text.
    pub(crate) fn numbers(&self, name: &str) -> Outcome<Vec<f64>> {
        numeric(self.column(name)?, name)
    }

    /// Returns the known propensities, a column each; none where there are none.
    ///
    /// # Errors
    ///
    /// A [`Fault`] for text.
    pub(crate) fn propensities(&self) -> Outcome<Vec<Vec<f64>>> {
        self.called("propensity").map(|column| numeric(column, "propensity")).collect()
    }

    /// Returns the weights of the rows, if there are any.
    ///
    /// # Errors
    ///
    /// A [`Fault`] for text.
    pub(crate) fn weights(&self) -> Outcome<Option<Vec<f64>>> {
        self.called("sample_weight").next().map(|w| numeric(w, "sample_weight")).transpose()
    }

    /// Returns the clusters of the rows, if there are any.
    pub(crate) fn clusters(&self) -> Option<Vec<u32>> {
        let column = self.called("cluster").next()?;
        Some(cluster_ids(column, &all_rows(column.values.len())))
    }
}
