//! Is it true? RATE/TOC, Qini, calibration, group effects and the verdict.
//!
//! Everything here judges on rows that no model behind the judged thing has learned from: predictions,
//! scores and assignments come as [`HeldOut`](yorisoi_data::HeldOut). Every estimate carries a standard
//! error that respects sample weights and clusters (see [`Sampling`]).
//!
//! | question | function |
//! |---|---|
//! | does the ranking find those whom help helps? | [`rate`], [`compare_rates`] |
//! | are predicted effects the size they claim? | [`calibration`], [`by_predicted`], [`tenths`] |
//! | how large is the effect in a group? | [`group_effects`] |
//! | which features go with the effect? | [`best_linear_projection`] |
//! | what is an assignment worth? | [`value`], [`gain`] |
//! | can the arms be compared at all? | [`balance`], [`overlap`], [`predictability`] |
//! | does it hold over several splits? | [`combine_splits`] |
//! | whom does help help, and whom does it harm? | [`classify`] |
//! | so, is it proven? | [`verdict`] |

mod bootstrap;
mod classify;
mod error;
mod least_squares;
mod metrics;
mod normal;
pub mod proof;
mod ranks;
mod repeated;
mod verdict;
#[cfg(test)]
mod worlds;

pub use classify::{Classified, ClassifyOptions, Dependence, Group, classify, false_discovery_set};
pub use error::EvaluationError;
pub use metrics::balance::{Balance, balance};
pub use metrics::calibration::{Calibration, calibration};
pub use metrics::dose_balance::dose_balance;
pub use metrics::groups::{Cell, Cells, GroupEffect, by_predicted, group_effects, tenths};
pub use metrics::overlap::{
    HISTOGRAM_CELLS, Overlap, Predictability, explained_share, overlap, predictability,
};
pub use metrics::projection::{LinearProjection, best_linear_projection};
pub use metrics::rate::{CurvePoint, Rate, RateDifference, RateOptions, compare_rates, rate};
pub use metrics::value::{Against, gain, value};
pub use repeated::{Repeated, combine_splits};
pub use verdict::{ArmFacts, Facts, Limits, Verdict, Words, verdict};
pub use yorisoi_effects::Sampling;
