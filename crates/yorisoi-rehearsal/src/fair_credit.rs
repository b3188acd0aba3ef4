//! Does playing for saves pay? One agent who games the count among honest ones.

use yorisoi_decision::ExitState;
use yorisoi_evaluation::proof::{Case, Shown, case_score, credit};

use crate::compare::Stage;
use crate::desk::Desk;
use crate::error::RehearsalError;
use crate::policies::{self, PolicyKind, gaming};
use crate::world::{World, WorldKind};

/// Agents; the first one games the count.
const AGENTS: usize = 8;

/// Groups of clients by risk, within which the held out tell what was to be expected.
const GROUPS: usize = 10;

/// What agents earn by raw saves, and by what they changed.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct FairCredit {
    /// Clients who asked to leave and are still there, by agent, the gaming one first.
    pub raw_saves: Vec<f64>,
    /// Clients gained beyond what was to be expected, less the cost, by agent; `None` where it may not be
    /// shown.
    pub credit: Vec<Option<f64>>,
}

/// Returns what eight agents of the carrier's desk earn, one of whom plays for raw saves: offers to sure
/// things, and keeps waiting who asks to leave.
///
/// Clients are dealt to agents and to a holdout by household. The others decide by
/// [`yorisoi_decision::decide`] and let go who has decided.
///
/// # Errors
///
/// [`RehearsalError::Learning`].
pub fn fair_credit(seed: u64) -> Result<FairCredit, RehearsalError> {
    let world = World::new(WorldKind::Carrier)?;
    let stage = Stage::new(&world, seed)?;
    let nothing = stage.desk_after(|desk| policies::act(PolicyKind::Nothing, desk));
    let honest = stage.desk_after(|desk| policies::act(PolicyKind::Yorisoi, desk));
    let gamed = stage.desk_after(gaming::act);
    let expected = expected_without(&stage, &nothing);

    let mut raw_saves = vec![0.0; AGENTS];
    let mut cases = Vec::new();
    for (k, client) in stage.clients.iter().enumerate() {
        let Some(agent) = dealt_to(client.household) else { continue };
        let desk = if agent == 0 { &gamed } else { &honest };
        let card = &desk.cards[k];
        let asked = client.asks_to_leave_at.is_some();
        let was_saved = asked && card.is_here && card.exit != ExitState::Completed;
        raw_saves[agent] += f64::from(u8::from(was_saved));
        let value = client.traits.value_minor * f64::from(world.periods);
        let outcome = f64::from(u8::from(card.is_here));
        let score = case_score(outcome, expected[group(&stage, k)], card.cost_minor / value);
        cases.push(Case { agent, household: client.household as u64, score });
    }
    let found =
        credit(&cases).map_err(|error| RehearsalError::Learning { reason: error.to_string() })?;
    let mut of_agents = vec![None; AGENTS];
    for one in &found.agents {
        if let Shown::Total(total) = &one.shown {
            of_agents[one.agent] = Some(total.total);
        }
    }
    Ok(FairCredit { raw_saves, credit: of_agents })
}

/// The agent of a household; one in nine households is held out.
fn dealt_to(household: usize) -> Option<usize> {
    (household % (AGENTS + 1)).checked_sub(1)
}

/// The tenth by risk of leaving, as the past foretells it.
fn group(stage: &Stage<'_>, k: usize) -> usize {
    let risk = &stage.lessons.risk;
    let below = risk.iter().filter(|other| **other < risk[k]).count();
    (below * GROUPS / risk.len().max(1)).min(GROUPS - 1)
}

/// Share of the held out who are still there, by group.
fn expected_without(stage: &Stage<'_>, nothing: &Desk<'_>) -> Vec<f64> {
    let mut counts = vec![(0.0, 0.0); GROUPS];
    for (k, client) in stage.clients.iter().enumerate() {
        if dealt_to(client.household).is_none() {
            let (here, all) = &mut counts[group(stage, k)];
            *here += f64::from(u8::from(nothing.cards[k].is_here));
            *all += 1.0;
        }
    }
    // An empty group is expected to stay: nobody is given credit for what nobody measured.
    counts.into_iter().map(|(here, all)| if all > 0.0 { here / all } else { 1.0 }).collect()
}
