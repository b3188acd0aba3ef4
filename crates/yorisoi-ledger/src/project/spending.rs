//! What was spent, and on whom? Minutes, and the money that a unit of the experiment bears.
//!
//! The cost of a unit is counted once: with the client who was given it, and once somebody else has taken it over,
//! with them. The minutes of an agent stay where they were spent.

use jiff::Timestamp;
use yorisoi_decision::{AgentId, DecisionId};

use super::Ground;
use super::capacity::{DayDoc, StockDoc, day_key, quarter_of};
use super::decided::{DecidedState, DecisionDoc};
use super::hand_on::HandOn;
use super::helping::change_unit;
use crate::entry::Keeps;
use crate::error::LedgerError;
use crate::shelves::ONLY;

/// What a decision kept is spent on its unit of the experiment.
pub(crate) fn spend(
    ground: &mut Ground<'_>,
    decision: &DecisionId,
    keeps: &Keeps,
) -> Result<(), LedgerError> {
    bear(ground, decision, keeps.cost_minor)?;
    let key = ground.edit::<DecisionDoc>(decision.as_str())?.proof.clone();
    change_unit(ground, key.as_deref(), |unit| {
        unit.minutes = unit.minutes.saturating_add(keeps.minutes);
    })
}

/// Takes once more what a decision had given back: it was delivered after all, however little is left now.
pub(crate) fn take_again(
    ground: &mut Ground<'_>,
    decision: &DecisionId,
    took: &Keeps,
) -> Result<(), LedgerError> {
    let doc = ground.edit::<DecisionDoc>(decision.as_str())?;
    if !matches!(doc.state, DecidedState::GivenBack | DecidedState::Expired) {
        return Ok(());
    }
    (doc.state, doc.keeps) = (DecidedState::CarriedOut, *took);
    let (action, at, agent) = (doc.action.clone(), doc.at, doc.agent.clone());
    if let Some(action) = action {
        ground.edit::<StockDoc>(ONLY)?.take(&action, took);
    }
    take_minutes(ground, at, took.minutes, agent.as_ref())?;
    spend(ground, decision, took)
}

/// The cost of a unit goes with it: from the one it was first given to, if it was, to the one who takes it.
pub(crate) fn pass_cost(ground: &mut Ground<'_>, hand_on: &str) -> Result<(), LedgerError> {
    let known = ground.edit::<HandOn>(hand_on)?;
    let Some(offer) = known.offer.clone() else { return Ok(()) };
    let (giver, kept) = (known.decision.clone(), known.keeps.cost_minor);
    let mut borne = 0;
    if let Some(giver) = giver {
        borne = ground.edit::<DecisionDoc>(giver.as_str())?.borne_minor;
        bear(ground, &giver, borne.saturating_neg())?;
    }
    bear(ground, &offer, kept.saturating_add(borne))
}

/// Adds money to what the unit of the experiment bears in which a decision was made.
fn bear(ground: &mut Ground<'_>, decision: &DecisionId, minor: i64) -> Result<(), LedgerError> {
    let doc = ground.edit::<DecisionDoc>(decision.as_str())?;
    doc.borne_minor = doc.borne_minor.saturating_add(minor);
    let key = doc.proof.clone();
    change_unit(ground, key.as_deref(), |unit| {
        unit.cost_minor = unit.cost_minor.saturating_add(minor);
    })
}

/// Takes minutes from the quarter of an hour in which a decision was made.
pub(crate) fn take_minutes(
    ground: &mut Ground<'_>,
    at: Timestamp,
    minutes: u64,
    agent: Option<&AgentId>,
) -> Result<(), LedgerError> {
    change_minutes(ground, at, agent, |doc, quarter| doc.take(quarter, minutes), minutes)
}

/// Gives minutes back to the quarter from which they were taken.
pub(crate) fn free_minutes(
    ground: &mut Ground<'_>,
    at: Timestamp,
    minutes: u64,
    agent: Option<&AgentId>,
) -> Result<(), LedgerError> {
    change_minutes(ground, at, agent, |doc, quarter| doc.give_back(quarter, minutes), minutes)
}

/// Changes the minutes of everybody, and of the agent if there is one.
fn change_minutes(
    ground: &mut Ground<'_>,
    at: Timestamp,
    agent: Option<&AgentId>,
    change: impl Fn(&mut DayDoc, u8),
    minutes: u64,
) -> Result<(), LedgerError> {
    if minutes == 0 {
        return Ok(());
    }
    let (day, quarter) = quarter_of(at);
    change(ground.edit::<DayDoc>(&day_key(day, None))?, quarter);
    if let Some(agent) = agent {
        change(ground.edit::<DayDoc>(&day_key(day, Some(agent.as_str())))?, quarter);
    }
    Ok(())
}
