//! How often did each kind of help land how? Running counts by action, topic and week, and すれ違い told from them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{ActionId, DecisionId, Topic, ValidPolicy, Words};
use yorisoi_evaluation::proof::{
    self, LANDINGS, MismatchRow, Rate, RatePrior, mismatch_of_counts, nuisance_of_counts,
};
use yorisoi_ledger::Landing;

use crate::AppError;
use crate::check_in::refused;
use crate::prove_effect::each_unit;
use crate::read_ruptures::ruptures;
use crate::rehearse_policy::Ranged;
use crate::report_landings::{LandingCounts, LandingRow, LandingsReport, TopicRow, WeekRow};
use crate::situation::today;
use crate::work::Work;

/// Where the counts stand, by action.
const BY_ACTION: &str = "landing_counts";

/// Where the counts stand, by topic; help without one stands under the empty name, which no topic has.
const BY_TOPIC: &str = "landing_counts_topic";

/// Where the counts stand, by the Monday of the week in which it was told; the newest week first.
const BY_WEEK: &str = "landing_counts_week";

/// Where it stands under what a decision's landing was counted, so that a correction finds it.
const TOLD: &str = "landing_told";

/// Actions, and topics, that are counted at most.
const ROWS_MAX: usize = 10_000;

/// Weeks that a report shows: half a year.
const WEEKS_SHOWN: usize = 26;

/// What is thought of an action's nuisance before anybody told: one in twenty, as if twenty had told.
const NUISANCE_PRIOR: RatePrior = RatePrior { yes: 1.0, no: 19.0 };

/// Counts of landings, in the order of [`LANDINGS`].
type Counts = [u64; 6];

/// Under what a landing is counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Told {
    action: ActionId,
    topic: Option<Topic>,
    /// The Monday of its week, where the house is.
    week: Date,
    landing: Landing,
}

/// Counts a landing, in place of the one told before of the same decision.
pub(crate) fn count_landing(
    work: &mut Work<'_, '_>,
    decision: Option<&DecisionId>,
    (action, landing): (&ActionId, Landing),
) -> Result<(), AppError> {
    let topic = match work.policy() {
        Ok(policy) => policy.action(action).and_then(|known| known.topic.clone()),
        Err(AppError::NoPolicy) => None,
        Err(error) => return Err(error),
    };
    let told = Told { action: action.clone(), topic, week: monday_of(today(work)?), landing };
    if let Some(id) = decision {
        if let Some(before) = work.books.read_note::<Told>(TOLD, id.as_str())? {
            change(work, &before, |count| count.saturating_sub(1))?;
        }
        work.books.note(TOLD, id.as_str(), &told, None, None)?;
    }
    change(work, &told, |count| count + 1)
}

/// The Monday of a day's week.
fn monday_of(day: Date) -> Date {
    let since_monday = i64::from(day.weekday().to_monday_zero_offset());
    // The first days of the calendar have no Monday before them; nobody helps then.
    day.checked_sub(jiff::Span::new().days(since_monday)).unwrap_or(day)
}

/// Changes the three counts in which a landing stands.
fn change(work: &mut Work<'_, '_>, told: &Told, by: impl Fn(u64) -> u64) -> Result<(), AppError> {
    let topic = told.topic.as_ref().map_or("", Topic::as_str);
    let week = told.week.to_string();
    let newest_first = -f64::from(days_of(told.week));
    let places = [
        (BY_ACTION, told.action.as_str(), None),
        (BY_TOPIC, topic, None),
        (BY_WEEK, week.as_str(), Some(newest_first)),
    ];
    for (shelf, key, rank) in places {
        let mut counts: Counts = work.books.read_note(shelf, key)?.unwrap_or_default();
        let count = &mut counts[column(told.landing)];
        *count = by(*count);
        work.books.note(shelf, key, &counts, rank, None)?;
    }
    Ok(())
}

/// A number that grows with the day.
fn days_of(day: Date) -> i32 {
    i32::from(day.year()) * 400 + i32::from(day.day_of_year())
}

fn column(landing: Landing) -> usize {
    LANDINGS.iter().position(|it| *it == as_told(landing)).unwrap_or(0)
}

/// A landing as the statistics name it.
fn as_told(landing: Landing) -> proof::Landing {
    match landing {
        Landing::Received => proof::Landing::Received,
        Landing::Helped => proof::Landing::Helped,
        Landing::Neutral => proof::Landing::Neutral,
        Landing::Nuisance => proof::Landing::Nuisance,
        Landing::NotReceived => proof::Landing::NotReceived,
        Landing::Closed => proof::Landing::Closed,
    }
}

/// How help landed: by action, by topic, by week.
pub(crate) fn landings(work: &mut Work<'_, '_>) -> Result<LandingsReport, AppError> {
    let policy = work.policy()?;
    let rows = by_action(work, &policy)?;
    let topics = by_topic(work, &policy)?;
    let weeks = by_week(work)?;
    let (mut decisions, mut helps) = (0, 0);
    each_unit(work, &policy.policy().holdout.programme, |_, unit| {
        decisions += unit.decisions;
        helps += unit.helps;
        Ok(())
    })?;
    let holds = decisions - decisions.min(helps);
    let ruptures = ruptures(work)?;
    Ok(LandingsReport { at: work.now, rows, topics, weeks, ruptures, holds, decisions })
}

