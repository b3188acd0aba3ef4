//! Whose help made a difference? Credit by what clients gained over those held out, and never by raw saves.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use yorisoi_decision::{
    AgentId, Decision, ExitState, HoldoutArm, Record, Situation, TeamId, ValidPolicy,
};
use yorisoi_evaluation::proof::{self, Shown, Tally, Total};
use yorisoi_ledger::ProofUnit;

use crate::AppError;
use crate::change_capacity::hard_conversations_of;
use crate::check_in::refused;
use crate::endings::{each_exit, is_good};
use crate::headline::words;
use crate::prove_effect::each_unit;
use crate::rehearse_policy::Ranged;
use crate::report_landings::{CreditReport, CreditRow, TeamRow};
use crate::work::Work;

/// Where it stands to whom each unit of the experiment was dealt.
const DEALT: &str = "dealt";

/// To whom a unit was dealt, and how it stood then. Whoever did what afterwards changes nothing: relabelling
/// and passing on earn nothing.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Dealt {
    agent: Option<AgentId>,
    team: Option<TeamId>,
    /// Whether the client had already decided to leave: nothing was to be expected then, and nothing is lost by
    /// letting go.
    had_decided: bool,
}

/// Notes to whom a unit is dealt with its first decision.
pub(crate) fn deal(
    work: &mut Work<'_, '_>,
    decision: &Decision,
    situation: &Situation,
) -> Result<(), AppError> {
    let Record::Client { facts } = &situation.record else {
        return Ok(());
    };
    let policy = work.policy()?;
    let unit = decision.household.as_ref().map_or(decision.client.as_str(), |it| it.as_str());
    let key = key_of(&policy.policy().holdout.programme, unit);
    if work.books.read_note::<Dealt>(DEALT, &key)?.is_some() {
        return Ok(());
    }
    let dealt = Dealt {
        agent: facts.agent.clone(),
        team: facts.team.clone(),
        had_decided: matches!(facts.exit, ExitState::Decided | ExitState::Completed),
    };
    Ok(work.books.note(DEALT, &key, &dealt, None, None)?)
}

fn key_of(programme: &str, unit: &str) -> String {
    format!("{programme}\u{1f}{unit}")
}

fn dealt_of(work: &mut Work<'_, '_>, unit: &ProofUnit) -> Result<Option<Dealt>, AppError> {
    Ok(work.books.read_note(DEALT, &key_of(&unit.programme, &unit.unit))?)
}

/// How often something was decided, and how often it was to hold.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Decided {
    /// Decisions to hold.
    pub(crate) holds: u64,
    /// Decisions in all.
    pub(crate) decisions: u64,
}

impl Decided {
    /// Counts a unit that was dealt to the team; without a team, every unit.
    fn add(&mut self, unit: &ProofUnit, (dealt, team): (Option<&Dealt>, Option<&TeamId>)) {
        if team.is_none() || dealt.is_some_and(|dealt| dealt.team.as_ref() == team) {
            self.holds += unit.decisions.saturating_sub(unit.helps);
            self.decisions += unit.decisions;
        }
    }
}

/// What was decided for the units that were dealt to a team; nothing where there is no policy yet.
pub(crate) fn decided(work: &mut Work<'_, '_>, team: Option<&TeamId>) -> Result<Decided, AppError> {
    let mut decided = Decided::default();
    let policy = match work.policy() {
        Err(AppError::NoPolicy) => return Ok(decided),
        policy => policy?,
    };
    each_unit(work, &policy.policy().holdout.programme, |work, unit| {
        let dealt = if team.is_some() { dealt_of(work, unit)? } else { None };
        decided.add(unit, (dealt.as_ref(), team));
        Ok(())
    })?;
    Ok(decided)
}

/// Households held out that an expectation takes: the mean of fewer says too little of the others.
const HELD_OUT_MIN: u64 = 30;

/// A treated unit with a known outcome, by whether it had decided when it was dealt.
type Treated = proof::Dealt<AgentId, bool>;

/// What each agent's help changed, in outcomes.
pub(crate) fn credit(
    work: &mut Work<'_, '_>,
    team: Option<TeamId>,
) -> Result<CreditReport, AppError> {
    let policy = work.policy()?;
    let outcome = work.app.settings().outcome.clone();
    let (mut held, mut treated) = (BTreeMap::<bool, Tally>::new(), Vec::new());
    let mut by_team = BTreeMap::<TeamId, Vec<Treated>>::new();
    let mut decided = Decided::default();
    each_unit(work, &policy.policy().holdout.programme, |work, unit| {
        let dealt = dealt_of(work, unit)?;
        decided.add(unit, (dealt.as_ref(), team.as_ref()));
        let (Some(dealt), Some(seen)) = (dealt, unit.outcomes.get(&outcome)) else {
            return Ok(());
        };
        let people = u32::try_from(seen.n).unwrap_or(u32::MAX);
        if unit.arm == HoldoutArm::HeldOut {
            let known = held.entry(dealt.had_decided).or_default();
            known.add(people, seen.sum).map_err(refused)?;
        } else if let Some(agent) = dealt.agent.filter(|_| team.is_none() || dealt.team == team) {
            let (stratum, cost) = (dealt.had_decided, cost_of(unit, &policy));
            let unit = Treated { agent, stratum, people, outcome: seen.sum, cost };
            if let Some(team) = dealt.team {
                by_team.entry(team).or_default().push(unit.clone());
            }
            treated.push(unit);
        }
        Ok(())
    })?;
    held.retain(|_, known| known.clusters() >= HELD_OUT_MIN);
    let teams = by_team.into_iter().map(|(team, units)| team_row(team, &units, &held));
    let teams = teams.collect::<Result<_, _>>()?;
    report(work, (team, teams, decided), (&held, &treated))
}

