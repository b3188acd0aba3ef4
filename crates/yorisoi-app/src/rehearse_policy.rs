//! What would change? The log, replayed under another policy, and what that policy would be worth.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{ActionId, DecisionId, Words};

use crate::{App, AppError, Caller};

/// A number with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Ranged {
    /// The estimate; `None`: cannot be known.
    pub estimate: Option<f64>,
    /// Lower end of the 95 % interval.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// Units behind it.
    pub n: u64,
}

impl Ranged {
    /// A number with its interval; what is no finite number cannot be known.
    pub fn new(estimate: f64, (low, high): (f64, f64), n: u64) -> Self {
        let known = |value: f64| value.is_finite().then_some(value);
        Self { estimate: known(estimate), low: known(low), high: known(high), n }
    }

    /// A number that cannot be known.
    pub fn unknown() -> Self {
        Self { estimate: None, low: None, high: None, n: 0 }
    }
}

/// One decision that would be another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    /// Which decision.
    pub decision: DecisionId,
    /// What was chosen.
    pub was: ActionId,
    /// What would be.
    pub would_be: ActionId,
}

/// What the log says about a policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rehearsal {
    /// The policy rehearsed.
    pub fingerprint: String,
    /// Decisions replayed.
    pub decisions: u64,
    /// Decisions of people who were erased: nothing is left to replay.
    pub erased: u64,
    /// Decisions that would be another.
    pub different: u64,
    /// Decisions to help that would become holds.
    pub lose_contact: u64,
    /// Holds that would become help.
    pub gain_contact: u64,
    /// The first differences.
    pub differences: Vec<Difference>,
    /// Mean outcome under the policy that was followed.
    pub value_logged: Ranged,
    /// Mean outcome the rehearsed policy would have had, self-normalised.
    pub value: Ranged,
    /// Effective sample size behind it.
    pub effective_n: Option<f64>,
    /// If no value can be given: why, in words.
    pub refused: Option<Words>,
}

impl App {
    /// Replays the log under a policy that was drafted, and values it from the log.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`] policy.
    pub async fn rehearse_policy(
        &self,
        caller: &Caller,
        fingerprint: &str,
    ) -> Result<Rehearsal, AppError> {
        let _ = (caller, fingerprint);
        Err(AppError::NotYet)
    }
}
