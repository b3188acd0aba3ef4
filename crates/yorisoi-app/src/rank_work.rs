//! Whom does this hour help most? The work list, by effect and not by risk, and who is left in peace.

use std::sync::Arc;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{
    ActionId, ActionSpec, AgentId, Busy, CapacityFacts, ClientFacts, ClientId, Code, Decision,
    DecisionId, EffectSource, Hold, HouseholdFacts, Record, Score, Situation, TeamId, ValidPolicy,
    Verdict, Words, decide,
};
use yorisoi_ledger::{ClientQuery, Order, Whose};

use crate::AppError;
use crate::client_view::{Ladder, ladder};
use crate::share_lists::{Asked, nobody};
use crate::situation::situation_of_nobody;
use crate::work::Work;

/// Which list is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WorkAsk {
    /// Clients of this team; `null`: the caller's.
    pub team: Option<TeamId>,
    /// Clients of this agent only.
    pub agent: Option<AgentId>,
    /// Minutes there are; `null`: as many as the policy leaves today.
    pub minutes: Option<u64>,
    /// Rows at most, 1 to 200; 20 if not given.
    pub limit: Option<u32>,
}

/// One person to help.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WorkRow {
    /// Who.
    pub client: ClientId,
    /// Their name, for those who may know.
    pub name: Option<String>,
    /// With what.
    pub action: ActionId,
    /// The action's name.
    pub action_name: Words,
    /// Why it is given.
    pub intention: Words,
    /// What it is worth, part by part.
    pub score: Score,
    /// Minutes it takes.
    pub minutes: u32,
    /// Other actions that passed, best first.
    pub others: Vec<ActionId>,
    /// Whether the effect is still only believed and not yet known.
    pub only_believed: bool,
    /// How far consent goes at this moment.
    pub ladder: Ladder,
    /// When they are busy.
    pub busy: Vec<Busy>,
    /// Their IANA time zone.
    pub zone: Option<String>,
    /// The instant at which the help loses its worth; `None`: it keeps.
    pub expires_at: Option<Timestamp>,
}

/// One person to leave in peace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HoldRow {
    /// Who.
    pub client: ClientId,
    /// Their name, for those who may know.
    pub name: Option<String>,
    /// Why.
    pub code: Code,
    /// In words.
    pub words: Words,
    /// When to look again; `None`: after something new happens.
    pub look_again_at: Option<Timestamp>,
    /// The expected gain forgone, in minor units.
    pub forgone_minor: f64,
}

/// A list of work, as of an instant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WorkList {
    /// As of when.
    pub at: Timestamp,
    /// Fingerprint of the policy behind it.
    pub policy_fingerprint: String,
    /// Whom to help, the most helped first.
    pub rows: Vec<WorkRow>,
    /// Whom to leave in peace, of those looked at: 50 at most, where most is forgone first.
    pub holds: Vec<HoldRow>,
    /// How many of those looked at are to be left in peace.
    pub holds_total: u64,
    /// Minutes the rows take.
    pub minutes_used: u64,
    /// Minutes there are; `None` is unlimited.
    pub minutes_left: Option<u64>,
    /// Hard conversations of the agent today.
    pub hard_conversations: u32,
    /// The most there should be; `None` is unlimited.
    pub hard_conversations_max: Option<u32>,
    /// Clients looked at.
    pub looked_at: u64,
}

/// Clients looked at in one go.
const PAGE: usize = 200;

/// Clients looked at at most, so that the list comes while one waits. They come in the order of what the
/// best help is worth to them.
const LOOKED_AT_MAX: usize = 1_000;

/// People left in peace that are shown.
const HOLDS_SHOWN: usize = 50;

