//! What does help change, for whom? Nuisances, causal forests, doubly robust scores and averages.

mod effects;

pub use effects::{ArmEffects, Effects, Nuisances};