/// What a team's help changed, however many people it has.
fn team_row(
    team: TeamId,
    treated: &[Treated],
    held: &BTreeMap<bool, Tally>,
) -> Result<TeamRow, AppError> {
    let (known, _) = proof::credit_against_holdout(treated, held).map_err(refused)?;
    Ok(TeamRow { team, n: known.cases as u64, credit: team_credit(&known) })
}

fn team_credit(known: &proof::Credit<AgentId>) -> Ranged {
    let n = known.cases as u64;
    if n == 0 { Ranged::unknown() } else { a_client(known.team, n) }
}

/// What was spent on a unit, bother included, in outcomes.
fn cost_of(unit: &ProofUnit, policy: &ValidPolicy) -> f64 {
    let document = policy.policy();
    let (values, prices) = (&document.values, &document.prices);
    let minor = unit.cost_minor as f64
        + unit.minutes as f64 * prices.minute_minor
        + unit.nuisances as f64 * values.nuisance_minor as f64;
    let outcome = values.outcome_minor as f64;
    if outcome > 0.0 { minor / outcome } else { 0.0 }
}

fn report(
    work: &mut Work<'_, '_>,
    (team, teams, Decided { holds, decisions }): (Option<TeamId>, Vec<TeamRow>, Decided),
    (held, treated): (&BTreeMap<bool, Tally>, &[Treated]),
) -> Result<CreditReport, AppError> {
    // Those of a stratum that hardly anybody held out belongs to are left out: what was to be expected of them
    // is not known, and so nobody gains or loses by them.
    let (known, _) = proof::credit_against_holdout(treated, held).map_err(refused)?;
    let mut rows = loads(work, team.as_ref(), treated)?;
    let team_credit = team_credit(&known);
    for it in known.agents {
        let n = it.cases as u64;
        let row = row_of(&mut rows, it.agent);
        row.n = n;
        row.credit = match it.shown {
            Shown::Total(total) => Some(a_client(total, n)),
            Shown::TooFewCases { .. } | Shown::TooFewColleagues { .. } => None,
        };
    }
    let rows = rows.into_values().collect();
    let (at, words) = (work.now, how_to_read());
    Ok(CreditReport { at, team, team_credit, teams, rows, holds, decisions, words })
}

/// What everybody carries, whether or not their credit can be known: hard conversations, good endings, clients.
fn loads(
    work: &mut Work<'_, '_>,
    team: Option<&TeamId>,
    treated: &[Treated],
) -> Result<BTreeMap<AgentId, CreditRow>, AppError> {
    let mut rows = BTreeMap::new();
    // Who has a token need not look after anybody.
    let hard = hard_conversations_of(work, team)?;
    for (agent, hard) in hard.into_iter().filter(|(_, hard)| *hard > 0) {
        row_of(&mut rows, agent).hard_conversations = hard;
    }
    for unit in treated {
        row_of(&mut rows, unit.agent.clone()).n += 1;
    }
    for (agent, good) in good_endings(work, team)? {
        row_of(&mut rows, agent).good_endings = good;
    }
    Ok(rows)
}

fn row_of(rows: &mut BTreeMap<AgentId, CreditRow>, agent: AgentId) -> &mut CreditRow {
    let empty = CreditRow {
        agent: agent.clone(),
        n: 0,
        credit: None,
        hard_conversations: 0,
        good_endings: 0,
    };
    rows.entry(agent).or_insert(empty)
}

/// A total, a client.
fn a_client(total: Total, n: u64) -> Ranged {
    let size = n.max(1) as f64;
    let ends = (total.interval.low / size, total.interval.high / size);
    Ranged::new(total.total / size, ends, n)
}

fn good_endings(
    work: &mut Work<'_, '_>,
    team: Option<&TeamId>,
) -> Result<BTreeMap<AgentId, u64>, AppError> {
    let mut good = BTreeMap::new();
    each_exit(work, |_, exit, client| {
        let ours = client.filter(|it| team.is_none() || it.facts.team.as_ref() == team);
        let agent = ours.and_then(|client| client.facts.agent.clone());
        if let Some(agent) = agent.filter(|_| is_good(exit, client)) {
            *good.entry(agent).or_default() += 1;
        }
        Ok(())
    })?;
    Ok(good)
}

fn how_to_read() -> yorisoi_decision::Words {
    words(
        "What clients gained over those held out, less what help cost, leaning towards zero as far as it is \
         uncertain. Below 30 clients only the team is shown, and nothing below 30 households held out. Letting go those who have decided costs nothing.",
        "働きかけを控えている世帯の方々と比べてどれだけ良くなったかを、かけた費用を差し引き、不確かな分だけ控えめに示しています。\
         担当されているお客さまが30人に満たないうちは、チームの数字だけを表示し、控えている世帯が30に満たないうちは、何も表示しません。\
         決めておられる方を気持ちよくお見送りしても、評価は下がりません。",
    )
}
