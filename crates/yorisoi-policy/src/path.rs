//! What does each further unit of money buy? The order of best steps, from nothing to everything.
//!
//! A *step* moves one unit from one vertex of its hull to the next. Within a unit the reward per cost
//! of its steps falls strictly, so one global sort of all steps by it visits every unit's steps in
//! their own order, and the first `k` steps are the best plan for the money they cost. A priority queue
//! gives the same order, but sequentially and with a cache miss a step; the sort runs on all cores. For
//! `m ≤ n · arms` steps the work is `n · arms` looks at the menu, `m log m` comparisons of 32-byte
//! records and `m` additions.

use rayon::prelude::*;
use yorisoi_data::mix;

use crate::PolicyError;
use crate::hull::{HOLD, Vertex, price, push_point, upper_left_hull};
use crate::menu::{Menu, check_size};

/// Units whose hulls one task makes. Fixed, so that the work does not depend on the thread count.
const UNITS_A_TASK: usize = 16_384;

/// One unit moves from one arm (or nothing) to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Reward of this step per unit of money; infinite for a step that costs nothing.
    pub price: f64,
    /// Money spent after this step, all earlier ones included.
    pub spend: f64,
    /// Reward earned after this step, all earlier ones included.
    pub gain: f64,
    /// The unit that moves.
    pub unit: u32,
    arm: u16,
    from: u16,
}

impl Step {
    /// Returns a step whose `spend` and `gain` are its own, before [`accumulate`].
    pub(crate) fn between(unit: usize, from: &Vertex, to: &Vertex) -> Self {
        Self {
            price: price(from, to),
            spend: to.cost - from.cost,
            gain: to.reward - from.reward,
            unit: unit as u32,
            arm: to.arm,
            from: from.arm,
        }
    }

    /// Returns the arm the unit moves to.
    #[inline]
    pub fn arm(&self) -> usize {
        usize::from(self.arm)
    }

    /// Returns the arm the unit moves from, `None` for nothing.
    #[inline]
    pub fn from(&self) -> Option<usize> {
        arm_of(self.from)
    }
}

/// Returns the arm of a 16-bit arm number, `None` for nothing.
#[inline]
pub(crate) fn arm_of(number: u16) -> Option<usize> {
    (number != HOLD).then(|| usize::from(number))
}

/// The best plan for every budget at once.
#[derive(Debug, Clone, PartialEq)]
pub struct SpendPath {
    steps: Vec<Step>,
    n_units: usize,
}

/// Where a budget ends on the path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// Steps that are paid for in full: the first so many of [`SpendPath::steps`].
    pub n_complete: usize,
    /// Share of the next step that the rest of the budget pays for, in `[0, 1)`.
    pub share_of_next: f64,
    /// Reward of one more unit of money: the price of the next step, 0 where none is left.
    pub price: f64,
    /// Money spent, the share of the next step included.
    pub spend: f64,
    /// Reward earned, the share of the next step included.
    pub gain: f64,
}

