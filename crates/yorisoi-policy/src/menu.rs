//! What may be offered to whom, at what cost and with what reward?

use crate::PolicyError;
use crate::error::{check_arms, check_len, check_values};

/// One arm for one unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Offer {
    /// Cost, finite and not negative, in money.
    pub cost: f64,
    /// Reward against doing nothing, finite, usually an effect in the unit of the outcome.
    pub reward: f64,
}

/// What may be offered to whom. Doing nothing costs 0, rewards 0 and is always possible.
///
/// A trait and not a table, so that a veto or a net reward needs no copy of millions of numbers.
pub trait Menu: Sync {
    /// Returns the number of units.
    fn n_units(&self) -> usize;
    /// Returns the number of arms, control not counted.
    fn n_arms(&self) -> usize;
    /// Returns the terms of `arm` for `unit`, or `None` where it must not be offered.
    fn offer(&self, unit: usize, arm: usize) -> Option<Offer>;
}

/// What one arm costs.
#[derive(Debug, Clone, PartialEq)]
pub enum ArmCost {
    /// The same for everyone.
    Same(f64),
    /// One cost a unit.
    PerUnit(Vec<f64>),
}

impl ArmCost {
    /// Returns the cost for one unit.
    #[inline]
    pub fn of(&self, unit: usize) -> f64 {
        match self {
            Self::Same(cost) => *cost,
            Self::PerUnit(costs) => costs[unit],
        }
    }
}

/// A menu from columns: every arm may be offered to everyone.
#[derive(Debug, Clone, Copy)]
pub struct Columns<'a> {
    rewards: &'a [Vec<f64>],
    costs: &'a [ArmCost],
}

impl<'a> Columns<'a> {
    /// Checks rewards and costs, one column an arm, one entry a unit.
    ///
    /// # Errors
    ///
    /// Where shapes differ, a reward is not finite, or a cost is not finite or below 0; the error
    /// names unit and arm.
    pub fn new(rewards: &'a [Vec<f64>], costs: &'a [ArmCost]) -> Result<Self, PolicyError> {
        let n_units = rewards.first().ok_or(PolicyError::NoArms)?.len();
        check_arms("costs", costs.len(), rewards.len())?;
        check_size(n_units, rewards.len())?;
        for (arm, (rewards, costs)) in rewards.iter().zip(costs).enumerate() {
            check_len("rewards", arm, rewards.len(), n_units)?;
            check_values("rewards", arm, rewards, "a finite number", f64::is_finite)?;
            let one = match costs {
                ArmCost::Same(cost) => std::slice::from_ref(cost),
                ArmCost::PerUnit(costs) => {
                    check_len("costs", arm, costs.len(), n_units)?;
                    costs
                }
            };
            let is_cost = |cost: f64| cost.is_finite() && cost >= 0.0;
            check_values("costs", arm, one, "a finite number, 0 or more", is_cost)?;
        }
        Ok(Self { rewards, costs })
    }

    /// Returns cost and reward of one arm for one unit.
    #[inline]
    pub fn terms(&self, unit: usize, arm: usize) -> Offer {
        Offer { cost: self.costs[arm].of(unit), reward: self.rewards[arm][unit] }
    }
}

impl Menu for Columns<'_> {
    fn n_units(&self) -> usize {
        self.rewards[0].len()
    }

    fn n_arms(&self) -> usize {
        self.rewards.len()
    }

    #[inline]
    fn offer(&self, unit: usize, arm: usize) -> Option<Offer> {
        Some(self.terms(unit, arm))
    }
}

/// A menu that leaves out what may harm.
///
/// # Formula
///
/// ```text
/// arm k is offered to unit i only if  lowᵢₖ ≥ −allowed_harm and lowᵢₖ > −∞
/// ```
///
/// # Shapes and units
///
/// `low` is the lower end of each effect's interval, one column an arm; `allowed_harm` has the unit of
/// the outcome. With `allowed_harm = 0` an arm needs an interval that does not reach below 0; with
/// infinity any harm that is known of may be risked. A lower end of −∞ says that nothing is known: such an
/// arm is never offered.
#[derive(Debug, Clone, Copy)]
pub struct DoNoHarm<'a> {
    columns: Columns<'a>,
    low: &'a [Vec<f64>],
    allowed_harm: f64,
}