/// Draws up the list that was asked for.
pub(crate) fn list(work: &mut Work<'_, '_>, asked: &Asked) -> Result<WorkList, AppError> {
    let policy = work.policy()?;
    let (found, capacity) = look(work, &policy, asked)?;
    let minutes_left = minutes_left(&policy, &capacity, asked.ask.minutes);
    let mut left = Left::new(&policy, &capacity, minutes_left);
    let taken = found.helped.iter().filter(|helped| left.take(helped.action)).take(asked.rows());
    let mut rows = Vec::with_capacity(asked.rows());
    for helped in taken {
        rows.push(helped.row(work)?);
    }
    let mut held = found.held;
    held.sort_by(|a, b| {
        let forgone = |one: &Held| one.hold.forgone_minor;
        forgone(b).total_cmp(&forgone(a)).then_with(|| a.client.cmp(&b.client))
    });
    let holds_total = held.len() as u64;
    let mut holds = Vec::with_capacity(held.len().min(HOLDS_SHOWN));
    for held in held.into_iter().take(HOLDS_SHOWN) {
        holds.push(held.row(work)?);
    }
    let (hard, hard_max) = match capacity.hard_conversations {
        Some((had, max)) => (had, Some(max)),
        None => (0, work.app.settings().hard_conversations_max),
    };
    Ok(WorkList {
        at: work.now,
        policy_fingerprint: policy.fingerprint().to_owned(),
        minutes_used: rows.iter().map(|row| u64::from(row.minutes)).sum(),
        rows,
        holds,
        holds_total,
        minutes_left,
        hard_conversations: hard,
        hard_conversations_max: hard_max,
        looked_at: found.looked_at,
    })
}

fn name_of(work: &mut Work<'_, '_>, client: &ClientId) -> Result<Option<String>, AppError> {
    Ok(work.books.personal(client)?.and_then(|personal| personal.name))
}

/// What was found among the clients looked at. Of a thousand a few dozen are shown: only for those is written out what a
/// row says.
struct Found<'p> {
    /// Whom to help, best first.
    helped: Vec<Helped<'p>>,
    held: Vec<Held>,
    looked_at: u64,
}

/// One person to help, and with what.
struct Helped<'p> {
    facts: Arc<ClientFacts>,
    action: &'p ActionSpec,
    score: Score,
    others: Vec<&'p ActionSpec>,
    only_believed: bool,
}

/// One person to leave in peace.
struct Held {
    client: ClientId,
    hold: Hold,
}

/// Asks about one client after another, in the order of what help is worth to them, until those that follow
/// cannot be among the best any more; and says what there is to give.
fn look<'p>(
    work: &mut Work<'_, '_>,
    policy: &'p ValidPolicy,
    asked: &Asked,
) -> Result<(Found<'p>, CapacityFacts), AppError> {
    let mut found = Found { helped: Vec::new(), held: Vec::new(), looked_at: 0 };
    let wanted = asked.rows();
    // What is the same for everybody is read once: there may be a thousand to ask about.
    let mut situation = situation_of_nobody(work, &nobody()?, DecisionId::new("w")?)?;
    situation.capacity.hard_conversations = asked.hard;
    let mut after = None;
    loop {
        let query =
            ClientQuery { whose: whose(&asked.ask), order: Order::Worth, after, limit: PAGE };
        let clients = work.books.known_clients(&query)?;
        let last = clients.last().filter(|_| clients.len() == PAGE);
        let last = last.map(|last| (last.cursor(), last.worth_minor));
        found.looked_at += clients.len() as u64;
        for client in clients {
            ask_about((work, policy), client.facts, (&mut situation, &mut found))?;
        }
        found.helped.sort_by(|a, b| {
            let total = |one: &Helped<'_>| one.score.total_minor;
            total(b).total_cmp(&total(a)).then_with(|| a.facts.client.cmp(&b.facts.client))
        });
        let Some((cursor, worth_minor)) = last else { break };
        let least = found.helped.get(wanted - 1).map(|helped| helped.score.total_minor);
        let is_enough = least.is_some_and(|least| worth_minor.is_some_and(|worth| worth < least));
        if is_enough || found.looked_at as usize >= LOOKED_AT_MAX {
            break;
        }
        after = Some(cursor);
    }
    Ok((found, situation.capacity))
}

fn whose(ask: &WorkAsk) -> Whose {
    match (&ask.agent, &ask.team) {
        (Some(agent), _) => Whose::Agent(agent.clone()),
        (None, Some(team)) => Whose::Team(team.clone()),
        (None, None) => Whose::Everybody,
    }
}

