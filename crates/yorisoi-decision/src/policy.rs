//! What did the house promise, and what is it worth? The policy: a versioned document.
//!
//! There are no defaults for promises and costs: somebody must choose them. `null` is unlimited, `0`
//! is none, everywhere.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::action::{ActionKind, ActionSpec, Words};
use crate::ids::{ActionId, Channel, Topic};

/// A policy as written, in TOML or JSON. [`Policy::validated`] makes it one that may decide.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Its name; versions of one name follow each other.
    pub name: String,
    /// ISO 4217 code of every amount in it.
    pub currency: String,
    /// What staying, leaving, bothering and harming weigh.
    pub values: Values,
    /// What may reach a person, how often and when.
    pub contact: ContactPolicy,
    /// What follows attempts that found nobody.
    pub attempts: AttemptPolicy,
    /// How long a decision keeps its supply and its minutes before they are free again.
    pub reservation_minutes: u32,
    /// How long to wait after a hold that names no better time.
    pub look_again_hours: u32,
    /// How often to try something other than the best, so that there is something to learn from.
    pub exploration: Exploration,
    /// Who is left without help so that help can be proven.
    pub holdout: Holdout,
    /// What limited things are worth, from the last plan.
    #[serde(default)]
    pub prices: Prices,
    /// Minutes of agents there are a day; `null` is unlimited.
    #[serde(default)]
    pub minutes_per_day: Option<u64>,
    /// Money there is for help over the policy's life, in minor units; `null` is unlimited.
    #[serde(default)]
    pub budget_minor: Option<i64>,
    /// The catalogue.
    pub actions: Vec<ActionSpec>,
    /// What topics are called by people; a topic that is not here goes by its own id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub topics: BTreeMap<Topic, Words>,
    /// What attributes of clients are called by people; an attribute that is not here goes by its own name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, Words>,
    /// What outcomes are called by people; an outcome that is not here goes by its own name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub outcomes: BTreeMap<String, Words>,
}

/// Amounts that make benefit, nuisance and cost comparable, and the harm that is never accepted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Values {
    /// What one unit of the outcome is worth in minor units: for "stays", the value of a client over
    /// the horizon. A client's own value, where known, takes its place.
    pub outcome_minor: i64,
    /// What winning one client anew costs; added to the worth of one who stays.
    pub replacement_minor: i64,
    /// κ: what landing as a nuisance costs.
    pub nuisance_minor: i64,
    /// The harm (loss of outcome) that the interval must rule out, at least zero.
    pub allowed_harm: f64,
}

/// Whose contacts a cap counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CapScope {
    /// One person's.
    Person,
    /// Everybody's in the household together.
    Household,
}

/// At most so many contacts in any window of so many hours, human calls included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cap {
    /// Whose contacts count.
    pub scope: CapScope,
    /// Contacts allowed in the window; `null` is unlimited, `0` is none.
    pub max: Option<u32>,
    /// Length of the rolling window, in hours; greater than zero.
    pub window_hours: u32,
    /// The channels that count; `null`: all together.
    #[serde(default)]
    pub channels: Option<BTreeSet<Channel>>,
}

/// A time of day in the client's own zone, `HH:MM`.
pub type LocalTime = jiff::civil::Time;

/// When nobody is to be contacted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// When quiet begins, in the client's zone. It may lie after `until`: then quiet spans midnight.
    #[schemars(with = "String")]
    pub from: LocalTime,
    /// When quiet ends. Equal to `from`: never quiet.
    #[schemars(with = "String")]
    pub until: LocalTime,
    /// Whether Sundays and the public holidays of [`ContactPolicy::holidays`] are quiet the whole day.
    pub rest_days: bool,
}

/// Whose public holidays are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HolidayCalendar {
    /// Sundays only.
    None,
    /// Japan's.
    Japan,
}

/// What may reach a person, how often and when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactPolicy {
    /// Caps; all hold at once.
    pub caps: Vec<Cap>,
    /// Hours without solicitation after something landed as a nuisance.
    pub cool_down_hours: u32,
    /// Quiet hours, for solicitation.
    pub quiet_hours: QuietHours,
    /// The holidays that are kept.
    pub holidays: HolidayCalendar,
    /// IANA zones a client whose zone is unknown may plausibly live in: only hours that are allowed in
    /// all of them are used. Empty: a client without a zone is never contacted.
    pub plausible_zones: Vec<String>,
    /// Whether somebody whom we never contacted, and who said neither yes nor no, may be asked once for
    /// consent to be talked to. Otherwise only a client who begins is asked.
    #[serde(default)]
    pub first_contact: bool,
}

/// What follows attempts that found nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttemptPolicy {
    /// Failed attempts after which only a time is asked for, or the help is handed on; `null` is unlimited.
    pub max_attempts: Option<u32>,
}