impl SpendPath {
    /// Returns the path of a menu. Steps of equal price come in an order drawn from `seed`, not in row
    /// order: a file sorted by anything would otherwise leak its order into the plan.
    ///
    /// # Formula
    ///
    /// ```text
    /// max Σᵢₖ rᵢₖ xᵢₖ  subject to  Σᵢₖ cᵢₖ xᵢₖ ≤ B,  Σₖ xᵢₖ ≤ 1,  x ≥ 0      for every B at once
    /// ```
    ///
    /// # Shapes and units
    ///
    /// `price` is reward per money, `spend` money, `gain` reward; totals over all units.
    ///
    /// # Assumptions
    ///
    /// The last unit may be split: at most one unit gets its next arm with a probability below 1.
    ///
    /// # Errors
    ///
    /// Where an offer's reward is not finite or its cost is not finite or below 0 (naming unit and
    /// arm), or units or arms are too many to number.
    ///
    /// # Source
    ///
    /// Sverdrup, Wu, Athey & Wager (2024), "Qini curves for multi-armed treatment rules", section 2.
    ///
    /// # Example
    ///
    /// ```
    /// use yorisoi_policy::{ArmCost, Columns, SpendPath};
    /// // Two people; a mail costs 1, a call costs 3.
    /// let rewards = [vec![1.0, 0.5], vec![2.0, 4.5]];
    /// let costs = [ArmCost::Same(1.0), ArmCost::Same(3.0)];
    /// let path = SpendPath::new(&Columns::new(&rewards, &costs)?, 0)?;
    /// // With 3 to spend, call the second: 4.5 for 3 beats a mail to each.
    /// let at = path.at(3.0);
    /// assert_eq!((at.gain, at.price), (4.5, 1.0));
    /// assert_eq!(path.assignment(at.n_complete), [None, Some(1)]);
    /// # Ok::<(), yorisoi_policy::PolicyError>(())
    /// ```
    pub fn new(menu: &impl Menu, seed: u64) -> Result<Self, PolicyError> {
        let n_units = menu.n_units();
        check_size(n_units, menu.n_arms())?;
        let tasks: Vec<Result<Vec<Step>, PolicyError>> = (0..n_units.div_ceil(UNITS_A_TASK))
            .into_par_iter()
            .map(|task| {
                let first = task * UNITS_A_TASK;
                hull_steps(menu, first..(first + UNITS_A_TASK).min(n_units))
            })
            .collect();
        // In task order, so that the first bad unit is reported whatever finished first.
        let parts = tasks.into_iter().collect::<Result<Vec<_>, _>>()?;
        let mut steps = Vec::with_capacity(parts.iter().map(Vec::len).sum());
        for part in parts {
            steps.extend(part);
        }
        steps.par_sort_unstable_by(|a, b| {
            let tie = |step: &Step| (mix(seed, u64::from(step.unit)), step.unit);
            b.price.total_cmp(&a.price).then_with(|| tie(a).cmp(&tie(b)))
        });
        accumulate(&mut steps);
        Ok(Self { steps, n_units })
    }

    /// Returns all steps, best first.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Returns the number of units, those without a step included.
    pub fn n_units(&self) -> usize {
        self.n_units
    }

    /// Returns what the whole path costs: money beyond this buys nothing more.
    pub fn max_spend(&self) -> f64 {
        self.steps.last().map_or(0.0, |step| step.spend)
    }

    /// Returns where a budget ends, in `O(log n)`. A NaN or negative budget ends before the first step.
    pub fn at(&self, budget: f64) -> Position {
        let n_complete = self.steps.partition_point(|step| step.spend <= budget);
        let (spend, gain) = self.totals(n_complete);
        let Some(next) = self.steps.get(n_complete) else {
            return Position { n_complete, share_of_next: 0.0, price: 0.0, spend, gain };
        };
        let rest = (budget - spend).max(0.0);
        let share_of_next = rest / (next.spend - spend);
        let gain = gain + share_of_next * (next.gain - gain);
        Position { n_complete, share_of_next, price: next.price, spend: spend + rest, gain }
    }

    /// Returns how many steps earn more than `price` per unit of money, in `O(log n)`.
    ///
    /// After these each unit has its best arm at that price: the argmax of reward − price · cost.
    pub fn n_steps_above(&self, price: f64) -> usize {
        self.steps.partition_point(|step| step.price > price)
    }

    /// Returns money and reward of the first `n_steps` steps.
    pub fn totals(&self, n_steps: usize) -> (f64, f64) {
        n_steps.checked_sub(1).map_or((0.0, 0.0), |last| {
            let step = &self.steps[last];
            (step.spend, step.gain)
        })
    }

    /// Returns the arm of every unit after the first `n_steps` steps, `None` for nothing.
    pub fn assignment(&self, n_steps: usize) -> Vec<Option<usize>> {
        let mut arms = vec![None; self.n_units];
        for step in &self.steps[..n_steps] {
            arms[step.unit as usize] = Some(step.arm());
        }
        arms
    }
}

/// Returns the steps of some units, each with its own cost and gain.
fn hull_steps(menu: &impl Menu, units: std::ops::Range<usize>) -> Result<Vec<Step>, PolicyError> {
    let mut steps = Vec::with_capacity(units.len());
    let (mut points, mut hull) = (Vec::new(), Vec::new());
    for unit in units {
        for arm in 0..menu.n_arms() {
            let Some(offer) = menu.offer(unit, arm) else { continue };
            check_offer("reward", unit, arm, offer.reward, offer.reward.is_finite())?;
            let is_cost = offer.cost.is_finite() && offer.cost >= 0.0;
            check_offer("cost", unit, arm, offer.cost, is_cost)?;
            push_point(&mut points, offer, arm);
        }
        upper_left_hull(&mut points, &mut hull);
        steps.extend(hull.windows(2).map(|pair| Step::between(unit, &pair[0], &pair[1])));
    }
    Ok(steps)
}

