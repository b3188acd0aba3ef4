//! What help there is: the catalogue's entries.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::condition::Condition;
use crate::ids::{ActionId, Channel, Topic};

/// What kind of act an action is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ActionKind {
    /// Something is offered: a campaign, a gift, a rebate.
    Offer,
    /// Something is told: a recommendation, an answer that was not asked for.
    Advise,
    /// Permission is asked, to talk or to advise.
    AskPermission,
    /// The client speaks, we listen.
    Listen,
    /// A better time is asked for.
    AskTime,
    /// Scarce or expiring help goes to someone it suits better.
    HandOn,
    /// Nothing is done now; when to look again is said.
    Hold,
    /// The client is let go, well.
    LetGo,
    /// A message that must be sent, by law or to keep the service running.
    Service,
}

impl ActionKind {
    /// Whether the client notices it: that they are contacted.
    pub fn reaches_client(self) -> bool {
        !matches!(self, Self::Hold | Self::LetGo)
    }
}

/// Which promises bind an action.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ActionClass {
    /// Required by law or by the contract: exempt from caps and consent, audited.
    Service,
    /// For the client's own sake.
    Care,
    /// For the house's sake too: solicitation.
    Offer,
}

/// A short text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Words {
    /// English.
    pub en: String,
    /// Japanese.
    pub ja: String,
}

impl Words {
    /// What has no words is called by its id, in either language.
    pub fn same(id: impl Into<String>) -> Self {
        let id = id.into();
        Self { en: id.clone(), ja: id }
    }
}

/// What is believed of an action before anybody has been helped by it: a normal distribution for the
/// effect on the outcome, and one for the chance of being a nuisance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Prior {
    /// Expected change of the outcome's mean (for a yes/no outcome: of its probability).
    pub benefit_mean: f64,
    /// Standard deviation of that belief; greater than zero.
    pub benefit_sd: f64,
    /// Expected probability of landing as a nuisance, in `[0, 1]`.
    pub nuisance_mean: f64,
    /// Landings that the belief about nuisance is worth; greater than zero.
    pub nuisance_weight: f64,
}

/// One kind of help: what it is, what it needs, what it costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionSpec {
    /// Its name in ledger and model. A model's arm of the same name gives its effect.
    pub id: ActionId,
    /// What kind of act it is.
    pub kind: ActionKind,
    /// Which promises bind it.
    pub class: ActionClass,
    /// What people at the desk read.
    pub name: Words,
    /// Why it is given: kept beside every attempt, to be held against how it landed.
    pub intention: Words,
    /// The way it takes; `None` for acts that reach nobody, such as `hold`.
    #[serde(default)]
    pub channel: Option<Channel>,
    /// What it is about; consent and refusal are by topic.
    #[serde(default)]
    pub topic: Option<Topic>,
    /// Cost of giving it once, in minor units of the policy's currency.
    pub cost_minor: i64,
    /// Minutes of an agent it takes.
    pub agent_minutes: u32,
    /// Units there are; `null` is unlimited, `0` is none.
    #[serde(default)]
    pub supply: Option<u64>,
    /// Whether the client must be there to receive it.
    #[serde(default)]
    pub needs_presence: bool,
    /// The instant at which it loses its worth; `null` keeps.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
    /// Who may have it at all: every condition must hold (contract, age, region).
    #[serde(default)]
    pub eligibility: Vec<Condition>,
    /// Whom it concerns: every condition must hold (has the product, has the need).
    #[serde(default)]
    pub applicability: Vec<Condition>,
    /// What is believed of it while there are too few data; `null`: no effect known is a reason to hold.
    #[serde(default)]
    pub prior: Option<Prior>,
    /// Free labels for reports.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
}

impl ActionSpec {
    /// Whether it is bound by consent, refusals and caps: everything but service messages and acts that
    /// reach nobody.
    pub fn is_solicitation(&self) -> bool {
        self.class != ActionClass::Service && self.reaches_client()
    }

    /// Whether the client notices it.
    pub fn reaches_client(&self) -> bool {
        self.kind.reaches_client()
    }

    /// Whether it says or gives something that calls for 相談了解, the consent to be advised.
    pub fn needs_advice_consent(&self) -> bool {
        matches!(self.kind, ActionKind::Offer | ActionKind::Advise)
            && self.class != ActionClass::Service
    }
}
