//! What do they need, said and unsaid, what did we note, and when are they busy?

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{Busy, ClientId, Topic};

use crate::{App, AppError, Caller, Recorded};

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
        let _ = (caller, input);
        Err(AppError::NotYet)
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
        let _ = (caller, input);
        Err(AppError::NotYet)
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
        let _ = (caller, input);
        Err(AppError::NotYet)
    }

    /// Writes a note.
    ///
    /// # Errors
    ///
    /// As [`App::state_need`].
    pub async fn add_note(&self, caller: &Caller, input: NoteInput) -> Result<Recorded, AppError> {
        let _ = (caller, input);
        Err(AppError::NotYet)
    }

    /// Records when a client is busy.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] if a span ends before it begins or a weekday is not 1 to 7.
    pub async fn set_busy(&self, caller: &Caller, input: BusyInput) -> Result<Recorded, AppError> {
        let _ = (caller, input);
        Err(AppError::NotYet)
    }
}
