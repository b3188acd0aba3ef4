//! Does it change hands? Offered by a decision of its own, then taken or declined.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{ActionId, ClientId, Code, DecisionId, Words};
use yorisoi_ledger::{Body, DecidedState, HandOn, HandOnState, Keeps, ReservationEnd};

use super::matches::{ask_about, is_given_already, may_be_asked};
use super::{HandOnView, open, view, wrong_state};
use crate::credit_agents::deal;
use crate::decide_and_commit::{append, keeps, note_exit_offer, reservation};
use crate::end_reservation::end_kept;
use crate::record_contact::decided;
use crate::situation::stop_of;
use crate::work::Work;
use crate::{App, AppError, Caller, Right};

impl App {
    /// Offers it to a client: by a decision of its own, with every gate. To one who asked to leave it is the one offer
    /// that is permitted. What a gate stops leaves its trace.
    ///
    /// # Errors
    ///
    /// [`AppError::Stopped`] by a gate; [`AppError::HandOn`] if it is no longer free.
    pub async fn offer_hand_on(
        &self,
        caller: &Caller,
        hand_on: &str,
        client: &ClientId,
    ) -> Result<HandOnView, AppError> {
        caller.may(Right::Record)?;
        let (hand_on, client) = (hand_on.to_owned(), client.clone());
        let offered = self
            .write(caller, "hand_on_offered", move |work| {
                let known = open(work, &hand_on)?;
                if known.state != HandOnState::Released {
                    let en = "wait for the answer, or record it";
                    let ja = "お返事を待つか、お返事を記録してください。";
                    return Err(wrong_state(&known, (en, ja)));
                }
                match offer(work, &known, &client)? {
                    None => Ok(Offered::Offered(Box::new(view(work, &hand_on)?))),
                    Some((action, code)) => Ok(Offered::Stopped { action, code }),
                }
            })
            .await?;
        // What was stopped left its trace: only now, that it is kept, is it an error.
        match offered {
            Offered::Offered(view) => Ok(*view),
            Offered::Stopped { action, code } => {
                let stopped = action.clone();
                let name = self.read(caller, move |work| Ok(work.called(&stopped))).await;
                let name = name.unwrap_or_else(|_| Words::same(action.as_str()));
                Err(AppError::Stopped { action, name, code })
            }
        }
    }

    /// The client takes it.
    ///
    /// # Errors
    ///
    /// [`AppError::HandOn`] if it is not offered to them, or its date is past.
    pub async fn accept_hand_on(
        &self,
        caller: &Caller,
        hand_on: &str,
        client: &ClientId,
    ) -> Result<HandOnView, AppError> {
        caller.may(Right::Record)?;
        self.answered(caller, (hand_on, client), true).await
    }

    /// The client does not want it; it is free for somebody else.
    ///
    /// # Errors
    ///
    /// [`AppError::HandOn`] if it is not offered to them.
    pub async fn decline_hand_on(
        &self,
        caller: &Caller,
        hand_on: &str,
        client: &ClientId,
    ) -> Result<HandOnView, AppError> {
        caller.may(Right::Record)?;
        self.answered(caller, (hand_on, client), false).await
    }

    /// Whoever it is offered to has said yes or no.
    async fn answered(
        &self,
        caller: &Caller,
        (hand_on, client): (&str, &ClientId),
        is_taken: bool,
    ) -> Result<HandOnView, AppError> {
        let (hand_on, client) = (hand_on.to_owned(), client.clone());
        let use_case = if is_taken { "hand_on_accepted" } else { "hand_on_declined" };
        self.write(caller, use_case, move |work| {
            let (known, action, offer) = offered_to(work, &hand_on, &client)?;
            let (end, body) = if is_taken {
                let body = Body::HandOnAccepted { hand_on: hand_on.clone(), action };
                (ReservationEnd::CarriedOut, body)
            } else {
                let body = Body::HandOnDeclined { hand_on: hand_on.clone(), action };
                (ReservationEnd::GivenBack, body)
            };
            end_offer(work, &offer, end)?;
            work.append(known.to.as_ref(), body, None)?;
            view(work, &hand_on)
        })
        .await
    }
}

