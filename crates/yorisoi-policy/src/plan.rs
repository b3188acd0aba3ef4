//! Who is offered what, who is left alone, and why?

use rayon::prelude::*;
use yorisoi_data::mix;

use crate::hull::HOLD;
use crate::menu::{DoNoHarm, Menu};
use crate::path::{RunningSum, SpendPath, arm_of};
use crate::{PolicyError, Reason, capacity};

/// What a plan has to keep to. The default has no limits.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Limits {
    /// Worth of one unit of outcome, in money. With it nobody is offered what costs more than it is
    /// worth; without it any gain is worth any cost within the budget.
    pub value_per_outcome: Option<f64>,
    /// Money that may be spent in total; `None` is unlimited, 0 is nothing.
    pub budget: Option<f64>,
    /// How many units may get each arm; `None` is unlimited. Empty: no arm is limited.
    pub capacity: Vec<Option<usize>>,
    /// Orders units that are equally worth it.
    pub seed: u64,
}

/// What one unit gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// The arm, counted without control; `None` is nothing.
    pub arm: Option<u16>,
    /// Why.
    pub reason: Reason,
}

/// A plan for every unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// One choice a unit.
    pub choices: Vec<Choice>,
    /// Money spent.
    pub spend: f64,
    /// Expected gain: the sum of the estimated effects of what is offered, in the unit of the outcome.
    /// Chosen because they look large, these overstate; judge a plan on held-out scores.
    pub expected_gain: f64,
    /// Units offered each arm.
    pub n_by_arm: Vec<usize>,
    /// Units by reason, in the order of [`Reason::ALL`], those without units left out.
    pub n_by_reason: Vec<(Reason, usize)>,
    /// What the limits cost.
    pub prices: Prices,
    /// The most that any plan within the limits could earn, split offers included, less what this one
    /// earns: an upper bound on what rounding to whole offers lost. In the unit of the outcome, net of
    /// cost where a value per outcome is given.
    pub optimality_gap: f64,
}

/// Shadow prices of the limits, in the unit of the outcome: what a little more of each would earn.
///
/// A live decision with value `v` per outcome agrees with the plan if it takes the arm of largest
/// `τ − price · cost − arm_price`, where `price` is the budget's, or `1/v` where the budget does not
/// bind (0 without a value), and nothing if that is not above 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Prices {
    /// Outcome per unit of money at the margin; `None` where the budget does not bind.
    pub budget: Option<f64>,
    /// Outcome per place at the margin, one an arm; `None` where its capacity does not bind.
    pub capacity: Vec<Option<f64>>,
}

impl Plan {
    /// Returns the arm of every unit, as evaluation asks for it.
    pub fn assignment(&self) -> Vec<Option<usize>> {
        self.choices.iter().map(|choice| choice.arm.map(usize::from)).collect()
    }

    /// Returns how many units are offered something.
    pub fn n_reached(&self) -> usize {
        self.n_by_arm.iter().sum()
    }
}

