//! Whom does this hour help most? The work list against an oracle, and against ranking by risk.

use yorisoi_decision::{ActionId, ActionKind, EffectFact, Verdict, decide};

use crate::compare::{Spread, Stage, spread};
use crate::desk::Desk;
use crate::error::RehearsalError;
use crate::landing::{self, Expected, presence};
use crate::lessons::trial_circumstances;
use crate::policies::yorisoi::{KEY, Names};
use crate::world::World;

/// Clients of the past trial that the work list learns from.
pub const WORK_LIST_PAST: usize = 30_000;

/// Clients of the past where effects are told: enough for the risk of leaving.
const TRUTH_PAST: usize = 6_000;

/// Share of the clients that the hours reach.
const SHARE: f64 = 0.1;

/// A probability of staying below this, and nothing that moves it: a lost cause.
const LOST_BELOW: f64 = 0.6;

/// Less than this is no effect.
const NO_EFFECT: f64 = 0.02;

/// How good a work list is, in a world whose truth is known.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct WorkListReport {
    /// True gain of the list, as a share of the gain of an oracle who sees the truth.
    pub share_of_oracle: Spread,
    /// True gain above that of a list of the riskiest, in minor units.
    pub ahead_of_risk_minor: Spread,
    /// Share of the list's contacts that reach somebody whom the act harms.
    pub share_to_sleeping_dogs: Spread,
    /// Share of the list that are lost causes.
    pub share_of_lost_causes: Spread,
}

/// What the list is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Knowledge {
    /// What a model learned from a past trial with so many clients.
    Trial {
        /// Clients of the trial, those left in peace included.
        n_past: usize,
    },
    /// The true effects: what gates and prices leave of an oracle's gain when nothing is left to learn.
    Truth,
}

/// Returns how good the work list is, over seeds, learned from a trial of [`WORK_LIST_PAST`] clients.
///
/// # Errors
///
/// As [`work_list_from`].
pub fn work_list(seeds: &[u64]) -> Result<WorkListReport, RehearsalError> {
    work_list_from(Knowledge::Trial { n_past: WORK_LIST_PAST }, seeds)
}

/// Returns how good the work list is, over seeds: the tenth of the clients with the largest totals by
/// [`decide`], in the carrier's world with everybody's consent and what matters on record.
///
/// # Errors
///
/// [`RehearsalError::TooFewSeeds`], [`RehearsalError::Learning`].
pub fn work_list_from(
    knowledge: Knowledge,
    seeds: &[u64],
) -> Result<WorkListReport, RehearsalError> {
    if seeds.len() < 2 {
        return Err(RehearsalError::TooFewSeeds { actual: seeds.len() });
    }
    let n_past = match knowledge {
        Knowledge::Trial { n_past } => n_past,
        Knowledge::Truth => TRUTH_PAST,
    };
    let world = World::study(n_past)?;
    let list = |&seed: &u64| {
        let mut stage = Stage::new(&world, seed)?;
        if knowledge == Knowledge::Truth {
            tell_the_truth(&mut stage);
        }
        one(&stage)
    };
    let lists: Vec<OneList> = seeds.iter().map(list).collect::<Result<_, _>>()?;
    let of = |get: fn(&OneList) -> f64| spread(&lists.iter().map(get).collect::<Vec<_>>());
    Ok(WorkListReport {
        share_of_oracle: of(|list| list.gain / list.gain_of_oracle),
        ahead_of_risk_minor: of(|list| list.gain - list.gain_of_risk),
        share_to_sleeping_dogs: of(|list| list.to_sleeping_dogs),
        share_of_lost_causes: of(|list| list.lost_causes),
    })
}

/// Puts true effects in the place of learned ones.
fn tell_the_truth(stage: &mut Stage<'_>) {
    let reach = reach(stage);
    let truth = |k: usize, act: &str| {
        let id: ActionId = act.parse().ok()?;
        let benefit = effect((stage, reach), k, act);
        Some((id, EffectFact { benefit, low: benefit, high: benefit }))
    };
    let of = |k: usize| stage.world.tried.iter().filter_map(|act| truth(k, act)).collect();
    stage.lessons.effects = (0..stage.clients.len()).map(of).collect();
}

struct OneList {
    gain: f64,
    gain_of_oracle: f64,
    gain_of_risk: f64,
    to_sleeping_dogs: f64,
    lost_causes: f64,
}

