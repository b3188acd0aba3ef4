//! A table with roles: what the engine and the evaluation see.

use serde::{Deserialize, Serialize};

use crate::exact::are_zeros_and_ones;
use crate::{BinnedRows, Binner};

/// Who got what.
#[derive(Debug, Clone, PartialEq)]
pub enum Treatment {
    /// One of a few arms.
    Arms(Arms),
    /// An amount.
    Dose(Vec<f64>),
}

/// The arm of every unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Arms {
    /// Arm names; the control arm comes first.
    pub names: Vec<String>,
    /// Index into `names`, one a unit.
    pub arm: Vec<u8>,
}

/// What is known of the probabilities with which arms were given.
#[derive(Debug, Clone, PartialEq)]
pub enum Propensity {
    /// Nothing: estimate them.
    Estimate,
    /// The same for everyone: one probability an arm, control first, sum 1.
    Constant(Vec<f64>),
    /// One probability a unit and arm: one column an arm, control first, every row summing to 1.
    PerUnit(Vec<Vec<f64>>),
}

/// Rows that were left out, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    /// Stable code, such as `outcome.missing`.
    pub code: String,
    /// How many rows.
    pub rows: usize,
}

/// Something the user should know although it stopped nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Stable code, such as `feature.constant`.
    pub code: String,
    /// The column concerned, if one is.
    pub column: Option<String>,
    /// In English.
    pub en: String,
    /// In Japanese.
    pub ja: String,
}

impl Notice {
    /// Makes a notice.
    pub fn new(code: &str, column: Option<&str>, en: String, ja: String) -> Self {
        Self { code: code.to_owned(), column: column.map(str::to_owned), en, ja }
    }
}

/// Units with outcome, treatment and binned features. All vectors have one entry a unit.
#[derive(Debug, Clone)]
pub struct Dataset {
    /// Binned features.
    pub features: BinnedRows,
    /// How raw values become bins; scores new rows with a stored model.
    pub binner: Binner,
    /// The outcome `y`, finite, as an improvement ([`Better::improvements`](crate::Better::improvements)):
    /// more of it is better.
    pub outcome: Vec<f64>,
    /// The treatment `w`.
    pub treatment: Treatment,
    /// Cluster id, dense from 0.
    pub clusters: Option<Vec<u32>>,
    /// Sample weight, finite and positive.
    pub weights: Option<Vec<f64>>,
    /// What is known of the propensities.
    pub propensity: Propensity,
    /// 0-based row of the input table.
    pub source_row: Vec<u32>,
    /// Hash of the columns used, in hexadecimal: the same data gives the same one.
    pub fingerprint: String,
    /// Rows left out.
    pub dropped: Vec<Dropped>,
    /// Warnings.
    pub notices: Vec<Notice>,
}

impl Dataset {
    /// Returns the number of units.
    pub fn n_units(&self) -> usize {
        self.outcome.len()
    }

    /// Returns whether the outcome is a yes or no: zeros and ones only.
    pub fn is_yes_or_no(&self) -> bool {
        are_zeros_and_ones(&self.outcome)
    }

    /// Returns the weight of a unit, 1 where there are none.
    pub fn weight(&self, unit: usize) -> f64 {
        self.weights.as_ref().map_or(1.0, |weights| weights[unit])
    }
}
