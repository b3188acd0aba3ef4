//! Are they there, and does it keep?

use jiff::Timestamp;
use jiff::civil::{Time, Weekday};

use crate::action::ActionKind;
use crate::calendar::zones::Zones;
use crate::codes::Code;
use crate::facts::{Busy, ClientFacts};
use crate::gates::Halt;
use crate::scene::{Asked, ClosedUntil, Scene};

/// ## What it does
///
/// Stops what is past its date, what was attempted as often as is decent, and what needs somebody there,
/// or does not keep, while the client is busy.
///
/// ## Why
///
/// The gift that cannot be received passes its date while the courier rings through meetings. After
/// failed attempts a time is asked for, or the help handed on; never one more try.
///
/// ## Facts used
///
/// `ActionSpec::expires_at` (past from that instant on), `needs_presence`; `ClientFacts::attempts`,
/// `busy`. Asking for a time and handing on are what follows failed attempts, so only their own failures
/// stop them. A client who began is there. Letting go waits for nobody.
pub(crate) fn check(scene: &Scene<'_>, asked: &Asked<'_>) -> Option<Halt> {
    let action = asked.action;
    if !action.reaches_client() {
        return None;
    }
    if action.expires_at.is_some_and(|end| end <= scene.now) {
        return Some(Halt::lasting(Code::PastShelfLife));
    }
    let failed = scene.client.attempts.get(&action.id).map_or(0, |attempts| attempts.failed);
    let follows_failure = matches!(action.kind, ActionKind::AskTime | ActionKind::HandOn);
    let exhausted = scene.policy.attempts.max_attempts.is_some_and(|max| failed >= max);
    if action.is_solicitation() && exhausted && (failed > 0 || !follows_failure) {
        return Some(Halt::lasting(Code::AttemptsExhausted));
    }
    let cannot_wait = action.needs_presence || action.expires_at.is_some();
    let busy = scene.busy.filter(|_| cannot_wait && !scene.client_began());
    busy.map(|end| Halt::until(Code::BusyNow, end))
}

/// Returns until when the client is busy; `None` if they are not. In an unknown zone a weekly span
/// counts wherever it may be.
pub(crate) fn busy_until(client: &ClientFacts, zones: &Zones, now: Timestamp) -> ClosedUntil {
    if client.busy.is_empty() {
        return None;
    }
    let blind = zones.is_empty() && client.busy.iter().any(|b| matches!(b, Busy::Weekly { .. }));
    let closed = |at: Timestamp| blind || client.busy.iter().any(|busy| is_busy(busy, zones, at));
    if !closed(now) {
        return None;
    }
    let mut instants = Vec::new();
    let mut times = Vec::new();
    for busy in &client.busy {
        match busy {
            Busy::Once { until, .. } => instants.push(*until),
            Busy::Weekly { until, .. } => times.push(*until),
        }
    }
    Some(zones.first_open(now, &times, &instants, closed))
}

fn is_busy(busy: &Busy, zones: &Zones, at: Timestamp) -> bool {
    match busy {
        Busy::Once { from, until } => *from <= at && at < *until,
        Busy::Weekly { weekday, from, until } => zones.any(at, |local| {
            let day = Weekday::from_monday_one_offset(i8::try_from(*weekday).unwrap_or(0));
            // A span that ends before it begins lasts until midnight.
            let is_over = *until > *from && local.time() >= *until;
            let never = *until == *from && *from != Time::midnight();
            day.is_ok_and(|day| day == local.weekday())
                && local.time() >= *from
                && !is_over
                && !never
        }),
    }
}
