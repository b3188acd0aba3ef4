//! What has been taken of what there is? Units, money, agent minutes and hard conversations.
//!
//! Minutes are kept by quarter of an hour (UTC), so that a day can be summed in any time zone.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{ActionId, ClientId};

use crate::entry::Keeps;
use crate::shelves::Document;

/// Length of the spans that minutes are kept by, in seconds.
pub(crate) const QUARTER_SECONDS: i64 = 15 * 60;

/// Quarters in a document.
pub(crate) const QUARTERS_A_DAY: i64 = 96;

/// Units of one action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct SupplyFacts {
    /// Taken or reserved.
    pub taken: i64,
    /// That came (or, below zero, went) since the policy's own supply.
    pub came: i64,
}

/// Units and money over the life of the house.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct StockDoc {
    pub(crate) supply: BTreeMap<ActionId, SupplyFacts>,
    pub(crate) spent_minor: i64,
}

impl Document for StockDoc {
    const SHELF: &'static str = "p:stock";
}

/// Minutes and hard conversations of one UTC day, by quarter; of everybody, or of one agent.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct DayDoc {
    #[serde(default)]
    pub(crate) minutes: BTreeMap<u8, u64>,
    /// The clients of hard conversations: one client is one conversation a day.
    #[serde(default)]
    pub(crate) hard: BTreeMap<u8, BTreeSet<ClientId>>,
}

impl Document for DayDoc {
    const SHELF: &'static str = "p:day";
}

/// The day (since 1970, UTC) and the quarter of it in which an instant lies.
pub(crate) fn quarter_of(at: Timestamp) -> (i64, u8) {
    let quarter = at.as_second().div_euclid(QUARTER_SECONDS);
    (quarter.div_euclid(QUARTERS_A_DAY), quarter.rem_euclid(QUARTERS_A_DAY) as u8)
}

/// The key of a day's document; of an agent's if one is given.
pub(crate) fn day_key(day: i64, agent: Option<&str>) -> String {
    match agent {
        Some(agent) => format!("{day:08}/{agent}"),
        None => format!("{day:08}"),
    }
}

impl StockDoc {
    /// Takes what a decision keeps.
    pub(crate) fn take(&mut self, action: &ActionId, keeps: &Keeps) {
        self.change(action, clamped(keeps.units), keeps.cost_minor);
    }

    /// Gives back what a decision kept.
    pub(crate) fn give_back(&mut self, action: &ActionId, keeps: &Keeps) {
        self.change(action, -clamped(keeps.units), keeps.cost_minor.saturating_neg());
    }

    /// Counts supply that came or went.
    pub(crate) fn supply(&mut self, action: &ActionId, by: i64) {
        let supply = self.supply.entry(action.clone()).or_default();
        supply.came = supply.came.saturating_add(by);
    }

    fn change(&mut self, action: &ActionId, units: i64, cost_minor: i64) {
        if units != 0 {
            let supply = self.supply.entry(action.clone()).or_default();
            supply.taken = supply.taken.saturating_add(units);
        }
        self.spent_minor = self.spent_minor.saturating_add(cost_minor);
    }
}

impl DayDoc {
    /// Adds minutes to a quarter.
    pub(crate) fn take(&mut self, quarter: u8, minutes: u64) {
        let known = self.minutes.entry(quarter).or_default();
        *known = known.saturating_add(minutes);
    }

    /// Takes minutes off a quarter.
    pub(crate) fn give_back(&mut self, quarter: u8, minutes: u64) {
        let left = self.minutes.get(&quarter).copied().unwrap_or(0).saturating_sub(minutes);
        if left == 0 {
            self.minutes.remove(&quarter);
        } else {
            self.minutes.insert(quarter, left);
        }
    }
}

fn clamped(units: u64) -> i64 {
    i64::try_from(units).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_and_given_back_leaves_nothing() {
        let gift = ActionId::new("gift").unwrap();
        let keeps = Keeps { units: 2, minutes: 10, cost_minor: 500 };
        let (mut stock, mut day) = (StockDoc::default(), DayDoc::default());
        stock.take(&gift, &keeps);
        day.take(3, keeps.minutes);
        assert_eq!((stock.supply[&gift].taken, stock.spent_minor), (2, 500));
        stock.give_back(&gift, &keeps);
        day.give_back(3, keeps.minutes);
        assert_eq!((stock.supply[&gift].taken, stock.spent_minor), (0, 0));
        assert!(day.minutes.is_empty());
    }

    #[test]
    fn quarters_count_from_midnight_before_and_after_1970() {
        let at = |second| Timestamp::from_second(second).unwrap();
        assert_eq!(quarter_of(at(0)), (0, 0));
        assert_eq!(quarter_of(at(86_399)), (0, 95));
        assert_eq!(quarter_of(at(86_400 + 900)), (1, 1));
        assert_eq!(quarter_of(at(-1)), (-1, 95));
    }
}
