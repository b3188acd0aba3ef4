//! Does gaming pay, and does letting go cost? Agents of one team, credited against clients held out.
//!
//! Households are dealt to six agents or held out. Five agents process who asks to leave and work by
//! [`decide`](yorisoi_decision::decide); one plays for saves: offers to those who would stay anyway, keeps
//! those who ask to leave waiting, and writes each of them down as saved. The outcome is whether a client
//! is still there of their own will when the period ends, whatever anybody wrote down.

use std::collections::BTreeMap;

use yorisoi_decision::ExitState;
use yorisoi_evaluation::proof::{Credit, Dealt, Shown, Tally, credit_against_holdout};

use crate::compare::{Spread, Stage, spread};
use crate::desk::Desk;
use crate::draws::For;
use crate::error::RehearsalError;
use crate::policies::{gamer, let_everyone_go, yorisoi};
use crate::world::{World, WorldKind};

/// Agents of the team; the last one plays for saves.
const AGENTS: usize = 6;

/// The one who plays for saves.
const GAMER: usize = AGENTS - 1;

/// Share of the households held out. Large, so that what would have been is known well.
const HELD_OUT: f64 = 0.3;

/// What the team's credit says of those who help and of the one who games.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct FairCreditReport {
    /// Credit of the gamer, in clients kept.
    pub gamer: Spread,
    /// Credit of an honest agent, on average over them.
    pub honest: Spread,
    /// Seeds in which the gamer's interval lies above zero.
    pub gamer_above_zero: usize,
    /// Clients who asked to leave, were not let go and are written down as saved. An honest agent has none.
    pub gamer_saves: Spread,
    /// What an honest agent would gain without the clients who had asked to leave when dealt, and were let go.
    pub gained_without_exits: Spread,
}