fn one(stage: &Stage<'_>) -> Result<OneList, RehearsalError> {
    let mut desk = stage.desk();
    desk.begin_step(0);
    for card in &mut desk.cards {
        card.talk = true;
        card.advise = true;
    }
    let n = (SHARE * stage.clients.len() as f64) as usize;
    let list = decided(&desk, n)?;
    let truth = (stage, reach(stage));
    let gains = list.iter().map(|(k, act)| gain(truth, &desk, *k, act));
    let harmed = list.iter().filter(|(k, act)| effect(truth, *k, act) < 0.0);

    // The oracle takes the best act for each, and the best clients.
    let best =
        |k| stage.world.tried.iter().map(|act| gain(truth, &desk, k, act)).fold(0.0, f64::max);
    let mut all: Vec<f64> = (0..stage.clients.len()).map(best).collect();
    all.sort_by(|a, b| b.total_cmp(a));

    // Ranking by risk gives the act with the largest mean effect.
    let means = &stage.lessons.mean_effect;
    let strongest = (0..means.len()).reduce(|a, b| if means[b] > means[a] { b } else { a });
    let act = strongest.map_or("", |a| stage.world.tried[a]);
    let mut riskiest: Vec<usize> = (0..stage.clients.len()).collect();
    riskiest.sort_by(|&a, &b| stage.lessons.risk[b].total_cmp(&stage.lessons.risk[a]));
    let of_riskiest = riskiest.iter().take(n).map(|&k| gain(truth, &desk, k, act));

    let share = |count: usize| count as f64 / list.len().max(1) as f64;
    Ok(OneList {
        gain: gains.sum(),
        gain_of_oracle: all.iter().take(n).sum(),
        gain_of_risk: of_riskiest.sum(),
        to_sleeping_dogs: share(harmed.count()),
        lost_causes: share(list.iter().filter(|(k, _)| is_lost(truth, *k)).count()),
    })
}

/// The clients with the largest totals, and what is to be done for them.
fn decided(desk: &Desk<'_>, n: usize) -> Result<Vec<(usize, String)>, RehearsalError> {
    let unnamed = || RehearsalError::Learning { reason: "a client has no name".to_owned() };
    let names = Names::new(desk).ok_or_else(unnamed)?;
    let mut list: Vec<(f64, usize, String)> = Vec::new();
    for k in desk.here() {
        let decision = decide(&desk.world.policy, &names.situation(desk, k), &KEY);
        let chosen = decision.candidates.iter().find(|one| one.action == decision.choice.action);
        if let Some(Verdict::Scored(score)) = chosen.map(|one| &one.verdict)
            && decision.choice.kind != ActionKind::Hold
        {
            list.push((score.total_minor, k, decision.choice.action.to_string()));
        }
    }
    list.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    list.truncate(n);
    Ok(list.into_iter().map(|(_, k, act)| (k, act)).collect())
}

/// A world and the share of its calls that reach somebody ([`reach`]).
type Truth<'a> = (&'a Stage<'a>, f64);

/// What trying an act on a client is truly worth, by the formula of the score with the truth in it.
fn gain(truth: Truth<'_>, desk: &Desk<'_>, k: usize, act: &str) -> f64 {
    let policy = truth.0.world.policy.policy();
    let (Some(expected), Some(action)) = (expected(truth, k, act), desk.action(act)) else {
        return 0.0;
    };
    if action.needs_presence && desk.is_known_busy(k) {
        // Nobody, oracle or not, reaches them at this hour.
        return 0.0;
    }
    let worth = (policy.values.outcome_minor + policy.values.replacement_minor) as f64;
    let nuisance = policy.values.nuisance_minor as f64 * expected.nuisance;
    let minutes = policy.prices.minute_minor * f64::from(action.agent_minutes);
    worth * expected.effect - nuisance - action.cost_minor as f64 - minutes
}

/// The true effect of trying an act on a client: the estimand of the past trial, where a call may reach
/// nobody and help may land as a nuisance.
fn effect(truth: Truth<'_>, k: usize, act: &str) -> f64 {
    expected(truth, k, act).map_or(0.0, |expected| expected.effect)
}

fn expected((stage, reach): Truth<'_>, k: usize, act: &str) -> Option<Expected> {
    let (traits, truth) = (&stage.clients[k].traits, stage.world.act(act)?);
    let how = trial_circumstances(stage.world, act);
    Some(landing::expected((stage.world.base(traits), traits), truth, &how, reach))
}

/// Returns the share of calls that reach somebody who is not known to be busy: nobody, the oracle neither,
/// knows of one client more than the record says.
fn reach(stage: &Stage<'_>) -> f64 {
    let open = stage.clients.iter().filter(|client| !(client.is_busy_hour && client.busy_is_known));
    let (n, sum) = open.fold((0.0, 0.0), |(n, sum), client| (n + 1.0, sum + presence(client)));
    sum / f64::max(n, 1.0)
}

fn is_lost(truth: Truth<'_>, k: usize) -> bool {
    let stage = truth.0;
    let moves = |act: &str| effect(truth, k, act).abs() > NO_EFFECT;
    stage.world.base(&stage.clients[k].traits) < LOST_BELOW
        && !stage.world.tried.iter().any(|act| moves(act))
}
