//! What does help change, for whom? Nuisances, causal forests, doubly robust scores and averages.

mod averages;
mod effects;
mod sampling;
mod scores;

pub use averages::{Linear, Target, average_effect, difference_in_means, mean};
pub use effects::{ArmEffects, Effects, Nuisances};
pub use sampling::Sampling;
pub use scores::{ArmScores, Observed, ScoreError, Trimmed, arm_scores, trim};
