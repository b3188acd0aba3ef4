//! The library face of Yorisoi: the whole study, from table to plan, as one function.

mod bench;
mod columns;
mod describe;
mod dosage;
mod dose_words;
mod error;
pub mod files;
pub mod japanese;
mod judge;
mod options;
mod planning;
mod pricing;
mod profile;
mod proof;
mod readable_tree;
mod round;
mod rounds;
mod rows;
mod split;
mod spread;
mod stages;
mod study;
pub mod summary;
mod summing_up;
mod units;
mod unknown;
mod value;
mod worth;

pub use error::StudyError;
pub use options::{CapacityOf, Cost, CostOf, PlanOptions, Repeats, StudyOptions};
pub use planning::PlanTable;
pub use rows::{EffectRows, PlanRow};
pub use split::HeldOutShare;
pub use stages::{Fitted, evaluate, fit, plan, score};
pub use study::{Study, study};
pub use yorisoi_data as data;
pub use yorisoi_effects as effects;
pub use yorisoi_effects::estimators::{
    EstimatorError, ForestInput, InstrumentalForest, InstrumentalForestParams, MeanForestParams,
    Means, ProbabilityForest, RegressionForest,
};
pub use yorisoi_evaluation as evaluation;
pub use yorisoi_evaluation::{EvaluationError, Group};
pub use yorisoi_policy::{PolicyError, Reason};
