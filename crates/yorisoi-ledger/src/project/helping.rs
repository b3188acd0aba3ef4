//! What do decisions, attempts, landings and outcomes change beyond the client: capacity, what was learned, the
//! experiment?

use jiff::Timestamp;
use yorisoi_decision::{
    ActionClass, ActionKind, AgentId, ClientId, Decision, DecisionId, Reservation,
};

use super::actions::{ActionsDoc, is_nuisance};
use super::capacity::{DayDoc, StockDoc, day_key, quarter_of};
use super::client::ClientDoc;
use super::decided::{DUE, DecidedState, DecisionDoc, Ended};
use super::desk::take_back_landing;
use super::house::PolicyDoc;
use super::proof::{ProofDoc, ProofUnit, unit_key};
use super::spending::{self, free_minutes, take_minutes};
use super::{Ground, contact};
use crate::entry::{Actor, Body, Entry, Keeps, Landing, ReservationEnd};
use crate::error::LedgerError;
use crate::shelves::ONLY;

/// Folds the entries about helping.
pub(crate) fn fold(
    ground: &mut Ground<'_>,
    entry: &Entry,
    id: &ClientId,
) -> Result<(), LedgerError> {
    match &entry.body {
        Body::Decided { decision, reservation, agent, keeps } => {
            let made =
                Made { decision, reservation: reservation.as_ref(), agent: agent.as_ref(), keeps };
            decided(ground, entry, id, &made)
        }
        Body::ReservationEnded { decision, why } => end(ground, decision, *why, entry),
        Body::Attempted { decision, class, reached, .. } => {
            treated(ground, decision.as_ref(), *reached && *class != ActionClass::Service)
        }
        Body::Delivered { decision, channel, at, late, .. } => {
            let class = ground.edit::<DecisionDoc>(decision.as_str())?.class;
            let class = class.unwrap_or(ActionClass::Offer);
            let made = contact::contact(at.unwrap_or(entry.at), channel, class, Some(decision));
            ground.change_client(id, |doc| contact::add_once(doc, made))?;
            if let Some(late) = late {
                spending::take_again(ground, decision, &late.took)?;
            }
            treated(ground, Some(decision), class != ActionClass::Service)
        }
        Body::Landed { decision, action, landing } => {
            let mut before = None;
            let mut proof = None;
            if let Some(decision) = decision {
                let doc = ground.edit::<DecisionDoc>(decision.as_str())?;
                before = doc.landing.replace(*landing);
                proof.clone_from(&doc.proof);
            }
            if let Some(before) = before {
                ground.change_client(id, |doc| take_back_landing(doc, entry, before))?;
            }
            ground.edit::<ActionsDoc>(ONLY)?.land(action, *landing, before);
            nuisance(ground, proof.as_deref(), before, *landing)?;
            if is_nuisance(*landing) { hard_conversation(ground, entry, id) } else { Ok(()) }
        }
        Body::OutcomeSeen { outcome, value, at } => {
            outcome_seen(ground, id, (outcome, *value, at.unwrap_or(entry.at)))
        }
        Body::ExitRequested {} | Body::ExitDecided { .. } => hard_conversation(ground, entry, id),
        _ => Ok(()),
    }
}

/// A decision and what goes with it.
struct Made<'a> {
    decision: &'a Decision,
    reservation: Option<&'a Reservation>,
    agent: Option<&'a AgentId>,
    keeps: &'a Keeps,
}

fn decided(
    ground: &mut Ground<'_>,
    entry: &Entry,
    id: &ClientId,
    made: &Made<'_>,
) -> Result<(), LedgerError> {
    let Made { decision, reservation, agent, keeps } = *made;
    let key = decision.id.as_str();
    let proof = enrol(ground, entry, id, decision)?;
    *ground.edit::<DecisionDoc>(key)? = DecisionDoc {
        seq: entry.seq,
        client: Some(id.clone()),
        agent: agent.cloned(),
        at: entry.at,
        action: Some(decision.choice.action.clone()),
        class: Some(decision.choice.class),
        reservation: reservation.cloned(),
        proof,
        keeps: *keeps,
        state: DecidedState::Reserved,
        ..DecisionDoc::default()
    };
    if let Some(reservation) = reservation {
        let until = reservation.expires_at.as_microsecond() as f64;
        ground.shelves.rank::<DecisionDoc>(key, DUE, Some(until));
    }
    if *keeps != Keeps::default() {
        ground.edit::<StockDoc>(ONLY)?.take(&decision.choice.action, keeps);
        take_minutes(ground, entry.at, keeps.minutes, agent)?;
    }
    Ok(())
}

/// Ends what a decision kept; once it has ended, nothing more changes.
pub(crate) fn end(
    ground: &mut Ground<'_>,
    decision: &DecisionId,
    why: ReservationEnd,
    entry: &Entry,
) -> Result<(), LedgerError> {
    let known = ground.read::<DecisionDoc>(decision.as_str())?;
    if known.is_none_or(|doc| doc.state != DecidedState::Reserved) {
        return Ok(());
    }
    let done = why == ReservationEnd::CarriedOut;
    // The house gives back what the client has said no to; whoever else does has a reason of their own.
    let by_no = why == ReservationEnd::GivenBack && entry.actor == Actor::House;
    let doc = ground.edit::<DecisionDoc>(decision.as_str())?;
    doc.state = why.into();
    doc.ended = (!done).then_some(Ended { at: entry.at, by_no });
    let doc = doc.clone();
    ground.shelves.rank::<DecisionDoc>(decision.as_str(), DUE, None);
    if let Some(client) = &doc.client {
        let id = ground.follow(client)?;
        // Whatever was carried out has reached the client, even if nobody wrote the attempt down.
        let channel = doc.reservation.as_ref().and_then(|it| it.channel.clone());
        let class = doc.class.unwrap_or(ActionClass::Offer);
        let made = channel
            .filter(|_| done)
            .map(|channel| contact::contact(entry.at, &channel, class, Some(decision)));
        if ground.is_known(&id)? {
            ground.change_client(&id, |doc| {
                doc.client.facts.reservations.retain(|kept| kept.decision != *decision);
                doc.client.version = entry.seq;
                if let Some(made) = made {
                    contact::add_once(doc, made);
                }
            })?;
        }
    }
    if done {
        spending::spend(ground, decision, &doc.keeps)?;
        let reaches = doc.reservation.as_ref().is_some_and(|it| it.channel.is_some());
        return treated(ground, Some(decision), reaches && doc.class != Some(ActionClass::Service));
    }
    if let Some(action) = &doc.action {
        ground.edit::<StockDoc>(ONLY)?.give_back(action, &doc.keeps);
    }
    free_minutes(ground, doc.at, doc.keeps.minutes, doc.agent.as_ref())
}

