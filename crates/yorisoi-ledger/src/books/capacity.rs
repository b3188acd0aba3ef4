//! What has been taken of what there is: units, money, minutes, hard conversations?

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use yorisoi_decision::{ActionId, AgentId, CapacityFacts};

use super::Books;
use crate::error::LedgerError;
use crate::project::{
    DayDoc, QUARTER_SECONDS, QUARTERS_A_DAY, StockDoc, SupplyFacts, day_key, quarter_of,
};
use crate::shelves::ONLY;

impl Books<'_> {
    /// What has been taken of what there is, on a day of Coordinated Universal Time.
    /// [`Books::capacity_between`] takes a day of any time zone.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    pub fn capacity(
        &mut self,
        day: Date,
        agent: Option<&AgentId>,
    ) -> Result<CapacityFacts, LedgerError> {
        self.capacity_on(day, &TimeZone::UTC, agent)
    }

    /// What has been taken of what there is, on a day of a time zone.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    pub fn capacity_on(
        &mut self,
        day: Date,
        zone: &TimeZone,
        agent: Option<&AgentId>,
    ) -> Result<CapacityFacts, LedgerError> {
        let begin = |day: Date| {
            zone.to_ambiguous_zoned(day.at(0, 0, 0, 0))
                .compatible()
                .map_or(Timestamp::MAX, |it| it.timestamp())
        };
        let next = day.tomorrow().unwrap_or(day);
        self.capacity_between(begin(day), begin(next), agent)
    }

    /// What has been taken of what there is: units and money up to now, minutes and hard conversations from one
    /// instant up to another, in quarters of an hour.
    ///
    /// `used` is what was taken less what came since the policy, at least 0. With an agent,
    /// `hard_conversations` is their number and no limit; the limit is the caller's to set.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    pub fn capacity_between(
        &mut self,
        from: Timestamp,
        until: Timestamp,
        agent: Option<&AgentId>,
    ) -> Result<CapacityFacts, LedgerError> {
        let mut facts = CapacityFacts::default();
        if let Some(stock) = self.ground.read::<StockDoc>(ONLY)? {
            let left =
                |supply: &SupplyFacts| supply.taken.saturating_sub(supply.came).max(0) as u64;
            facts.used =
                stock.supply.iter().map(|(action, it)| (action.clone(), left(it))).collect();
            facts.spent_minor = stock.spent_minor;
        }
        let (minutes, _) = self.day_between(from, until, None)?;
        facts.minutes_used = minutes;
        if let Some(agent) = agent {
            let (_, hard) = self.day_between(from, until, Some(agent))?;
            facts.hard_conversations = Some((hard, u32::MAX));
        }
        Ok(facts)
    }

    /// Units of every action that were taken and that came.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    pub fn supply(&mut self) -> Result<Vec<(ActionId, SupplyFacts)>, LedgerError> {
        let stock = self.ground.read::<StockDoc>(ONLY)?;
        Ok(stock
            .map(|stock| stock.supply.iter().map(|(action, it)| (action.clone(), *it)).collect())
            .unwrap_or_default())
    }

    /// Minutes and hard conversations of an agent between two instants.
    ///
    /// # Errors
    ///
    /// Whatever the store says.
    pub fn load_of(
        &mut self,
        agent: &AgentId,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<(u64, u32), LedgerError> {
        self.day_between(from, until, Some(agent))
    }

    fn day_between(
        &mut self,
        from: Timestamp,
        until: Timestamp,
        agent: Option<&AgentId>,
    ) -> Result<(u64, u32), LedgerError> {
        let agent = agent.map(AgentId::as_str);
        let (first, last) = (quarter_of(from).0, quarter_of(until).0);
        let (mut minutes, mut hard) = (0_u64, BTreeSet::new());
        for day in first..=last {
            let Some(doc) = self.ground.read::<DayDoc>(&day_key(day, agent))? else { continue };
            let counts = |quarter: u8| {
                let begin = (day * QUARTERS_A_DAY + i64::from(quarter)) * QUARTER_SECONDS;
                begin >= from.as_second() && begin < until.as_second()
            };
            let within = doc.minutes.iter().filter(|(it, _)| counts(**it));
            minutes = within.fold(minutes, |sum, (_, n)| sum.saturating_add(*n));
            let with = doc.hard.iter().filter(|(it, _)| counts(**it));
            hard.extend(with.flat_map(|(_, clients)| clients.iter().cloned()));
        }
        Ok((minutes, u32::try_from(hard.len()).unwrap_or(u32::MAX)))
    }
}
