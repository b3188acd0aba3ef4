//! Did they say we may, and did they say no? Consents, withdrawals, refusals, and what reopens.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{Channel, ClientId, Consent, ConsentKind, Topic};
use yorisoi_ledger::{Body, Source};

use crate::end_refused::end_refused;
use crate::scope::{as_written, known_scope};
use crate::work::said;
use crate::{App, AppError, Caller, Recorded, Right};

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
        caller.may(Right::Record)?;
        self.write(caller, "consent", move |work| {
            let client = work.client(&input.client)?.facts.client;
            if input.expires_at.is_some_and(|at| at <= work.now) {
                return Err(AppError::invalid(
                    "expires_at",
                    (
                        "it is past; leave it out or set it later",
                        "過ぎた日時です。空欄にするか、先の日時にしてください。",
                    ),
                ));
            }
            let words = said("words", input.words)?;
            let (topic, channel) = as_written(work, input.topic, input.channel)?;
            let consent = Consent {
                kind: input.consent,
                topic,
                channel,
                granted_at: work.now,
                expires_at: input.expires_at,
            };
            work.append(
                Some(&client),
                Body::ConsentGranted { consent, source: input.source },
                words,
            )
        })
        .await
    }

    /// Records that a consent was taken back: what is kept for the client and needs it ends with it.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`]; [`AppError::Erased`]; [`AppError::Invalid`] topic or channel the policy does not have.
    pub async fn withdraw_consent(
        &self,
        caller: &Caller,
        input: WithdrawalInput,
    ) -> Result<Recorded, AppError> {
        caller.may(Right::Record)?;
        self.write(caller, "withdrawal", move |work| {
            let client = work.client(&input.client)?.facts.client;
            let (topic, channel) = known_scope(work, input.topic, input.channel)?;
            let (consent, source) = (input.consent, input.source);
            let body = Body::ConsentWithdrawn { consent, topic, channel, source };
            let recorded = work.append(Some(&client), body, None)?;
            end_refused(work, &client)?;
            Ok(recorded)
        })
        .await
    }

    /// Records a refusal: it binds every channel and every colleague from now on, and what is kept for the client
    /// against it ends with it. Another spelling of a topic, or another usual word for a channel, means the
    /// policy's own.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`]; [`AppError::Erased`]; [`AppError::Invalid`] topic or channel the policy does not have:
    /// it would bind nothing.
    pub async fn refuse(&self, caller: &Caller, input: RefusalInput) -> Result<Recorded, AppError> {
        caller.may(Right::Record)?;
        self.write(caller, "refusal", move |work| {
            let client = work.client(&input.client)?.facts.client;
            let words = said("words", input.words)?;
            let (topic, channel) = known_scope(work, input.topic, input.channel)?;
            let body = Body::Refused { topic, channel, source: input.source };
            let recorded = work.append(Some(&client), body, words)?;
            end_refused(work, &client)?;
            Ok(recorded)
        })
        .await
    }

    /// Records that the client, by their own act, lifts a refusal.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] if the source is an import: only the client reopens.
    pub async fn reopen(&self, caller: &Caller, input: RefusalInput) -> Result<Recorded, AppError> {
        caller.may(Right::Record)?;
        if input.source == Source::Import {
            let reason = "an import reopens nothing; only the client's own words or tap do";
            let ja = "取り込みでは再開できません。ご本人の言葉か操作が必要です。";
            return Err(AppError::invalid("source", (reason, ja)));
        }
        self.write(caller, "reopening", move |work| {
            let client = work.client(&input.client)?.facts.client;
            let words = said("words", input.words)?;
            // A refusal of what the policy no longer has can be lifted too.
            let (topic, channel) = as_written(work, input.topic, input.channel)?;
            let body = Body::Reopened { topic, channel, source: input.source };
            work.append(Some(&client), body, words)
        })
        .await
    }
}