/// Returns the best plan within limits that leaves alone whomever it might harm.
///
/// # Formula
///
/// ```text
/// max Σᵢₖ (τ̂ᵢₖ − cᵢₖ / v) xᵢₖ        (v: value per outcome; without it, max Σ τ̂ x)
/// subject to  xᵢₖ ∈ {0, 1},  Σₖ xᵢₖ ≤ 1,  xᵢₖ = 0 where lowᵢₖ < −allowed_harm
///             Σᵢₖ cᵢₖ xᵢₖ ≤ budget,  Σᵢ xᵢₖ ≤ capacityₖ
/// ```
///
/// Under a budget alone the optimum with one split unit comes from the spend path; the split unit
/// keeps what it had, and money left over buys what still fits. With capacities, prices come from
/// the dual problem and units take their best arm at those prices in order of what they would
/// otherwise lose. Either way [`Plan::optimality_gap`] certifies how close to the optimum that is.
///
/// # Shapes and units
///
/// `menu` holds effects, lower ends, costs and the allowed harm, one entry an arm and unit; costs and
/// budget are money.
///
/// # Errors
///
/// Where a limit is negative or NaN, a value per outcome is not positive and finite, or there is not
/// one capacity an arm.
///
/// # Source
///
/// Sverdrup, Wu, Athey & Wager (2024) for the path; Fisher (1981), "The Lagrangian relaxation method
/// for solving integer programming problems", for prices of several limits.
///
/// # Example
///
/// ```
/// use yorisoi_policy::{ArmCost, Columns, DoNoHarm, Limits, Reason, plan};
/// let effects = [vec![0.3, 0.2, 0.4, -0.1]];
/// let low = [vec![0.1, 0.1, -0.2, -0.3]];
/// let costs = [ArmCost::Same(10.0)];
/// let menu = DoNoHarm::new(Columns::new(&effects, &costs)?, &low, 0.0)?;
/// let plan = plan(&menu, &Limits { budget: Some(10.0), ..Limits::default() })?;
/// let reasons: Vec<Reason> = plan.choices.iter().map(|choice| choice.reason).collect();
/// // The largest effect of all is not certain enough to be risked.
/// assert_eq!(reasons, [
///     Reason::OfferBestValue, Reason::HoldBudget, Reason::HoldHarmNotExcluded, Reason::HoldNoGain,
/// ]);
/// # Ok::<(), yorisoi_policy::PolicyError>(())
/// ```
pub fn plan(menu: &DoNoHarm<'_>, limits: &Limits) -> Result<Plan, PolicyError> {
    let terms = Terms::new(menu, limits)?;
    let mut draft = if limits.capacity.iter().any(Option::is_some) {
        capacity::draft(menu, &terms)?
    } else {
        draft_by_path(menu, &terms)?
    };
    let left = draft.spend_the_rest(menu, &terms);
    Ok(put_together(menu, &terms, draft, &left))
}

/// Limits in the form the optimisers use.
#[derive(Debug, Clone)]
pub(crate) struct Terms {
    /// Outcome that one unit of money has to earn: `1 / v`, or 0.
    pub(crate) least_price: f64,
    /// Infinity where unlimited.
    pub(crate) budget: f64,
    /// `usize::MAX` where unlimited.
    pub(crate) places: Vec<usize>,
    pub(crate) seed: u64,
}

impl Terms {
    fn new(menu: &DoNoHarm<'_>, limits: &Limits) -> Result<Self, PolicyError> {
        let least_price = limits.value_per_outcome.map_or(0.0, f64::recip);
        let is_value = limits.value_per_outcome.is_none_or(|v| v > 0.0 && v.is_finite());
        if !is_value || !least_price.is_finite() {
            let value = limits.value_per_outcome.unwrap_or(f64::NAN);
            let expected = "a finite number above 0";
            return Err(PolicyError::BadLimit { name: "value_per_outcome", value, expected });
        }
        let budget = limits.budget.unwrap_or(f64::INFINITY);
        let is_budget = budget >= 0.0;
        if !is_budget {
            let expected = "0 or more";
            return Err(PolicyError::BadLimit { name: "budget", value: budget, expected });
        }
        if !limits.capacity.is_empty() {
            crate::error::check_arms("capacity", limits.capacity.len(), menu.n_arms())?;
        }
        let places = |arm: usize| limits.capacity.get(arm).copied().flatten().unwrap_or(usize::MAX);
        let places = (0..menu.n_arms()).map(places).collect();
        Ok(Self { least_price, budget, places, seed: limits.seed })
    }

    /// Returns the reward of an arm net of what its cost has to earn, 0 for nothing.
    #[inline]
    pub(crate) fn net(&self, menu: &DoNoHarm<'_>, unit: usize, arm: u16) -> f64 {
        arm_of(arm).map_or(0.0, |arm| {
            let offer = menu.terms(unit, arm);
            offer.reward - self.least_price * offer.cost
        })
    }
}

/// A plan before its leftovers are spent. Arm numbers are [`HOLD`] for nothing.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    /// What each unit gets.
    pub(crate) arms: Vec<u16>,
    /// What it would get without budget and capacity.
    pub(crate) best: Vec<u16>,
    pub(crate) prices: Prices,
    /// The most any plan could earn, net.
    pub(crate) bound: f64,
}

/// What is left of the limits.
#[derive(Debug, Clone)]
pub(crate) struct Left {
    pub(crate) money: f64,
    pub(crate) places: Vec<usize>,
}

