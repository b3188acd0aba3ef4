//! What can be entered into the ledger: one typed body for every kind of event.
//!
//! A body holds no personal data. Names, addresses, notes, attributes and whatever else says who
//! somebody is travel as [`Personal`] beside it, are kept apart, encrypted with the person's own key,
//! and are tied to the entry by a digest: erasing the key erases the person, and the chain still verifies.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{
    ActionClass, ActionId, AgentId, Attribute, Busy, Channel, ClientId, Consent, ConsentKind,
    Decision, DecisionId, EffectFact, EffectSource, HouseholdId, Policy, Reservation, TeamId,
    Topic,
};

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "as", rename_all = "snake_case")]
pub enum Actor {
    /// A person at the desk, by the name of their token.
    Agent {
        /// Who.
        agent: AgentId,
    },
    /// Another program, by the name of its token.
    Service {
        /// Which.
        name: String,
    },
    /// The client, by their own act.
    Client,
    /// The house itself: an expiry, a deadline, a rebuild.
    House,
}

/// How help landed, as the receiver told it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Landing {
    /// It arrived; nothing more is known.
    Received,
    /// It helped.
    Helped,
    /// It was neither here nor there.
    Neutral,
    /// It was a nuisance.
    Nuisance,
    /// It never arrived.
    NotReceived,
    /// The heart closed.
    Closed,
}

/// How a consent or a refusal is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The client said so.
    Words,
    /// The client tapped or ticked.
    Tap,
    /// It came with an import.
    Import,
}

/// What is known of a client that is not personal; every field that is `None` stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Profile {
    /// With whom they live or decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub household: Option<HouseholdId>,
    /// The team that looks after them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
    /// The agent who does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentId>,
    /// IANA time zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// The client's own worth in minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_minor: Option<i64>,
}

/// What is kept of a client after they have gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExitReceipt {
    /// The receipt's own name.
    pub receipt: String,
    /// The day from which the exit holds.
    pub effective_on: Date,
    /// What the client keeps.
    pub keeps: Vec<String>,
    /// What the client loses.
    pub loses: Vec<String>,
    /// Whether the client wants to hear from us again, by their own words.
    pub door_open: bool,
}

/// A model that may give effects.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ModelCard {
    /// Hash of the model file.
    pub model: String,
    /// Fingerprint of the data it learned from.
    pub data_fingerprint: String,
    /// Features it asks for, in order.
    pub features: Vec<String>,
    /// Arms it has effects for, the control first.
    pub arms: Vec<String>,
    /// Where the file lies, below the data folder.
    pub file: String,
    /// What it was learned from; `None` where a model was registered before this was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<ModelOrigin>,
}

