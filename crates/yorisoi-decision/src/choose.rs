//! Which of the candidates, and with what probability?

use crate::action::{ActionClass, ActionKind};
use crate::codes::Code;
use crate::decision::{Score, Stop};
use crate::gates::{self, holdout};
use crate::key::DecisionKey;
use crate::scene::{Asked, Scene};
use crate::value::chance::{self, Contender};
use crate::value::{normal, score};

/// One candidate after the gates.
pub(crate) struct Assessed<'a> {
    /// What was asked.
    pub asked: Asked<'a>,
    /// The first gate that stopped it, the holdout left out.
    pub stop: Option<Stop>,
    /// What it is worth, if that is known.
    pub score: Option<Score>,
    /// Standard deviation of the total; zero for one that is used as it is.
    sd: f64,
}

impl<'a> Assessed<'a> {
    /// Sends one action through gates, score and draw.
    pub(crate) fn new(scene: &Scene<'a>, asked: Asked<'a>, key: &DecisionKey) -> Self {
        let stop = gates::first_stop(scene, &asked);
        let mut score = score::score(scene, &asked);
        let spread = score.as_ref().and_then(|known| score::spread(scene, &asked, known));
        if let (Some(known), Some((mean, sd))) = (&mut score, spread) {
            let names = [scene.situation.decision.as_str(), asked.action.id.as_str()];
            let drawn = mean + sd * normal::quantile(key.uniform("draw", &names));
            known.drawn_minor = stop.is_none().then_some(drawn);
        }
        Self { asked, stop, score, sd: spread.map_or(0.0, |(_, sd)| sd) }
    }

    /// The kind of act.
    pub(crate) fn kind(&self) -> ActionKind {
        self.asked.action.kind
    }

    /// The expected total; nothing for what has none.
    pub(crate) fn total(&self) -> f64 {
        self.score.map_or(0.0, |score| score.total_minor)
    }

    fn drawn(&self) -> f64 {
        self.score.and_then(|score| score.drawn_minor).unwrap_or_else(|| self.total())
    }

    fn is_service(&self) -> bool {
        self.asked.action.class == ActionClass::Service
    }
}

/// What was chosen, and how.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pick {
    /// Index of the choice.
    pub index: usize,
    /// The probability of every candidate.
    pub probabilities: Vec<f64>,
    /// Whether exploration chose.
    pub explored: bool,
    /// Candidates that were weighed, the quiet answer first.
    pub weighed: Vec<usize>,
}

/// Chooses among the candidates that may be done.
///
/// 1. A service message that is due is sent: one with a condition of applicability that holds, or one
///    that the caller asked about by name.
/// 2. Where attempts are exhausted, a time is asked for or the help handed on, whichever is worth more.
/// 3. Else the best total wins against the quiet answer, which is worth zero: holding back, or letting
///    go where the client is leaving. Beliefs are drawn (Thompson sampling), and a declared share of
///    decisions chooses evenly among the best few.
pub(crate) fn pick(
    scene: &Scene<'_>,
    all: &[Assessed<'_>],
    withhold: bool,
    key: &DecisionKey,
) -> Pick {
    let is_open = |k: &usize| {
        let withheld = withhold && holdout::withholds(scene, all[*k].asked.action);
        all[*k].stop.is_none() && !withheld
    };
    let open: Vec<usize> = (0..all.len()).filter(is_open).collect();
    let weighed = weighed(all, &open);
    if let Some(index) = duty(scene, all, &open) {
        let mut probabilities = vec![0.0; all.len()];
        probabilities[index] = 1.0;
        return Pick { index, probabilities, explored: false, weighed };
    }
    weigh(scene, all, weighed, key)
}

/// Returns what must be done before anything is weighed.
fn duty(scene: &Scene<'_>, all: &[Assessed<'_>], open: &[usize]) -> Option<usize> {
    let named = scene.situation.only.as_deref().unwrap_or_default();
    let is_due = |k: &usize| {
        let action = all[*k].asked.action;
        all[*k].is_service() && (!action.applicability.is_empty() || named.contains(&action.id))
    };
    if let Some(service) = open.iter().copied().find(is_due) {
        return Some(service);
    }
    let exhausted =
        all.iter().any(|one| one.stop.is_some_and(|stop| stop.code == Code::AttemptsExhausted));
    let follows = |k: &usize| matches!(all[*k].kind(), ActionKind::AskTime | ActionKind::HandOn);
    let candidates = open.iter().copied().filter(|k| exhausted && follows(k));
    candidates.reduce(|best, k| if all[k].total() > all[best].total() { k } else { best })
}