impl Left {
    /// Returns what `arms` leaves of the limits.
    pub(crate) fn after(menu: &DoNoHarm<'_>, terms: &Terms, arms: &[u16]) -> Self {
        let mut places = terms.places.clone();
        let mut spend = RunningSum::default();
        for (unit, &arm) in arms.iter().enumerate() {
            let Some(arm) = arm_of(arm) else { continue };
            spend.add(menu.terms(unit, arm).cost);
            places[arm] = places[arm].saturating_sub(usize::from(places[arm] != usize::MAX));
        }
        Self { money: terms.budget - spend.total(), places }
    }

    /// Takes what a move from one arm to another uses, if what is left allows it; returns whether.
    pub(crate) fn make_room(&mut self, extra_cost: f64, from: u16, to: u16) -> bool {
        let to = usize::from(to);
        // A cheaper arm is always affordable, even where rounding left a trace below 0.
        if extra_cost > self.money.max(0.0) || self.places[to] == 0 {
            return false;
        }
        self.money -= extra_cost;
        if self.places[to] != usize::MAX {
            self.places[to] -= 1;
        }
        if let Some(from) = arm_of(from)
            && self.places[from] != usize::MAX
        {
            self.places[from] += 1;
        }
        true
    }
}

fn draft_by_path(menu: &DoNoHarm<'_>, terms: &Terms) -> Result<Draft, PolicyError> {
    let path = SpendPath::new(menu, terms.seed)?;
    let n_worth_it = path.n_steps_above(terms.least_price);
    let at = path.at(terms.budget);
    let is_bound = at.n_complete < n_worth_it;
    let n_paid = at.n_complete.min(n_worth_it);
    let mut arms = vec![HOLD; path.n_units()];
    for step in &path.steps()[..n_paid] {
        arms[step.unit as usize] = step.arm() as u16;
    }
    let mut best = arms.clone();
    for step in &path.steps()[n_paid..n_worth_it] {
        best[step.unit as usize] = step.arm() as u16;
    }
    let (spend, gain) = if is_bound { (at.spend, at.gain) } else { path.totals(n_paid) };
    let capacity = vec![None; menu.n_arms()];
    let prices = Prices { budget: is_bound.then_some(at.price), capacity };
    Ok(Draft { arms, best, prices, bound: gain - terms.least_price * spend })
}

/// A unit could do better if there were money and a place.
struct Move {
    /// Gain net of the prices of what it uses: the order in which moves are tried.
    worth: f64,
    unit: u32,
    arm: u16,
}

impl Draft {
    /// Spends what whole offers left over on what still fits, best first; returns what then remains.
    ///
    /// Matters to the coach with thirty clients, whose budget ends in the middle of one: without it a
    /// budget below the price of the best step would buy nothing at all.
    fn spend_the_rest(&mut self, menu: &DoNoHarm<'_>, terms: &Terms) -> Left {
        let mut left = Left::after(menu, terms, &self.arms);
        // A move can free money or a place for another; each pass gains, so passes end.
        while self.make_moves(menu, terms, &mut left) {}
        left
    }

    /// Makes the moves that fit, best first; returns whether any did.
    fn make_moves(&mut self, menu: &DoNoHarm<'_>, terms: &Terms, left: &mut Left) -> bool {
        let mut moves = self.moves(menu, terms, left);
        moves.par_sort_unstable_by(|a, b| {
            let tie = |m: &Move| (mix(terms.seed, u64::from(m.unit)), m.unit, m.arm);
            b.worth.total_cmp(&a.worth).then_with(|| tie(a).cmp(&tie(b)))
        });
        let mut has_moved = false;
        for m in moves {
            let (unit, from) = (m.unit as usize, self.arms[m.unit as usize]);
            let is_better = terms.net(menu, unit, m.arm) > terms.net(menu, unit, from);
            let cost_now = arm_of(from).map_or(0.0, |arm| menu.terms(unit, arm).cost);
            let extra_cost = menu.terms(unit, usize::from(m.arm)).cost - cost_now;
            if is_better && left.make_room(extra_cost, from, m.arm) {
                self.arms[unit] = m.arm;
                has_moved = true;
            }
        }
        has_moved
    }

