//! What came of each action, for others? The outcome model that a doubly robust value leans on.

use std::collections::HashMap;

use yorisoi_data::OutOfFold;
use yorisoi_effects::ScoreError;

use super::support::DecisionLog;
use crate::EvaluationError;
use crate::error::{check_column, check_len};

/// Most folds: each prediction then learns from nine tenths of the people, which is nearly all there is to
/// learn of a mean. With fewer people each is a fold of their own.
const MAX_FOLDS: usize = 10;

/// For how many decisions the mean over all actions counts in the mean of one.
///
/// An action that was tried less often is predicted mostly by what came of all of them: a mean of fewer
/// outcomes is hardly ever the better guess. It moves the width of the interval, never its middle.
const SHRINKAGE_DECISIONS: f64 = 10.0;

/// Returns the outcome to be expected of each action in each decision, from other people's decisions.
///
/// The simplest model that takes what all outcomes share, and what sets the actions apart, out of a doubly
/// robust value. A better one makes the interval narrower; none makes it right or wrong.
///
/// # Formula
///
/// ```text
/// q(i, a) = (Σⱼ yⱼ 1{aⱼ = a} + λ m) / (Σⱼ 1{aⱼ = a} + λ),   m = mean of yⱼ,   λ = 10
/// ```
///
/// over the decisions j outside the fold of decision i. People (or households) are dealt to ten folds in turn, in
/// the order in which the log first names them; with fewer than ten, each is a fold.
///
/// # Shapes and units
///
/// `n × n_actions`, row after row, in the unit of the outcome: the `model` of
/// [`Estimator::DoublyRobust`](super::Estimator::DoublyRobust).
///
/// # Assumptions
///
/// Those of one fold tell nothing of the choices in another: true of people who decide apart under a policy
/// that was fixed before. Where the policy learned while it wrote the log, later choices know a little of
/// earlier outcomes; what that adds vanishes as the log grows.
///
/// # Errors
///
/// [`ScoreError::LengthMismatch`], [`ScoreError::NotFinite`] for the columns; [`ScoreError::UnitOfUnknownArm`] for an action
/// that does not exist; [`ScoreError::TooFew`] with fewer than two people: nobody's outcome may speak for them.
///
/// # Source
///
/// Dudík, Langford & Li (2011), *ICML*, §3 (the value); Chernozhukov et al. (2018), *Econometrics Journal*
/// 21 (cross-fitting).
///
/// # Example
///
/// ```
/// # use yorisoi_evaluation::proof::{DecisionLog, outcome_by_action};
/// let log = DecisionLog {
///     chosen: &[0, 1, 0, 0],
///     probability: &[0.5; 4],
///     outcome: &[1.0, 5.0, 2.0, 4.0],
///     cluster: Some(&[7, 7, 9, 9]),
///     all_probabilities: None,
/// };
/// let model = outcome_by_action(&log, 2)?;
/// // Those of 7 are expected to have what those of 9 had, who tried action 0 alone.
/// assert_eq!(model.get()[..2], [3.0, 3.0]);
/// # Ok::<(), yorisoi_evaluation::EvaluationError>(())
/// ```
pub fn outcome_by_action(
    log: &DecisionLog<'_>,
    n_actions: usize,
) -> Result<OutOfFold<Vec<f64>>, EvaluationError> {
    check(log, n_actions)?;
    let (folds, n_folds) = folds(log)?;
    let mut seen = vec![vec![Seen::default(); n_actions]; n_folds];
    for (unit, fold) in folds.iter().enumerate() {
        let seen = &mut seen[*fold][log.chosen[unit] as usize];
        seen.sum += log.outcome[unit];
        seen.n += 1.0;
    }
    // Summed up anew for each fold rather than subtracted from a total: what is left out leaves not even a
    // rounding behind.
    let models: Vec<Vec<f64>> = (0..n_folds)
        .map(|fold| {
            let others = seen.iter().enumerate().filter(|(other, _)| *other != fold);
            expected(others.map(|(_, seen)| seen.as_slice()), n_actions)
        })
        .collect();
    Ok(OutOfFold::promise(folds.iter().flat_map(|fold| models[*fold].iter().copied()).collect()))
}