/// Returns the open candidates that are weighed against each other, the quiet answer first.
fn weighed(all: &[Assessed<'_>], open: &[usize]) -> Vec<usize> {
    let first = |kind| open.iter().copied().find(|&k| all[k].kind() == kind);
    let quiet = first(ActionKind::LetGo).or_else(|| first(ActionKind::Hold));
    let is_weighed = |k: &usize| all[*k].asked.action.is_solicitation();
    quiet.into_iter().chain(open.iter().copied().filter(is_weighed)).collect()
}

/// Draws, or explores, and works out the chance of either.
fn weigh(scene: &Scene<'_>, all: &[Assessed<'_>], weighed: Vec<usize>, key: &DecisionKey) -> Pick {
    let id = scene.situation.decision.as_str();
    let best =
        weighed.iter().copied().reduce(|a, b| if all[b].drawn() > all[a].drawn() { b } else { a });
    let contenders: Vec<Contender> =
        weighed.iter().map(|&k| Contender { mean: all[k].total(), sd: all[k].sd }).collect();
    let explored_among = explored_among(scene, all, &weighed);
    let rate = scene.policy.exploration.rate;

    let mut probabilities = vec![0.0; all.len()];
    for (&k, chance) in weighed.iter().zip(chance::chances(&contenders)) {
        probabilities[k] += (1.0 - rate) * chance;
    }
    for &k in &explored_among {
        probabilities[k] += rate / explored_among.len() as f64;
    }
    let explored = key.uniform("explore", &[id]) < rate;
    let nth = (key.uniform("explore among", &[id]) * explored_among.len() as f64) as usize;
    let index = if explored { explored_among.get(nth).copied() } else { best };
    // Holding back passes every gate, so there is always something to choose.
    Pick { index: index.or(best).unwrap_or(0), probabilities, explored, weighed }
}

/// Returns the quiet answer and the best others, as many as the policy explores among.
fn explored_among(scene: &Scene<'_>, all: &[Assessed<'_>], weighed: &[usize]) -> Vec<usize> {
    let (quiet, others) = weighed.split_at(weighed.len().min(1));
    let most = scene.policy.exploration.among.max(1) as usize - 1;
    let best_first = best_first(all, others);
    quiet.iter().copied().chain(best_first.into_iter().take(most)).collect()
}

/// Returns candidates by total, the best first; equals in the catalogue's order.
fn best_first(all: &[Assessed<'_>], some: &[usize]) -> Vec<usize> {
    let mut sorted = some.to_vec();
    sorted.sort_by(|&a, &b| all[b].total().total_cmp(&all[a].total()).then(a.cmp(&b)));
    sorted
}

/// Returns up to three suggestions: the choice, then what is worth more than the quiet answer, best
/// first, then the quiet answer.
pub(crate) fn suggestions(all: &[Assessed<'_>], pick: &Pick) -> Vec<usize> {
    let (quiet, others) = pick.weighed.split_at(pick.weighed.len().min(1));
    let better = best_first(all, others).into_iter().filter(|&k| all[k].total() > 0.0);
    let mut suggestions = vec![pick.index];
    for k in better.chain(quiet.iter().copied()) {
        if !suggestions.contains(&k) {
            suggestions.push(k);
        }
    }
    suggestions.truncate(3);
    suggestions
}
