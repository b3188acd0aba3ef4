//! Did the log ever do what a new policy would do? If not, no statistic can say what would have happened.

use serde::{Deserialize, Serialize};

use crate::EvaluationError;
use crate::error::{check_column, check_len};
use yorisoi_effects::ScoreError;

/// Largest distance of a row of probabilities from a sum of 1 that is taken for rounding.
const ROW_SUM: f64 = 1e-6;

/// Decisions as they were logged, one entry a decision.
#[derive(Debug, Clone, Copy)]
pub struct DecisionLog<'a> {
    /// Index of the chosen action, below the number of actions.
    pub chosen: &'a [u32],
    /// Probability with which it was chosen, in `(0, 1]`.
    pub probability: &'a [f64],
    /// What came of it, in the unit of the outcome.
    pub outcome: &'a [f64],
    /// Person or household of each decision, whose outcomes may depend on one another.
    pub cluster: Option<&'a [u32]>,
    /// Probabilities of all actions in each decision, row after row, where they were logged: an action with
    /// a positive one has support even if chance never chose it.
    pub all_probabilities: Option<&'a [f64]>,
}

/// Probabilities with which a new policy would choose in the same decisions.
#[derive(Debug, Clone, Copy)]
pub struct NewPolicy<'a> {
    /// Number of actions, K.
    pub n_actions: usize,
    /// `n × K` probabilities, row after row; a policy without chance has a one in each row.
    pub probabilities: &'a [f64],
}

impl NewPolicy<'_> {
    /// Returns the probability of an action in a decision.
    pub(super) fn of(&self, decision: usize, action: usize) -> f64 {
        self.probabilities[decision * self.n_actions + action]
    }
}

/// Whether a log can answer for a policy.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Support {
    /// Whatever the policy might do, the log might have done.
    Full,
    /// The policy would do what the log never did.
    Missing {
        /// The action that is missing most.
        action: usize,
        /// Expected share of decisions in which the policy would choose an action without support.
        share: f64,
    },
}

/// Returns whether the log can answer for the policy.
///
/// # Formula
///
/// ```text
/// share = 1/n Σᵢ Σₐ π(a | i) · 1{ p(a | i) = 0 }
/// ```
///
/// with the logged probabilities p where all of them were logged. Where only that of the chosen action
/// was, an action counts as never possible if it was never chosen at all.
///
/// # Shapes and units
///
/// `n` decisions, `K` actions numbered from 0.
///
/// # Errors
///
/// [`ScoreError::LengthMismatch`], [`ScoreError::NotFinite`] for columns; [`EvaluationError::Option`] for
/// an action that does not exist, a probability outside `(0, 1]` or a row that does not sum to 1.
///
/// # Source
///
/// Saito & Joachims (2022), "Off-policy evaluation for large action spaces via embeddings", *ICML*
/// (common support); Sachdeva, Su & Joachims (2020), *KDD* (deficient support).
///
/// # Example
///
/// ```
/// # use yorisoi_evaluation::proof::{DecisionLog, NewPolicy, Support, support};
/// let log = DecisionLog {
///     chosen: &[0, 0],
///     probability: &[1.0, 1.0],
///     outcome: &[1.0, 0.0],
///     cluster: None,
///     all_probabilities: None,
/// };
/// let half = NewPolicy { n_actions: 2, probabilities: &[0.5; 4] };
/// assert_eq!(support(&log, &half)?, Support::Missing { action: 1, share: 0.5 });
/// # Ok::<(), yorisoi_evaluation::EvaluationError>(())
/// ```
pub fn support(log: &DecisionLog<'_>, policy: &NewPolicy<'_>) -> Result<Support, EvaluationError> {
    check(log, policy)?;
    let (n, k) = (log.chosen.len(), policy.n_actions);
    let mut ever = vec![false; k];
    for action in log.chosen {
        ever[*action as usize] = true;
    }
    let is_possible = |decision: usize, action: usize| match log.all_probabilities {
        Some(all) => all[decision * k + action] > 0.0,
        None => ever[action],
    };
    let mut missing = vec![0.0; k];
    for decision in 0..n {
        for (action, missing) in missing.iter_mut().enumerate() {
            if !is_possible(decision, action) {
                *missing += policy.of(decision, action) / n as f64;
            }
        }
    }
    let share: f64 = missing.iter().sum();
    let most = (0..k).max_by(|a, b| missing[*a].total_cmp(&missing[*b])).unwrap_or(0);
    Ok(if share > 0.0 { Support::Missing { action: most, share } } else { Support::Full })
}

