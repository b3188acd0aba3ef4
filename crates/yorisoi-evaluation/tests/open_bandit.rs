//! Does the value of one logged policy, estimated from the other's log, agree with what it really got?
//!
//! Real clicks, true propensities; see `tests/data/README.md` for origin and terms.

use yorisoi_evaluation::EvaluationError;
use yorisoi_evaluation::proof::{
    Clip, DecisionLog, Estimator, NewPolicy, PolicyValue, Support, off_policy_value,
    outcome_by_action,
};

/// Items, numbered from 0.
const ITEMS: usize = 80;

/// Places on the page, numbered from 1.
const POSITIONS: usize = 3;

struct Log {
    item: Vec<u32>,
    position: Vec<usize>,
    click: Vec<f64>,
    propensity: Vec<f64>,
}

fn read(text: &str) -> Log {
    let mut log = Log { item: vec![], position: vec![], click: vec![], propensity: vec![] };
    for line in text.lines().skip(1) {
        let cells: Vec<f64> = line.split(',').map(|cell| cell.parse().expect("a number")).collect();
        log.item.push(cells[0] as u32);
        log.position.push(cells[1] as usize);
        log.click.push(cells[2]);
        log.propensity.push(cells[3]);
    }
    log
}

fn thompson() -> Log {
    read(include_str!("data/open_bandit_thompson.csv"))
}

fn random() -> Log {
    read(include_str!("data/open_bandit_random.csv"))
}

impl Log {
    fn mean(&self) -> f64 {
        self.click.iter().sum::<f64>() / self.click.len() as f64
    }

    /// Values a policy whose probabilities depend on the position.
    fn value(
        &self,
        policy: impl Fn(usize, usize) -> f64,
        estimator: Estimator<'_>,
    ) -> Result<PolicyValue, EvaluationError> {
        let rows =
            |position: &usize| (0..ITEMS).map(|item| policy(item, *position)).collect::<Vec<_>>();
        let probabilities: Vec<f64> = self.position.iter().flat_map(rows).collect();
        let policy = NewPolicy { n_actions: ITEMS, probabilities: &probabilities };
        off_policy_value(&self.log(), &policy, estimator, Clip::No)
    }

    fn log(&self) -> DecisionLog<'_> {
        DecisionLog {
            chosen: &self.item,
            probability: &self.propensity,
            outcome: &self.click,
            cluster: None,
            all_probabilities: None,
        }
    }
}

/// Mean logged propensity of each item in each place, made to sum to 1 a place: the nearest to the Thompson
/// policy that its log shows. It had been trained for a month and hardly moved during the week.
fn thompson_policy(log: &Log) -> Vec<f64> {
    let mut sums = vec![(0.0, 0.0); ITEMS * POSITIONS];
    for (item, (position, propensity)) in
        log.item.iter().zip(log.position.iter().zip(&log.propensity))
    {
        let cell = &mut sums[(position - 1) * ITEMS + *item as usize];
        *cell = (cell.0 + propensity, cell.1 + 1.0);
    }
    let mean = |(sum, n): &(f64, f64)| if *n > 0.0 { sum / n } else { 0.0 };
    let mut means: Vec<f64> = sums.iter().map(mean).collect();
    for place in means.chunks_exact_mut(ITEMS) {
        let sum: f64 = place.iter().sum();
        for p in place {
            *p /= sum;
        }
    }
    means
}

#[test]
fn the_random_policy_is_valued_from_the_thompson_log() {
    let truth = random().mean();
    for estimator in [Estimator::InversePropensity, Estimator::SelfNormalised] {
        let value = thompson().value(|_, _| 1.0 / ITEMS as f64, estimator).unwrap();
        let interval = value.value.interval_95();
        assert!(interval.low <= truth && truth <= interval.high, "{value:?} {truth}");
        // The true propensities are right, so weights have mean 1; and the logs are unlike each other.
        let weight = value.mean_weight.interval_95();
        assert!(weight.low <= 1.0 && 1.0 <= weight.high, "{value:?}");
        assert!(value.effective_sample_size < 1_000.0, "{value:?}");
    }
}

#[test]
fn the_thompson_policy_is_valued_from_the_random_log() {
    let log = thompson();
    let (truth, policy) = (log.mean(), thompson_policy(&log));
    for estimator in [Estimator::InversePropensity, Estimator::SelfNormalised] {
        let value = random()
            .value(|item, position| policy[(position - 1) * ITEMS + item], estimator)
            .unwrap();
        let interval = value.value.interval_95();
        assert!(interval.low <= truth && truth <= interval.high, "{value:?} {truth}");
    }
}

#[test]
fn a_doubly_robust_value_with_a_constant_model_agrees_too() {
    let (log, truth) = (thompson(), random().mean());
    let model = vec![log.mean(); log.item.len() * ITEMS];
    let value =
        log.value(|_, _| 1.0 / ITEMS as f64, Estimator::DoublyRobust { model: &model }).unwrap();
    let interval = value.value.interval_95();
    assert!(interval.low <= truth && truth <= interval.high, "{value:?} {truth}");
}

#[test]
fn a_doubly_robust_value_with_what_came_of_each_item_agrees_both_ways() {
    let (of_thompson, of_random) = (thompson(), random());
    let policy = thompson_policy(&of_thompson);
    let by_item = |log: &Log| outcome_by_action(&log.log(), ITEMS).unwrap().into_inner();
    let models = (by_item(&of_thompson), by_item(&of_random));
    let robust = |model| Estimator::DoublyRobust { model };
    let values = [
        (of_thompson.value(|_, _| 1.0 / ITEMS as f64, robust(&models.0)), of_random.mean()),
        (
            of_random
                .value(|item, position| policy[(position - 1) * ITEMS + item], robust(&models.1)),
            of_thompson.mean(),
        ),
    ];
    for (value, truth) in values {
        let interval = value.unwrap().value.interval_95();
        assert!(interval.low <= truth && truth <= interval.high, "{interval:?} {truth}");
    }
}

#[test]
fn an_item_that_was_never_shown_is_refused() {
    let mut log = random();
    // As if item 7 had not been in the catalogue yet.
    let keep: Vec<usize> = (0..log.item.len()).filter(|i| log.item[*i] != 7).collect();
    log.item = keep.iter().map(|i| log.item[*i]).collect();
    log.position = keep.iter().map(|i| log.position[*i]).collect();
    log.click = keep.iter().map(|i| log.click[*i]).collect();
    log.propensity = keep.iter().map(|i| log.propensity[*i]).collect();
    let refused = log.value(|_, _| 1.0 / ITEMS as f64, Estimator::SelfNormalised);
    let Err(EvaluationError::Unsupported(Support::Missing { action: 7, share })) = refused else {
        panic!("{refused:?}")
    };
    assert!((share - 1.0 / ITEMS as f64).abs() < 1e-9);
}
