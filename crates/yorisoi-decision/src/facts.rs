//! What is known when a decision is made: the client, their household, what there is to give.
//!
//! Facts are plain data, folded from the ledger by the layer above or given by a caller. Whatever is
//! unknown is `None` or absent, and no gate takes the unknown for a yes.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::action::ActionClass;
use crate::condition::Attribute;
use crate::decision::HoldoutArm;
use crate::ids::{ActionId, AgentId, Channel, ClientId, DecisionId, HouseholdId, TeamId, Topic};

/// Which consent: 会話了解 to be talked to, 相談了解 to be advised.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ConsentKind {
    /// 会話了解: we may talk.
    Talk,
    /// 相談了解: we may advise and offer.
    Advise,
}

/// One consent, as the client gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Consent {
    /// To what.
    pub kind: ConsentKind,
    /// On which topic; `None`: on any.
    #[serde(default)]
    pub topic: Option<Topic>,
    /// Over which channel; `None`: over any.
    #[serde(default)]
    pub channel: Option<Channel>,
    /// When it was given.
    pub granted_at: Timestamp,
    /// The instant from which it no longer holds; `None`: until withdrawn.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
}

/// A refusal: no means no, on every channel and from every colleague.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Refusal {
    /// What is refused; topic and channel both `None`: everything. Both given: that topic on that channel.
    #[serde(default)]
    pub topic: Option<Topic>,
    /// The channel refused.
    #[serde(default)]
    pub channel: Option<Channel>,
    /// When.
    pub refused_at: Timestamp,
}

/// One contact that reached out to the client, delivered or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Contact {
    /// When.
    pub at: Timestamp,
    /// Over what.
    pub channel: Channel,
    /// Which promises bound it.
    pub class: ActionClass,
    /// The decision behind it, if there was one.
    #[serde(default)]
    pub decision: Option<DecisionId>,
}

/// A decision that keeps supply, minutes and a place under the caps until it is carried out or expires.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reservation {
    /// Whose.
    pub decision: DecisionId,
    /// Of what.
    pub action: ActionId,
    /// Over what.
    #[serde(default)]
    pub channel: Option<Channel>,
    /// When it was made.
    pub at: Timestamp,
    /// The instant from which it no longer counts.
    pub expires_at: Timestamp,
}

/// Attempts at one action that found nobody, since the last that did.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Attempts {
    /// How many failed in a row.
    pub failed: u32,
    /// The last of them.
    #[serde(default)]
    pub last_at: Option<Timestamp>,
}

/// A span in which the client is busy: an absolute one, or one that comes back every week.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Busy {
    /// From one instant up to another.
    Once {
        /// Begin.
        from: Timestamp,
        /// End, no longer busy.
        until: Timestamp,
    },
    /// Every week, in the client's zone.
    Weekly {
        /// Monday is 1, Sunday is 7.
        weekday: u8,
        /// Begin.
        #[schemars(with = "String")]
        from: jiff::civil::Time,
        /// End, no longer busy; not before `from`.
        #[schemars(with = "String")]
        until: jiff::civil::Time,
    },
}

/// How far a client has gone on the way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExitState {
    /// Not leaving.
    #[default]
    None,
    /// Asked to leave; one permitted offer may be made.
    Requested,
    /// Asked to leave, and the one offer has been made.
    Offered,
    /// Firmly decided: nothing is offered from here on.
    Decided,
    /// Gone, with a receipt.
    Completed,
    /// Asked to leave and then stayed without having been processed; never counted as saved.
    Abandoned,
}

/// An effect on one client, with what is not known about it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EffectFact {
    /// Expected change of the outcome's mean by this action, against holding.
    pub benefit: f64,
    /// Lower end of the 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Where the effects came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum EffectSource {
    /// A registered model.
    Model {
        /// Its fingerprint.
        model: String,
    },
    /// The caller.
    Given,
    /// What people believe, and what has been learned since, action by action.
    Prior,
}

/// How an action has landed so far, over all clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct LandingCounts {
    /// Landings that were told.
    pub told: u64,
    /// Those that were a nuisance or closed the heart.
    pub nuisance: u64,
}

/// What trying an action has shown so far, where there is no model: outcomes after it, and after holding.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Learned {
    /// Clients with a known outcome.
    pub n: u64,
    /// Sum of the outcomes.
    pub sum: f64,
    /// Sum of their squares.
    pub sum_squares: f64,
}

