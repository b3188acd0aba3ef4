//! What would another policy have been worth? Its value from decisions that this one made.

use serde::{Deserialize, Serialize};
use yorisoi_data::Estimate;
use yorisoi_effects::{Linear, Sampling};

use super::support::{DecisionLog, NewPolicy, Support, support};
use super::verdict::{Found, Reason, Verdict};
use crate::EvaluationError;
use crate::error::check_column;

/// Fewest decisions' worth of evidence behind a claim.
///
/// A weighted mean of fewer is not yet about normal, and its interval does not cover.
const MIN_EFFECTIVE: f64 = 50.0;

/// How a value is estimated.
#[derive(Debug, Clone, Copy)]
pub enum Estimator<'a> {
    /// Inverse propensity scoring: unbiased, wide.
    InversePropensity,
    /// The same divided by the mean weight: a little biased, often far less wide.
    SelfNormalised,
    /// A model of outcomes, corrected by what was seen: never worse for long if the model is any good.
    DoublyRobust {
        /// Predicted outcome of each action in each decision, `n × K`, row after row, from a model that
        /// has not seen the decision's outcome.
        model: &'a [f64],
    },
}

/// Largest weight that a decision may have.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clip {
    /// Weights stay as they are.
    No,
    /// Larger ones are cut to this: less variance for a bias that no interval shows.
    At(f64),
}

/// The value of a policy from another's log.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PolicyValue {
    /// Mean outcome a decision under the new policy.
    pub value: Estimate,
    /// The same less the mean outcome under the policy that wrote the log, paired.
    pub gain: Estimate,
    /// How many decisions of its own the evidence is worth, `(Σw)² / Σw²`.
    pub effective_sample_size: f64,
    /// Mean weight; 1 in theory. Far from it, logged probabilities are not those of the choices.
    pub mean_weight: Estimate,
    /// Share of decisions whose weight was cut; zero unless clipping was asked for.
    pub share_clipped: f64,
    /// Whether the gain is proven, by its 95 % interval.
    pub verdict: Verdict,
}

/// Returns what a new policy would have been worth in the logged decisions.
///
/// # Formula
///
/// ```text
/// wᵢ = π(aᵢ | i) / pᵢ
/// inverse propensity   V = 1/n Σ wᵢ yᵢ
/// self-normalised      V = Σ wᵢ yᵢ / Σ wᵢ
/// doubly robust        V = 1/n Σ [ Σₐ π(a | i) q(i, a) + wᵢ (yᵢ − q(i, aᵢ)) ]
/// ```
///
/// Each is a ratio of means. Its standard error is that of its influences, summed within clusters, which
/// for the self-normalised one is the delta method.
///
/// # Shapes and units
///
/// See [`DecisionLog`] and [`NewPolicy`]; values are in the unit of the outcome, a decision.
///
/// # Assumptions
///
/// Logged probabilities are those with which choices were made. What the policy would do elsewhere does
/// not change these clients. Below 50 decisions' worth of evidence the verdict is that one cannot know.
///
/// # Errors
///
/// [`EvaluationError::Unsupported`] if the policy would do what the log never did; those of [`support`];
/// [`EvaluationError::Option`] for a clip that is not positive; [`ScoreError::TooFew`] with fewer than two
/// independent decisions.
///
/// [`ScoreError::TooFew`]: yorisoi_effects::ScoreError::TooFew
///
/// # Source
///
/// Dudík, Langford & Li (2011), *ICML*; Swaminathan & Joachims (2015), "The self-normalized estimator
/// for counterfactual learning", *NIPS*; effective sample size: Kong (1992).
///
/// # Example
///
/// ```
/// # use yorisoi_evaluation::proof::{Clip, DecisionLog, Estimator, NewPolicy, off_policy_value};
/// let log = DecisionLog {
///     chosen: &[0, 1, 1, 0],
///     probability: &[0.5; 4],
///     outcome: &[0.0, 1.0, 3.0, 2.0],
///     cluster: None,
///     all_probabilities: None,
/// };
/// let always_one = NewPolicy { n_actions: 2, probabilities: &[0., 1., 0., 1., 0., 1., 0., 1.] };
/// let worth = off_policy_value(&log, &always_one, Estimator::InversePropensity, Clip::No)?;
/// assert_eq!(worth.value.estimate, 2.0);
/// assert_eq!(worth.effective_sample_size, 2.0);
/// # Ok::<(), yorisoi_evaluation::EvaluationError>(())
/// ```
pub fn off_policy_value(
    log: &DecisionLog<'_>,
    policy: &NewPolicy<'_>,
    estimator: Estimator<'_>,
    clip: Clip,
) -> Result<PolicyValue, EvaluationError> {
    let missing = support(log, policy)?;
    if missing != Support::Full {
        return Err(EvaluationError::Unsupported(missing));
    }
    let sampling = sampling(log)?;
    let (weights, share_clipped) = weights(log, policy, clip)?;
    let value = linear(log, policy, &weights, (estimator, &sampling))?;
    let logged = Linear::mean(log.outcome, &sampling);
    let gain = value.less(&logged).estimate("the gain of a policy", &sampling)?;
    let squares: f64 = weights.iter().map(|w| w * w).sum();
    let sum: f64 = weights.iter().sum();
    let effective_sample_size = if squares > 0.0 { sum * sum / squares } else { 0.0 };
    Ok(PolicyValue {
        value: value.estimate("the value of a policy", &sampling)?,
        gain,
        effective_sample_size,
        mean_weight: Linear::mean(&weights, &sampling).estimate("the mean weight", &sampling)?,
        share_clipped,
        verdict: verdict(&gain, effective_sample_size),
    })
}

