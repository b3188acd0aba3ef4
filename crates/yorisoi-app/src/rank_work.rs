//! Whom does this hour help most? The work list, by effect and not by risk, and who is left in peace.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{ActionId, AgentId, ClientId, Code, Score, TeamId, Words};

use crate::{App, AppError, Caller};

/// Which list is wanted.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
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
    /// Whom to leave in peace, of those looked at.
    pub holds: Vec<HoldRow>,
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

impl App {
    /// Draws up the list of work.
    ///
    /// # Errors
    ///
    /// [`AppError::NoPolicy`]; [`AppError::OtherTeam`].
    pub async fn work_list(&self, caller: &Caller, ask: WorkAsk) -> Result<WorkList, AppError> {
        let _ = (caller, ask);
        Err(AppError::NotYet)
    }
}
