//! What may a decision look at? The client, their household, what there is to give, gathered in one place.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use yorisoi_decision::{
    ActionId, CapacityFacts, ClientFacts, ClientId, Decision, DecisionId, EffectSource, ExitState,
    HouseholdFacts, Record, Situation, Stop, Verdict,
};

use crate::decide_and_commit::DecisionAsk;
use crate::work::{Known, Work};
use crate::{AppError, Role};

/// Gathers the facts for one question.
pub(crate) fn situation_of(
    work: &mut Work<'_, '_>,
    ask: &DecisionAsk,
    id: DecisionId,
) -> Result<Situation, AppError> {
    let record = record_of(work, ask)?;
    let household = match &record {
        Record::Client { facts } => household_of(work, facts)?,
        _ => HouseholdFacts::default(),
    };
    Ok(Situation { record, household, ..situation_of_nobody(work, ask, id)? })
}

/// Gathers what is the same for whomever is asked about; who it is, is not looked up.
pub(crate) fn situation_of_nobody(
    work: &mut Work<'_, '_>,
    ask: &DecisionAsk,
    id: DecisionId,
) -> Result<Situation, AppError> {
    Ok(Situation {
        decision: id,
        now: work.now,
        ledger_time: work.last_at,
        initiative: ask.initiative,
        record: Record::Unknown { client: ask.client.clone() },
        household: HouseholdFacts::default(),
        capacity: capacity_of(work, ask)?,
        actions: work.books.actions_by(&work.app.settings().outcome.clone())?,
        only: ask.only.clone(),
    })
}

/// What counts for a client's household together.
pub(crate) fn household_of(
    work: &mut Work<'_, '_>,
    facts: &ClientFacts,
) -> Result<HouseholdFacts, AppError> {
    match &facts.household {
        Some(household) => Ok(work.books.household(household)?),
        None => Ok(HouseholdFacts::default()),
    }
}

/// Who is asked about.
fn record_of(work: &mut Work<'_, '_>, ask: &DecisionAsk) -> Result<Record, AppError> {
    Ok(match work.known(&ask.client)? {
        Known::Client(client) => {
            work.caller.may_see_team(client.facts.team.as_ref())?;
            let mut facts = client.facts;
            if let Some(effects) = &ask.effects {
                facts.effects.clone_from(effects);
                facts.effect_source = Some(EffectSource::Given);
            }
            Record::Client { facts: Box::new(facts) }
        }
        Known::Erased => Record::Client { facts: Box::new(erased(ask.client.clone())) },
        Known::Nobody => Record::Unknown { client: ask.client.clone() },
    })
}

/// What is left to know of a person who was erased.
fn erased(client: ClientId) -> ClientFacts {
    ClientFacts {
        client,
        household: None,
        team: None,
        agent: None,
        erased: true,
        merged_into: None,
        zone: None,
        value_minor: None,
        attributes: BTreeMap::new(),
        consents: Vec::new(),
        refusals: Vec::new(),
        contacts: Vec::new(),
        reservations: Vec::new(),
        nuisance_at: None,
        attempts: BTreeMap::new(),
        busy: Vec::new(),
        exit: ExitState::None,
        released: Vec::new(),
        dealt: BTreeMap::new(),
        effects: BTreeMap::new(),
        effect_source: None,
    }
}

/// What there is to give, and how many hard conversations the agent has had.
pub(crate) fn capacity_of(
    work: &mut Work<'_, '_>,
    ask: &DecisionAsk,
) -> Result<CapacityFacts, AppError> {
    let own = work.caller.agent.clone().filter(|_| work.caller.role != Role::Service);
    let agent = ask.agent.clone().or(own);
    let mut capacity = day_capacity(work, agent.as_ref())?;
    let max = work.app.settings().hard_conversations_max;
    capacity.hard_conversations = match (capacity.hard_conversations, max) {
        (Some((had, _)), Some(max)) => Some((had, max)),
        _ => None,
    };
    Ok(capacity)
}

/// What was taken today, where the house is.
pub(crate) fn day_capacity(
    work: &mut Work<'_, '_>,
    agent: Option<&yorisoi_decision::AgentId>,
) -> Result<CapacityFacts, AppError> {
    let (day, zone) = (today(work)?, house_zone(work)?);
    Ok(work.books.capacity_on(day, &zone, agent)?)
}

/// The day it is where the house is.
pub(crate) fn today(work: &Work<'_, '_>) -> Result<Date, AppError> {
    Ok(work.now.to_zoned(house_zone(work)?).date())
}

/// Where the house is.
pub(crate) fn house_zone(work: &Work<'_, '_>) -> Result<TimeZone, AppError> {
    let name = &work.app.settings().zone;
    TimeZone::get(name).map_err(|error| {
        AppError::invalid(
            "zone",
            (error.to_string(), "サービスの設定にあるタイムゾーンが使えません。"),
        )
    })
}

/// The gate that stopped an action, if one did.
pub(crate) fn stop_of(decision: &Decision, action: &ActionId) -> Option<Stop> {
    let candidate = decision.candidates.iter().find(|candidate| candidate.action == *action)?;
    match &candidate.verdict {
        Verdict::Stopped(stop) => Some(*stop),
        Verdict::Scored(_) => None,
    }
}
