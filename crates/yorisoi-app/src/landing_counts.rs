//! How often did each kind of help land how? Running counts, and すれ違い told from them.

use yorisoi_decision::{ActionId, DecisionId, Words};
use yorisoi_evaluation::proof::{
    self, LANDINGS, Rate, RatePrior, mismatch_table, nuisance_by_action,
};
use yorisoi_ledger::Landing;

use crate::AppError;
use crate::check_in::refused;
use crate::prove_effect::each_unit;
use crate::rehearse_policy::Ranged;
use crate::report_landings::{LandingRow, LandingsReport};
use crate::work::Work;

/// Where the counts stand, by action.
const COUNTS: &str = "landing_counts";

/// Actions that are counted at most.
const ACTIONS_MAX: usize = 10_000;

/// What is thought of an action's nuisance before anybody told: one in twenty, as if twenty had told.
const NUISANCE_PRIOR: RatePrior = RatePrior { yes: 1.0, no: 19.0 };

/// Counts of landings, in the order of [`LANDINGS`].
type Counts = [u64; 6];

/// Counts a landing, in place of the one told before of the same decision.
pub(crate) fn count_landing(
    work: &mut Work<'_, '_>,
    decision: Option<&DecisionId>,
    (action, landing): (&ActionId, Landing),
) -> Result<(), AppError> {
    let before = match decision {
        Some(id) => work.books.decision(id)?.and_then(|decided| decided.landing),
        None => None,
    };
    let mut counts: Counts = work.books.read_note(COUNTS, action.as_str())?.unwrap_or_default();
    if let Some(before) = before {
        let count = &mut counts[column(before)];
        *count = count.saturating_sub(1);
    }
    counts[column(landing)] += 1;
    Ok(work.books.note(COUNTS, action.as_str(), &counts, None, None)?)
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

/// How help landed, by action.
pub(crate) fn landings(work: &mut Work<'_, '_>) -> Result<LandingsReport, AppError> {
    let policy = work.policy()?;
    let all: Vec<(String, Counts)> = work.books.notes(COUNTS, None, ACTIONS_MAX)?;
    let mut acts: Vec<(ActionId, proof::Landing)> = Vec::new();
    for (action, counts) in &all {
        let action = ActionId::new(action.clone())?;
        for (landing, count) in LANDINGS.iter().zip(counts) {
            acts.extend((0..*count).map(|_| (action.clone(), *landing)));
        }
    }
    let nuisance = nuisance_by_action(&acts, NUISANCE_PRIOR).map_err(refused)?;
    let table = mismatch_table(&acts);
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
    let size = |row: &LandingRow| row.mismatch.estimate.unwrap_or(-1.0);
    rows.sort_by(|a, b| size(b).total_cmp(&size(a)).then_with(|| a.action.cmp(&b.action)));
    let (mut decisions, mut helps) = (0, 0);
    each_unit(work, &policy.policy().holdout.programme, |_, unit| {
        decisions += unit.decisions;
        helps += unit.helps;
        Ok(())
    })?;
    Ok(LandingsReport { at: work.now, rows, holds: decisions - decisions.min(helps), decisions })
}

/// A rate as it is shown.
pub(crate) fn of_rate(rate: Option<Rate>) -> Ranged {
    rate.map_or_else(Ranged::unknown, |rate| {
        Ranged::new(rate.rate, (rate.interval.low, rate.interval.high), rate.n)
    })
}
