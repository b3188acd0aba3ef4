//! How do goodbyes go? Times from the request to the receipt, good endings, returns.

use jiff::Timestamp;
use yorisoi_decision::ExitState;
use yorisoi_evaluation::proof::{Span, Tries, rate, survival};
use yorisoi_ledger::{Client, Exit, Landing};

use crate::AppError;
use crate::check_in::refused;
use crate::credit_agents::{Decided, decided};
use crate::landing_counts::of_rate;
use crate::rehearse_policy::Ranged;
use crate::report_landings::EndingsReport;
use crate::work::Work;

/// Exits read in one go.
const READ: usize = 1_000;

/// Minutes of a day.
const DAY_MINUTES: f64 = 1_440.0;

/// How goodbyes went, of people the caller may see.
pub(crate) fn endings(work: &mut Work<'_, '_>) -> Result<EndingsReport, AppError> {
    let mut spans = Vec::new();
    let (mut completed, mut abandoned, mut open) = (0, 0, 0);
    let (mut good, mut returned) = (0, 0);
    each_exit(work, |work, exit, client| {
        match exit.state {
            ExitState::Completed => completed += 1,
            ExitState::Abandoned => abandoned += 1,
            _ => open += 1,
        }
        good += u64::from(is_good(exit, client));
        returned += u64::from(exit.returned_at.is_some());
        spans.extend(span(exit, work.now));
        Ok(())
    })?;
    let median = survival(&spans).map_err(refused)?.median();
    let minutes = |days: Option<f64>| days.map(|days| days * DAY_MINUTES);
    let share = |happened| rate(Tries { happened, n: completed }).map_err(refused);
    let team = work.caller.team.clone();
    let Decided { holds, decisions } = decided(work, team.as_ref())?;
    Ok(EndingsReport {
        at: work.now,
        requested: completed + abandoned + open,
        completed,
        abandoned,
        open,
        clean_exit_minutes: Ranged {
            estimate: minutes(median.days),
            low: minutes(median.low),
            high: minutes(median.high),
            n: median.n as u64,
        },
        good_endings: of_rate(share(good)?),
        returned: of_rate(share(returned)?),
        holds,
        decisions,
    })
}

/// Every exit of people the caller may see, with the client as they are now.
pub(crate) fn each_exit(
    work: &mut Work<'_, '_>,
    mut see: impl FnMut(&mut Work<'_, '_>, &Exit, Option<&Client>) -> Result<(), AppError>,
) -> Result<(), AppError> {
    let mut after = 0;
    loop {
        let exits = work.books.exits(after, READ)?;
        let Some(last) = exits.last() else { return Ok(()) };
        after = last.seq;
        for exit in &exits {
            let client = match &exit.client {
                Some(id) => {
                    let record = work.books.record_of(id)?;
                    work.books.client(&record)?
                }
                None => None,
            };
            let team = client.as_ref().and_then(|client| client.facts.team.as_ref());
            if work.caller.may_see_team(team).is_ok() {
                see(work, exit, client.as_ref())?;
            }
        }
    }
}

/// From the request to the receipt, or to now if it is still open. Exits that were not pursued are watched
/// until they were left lying: they are no quick goodbyes.
fn span(exit: &Exit, now: Timestamp) -> Option<Span> {
    let begin = exit.requested_at.or(exit.decided_at)?;
    let end = exit.completed_at.or(exit.abandoned_at).unwrap_or(now);
    let days = end.duration_since(begin).as_secs_f64() / 86_400.0;
    Some(Span { days: days.max(0.0), happened: exit.completed_at.is_some() })
}

/// A goodbye was good if it was completed and nothing landed as a nuisance on the way.
pub(crate) fn is_good(exit: &Exit, client: Option<&Client>) -> bool {
    let (Some(begin), Some(end)) = (exit.requested_at.or(exit.decided_at), exit.completed_at)
    else {
        return false;
    };
    let landings = client.map_or(&[][..], |client| &client.desk.landings);
    !landings.iter().any(|it| {
        let is_bad = matches!(it.landing, Landing::Nuisance | Landing::Closed);
        is_bad && it.at >= begin && it.at <= end
    })
}