/// How often something other than the best is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exploration {
    /// Share of decisions that choose evenly among all candidates that passed every gate, in `[0, 1]`.
    pub rate: f64,
    /// Candidates at most that exploration chooses among, by score; at least 1.
    pub among: u32,
}

/// Who is left without help so that help can be proven.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Holdout {
    /// The programme's name: a new name deals people anew.
    pub programme: String,
    /// Share of households held out, in `[0, 0.5]`.
    pub share: f64,
}

/// Shadow prices: what one more unit of a limited thing would change.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    /// Worth of one minor unit of budget beyond itself, at least zero.
    #[serde(default)]
    pub budget: f64,
    /// Worth of one agent minute, in minor units, at least zero.
    #[serde(default)]
    pub minute_minor: f64,
    /// Worth of one unit of supply of an action, in minor units, at least zero.
    #[serde(default)]
    pub supply_minor: BTreeMap<ActionId, f64>,
}

/// Why a document is no policy.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// It is not TOML or JSON of the published schema.
    #[error("the policy cannot be read: {reason}")]
    Unreadable {
        /// What the parser said, with the place.
        reason: String,
    },
    /// A value lies outside its range.
    #[error("`{field}` is {actual}; expected {expected}")]
    OutOfRange {
        /// Path of the field.
        field: String,
        /// What it holds.
        actual: String,
        /// What it may hold.
        expected: String,
    },
    /// Two actions have one name.
    #[error("the action `{action}` is there twice; give each a name of its own")]
    DuplicateAction {
        /// The name.
        action: ActionId,
    },
    /// An act that the house cannot do without is missing.
    #[error(
        "the catalogue has no action of kind `{kind}`; add one, so that holding back is always possible"
    )]
    MissingKind {
        /// The kind.
        kind: &'static str,
    },
    /// A price is set for something that is not in the catalogue.
    #[error("`{field}` names the action `{action}`, which is not in the catalogue")]
    UnknownAction {
        /// Path of the field.
        field: String,
        /// The name.
        action: ActionId,
    },
    /// A zone is not in the time zone database.
    #[error("`{zone}` is no IANA time zone; write it like `Asia/Tokyo`")]
    UnknownZone {
        /// The name.
        zone: String,
    },
}

/// A policy that passed every check: the only kind that decides.
#[derive(Debug, Clone)]
pub struct ValidPolicy {
    policy: Policy,
    fingerprint: String,
}

impl ValidPolicy {
    /// The document.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Hash of the document's canonical JSON, in hexadecimal: same policy, same fingerprint.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The action of that name.
    pub fn action(&self, id: &ActionId) -> Option<&ActionSpec> {
        self.policy.actions.iter().find(|action| action.id == *id)
    }
}

impl Policy {
    /// Reads a policy from JSON (if the first character is a brace) or TOML.
    ///
    /// # Errors
    ///
    /// [`PolicyError::Unreadable`] with line and column.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        let unreadable = |reason: String| PolicyError::Unreadable { reason };
        if text.trim_start().starts_with('{') {
            serde_json::from_str(text).map_err(|error| unreadable(error.to_string()))
        } else {
            toml::from_str(text).map_err(|error| unreadable(error.to_string()))
        }
    }

    /// Checks every value and returns the policy that may decide.
    ///
    /// # Errors
    ///
    /// The first [`PolicyError`] found.
    pub fn validated(self) -> Result<ValidPolicy, PolicyError> {
        crate::policy_check::check(&self)?;
        let canonical = serde_json::to_vec(&self)
            .map_err(|error| PolicyError::Unreadable { reason: error.to_string() })?;
        let fingerprint = blake3::hash(&canonical).to_hex().to_string();
        Ok(ValidPolicy { policy: self, fingerprint })
    }

    /// Returns the JSON schema of the document, as published in `docs/policy.schema.json`.
    pub fn json_schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }

    /// What people call an action; its id where it is not in the catalogue.
    pub fn action_name(&self, action: &ActionId) -> Words {
        let known = self.actions.iter().find(|known| known.id == *action);
        known.map_or_else(|| Words::same(action.as_str()), |known| known.name.clone())
    }

    /// What people call a topic; its id where the policy has no words for it.
    pub fn topic_name(&self, topic: &Topic) -> Words {
        self.topics.get(topic).cloned().unwrap_or_else(|| Words::same(topic.as_str()))
    }

    /// What people call an attribute of clients; its own name where the policy has no words for it.
    pub fn attribute_name(&self, attribute: &str) -> Words {
        self.attributes.get(attribute).cloned().unwrap_or_else(|| Words::same(attribute))
    }

    /// What people call an outcome; its own name where the policy has no words for it.
    pub fn outcome_name(&self, outcome: &str) -> Words {
        self.outcomes.get(outcome).cloned().unwrap_or_else(|| Words::same(outcome))
    }

    /// The first action of a kind.
    pub fn first_of(&self, kind: ActionKind) -> Option<&ActionSpec> {
        self.actions.iter().find(|action| action.kind == kind)
    }
}