/// Everything known of one client.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClientFacts {
    /// Who.
    pub client: ClientId,
    /// With whom they live or decide; `None`: alone.
    #[serde(default)]
    pub household: Option<HouseholdId>,
    /// The team that looks after them.
    #[serde(default)]
    pub team: Option<TeamId>,
    /// The agent who does.
    #[serde(default)]
    pub agent: Option<AgentId>,
    /// Whether the person asked to be forgotten.
    #[serde(default)]
    pub erased: bool,
    /// The record that this one was merged into.
    #[serde(default)]
    pub merged_into: Option<ClientId>,
    /// IANA time zone.
    #[serde(default)]
    pub zone: Option<String>,
    /// The client's own worth in minor units, in place of the policy's.
    #[serde(default)]
    pub value_minor: Option<i64>,
    /// What is known of them.
    #[serde(default)]
    pub attributes: BTreeMap<String, Attribute>,
    /// Consents that were not withdrawn.
    #[serde(default)]
    pub consents: Vec<Consent>,
    /// Refusals that the client did not lift.
    #[serde(default)]
    pub refusals: Vec<Refusal>,
    /// Contacts, oldest first, as far back as any cap looks.
    #[serde(default)]
    pub contacts: Vec<Contact>,
    /// Open reservations, oldest first.
    #[serde(default)]
    pub reservations: Vec<Reservation>,
    /// The last landing that was a nuisance or closed the heart.
    #[serde(default)]
    pub nuisance_at: Option<Timestamp>,
    /// The last time something of an action landed as a nuisance, was refused or helped, by action.
    #[serde(default)]
    pub attempts: BTreeMap<ActionId, Attempts>,
    /// When they are busy.
    #[serde(default)]
    pub busy: Vec<Busy>,
    /// The way out.
    #[serde(default)]
    pub exit: ExitState,
    /// Actions that the client has handed on: nothing more of it comes to them.
    #[serde(default)]
    pub released: Vec<ActionId>,
    /// The arm they were dealt with their first decision, by programme: it stays theirs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub dealt: BTreeMap<String, HoldoutArm>,
    /// Effects by action; absent: not known.
    #[serde(default)]
    pub effects: BTreeMap<ActionId, EffectFact>,
    /// Where they come from.
    #[serde(default)]
    pub effect_source: Option<EffectSource>,
}

/// What counts for everybody in a household together.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct HouseholdFacts {
    /// Contacts of all members, oldest first.
    #[serde(default)]
    pub contacts: Vec<Contact>,
    /// Open reservations of all members.
    #[serde(default)]
    pub reservations: Vec<Reservation>,
}

/// What there is to give at this moment, reservations taken off. A missing entry is the policy's full supply.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct CapacityFacts {
    /// Units taken or reserved, by action.
    #[serde(default)]
    pub used: BTreeMap<ActionId, u64>,
    /// Agent minutes taken or reserved today.
    #[serde(default)]
    pub minutes_used: u64,
    /// Money spent or reserved, in minor units.
    #[serde(default)]
    pub spent_minor: i64,
    /// Hard conversations of the deciding agent today, and the most there should be.
    #[serde(default)]
    pub hard_conversations: Option<(u32, u32)>,
}

/// What has been learned of the actions over all clients.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct ActionFacts {
    /// How each action landed.
    #[serde(default)]
    pub landings: BTreeMap<ActionId, LandingCounts>,
    /// Outcomes after each action, for learning without a model.
    #[serde(default)]
    pub learned: BTreeMap<ActionId, Learned>,
    /// Outcomes after holding.
    #[serde(default)]
    pub learned_hold: Learned,
}

/// What the ledger could say of the client.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "known", rename_all = "snake_case")]
pub enum Record {
    /// Everything.
    Client {
        /// The facts.
        facts: Box<ClientFacts>,
    },
    /// There is no such client.
    Unknown {
        /// The name that was asked for.
        client: ClientId,
    },
    /// The ledger could not be read: nothing may be assumed.
    Unavailable {
        /// The name that was asked for.
        client: ClientId,
    },
}

/// Who began this: a contact the client began is not bound by caps and quiet hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Initiative {
    /// We reach out.
    #[default]
    Ours,
    /// The client called, wrote or came.
    Clients,
}

/// Everything a decision may look at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Situation {
    /// The name the decision will have.
    pub decision: DecisionId,
    /// Now.
    pub now: Timestamp,
    /// The latest time the ledger has seen; if `now` lies before it, the clock is not to be trusted.
    #[serde(default)]
    pub ledger_time: Option<Timestamp>,
    /// Who began.
    #[serde(default)]
    pub initiative: Initiative,
    /// The client.
    pub record: Record,
    /// Their household.
    #[serde(default)]
    pub household: HouseholdFacts,
    /// What there is to give.
    #[serde(default)]
    pub capacity: CapacityFacts,
    /// What is known of the actions.
    #[serde(default)]
    pub actions: ActionFacts,
    /// The actions to consider; `None`: the whole catalogue.
    #[serde(default)]
    pub only: Option<Vec<ActionId>>,
}
