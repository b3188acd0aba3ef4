//! They have decided: how do we let them go well?

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{ClientId, DecisionId, ExitState};
use yorisoi_ledger::ExitReceipt;

use crate::exit_steps::ExitStep;
use crate::{App, AppError, Caller, Page, PageAsk};

/// What is needed to complete an exit; everything is optional but whom it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LetGoInput {
    /// Who.
    pub client: ClientId,
    /// In a word, if the client gave one. It is never asked for twice.
    #[serde(default)]
    pub reason: Option<String>,
    /// The day from which it holds; `null`: today.
    #[serde(default)]
    pub effective_on: Option<Date>,
    /// What the client keeps.
    #[serde(default)]
    pub keeps: Vec<String>,
    /// What the client loses.
    #[serde(default)]
    pub loses: Vec<String>,
    /// Whether the client wants to hear from us again, by their own words.
    #[serde(default)]
    pub door_open: bool,
}

/// An exit, with its times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExitView {
    /// Who.
    pub client: ClientId,
    /// How far it is.
    pub state: ExitState,
    /// When the client asked.
    pub requested_at: Option<Timestamp>,
    /// When the one offer was made.
    pub offered_at: Option<Timestamp>,
    /// When the client decided.
    pub decided_at: Option<Timestamp>,
    /// When it was done.
    pub completed_at: Option<Timestamp>,
    /// The reason, if one was given.
    pub reason: Option<String>,
    /// The receipt, once it is done.
    pub receipt: Option<ExitReceipt>,
    /// The steps that are possible now.
    pub next: Vec<ExitStep>,
}

impl App {
    /// The client asks to leave.
    ///
    /// # Errors
    ///
    /// [`AppError::Exit`] if the step is not possible; [`AppError::Unknown`].
    pub async fn request_exit(
        &self,
        caller: &Caller,
        client: &ClientId,
    ) -> Result<ExitView, AppError> {
        let _ = (caller, client);
        Err(AppError::NotYet)
    }

    /// The one permitted offer is made: only if a decision says that there is one.
    ///
    /// # Errors
    ///
    /// [`AppError::Exit`]; [`AppError::Unknown`] decision; [`AppError::Stopped`] if the decision is no offer.
    pub async fn offer_in_exit(
        &self,
        caller: &Caller,
        client: &ClientId,
        decision: &DecisionId,
    ) -> Result<ExitView, AppError> {
        let _ = (caller, client, decision);
        Err(AppError::NotYet)
    }

    /// Decided means done: records the request if it is missing, the decision and the completion, and queues
    /// the receipt, in one step.
    ///
    /// # Errors
    ///
    /// [`AppError::Exit`] if the client is gone already.
    pub async fn let_go(&self, caller: &Caller, input: LetGoInput) -> Result<ExitView, AppError> {
        let _ = (caller, input);
        Err(AppError::NotYet)
    }

    /// The client has firmly decided; the house still has to complete it.
    ///
    /// # Errors
    ///
    /// [`AppError::Exit`].
    pub async fn decide_exit(
        &self,
        caller: &Caller,
        client: &ClientId,
        reason: Option<String>,
    ) -> Result<ExitView, AppError> {
        let _ = (caller, client, reason);
        Err(AppError::NotYet)
    }

    /// A decided exit is completed, and the receipt queued.
    ///
    /// # Errors
    ///
    /// [`AppError::Exit`] if the client has not decided.
    pub async fn complete_exit(
        &self,
        caller: &Caller,
        input: LetGoInput,
    ) -> Result<ExitView, AppError> {
        let _ = (caller, input);
        Err(AppError::NotYet)
    }

    /// The client does not pursue it. It is never counted as saved.
    ///
    /// # Errors
    ///
    /// [`AppError::Exit`].
    pub async fn abandon_exit(
        &self,
        caller: &Caller,
        client: &ClientId,
    ) -> Result<ExitView, AppError> {
        let _ = (caller, client);
        Err(AppError::NotYet)
    }

    /// The client came back by themselves.
    ///
    /// # Errors
    ///
    /// [`AppError::Exit`].
    pub async fn record_return(
        &self,
        caller: &Caller,
        client: &ClientId,
    ) -> Result<ExitView, AppError> {
        let _ = (caller, client);
        Err(AppError::NotYet)
    }

    /// Returns the exit of a client.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`].
    pub async fn exit(&self, caller: &Caller, client: &ClientId) -> Result<ExitView, AppError> {
        let _ = (caller, client);
        Err(AppError::NotYet)
    }

    /// The exits that are open, the longest waiting first.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`].
    pub async fn open_exits(
        &self,
        caller: &Caller,
        page: PageAsk,
    ) -> Result<Page<ExitView>, AppError> {
        let _ = (caller, page);
        Err(AppError::NotYet)
    }
}
