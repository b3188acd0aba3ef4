//! What must hold for forests and boosted ensembles, asked from outside the crate.

mod baseline;
mod boosting;
mod common;
mod in_turns;
mod laws;
