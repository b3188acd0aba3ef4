//! What does the locked experiment show so far? One running document for each of its units.
//!
//! A unit is a household, or a client who has none; it belongs to the arm it was dealt with its first decision.
//! Outcomes count from then on.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::HoldoutArm;

use super::actions::finite;
use super::capacity::QUARTER_SECONDS;
use crate::shelves::Document;

/// One unit of the experiment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProofUnit {
    /// The programme it belongs to.
    pub programme: String,
    /// Its household or client.
    pub unit: String,
    /// Its arm.
    pub arm: HoldoutArm,
    /// The entry of its first decision: the order in which units came.
    pub seq: u64,
    /// When that was.
    pub since: Timestamp,
    /// Decisions.
    pub decisions: u64,
    /// Of them, those that chose help.
    pub helps: u64,
    /// Whether any help reached it.
    pub treated: bool,
    /// Money spent on it, in minor units.
    pub cost_minor: i64,
    /// Agent minutes spent on it.
    pub minutes: u64,
    /// Landings that were a nuisance or closed the heart.
    pub nuisances: u64,
    /// Outcomes by name.
    pub outcomes: BTreeMap<String, OutcomeSums>,
}

/// Outcomes of one unit under one name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OutcomeSums {
    /// How many.
    pub n: u64,
    /// Their sum.
    pub sum: f64,
    /// The sum of their squares.
    pub sum_squares: f64,
    /// The first of them.
    pub first_at: Timestamp,
    /// The last of them.
    pub last_at: Timestamp,
    /// How many came in which quarter of an hour since 1970, and their sum: enough to tell the days of any zone.
    pub by_quarter: BTreeMap<i64, (u64, f64)>,
}

impl OutcomeSums {
    /// What was known after each quarter in which something came: when it began, how many, and their sum.
    pub fn over_time(&self) -> Vec<(Timestamp, u64, f64)> {
        let (mut n, mut sum) = (0, 0.0);
        let known = self.by_quarter.iter().filter_map(|(quarter, (more, of))| {
            n += more;
            sum += of;
            let at = Timestamp::from_second(quarter.saturating_mul(QUARTER_SECONDS)).ok()?;
            Some((at, n, sum))
        });
        known.collect()
    }
}

/// A unit as kept; `None` never stands in a store.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct ProofDoc {
    pub(crate) unit: Option<ProofUnit>,
}

impl Document for ProofDoc {
    const SHELF: &'static str = "p:proof";
}

/// The key of a unit's document. The mark between the names can stand in neither.
pub(crate) fn unit_key(programme: &str, unit: &str) -> String {
    format!("{programme}\u{1f}{unit}")
}

impl ProofUnit {
    /// Adds an outcome.
    pub(crate) fn see(&mut self, outcome: &str, value: f64, at: Timestamp) {
        let empty = OutcomeSums {
            n: 0,
            sum: 0.0,
            sum_squares: 0.0,
            first_at: at,
            last_at: at,
            by_quarter: BTreeMap::new(),
        };
        let sums = self.outcomes.entry(outcome.to_owned()).or_insert(empty);
        sums.n += 1;
        sums.sum = finite(sums.sum + value);
        sums.sum_squares = finite(sums.sum_squares + value * value);
        sums.first_at = sums.first_at.min(at);
        sums.last_at = sums.last_at.max(at);
        let of_quarter =
            sums.by_quarter.entry(at.as_second().div_euclid(QUARTER_SECONDS)).or_default();
        of_quarter.0 += 1;
        of_quarter.1 = finite(of_quarter.1 + value);
    }
}
