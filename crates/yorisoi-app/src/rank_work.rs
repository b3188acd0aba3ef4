//! Whom does this hour help most? The work list, by effect and not by risk, and who is left in peace.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{
    ActionId, ActionSpec, AgentId, Busy, CapacityFacts, ClientFacts, ClientId, Code, Decision,
    DecisionId, EffectSource, Record, Score, Situation, TeamId, ValidPolicy, Verdict, Words,
    decide,
};
use yorisoi_ledger::{ClientQuery, Cursor, Order, Whose};

use crate::AppError;
use crate::client_view::{Ladder, ladder};
use crate::share_lists::{Asked, nobody};
use crate::situation::{household_of, situation_of_nobody};
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
    let wanted = asked.rows();
    let (found, capacity) = look(work, &policy, asked)?;
    let minutes_left = minutes_left(&policy, &capacity, asked.ask.minutes);
    let mut left = Left::new(&policy, &capacity, minutes_left);
    let mut rows = Vec::new();
    for row in found.rows {
        if rows.len() == wanted {
            break;
        }
        if left.take(&policy, &row) {
            rows.push(row);
        }
    }
    for row in &mut rows {
        row.name = name_of(work, &row.client)?;
    }
    let mut holds = found.holds;
    holds.sort_by(|a, b| {
        b.forgone_minor.total_cmp(&a.forgone_minor).then_with(|| a.client.cmp(&b.client))
    });
    let holds_total = holds.len() as u64;
    holds.truncate(HOLDS_SHOWN);
    for hold in &mut holds {
        hold.name = name_of(work, &hold.client)?;
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

/// What was found among the clients looked at.
struct Found {
    /// Whom to help, best first.
    rows: Vec<WorkRow>,
    holds: Vec<HoldRow>,
    looked_at: u64,
}

/// Asks about one client after another, in the order of what help is worth to them, until those that follow
/// cannot be among the best any more; and says what there is to give.
fn look(
    work: &mut Work<'_, '_>,
    policy: &ValidPolicy,
    asked: &Asked,
) -> Result<(Found, CapacityFacts), AppError> {
    let mut found = Found { rows: Vec::new(), holds: Vec::new(), looked_at: 0 };
    let wanted = asked.rows();
    // What is the same for everybody is read once: there may be a thousand to ask about.
    let mut situation = situation_of_nobody(work, &nobody()?, DecisionId::new("w")?)?;
    situation.capacity.hard_conversations = asked.hard;
    let mut after = None;
    loop {
        let query =
            ClientQuery { whose: whose(&asked.ask), order: Order::Worth, after, limit: PAGE };
        let clients = work.books.clients(&query)?;
        let last = clients.last().filter(|_| clients.len() == PAGE);
        let last = last.map(|last| (Cursor::after(last), last.desk.worth_minor));
        found.looked_at += clients.len() as u64;
        for client in clients {
            ask_about((work, policy), client.facts, (&mut situation, &mut found))?;
        }
        found.rows.sort_by(|a, b| {
            b.score
                .total_minor
                .total_cmp(&a.score.total_minor)
                .then_with(|| a.client.cmp(&b.client))
        });
        let Some((cursor, worth_minor)) = last else { break };
        let least = found.rows.get(wanted - 1).map(|row| row.score.total_minor);
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

fn ask_about(
    (work, policy): (&mut Work<'_, '_>, &ValidPolicy),
    facts: ClientFacts,
    (situation, found): (&mut Situation, &mut Found),
) -> Result<(), AppError> {
    // An agent's clients may belong to several teams.
    if work.caller.may_see_team(facts.team.as_ref()).is_err() {
        return Ok(());
    }
    // The same name all day: a list that is drawn again does not draw anew.
    let name = blake3::hash(facts.client.as_str().as_bytes()).to_hex();
    situation.decision = DecisionId::new(format!("w-{name}"))?;
    situation.household = household_of(work, &facts)?;
    situation.record = Record::Client { facts: Box::new(facts) };
    let decision = decide(policy, situation, &work.app.inner.key);
    let Record::Client { facts } = &situation.record else { return Ok(()) };
    match best(policy, &decision, (facts, work.now)) {
        Some(row) => found.rows.push(row),
        None => found.holds.extend(hold(&decision)),
    }
    Ok(())
}

/// The best action for a client, if there is one that is better than holding back.
fn best(
    policy: &ValidPolicy,
    decision: &Decision,
    (facts, now): (&ClientFacts, Timestamp),
) -> Option<WorkRow> {
    let mut scored: Vec<(&ActionId, Score)> = decision
        .suggestions
        .iter()
        .filter_map(|index| decision.candidates.get(*index))
        .filter_map(|candidate| match &candidate.verdict {
            Verdict::Scored(score) => Some((&candidate.action, *score)),
            Verdict::Stopped(_) => None,
        })
        .filter(|(action, score)| {
            let reaches = policy.action(action).is_some_and(ActionSpec::reaches_client);
            reaches && score.total_minor > 0.0
        })
        .collect();
    scored.sort_by(|a, b| b.1.total_minor.total_cmp(&a.1.total_minor));
    let (action, score) = *scored.first()?;
    let action = policy.action(action)?;
    Some(WorkRow {
        client: decision.client.clone(),
        name: None,
        action: action.id.clone(),
        action_name: action.name.clone(),
        intention: action.intention.clone(),
        score,
        minutes: action.agent_minutes,
        others: scored.iter().skip(1).map(|(action, _)| (*action).clone()).collect(),
        only_believed: decision.effect_source == Some(EffectSource::Prior),
        ladder: ladder(&facts.consents, now),
        busy: facts.busy.clone(),
        zone: facts.zone.clone(),
        expires_at: action.expires_at,
    })
}

fn hold(decision: &Decision) -> Option<HoldRow> {
    let hold = decision.hold.as_ref()?;
    Some(HoldRow {
        client: decision.client.clone(),
        name: None,
        code: hold.code,
        words: hold.code.words(),
        look_again_at: hold.look_again_at,
        forgone_minor: hold.forgone_minor,
    })
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

    /// Takes what a row needs; `false` if there is not enough left.
    fn take(&mut self, policy: &ValidPolicy, row: &WorkRow) -> bool {
        let cost = policy.action(&row.action).map_or(0, |action| action.cost_minor);
        let minutes = u64::from(row.minutes);
        let has_room = self.minutes.is_none_or(|left| left >= minutes)
            && self.money.is_none_or(|left| left >= cost)
            && self.units.get(&row.action).is_none_or(|left| *left > 0);
        if has_room {
            self.minutes = self.minutes.map(|left| left - minutes);
            self.money = self.money.map(|left| left - cost);
            if let Some(left) = self.units.get_mut(&row.action) {
                *left -= 1;
            }
        }
        has_room
    }
}
