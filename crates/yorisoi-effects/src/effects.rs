//! Effects of many units: plain columns.

use serde::{Deserialize, Serialize};

/// Effects of every non-control arm against control.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Effects {
    /// One entry a non-control arm, in the order of the dataset's arms.
    pub arms: Vec<ArmEffects>,
}

/// Effects of one arm against control, one entry a unit, in the unit of the outcome.
///
/// `low` and `high` are the 95 % interval. It is centred on an estimate from finer leaves than
/// `tau_hat`, widened to hold `tau_hat` where it would not, and so need not be symmetric around it;
/// `std_error` belongs to that finer estimate.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ArmEffects {
    /// Estimated effect.
    pub tau_hat: Vec<f64>,
    /// Standard error behind the interval.
    pub std_error: Vec<f64>,
    /// Lower end of the 95 % interval.
    pub low: Vec<f64>,
    /// Upper end.
    pub high: Vec<f64>,
}

/// Estimated nuisances, one entry a unit.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Nuisances {
    /// `m(x) = E[Y | X = x]`, in the unit of the outcome.
    pub y_hat: Vec<f64>,
    /// `w_hat[k][unit] = P[W = k | X = x]`, control first; sums to 1 over `k`. Of a dose,
    /// `w_hat[1]` is `E[W | X = x]`, whatever its size.
    pub w_hat: Vec<Vec<f64>>,
}