/// The counts of a shelf, whose keys become what they name.
fn counted<K>(
    work: &mut Work<'_, '_>,
    (shelf, limit): (&str, usize),
    read: impl Fn(String) -> Result<K, AppError>,
) -> Result<Vec<(K, Counts)>, AppError> {
    let notes: Vec<(String, Counts)> = work.books.notes(shelf, None, limit)?;
    let told = notes.into_iter().filter(|(_, counts)| counts.iter().any(|count| *count > 0));
    told.map(|(key, counts)| Ok((read(key)?, counts))).collect()
}

fn by_action(work: &mut Work<'_, '_>, policy: &ValidPolicy) -> Result<Vec<LandingRow>, AppError> {
    let counts = counted(work, (BY_ACTION, ROWS_MAX), |key| Ok(ActionId::new(key)?))?;
    let nuisance = nuisance_of_counts(&counts, NUISANCE_PRIOR).map_err(refused)?;
    let table = mismatch_of_counts(&counts);
    let rows = nuisance.into_iter().zip(table.rows).map(|((action, rate), told)| {
        let known = policy.action(&action);
        let plain = Words { en: action.to_string(), ja: action.to_string() };
        LandingRow {
            name: known.map_or(plain, |known| known.name.clone()),
            intention: known.map_or_else(Words::default, |known| known.intention.clone()),
            action,
            received: told.counts[0],
            helped: told.counts[1],
            neutral: told.counts[2],
            nuisance: told.counts[3],
            not_received: told.counts[4],
            closed: told.counts[5],
            nuisance_rate: of_rate(Some(rate)),
            mismatch: of_rate(told.index),
        }
    });
    let mut rows: Vec<LandingRow> = rows.collect();
    rows.sort_by(|a, b| {
        size(&b.mismatch).total_cmp(&size(&a.mismatch)).then_with(|| a.action.cmp(&b.action))
    });
    Ok(rows)
}

fn by_topic(work: &mut Work<'_, '_>, policy: &ValidPolicy) -> Result<Vec<TopicRow>, AppError> {
    let topic = |key: String| -> Result<Option<Topic>, AppError> {
        if key.is_empty() { Ok(None) } else { Ok(Some(Topic::new(key)?)) }
    };
    let counts = counted(work, (BY_TOPIC, ROWS_MAX), topic)?;
    let row = |told: MismatchRow<Option<Topic>>| TopicRow {
        name: told.intention.as_ref().map(|topic| policy.policy().topic_name(topic)),
        topic: told.intention,
        counts: as_shown(told.counts),
        mismatch: of_rate(told.index),
    };
    let mut rows: Vec<TopicRow> = mismatch_of_counts(&counts).rows.into_iter().map(row).collect();
    rows.sort_by(|a, b| {
        size(&b.mismatch).total_cmp(&size(&a.mismatch)).then_with(|| a.topic.cmp(&b.topic))
    });
    Ok(rows)
}

/// The weeks that are shown, the oldest first.
fn by_week(work: &mut Work<'_, '_>) -> Result<Vec<WeekRow>, AppError> {
    let week = |key: String| -> Result<Date, AppError> {
        key.parse().map_err(|error: jiff::Error| AppError::Internal { what: error.to_string() })
    };
    let counts: Vec<(Date, Counts)> = counted(work, (BY_WEEK, WEEKS_SHOWN), week)?;
    let row = |told: MismatchRow<Date>| WeekRow {
        week: told.intention,
        counts: as_shown(told.counts),
        mismatch: of_rate(told.index),
    };
    Ok(mismatch_of_counts(&counts).rows.into_iter().rev().map(row).collect())
}

/// The widest first, and the unknown last.
fn size(mismatch: &Ranged) -> f64 {
    mismatch.estimate.unwrap_or(-1.0)
}

fn as_shown(counts: Counts) -> LandingCounts {
    let [received, helped, neutral, nuisance, not_received, closed] = counts;
    LandingCounts { received, helped, neutral, nuisance, not_received, closed }
}

/// A rate as it is shown.
pub(crate) fn of_rate(rate: Option<Rate>) -> Ranged {
    rate.map_or_else(Ranged::unknown, |rate| {
        Ranged::new(rate.rate, (rate.interval.low, rate.interval.high), rate.n)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_begins_on_monday_and_later_weeks_rank_higher() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(monday_of(day("2026-06-03")), day("2026-06-01"));
        assert_eq!(monday_of(day("2026-06-01")), day("2026-06-01"));
        assert_eq!(monday_of(day("2027-01-03")), day("2026-12-28"));
        assert!(days_of(day("2027-01-04")) > days_of(day("2026-12-28")));
    }
}
