//! A lively little world to try everything in: ninety days of helping, refusing, handing on and letting go.
//!
//! Nothing here writes to the ledger by itself: whatever happens, happens through the same use cases as at the
//! desk, with the clock set to the day on which it happens.

mod days;
mod people;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{AgentId, TeamId};

use crate::change_policy::PolicyInput;
use crate::clock::FixedClock;
use crate::draws::Draws;
use crate::keep_tokens::{IssuedToken, TokenInput};
use crate::{App, AppError, Caller, Role};
use days::House;

/// The policy of the sample world.
pub const SAMPLE_POLICY: &str = include_str!("policy.toml");

/// Days that are lived through.
const DAYS: i64 = 90;

/// What is in the sample world, and how to come in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SampleWorld {
    /// Clients.
    pub clients: u64,
    /// Decisions made.
    pub decisions: u64,
    /// Secrets by name, to sign in with: agents, two leads, an analyst, a privacy officer, a service.
    pub tokens: Vec<IssuedToken>,
}

/// Fills an empty ledger with the ninety days before now.
///
/// # Errors
///
/// [`AppError::Exists`] if the ledger is not empty: history cannot be put before what was recorded.
pub async fn sample_world(app: &App, seed: u64) -> Result<SampleWorld, AppError> {
    let opener = caller("first-start", Role::Privacy, None);
    let is_empty = app.read(&opener, |work| Ok(work.last_at.is_none())).await?;
    if !is_empty {
        return Err(AppError::Exists { what: "ledger with entries", name: "ledger".to_owned() });
    }
    let begin = begin_of(app.now())?;
    let clock = Arc::new(FixedClock::at(begin));
    let past = app.with_clock(clock.clone());
    let tokens = issue_tokens(&past, &opener).await?;
    let why = "Help first those whom it helps. はじめの方針です。";
    publish(&past, &clock, (SAMPLE_POLICY.to_owned(), why)).await?;
    let mut house = House::new(past.clone(), clock.clone(), Draws::new(seed));
    house.move_in().await?;
    let end = app.now();
    for day in 1..DAYS {
        if house.opens(begin, day, end)? {
            house.live_a_day(day).await?;
        }
    }
    house.look_back().await?;
    let why = "The last peaches of the season came. 今季最後の桃が届きました。";
    publish(&past, &clock, (last_peaches(end)?, why)).await?;
    let decisions = house.decisions;
    Ok(SampleWorld { clients: house.people.len() as u64, decisions, tokens })
}

/// Ten in the morning in Tokyo, ninety days ago.
fn begin_of(now: Timestamp) -> Result<Timestamp, AppError> {
    let bad = |error: jiff::Error| AppError::invalid("clock", error.to_string());
    let day = now.checked_sub(SignedDuration::from_hours(24 * DAYS)).map_err(bad)?;
    let there = day.in_tz("Asia/Tokyo").map_err(bad)?;
    Ok(there.date().at(10, 0, 0, 0).in_tz("Asia/Tokyo").map_err(bad)?.timestamp())
}

pub(super) fn caller(token: &str, role: Role, team: Option<(&str, Option<&str>)>) -> Caller {
    Caller {
        token: token.to_owned(),
        role,
        team: team.and_then(|(team, _)| TeamId::new(team).ok()),
        agent: team.and_then(|(_, agent)| agent).and_then(|agent| AgentId::new(agent).ok()),
    }
}

async fn issue_tokens(app: &App, opener: &Caller) -> Result<Vec<IssuedToken>, AppError> {
    let mut inputs = vec![
        token("lead-sato", Role::Lead, None, Some("sato")),
        token("lead-garcia", Role::Lead, None, Some("garcia")),
        token("analyst", Role::Analyst, None, None),
        token("privacy", Role::Privacy, None, None),
        token("service", Role::Service, None, None),
    ];
    for (team, agents) in people::TEAMS {
        inputs.extend(agents.iter().map(|it| token(it, Role::Agent, Some(team), Some(it))));
    }
    let mut issued = Vec::with_capacity(inputs.len());
    for input in inputs {
        issued.push(app.issue_token(opener, input).await?);
    }
    Ok(issued)
}

fn token(name: &str, role: Role, team: Option<&str>, agent: Option<&str>) -> TokenInput {
    TokenInput {
        token: name.to_owned(),
        role,
        team: team.and_then(|team| TeamId::new(team).ok()),
        agent: agent.and_then(|agent| AgentId::new(agent).ok()),
    }
}

/// The policy with a few more boxes of peaches, which keep for four days.
fn last_peaches(now: Timestamp) -> Result<String, AppError> {
    let bad = |error: jiff::Error| AppError::invalid("clock", error.to_string());
    let day = now.checked_add(SignedDuration::from_hours(24 * 4)).map_err(bad)?;
    let there = day.in_tz("Asia/Tokyo").map_err(bad)?.date();
    let end = there.at(18, 0, 0, 0).in_tz("Asia/Tokyo").map_err(bad)?.timestamp();
    let more = format!("supply = 18\nexpires_at = \"{end}\"");
    Ok(SAMPLE_POLICY.replace("supply = 12", &more))
}

/// One lead drafts, the other publishes.
async fn publish(
    app: &App,
    clock: &FixedClock,
    (document, why): (String, &str),
) -> Result<(), AppError> {
    let sato = caller("lead-sato", Role::Lead, None);
    let garcia = caller("lead-garcia", Role::Lead, None);
    let why = why.to_owned();
    let draft = app.draft_policy(&sato, PolicyInput { document, why }).await?;
    clock.pass_minutes(20);
    app.publish_policy(&garcia, &draft.fingerprint).await?;
    Ok(())
}
