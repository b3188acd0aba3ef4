//! What a study knows from rows that its model has not learned from.

use yorisoi_data::HeldOut;
use yorisoi_effects::Nuisances;
use yorisoi_evaluation::Facts;

use crate::bench::Bench;
use crate::judge::{Judged, JudgedArm};
use yorisoi_data::Estimate;

/// Estimates of one non-control arm over all splits. `None` where some split could not say.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OverSplits {
    /// Average effect.
    pub(crate) ate: Option<Estimate>,
    /// Average effect on those who got the arm.
    pub(crate) att: Option<Estimate>,
    /// Average effect where both were likely.
    pub(crate) ato: Option<Estimate>,
    /// Area under the TOC curve.
    pub(crate) autoc: Option<Estimate>,
    /// Qini area.
    pub(crate) qini: Option<Estimate>,
}

impl OverSplits {
    /// Returns the estimates of one split.
    pub(crate) fn of(arm: &JudgedArm) -> Self {
        Self {
            ate: arm.ate,
            att: arm.att,
            ato: arm.ato,
            autoc: arm.rate.as_ref().map(|rate| rate.autoc),
            qini: arm.rate.as_ref().map(|rate| rate.qini),
        }
    }
}

/// All that is known from held-out rows.
#[derive(Debug)]
pub(crate) struct Proof {
    /// The rows curves and plan are judged on.
    pub(crate) bench: Bench,
    /// What they say.
    pub(crate) judged: Judged,
    /// Nuisances of every used row, from models that have not seen it.
    pub(crate) nuisances: HeldOut<Nuisances>,
    /// How much a dose varies among people alike, for every used row; `None` for arms.
    pub(crate) variance: Option<HeldOut<Vec<f64>>>,
    /// What all splits say together, one entry a non-control arm.
    pub(crate) arms: Vec<OverSplits>,
    /// What the verdict rests on.
    pub(crate) facts: Facts,
    /// Splits behind `arms`.
    pub(crate) n_splits: u32,
    /// Rows the model learned from.
    pub(crate) train_rows: usize,
    /// Rows kept for judging.
    pub(crate) held_out_rows: usize,
}
