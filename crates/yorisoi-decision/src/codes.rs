//! Every reason by which an action is stopped or held back, with its words in both languages.
//!
//! The code is the interface: it is kept in the ledger, sent over HTTP and counted in reports.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A reason. Its text form is `gate.reason`, and never changes once shipped.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum Code {
    /// No such client.
    #[serde(rename = "identity.unknown")]
    IdentityUnknown,
    /// The person was erased.
    #[serde(rename = "identity.erased")]
    IdentityErased,
    /// The record was merged into another one.
    #[serde(rename = "identity.merged")]
    IdentityMerged,
    /// The clock lies before what the ledger has seen.
    #[serde(rename = "identity.clock_skewed")]
    ClockSkewed,
    /// A condition of eligibility does not hold or is unknown.
    #[serde(rename = "eligibility.not_met")]
    NotEligible,
    /// A condition of applicability does not hold or is unknown.
    #[serde(rename = "applicability.not_met")]
    NotApplicable,
    /// The effect on this client is not known.
    #[serde(rename = "suitability.effect_unknown")]
    EffectUnknown,
    /// The interval cannot rule out harm beyond the allowed.
    #[serde(rename = "suitability.may_harm")]
    MayHarm,
    /// The ledger could not be read, so that consent is not known.
    #[serde(rename = "consent.unavailable")]
    ConsentUnavailable,
    /// No consent to talk.
    #[serde(rename = "consent.talk_missing")]
    TalkMissing,
    /// No consent to be advised.
    #[serde(rename = "consent.advise_missing")]
    AdviseMissing,
    /// There was consent, and it has expired.
    #[serde(rename = "consent.expired")]
    ConsentExpired,
    /// The client refused the topic.
    #[serde(rename = "refusal.topic")]
    TopicRefused,
    /// The client refused the channel.
    #[serde(rename = "refusal.channel")]
    ChannelRefused,
    /// The client refused everything.
    #[serde(rename = "refusal.everything")]
    EverythingRefused,
    /// The client handed this help on.
    #[serde(rename = "refusal.released")]
    Released,
    /// The client has firmly decided to leave.
    #[serde(rename = "exit.decided")]
    ExitDecided,
    /// The client is leaving and has heard the one offer that is permitted.
    #[serde(rename = "exit.offered")]
    ExitOffered,
    /// A cap on contacts is reached for the person.
    #[serde(rename = "contact.person_cap")]
    PersonCap,
    /// A cap on contacts is reached for the household.
    #[serde(rename = "contact.household_cap")]
    HouseholdCap,
    /// Something landed as a nuisance a short while ago.
    #[serde(rename = "contact.cool_down")]
    CoolDown,
    /// It is a quiet hour where the client lives.
    #[serde(rename = "contact.quiet_hours")]
    QuietHoursNow,
    /// It is not known where the client lives, and it is not an hour that suits every place they may live.
    #[serde(rename = "contact.zone_unknown")]
    ZoneUnknown,
    /// The client is busy.
    #[serde(rename = "presence.busy")]
    BusyNow,
    /// Its date is past.
    #[serde(rename = "presence.expired")]
    PastShelfLife,
    /// It was attempted as often as is decent.
    #[serde(rename = "presence.attempts_exhausted")]
    AttemptsExhausted,
    /// None is left.
    #[serde(rename = "capacity.supply")]
    NoSupply,
    /// No agent minutes are left.
    #[serde(rename = "capacity.minutes")]
    NoMinutes,
    /// No budget is left.
    #[serde(rename = "capacity.budget")]
    NoBudget,
    /// The agent has had as many hard conversations today as one should have.
    #[serde(rename = "capacity.hard_conversations")]
    HardConversations,
    /// The person is held out, so that help can be proven.
    #[serde(rename = "holdout.held_out")]
    HeldOut,
    /// Nothing is worth more than leaving the client in peace.
    #[serde(rename = "value.nothing_better")]
    NothingBetter,
    /// There are too few data to know yet, and what is believed speaks for holding.
    #[serde(rename = "value.cannot_know_yet")]
    CannotKnowYet,
    /// Held back on purpose this once, so that there is something to compare with.
    #[serde(rename = "value.explored")]
    Explored,
}
