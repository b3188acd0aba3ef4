//! They have decided: how do we let them go well?

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{ActionKind, ClientFacts, ClientId, Code, DecisionId, ExitState};
use yorisoi_ledger::{Body, Client, Exit, ExitReceipt, ListPlace, Personal};

use crate::end_refused::end_refused;
use crate::exit_steps::{ExitStep, after};
use crate::page::fill;
use crate::record_contact::decided;
use crate::show_client::text_at;
use crate::shown_name::shown_name;
use crate::situation::today;
use crate::work::{Work, said};
use crate::{App, AppError, Caller, Page, PageAsk, Right};

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
    /// Their name, for those who may know.
    pub name: Option<String>,
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
    /// The reason, if one was given, for those who may read what was said.
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
        self.step(caller, client, |work, client| {
            take_step(work, client, ExitStep::Request, Body::ExitRequested {}, None)
        })
        .await
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
        let decision = decision.clone();
        self.step(caller, client, move |work, client| {
            let is_made = client.desk.exit.as_ref().is_some_and(|exit| {
                exit.state == ExitState::Offered && exit.offer.as_ref() == Some(&decision)
            });
            // Committing to the offer has recorded it already.
            if is_made {
                return Ok(());
            }
            let decided = decided(work, &decision)?.decision;
            let is_offer = matches!(decided.choice.kind, ActionKind::Offer | ActionKind::Advise);
            if !is_offer || decided.client != client.facts.client {
                let action = decided.choice.action;
                let name = work.called(&action);
                return Err(AppError::Stopped { action, name, code: Code::NothingBetter });
            }
            take_step(work, client, ExitStep::Offer, Body::ExitOffered { decision }, None)
        })
        .await
    }

    /// Decided means done: records the request if it is missing, the decision and the completion, and queues
    /// the receipt, in one step.
    ///
    /// # Errors
    ///
    /// [`AppError::Exit`] if the client is gone already.
    pub async fn let_go(&self, caller: &Caller, input: LetGoInput) -> Result<ExitView, AppError> {
        let client = input.client.clone();
        self.step(caller, &client, move |work, client| {
            let name = client.facts.client.clone();
            let mut client = client.clone();
            if matches!(client.facts.exit, ExitState::None | ExitState::Abandoned) {
                take_step(work, &client, ExitStep::Request, Body::ExitRequested {}, None)?;
                client = work.client(&name)?;
            }
            if client.facts.exit != ExitState::Decided {
                let (body, reason) = decided_body(input.reason.clone())?;
                take_step(work, &client, ExitStep::Decide, body, reason)?;
                client = work.client(&name)?;
            }
            complete(work, &client, &input)
        })
        .await
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
        self.step(caller, client, |work, client| {
            let (body, reason) = decided_body(reason)?;
            take_step(work, client, ExitStep::Decide, body, reason)
        })
        .await
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
        let client = input.client.clone();
        self.step(caller, &client, move |work, client| complete(work, client, &input)).await
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
        self.step(caller, client, |work, client| {
            take_step(work, client, ExitStep::Abandon, Body::ExitAbandoned {}, None)
        })
        .await
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
        self.step(caller, client, |work, client| {
            after(client.facts.exit, ExitStep::Return)?;
            let id = client.facts.client.clone();
            work.append(Some(&id), Body::Returned {}, None)?;
            Ok(())
        })
        .await
    }

    /// Returns the exit of a client.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`].
    pub async fn exit(&self, caller: &Caller, client: &ClientId) -> Result<ExitView, AppError> {
        caller.may(Right::Record)?;
        let name = client.clone();
        self.read(caller, move |work| {
            let client = work.client(&name)?;
            full_exit_view(work, &client)
        })
        .await
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
        caller.may(Right::SeeWork)?;
        self.read(caller, move |work| open_exits(work, &page)).await
    }

    /// Takes a step for a client, ends what is kept for them against it, and returns where they are then.
    async fn step<F>(
        &self,
        caller: &Caller,
        client: &ClientId,
        step: F,
    ) -> Result<ExitView, AppError>
    where
        F: FnOnce(&mut Work<'_, '_>, &Client) -> Result<(), AppError> + Send + 'static,
    {
        caller.may(Right::Record)?;
        let name = client.clone();
        self.write(caller, "exit", move |work| {
            let client = work.client(&name)?;
            step(work, &client)?;
            end_refused(work, &client.facts.client)?;
            let client = work.client(&client.facts.client)?;
            full_exit_view(work, &client)
        })
        .await
    }
}

/// Records a step if the table allows it.
fn take_step(
    work: &mut Work<'_, '_>,
    client: &Client,
    step: ExitStep,
    body: Body,
    personal: Option<Personal>,
) -> Result<(), AppError> {
    after(client.facts.exit, step)?;
    let id = client.facts.client.clone();
    work.append(Some(&id), body, personal)?;
    Ok(())
}

/// A reason is what somebody said: it lies beside the entry and not in the chain.
fn decided_body(reason: Option<String>) -> Result<(Body, Option<Personal>), AppError> {
    Ok((Body::ExitDecided { reason: None }, said("reason", reason)?))
}

fn complete(work: &mut Work<'_, '_>, client: &Client, input: &LetGoInput) -> Result<(), AppError> {
    let receipt = ExitReceipt {
        receipt: work.app.inner.ids.name("r", work.now),
        effective_on: match input.effective_on {
            Some(day) => day,
            None => today(work)?,
        },
        keeps: input.keeps.clone(),
        loses: input.loses.clone(),
        door_open: input.door_open,
    };
    take_step(work, client, ExitStep::Complete, Body::ExitCompleted { receipt }, None)
}

/// An exit with its times, without the reason and the name: on a client's own page they stand already.
pub(crate) fn exit_view(facts: &ClientFacts, exit: &Exit) -> ExitView {
    ExitView {
        client: facts.client.clone(),
        name: None,
        state: facts.exit,
        requested_at: exit.requested_at,
        offered_at: exit.offered_at,
        decided_at: exit.decided_at,
        completed_at: exit.completed_at,
        reason: None,
        receipt: exit.receipt.clone(),
        next: ExitStep::ALL.into_iter().filter(|step| after(facts.exit, *step).is_ok()).collect(),
    }
}

fn full_exit_view(work: &mut Work<'_, '_>, client: &Client) -> Result<ExitView, AppError> {
    let exit = client.desk.exit.clone().unwrap_or_default();
    let mut view = exit_view(&client.facts, &exit);
    view.name = shown_name(work, &client.facts.client)?;
    let may_read = work.caller.may(Right::ReadPeople).is_ok();
    if let Some(seq) = exit.decided_seq.filter(|_| may_read) {
        view.reason = text_at(work, &client.facts.client, seq)?;
    }
    Ok(view)
}

/// The exits that are open, of people the caller may see.
pub(crate) fn open_exits(
    work: &mut Work<'_, '_>,
    page: &PageAsk,
) -> Result<Page<ExitView>, AppError> {
    let read = |work: &mut Work<'_, '_>, after: Option<&ListPlace>, limit| {
        Ok(work.books.open_exits(after, limit)?)
    };
    fill(work, page, read, |work, exit: Exit| {
        let Some(id) = &exit.client else { return Ok(None) };
        match work.client(id) {
            Ok(client) => full_exit_view(work, &client).map(Some),
            Err(error) if error.status() < 500 => Ok(None),
            Err(error) => Err(error),
        }
    })
}
