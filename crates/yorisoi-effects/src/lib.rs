//! What does help change, for whom? Nuisances, causal forests, doubly robust scores and averages.

mod averages;
mod bagged;
mod combine;
mod contrast;
mod crossfit;
mod depth;
mod dose;
mod effects;
pub mod estimators;
mod file;
mod fit;
mod follow;
mod learner;
mod local;
mod model;
mod params;
mod sampling;
mod scores;
mod spread;
mod trim;

pub use averages::{Linear, Target, average_effect, difference_in_means, mean};
pub use contrast::ArmTuning;
pub use depth::LeafLoss;
pub use dose::{DoseObserved, DoseSpread};
pub use effects::{ArmEffects, Effects, Nuisances};
pub use file::{FORMAT_VERSION, ModelError};
pub use fit::{EffectError, FittedEffects, fit_effects};
pub use follow::{Baseline, BaselineLoss};
pub use learner::NuisanceLearner;
pub use local::{
    InstrumentObserved, InstrumentResiduals, LocalTarget, Strength, average_local_effect,
};
pub use model::{DOSE_ARMS, EffectModel, Origin};
pub use params::{
    EffectParams, Trees, default_folds, default_interval_leaf, default_sample_fraction,
    default_trees,
};
pub use sampling::Sampling;
pub use scores::{ArmScores, Observed, ScoreError, arm_scores};
pub use trim::{Trimmed, trim};