/// What a model says it was learned from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ModelOrigin {
    /// The treatment column.
    pub treatment: String,
    /// The outcome column; empty where columns had no names.
    pub outcome: String,
    /// Whether less of the outcome is better. Effects count improvement all the same.
    pub less_is_better: bool,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Body {
    // --- people ---
    /// A client is known from now on.
    ClientAdded {
        /// What is not personal.
        profile: Profile,
    },
    /// Something about a client changed; personal parts (name, address, attributes) travel beside it.
    ClientChanged {
        /// What is not personal.
        profile: Profile,
    },
    /// Another record turned out to be the same person; the subject is the record that stays.
    ClientsMerged {
        /// The record that goes.
        from: ClientId,
    },
    /// The client is known to another system under a further name (personal, beside it).
    AliasAdded {},
    // --- consent ---
    /// The client consented.
    ConsentGranted {
        /// To what.
        consent: Consent,
        /// How it is known.
        source: Source,
    },
    /// The client withdrew a consent: every consent of that kind, on that topic and channel if given.
    ConsentWithdrawn {
        /// Which kind.
        consent: ConsentKind,
        /// Only on this topic.
        topic: Option<Topic>,
        /// Only over this channel.
        channel: Option<Channel>,
        /// How it is known.
        source: Source,
    },
    /// The client refused; topic and channel both `None`: everything.
    Refused {
        /// What.
        topic: Option<Topic>,
        /// Over what.
        channel: Option<Channel>,
        /// How it is known.
        source: Source,
    },
    /// The client, by their own act, lifted a refusal.
    Reopened {
        /// Of what.
        topic: Option<Topic>,
        /// Over what.
        channel: Option<Channel>,
        /// How it is known.
        source: Source,
    },
    /// The client's new address was somebody's who was erased: what is no service message does not go over this
    /// channel, as if they had refused it, until the client lifts that.
    ChannelQuieted {
        /// The channel.
        channel: Channel,
    },
    // --- needs, presence, notes ---
    /// The client said what they need (the words travel beside it).
    NeedStated {
        /// About what.
        topic: Topic,
    },
    /// Somebody thinks the client may need something: it may only be asked about.
    NeedInferred {
        /// About what.
        topic: Topic,
        /// From what it was inferred.
        from: String,
    },
    /// An inferred need was asked about.
    NeedAnswered {
        /// About what.
        topic: Topic,
        /// Whether the client confirmed it.
        confirmed: bool,
    },
    /// When the client is busy, from now on; replaces what was known.
    BusySet {
        /// The spans.
        busy: Vec<Busy>,
    },
    /// A note (beside it).
    Noted {
        /// Whether only its author and privacy officers may read it.
        confidential: bool,
    },
    /// A short check-in: up to four answers, 0 to 10 each; `None` was skipped.
    CheckedIn {
        /// The answers.
        items: Vec<Option<u8>>,
    },
    // --- helping ---
    /// A decision was made, and what it reserves.
    Decided {
        /// The whole decision.
        decision: Box<Decision>,
        /// What is kept for it.
        reservation: Option<Reservation>,
        /// The agent it was made for.
        agent: Option<AgentId>,
        /// The agent minutes, money and units it keeps.
        keeps: Keeps,
    },
    /// A reservation is given back, carried out or not.
    ReservationEnded {
        /// Whose.
        decision: DecisionId,
        /// Why.
        why: ReservationEnd,
    },
    /// Somebody tried to reach the client.
    Attempted {
        /// For which decision.
        decision: Option<DecisionId>,
        /// With what.
        action: ActionId,
        /// Which promises bind it.
        class: ActionClass,
        /// Over what.
        channel: Channel,
        /// Whether the client was reached.
        reached: bool,
    },
    /// It was delivered.
    Delivered {
        /// For which decision.
        decision: DecisionId,
        /// What.
        action: ActionId,
        /// Over what.
        channel: Channel,
        /// When, if earlier than it was recorded.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Timestamp>,
        /// What it means that it was told after its decision had ended, if it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        late: Option<LateDelivery>,
    },
    /// How it landed.
    Landed {
        /// For which decision.
        decision: Option<DecisionId>,
        /// What.
        action: ActionId,
        /// How.
        landing: Landing,
    },
    /// What became of the client in the end; the outcome that help is judged by.
    OutcomeSeen {
        /// Its name: `stayed`, `progress`.
        outcome: String,
        /// Its value.
        value: f64,
        /// When it held, if earlier than it was recorded.
        at: Option<Timestamp>,
    },
    /// An attempt was stopped by a gate: a suppressed message leaves a trace.
    Suppressed {
        /// What.
        action: ActionId,
        /// Why, as a decision's code.
        code: yorisoi_decision::Code,
        /// Until when; `None`: dropped.
        deferred_until: Option<Timestamp>,
    },
    /// New effects for one client.
    EffectsScored {
        /// Where they come from.
        source: EffectSource,
        /// By action.
        effects: BTreeMap<ActionId, EffectFact>,
        /// Worth of the best of them, in minor units: ranks work lists.
        worth_minor: Option<f64>,
    },
    // --- leaving ---
    /// The client asked to leave.
    ExitRequested {},
    /// The one permitted offer was made.
    ExitOffered {
        /// Which.
        decision: DecisionId,
    },
    /// The client has firmly decided.
    ExitDecided {
        /// In a word, if given.
        reason: Option<String>,
    },
    /// The client is gone, with a receipt.
    ExitCompleted {
        /// The receipt.
        receipt: ExitReceipt,
    },
    /// The client asked to leave, was not processed, and is still here. Not a save.
    ExitAbandoned {},
    /// The client came back by themselves.
    Returned {},
    // --- handing on ---
    /// The client releases help that was meant for them.
    HandOnReleased {
        /// This hand-on's own name.
        hand_on: String,
        /// What.
        action: ActionId,
        /// For which decision it was reserved, if it was.
        decision: Option<DecisionId>,
        /// The instant at which it loses its worth.
        expires_at: Option<Timestamp>,
    },
    /// It is offered to the subject, whom it should help most.
    HandOnOffered {
        /// Which.
        hand_on: String,
        /// What.
        action: ActionId,
        /// The decision that offers it.
        decision: DecisionId,
    },
    /// The subject takes it.
    HandOnAccepted {
        /// Which.
        hand_on: String,
        /// What.
        action: ActionId,
    },
    /// The subject does not want it.
    HandOnDeclined {
        /// Which.
        hand_on: String,
        /// What.
        action: ActionId,
    },
    /// Nobody took it in time.
    HandOnExpired {
        /// Which.
        hand_on: String,
        /// What.
        action: ActionId,
    },
    // --- the house ---
    /// Supply came or went, in units.
    SupplyChanged {
        /// Of what.
        action: ActionId,
        /// By how many.
        by: i64,
    },
    /// Somebody proposes a policy.
    PolicyDrafted {
        /// The whole document.
        policy: Box<Policy>,
        /// Its fingerprint.
        fingerprint: String,
        /// Why.
        why: String,
    },
    /// A second person published it.
    PolicyPublished {
        /// Which.
        fingerprint: String,
        /// The first person.
        drafted_by: Actor,
    },
    /// The one before holds again.
    PolicyRolledBack {
        /// Which holds from now on.
        fingerprint: String,
    },
    /// A model is known, and gives its effects in the shadow only.
    ModelRegistered {
        /// What it is.
        card: ModelCard,
    },
    /// A model decides from now on.
    ModelPromoted {
        /// Which.
        model: String,
    },
    /// A token was issued; its secret is nowhere.
    TokenIssued {
        /// Its name.
        token: String,
        /// What it may do.
        role: String,
        /// For which team.
        team: Option<TeamId>,
        /// For which agent.
        agent: Option<AgentId>,
    },
    /// A token no longer opens anything.
    TokenRevoked {
        /// Its name.
        token: String,
    },
    /// Somebody looked at a person.
    Looked {
        /// At what: a page or a route.
        at: String,
    },
    /// The person was erased: their key is gone.
    Erased {},
}

