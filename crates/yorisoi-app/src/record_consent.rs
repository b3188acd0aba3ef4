//! Did they say we may, and did they say no? Consents, withdrawals, refusals, and what reopens.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{Channel, ClientId, ConsentKind, Topic};
use yorisoi_ledger::Source;

use crate::{App, AppError, Caller, Recorded};

/// A consent, as the client gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentInput {
    /// Whose.
    pub client: ClientId,
    /// To what: `talk` (会話了解) or `advise` (相談了解).
    pub consent: ConsentKind,
    /// On which topic; `null`: on any.
    #[serde(default)]
    pub topic: Option<Topic>,
    /// Over which channel; `null`: over any.
    #[serde(default)]
    pub channel: Option<Channel>,
    /// How it is known.
    pub source: Source,
    /// The instant from which it no longer holds.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
    /// The client's own words, if there were any.
    #[serde(default)]
    pub words: Option<String>,
}

/// A consent that is taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawalInput {
    /// Whose.
    pub client: ClientId,
    /// To what.
    pub consent: ConsentKind,
    /// Only on this topic.
    #[serde(default)]
    pub topic: Option<Topic>,
    /// Only over this channel.
    #[serde(default)]
    pub channel: Option<Channel>,
    /// How it is known.
    pub source: Source,
}

/// A refusal, or what the client lifts of one; topic and channel both `null`: everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RefusalInput {
    /// Whose.
    pub client: ClientId,
    /// What.
    #[serde(default)]
    pub topic: Option<Topic>,
    /// Over what.
    #[serde(default)]
    pub channel: Option<Channel>,
    /// How it is known.
    pub source: Source,
    /// The client's own words, if there were any.
    #[serde(default)]
    pub words: Option<String>,
}

impl App {
    /// Records a consent.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`]; [`AppError::Erased`]; [`AppError::Invalid`] if it expires in the past.
    pub async fn record_consent(
        &self,
        caller: &Caller,
        input: ConsentInput,
    ) -> Result<Recorded, AppError> {
        let _ = (caller, input);
        Err(AppError::NotYet)
    }

    /// Records that a consent was taken back; it binds at the next decision.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`]; [`AppError::Erased`].
    pub async fn withdraw_consent(
        &self,
        caller: &Caller,
        input: WithdrawalInput,
    ) -> Result<Recorded, AppError> {
        let _ = (caller, input);
        Err(AppError::NotYet)
    }

    /// Records a refusal: it binds every channel and every colleague from now on.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`]; [`AppError::Erased`].
    pub async fn refuse(&self, caller: &Caller, input: RefusalInput) -> Result<Recorded, AppError> {
        let _ = (caller, input);
        Err(AppError::NotYet)
    }

    /// Records that the client, by their own act, lifts a refusal.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] if the source is an import: only the client reopens.
    pub async fn reopen(&self, caller: &Caller, input: RefusalInput) -> Result<Recorded, AppError> {
        let _ = (caller, input);
        Err(AppError::NotYet)
    }
}
