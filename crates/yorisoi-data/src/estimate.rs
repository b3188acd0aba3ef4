//! A number that says how sure it is.

use serde::{Deserialize, Serialize};

/// An estimate with its standard error and the number of units (or clusters) behind it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The point estimate, in the unit of the estimand.
    pub estimate: f64,
    /// Its standard error, same unit.
    pub std_error: f64,
    /// Units the estimate rests on.
    pub n: usize,
}

/// A two-sided interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// The 97.5 % quantile of the standard normal distribution, for two-sided 95 % intervals.
pub const Z_95: f64 = 1.959_963_984_540_054;

impl Estimate {
    /// Returns the normal-approximation 95 % interval, `estimate ± 1.96 · std_error`.
    pub fn interval_95(&self) -> Interval {
        let half_width = Z_95 * self.std_error;
        Interval { low: self.estimate - half_width, high: self.estimate + half_width }
    }
}
