//! What can a study be told?

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};
use yorisoi_data::DatasetOptions;
use yorisoi_effects::EffectParams;

use crate::split::HeldOutShare;

/// How a study goes about its work. Every value ends up in `settings` of the summary.
#[derive(Debug, Clone, Default)]
pub struct StudyOptions {
    /// What the report calls the input.
    pub name: String,
    /// How the table is prepared.
    pub dataset: DatasetOptions,
    /// How effects are learned.
    pub effects: EffectParams,
    /// How much is held out for judging.
    pub held_out: HeldOutShare,
    /// How many splits are judged.
    pub repeats: Repeats,
    /// Rows with a propensity below this (for any arm) are left out of all judging; `None` leaves none
    /// out.
    pub trim: Option<f64>,
    /// What may be done, at what cost.
    pub plan: PlanOptions,
}

/// How many splits into training and held-out rows are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repeats {
    /// One split where its verdict is clear, five where it is close and the table is small enough.
    ///
    /// A single split makes the verdict a draw of the seed only where the deciding number lies near its
    /// threshold. There, four more splits are made and the verdict is that of the medians, which another
    /// seed rarely overturns.
    #[default]
    Auto,
    /// So many.
    Exactly(NonZeroU32),
}

/// What may be done, at what cost.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PlanOptions {
    /// Cost of each arm. Either every non-control arm is named or none; with none every offer counts 1,
    /// so that money means people.
    pub costs: Vec<CostOf>,
    /// Money there is; `None` is unlimited.
    pub budget: Option<f64>,
    /// Worth of one unit of the outcome, in the unit of the costs. With it, nobody is offered what costs
    /// more than it is expected to bring.
    pub value_per_outcome: Option<f64>,
    /// Harm that may be risked, in the unit of the outcome: nobody is offered an arm whose interval
    /// reaches below `−allowed_harm`. `None` allows 0.2 standard deviations of the outcome.
    ///
    /// Zero would leave help to those few for whom it is proven one by one. A fifth of a standard
    /// deviation is what the field calls a small effect (Cohen 1988); whoever answers for the people
    /// concerned should choose their own.
    pub allowed_harm: Option<f64>,
    /// How many people an arm can take; arms not named can take everyone.
    pub capacity: Vec<CapacityOf>,
}

/// The cost of an arm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CostOf {
    /// The arm.
    pub arm: String,
    /// What it costs.
    pub cost: Cost,
}

/// A cost a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cost {
    /// The same for everyone.
    Same(f64),
    /// One cost a row, in this column of the table.
    Column(String),
}

/// How many people an arm can take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapacityOf {
    /// The arm.
    pub arm: String,
    /// People at most.
    pub people: usize,
}

impl PlanOptions {
    /// Returns the columns that hold costs. They are no features unless asked for.
    pub fn cost_columns(&self) -> impl Iterator<Item = &str> {
        self.costs.iter().filter_map(|cost| match &cost.cost {
            Cost::Column(column) => Some(column.as_str()),
            Cost::Same(_) => None,
        })
    }
}
