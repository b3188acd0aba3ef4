//! Was it delivered, and when? A delivery is told, on the day or late: what truly happened is recorded, whatever had
//! been said before it, and opens no way to anything new.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{Channel, Choice, ClientFacts, DecisionId};
use yorisoi_ledger::{
    Actor, Body, Client, Decided, DecidedState, DeliveredWhen, HandOnState, Keeps, Landing,
    LateDelivery, ReservationEnd,
};

use crate::decide_and_commit::keeps;
use crate::end_refused::had_said_no;
use crate::end_reservation::end_reservation;
use crate::landing_counts::count_landing;
use crate::read_ruptures::note_rupture;
use crate::record_contact::decided;
use crate::work::Work;
use crate::{App, AppError, Caller, Recorded, Right};

/// It was delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeliveryInput {
    /// For which decision.
    pub decision: DecisionId,
    /// Over what; `null`: the decision's own channel.
    #[serde(default)]
    pub channel: Option<Channel>,
    /// When it was, if earlier than now. With it, what was truly given can be told though its decision has ended
    /// since: because the client said no, because its time ran out, or because somebody gave it back.
    #[serde(default)]
    pub at: Option<Timestamp>,
}

impl App {
    /// Records a delivery, and that the decision was carried out. What was delivered is told with its time where the
    /// decision has ended since: it takes again what had been given back, counts under the caps from when it
    /// was, and, if the client had said no before, as a nuisance until they say how it landed.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`] decision; [`AppError::DecisionEnded`] if it has ended and no time is given, was carried
    /// out, or its unit went on to somebody else; [`AppError::Invalid`] if the time lies before the decision or in
    /// the future.
    pub async fn record_delivery(
        &self,
        caller: &Caller,
        input: DeliveryInput,
    ) -> Result<Recorded, AppError> {
        caller.may(Right::Record)?;
        self.write(caller, "delivery", move |work| {
            let known = decided(work, &input.decision)?;
            let client = work.client(&known.decision.client)?;
            let choice = &known.decision.choice;
            let channel = input.channel.or_else(|| choice.channel.clone()).ok_or_else(|| {
                let reason = "the decision has none of its own; say which was used";
                AppError::invalid("channel", (reason, "お使いになった連絡手段を選んでください。"))
            })?;
            check_time(work, &known, input.at)?;
            let delivered = Delivered { known: &known, client: &client, channel };
            match input.at {
                Some(at) if has_ended(work, &known, &client.facts) => late(work, &delivered, at),
                at => in_time(work, &delivered, at),
            }
        })
        .await
    }
}

/// What was delivered.
struct Delivered<'a> {
    known: &'a Decided,
    client: &'a Client,
    channel: Channel,
}

impl Delivered<'_> {
    fn choice(&self) -> &Choice {
        &self.known.decision.choice
    }

    fn body(&self, at: Option<Timestamp>, late: Option<LateDelivery>) -> Body {
        let decision = self.known.decision.id.clone();
        let (action, channel) = (self.choice().action.clone(), self.channel.clone());
        Body::Delivered { decision, action, channel, at, late }
    }
}

/// Nothing is delivered before it was decided, or tomorrow.
fn check_time(work: &Work<'_, '_>, known: &Decided, at: Option<Timestamp>) -> Result<(), AppError> {
    let Some(at) = at else { return Ok(()) };
    if at > work.now {
        let reason = ("it lies in the future; tell what has happened", "未来の日時です。");
        return Err(AppError::invalid("at", reason));
    }
    if at < known.decision.at {
        let reason = ("it lies before the decision", "判断より前の日時です。");
        return Err(AppError::invalid("at", reason));
    }
    Ok(())
}

/// Whether what it kept is free again, swept up or not.
fn has_ended(work: &Work<'_, '_>, known: &Decided, facts: &ClientFacts) -> bool {
    let kept = facts.reservations.iter().find(|it| it.decision == known.decision.id);
    match known.state {
        DecidedState::GivenBack | DecidedState::Expired => true,
        DecidedState::Reserved => kept.is_some_and(|kept| kept.expires_at <= work.now),
        DecidedState::CarriedOut => false,
    }
}

fn in_time(
    work: &mut Work<'_, '_>,
    delivered: &Delivered<'_>,
    at: Option<Timestamp>,
) -> Result<Recorded, AppError> {
    let client = &delivered.client.facts.client;
    // The delivery first: carrying out adds a contact only where none is written down.
    let recorded = work.append(Some(client), delivered.body(at, None), None)?;
    end_reservation(work, &delivered.known.decision.id, ReservationEnd::CarriedOut)?;
    Ok(recorded)
}

