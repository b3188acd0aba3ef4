//! Whom would what was released help most? Everybody who may have it is asked about, through every gate.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{
    ActionId, Candidate, ClientId, Decision, DecisionId, Score, Situation, Verdict, decide,
};
use yorisoi_ledger::{Client, ClientQuery, DecidedState, HandOn, Order, Whose};

use super::open;
use crate::decide_and_commit::DecisionAsk;
use crate::record_contact::decided;
use crate::shown_name::shown_name;
use crate::situation::situation_of;
use crate::work::Work;
use crate::{App, AppError, Caller, Right};

/// Clients that are asked about at most when somebody is looked for.
const ASKED_MAX: usize = 1_000;

/// Somebody whom it may help.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MatchView {
    /// Who.
    pub client: ClientId,
    /// Their name, for those who may know.
    pub name: Option<String>,
    /// What it is worth for them, in minor units.
    pub worth_minor: f64,
    /// The effect and its interval.
    pub benefit: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl App {
    /// Whom it would help most, among clients who may have it before its date, best first.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`]; [`AppError::HandOn`] if it is no longer free.
    pub async fn hand_on_matches(
        &self,
        caller: &Caller,
        hand_on: &str,
        limit: usize,
    ) -> Result<Vec<MatchView>, AppError> {
        caller.may(Right::SeeWork)?;
        let hand_on = hand_on.to_owned();
        self.read(caller, move |work| {
            let known = open(work, &hand_on)?;
            Ok(matches(work, &known, limit.clamp(1, 50))?.best)
        })
        .await
    }
}

/// Whom a unit would help.
pub(super) struct Found {
    /// How many.
    pub(super) helped: u64,
    /// Whether nobody was left unasked for their number.
    pub(super) all_asked: bool,
    /// The best of them, best first.
    pub(super) best: Vec<MatchView>,
}

/// Whom it would help most, among those the caller may see.
pub(super) fn matches(
    work: &mut Work<'_, '_>,
    known: &HandOn,
    limit: usize,
) -> Result<Found, AppError> {
    let whose = match &work.caller.team {
        Some(team) => Whose::Team(team.clone()),
        None => Whose::Everybody,
    };
    let query = ClientQuery { whose, order: Order::Worth, after: None, limit: ASKED_MAX };
    let mut found = Vec::new();
    let clients = work.books.clients(&query)?;
    let all_asked = clients.len() < ASKED_MAX;
    for client in clients {
        if !may_be_asked(known, &client) {
            continue;
        }
        let Some(asked) = ask_about(work, known, &client.facts.client)? else {
            continue;
        };
        if let Some(score) = asked.score().filter(|score| score.total_minor > 0.0) {
            found.push((client.facts.client, score));
        }
    }
    found.sort_by(|a, b| b.1.total_minor.total_cmp(&a.1.total_minor).then_with(|| a.0.cmp(&b.0)));
    let helped = found.len() as u64;
    found.truncate(limit);
    let mut views = Vec::with_capacity(found.len());
    for (client, score) in found {
        let name = shown_name(work, &client)?;
        views.push(MatchView {
            client,
            name,
            worth_minor: score.total_minor,
            benefit: score.effect.benefit,
            low: score.effect.low,
            high: score.effect.high,
        });
    }
    Ok(Found { helped, all_asked, best: views })
}

/// Not the one who released it, nor who declined it.
pub(super) fn may_be_asked(known: &HandOn, client: &Client) -> bool {
    let id = &client.facts.client;
    known.from.as_ref() != Some(id) && !known.declined.contains(id)
}

/// What a decision about just this unit says: the unit that is handed on is there for it, however short
/// supply is otherwise.
pub(super) fn ask_about(
    work: &mut Work<'_, '_>,
    known: &HandOn,
    client: &ClientId,
) -> Result<Option<Asked>, AppError> {
    let Some(action) = known.action.clone() else {
        return Ok(None);
    };
    let policy = work.policy()?;
    let ask = DecisionAsk::only(client.clone(), action.clone());
    let id = DecisionId::new(work.app.inner.ids.name("d", work.now))?;
    let mut situation = situation_of(work, &ask, id)?;
    // What this unit took, of supply and of money, is taken for it already.
    let cost = policy.action(&action).map_or(0, |action| action.cost_minor);
    let (units, money) = if is_given_already(work, known)? {
        (1, cost)
    } else {
        (known.keeps.units, known.keeps.cost_minor)
    };
    if let Some(used) = situation.capacity.used.get_mut(&action) {
        *used = used.saturating_sub(units);
    }
    let spent = &mut situation.capacity.spent_minor;
    *spent = spent.saturating_sub(money);
    let decision = decide(&policy, &situation, &work.app.inner.key);
    Ok(Some(Asked { action, ask, situation, decision }))
}

/// Whether the first already had it in their hands: then the unit is spent, and goes on as it is.
pub(super) fn is_given_already(work: &mut Work<'_, '_>, known: &HandOn) -> Result<bool, AppError> {
    match &known.decision {
        Some(decision) => Ok(decided(work, decision)?.state == DecidedState::CarriedOut),
        None => Ok(false),
    }
}

/// A question about one unit, with its answer.
pub(super) struct Asked {
    pub(super) action: ActionId,
    pub(super) ask: DecisionAsk,
    pub(super) situation: Situation,
    pub(super) decision: Decision,
}

impl Asked {
    /// What it is worth for them; `None` if a gate stopped it.
    fn score(&self) -> Option<Score> {
        let is_it = |candidate: &&Candidate| candidate.action == self.action;
        match &self.decision.candidates.iter().find(is_it)?.verdict {
            Verdict::Scored(score) => Some(*score),
            Verdict::Stopped(_) => None,
        }
    }
}