/// What became of an offer.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Offered {
    /// It waits for an answer.
    Offered(Box<HandOnView>),
    /// A gate stopped it.
    Stopped { action: ActionId, code: Code },
}

/// A hand-on that is offered to just this client, with its action and the decision that offers it.
fn offered_to(
    work: &mut Work<'_, '_>,
    hand_on: &str,
    client: &ClientId,
) -> Result<(HandOn, ActionId, DecisionId), AppError> {
    let known = open(work, hand_on)?;
    let id = work.client(client)?.facts.client;
    match (&known.action, &known.offer) {
        (Some(action), Some(offer)) if known.to.as_ref() == Some(&id) => {
            let (action, offer) = (action.clone(), offer.clone());
            Ok((known, action, offer))
        }
        _ => Err(wrong_state(
            &known,
            ("offer it to this client first", "先にこの方へお声がけしてください。"),
        )),
    }
}

/// Offers a unit to a client: a decision of its own, through every gate. Returns what stopped it, if something did.
fn offer(
    work: &mut Work<'_, '_>,
    known: &HandOn,
    client: &ClientId,
) -> Result<Option<(ActionId, Code)>, AppError> {
    let client = work.client(client)?;
    let id = client.facts.client.clone();
    let policy = work.policy()?;
    let Some(asked) = ask_about(work, known, &id)? else {
        let remedy = ("its action is not known any more", "この働きかけは、もう方針にありません。");
        return Err(wrong_state(known, remedy));
    };
    if !may_be_asked(known, &client) {
        return stopped(work, &id, (asked.action, Code::Released, None)).map(Some);
    }
    if asked.decision.choice.action != asked.action {
        // Held back by a gate or by the draw: a decision like any other, from which the next study learns.
        if !work.is_clock_skewed() {
            deal(work, &asked.decision, &asked.situation)?;
            let nothing = (None, Keeps::default());
            append(work, (&asked.decision, &asked.situation), nothing, &asked.ask)?;
        }
        let held = asked.decision.hold.as_ref().map_or(Code::NothingBetter, |hold| hold.code);
        let stop = stop_of(&asked.decision, &asked.action);
        let (code, until) = stop.map_or((held, None), |stop| (stop.code, stop.until));
        return stopped(work, &id, (asked.action, code, until)).map(Some);
    }
    let mut keeps = keeps(&policy, &asked.decision.choice);
    if is_given_already(work, known)? {
        // The unit was paid for when the first received it; now it only changes hands.
        keeps = Keeps { minutes: keeps.minutes, ..Keeps::default() };
    }
    let kept = (reservation(&policy, &asked.decision), keeps);
    deal(work, &asked.decision, &asked.situation)?;
    append(work, (&asked.decision, &asked.situation), kept, &asked.ask)?;
    let body = Body::HandOnOffered {
        hand_on: known.hand_on.clone(),
        action: asked.action,
        decision: asked.decision.id.clone(),
    };
    work.append(Some(&id), body, None)?;
    note_exit_offer(work, &asked.decision, &asked.situation)?;
    Ok(None)
}

/// Every attempt that was stopped is in the ledger.
fn stopped(
    work: &mut Work<'_, '_>,
    id: &ClientId,
    (action, code, deferred_until): (ActionId, Code, Option<Timestamp>),
) -> Result<(ActionId, Code), AppError> {
    let body = Body::Suppressed { action: action.clone(), code, deferred_until };
    work.append(Some(id), body, None)?;
    Ok((action, code))
}

/// Ends the decision that offers a unit, unless its time has run out before.
fn end_offer(
    work: &mut Work<'_, '_>,
    offer: &DecisionId,
    why: ReservationEnd,
) -> Result<(), AppError> {
    if decided(work, offer)?.state == DecidedState::Reserved {
        end_kept(work, offer, why)?;
    }
    Ok(())
}
