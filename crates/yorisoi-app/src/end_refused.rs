//! What was kept for a client who has said no since? It ends with the "no", so that nobody carries it out any more.

use jiff::Timestamp;
use yorisoi_decision::{
    ActionFacts, CapacityFacts, ClientFacts, ClientId, DecisionId, ExitState, HouseholdFacts,
    Initiative, Record, Reservation, Situation, said_no,
};
use yorisoi_ledger::{Actor, Body, Client, ReservationEnd};

use crate::AppError;
use crate::work::Work;

/// Hand-ons looked through: more are never open at once.
const HAND_ONS_MAX: usize = 1_000_000;

/// Ends what is kept for a client and may not be given to them by now: the gates of consent, refusal and leaving say
/// so. A unit that was offered to them is free for somebody else. To be called after whatever may be a "no", in
/// the same transaction; what the client still welcomes stays, and so does a message that is owed.
pub(crate) fn end_refused(work: &mut Work<'_, '_>, id: &ClientId) -> Result<(), AppError> {
    let client = work.client(id)?;
    let mut ended = Vec::new();
    for kept in &client.facts.reservations {
        let policy = work.policy()?;
        let situation = situation_now(work, &client, kept)?;
        if said_no(&policy, &situation, &kept.action).is_some() {
            end(work, &client.facts.client, kept)?;
            ended.push(kept.decision.clone());
        }
    }
    free_hand_ons(work, &client.facts.client, &ended)
}

/// Whether the client had said no, by an instant, to what was kept for them once. Of what they withdrew, or of a way out
/// they went since, the instant is not kept here: it counts as said before, for their peace weighs more.
pub(crate) fn had_said_no(
    work: &mut Work<'_, '_>,
    client: &Client,
    (kept, at): (&Reservation, Timestamp),
) -> Result<bool, AppError> {
    let mut known = client.clone();
    known.facts.refusals.retain(|refusal| refusal.refused_at <= at);
    let policy = work.policy()?;
    let situation = situation_now(work, &known, kept)?;
    Ok(said_no(&policy, &situation, &kept.action).is_some())
}

/// The situation in which a reservation was made, with what the client has said since.
fn situation_now(
    work: &mut Work<'_, '_>,
    client: &Client,
    kept: &Reservation,
) -> Result<Situation, AppError> {
    Ok(Situation {
        decision: kept.decision.clone(),
        now: work.now,
        ledger_time: None,
        initiative: who_began(work, &kept.decision)?,
        record: Record::Client { facts: Box::new(facts_without(client, kept)) },
        household: HouseholdFacts::default(),
        capacity: CapacityFacts::default(),
        actions: ActionFacts::default(),
        only: None,
    })
}

/// What is known of the client, without what the decision itself brought about: its own reservation is no earlier
/// contact, and the one offer on the way out stands in nobody's way but another's.
fn facts_without(client: &Client, kept: &Reservation) -> ClientFacts {
    let mut facts = client.facts.clone();
    let own = facts.reservations.iter().position(|it| it.decision == kept.decision);
    facts.reservations.truncate(own.unwrap_or(usize::MAX));
    let offer = client.desk.exit.as_ref().and_then(|exit| exit.offer.as_ref());
    if facts.exit == ExitState::Offered && offer == Some(&kept.decision) {
        facts.exit = ExitState::Requested;
    }
    facts
}

/// Who began, as the decision was made: somebody who called may be asked what nobody else may.
fn who_began(work: &mut Work<'_, '_>, decision: &DecisionId) -> Result<Initiative, AppError> {
    let Some(decided) = work.books.decision(decision)? else { return Ok(Initiative::Ours) };
    let Some(entry) = work.books.entry(decided.seq)? else { return Ok(Initiative::Ours) };
    let text = work.books.opened(entry)?.personal.and_then(|personal| personal.text);
    let situation = text.and_then(|text| serde_json::from_str::<Situation>(&text).ok());
    Ok(situation.map_or(Initiative::Ours, |situation| situation.initiative))
}

/// Frees what a reservation kept. What had run out before is told as that, though nobody has swept it up.
fn end(work: &mut Work<'_, '_>, id: &ClientId, kept: &Reservation) -> Result<(), AppError> {
    let is_over = kept.expires_at <= work.now;
    let why = if is_over { ReservationEnd::Expired } else { ReservationEnd::GivenBack };
    let body = Body::ReservationEnded { decision: kept.decision.clone(), why };
    work.append_as(Actor::House, Some(id), (body, None))?;
    Ok(())
}

/// Frees the units that those decisions had offered.
fn free_hand_ons(
    work: &mut Work<'_, '_>,
    id: &ClientId,
    ended: &[DecisionId],
) -> Result<(), AppError> {
    if ended.is_empty() {
        return Ok(());
    }
    for (_, open) in work.books.open_hand_ons(None, HAND_ONS_MAX)? {
        let was_offered = open.offer.as_ref().is_some_and(|offer| ended.contains(offer));
        if let Some(action) = open.action.filter(|_| was_offered) {
            let body = Body::HandOnDeclined { hand_on: open.hand_on, action };
            work.append_as(Actor::House, Some(id), (body, None))?;
        }
    }
    Ok(())
}
