//! How are they? A short check-in, and the early warning in it.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{ClientId, TeamId, Words};

use crate::{App, AppError, Caller, Recorded};

/// Up to four answers, 0 to 10 each; `null` was skipped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckInInput {
    /// Who.
    pub client: ClientId,
    /// The answers, in the order in which they are asked.
    pub items: Vec<Option<u8>>,
    /// In the client's own words.
    #[serde(default)]
    pub words: Option<String>,
}

/// A question of the check-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CheckInQuestion {
    /// The question.
    pub question: Words,
    /// What 0 means.
    pub low: Words,
    /// What 10 means.
    pub high: Words,
}

/// Something in the check-ins asks for a look.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AlertView {
    /// Who.
    pub client: ClientId,
    /// Their name, for those who may know.
    pub name: Option<String>,
    /// The team that looks after them.
    pub team: Option<TeamId>,
    /// When the check-in was.
    pub at: Timestamp,
    /// `low_total`, `low_item`, `fall`, `polite`: why.
    pub reasons: Vec<String>,
    /// What to read.
    pub words: Words,
}

/// It was recorded, and this is what it says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CheckInView {
    /// Where it is in the ledger.
    pub recorded: Recorded,
    /// The alert, if it raises one.
    pub alert: Option<AlertView>,
}

impl App {
    /// The four questions, in our own wording.
    pub fn check_in_questions(&self) -> Vec<CheckInQuestion> {
        Vec::new()
    }

    /// Records a check-in and says whether it asks for a look.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] for more than four answers, or one above 10.
    pub async fn check_in(
        &self,
        caller: &Caller,
        input: CheckInInput,
    ) -> Result<CheckInView, AppError> {
        let _ = (caller, input);
        Err(AppError::NotYet)
    }

    /// The clients whose last check-in asks for a look, the most urgent first.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`].
    pub async fn check_in_alerts(&self, caller: &Caller) -> Result<Vec<AlertView>, AppError> {
        let _ = caller;
        Err(AppError::NotYet)
    }
}