impl<'a> DoNoHarm<'a> {
    /// Checks the lower ends and the allowed harm.
    ///
    /// # Errors
    ///
    /// Where shapes differ, a lower end is NaN, or `allowed_harm` is NaN or below 0.
    pub fn new(
        columns: Columns<'a>,
        low: &'a [Vec<f64>],
        allowed_harm: f64,
    ) -> Result<Self, PolicyError> {
        check_arms("low", low.len(), columns.n_arms())?;
        for (arm, low) in low.iter().enumerate() {
            check_len("low", arm, low.len(), columns.n_units())?;
            check_values("low", arm, low, "a number", |low| !low.is_nan())?;
        }
        let is_allowance = allowed_harm >= 0.0;
        if !is_allowance {
            let expected = "0 or more (infinity to allow any known harm)";
            return Err(PolicyError::BadLimit {
                name: "allowed_harm",
                value: allowed_harm,
                expected,
            });
        }
        Ok(Self { columns, low, allowed_harm })
    }

    /// Returns whether harm beyond the allowed cannot be excluded, or nothing is known.
    #[inline]
    pub fn is_vetoed(&self, unit: usize, arm: usize) -> bool {
        let low = self.low[arm][unit];
        // What nothing is known of stays out even where every harm is allowed.
        low < -self.allowed_harm || low <= f64::NEG_INFINITY
    }

    /// Returns cost and reward of one arm for one unit, vetoed or not.
    #[inline]
    pub fn terms(&self, unit: usize, arm: usize) -> Offer {
        self.columns.terms(unit, arm)
    }
}

impl Menu for DoNoHarm<'_> {
    fn n_units(&self) -> usize {
        self.columns.n_units()
    }

    fn n_arms(&self) -> usize {
        self.columns.n_arms()
    }

    #[inline]
    fn offer(&self, unit: usize, arm: usize) -> Option<Offer> {
        (!self.is_vetoed(unit, arm)).then(|| self.columns.terms(unit, arm))
    }
}

/// Units are numbered in 32 bits and arms in 16, of which the last value means "nothing".
pub(crate) fn check_size(n_units: usize, n_arms: usize) -> Result<(), PolicyError> {
    let sizes =
        [("units", n_units, u32::MAX as usize), ("arms", n_arms, usize::from(u16::MAX) - 1)];
    for (what, actual, most) in sizes {
        if actual > most {
            return Err(PolicyError::TooMany { what, actual, most });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_reward_names_its_unit_and_arm() {
        let rewards = [vec![1.0, 2.0], vec![1.0, f64::NAN]];
        let err = Columns::new(&rewards, &[ArmCost::Same(1.0), ArmCost::Same(2.0)]).unwrap_err();
        assert!(matches!(err, PolicyError::BadValue { name: "rewards", unit: 1, arm: 1, .. }));
        assert!(err.is_bad_value());
    }

    #[test]
    fn a_negative_or_infinite_cost_is_refused() {
        let rewards = [vec![1.0, 2.0]];
        for cost in [-1.0, f64::INFINITY, f64::NAN] {
            let costs = [ArmCost::PerUnit(vec![1.0, cost])];
            let err = Columns::new(&rewards, &costs).unwrap_err();
            assert!(matches!(err, PolicyError::BadValue { name: "costs", unit: 1, arm: 0, .. }));
        }
    }

    #[test]
    fn harm_is_vetoed_below_the_allowance_and_not_at_it() {
        let rewards = [vec![1.0; 3]];
        let costs = [ArmCost::Same(0.0)];
        let low = [vec![-0.2, -0.1, 0.3]];
        let columns = Columns::new(&rewards, &costs).unwrap();
        let menu = DoNoHarm::new(columns, &low, 0.1).unwrap();
        let offered: Vec<bool> = (0..3).map(|unit| menu.offer(unit, 0).is_some()).collect();
        assert_eq!(offered, [false, true, true]);
    }

    #[test]
    fn what_nothing_is_known_of_is_not_offered_even_where_every_harm_is_allowed() {
        let rewards = [vec![1.0; 2]];
        let costs = [ArmCost::Same(0.0)];
        let low = [vec![f64::NEG_INFINITY, -1e9]];
        let columns = Columns::new(&rewards, &costs).unwrap();
        let menu = DoNoHarm::new(columns, &low, f64::INFINITY).unwrap();
        let offered: Vec<bool> = (0..2).map(|unit| menu.offer(unit, 0).is_some()).collect();
        assert_eq!(offered, [false, true]);
    }

    #[test]
    fn an_interval_that_is_not_a_number_is_no_licence() {
        let rewards = [vec![1.0]];
        let costs = [ArmCost::Same(0.0)];
        let columns = Columns::new(&rewards, &costs).unwrap();
        let err = DoNoHarm::new(columns, &[vec![f64::NAN]], f64::INFINITY).unwrap_err();
        assert!(matches!(err, PolicyError::BadValue { name: "low", unit: 0, arm: 0, .. }));
        let err = DoNoHarm::new(columns, &[vec![0.0]], -0.1).unwrap_err();
        assert!(matches!(err, PolicyError::BadLimit { name: "allowed_harm", .. }));
    }
}
