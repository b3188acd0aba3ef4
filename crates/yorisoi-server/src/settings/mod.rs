//! What can the operator choose? One flat list of settings, each with a default that is safe on a
//! laptop.
//!
//! What binds clients is not here but in the policy. How values from file, environment and flags
//! come together is in [`Layers`].

mod layers;

use std::net::SocketAddr;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_ledger::Place;

pub use layers::{Explained, Layers, Origin, SettingsError, Settled};

/// A number, or `"unlimited"`; TOML has no null.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Written", into = "Written")]
#[schemars(with = "Written")]
pub struct Limit(pub Option<u32>);

/// A limit as it is written.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Written {
    /// That many; 0 is none.
    Number(u32),
    /// `"unlimited"`.
    Word(String),
}

impl TryFrom<Written> for Limit {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        match written {
            Written::Number(number) => Ok(Self(Some(number))),
            Written::Word(word) if word == "unlimited" => Ok(Self(None)),
            Written::Word(word) => {
                Err(format!("`{word}` is no limit; write a number or `unlimited`"))
            }
        }
    }
}

impl From<Limit> for Written {
    fn from(limit: Limit) -> Self {
        limit.0.map_or_else(|| Self::Word("unlimited".to_owned()), Self::Number)
    }
}

/// The address of a database: it may hold a password, so it is never printed.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct DatabaseUrl(pub String);

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_empty() { "none" } else { "…" })
    }
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// One JSON object a line, for machines.
    Json,
    /// For people.
    Text,
}

/// How much is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    /// What failed.
    Error,
    /// And what should be looked at.
    Warn,
    /// And one line for each request.
    Info,
    /// And what happens inside.
    Debug,
}

/// Settings of the service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServerSettings {
    /// Folder of the ledger, its keys, models and backups.
    pub data: PathBuf,
    /// `postgres://` address of the ledger; empty: SQLite in the data folder.
    pub database: DatabaseUrl,
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// Largest body of a request, in bytes.
    pub body_bytes_max: u32,
    /// Largest body of an import or a model, in bytes.
    pub upload_bytes_max: u32,
    /// Requests a second that one token may make.
    pub requests_per_second: Limit,
    /// Requests that one token may make at once after a pause.
    pub requests_burst: u32,
    /// Requests without a valid token a second, from one address.
    pub unauthenticated_per_second: Limit,
    /// Seconds after which a request is given up.
    pub request_timeout_s: u32,
    /// Seconds that open requests have to finish when the service stops.
    pub shutdown_grace_s: u32,
    /// Seconds between sweeps for what has expired.
    pub sweep_every_s: u32,
    /// Seconds between looks at the outbox of webhooks.
    pub webhooks_every_s: u32,
    /// Whether webhooks may go to private, link-local and loopback addresses.
    pub private_webhooks: bool,
    /// Web origins whose pages may call the API (CORS); empty: none.
    pub cors_origins: Vec<String>,
    /// Whether people reach the desk over HTTPS only: its cookie then travels no other way.
    pub secure_cookies: bool,
    /// How much is logged.
    pub log: LogLevel,
    /// How log lines are written.
    pub log_format: LogFormat,
    /// IANA zone in which a day of work begins and ends.
    pub zone: String,
    /// The outcome by which help is judged.
    pub outcome: String,
    /// Days after a decision within which its outcome counts.
    pub outcome_days: u32,
    /// Hours for which an answer is remembered for its `Idempotency-Key`.
    pub remember_hours: u32,
    /// Hard conversations (exits) an agent should have a day.
    pub hard_conversations_max: Limit,
    /// Hours that a session at the desk lasts without use.
    pub session_hours: u32,
}

impl Default for ServerSettings {
    fn default() -> Self {
        let app = yorisoi_app::Settings::default();
        Self {
            data: PathBuf::from("care"),
            database: DatabaseUrl::default(),
            listen: SocketAddr::from(([127, 0, 0, 1], 7878)),
            body_bytes_max: 1 << 20,
            upload_bytes_max: 64 << 20,
            // A floor for the reference machine is 2,000 a second from one program.
            requests_per_second: Limit(Some(5_000)),
            requests_burst: 10_000,
            unauthenticated_per_second: Limit(Some(20)),
            request_timeout_s: 30,
            shutdown_grace_s: 20,
            sweep_every_s: 5,
            webhooks_every_s: 2,
            private_webhooks: app.private_webhooks,
            cors_origins: Vec::new(),
            // The default address is this machine's own, without HTTPS.
            secure_cookies: false,
            log: LogLevel::Info,
            log_format: LogFormat::Json,
            zone: app.zone,
            outcome: app.outcome,
            outcome_days: app.outcome_days,
            remember_hours: app.remember_hours,
            hard_conversations_max: Limit(app.hard_conversations_max),
            session_hours: app.session_hours,
        }
    }
}

impl ServerSettings {
    /// Where the ledger lies.
    pub fn place(&self) -> Place {
        let folder = self.data.clone();
        let DatabaseUrl(url) = self.database.clone();
        if url.is_empty() { Place::Folder(folder) } else { Place::Postgres { url, folder } }
    }

    /// The settings of the use cases.
    pub fn app(&self) -> yorisoi_app::Settings {
        yorisoi_app::Settings {
            zone: self.zone.clone(),
            folder: Some(self.data.clone()),
            outcome: self.outcome.clone(),
            outcome_days: self.outcome_days,
            remember_hours: self.remember_hours,
            hard_conversations_max: self.hard_conversations_max.0,
            session_hours: self.session_hours,
            private_webhooks: self.private_webhooks,
        }
    }
}