/// What a decision keeps from others until it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Keeps {
    /// Units of the action.
    pub units: u64,
    /// Agent minutes.
    pub minutes: u64,
    /// Minor units of money.
    pub cost_minor: i64,
}

/// How a reservation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReservationEnd {
    /// Carried out: what it kept is spent.
    CarriedOut,
    /// Not carried out: what it kept is free again.
    GivenBack,
    /// Its time ran out: what it kept is free again.
    Expired,
}

/// A delivery that was told after its decision had ended. What happened is counted, whatever had been said before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LateDelivery {
    /// How it lies to the end of what was kept for it.
    pub when: DeliveredWhen,
    /// What it took, though its decision had given that back.
    pub took: Keeps,
}

/// How a delivery lies to the end of what its decision kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveredWhen {
    /// It was still kept for them: only the telling is late.
    WhileKept,
    /// It was kept no longer: its time had run out, or somebody had given it back.
    AfterEnd,
    /// The client had said no to it before: it should not have been given, and counts as a nuisance.
    AfterNo,
}

/// What says who somebody is, or what they said: kept apart, encrypted, erasable.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Personal {
    /// Family name and given name, in the order in which the client writes them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Contact addresses by channel.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub addresses: BTreeMap<String, String>,
    /// Names in other systems (a customer number).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// What is known of them: a model's features and the policy's conditions.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, Attribute>,
    /// What was said or noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// An entry as it is handed in.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// When it is recorded.
    pub at: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// Whom it is about.
    pub client: Option<ClientId>,
    /// What happened.
    pub body: Body,
    /// What is personal about it.
    pub personal: Option<Personal>,
}

/// An entry as it stands in the ledger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Entry {
    /// Its place, from 1, without gaps.
    pub seq: u64,
    /// When it was recorded; never before the entry before it.
    pub at: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// Whom it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientId>,
    /// What happened.
    pub body: Body,
    /// BLAKE3 of the encrypted personal part, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub personal: Option<String>,
}