/// Returns who earns what in the carrier's world, over seeds.
///
/// # Errors
///
/// [`RehearsalError::TooFewSeeds`], [`RehearsalError::Learning`].
pub fn fair_credit(seeds: &[u64]) -> Result<FairCreditReport, RehearsalError> {
    if seeds.len() < 2 {
        return Err(RehearsalError::TooFewSeeds { actual: seeds.len() });
    }
    let world = World::new(WorldKind::Carrier)?;
    let found: Vec<Team> = seeds
        .iter()
        .map(|&seed| Team::work(&Stage::new(&world, seed)?))
        .collect::<Result<_, _>>()?;
    let of = |get: fn(&Team) -> f64| spread(&found.iter().map(get).collect::<Vec<_>>());
    Ok(FairCreditReport {
        gamer: of(|team| team.credit[GAMER]),
        honest: of(|team| mean(&team.credit[..GAMER])),
        gamer_above_zero: found.iter().filter(|team| team.is_gamer_above_zero).count(),
        gamer_saves: of(|team| team.gamer_saves),
        gained_without_exits: of(|team| {
            mean(&team.credit_without_exits[..GAMER]) - mean(&team.credit[..GAMER])
        }),
    })
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// What one team did with one chance.
struct Team {
    credit: Vec<f64>,
    credit_without_exits: Vec<f64>,
    gamer_saves: f64,
    is_gamer_above_zero: bool,
}

/// A household with what was known of its people when it was dealt: whether they had asked to leave.
type Unit = Dealt<usize, bool>;

impl Team {
    fn work(stage: &Stage<'_>) -> Result<Self, RehearsalError> {
        let agents: Vec<Option<usize>> =
            stage.clients.iter().map(|client| agent_of(stage, client.household)).collect();
        let mut desk = stage.desk();
        let mut spent = [0; AGENTS];
        for step in 0..stage.world.steps_a_period {
            desk.begin_step(step);
            let_everyone_go(&mut desk, |k| agents[k] != Some(GAMER));
            for (agent, spent) in spent.iter_mut().enumerate() {
                // Each has a day and a budget of their own.
                (desk.minutes_used, desk.spent_minor) = (0, *spent);
                let is_mine = |k: usize| agents[k] == Some(agent);
                if agent == GAMER {
                    gamer::act(&mut desk, is_mine);
                } else {
                    yorisoi::act_for(&mut desk, is_mine);
                }
                *spent = desk.spent_minor;
            }
        }
        let waiting = |&k: &usize| agents[k] == Some(GAMER) && asks(stage, k);
        let gamer_saves = desk.here().filter(waiting).count() as f64;
        desk.end_period(0);

        let (held, dealt) = units(stage, &desk, &agents)?;
        let credit = credited(&dealt, &held)?;
        let without: Vec<Unit> = dealt.into_iter().filter(|unit| !unit.stratum).collect();
        let credit_without_exits = totals(&credited(&without, &held)?);
        let is_above = match credit.agents.iter().find(|one| one.agent == GAMER) {
            Some(one) => matches!(one.shown, Shown::Total(total) if total.interval.low > 0.0),
            None => false,
        };
        Ok(Self {
            credit: totals(&credit),
            credit_without_exits,
            gamer_saves,
            is_gamer_above_zero: is_above,
        })
    }
}

/// To whom a household is dealt; `None` is held out.
fn agent_of(stage: &Stage<'_>, household: usize) -> Option<usize> {
    let drawn = stage.chance.unit(For::Dealing, household, 0);
    let of_agents = (drawn - HELD_OUT) / (1.0 - HELD_OUT);
    (of_agents >= 0.0).then_some((of_agents * AGENTS as f64) as usize)
}

/// Whether a client asks to leave while the team works.
fn asks(stage: &Stage<'_>, k: usize) -> bool {
    stage.clients[k].asks_to_leave_at.is_some_and(|step| step < stage.world.steps_a_period)
}

/// Returns outcomes of those held out, and of those dealt with what was spent on them, household by household.
fn units(
    stage: &Stage<'_>,
    desk: &Desk<'_>,
    agents: &[Option<usize>],
) -> Result<(BTreeMap<bool, Tally>, Vec<Unit>), RehearsalError> {
    let mut households: BTreeMap<(usize, bool), Unit> = BTreeMap::new();
    let mut held_out: BTreeMap<(usize, bool), (u32, f64)> = BTreeMap::new();
    for (k, client) in stage.clients.iter().enumerate() {
        // As the service does it: what was known when the household was dealt.
        let (stratum, card) = (client.asks_to_leave_at == Some(0), &desk.cards[k]);
        // Who was kept waiting and gave up has not been saved.
        let stays = card.is_here && card.exit != ExitState::Abandoned;
        let outcome = f64::from(u8::from(stays));
        let key = (client.household, stratum);
        let Some(agent) = agents[k] else {
            let (people, sum) = held_out.entry(key).or_default();
            (*people, *sum) = (*people + 1, *sum + outcome);
            continue;
        };
        let nothing = Unit { agent, stratum, people: 0, outcome: 0.0, cost: 0.0 };
        let unit = households.entry(key).or_insert(nothing);
        unit.people += 1;
        unit.outcome += outcome;
        unit.cost += cost(desk, k);
    }
    let mut held: BTreeMap<bool, Tally> = BTreeMap::new();
    for ((_, stratum), (people, outcome)) in held_out {
        held.entry(stratum).or_default().add(people, outcome).map_err(unlearned)?;
    }
    Ok((held, households.into_values().collect()))
}

/// What was spent on a client, bother included, in clients kept.
fn cost(desk: &Desk<'_>, k: usize) -> f64 {
    let (card, values) = (&desk.cards[k], &desk.world.policy.policy().values);
    let bother = f64::from(card.nuisances) * values.nuisance_minor as f64;
    (card.spent_minor + bother) / values.outcome_minor as f64
}

fn credited(dealt: &[Unit], held: &BTreeMap<bool, Tally>) -> Result<Credit<usize>, RehearsalError> {
    credit_against_holdout(dealt, held).map(|(credit, _)| credit).map_err(unlearned)
}

fn unlearned(error: impl std::fmt::Display) -> RehearsalError {
    RehearsalError::Learning { reason: error.to_string() }
}

/// Totals by agent; 0 where none is shown.
fn totals(credit: &Credit<usize>) -> Vec<f64> {
    let mut totals = vec![0.0; AGENTS];
    for one in &credit.agents {
        if let Shown::Total(total) = one.shown {
            totals[one.agent] = total.total;
        }
    }
    totals
}