/// Told after its decision had ended.
fn late(
    work: &mut Work<'_, '_>,
    delivered: &Delivered<'_>,
    at: Timestamp,
) -> Result<Recorded, AppError> {
    let Delivered { known, client, .. } = delivered;
    let (id, who) = (&known.decision.id, &client.facts.client);
    if known.released.is_some() {
        // Its unit went on, and stands with the hand-on.
        let state = "released".to_owned();
        return Err(AppError::DecisionEnded { decision: id.clone(), state });
    }
    if known.state == DecidedState::Reserved {
        let why = ReservationEnd::Expired;
        let body = Body::ReservationEnded { decision: id.clone(), why };
        work.append_as(Actor::House, Some(who), (body, None))?;
    }
    let when = when(work, delivered, at)?;
    let took = taken(work, known)?;
    let recorded =
        work.append(Some(who), delivered.body(Some(at), Some(LateDelivery { when, took })), None)?;
    take_over(work, delivered)?;
    if when == DeliveredWhen::AfterNo && known.landing.is_none() {
        count_as_nuisance(work, delivered)?;
    }
    Ok(recorded)
}

/// How it lies to the end of what was kept, and to what the client has said.
fn when(
    work: &mut Work<'_, '_>,
    delivered: &Delivered<'_>,
    at: Timestamp,
) -> Result<DeliveredWhen, AppError> {
    let Delivered { known, client, .. } = delivered;
    let ran_out = known.reservation.as_ref().map(|kept| kept.expires_at);
    let ends = [known.ended.map(|end| end.at), ran_out];
    if ends.into_iter().flatten().min().is_none_or(|end| at <= end) {
        return Ok(DeliveredWhen::WhileKept);
    }
    let by_no = known.ended.is_some_and(|end| end.by_no);
    let after_no = match &known.reservation {
        Some(kept) if !by_no => had_said_no(work, client, (kept, at))?,
        _ => by_no,
    };
    Ok(if after_no { DeliveredWhen::AfterNo } else { DeliveredWhen::AfterEnd })
}

/// What it took. A unit that is being handed on is there for it as long as nobody else has it; where somebody has, one
/// more is gone.
fn taken(work: &mut Work<'_, '_>, known: &Decided) -> Result<Keeps, AppError> {
    if known.offers.is_none() || is_free(work, known)? {
        return Ok(known.keeps);
    }
    let policy = work.policy()?;
    Ok(keeps(&policy, &known.decision.choice))
}

/// Whether the unit that it offered is still there.
fn is_free(work: &mut Work<'_, '_>, known: &Decided) -> Result<bool, AppError> {
    let Some(hand_on) = &known.offers else { return Ok(false) };
    let hand_on = work.books.hand_on(hand_on)?;
    Ok(hand_on.is_some_and(|it| it.state == HandOnState::Released))
}

/// A unit that is handed on, and that they have in their hands: they were offered it and took it.
fn take_over(work: &mut Work<'_, '_>, delivered: &Delivered<'_>) -> Result<(), AppError> {
    let (Some(hand_on), true) = (&delivered.known.offers, is_free(work, delivered.known)?) else {
        return Ok(());
    };
    let (action, who) = (delivered.choice().action.clone(), &delivered.client.facts.client);
    let offered = Body::HandOnOffered {
        hand_on: hand_on.clone(),
        action: action.clone(),
        decision: delivered.known.decision.id.clone(),
    };
    work.append(Some(who), offered, None)?;
    let accepted = Body::HandOnAccepted { hand_on: hand_on.clone(), action };
    work.append(Some(who), accepted, None)?;
    Ok(())
}

/// Whoever had said no and is given it all the same has been bothered, until they say otherwise.
fn count_as_nuisance(work: &mut Work<'_, '_>, delivered: &Delivered<'_>) -> Result<(), AppError> {
    let (decision, client) = (&delivered.known.decision.id, &delivered.client.facts.client);
    let (action, landing) = (delivered.choice().action.clone(), Landing::Nuisance);
    count_landing(work, Some(decision), (&action, landing))?;
    let body = Body::Landed { decision: Some(decision.clone()), action, landing };
    let told = work.append_as(Actor::House, Some(client), (body.clone(), None))?;
    note_rupture(work, (client, &body), &told)
}
