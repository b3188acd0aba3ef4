//! What became of a decision? Carried out or given back: what it kept is spent, or free again.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{AgentId, Decision, DecisionId};
use yorisoi_ledger::{Body, DecidedState, ReservationEnd};

use crate::work::{Known, Work};
use crate::{App, AppError, Caller, Right};

/// A decision as the ledger has it now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DecisionView {
    /// The decision.
    pub decision: Decision,
    /// `reserved`, `carried_out`, `given_back`, `expired`.
    pub state: String,
    /// The agent it was made for.
    pub agent: Option<AgentId>,
    /// How it landed, if it was told.
    pub landing: Option<yorisoi_ledger::Landing>,
}

impl App {
    /// Returns a decision with what became of it.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`].
    pub async fn decision(
        &self,
        caller: &Caller,
        id: &DecisionId,
    ) -> Result<DecisionView, AppError> {
        caller.may(Right::Decide)?;
        let id = id.clone();
        self.read(caller, move |work| view(work, &id)).await
    }

    /// The reserved help was given: what it kept is spent.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`]; [`AppError::DecisionEnded`].
    pub async fn carry_out(
        &self,
        caller: &Caller,
        id: &DecisionId,
    ) -> Result<DecisionView, AppError> {
        self.end(caller, id, ReservationEnd::CarriedOut).await
    }

    /// The reserved help is not given: what it kept is free again.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`]; [`AppError::DecisionEnded`].
    pub async fn give_back(
        &self,
        caller: &Caller,
        id: &DecisionId,
    ) -> Result<DecisionView, AppError> {
        self.end(caller, id, ReservationEnd::GivenBack).await
    }

    async fn end(
        &self,
        caller: &Caller,
        id: &DecisionId,
        why: ReservationEnd,
    ) -> Result<DecisionView, AppError> {
        caller.may(Right::Record)?;
        let id = id.clone();
        self.write(caller, "end_reservation", move |work| {
            end_reservation(work, &id, why)?;
            view(work, &id)
        })
        .await
    }
}

/// Ends an open reservation. What was kept until an instant that is past is free again, whether or not anybody has
/// swept it up: somebody else may have it by now.
pub(crate) fn end_reservation(
    work: &mut Work<'_, '_>,
    id: &DecisionId,
    why: ReservationEnd,
) -> Result<(), AppError> {
    let decided =
        work.books.decision(id)?.ok_or_else(|| AppError::unknown("decision", id.as_str()))?;
    let facts = work.client(&decided.decision.client)?.facts;
    let kept = facts.reservations.iter().find(|kept| kept.decision == *id);
    if why == ReservationEnd::CarriedOut && kept.is_some_and(|kept| kept.expires_at <= work.now) {
        let state = state_name(DecidedState::Expired).to_owned();
        return Err(AppError::DecisionEnded { decision: id.clone(), state });
    }
    end_kept(work, id, why)
}

/// Ends an open reservation, however late: a unit that is handed on waits for its answer.
pub(crate) fn end_kept(
    work: &mut Work<'_, '_>,
    id: &DecisionId,
    why: ReservationEnd,
) -> Result<(), AppError> {
    let decided =
        work.books.decision(id)?.ok_or_else(|| AppError::unknown("decision", id.as_str()))?;
    let client = work.client(&decided.decision.client)?;
    if decided.state != DecidedState::Reserved || decided.decision.hold.is_some() {
        let state = state_name(decided.state).to_owned();
        return Err(AppError::DecisionEnded { decision: id.clone(), state });
    }
    let body = Body::ReservationEnded { decision: id.clone(), why };
    work.append(Some(&client.facts.client), body, None)?;
    Ok(())
}

/// How far a decision has come, in a word.
pub(crate) fn state_name(state: DecidedState) -> &'static str {
    match state {
        DecidedState::Reserved => "reserved",
        DecidedState::CarriedOut => "carried_out",
        DecidedState::GivenBack => "given_back",
        DecidedState::Expired => "expired",
    }
}

/// A decision with what became of it, for those who may see its client.
pub(crate) fn view(work: &mut Work<'_, '_>, id: &DecisionId) -> Result<DecisionView, AppError> {
    let decided =
        work.books.decision(id)?.ok_or_else(|| AppError::unknown("decision", id.as_str()))?;
    if let Known::Client(client) = work.known(&decided.decision.client)? {
        work.caller.may_see_team(client.facts.team.as_ref())?;
    }
    Ok(DecisionView {
        decision: decided.decision,
        state: state_name(decided.state).to_owned(),
        agent: decided.agent,
        landing: decided.landing,
    })
}