fn check_offer(
    name: &'static str,
    unit: usize,
    arm: usize,
    value: f64,
    is_good: bool,
) -> Result<(), PolicyError> {
    let expected = if name == "cost" { "a finite number, 0 or more" } else { "a finite number" };
    if is_good { Ok(()) } else { Err(PolicyError::BadValue { name, unit, arm, value, expected }) }
}

/// Turns each step's own cost and gain into running totals.
///
/// Compensated, because millions of small costs against one large total would lose digits.
///
/// # Source
///
/// Neumaier (1974), "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen".
pub(crate) fn accumulate(steps: &mut [Step]) {
    let (mut spend, mut gain) = (RunningSum::default(), RunningSum::default());
    for step in steps {
        step.spend = spend.add(step.spend);
        step.gain = gain.add(step.gain);
    }
}

/// A sum that remembers what rounding took away.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct RunningSum {
    sum: f64,
    lost: f64,
}

impl RunningSum {
    /// Adds a term and returns the sum so far.
    #[inline]
    pub(crate) fn add(&mut self, term: f64) -> f64 {
        let sum = self.sum + term;
        self.lost += if self.sum.abs() >= term.abs() {
            (self.sum - sum) + term
        } else {
            (term - sum) + self.sum
        };
        self.sum = sum;
        self.total()
    }

