//! How did it land, against how it was meant? Nuisance by action and すれ違い, good endings, and credit.

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{ActionId, AgentId, TeamId, Topic, Words};

use crate::credit_agents::credit;
use crate::endings::endings;
use crate::landing_counts::landings;
use crate::read_ruptures::RuptureView;
use crate::rehearse_policy::Ranged;
use crate::{App, AppError, Caller, Right};

/// How one kind of help landed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LandingRow {
    /// Which.
    pub action: ActionId,
    /// Its name.
    pub name: Words,
    /// How it was meant.
    pub intention: Words,
    /// Received, and nothing more is known.
    pub received: u64,
    /// It helped.
    pub helped: u64,
    /// Neither here nor there.
    pub neutral: u64,
    /// A nuisance.
    pub nuisance: u64,
    /// Never arrived.
    pub not_received: u64,
    /// The heart closed.
    pub closed: u64,
    /// Rate of nuisance, shrunk, with its interval.
    pub nuisance_rate: Ranged,
    /// すれ違い: how far landing and intention lie apart, 0 (as meant) to 1.
    pub mismatch: Ranged,
}

/// How often it landed how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LandingCounts {
    /// Received, and nothing more is known.
    pub received: u64,
    /// It helped.
    pub helped: u64,
    /// Neither here nor there.
    pub neutral: u64,
    /// A nuisance.
    pub nuisance: u64,
    /// Never arrived.
    pub not_received: u64,
    /// The heart closed.
    pub closed: u64,
}

/// How help on one topic landed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TopicRow {
    /// About what, as the catalogue said when it was told; `null`: help that is about nothing in particular.
    pub topic: Option<Topic>,
    /// What the topic is called; its id where the policy has no words for it.
    pub name: Option<Words>,
    /// How often it landed how.
    #[serde(flatten)]
    pub counts: LandingCounts,
    /// すれ違い: how far landing and intention lie apart, 0 (as meant) to 1.
    pub mismatch: Ranged,
}

/// How help landed in one week.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WeekRow {
    /// The Monday with which it began, where the house is.
    pub week: Date,
    /// How often it landed how, by the week in which it was told.
    #[serde(flatten)]
    pub counts: LandingCounts,
    /// すれ違い: how far landing and intention lie apart, 0 (as meant) to 1.
    pub mismatch: Ranged,
}

/// How help landed, by action, by topic and by week.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LandingsReport {
    /// As of when.
    pub at: Timestamp,
    /// By action, the widest mismatch first.
    pub rows: Vec<LandingRow>,
    /// By topic, the widest mismatch first.
    pub topics: Vec<TopicRow>,
    /// By week, the oldest first; the last 26 in which anything was told.
    pub weeks: Vec<WeekRow>,
    /// Hearts that closed, the newest first, with what came before each; ten at most.
    pub ruptures: Vec<RuptureView>,
    /// Holds of all decisions.
    pub holds: u64,
    /// Decisions in all.
    pub decisions: u64,
}

/// How goodbyes went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EndingsReport {
    /// As of when.
    pub at: Timestamp,
    /// Exits that were asked for.
    pub requested: u64,
    /// Exits completed.
    pub completed: u64,
    /// Exits not pursued; never counted as saved.
    pub abandoned: u64,
    /// Exits that are open.
    pub open: u64,
    /// Median time from the request to the receipt, in minutes.
    pub clean_exit_minutes: Ranged,
    /// Share of completed exits without a nuisance on the way and without a second offer.
    pub good_endings: Ranged,
    /// Share of those gone who came back by themselves.
    pub returned: Ranged,
    /// Holds of all decisions for the units of the programme, as far as they were dealt to the caller's team.
    pub holds: u64,
    /// Decisions in all.
    pub decisions: u64,
}

/// One agent's credit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreditRow {
    /// Who; by name, never by rank.
    pub agent: AgentId,
    /// Clients with a known outcome.
    pub n: u64,
    /// What their help changed a client, shrunk; `None` below 30 clients.
    pub credit: Option<Ranged>,
    /// Hard conversations today.
    pub hard_conversations: u32,
    /// Goodbyes that ended well.
    pub good_endings: u64,
}

/// A team's credit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TeamRow {
    /// Which.
    pub team: TeamId,
    /// Treated households whose outcome can be compared.
    pub n: u64,
    /// What its help changed a client.
    pub credit: Ranged,
}

/// Credit of a team.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreditReport {
    /// As of when.
    pub at: Timestamp,
    /// Which team; `None`: all.
    pub team: Option<TeamId>,
    /// The team's credit a client.
    pub team_credit: Ranged,
    /// By team, in the order of their names.
    pub teams: Vec<TeamRow>,
    /// By agent, in the order of their names.
    pub rows: Vec<CreditRow>,
    /// Holds of all decisions for the units that were dealt to the team.
    pub holds: u64,
    /// Decisions in all.
    pub decisions: u64,
    /// How to read it.
    pub words: Words,
}

impl App {
    /// Returns how help landed.
    ///
    /// # Errors
    ///
    /// [`AppError::NoPolicy`].
    pub async fn landings_report(&self, caller: &Caller) -> Result<LandingsReport, AppError> {
        caller.may(Right::ReadProof)?;
        self.read(caller, landings).await
    }

    /// Returns how goodbyes went.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`].
    pub async fn endings_report(&self, caller: &Caller) -> Result<EndingsReport, AppError> {
        caller.may(Right::ReadProof)?;
        self.read_long(caller, endings).await
    }

    /// Returns what each agent's help changed.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`]; [`AppError::OtherTeam`].
    pub async fn credit(
        &self,
        caller: &Caller,
        team: Option<TeamId>,
    ) -> Result<CreditReport, AppError> {
        caller.may(Right::ReadCredit)?;
        let team = team.or_else(|| caller.team.clone());
        caller.may_see_team(team.as_ref())?;
        self.read_long(caller, move |work| credit(work, team)).await
    }
}