fn ask_about<'p>(
    (work, policy): (&mut Work<'_, '_>, &'p ValidPolicy),
    facts: Arc<ClientFacts>,
    (situation, found): (&mut Situation, &mut Found<'p>),
) -> Result<(), AppError> {
    // An agent's clients may belong to several teams.
    if work.caller.may_see_team(facts.team.as_ref()).is_err() {
        return Ok(());
    }
    // The same name all day: a list that is drawn again does not draw anew.
    let name = blake3::hash(facts.client.as_str().as_bytes()).to_hex();
    situation.decision = DecisionId::new(format!("w-{name}"))?;
    situation.household = match &facts.household {
        Some(household) => work.books.known_household(household)?,
        None => HouseholdFacts::default(),
    };
    situation.record = Record::Client { facts: Box::new(ClientFacts::clone(&facts)) };
    let decision = decide(policy, situation, &work.app.inner.key);
    if let Some(helped) = best(policy, &decision, facts) {
        found.helped.push(helped);
    } else {
        let client = decision.client;
        found.held.extend(decision.hold.map(|hold| Held { client, hold }));
    }
    Ok(())
}

/// The best action for a client, if there is one that is better than holding back.
fn best<'p>(
    policy: &'p ValidPolicy,
    decision: &Decision,
    facts: Arc<ClientFacts>,
) -> Option<Helped<'p>> {
    let mut scored: Vec<(&ActionSpec, Score)> = decision
        .suggestions
        .iter()
        .filter_map(|index| decision.candidates.get(*index))
        .filter_map(|candidate| match &candidate.verdict {
            Verdict::Scored(score) => Some((policy.action(&candidate.action)?, *score)),
            Verdict::Stopped(_) => None,
        })
        .filter(|(action, score)| action.reaches_client() && score.total_minor > 0.0)
        .collect();
    scored.sort_by(|a, b| b.1.total_minor.total_cmp(&a.1.total_minor));
    let (&(action, score), others) = scored.split_first()?;
    let others = others.iter().map(|(action, _)| *action).collect();
    let only_believed = decision.effect_source == Some(EffectSource::Prior);
    Some(Helped { facts, action, score, others, only_believed })
}

impl Helped<'_> {
    fn row(&self, work: &mut Work<'_, '_>) -> Result<WorkRow, AppError> {
        let (facts, action) = (&self.facts, self.action);
        Ok(WorkRow {
            client: facts.client.clone(),
            name: name_of(work, &facts.client)?,
            action: action.id.clone(),
            action_name: action.name.clone(),
            intention: action.intention.clone(),
            score: self.score,
            minutes: action.agent_minutes,
            others: self.others.iter().map(|action| action.id.clone()).collect(),
            only_believed: self.only_believed,
            ladder: ladder(&facts.consents, work.now),
            busy: facts.busy.clone(),
            zone: facts.zone.clone(),
            expires_at: action.expires_at,
        })
    }
}

impl Held {
    fn row(self, work: &mut Work<'_, '_>) -> Result<HoldRow, AppError> {
        Ok(HoldRow {
            name: name_of(work, &self.client)?,
            client: self.client,
            code: self.hold.code,
            words: self.hold.code.words(),
            look_again_at: self.hold.look_again_at,
            forgone_minor: self.hold.forgone_minor,
        })
    }
}

/// Minutes there are: what the policy leaves today, or what was asked for if that is less.
fn minutes_left(policy: &ValidPolicy, capacity: &CapacityFacts, asked: Option<u64>) -> Option<u64> {
    let of_policy =
        policy.policy().minutes_per_day.map(|all| all.saturating_sub(capacity.minutes_used));
    match (of_policy, asked) {
        (Some(left), Some(asked)) => Some(left.min(asked)),
        (left, asked) => left.or(asked),
    }
}

/// What is left while rows are taken one after another.
struct Left {
    minutes: Option<u64>,
    money: Option<i64>,
    units: std::collections::BTreeMap<ActionId, u64>,
}

impl Left {
    fn new(policy: &ValidPolicy, capacity: &CapacityFacts, minutes: Option<u64>) -> Self {
        let document = policy.policy();
        let units = document.actions.iter().filter_map(|action| {
            let used = capacity.used.get(&action.id).copied().unwrap_or(0);
            Some((action.id.clone(), action.supply?.saturating_sub(used)))
        });
        Self {
            minutes,
            money: document.budget_minor.map(|all| all.saturating_sub(capacity.spent_minor)),
            units: units.collect(),
        }
    }

    /// Takes what an action needs; `false` if there is not enough left.
    fn take(&mut self, action: &ActionSpec) -> bool {
        let (minutes, cost) = (u64::from(action.agent_minutes), action.cost_minor);
        let has_room = self.minutes.is_none_or(|left| left >= minutes)
            && self.money.is_none_or(|left| left >= cost)
            && self.units.get(&action.id).is_none_or(|left| *left > 0);
        if has_room {
            self.minutes = self.minutes.map(|left| left - minutes);
            self.money = self.money.map(|left| left - cost);
            if let Some(left) = self.units.get_mut(&action.id) {
                *left -= 1;
            }
        }
        has_room
    }
}
