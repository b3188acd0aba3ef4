//! What must hold for fitted effects and the other estimators, asked from outside the crate.

mod coverage;
mod estimators;
mod laws;
mod local;
mod nuisances;
mod recovery;
mod worlds;