    /// Returns every move that is better for its unit and fits into what is left.
    fn moves(&self, menu: &DoNoHarm<'_>, terms: &Terms, left: &Left) -> Vec<Move> {
        let price = self.prices.budget.unwrap_or(terms.least_price).min(f64::MAX);
        let moves_of = |unit: usize| {
            let from = self.arms[unit];
            let is_open = from != self.best[unit];
            let n_arms = if is_open { menu.n_arms() } else { 0 };
            let net_now = terms.net(menu, unit, from);
            let cost_now = arm_of(from).map_or(0.0, |arm| menu.terms(unit, arm).cost);
            (0..n_arms).filter_map(move |arm| {
                let offer = menu.offer(unit, arm)?;
                let extra_cost = offer.cost - cost_now;
                let gain = terms.net(menu, unit, arm as u16) - net_now;
                let fits = extra_cost <= left.money && left.places[arm] > 0;
                let place = self.prices.capacity[arm].unwrap_or(0.0);
                let worth = gain - (price - terms.least_price) * extra_cost - place;
                (gain > 0.0 && fits).then_some(Move { worth, unit: unit as u32, arm: arm as u16 })
            })
        };
        (0..self.arms.len()).into_par_iter().flat_map_iter(moves_of).collect()
    }
}

/// Adds reasons and totals.
fn put_together(menu: &DoNoHarm<'_>, terms: &Terms, draft: Draft, left: &Left) -> Plan {
    let reason = |unit: usize| reason_of(menu, terms, &draft, left, unit);
    let choices: Vec<Choice> = (0..draft.arms.len())
        .into_par_iter()
        .map(|unit| {
            let arm = draft.arms[unit];
            Choice { arm: (arm != HOLD).then_some(arm), reason: reason(unit) }
        })
        .collect();
    let (mut spend, mut gain) = (RunningSum::default(), RunningSum::default());
    let mut n_by_arm = vec![0; menu.n_arms()];
    for (unit, choice) in choices.iter().enumerate() {
        let Some(arm) = choice.arm.map(usize::from) else { continue };
        let offer = menu.terms(unit, arm);
        spend.add(offer.cost);
        gain.add(offer.reward);
        n_by_arm[arm] += 1;
    }
    let count = |reason| choices.iter().filter(|choice| choice.reason == reason).count();
    let n_by_reason = Reason::ALL.map(|reason| (reason, count(reason)));
    let net = gain.total() - terms.least_price * spend.total();
    Plan {
        spend: spend.total(),
        expected_gain: gain.total(),
        n_by_arm,
        n_by_reason: n_by_reason.into_iter().filter(|&(_, n)| n > 0).collect(),
        // Both are sums of the same terms in another order: rounding is no gap.
        optimality_gap: (draft.bound - net).max(0.0),
        prices: draft.prices,
        choices,
    }
}

