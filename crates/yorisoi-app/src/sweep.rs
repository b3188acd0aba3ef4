//! What has run out? Reservations, hand-ons and remembered answers, every few seconds.

use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_ledger::{Actor, Body, DecidedState, HandOn, HandOnState, ReservationEnd};

use crate::app::ANSWERS;
use crate::keep_tokens::{KeptSession, SESSIONS};
use crate::segment_events::forget_taken;
use crate::work::Work;
use crate::{App, AppError, Caller, Role};

/// What was swept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Swept {
    /// Reservations that ran out.
    pub reservations: u64,
    /// Hand-ons that nobody took in time.
    pub hand_ons: u64,
    /// Sessions that ended.
    pub sessions: u64,
}

impl App {
    /// Ends what has run out. Run it every few seconds; running it more often changes nothing.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`].
    pub async fn sweep(&self) -> Result<Swept, AppError> {
        let swept = self.end_what_ran_out().await?;
        // A busy day leaves more answers than one transaction should hold up others for.
        while self.write(&house(), "sweep", forget_answers).await? == FORGET_MAX {}
        Ok(swept)
    }

    async fn end_what_ran_out(&self) -> Result<Swept, AppError> {
        self.write(&house(), "sweep", |work| {
            let mut swept = Swept { reservations: end_reservations(work)?, ..Swept::default() };
            swept.hand_ons = end_hand_ons(work)?;
            swept.sessions = end_sessions(work)?;
            forget_taken(work)?;
            Ok(swept)
        })
        .await
    }
}

/// Things ended in one go: others get their turn in between.
const SWEEP_MAX: usize = 500;

/// Answers forgotten in one go.
const FORGET_MAX: usize = 2_000;

/// The house itself.
fn house() -> Caller {
    Caller { token: "sweep".to_owned(), role: Role::Service, team: None, agent: None }
}

fn end_reservations(work: &mut Work<'_, '_>) -> Result<u64, AppError> {
    if work.is_clock_skewed() {
        return Ok(0);
    }
    let due = work.books.due_reservations(work.now, SWEEP_MAX)?;
    for (client, reservation) in &due {
        let body = Body::ReservationEnded {
            decision: reservation.decision.clone(),
            why: ReservationEnd::Expired,
        };
        work.append_as(Actor::House, Some(client), (body, None))?;
    }
    Ok(due.len() as u64)
}

/// Ends hand-ons whose date is past, and frees those whose offer nobody answered in time.
fn end_hand_ons(work: &mut Work<'_, '_>) -> Result<u64, AppError> {
    if work.is_clock_skewed() {
        return Ok(0);
    }
    let mut ended = 0;
    for (_, hand_on) in work.books.open_hand_ons(None, SWEEP_MAX)? {
        let Some(action) = hand_on.action.clone() else { continue };
        let name = hand_on.hand_on.clone();
        let is_past = hand_on.expires_at.is_some_and(|end| end <= work.now);
        let is_unanswered = is_unanswered(work, &hand_on)?;
        if is_past {
            let body = Body::HandOnExpired { hand_on: name, action };
            work.append_as(Actor::House, hand_on.from.as_ref(), (body, None))?;
            ended += 1;
        } else if is_unanswered {
            let body = Body::HandOnDeclined { hand_on: name, action };
            work.append_as(Actor::House, hand_on.to.as_ref(), (body, None))?;
        }
    }
    Ok(ended)
}

fn is_unanswered(work: &mut Work<'_, '_>, hand_on: &HandOn) -> Result<bool, AppError> {
    let Some(offer) = hand_on.offer.as_ref().filter(|_| hand_on.state == HandOnState::Offered)
    else {
        return Ok(false);
    };
    let decided = work.books.decision(offer)?;
    Ok(decided.is_none_or(|decided| decided.state != DecidedState::Reserved))
}

fn end_sessions(work: &mut Work<'_, '_>) -> Result<u64, AppError> {
    let mut ended = 0;
    for (key, session) in work.books.notes::<KeptSession>(SESSIONS, None, SWEEP_MAX)? {
        if session.until > work.now {
            break;
        }
        work.books.forget_note(SESSIONS, &key)?;
        ended += 1;
    }
    Ok(ended)
}

/// Answers are remembered as long as a request may sensibly be sent again; returns how many were forgotten.
fn forget_answers(work: &mut Work<'_, '_>) -> Result<usize, AppError> {
    let hours = i64::from(work.app.settings().remember_hours);
    let before = work.now.checked_sub(SignedDuration::from_hours(hours)).unwrap_or(work.now);
    Ok(work.books.forget_answers(ANSWERS, before, FORGET_MAX)?)
}