/// Checks shapes and values of log and policy.
pub(super) fn check(log: &DecisionLog<'_>, policy: &NewPolicy<'_>) -> Result<(), EvaluationError> {
    let (n, k) = (log.chosen.len(), policy.n_actions);
    check_column("probability", log.probability, n)?;
    check_column("outcome", log.outcome, n)?;
    check_column("probabilities", policy.probabilities, n * k)?;
    if let Some(cluster) = log.cluster {
        check_len("cluster", cluster.len(), n)?;
    }
    for (unit, action) in log.chosen.iter().enumerate() {
        if *action as usize >= k {
            let (arm, last) = (*action as usize, k.saturating_sub(1));
            return Err(ScoreError::UnitOfUnknownArm { unit, arm, last }.into());
        }
    }
    if let Some(p) = log.probability.iter().find(|p| !(**p > 0.0 && **p <= 1.0)) {
        let expected = "above 0 and at most 1: what was chosen had a chance";
        return Err(EvaluationError::Option { option: "probability", value: *p, expected });
    }
    check_rows("probabilities", policy.probabilities, k)?;
    if let Some(all) = log.all_probabilities {
        check_column("all_probabilities", all, n * k)?;
        check_rows("all_probabilities", all, k)?;
    }
    Ok(())
}

fn check_rows(option: &'static str, values: &[f64], k: usize) -> Result<(), EvaluationError> {
    if let Some(value) = values.iter().find(|value| **value < 0.0) {
        return Err(EvaluationError::Option { option, value: *value, expected: "0 or more" });
    }
    for row in values.chunks_exact(k.max(1)) {
        let sum: f64 = row.iter().sum();
        if (sum - 1.0).abs() > ROW_SUM {
            let expected = "probabilities of each decision that sum to 1";
            return Err(EvaluationError::Option { option, value: sum, expected });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: DecisionLog<'_> = DecisionLog {
        chosen: &[0, 1, 0],
        probability: &[0.5, 0.5, 0.9],
        outcome: &[1.0, 0.0, 1.0],
        cluster: None,
        all_probabilities: None,
    };

    fn policy(probabilities: &[f64]) -> NewPolicy<'_> {
        NewPolicy { n_actions: 3, probabilities }
    }

    #[test]
    fn a_policy_within_the_log_is_supported() {
        let policy = policy(&[0.0, 1.0, 0.0, 0.3, 0.7, 0.0, 1.0, 0.0, 0.0]);
        assert_eq!(support(&LOG, &policy).unwrap(), Support::Full);
    }

    #[test]
    fn the_most_missing_action_is_named() {
        let policy = policy(&[0.0, 0.7, 0.3, 0.0, 0.7, 0.3, 1.0, 0.0, 0.0]);
        let Support::Missing { action: 2, share } = support(&LOG, &policy).unwrap() else {
            panic!()
        };
        assert!((share - 0.2).abs() < 1e-12);
    }

    #[test]
    fn logged_probabilities_decide_where_there_are_any() {
        let policy = policy(&[0.0, 0.7, 0.3, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0]);
        let all = [0.5, 0.4, 0.1, 0.5, 0.5, 0.0, 0.9, 0.1, 0.0];
        let log = DecisionLog { all_probabilities: Some(&all), ..LOG };
        // Action 2 was never chosen, but could have been where the policy would choose it.
        assert_eq!(support(&log, &policy).unwrap(), Support::Full);
        let all = [1.0, 0.0, 0.0, 0.5, 0.5, 0.0, 0.9, 0.1, 0.0];
        let log = DecisionLog { all_probabilities: Some(&all), ..LOG };
        assert!(matches!(support(&log, &policy).unwrap(), Support::Missing { action: 1, .. }));
    }

    #[test]
    fn impossible_logs_and_policies_are_refused() {
        let good = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0];
        let refused = |log: DecisionLog<'_>, rows: &[f64]| support(&log, &policy(rows)).is_err();
        assert!(!refused(LOG, &good));
        assert!(refused(LOG, &good[..6]));
        assert!(refused(LOG, &[1.0, 0.5, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0]));
        assert!(refused(LOG, &[1.5, -0.5, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0]));
        assert!(refused(DecisionLog { chosen: &[0, 3, 0], ..LOG }, &good));
        assert!(refused(DecisionLog { probability: &[0.0, 1.0, 1.0], ..LOG }, &good));
        assert!(refused(DecisionLog { probability: &[1.1, 1.0, 1.0], ..LOG }, &good));
        assert!(refused(DecisionLog { outcome: &[f64::NAN, 1.0, 1.0], ..LOG }, &good));
        assert!(refused(DecisionLog { cluster: Some(&[1]), ..LOG }, &good));
    }
}
