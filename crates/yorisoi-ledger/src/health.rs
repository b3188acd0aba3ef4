//! Can the ledger be used now? What `/readyz` tells.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The ledger's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Health {
    /// Reads and writes.
    Ready,
    /// Opening, or folding the projections anew.
    Starting,
    /// Reads; writing fails.
    ReadOnly {
        /// What the store said.
        why: String,
    },
    /// Neither.
    Unavailable {
        /// What the store said.
        why: String,
    },
}

impl Health {
    /// Whether writes are accepted.
    pub fn is_ready(&self) -> bool {
        *self == Self::Ready
    }
}

/// A step of the clock that was larger than the time that had passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClockJump {
    /// Time of the entry before.
    pub from: Timestamp,
    /// Time of the entry after.
    pub to: Timestamp,
    /// The entry after.
    pub seq: u64,
}
