//! What is known of one client? Their facts, and what the desk shows beside them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{
    ActionId, Channel, ClientFacts, ClientId, Code, Consent, ConsentKind, DecisionId, ExitState,
    Topic, plain, usual_channel,
};

use crate::entry::{ExitReceipt, Landing, Profile, Source};
use crate::shelves::Document;

/// One client, as the ledger knows them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Client {
    /// What a decision may look at.
    pub facts: ClientFacts,
    /// What people look at.
    pub desk: ClientDesk,
    /// The last entry that changed this.
    pub version: u64,
}

/// What the desk shows of a client, beside the facts.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ClientDesk {
    /// When the client became known.
    pub added_at: Option<Timestamp>,
    /// How each consent is known.
    pub known_by: Vec<KnownBy>,
    /// Needs, stated and inferred, oldest first.
    pub needs: Vec<Need>,
    /// The latest landings, oldest first.
    pub landings: Vec<RecentLanding>,
    /// The way out they are on, or were on last.
    pub exit: Option<Exit>,
    /// Whether the client wants to hear from us again after leaving; `None`: not leaving, or not asked.
    pub door_open: Option<bool>,
    /// The latest check-ins, oldest first.
    pub check_ins: Vec<CheckIn>,
    /// When somebody last opened the client's page.
    pub last_look_at: Option<Timestamp>,
    /// When the client was last reached out to.
    pub last_contact_at: Option<Timestamp>,
    /// The latest decision.
    pub last_decision: Option<LastDecision>,
    /// The latest suppressed attempt.
    pub last_suppressed: Option<Suppression>,
    /// Worth of the best action, in minor units: the order of work lists. `None`: not scored.
    pub worth_minor: Option<f64>,
    /// How often what happened.
    pub counts: Counts,
    /// The records that were merged into this one, in the order in which they were.
    pub merged: Vec<ClientId>,
}

/// How a consent is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KnownBy {
    /// Which: the consent of this kind, topic and channel.
    pub consent: Consent,
    /// From the client's words, or by their own tap.
    pub source: Source,
    /// The entry; the words, if any were kept, are there.
    pub seq: u64,
}

/// Something the client needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Need {
    /// About what.
    pub topic: Topic,
    /// Whether the client said so. An inferred need may only be asked about.
    pub stated: bool,
    /// From what it was inferred.
    #[serde(default)]
    pub from: Option<String>,
    /// Whether the client confirmed it; `None`: not asked yet.
    #[serde(default)]
    pub confirmed: Option<bool>,
    /// When it was last heard of.
    pub at: Timestamp,
    /// The entry it was last heard of in; the words are there.
    pub seq: u64,
}

/// How something landed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecentLanding {
    /// For which decision.
    #[serde(default)]
    pub decision: Option<DecisionId>,
    /// What.
    pub action: ActionId,
    /// How.
    pub landing: Landing,
    /// When it was told.
    pub at: Timestamp,
    /// The entry.
    pub seq: u64,
}

/// A way out, with its times.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Exit {
    /// Who.
    pub client: Option<ClientId>,
    /// The entry in which it began.
    pub seq: u64,
    /// How far it has gone.
    pub state: ExitState,
    /// When the client asked.
    pub requested_at: Option<Timestamp>,
    /// When the one offer was made.
    pub offered_at: Option<Timestamp>,
    /// Which offer.
    pub offer: Option<DecisionId>,
    /// When the client had decided.
    pub decided_at: Option<Timestamp>,
    /// The entry of that; the reason, if one was given, lies in its personal part.
    pub decided_seq: Option<u64>,
    /// When it was done.
    pub completed_at: Option<Timestamp>,
    /// When it was left lying. Not a save.
    pub abandoned_at: Option<Timestamp>,
    /// When the client came back.
    pub returned_at: Option<Timestamp>,
    /// What the client got.
    pub receipt: Option<ExitReceipt>,
}

/// One check-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CheckIn {
    /// The answers; `None` was skipped.
    pub items: Vec<Option<u8>>,
    /// When.
    pub at: Timestamp,
    /// The entry.
    pub seq: u64,
}

/// The latest decision on a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LastDecision {
    /// Which.
    pub decision: DecisionId,
    /// What was chosen.
    pub action: ActionId,
    /// When.
    pub at: Timestamp,
    /// If it was to hold: when to look again.
    #[serde(default)]
    pub look_again_at: Option<Timestamp>,
    /// If it was to hold: why.
    #[serde(default)]
    pub hold: Option<Code>,
}

/// An attempt that a gate stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Suppression {
    /// What.
    pub action: ActionId,
    /// Why.
    pub code: Code,
    /// Until when; `None`: dropped.
    #[serde(default)]
    pub deferred_until: Option<Timestamp>,
    /// When.
    pub at: Timestamp,
}

/// How often what happened to a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Counts {
    /// Entries about the client.
    pub entries: u64,
    /// Decisions.
    pub decisions: u64,
    /// Of them, holds.
    pub holds: u64,
    /// Contacts.
    pub contacts: u64,
    /// Attempts that found nobody.
    pub missed: u64,
    /// Attempts that a gate stopped.
    pub suppressed: u64,
    /// Landings told.
    pub landings: u64,
    /// Of them, helped.
    pub helped: u64,
    /// Of them, a nuisance.
    pub nuisance: u64,
    /// Of them, closed the heart.
    pub closed: u64,
    /// Notes.
    pub notes: u64,
}

