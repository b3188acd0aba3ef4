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
    /// Reads; one write takes so long that whoever else wants to write is refused until it is done.
    Slow {
        /// Seconds it has taken so far.
        seconds: u64,
    },
    /// Reads what can be read; a page of the store is damaged, and nothing is written until a backup is brought back.
    Damaged {
        /// What was found.
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