/// What was seen of an action.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    sum: f64,
    n: f64,
}

/// The mean of each action in some folds, drawn to the mean of all.
fn expected<'a>(folds: impl Iterator<Item = &'a [Seen]>, n_actions: usize) -> Vec<f64> {
    let mut by_action = vec![Seen::default(); n_actions];
    for seen in folds {
        for (total, seen) in by_action.iter_mut().zip(seen) {
            total.sum += seen.sum;
            total.n += seen.n;
        }
    }
    let all = by_action
        .iter()
        .fold(Seen::default(), |all, seen| Seen { sum: all.sum + seen.sum, n: all.n + seen.n });
    let mean = all.sum / all.n;
    let shrunk =
        |seen: &Seen| (seen.sum + SHRINKAGE_DECISIONS * mean) / (seen.n + SHRINKAGE_DECISIONS);
    by_action.iter().map(shrunk).collect()
}

/// Returns each decision's fold, and how many there are; whoever comes next goes to the next fold.
fn folds(log: &DecisionLog<'_>) -> Result<(Vec<usize>, usize), EvaluationError> {
    let mut people: HashMap<u32, usize> = HashMap::new();
    let person_of = |unit: usize| log.cluster.map_or(unit as u32, |cluster| cluster[unit]);
    let order: Vec<usize> = (0..log.chosen.len())
        .map(|unit| {
            let next = people.len();
            *people.entry(person_of(unit)).or_insert(next)
        })
        .collect();
    if people.len() < 2 {
        let (what, actual) = ("an outcome model", people.len());
        return Err(ScoreError::TooFew { what, actual, needed: 2 }.into());
    }
    let n_folds = people.len().min(MAX_FOLDS);
    Ok((order.into_iter().map(|person| person % n_folds).collect(), n_folds))
}