/// A client as kept: what is known, and what the fold itself needs to remember.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ClientDoc {
    /// What is known; the attributes are kept sealed elsewhere.
    pub(crate) client: Client,
    /// Consents that were withdrawn: a merge must not bring one back.
    #[serde(default)]
    pub(crate) withdrawn: Vec<Withdrawal>,
    /// The unit of the experiment the client belongs to.
    #[serde(default)]
    pub(crate) proof: Option<String>,
    /// What was chosen since the last outcome.
    #[serde(default)]
    pub(crate) trial: Option<Trial>,
    /// Keyed hashes of further names and addresses: an erasure closes them.
    #[serde(default)]
    pub(crate) names: BTreeSet<String>,
}

impl Document for ClientDoc {
    const SHELF: &'static str = "p:client";
}

impl Default for ClientDoc {
    fn default() -> Self {
        // The name is set when the document is made; no document is ever kept without one.
        let client = ClientId::new("-").expect("a name of one character");
        Self {
            client: Client { facts: empty_facts(client), desk: ClientDesk::default(), version: 0 },
            withdrawn: Vec::new(),
            proof: None,
            trial: None,
            names: BTreeSet::new(),
        }
    }
}

/// A consent that was withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Withdrawal {
    pub(crate) kind: ConsentKind,
    #[serde(default)]
    pub(crate) topic: Option<Topic>,
    #[serde(default)]
    pub(crate) channel: Option<Channel>,
    pub(crate) at: Timestamp,
}

/// What was chosen for a client since their last outcome: the first help, or holding if there was none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Trial {
    /// The help; `None`: only holds so far.
    #[serde(default)]
    pub(crate) action: Option<ActionId>,
    /// The outcomes that were heard of since, each of which is learned once.
    #[serde(default)]
    pub(crate) heard: BTreeSet<String>,
}

/// Facts of a client of whom only the name is known.
pub(crate) fn empty_facts(client: ClientId) -> ClientFacts {
    ClientFacts {
        client,
        household: None,
        team: None,
        agent: None,
        erased: false,
        merged_into: None,
        zone: None,
        value_minor: None,
        attributes: BTreeMap::new(),
        consents: Vec::new(),
        refusals: Vec::new(),
        contacts: Vec::new(),
        reservations: Vec::new(),
        nuisance_at: None,
        attempts: BTreeMap::new(),
        busy: Vec::new(),
        exit: ExitState::None,
        released: Vec::new(),
        dealt: BTreeMap::new(),
        effects: BTreeMap::new(),
        effect_source: None,
    }
}

impl ClientDoc {
    /// Takes over what an entry says of the client; what it does not say stays.
    pub(crate) fn take_profile(&mut self, profile: &Profile) {
        fn take<T: Clone>(known: &mut Option<T>, said: Option<&T>) {
            if let Some(said) = said {
                *known = Some(said.clone());
            }
        }
        let facts = &mut self.client.facts;
        take(&mut facts.household, profile.household.as_ref());
        take(&mut facts.team, profile.team.as_ref());
        take(&mut facts.agent, profile.agent.as_ref());
        take(&mut facts.zone, profile.zone.as_ref());
        take(&mut facts.value_minor, profile.value_minor.as_ref());
    }

    /// The groups in which lists find the client, with the place in each.
    pub(crate) fn groups(&self) -> Vec<(String, f64)> {
        let facts = &self.client.facts;
        if facts.erased || facts.merged_into.is_some() {
            return Vec::new();
        }
        let worth = self.client.desk.worth_minor.unwrap_or(f64::MIN);
        let mut groups = vec![(EVERYBODY.to_owned(), worth)];
        groups.extend(facts.team.iter().map(|team| (team_group(team.as_str()), worth)));
        groups.extend(facts.agent.iter().map(|agent| (agent_group(agent.as_str()), worth)));
        for refusal in &facts.refusals {
            let topic = refusal.topic.iter().map(topic_group);
            let channel = refusal.channel.iter().map(channel_group);
            let more: Vec<_> = topic.chain(channel).map(|group| (group, 0.0)).collect();
            groups.extend(more.into_iter().filter(|it| !groups.contains(it)).collect::<Vec<_>>());
        }
        groups
    }
}

/// The group of all clients.
pub(crate) const EVERYBODY: &str = "all";

/// The group of a team's clients.
pub(crate) fn team_group(team: &str) -> String {
    format!("team:{team}")
}

/// The group of those who refuse a topic, in whatever spelling.
pub(crate) fn topic_group(topic: &Topic) -> String {
    format!("refuses-topic:{}", plain(topic.as_str()))
}

/// The group of those who refuse a channel, by whatever usual name.
pub(crate) fn channel_group(channel: &Channel) -> String {
    format!("refuses-channel:{}", usual_channel(channel.as_str()))
}

/// The group of an agent's clients.
pub(crate) fn agent_group(agent: &str) -> String {
    format!("agent:{agent}")
}
