//! Worlds with known truth, for tests and rehearsal.
//!
//! A [`World`] is a table of past contacts together with what no real table has: the true effect of
//! every arm on every unit, the true probabilities of treatment and the true outcome without help.
//! Every number is a pure function of `(seed, column, row)`, so a world is the same on any thread
//! count, and a longer world begins with the shorter one.

#![expect(
    clippy::disallowed_methods,
    reason = "worlds are made where tests run; no bytes of theirs are promised"
)]

mod catalogue;
mod confounded;
mod dose;
mod draws;
mod measures;
mod structured;
mod trial_stream;
mod trials;
mod world;

pub use catalogue::{UnknownWorld, WorldKind};
pub use confounded::{NieWager, confounded};
pub use dose::{continuous_dose, noncompliance};
pub use draws::Draws;
pub use measures::{autoc, autoc_share, coverage, mean_width, pehe};
pub use structured::{category_effect, households, signal_in_missingness};
pub use trial_stream::{TRIAL_FEATURES, trial_row, write_trial_csv};
pub use trials::{
    constant_effect, heavy_tailed_revenue, high_dimensional, no_effect, randomised_rare,
    several_arms,
};
pub use world::{Size, World, to_table, truth_table};