fn reason_of(
    menu: &DoNoHarm<'_>,
    terms: &Terms,
    draft: &Draft,
    left: &Left,
    unit: usize,
) -> Reason {
    let (arm, best) = (draft.arms[unit], draft.best[unit]);
    if arm != HOLD {
        return if arm == best { Reason::OfferBestValue } else { Reason::OfferBestWithinLimits };
    }
    if best != HOLD {
        // At the budget's own price, is there an arm this unit would still take, had it a place?
        let price = draft.prices.budget.unwrap_or(terms.least_price).min(f64::MAX);
        let lacks_place = (0..menu.n_arms()).filter(|&k| terms.places[k] != usize::MAX).any(|k| {
            let is_scarce = draft.prices.capacity[k].is_some() || left.places[k] == 0;
            let wants = |offer: crate::Offer| offer.reward > price * offer.cost;
            is_scarce && menu.offer(unit, k).is_some_and(wants)
        });
        return if lacks_place { Reason::HoldCapacity } else { Reason::HoldBudget };
    }
    let mut reason = Reason::HoldNoGain;
    for k in 0..menu.n_arms() {
        if menu.is_vetoed(unit, k) && terms.net(menu, unit, k as u16) > 0.0 {
            return Reason::HoldHarmNotExcluded;
        }
        if menu.terms(unit, k).reward > 0.0 {
            reason = Reason::HoldNotWorthCost;
        }
    }
    reason
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ArmCost, Columns};
    use proptest::prelude::*;

    /// Sums of at most 60 numbers below 10.
    const ROUNDING: f64 = 1e-11;

    #[derive(Debug, Clone)]
    struct Case {
        effects: Vec<Vec<f64>>,
        low: Vec<Vec<f64>>,
        costs: Vec<ArmCost>,
        allowed_harm: f64,
        limits: Limits,
    }

    impl Case {
        fn plan(&self) -> Plan {
            let columns = Columns::new(&self.effects, &self.costs).unwrap();
            plan(&DoNoHarm::new(columns, &self.low, self.allowed_harm).unwrap(), &self.limits)
                .unwrap()
        }

        fn net(&self, unit: usize, arm: Option<usize>) -> f64 {
            let price = self.limits.value_per_outcome.map_or(0.0, f64::recip);
            arm.map_or(0.0, |arm| self.effects[arm][unit] - price * self.costs[arm].of(unit))
        }
    }

    fn cases() -> impl Strategy<Value = Case> {
        (1_usize..14, 1_usize..4).prop_flat_map(|(n_units, n_arms)| {
            let table = |cells: std::ops::Range<i32>| {
                let cell = cells.prop_map(|k| f64::from(k) * 0.25);
                prop::collection::vec(prop::collection::vec(cell, n_units), n_arms)
            };
            let budget = prop::option::of((0..40).prop_map(|k| f64::from(k) * 0.5));
            let value = prop::option::of((1..20).prop_map(|k| f64::from(k) * 0.25));
            let places = prop::collection::vec(prop::option::of(0_usize..8), n_arms);
            let capacity = prop_oneof![Just(Vec::new()), places];
            (table(-6..10), table(0..6), table(0..9), 0.0..1.0_f64, (budget, value, capacity))
                .prop_map(
                    |(
                        effects,
                        widths,
                        costs,
                        allowed_harm,
                        (budget, value_per_outcome, capacity),
                    )| Case {
                        low: effects
                            .iter()
                            .zip(&widths)
                            .map(|(tau, width)| tau.iter().zip(width).map(|(t, w)| t - w).collect())
                            .collect(),
                        effects,
                        costs: costs.into_iter().map(ArmCost::PerUnit).collect(),
                        allowed_harm,
                        limits: Limits { value_per_outcome, budget, capacity, seed: 3 },
                    },
                )
        })
    }

    proptest! {
        #[test]
        fn no_limit_is_ever_exceeded_and_nobody_is_put_at_risk(case in cases()) {
            let plan = case.plan();
            prop_assert!(plan.spend <= case.limits.budget.unwrap_or(f64::INFINITY) + ROUNDING);
            for (arm, &n) in plan.n_by_arm.iter().enumerate() {
                let places = case.limits.capacity.get(arm).copied().flatten();
                prop_assert!(places.is_none_or(|places| n <= places));
            }
            for (unit, choice) in plan.choices.iter().enumerate() {
                let Some(arm) = choice.arm.map(usize::from) else { continue };
                prop_assert!(case.low[arm][unit] >= -case.allowed_harm);
                prop_assert!(case.net(unit, Some(arm)) > 0.0, "everyone offered something gains");
            }
        }

        #[test]
        fn totals_are_the_sums_of_the_rows(case in cases()) {
            let plan = case.plan();
            let offered = || plan.assignment().into_iter().enumerate()
                .filter_map(|(unit, arm)| arm.map(|arm| (unit, arm)));
            let spend: f64 = offered().map(|(unit, arm)| case.costs[arm].of(unit)).sum();
            let gain: f64 = offered().map(|(unit, arm)| case.effects[arm][unit]).sum();
            prop_assert!((spend - plan.spend).abs() < ROUNDING);
            prop_assert!((gain - plan.expected_gain).abs() < ROUNDING);
            let n_reasons: usize = plan.n_by_reason.iter().map(|(_, n)| n).sum();
            prop_assert_eq!(n_reasons, plan.choices.len());
            prop_assert_eq!(plan.n_reached(), plan.choices.iter().filter(|c| !c.reason.is_hold()).count());
        }

        #[test]
        fn every_hold_has_its_true_reason(case in cases()) {
            let plan = case.plan();
            let n_arms = case.effects.len();
            for (unit, choice) in plan.choices.iter().enumerate() {
                let is_allowed = |arm: usize| case.low[arm][unit] >= -case.allowed_harm;
                let wanted = |arm: usize| case.net(unit, Some(arm)) > 0.0;
                let any = |f: &dyn Fn(usize) -> bool| (0..n_arms).any(f);
                match choice.reason {
                    Reason::HoldNoGain => {
                        prop_assert!(!any(&|arm| case.effects[arm][unit] > 0.0));
                    }
                    Reason::HoldHarmNotExcluded => {
                        prop_assert!(any(&|arm| !is_allowed(arm) && wanted(arm)));
                        prop_assert!(!any(&|arm| is_allowed(arm) && wanted(arm)));
                    }
                    Reason::HoldNotWorthCost => prop_assert!(!any(&wanted)),
                    Reason::HoldBudget => {
                        prop_assert!(case.limits.budget.is_some());
                        prop_assert!(any(&|arm| is_allowed(arm) && wanted(arm)));
                    }
                    Reason::HoldCapacity => {
                        prop_assert!(case.limits.capacity.iter().any(Option::is_some));
                        prop_assert!(any(&|arm| is_allowed(arm) && wanted(arm)));
                    }
                    _ => prop_assert!(choice.arm.is_some()),
                }
            }
        }

        #[test]
        fn the_best_value_is_the_best_allowed_arm(case in cases()) {
            let plan = case.plan();
            for (unit, choice) in plan.choices.iter().enumerate() {
                if choice.reason != Reason::OfferBestValue {
                    continue;
                }
                let best = (0..case.effects.len())
                    .filter(|&arm| case.low[arm][unit] >= -case.allowed_harm)
                    .map(|arm| case.net(unit, Some(arm)))
                    .fold(0.0, f64::max);
                let ours = case.net(unit, choice.arm.map(usize::from));
                prop_assert!((ours - best).abs() < ROUNDING);
            }
        }

        /// Whatever still fits and helps has been bought.
        #[test]
        fn nothing_good_that_fits_is_left_undone(case in cases()) {
            prop_assume!(case.limits.capacity.is_empty());
            let plan = case.plan();
            let rest = case.limits.budget.unwrap_or(f64::INFINITY) - plan.spend;
            for (unit, choice) in plan.choices.iter().enumerate() {
                let now = choice.arm.map(usize::from);
                let cost_now = now.map_or(0.0, |arm| case.costs[arm].of(unit));
                for arm in 0..case.effects.len() {
                    let fits = case.costs[arm].of(unit) - cost_now < rest - ROUNDING;
                    let is_better = case.net(unit, Some(arm)) > case.net(unit, now) + ROUNDING;
                    let is_allowed = case.low[arm][unit] >= -case.allowed_harm;
                    prop_assert!(!(fits && is_better && is_allowed), "unit {unit} arm {arm}");
                }
            }
        }
    }

    /// Yen or thousands of yen: the plan is the same.
    #[test]
    fn the_unit_of_money_changes_no_choice() {
        let column =
            |k: u64| (0..200).map(move |unit| yorisoi_testkit::Draws::new(k, 0).uniform(unit));
        let case = |scale: f64, has_places: bool| Case {
            effects: (0..2).map(|k| column(k).collect()).collect(),
            low: vec![vec![0.0; 200]; 2],
            costs: (2..4)
                .map(|k| ArmCost::PerUnit(column(k).map(|c| c * scale).collect()))
                .collect(),
            allowed_harm: 0.0,
            limits: Limits {
                budget: Some(20.0 * scale),
                value_per_outcome: Some(2.0 * scale),
                capacity: if has_places { vec![Some(30), None] } else { Vec::new() },
                seed: 3,
            },
        };
        for has_places in [false, true] {
            let (one, thousand) = (case(1.0, has_places).plan(), case(1024.0, has_places).plan());
            assert_eq!(one.choices, thousand.choices);
            let (price, scaled) = (one.prices.budget.unwrap(), thousand.prices.budget.unwrap());
            assert!((price - 1024.0 * scaled).abs() < 1e-6 * price, "{price} against {scaled}");
        }
    }

    #[test]
    fn a_budget_below_the_best_step_still_buys_the_smaller_one() {
        let case = Case {
            effects: vec![vec![0.01; 3], vec![0.5; 3]],
            low: vec![vec![0.0; 3]; 2],
            costs: vec![ArmCost::Same(80.0), ArmCost::Same(900.0)],
            allowed_harm: 0.0,
            limits: Limits { budget: Some(200.0), ..Limits::default() },
        };
        let plan = case.plan();
        assert_eq!(plan.n_by_arm, [2, 0]);
        assert!(plan.choices.iter().all(|choice| choice.reason != Reason::OfferBestValue));
    }

    #[test]
    fn the_price_of_a_budget_is_the_gain_of_its_last_unit_of_money() {
        let case = Case {
            effects: vec![vec![3.0, 2.0, 1.0]],
            low: vec![vec![0.0; 3]],
            costs: vec![ArmCost::Same(2.0)],
            allowed_harm: 0.0,
            limits: Limits { budget: Some(3.0), ..Limits::default() },
        };
        let plan = case.plan();
        assert_eq!((plan.prices.budget, plan.spend), (Some(1.0), 2.0));
        assert!((plan.optimality_gap - 1.0).abs() < ROUNDING, "half of the second person");
        let unlimited = Case { limits: Limits::default(), ..case };
        assert_eq!(unlimited.plan().prices.budget, None);
    }

    #[test]
    fn an_empty_purse_buys_what_is_free() {
        let case = Case {
            effects: vec![vec![1.0, 1.0]],
            low: vec![vec![0.0; 2]],
            costs: vec![ArmCost::PerUnit(vec![0.0, 1.0])],
            allowed_harm: 0.0,
            limits: Limits { budget: Some(0.0), ..Limits::default() },
        };
        let reasons: Vec<Reason> = case.plan().choices.iter().map(|choice| choice.reason).collect();
        assert_eq!(reasons, [Reason::OfferBestValue, Reason::HoldBudget]);
    }

    /// Prices of many units are found on a sample first; the certificate says what that cost.
    #[test]
    fn a_large_plan_with_places_is_nearly_the_best_on_any_number_of_threads() {
        const N_UNITS: usize = 140_000;
        let column = |k: u64| {
            let draws = yorisoi_testkit::Draws::new(k, 1);
            (0..N_UNITS).map(|unit| draws.uniform(unit)).collect::<Vec<f64>>()
        };
        let case = Case {
            effects: (0..2).map(column).collect(),
            low: vec![vec![0.0; N_UNITS]; 2],
            costs: vec![ArmCost::Same(1.0), ArmCost::PerUnit(column(2))],
            allowed_harm: 0.0,
            limits: Limits {
                budget: Some(0.2 * N_UNITS as f64),
                capacity: vec![Some(N_UNITS / 10), Some(N_UNITS / 4)],
                ..Limits::default()
            },
        };
        let with_threads = |n_threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
            pool.install(|| case.plan())
        };
        let plan = with_threads(1);
        assert_eq!(plan, with_threads(3));
        assert!(plan.n_by_arm[0] <= N_UNITS / 10 && plan.n_by_arm[1] <= N_UNITS / 4);
        assert!(plan.spend <= 0.2 * N_UNITS as f64);
        let share = plan.optimality_gap / plan.expected_gain;
        assert!(share < 1e-4, "a ten-thousandth is lost at most: {share}");
    }

    #[test]
    fn limits_that_cannot_be_kept_are_refused() {
        let effects = [vec![1.0]];
        let costs = [ArmCost::Same(1.0)];
        let low = [vec![0.0]];
        let menu = DoNoHarm::new(Columns::new(&effects, &costs).unwrap(), &low, 0.0).unwrap();
        for limits in [
            Limits { budget: Some(-1.0), ..Limits::default() },
            Limits { budget: Some(f64::NAN), ..Limits::default() },
            Limits { value_per_outcome: Some(0.0), ..Limits::default() },
            Limits { value_per_outcome: Some(f64::NAN), ..Limits::default() },
        ] {
            assert!(
                matches!(plan(&menu, &limits), Err(PolicyError::BadLimit { .. })),
                "{limits:?}"
            );
        }
        let limits = Limits { capacity: vec![None, Some(1)], ..Limits::default() };
        assert!(matches!(plan(&menu, &limits), Err(PolicyError::ArmMismatch { .. })));
    }
}
