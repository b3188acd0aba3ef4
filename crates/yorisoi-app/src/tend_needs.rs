//! What do they need, said and unsaid, what did we note, and when are they busy?

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{Busy, ClientId, Topic, same_topic};
use yorisoi_ledger::{Body, Need, Personal, Source};

use crate::end_refused::end_refused;
use crate::scope::{as_written, known_scope};
use crate::work::said;
use crate::{App, AppError, Caller, Recorded, Right};

/// A need the client said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatedNeed {
    /// Whose.
    pub client: ClientId,
    /// About what.
    pub topic: Topic,
    /// In the client's own words.
    pub words: String,
}

/// A need somebody thinks there may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InferredNeed {
    /// Whose.
    pub client: ClientId,
    /// About what.
    pub topic: Topic,
    /// From what: `usage`, `check-in`, `talk`.
    pub from: String,
    /// The question to ask about it; it may not be told.
    pub question: String,
}

/// What the client said when asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NeedAnswer {
    /// Whose.
    pub client: ClientId,
    /// About what.
    pub topic: Topic,
    /// Whether they have the need. `false` refuses the topic: no means no.
    pub confirmed: bool,
    /// In the client's own words.
    #[serde(default)]
    pub words: Option<String>,
}

/// A note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteInput {
    /// About whom.
    pub client: ClientId,
    /// What.
    pub text: String,
    /// Whether only its author and privacy officers may read it.
    #[serde(default)]
    pub confidential: bool,
}

/// When a client is busy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BusyInput {
    /// Who.
    pub client: ClientId,
    /// From now on; replaces what was known.
    pub busy: Vec<Busy>,
}

impl App {
    /// Records a need the client said.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`]; [`AppError::Erased`]; [`AppError::Invalid`] if the words are empty or too long.
    pub async fn state_need(
        &self,
        caller: &Caller,
        input: StatedNeed,
    ) -> Result<Recorded, AppError> {
        caller.may(Right::Record)?;
        self.write(caller, "need_stated", move |work| {
            let client = work.client(&input.client)?.facts.client;
            let words = needed("words", input.words)?;
            work.append(Some(&client), Body::NeedStated { topic: input.topic }, words)
        })
        .await
    }

    /// Records a need somebody thinks there may be.
    ///
    /// # Errors
    ///
    /// As [`App::state_need`].
    pub async fn infer_need(
        &self,
        caller: &Caller,
        input: InferredNeed,
    ) -> Result<Recorded, AppError> {
        caller.may(Right::Record)?;
        self.write(caller, "need_inferred", move |work| {
            let client = work.client(&input.client)?.facts.client;
            let question = needed("question", input.question)?;
            // The answer may be "no", and a "no" must bind: it is asked about by the policy's own name.
            let (topic, _) = known_scope(work, Some(input.topic.clone()), None)?;
            let topic = topic.unwrap_or(input.topic);
            let body = Body::NeedInferred { topic, from: input.from };
            work.append(Some(&client), body, question)
        })
        .await
    }

    /// Records what the client said when asked. A "no" refuses the topic.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`] if nothing was inferred on the topic.
    pub async fn answer_need(
        &self,
        caller: &Caller,
        input: NeedAnswer,
    ) -> Result<Recorded, AppError> {
        caller.may(Right::Record)?;
        self.write(caller, "need_answered", move |work| {
            let client = work.client(&input.client)?;
            let id = client.facts.client;
            let is_open = |need: &&Need| same_topic(&need.topic, &input.topic) && !need.stated;
            let Some(need) = client.desk.needs.iter().find(is_open) else {
                return Err(AppError::unknown("inferred need on", input.topic.as_str()));
            };
            let topic = need.topic.clone();
            let words = said("words", input.words)?;
            if !input.confirmed {
                // Nobody has to know the policy's topics to be told "no": one it does not have is refused as it is.
                let (topic, _) = as_written(work, Some(topic.clone()), None)?;
                let source = Source::Words;
                work.append(Some(&id), Body::Refused { topic, channel: None, source }, None)?;
                end_refused(work, &id)?;
            }
            let body = Body::NeedAnswered { topic, confirmed: input.confirmed };
            work.append(Some(&id), body, words)
        })
        .await
    }

    /// Writes a note.
    ///
    /// # Errors
    ///
    /// As [`App::state_need`].
    pub async fn add_note(&self, caller: &Caller, input: NoteInput) -> Result<Recorded, AppError> {
        caller.may(Right::Record)?;
        self.write(caller, "note", move |work| {
            let client = work.client(&input.client)?.facts.client;
            let text = needed("text", input.text)?;
            work.append(Some(&client), Body::Noted { confidential: input.confidential }, text)
        })
        .await
    }

    /// Records when a client is busy.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] if a span ends before it begins or a weekday is not 1 to 7.
    pub async fn set_busy(&self, caller: &Caller, input: BusyInput) -> Result<Recorded, AppError> {
        caller.may(Right::Record)?;
        if input.busy.len() > SPANS_MAX {
            let reason = format!("at most {SPANS_MAX} spans are kept of a client");
            let ja = format!("おひとりにつき {SPANS_MAX} 件までです。");
            return Err(AppError::invalid("busy", (reason, ja)));
        }
        for span in &input.busy {
            check_span(span)?;
        }
        self.write(caller, "busy", move |work| {
            let client = work.client(&input.client)?.facts.client;
            work.append(Some(&client), Body::BusySet { busy: input.busy }, None)
        })
        .await
    }
}

/// Spans that are kept of a client: every decision carries them all.
const SPANS_MAX: usize = 256;

/// What somebody said, where it may not be empty.
fn needed(field: &str, text: String) -> Result<Option<Personal>, AppError> {
    match said(field, Some(text))? {
        Some(personal) => Ok(Some(personal)),
        None => Err(AppError::invalid(
            field,
            ("it is empty; write at least a word", "空欄です。ひとことでもご記入ください。"),
        )),
    }
}

fn check_span(span: &Busy) -> Result<(), AppError> {
    let (is_sound, expected) = match span {
        Busy::Once { from, until } => {
            (from < until, ("it must end after it begins", "終わりは始まりより後にしてください。"))
        }
        Busy::Weekly { weekday, from, until } => {
            let is_day = (1..=7).contains(weekday);
            let en = "the weekday is 1 (Monday) to 7, and it ends after it begins";
            let ja = "曜日は 1（月曜）から 7 です。終わりは始まりより後にしてください。";
            (is_day && from <= until, (en, ja))
        }
    };
    if is_sound { Ok(()) } else { Err(AppError::invalid("busy", expected)) }
}
