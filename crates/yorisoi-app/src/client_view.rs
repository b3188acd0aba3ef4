//! How is a client shown in short? Names for those who may know them, and how far consent goes.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{AgentId, ClientId, Consent, ConsentKind, ExitState, HouseholdId, TeamId};
use yorisoi_ledger::Client;

use crate::work::Work;
use crate::{AppError, Right};

/// How far consent goes: the ladder of a relationship.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Ladder {
    /// No consent.
    None,
    /// 会話了解: we may talk.
    Conversation,
    /// 相談了解: we may advise.
    Consultation,
}

/// A client in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClientView {
    /// Our own name for them.
    pub client: ClientId,
    /// Their name; `None` if it is not known, or not for this role.
    pub name: Option<String>,
    /// With whom they live or decide.
    pub household: Option<HouseholdId>,
    /// The team that looks after them.
    pub team: Option<TeamId>,
    /// The agent who does.
    pub agent: Option<AgentId>,
    /// IANA time zone.
    pub zone: Option<String>,
    /// Their own worth in minor units.
    pub value_minor: Option<i64>,
    /// How far consent goes at this moment, on any topic.
    pub ladder: Ladder,
    /// The way out.
    pub exit: ExitState,
    /// Whether they refused everything.
    pub refused_everything: bool,
    /// Worth of the best help for them, in minor units; `None`: not scored.
    pub worth_minor: Option<f64>,
    /// When somebody last reached out to them.
    pub last_contact_at: Option<Timestamp>,
    /// Goes up with every change: for `ETag` and `If-Match`.
    pub version: u64,
}

/// A client in short, with a name for those who may know it.
pub(crate) fn view_of(work: &mut Work<'_, '_>, client: &Client) -> Result<ClientView, AppError> {
    let facts = &client.facts;
    let name = match work.caller.may(Right::ReadPeople) {
        Ok(()) => work.books.personal(&facts.client)?.and_then(|personal| personal.name),
        Err(_) => None,
    };
    Ok(ClientView {
        client: facts.client.clone(),
        name,
        household: facts.household.clone(),
        team: facts.team.clone(),
        agent: facts.agent.clone(),
        zone: facts.zone.clone(),
        value_minor: facts.value_minor,
        ladder: ladder(&facts.consents, work.now),
        exit: facts.exit,
        refused_everything: facts
            .refusals
            .iter()
            .any(|refusal| refusal.topic.is_none() && refusal.channel.is_none()),
        worth_minor: client.desk.worth_minor,
        last_contact_at: client.desk.last_contact_at,
        version: client.version,
    })
}

/// Whether a consent holds at an instant.
pub(crate) fn holds(consent: &Consent, now: Timestamp) -> bool {
    consent.granted_at <= now && consent.expires_at.is_none_or(|end| now < end)
}

/// How far consents go at an instant.
pub(crate) fn ladder(consents: &[Consent], now: Timestamp) -> Ladder {
    let has = |kind| consents.iter().any(|consent| consent.kind == kind && holds(consent, now));
    if !has(ConsentKind::Talk) {
        Ladder::None
    } else if has(ConsentKind::Advise) {
        Ladder::Consultation
    } else {
        Ladder::Conversation
    }
}
