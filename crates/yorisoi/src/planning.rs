//! Who is offered what, and what is that worth?

use yorisoi_data::{Dataset, centre_and_spread};
use yorisoi_effects::{ArmEffects, Effects};
use yorisoi_evaluation::{ClassifyOptions, Group, classify};
use yorisoi_policy::{ArmCost, Choice, Columns, DoNoHarm, Limits, Plan, Reason, plan};

use crate::error::StudyError;
use crate::judge::held_out;
use crate::options::PlanOptions;
use crate::pricing::Pricing;
use crate::rows::{EffectRows, PlanRow};
use crate::summary::{PlacePrice, Prices};

/// Of a standard deviation of the outcome: what the field calls a small effect (Cohen 1988).
const SMALL_EFFECT: f64 = 0.2;

/// Half a small effect makes no practical difference.
const NO_PRACTICAL_EFFECT: f64 = 0.1;

/// Expected share of wrong ones among those called sleeping dogs.
pub(crate) const SLEEPING_DOG_FDR: f64 = 0.05;

/// Rewards and lower ends as the optimiser wants them, one column a non-control arm.
pub(crate) struct Rewards {
    pub(crate) tau_hat: Vec<Vec<f64>>,
    pub(crate) low: Vec<Vec<f64>>,
    pub(crate) costs: Vec<ArmCost>,
}

impl Rewards {
    /// Takes the columns out of effects.
    ///
    /// An effect that is not known, as that of a training row which every one of very few trees has seen,
    /// might be a gain as well as any harm: the veto holds such a row back.
    pub(crate) fn new(effects: &Effects, costs: Vec<ArmCost>) -> Self {
        let mut rewards = Self { tau_hat: Vec::new(), low: Vec::new(), costs };
        for arm in &effects.arms {
            let (mut tau_hat, mut low) = (arm.tau_hat.clone(), arm.low.clone());
            for (tau_hat, low) in tau_hat.iter_mut().zip(&mut low) {
                if !tau_hat.is_finite() || low.is_nan() {
                    (*tau_hat, *low) = (f64::MIN_POSITIVE, f64::NEG_INFINITY);
                }
            }
            rewards.tau_hat.push(tau_hat);
            rewards.low.push(low);
        }
        rewards
    }

    /// Holds back rows for which nothing can be said.
    pub(crate) fn without(mut self, out: Option<&[bool]>) -> Self {
        for (unit, _) in out.into_iter().flatten().enumerate().filter(|(_, out)| **out) {
            self.low.iter_mut().for_each(|low| low[unit] = f64::NEG_INFINITY);
        }
        self
    }

    /// Returns what may be offered: nothing that may harm beyond the allowed.
    ///
    /// # Errors
    ///
    /// [`StudyError::Policy`] for an effect that is not a number.
    pub(crate) fn menu(&self, allowed_harm: f64) -> Result<DoNoHarm<'_>, StudyError> {
        Ok(DoNoHarm::new(self.columns()?, &self.low, allowed_harm)?)
    }

    /// Returns everything that could be offered, harm or not.
    ///
    /// # Errors
    ///
    /// As [`Self::menu`].
    pub(crate) fn columns(&self) -> Result<Columns<'_>, StudyError> {
        Ok(Columns::new(&self.tau_hat, &self.costs)?)
    }
}

/// Sizes that depend on how much the outcome varies.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub(crate) struct Bounds {
    /// Harm that may be risked.
    pub(crate) allowed_harm: f64,
    /// Effects within plus or minus this make no practical difference.
    pub(crate) practical_band: f64,
}

impl Bounds {
    /// Returns the bounds asked for, or else those for this standard deviation of the outcome.
    pub(crate) fn new(options: &PlanOptions, outcome_deviation: f64) -> Self {
        Self {
            allowed_harm: options.allowed_harm.unwrap_or(SMALL_EFFECT * outcome_deviation),
            practical_band: NO_PRACTICAL_EFFECT * outcome_deviation,
        }
    }
}

/// A plan with the group of every person under every arm.
#[derive(Debug, Clone)]
pub struct PlanTable {
    /// The plan.
    pub(crate) plan: Plan,
    /// `groups[arm][row]`, control not counted.
    pub(crate) groups: Vec<Vec<Group>>,
    /// For whom one unit more of an amount lies outside what the data show; `None` for arms.
    pub(crate) out_of_range: Option<Vec<bool>>,
    costs: Vec<ArmCost>,
    /// Worth of one unit of the outcome in money, where costs count against it.
    value_per_outcome: Option<f64>,
}

