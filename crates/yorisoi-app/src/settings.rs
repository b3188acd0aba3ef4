//! What does the house decide about itself, outside its policy?

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Settings of the use cases. Everything that binds clients is in the policy, not here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// IANA zone in which a day of work begins and ends.
    pub zone: String,
    /// The folder for model files and backups; `None`: models are kept in memory only.
    pub folder: Option<PathBuf>,
    /// The outcome by which help is judged.
    pub outcome: String,
    /// Days after a decision within which its outcome counts.
    pub outcome_days: u32,
    /// How long an answer is remembered for its `Idempotency-Key`, in hours.
    pub remember_hours: u32,
    /// Hard conversations (exits) an agent should have a day; `null` is unlimited, `0` is none.
    pub hard_conversations_max: Option<u32>,
    /// How long a session at the desk lasts without use, in hours.
    pub session_hours: u32,
    /// Whether webhooks may go to private addresses.
    pub private_webhooks: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            zone: "Asia/Tokyo".to_owned(),
            folder: None,
            outcome: "stayed".to_owned(),
            outcome_days: 90,
            remember_hours: 48,
            hard_conversations_max: Some(6),
            session_hours: 10,
            private_webhooks: false,
        }
    }
}