/// Somebody who wants to leave, or was bothered, told an agent: that is hard, whoever's fault it is.
fn hard_conversation(
    ground: &mut Ground<'_>,
    entry: &Entry,
    id: &ClientId,
) -> Result<(), LedgerError> {
    let Actor::Agent { agent } = &entry.actor else { return Ok(()) };
    let (day, quarter) = quarter_of(entry.at);
    let doc = ground.edit::<DayDoc>(&day_key(day, Some(agent.as_str())))?;
    doc.hard.entry(quarter).or_default().insert(id.clone());
    Ok(())
}

/// Enters a decision into its unit of the experiment, and the unit into the experiment if it is new.
fn enrol(
    ground: &mut Ground<'_>,
    entry: &Entry,
    id: &ClientId,
    decision: &Decision,
) -> Result<Option<String>, LedgerError> {
    let policy = ground.read::<PolicyDoc>(&decision.policy_fingerprint)?;
    let programme = policy
        .and_then(|doc| doc.policy.as_ref())
        .map(|policy| policy.holdout.programme.clone())
        .unwrap_or_default();
    // Whoever moves to another household stays in the unit they were dealt with.
    let start = unit_key(&programme, "");
    let known = ground.read::<ClientDoc>(id.as_str())?.and_then(|doc| doc.proof.clone());
    let unit = decision.household.as_ref().map_or(id.as_str(), |household| household.as_str());
    let key = known.filter(|key| key.starts_with(&start)).unwrap_or(unit_key(&programme, unit));
    if ground.is_known(id)? {
        let doc = ground.edit::<ClientDoc>(id.as_str())?;
        doc.proof = Some(key.clone());
        doc.client.facts.dealt.entry(programme.clone()).or_insert(decision.holdout);
    }
    let doc = ground.edit::<ProofDoc>(&key)?;
    let unit = doc.unit.get_or_insert_with(|| ProofUnit {
        programme,
        unit: unit.to_owned(),
        arm: decision.holdout,
        seq: entry.seq,
        since: entry.at,
        decisions: 0,
        helps: 0,
        treated: false,
        cost_minor: 0,
        minutes: 0,
        nuisances: 0,
        outcomes: std::collections::BTreeMap::new(),
    });
    unit.decisions += 1;
    unit.helps += u64::from(decision.choice.kind != ActionKind::Hold);
    let first = unit.seq as f64;
    ground.shelves.rank::<ProofDoc>(&key, super::EVERYBODY, Some(first));
    Ok(Some(key))
}

pub(crate) fn change_unit(
    ground: &mut Ground<'_>,
    key: Option<&str>,
    change: impl FnOnce(&mut ProofUnit),
) -> Result<(), LedgerError> {
    if let Some(key) = key
        && let Some(unit) = ground.edit::<ProofDoc>(key)?.unit.as_mut()
    {
        change(unit);
    }
    Ok(())
}

fn treated(
    ground: &mut Ground<'_>,
    decision: Option<&DecisionId>,
    reached: bool,
) -> Result<(), LedgerError> {
    let (Some(decision), true) = (decision, reached) else { return Ok(()) };
    let doc = ground.read::<DecisionDoc>(decision.as_str())?;
    let key = doc.and_then(|doc| doc.proof.clone());
    change_unit(ground, key.as_deref(), |unit| unit.treated = true)
}

fn nuisance(
    ground: &mut Ground<'_>,
    key: Option<&str>,
    before: Option<Landing>,
    now: Landing,
) -> Result<(), LedgerError> {
    let (was, is) = (before.is_some_and(is_nuisance), is_nuisance(now));
    change_unit(ground, key, |unit| {
        unit.nuisances = (unit.nuisances + u64::from(is)).saturating_sub(u64::from(was));
    })
}

fn outcome_seen(
    ground: &mut Ground<'_>,
    id: &ClientId,
    (outcome, value, at): (&str, f64, Timestamp),
) -> Result<(), LedgerError> {
    let (tried, proof) = ground.change_client(id, |doc| {
        let trial = doc.trial.as_mut();
        let new = trial.filter(|trial| !trial.heard.contains(outcome)).map(|trial| {
            trial.heard.insert(outcome.to_owned());
            trial.action.clone()
        });
        (new, doc.proof.clone())
    })?;
    if let Some(action) = tried {
        ground.edit::<ActionsDoc>(ONLY)?.learn(outcome, action.as_ref(), value);
    }
    change_unit(ground, proof.as_deref(), |unit| {
        // What held before the unit was dealt its arm says nothing of the arm.
        if at >= unit.since {
            unit.see(outcome, value, at);
        }
    })
}