impl PlanTable {
    /// Plans for every row of `effects`.
    ///
    /// # Errors
    ///
    /// [`StudyError::Policy`] for limits that cannot be kept.
    pub(crate) fn new(
        effects: &EffectRows,
        pricing: &Pricing,
        options: &PlanOptions,
        (bounds, out_of_range): (Bounds, Option<Vec<bool>>),
        seed: u64,
    ) -> Result<Self, StudyError> {
        // Without prices money means people, and people cannot be set against outcomes.
        let value_per_outcome = options.value_per_outcome.filter(|_| pricing.is_priced);
        let limits = Limits {
            value_per_outcome,
            budget: options.budget,
            capacity: pricing.capacity.clone(),
            seed,
        };
        let rewards =
            Rewards::new(&effects.effects, pricing.costs.clone()).without(out_of_range.as_deref());
        let mut plan = plan(&rewards.menu(bounds.allowed_harm)?, &limits)?;
        tell_out_of_range(&mut plan, out_of_range.as_deref());
        let groups = |arm: &ArmEffects| {
            let options = ClassifyOptions {
                false_discovery_rate: SLEEPING_DOG_FDR,
                practical_band: bounds.practical_band,
                ..ClassifyOptions::default()
            };
            classify(&held_out(arm.clone()), options).map(|classified| classified.groups)
        };
        let groups = effects.effects.arms.iter().map(groups).collect::<Result<_, _>>()?;
        Ok(Self { plan, groups, out_of_range, costs: rewards.costs, value_per_outcome })
    }

    /// Returns how many people are offered something.
    pub fn n_reached(&self) -> usize {
        self.plan.n_reached()
    }

    /// Returns how many people are offered each non-control arm.
    pub fn people_by_arm(&self) -> &[usize] {
        &self.plan.n_by_arm
    }

    /// Returns the money spent.
    pub fn spend(&self) -> f64 {
        self.plan.spend
    }

    /// Returns the sum of the effects of what is offered. Chosen because they look large, these
    /// overstate: what a plan is worth is told by held-out rows.
    pub fn expected_gain(&self) -> f64 {
        self.plan.expected_gain
    }

    /// Returns what a little more of each limit would earn, in the unit of the outcome; `arms` names the arms
    /// but control.
    pub fn prices(&self, arms: &[String]) -> Prices {
        let place = |(arm, price): (&String, &Option<f64>)| {
            price.map(|price| PlacePrice { arm: arm.clone(), price })
        };
        let places = arms.iter().zip(&self.plan.prices.capacity).filter_map(place).collect();
        Prices { budget: self.plan.prices.budget, places }
    }

    /// Returns the rows of `plan.csv`; `effects` are those the plan was made from.
    pub fn rows<'a>(&'a self, effects: &'a EffectRows) -> impl Iterator<Item = PlanRow<'a>> {
        self.plan.choices.iter().enumerate().map(move |(at, choice)| self.row(effects, at, *choice))
    }

    /// Returns the outcome that one unit of money has to earn: the budget's shadow price where the budget
    /// binds, else what the worth of an outcome demands.
    pub(crate) fn price_of_money(&self) -> f64 {
        let demanded = self.value_per_outcome.map_or(0.0, f64::recip);
        self.plan.prices.budget.map_or(demanded, |price| price.clamp(demanded, f64::MAX))
    }

    fn row<'a>(&self, effects: &'a EffectRows, at: usize, choice: Choice) -> PlanRow<'a> {
        let arm = choice.arm.map_or_else(|| self.closest(effects, at), usize::from);
        let of_arm = &effects.effects.arms[arm];
        PlanRow {
            row: effects.source_row[at],
            arm: &effects.arms[arm],
            effect: of_arm.tau_hat[at],
            low: of_arm.low[at],
            high: of_arm.high[at],
            value: self.value(effects, at, arm),
            cost: self.costs[arm].of(at),
            group: self.groups[arm][at],
            reason: choice.reason,
        }
    }

    /// Returns the arm of highest value; the first of equal ones.
    fn closest(&self, effects: &EffectRows, at: usize) -> usize {
        let values = (0..effects.arms.len()).map(|arm| (arm, self.value(effects, at, arm)));
        values.reduce(|best, arm| if arm.1 > best.1 { arm } else { best }).map_or(0, |(arm, _)| arm)
    }

    fn value(&self, effects: &EffectRows, at: usize, arm: usize) -> f64 {
        let effect = effects.effects.arms[arm].tau_hat[at];
        self.value_per_outcome.map_or(effect, |value| value * effect - self.costs[arm].of(at))
    }
}

/// Says of those held back for want of data that this is why.
fn tell_out_of_range(plan: &mut Plan, out: Option<&[bool]>) {
    let Some(out) = out else { return };
    for (choice, _) in plan.choices.iter_mut().zip(out).filter(|(_, out)| **out) {
        if choice.reason == Reason::HoldHarmNotExcluded {
            choice.reason = Reason::HoldOutOfRange;
        }
    }
    let count = |reason| plan.choices.iter().filter(|choice| choice.reason == reason).count();
    let all = Reason::ALL.into_iter().map(|reason| (reason, count(reason)));
    plan.n_by_reason = all.filter(|(_, units)| *units > 0).collect();
}

/// Returns the standard deviation of the outcome, among the people whom the rows stand for.
pub(crate) fn deviation(data: &Dataset) -> f64 {
    let weighed = data.outcome.iter().enumerate().map(|(unit, &y)| (y, data.weight(unit)));
    centre_and_spread(weighed).spread()
}
