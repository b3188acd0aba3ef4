//! Forests for questions of their own, beside the effects of arms.
//!
//! | estimator | question | assumptions beyond independent units |
//! |---|---|---|
//! | [`RegressionForest`] | `E[Y ∣ X = x]` | none |
//! | [`ProbabilityForest`] | `P[Y = k ∣ X = x]` | none |
//! | [`InstrumentalForest`] | effect of `W` on those whom `Z` moves | `Z` as good as random given `X`, acts through `W` alone, moves nobody the other way |
//!
//! All are honest, keep clusters whole, take weights, split on missing values, and answer for their own
//! rows from trees that have not seen them.

mod input;
mod instrumental;
mod probability;
mod regression;
mod strength;

pub(crate) use input::coarse_centre;
pub use input::{EstimatorError, ForestInput, MeanForestParams};
pub use instrumental::{InstrumentalForest, InstrumentalForestParams, instrument_residuals};
pub use probability::ProbabilityForest;
pub use regression::{Means, RegressionForest};
pub use strength::{StrengthParams, strength};