/// Returns the mean outcome of the logged decisions: what the policy that wrote the log was worth.
///
/// Its standard error is that of a mean of clusters, as for [`off_policy_value`].
///
/// # Errors
///
/// [`ScoreError::NotFinite`] for the outcomes, [`ScoreError::LengthMismatch`] for the clusters;
/// [`ScoreError::TooFew`] with fewer than two independent decisions.
///
/// [`ScoreError::NotFinite`]: yorisoi_effects::ScoreError::NotFinite
/// [`ScoreError::LengthMismatch`]: yorisoi_effects::ScoreError::LengthMismatch
/// [`ScoreError::TooFew`]: yorisoi_effects::ScoreError::TooFew
///
/// # Example
///
/// ```
/// # use yorisoi_evaluation::proof::{DecisionLog, logged_value};
/// let log = DecisionLog {
///     chosen: &[0, 1, 1, 0],
///     probability: &[0.5; 4],
///     outcome: &[0.0, 1.0, 3.0, 2.0],
///     cluster: None,
///     all_probabilities: None,
/// };
/// assert_eq!(logged_value(&log)?.estimate, 1.5);
/// # Ok::<(), yorisoi_evaluation::EvaluationError>(())
/// ```
pub fn logged_value(log: &DecisionLog<'_>) -> Result<Estimate, EvaluationError> {
    check_column("outcome", log.outcome, log.chosen.len())?;
    let sampling = sampling(log)?;
    Ok(Linear::mean(log.outcome, &sampling).estimate("the value of the log", &sampling)?)
}

/// Every decision counts once; those of a cluster depend on one another.
fn sampling<'a>(log: &DecisionLog<'a>) -> Result<Sampling<'a>, EvaluationError> {
    let all = Sampling::equal(log.chosen.len());
    Ok(match log.cluster {
        Some(cluster) => all.with_clusters(cluster)?,
        None => all,
    })
}

/// Returns each decision's weight, and the share that was cut.
fn weights(
    log: &DecisionLog<'_>,
    policy: &NewPolicy<'_>,
    clip: Clip,
) -> Result<(Vec<f64>, f64), EvaluationError> {
    let largest = match clip {
        Clip::No => f64::INFINITY,
        Clip::At(largest) if largest > 0.0 => largest,
        Clip::At(value) => {
            let expected = "a weight above 0; 1 is the mean weight";
            return Err(EvaluationError::Option { option: "clip", value, expected });
        }
    };
    let chosen = log.chosen.iter().zip(log.probability).enumerate();
    let mut weights: Vec<f64> =
        chosen.map(|(i, (action, p))| policy.of(i, *action as usize) / p).collect();
    let cut = weights.iter().filter(|weight| **weight > largest).count();
    for weight in &mut weights {
        *weight = weight.min(largest);
    }
    Ok((weights, cut as f64 / log.chosen.len().max(1) as f64))
}

