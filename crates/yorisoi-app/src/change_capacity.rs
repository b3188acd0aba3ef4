//! What is there to give today? Supply, minutes, money, and what is taken.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{ActionId, AgentId, Words};

use crate::{App, AppError, Caller};

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
        let _ = caller;
        Err(AppError::NotYet)
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
        let _ = (caller, input);
        Err(AppError::NotYet)
    }
}
