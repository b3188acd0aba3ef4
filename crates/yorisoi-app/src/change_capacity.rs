//! What is there to give today? Supply, minutes, money, and what is taken.

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{ActionId, AgentId, TeamId, Words};
use yorisoi_ledger::Body;

use crate::situation::{day_capacity, house_zone, today};
use crate::work::Work;
use crate::{App, AppError, Caller, Right};

/// One kind of help, as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SupplyRow {
    /// Which.
    pub action: ActionId,
    /// Its name.
    pub name: Words,
    /// Units there are in all; `None` is unlimited.
    pub supply: Option<u64>,
    /// Units taken or reserved.
    pub used: u64,
    /// Units left; `None` is unlimited.
    pub left: Option<u64>,
    /// The instant at which it loses its worth; `None`: it keeps.
    pub expires_at: Option<Timestamp>,
}

/// What there is to give.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CapacityView {
    /// The day.
    pub on: Date,
    /// By action.
    pub supply: Vec<SupplyRow>,
    /// Minutes there are a day; `None` is unlimited.
    pub minutes_per_day: Option<u64>,
    /// Minutes taken or reserved today.
    pub minutes_used: u64,
    /// Money there is, in minor units; `None` is unlimited.
    pub budget_minor: Option<i64>,
    /// Money spent or reserved.
    pub spent_minor: i64,
    /// Hard conversations by agent today, of the caller's team.
    pub hard_conversations: Vec<(AgentId, u32)>,
    /// The most there should be a day; `None` is unlimited.
    pub hard_conversations_max: Option<u32>,
}

/// Supply that came or went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SupplyInput {
    /// Of what.
    pub action: ActionId,
    /// By how many units.
    pub by: i64,
}

impl App {
    /// Returns what there is to give today.
    ///
    /// # Errors
    ///
    /// [`AppError::NoPolicy`].
    pub async fn capacity(&self, caller: &Caller) -> Result<CapacityView, AppError> {
        caller.may(Right::SeeWork)?;
        self.read(caller, view).await
    }

    /// Records that supply came or went.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`] action; [`AppError::Invalid`] if the action's supply is unlimited, or more would
    /// go than is left.
    pub async fn change_supply(
        &self,
        caller: &Caller,
        input: SupplyInput,
    ) -> Result<CapacityView, AppError> {
        caller.may(Right::ChangePolicy)?;
        self.write(caller, "supply", move |work| {
            let action = work.action(&input.action)?;
            let Some(supply) = action.supply else {
                let reason = "its supply is unlimited; nothing comes or goes";
                let ja = "数に限りがないため、増減はありません。";
                return Err(AppError::invalid("action", (reason, ja)));
            };
            let left = i128::from(supply) - taken(work, &input.action)?;
            if left + i128::from(input.by) < 0 {
                let reason = format!("{} would go and {left} are left", input.by.unsigned_abs());
                let ja = format!(
                    "{} 減らそうとしましたが、残りは {left} です。",
                    input.by.unsigned_abs()
                );
                return Err(AppError::invalid("by", (reason, ja)));
            }
            work.append(None, Body::SupplyChanged { action: action.id, by: input.by }, None)?;
            view(work)
        })
        .await
    }
}

/// Units taken or reserved, less those that came.
fn taken(work: &mut Work<'_, '_>, action: &ActionId) -> Result<i128, AppError> {
    let supply = work.books.supply()?;
    let known = supply.into_iter().find(|(known, _)| known == action);
    Ok(known.map_or(0, |(_, it)| i128::from(it.taken) - i128::from(it.came)))
}

/// What there is of each action that reaches clients.
pub(crate) fn supply_rows(work: &mut Work<'_, '_>) -> Result<Vec<SupplyRow>, AppError> {
    let policy = work.policy()?;
    let mut supply = Vec::new();
    for action in policy.policy().actions.iter().filter(|action| action.reaches_client()) {
        let gone = taken(work, &action.id)?;
        let left = action.supply.map(|all| (i128::from(all) - gone).max(0) as u64);
        supply.push(SupplyRow {
            action: action.id.clone(),
            name: action.name.clone(),
            supply: action.supply,
            used: gone.max(0) as u64,
            left,
            expires_at: action.expires_at,
        });
    }
    Ok(supply)
}

fn view(work: &mut Work<'_, '_>) -> Result<CapacityView, AppError> {
    let policy = work.policy()?;
    let document = policy.policy();
    let capacity = day_capacity(work, None)?;
    let supply = supply_rows(work)?;
    Ok(CapacityView {
        on: today(work)?,
        supply,
        minutes_per_day: document.minutes_per_day,
        minutes_used: capacity.minutes_used,
        budget_minor: document.budget_minor,
        spent_minor: capacity.spent_minor,
        hard_conversations: hard_conversations_of(work, None)?,
        hard_conversations_max: work.app.settings().hard_conversations_max,
    })
}

/// Hard conversations today, by agent of a team; the agents are those who have tokens.
pub(crate) fn hard_conversations_of(
    work: &mut Work<'_, '_>,
    team: Option<&TeamId>,
) -> Result<Vec<(AgentId, u32)>, AppError> {
    let day = today(work)?;
    let begin = day.to_zoned(house_zone(work)?);
    let until = begin.as_ref().ok().and_then(|begin| begin.tomorrow().ok());
    let (Ok(begin), Some(until)) = (begin, until) else {
        return Ok(Vec::new());
    };
    let mut agents: Vec<AgentId> = work
        .books
        .tokens()?
        .into_iter()
        .filter(|token| work.caller.may_see_team(token.team.as_ref()).is_ok())
        .filter(|token| team.is_none() || token.team.as_ref() == team)
        .filter_map(|token| token.agent)
        .collect();
    agents.sort();
    agents.dedup();
    let mut loads = Vec::with_capacity(agents.len());
    for agent in agents {
        let (_, hard) = work.books.load_of(&agent, begin.timestamp(), until.timestamp())?;
        loads.push((agent, hard));
    }
    Ok(loads)
}