fn linear(
    log: &DecisionLog<'_>,
    policy: &NewPolicy<'_>,
    weights: &[f64],
    (estimator, sampling): (Estimator<'_>, &Sampling<'_>),
) -> Result<Linear, EvaluationError> {
    let y = log.outcome;
    Ok(match estimator {
        Estimator::InversePropensity => Linear::ratio(sampling, |i| Some((weights[i] * y[i], 1.0))),
        Estimator::SelfNormalised => {
            Linear::ratio(sampling, |i| Some((weights[i] * y[i], weights[i])))
        }
        Estimator::DoublyRobust { model } => {
            let k = policy.n_actions;
            check_column("model", model, log.chosen.len() * k)?;
            Linear::ratio(sampling, |i| {
                let predicted = |action: usize| model[i * k + action];
                let expected: f64 = (0..k).map(|a| policy.of(i, a) * predicted(a)).sum();
                let residual = y[i] - predicted(log.chosen[i] as usize);
                Some((expected + weights[i] * residual, 1.0))
            })
        }
    })
}

fn verdict(gain: &Estimate, effective: f64) -> Verdict {
    if effective < MIN_EFFECTIVE {
        return Verdict::CannotKnow(Reason::TooThin { effective, needed: MIN_EFFECTIVE });
    }
    let interval = gain.interval_95();
    let Estimate { estimate, std_error, .. } = *gain;
    Found { estimate, std_error, low: interval.low, high: interval.high }.verdict()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worlds::{assert_nominal_coverage, draw, normal};

    /// Actions of the synthetic world.
    const K: usize = 3;

    /// A log with truth: contexts x, a softmax-like logger, outcomes with means `mean(x, a)`.
    struct World {
        chosen: Vec<u32>,
        all: Vec<f64>,
        probability: Vec<f64>,
        outcome: Vec<f64>,
        cluster: Vec<u32>,
        new: Vec<f64>,
        model: Vec<f64>,
    }

    fn mean(x: f64, action: usize) -> f64 {
        [1.0, 2.0 * x, 1.5 - x][action]
    }

    /// The logger prefers action 0; the new policy prefers action 1 where x is large, else action 2.
    fn policies(x: f64) -> ([f64; K], [f64; K]) {
        (
            [0.6, 0.1 + 0.2 * x, 0.3 - 0.2 * x],
            if x > 0.5 { [0.1, 0.8, 0.1] } else { [0.1, 0.0, 0.9] },
        )
    }

    /// `∫ Σₐ π(a|x) mean(x, a) dx` over x uniform on [0, 1].
    ///
    /// x ≤ ½: .1 · ½ + .9 ∫ (1.5 − x) = .05 + .9 (.75 − .125) = .6125;
    /// x > ½: .05 + .8 ∫ 2x + .1 ∫ (1.5 − x) = .05 + .8 · .75 + .1 (.75 − .375) = .6875.
    const TRUE_VALUE: f64 = 0.6125 + 0.6875;

    fn world(seed: u64, n: usize, cluster_size: usize) -> World {
        let (mut chosen, mut probability, mut outcome, mut cluster) =
            (vec![], vec![], vec![], vec![]);
        let (mut all, mut new, mut model) = (vec![], vec![], vec![]);
        for i in 0..n {
            let group = i / cluster_size;
            let x = draw(seed, 0, group);
            let (logged, wanted) = policies(x);
            let u = draw(seed, 1, i);
            let action =
                if u < logged[0] { 0 } else { 1 + usize::from(u >= logged[0] + logged[1]) };
            chosen.push(action as u32);
            probability.push(logged[action]);
            outcome.push(mean(x, action) + normal(seed, 2, group) + normal(seed, 4, i));
            cluster.push(group as u32);
            all.extend(logged);
            new.extend(wanted);
            // A model that is wrong by a constant and in slope.
            model.extend((0..K).map(|a| 0.8 * mean(x, a) + 0.3));
        }
        World { chosen, all, probability, outcome, cluster, new, model }
    }

    impl World {
        fn log(&self) -> DecisionLog<'_> {
            DecisionLog {
                chosen: &self.chosen,
                probability: &self.probability,
                outcome: &self.outcome,
                cluster: Some(&self.cluster),
                all_probabilities: Some(&self.all),
            }
        }

        fn value(&self, estimator: Estimator<'_>) -> PolicyValue {
            let policy = NewPolicy { n_actions: K, probabilities: &self.new };
            off_policy_value(&self.log(), &policy, estimator, Clip::No).unwrap()
        }
    }

    #[test]
    fn intervals_of_all_estimators_cover_the_true_value() {
        for cluster_size in [1, 4] {
            let mut covered = [0; 3];
            for seed in 0..600 {
                let world = world(seed, 1_200, cluster_size);
                let robust = Estimator::DoublyRobust { model: &world.model };
                let estimators = [Estimator::InversePropensity, Estimator::SelfNormalised, robust];
                for (covered, estimator) in covered.iter_mut().zip(estimators) {
                    let interval = world.value(estimator).value.interval_95();
                    *covered +=
                        u32::from(interval.low <= TRUE_VALUE && TRUE_VALUE <= interval.high);
                }
            }
            for covered in covered {
                assert_nominal_coverage(covered, 600);
            }
        }
    }

    #[test]
    fn a_fair_model_makes_the_interval_narrower() {
        let world = world(1, 4_000, 1);
        let width = |estimator| world.value(estimator).value.std_error;
        let robust = width(Estimator::DoublyRobust { model: &world.model });
        assert!(robust < width(Estimator::InversePropensity));
    }

    #[test]
    fn the_logging_policy_has_the_value_it_had() {
        let world = world(3, 500, 1);
        let policy = NewPolicy { n_actions: K, probabilities: &world.all };
        let mean = world.outcome.iter().sum::<f64>() / 500.0;
        for estimator in [Estimator::InversePropensity, Estimator::SelfNormalised] {
            let value = off_policy_value(&world.log(), &policy, estimator, Clip::No).unwrap();
            assert!((value.value.estimate - mean).abs() < 1e-12);
            let logged = logged_value(&world.log()).unwrap();
            assert!((logged.estimate - mean).abs() < 1e-12);
            assert!((logged.std_error - value.value.std_error).abs() < 1e-12);
            assert!(value.gain.estimate.abs() < 1e-12 && value.gain.std_error < 1e-12);
            assert!((value.effective_sample_size - 500.0).abs() < 1e-6);
        }
    }

    #[test]
    fn adding_a_constant_to_outcomes_adds_it_to_self_normalised_values() {
        let mut world = world(4, 800, 1);
        let before = world.value(Estimator::SelfNormalised).value;
        for outcome in &mut world.outcome {
            *outcome += 100.0;
        }
        let after = world.value(Estimator::SelfNormalised).value;
        assert!((after.estimate - before.estimate - 100.0).abs() < 1e-9);
        // Inverse propensity does not have that property: its error grows with the constant.
        assert!((after.std_error - before.std_error).abs() < 1e-9);
    }

    #[test]
    fn clipping_happens_on_request_and_is_said() {
        let world = world(5, 800, 1);
        let policy = NewPolicy { n_actions: K, probabilities: &world.new };
        let value = |clip| {
            off_policy_value(&world.log(), &policy, Estimator::InversePropensity, clip).unwrap()
        };
        assert!(value(Clip::No).share_clipped.abs() < 1e-300);
        assert!(value(Clip::At(2.0)).share_clipped > 0.1);
        let refused = off_policy_value(
            &world.log(),
            &policy,
            Estimator::InversePropensity,
            Clip::At(f64::NAN),
        );
        assert!(matches!(refused, Err(EvaluationError::Option { option: "clip", .. })));
    }

    #[test]
    fn what_the_log_never_did_is_refused() {
        let world = world(6, 100, 1);
        let always_new = [0.0, 0.0, 1.0].repeat(100);
        let mut all = world.all.clone();
        for row in all.chunks_exact_mut(K) {
            (row[0], row[2]) = (row[0] + row[2], 0.0);
        }
        let log = DecisionLog { all_probabilities: Some(&all), ..world.log() };
        let policy = NewPolicy { n_actions: K, probabilities: &always_new };
        let refused = off_policy_value(&log, &policy, Estimator::SelfNormalised, Clip::No);
        let Err(EvaluationError::Unsupported(Support::Missing { action: 2, share })) = refused
        else {
            panic!("{refused:?}")
        };
        assert!((share - 1.0).abs() < 1e-9);
    }

    #[test]
    fn thin_evidence_is_no_verdict() {
        let world = world(7, 60, 1);
        let verdict = world.value(Estimator::SelfNormalised).verdict;
        assert!(matches!(verdict, Verdict::CannotKnow(Reason::TooThin { .. })), "{verdict:?}");
        // With 30,000 decisions the gain over the logger is proven: its own value is
        // .6 + ∫ (.1 + .2x) 2x + ∫ (.3 − .2x)(1.5 − x) = .6 + .2333 + .2167 = 1.05, the new one 1.3.
        let value = self::world(8, 30_000, 1).value(Estimator::SelfNormalised);
        assert_eq!(value.verdict, Verdict::Proven);
        assert!((value.gain.estimate - 0.25).abs() < 4.0 * value.gain.std_error);
    }
}