fn check(log: &DecisionLog<'_>, n_actions: usize) -> Result<(), EvaluationError> {
    check_column("outcome", log.outcome, log.chosen.len())?;
    if let Some(cluster) = log.cluster {
        check_len("cluster", cluster.len(), log.chosen.len())?;
    }
    match log.chosen.iter().position(|action| *action as usize >= n_actions) {
        Some(unit) => {
            let (arm, last) = (log.chosen[unit] as usize, n_actions.saturating_sub(1));
            Err(ScoreError::UnitOfUnknownArm { unit, arm, last }.into())
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::{Clip, Estimator, NewPolicy, off_policy_value};
    use crate::worlds::{assert_nominal_coverage, draw, normal};
    use proptest::prelude::*;
    use yorisoi_data::Estimate;

    /// Sums of a few numbers of this size differ from those worked out by hand by roundings alone.
    const ROUNDING: f64 = 1e-12;

    #[test]
    fn a_small_log_has_the_value_that_was_worked_out_by_hand() {
        let log = DecisionLog {
            chosen: &[0, 1, 0, 0],
            probability: &[0.5; 4],
            outcome: &[1.0, 5.0, 2.0, 4.0],
            cluster: Some(&[7, 7, 9, 9]),
            all_probabilities: None,
        };
        // Two people, two folds. For 7, from 9: m = 3, q(0) = (6 + 30)/12 = 3, q(1) = 30/10 = 3.
        // For 9, from 7: m = 3, q(0) = (1 + 30)/11, q(1) = (5 + 30)/11.
        let model = outcome_by_action(&log, 2).unwrap().into_inner();
        let by_hand = [3.0, 3.0, 3.0, 3.0, 31.0 / 11.0, 35.0 / 11.0, 31.0 / 11.0, 35.0 / 11.0];
        for (found, by_hand) in model.iter().zip(by_hand) {
            assert!((found - by_hand).abs() < ROUNDING, "{model:?}");
        }
        // Always action 1: 3, 3 + 2 (5 − 3), 35/11, 35/11, of which the mean is 45/11. Sums of the two people lie
        // 20/11 above and below 90/11, so se = √(2/1 · 2 (20/11)²) / 4 = 10/11.
        let policy = NewPolicy { n_actions: 2, probabilities: &[0., 1., 0., 1., 0., 1., 0., 1.] };
        let robust = Estimator::DoublyRobust { model: &model };
        let value = off_policy_value(&log, &policy, robust, Clip::No).unwrap().value;
        assert!((value.estimate - 45.0 / 11.0).abs() < ROUNDING, "{value:?}");
        assert!((value.std_error - 10.0 / 11.0).abs() < ROUNDING, "{value:?}");
    }

    #[test]
    fn one_person_alone_and_an_action_that_does_not_exist_are_refused() {
        let log = DecisionLog {
            chosen: &[0, 1],
            probability: &[0.5; 2],
            outcome: &[1.0, 5.0],
            cluster: Some(&[7, 7]),
            all_probabilities: None,
        };
        assert!(outcome_by_action(&log, 2).unwrap_err().is_too_few());
        let apart = DecisionLog { cluster: None, ..log };
        assert!(outcome_by_action(&apart, 2).is_ok());
        assert!(outcome_by_action(&apart, 1).is_err());
        assert!(outcome_by_action(&DecisionLog { outcome: &[1.0], ..apart }, 2).is_err());
        assert!(outcome_by_action(&DecisionLog { outcome: &[1.0, f64::NAN], ..apart }, 2).is_err());
        assert!(outcome_by_action(&DecisionLog { cluster: Some(&[1]), ..apart }, 2).is_err());
    }

    proptest! {
        /// Whatever becomes of a person, what is expected of their own decisions stays the same to the bit.
        #[test]
        fn nobodys_own_outcome_enters_what_is_expected_of_them(
            rows in proptest::collection::vec((0..3_u32, 0..15_u32, -1e3..1e3_f64), 2..80),
            moved in -1e9..1e9_f64,
        ) {
            let chosen: Vec<u32> = rows.iter().map(|row| row.0).collect();
            let cluster: Vec<u32> = rows.iter().map(|row| row.1).collect();
            let outcome: Vec<f64> = rows.iter().map(|row| row.2).collect();
            let probability = vec![0.5; rows.len()];
            let of = |outcome: &[f64]| {
                let log = DecisionLog {
                    chosen: &chosen,
                    probability: &probability,
                    outcome,
                    cluster: Some(&cluster),
                    all_probabilities: None,
                };
                outcome_by_action(&log, 3).map(OutOfFold::into_inner)
            };
            prop_assume!(cluster.iter().any(|it| *it != cluster[0]));
            let before = of(&outcome).unwrap();
            let whose = cluster[0];
            let own = |unit: &usize| cluster[*unit] == whose;
            let mut other = outcome.clone();
            for unit in (0..rows.len()).filter(own) {
                other[unit] += moved;
            }
            let after = of(&other).unwrap();
            for unit in (0..rows.len()).filter(own) {
                for action in 3 * unit..3 * unit + 3 {
                    prop_assert_eq!(before[action].to_bits(), after[action].to_bits());
                }
            }
        }
    }

    /// Actions of the simulated log.
    const K: usize = 3;

    /// People of each simulated log.
    const PEOPLE: usize = 400;

    /// Simulated logs.
    const LOGS: u32 = 600;

    /// Actions differ in mean, by person too, so that a mean by action is no true model.
    fn mean(x: f64, action: usize) -> f64 {
        [5.0, 6.0 + 2.0 * x, 8.0 - x][action]
    }

    /// `∫₀^½ .7 (8 − x) + .3 (6 + 2x) dx + ∫_½^1 (6 + 2x) dx = 2.7125 + .975 + 3.75`, x uniform on [0, 1].
    const TRUE_VALUE: f64 = 7.4375;

    struct World {
        chosen: Vec<u32>,
        probability: Vec<f64>,
        outcome: Vec<f64>,
        cluster: Vec<u32>,
        wanted: Vec<f64>,
    }

    /// A log of [`PEOPLE`] people with so many decisions each, who share x and half of the noise.
    fn world(seed: u64, each: usize) -> World {
        let (mut chosen, mut probability, mut outcome) = (vec![], vec![], vec![]);
        let (mut cluster, mut wanted) = (vec![], vec![]);
        for unit in 0..PEOPLE * each {
            let person = unit / each;
            let x = draw(seed, 0, person);
            let logged = [0.5, 0.2 + 0.2 * x, 0.3 - 0.2 * x];
            let u = draw(seed, 1, unit);
            let action = usize::from(u >= logged[0]) + usize::from(u >= logged[0] + logged[1]);
            chosen.push(action as u32);
            probability.push(logged[action]);
            outcome.push(mean(x, action) + normal(seed, 2, person) + normal(seed, 4, unit));
            cluster.push(person as u32);
            wanted.extend(if x <= 0.5 { [0.0, 0.3, 0.7] } else { [0.0, 1.0, 0.0] });
        }
        World { chosen, probability, outcome, cluster, wanted }
    }

    impl World {
        fn log(&self) -> DecisionLog<'_> {
            DecisionLog {
                chosen: &self.chosen,
                probability: &self.probability,
                outcome: &self.outcome,
                cluster: Some(&self.cluster),
                all_probabilities: None,
            }
        }

        fn value(&self, estimator: Estimator<'_>) -> Estimate {
            let policy = NewPolicy { n_actions: K, probabilities: &self.wanted };
            off_policy_value(&self.log(), &policy, estimator, Clip::No).unwrap().value
        }

        fn robust(&self) -> Estimate {
            let model = outcome_by_action(&self.log(), K).unwrap();
            self.value(Estimator::DoublyRobust { model: model.get() })
        }
    }

    /// Asserts that estimates lie around the truth: their mean within 3.6 of its standard errors, which chance
    /// alone breaks with probability 3e-4.
    fn assert_unbiased(estimates: &[f64]) {
        let n = estimates.len() as f64;
        let mean = estimates.iter().sum::<f64>() / n;
        let squares: f64 = estimates.iter().map(|it| (it - mean).powi(2)).sum();
        let error = (squares / (n - 1.0) / n).sqrt();
        assert!((mean - TRUE_VALUE).abs() < 3.6 * error, "{mean} ± {error}, truth {TRUE_VALUE}");
    }

    /// The bound of coverage is in [`assert_nominal_coverage`]: 570 ± 19.2 of 600.
    #[test]
    fn the_value_is_unbiased_covers_and_is_narrower_than_by_propensities_alone() {
        for each in [1, 3] {
            let (mut found, mut covered) = (vec![], 0);
            let (mut width, mut width_ips) = (0.0, 0.0);
            for seed in 0..u64::from(LOGS) {
                let world = world(seed, each);
                let value = world.robust();
                let interval = value.interval_95();
                covered += u32::from(interval.low <= TRUE_VALUE && TRUE_VALUE <= interval.high);
                found.push(value.estimate);
                width += value.std_error;
                width_ips += world.value(Estimator::InversePropensity).std_error;
            }
            assert_unbiased(&found);
            assert_nominal_coverage(covered, LOGS);
            assert!(width < width_ips, "{width} {width_ips}");
        }
    }

    #[test]
    fn with_known_propensities_an_absurd_model_does_no_harm_to_the_middle() {
        let absurd = |seed: u64| {
            let world = world(seed, 1);
            let model: Vec<f64> = (0..PEOPLE).flat_map(|_| [40.0, -25.0, 0.0]).collect();
            world.value(Estimator::DoublyRobust { model: &model }).estimate
        };
        assert_unbiased(&(0..u64::from(LOGS)).map(absurd).collect::<Vec<_>>());
    }

    /// What no estimator by inverse propensities alone has: whatever all outcomes share drops out.
    #[test]
    fn adding_a_constant_to_outcomes_adds_it_to_the_value_and_leaves_the_error() {
        let mut world = world(1, 2);
        let before = world.robust();
        for outcome in &mut world.outcome {
            *outcome += 100.0;
        }
        let after = world.robust();
        // Sums of a thousand numbers of about a hundred.
        assert!((after.estimate - before.estimate - 100.0).abs() < 1e-9, "{before:?} {after:?}");
        assert!((after.std_error - before.std_error).abs() < 1e-9, "{before:?} {after:?}");
    }
}