    /// Returns the sum so far.
    #[inline]
    pub(crate) fn total(self) -> f64 {
        self.sum + self.lost
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::menu::{ArmCost, Columns, Offer};
    use proptest::prelude::*;

    /// Sums of at most 40 products of numbers below 10.
    const ROUNDING: f64 = 1e-11;

    #[derive(Debug, Clone)]
    struct Instance {
        rewards: Vec<Vec<f64>>,
        costs: Vec<ArmCost>,
    }

    impl Instance {
        fn path(&self) -> SpendPath {
            SpendPath::new(&Columns::new(&self.rewards, &self.costs).unwrap(), 1).unwrap()
        }
    }

    /// Rewards and costs on a coarse grid, so that ties, free arms and collinear points are common.
    fn instances() -> impl Strategy<Value = Instance> {
        (1_usize..12, 1_usize..5).prop_flat_map(|(n_units, n_arms)| {
            let grid = |from: i32, to: i32| {
                let cell = (from..to).prop_map(|k| f64::from(k) * 0.25);
                prop::collection::vec(prop::collection::vec(cell, n_units), n_arms)
            };
            (grid(-8, 12), grid(0, 8)).prop_map(|(rewards, costs)| Instance {
                rewards,
                costs: costs.into_iter().map(ArmCost::PerUnit).collect(),
            })
        })
    }

    proptest! {
        #[test]
        fn spend_and_gain_rise_and_prices_fall(instance in instances()) {
            let path = instance.path();
            for pair in path.steps().windows(2) {
                prop_assert!(pair[0].spend <= pair[1].spend && pair[0].gain < pair[1].gain);
                prop_assert!(pair[0].price >= pair[1].price && pair[1].price > 0.0);
            }
        }

        #[test]
        fn gain_is_a_concave_function_of_the_budget(
            instance in instances(), a in 0.0..20.0_f64, b in 0.0..20.0_f64,
        ) {
            let path = instance.path();
            let middle = path.at(0.5 * (a + b)).gain;
            prop_assert!(middle >= 0.5 * (path.at(a).gain + path.at(b).gain) - ROUNDING);
        }

        #[test]
        fn the_budget_is_never_exceeded(instance in instances(), budget in 0.0..20.0_f64) {
            let path = instance.path();
            let at = path.at(budget);
            prop_assert!(at.spend <= budget + ROUNDING);
            let arms = path.assignment(at.n_complete);
            let cost = |(unit, arm): (usize, &Option<usize>)| {
                arm.map_or(0.0, |arm| instance.costs[arm].of(unit))
            };
            prop_assert!(arms.iter().enumerate().map(cost).sum::<f64>() <= budget + ROUNDING);
        }

        #[test]
        fn at_a_price_every_unit_has_its_best_net_reward(
            instance in instances(), price in 0.01..6.0_f64,
        ) {
            let path = instance.path();
            let arms = path.assignment(path.n_steps_above(price));
            for (unit, arm) in arms.iter().enumerate() {
                let net = |arm: usize| {
                    instance.rewards[arm][unit] - price * instance.costs[arm].of(unit)
                };
                let best = (0..instance.rewards.len()).map(net).fold(0.0, f64::max);
                prop_assert!((arm.map_or(0.0, net) - best).abs() < ROUNDING);
            }
        }

        #[test]
        fn scaling_all_costs_scales_spend_and_prices(instance in instances(), budget in 0.0..9.0_f64) {
            // A power of two scales without rounding.
            let scaled = Instance {
                costs: instance.costs.iter().map(|costs| match costs {
                    ArmCost::Same(cost) => ArmCost::Same(4.0 * cost),
                    ArmCost::PerUnit(costs) => ArmCost::PerUnit(costs.iter().map(|c| 4.0 * c).collect()),
                }).collect(),
                ..instance.clone()
            };
            let (at, at_scaled) = (instance.path().at(budget), scaled.path().at(4.0 * budget));
            prop_assert_eq!(at.n_complete, at_scaled.n_complete);
            prop_assert_eq!((at.gain, at.price), (at_scaled.gain, 4.0 * at_scaled.price));
        }

        #[test]
        fn the_order_of_units_changes_no_total(instance in instances(), budget in 0.0..9.0_f64) {
            let reversed = Instance {
                rewards: instance.rewards.iter().map(|r| r.iter().rev().copied().collect()).collect(),
                costs: instance.costs.iter().map(|costs| match costs {
                    ArmCost::Same(cost) => ArmCost::Same(*cost),
                    ArmCost::PerUnit(costs) => ArmCost::PerUnit(costs.iter().rev().copied().collect()),
                }).collect(),
            };
            let (at, back) = (instance.path().at(budget), reversed.path().at(budget));
            prop_assert!((at.gain - back.gain).abs() < ROUNDING);
        }
    }

    #[test]
    fn a_menu_with_a_missing_reward_is_refused_by_unit_and_arm() {
        struct Broken;
        impl Menu for Broken {
            fn n_units(&self) -> usize {
                40_000
            }
            fn n_arms(&self) -> usize {
                2
            }
            fn offer(&self, unit: usize, arm: usize) -> Option<Offer> {
                let is_broken = unit >= 30_000 && arm == 1;
                Some(Offer { cost: 1.0, reward: if is_broken { f64::NAN } else { 1.0 } })
            }
        }
        let err = SpendPath::new(&Broken, 0).unwrap_err();
        let PolicyError::BadValue { unit, arm, .. } = err else { panic!("a bad value") };
        assert_eq!((unit, arm), (30_000, 1));
    }

    #[test]
    fn the_order_of_equal_prices_is_drawn_and_repeats() {
        let rewards = [vec![1.0; 1_000]];
        let costs = [ArmCost::Same(1.0)];
        let menu = Columns::new(&rewards, &costs).unwrap();
        let order = |seed| -> Vec<u32> {
            SpendPath::new(&menu, seed).unwrap().steps().iter().map(|step| step.unit).collect()
        };
        assert_eq!(order(1), order(1));
        assert_ne!(order(1), order(2));
        assert!(order(1).iter().take(100).any(|&unit| unit >= 500), "not in row order");
    }

    #[test]
    fn a_tiny_cost_is_not_free() {
        let rewards = [vec![1e300]];
        let costs = [ArmCost::Same(1e-300)];
        let path = SpendPath::new(&Columns::new(&rewards, &costs).unwrap(), 0).unwrap();
        assert!(path.steps()[0].price.is_finite());
        assert_eq!(path.at(0.0).n_complete, 0);
    }

    #[test]
    fn no_units_make_an_empty_path() {
        let rewards = [vec![]];
        let costs = [ArmCost::Same(1.0)];
        let path = SpendPath::new(&Columns::new(&rewards, &costs).unwrap(), 0).unwrap();
        assert_eq!((path.steps().len(), path.at(5.0).n_complete), (0, 0));
    }

    #[test]
    fn a_running_sum_keeps_what_plain_addition_loses() {
        let mut sum = RunningSum::default();
        for term in [1e16, 1.0, 1.0, -1e16] {
            sum.add(term);
        }
        assert!((sum.total() - 2.0).abs() < f64::EPSILON);
    }
}
