//! What does a client give away that was meant for them?

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{ActionId, ClientFacts, ClientId, DecisionId, Reservation};
use yorisoi_ledger::{Body, Decided, DecidedState};

use super::{HandOnView, view};
use crate::end_refused::end_refused;
use crate::end_reservation::state_name;
use crate::record_contact::decided;
use crate::work::Work;
use crate::{App, AppError, Caller, Right};

/// Help that its receiver releases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseInput {
    /// Who releases it.
    pub client: ClientId,
    /// What.
    pub action: ActionId,
    /// For which decision it was reserved or given; `null`: the one that keeps it for them now, if there is one.
    #[serde(default)]
    pub decision: Option<DecisionId>,
    /// The instant at which it loses its worth; `null`: the action's own.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
}

impl App {
    /// The client releases help that was meant for them. They get no further contact on it: whatever else of it is
    /// kept for them ends too.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`] client, action or decision; [`AppError::Invalid`] if its date is past;
    /// [`AppError::DecisionEnded`] if the decision's unit was released before or has gone back to supply.
    pub async fn release_help(
        &self,
        caller: &Caller,
        input: ReleaseInput,
    ) -> Result<HandOnView, AppError> {
        caller.may(Right::Record)?;
        self.write(caller, "hand_on_released", move |work| {
            let facts = work.client(&input.client)?.facts;
            let action = work.action(&input.action)?;
            let client = facts.client.clone();
            let decision = match &input.decision {
                Some(id) => {
                    let known = decided(work, id)?;
                    let made = &known.decision;
                    if made.client != client || made.choice.action != action.id {
                        let reason = "it was made for another client or another action";
                        let ja = "別のお客さま、または別の働きかけについての判断です。";
                        return Err(AppError::invalid("decision", (reason, ja)));
                    }
                    check_unit(&known, &facts, work.now)?;
                    input.decision
                }
                None => kept_for(work, &facts, &action.id)?,
            };
            let expires_at = input.expires_at.or(action.expires_at);
            if expires_at.is_some_and(|end| end <= work.now) {
                return Err(AppError::invalid(
                    "expires_at",
                    (
                        "its date is past; nobody can be given it",
                        "期限が過ぎているため、どなたにもお渡しできません。",
                    ),
                ));
            }
            let hand_on = work.app.inner.ids.name("h", work.now);
            let body = Body::HandOnReleased {
                hand_on: hand_on.clone(),
                action: action.id,
                decision,
                expires_at,
            };
            work.append(Some(&client), body, None)?;
            end_refused(work, &client)?;
            view(work, &hand_on)
        })
        .await
    }
}

/// Whether the decision's unit is there to go on: once, and not if it has gone back to supply.
fn check_unit(known: &Decided, facts: &ClientFacts, now: Timestamp) -> Result<(), AppError> {
    let id = &known.decision.id;
    let is_over = facts.reservations.iter().any(|it| it.decision == *id && it.expires_at <= now);
    let state = match known.state {
        _ if known.released.is_some() => "released",
        DecidedState::Reserved if is_over => "expired",
        DecidedState::GivenBack | DecidedState::Expired => state_name(known.state),
        DecidedState::Reserved | DecidedState::CarriedOut => return Ok(()),
    };
    Err(AppError::DecisionEnded { decision: id.clone(), state: state.to_owned() })
}

/// The decision that keeps a unit for a client: whoever releases what is kept for them releases that unit, and not
/// one more of the stock.
fn kept_for(
    work: &mut Work<'_, '_>,
    facts: &ClientFacts,
    action: &ActionId,
) -> Result<Option<DecisionId>, AppError> {
    let is_kept = |it: &&Reservation| it.action == *action && it.expires_at > work.now;
    let Some(kept) = facts.reservations.iter().find(is_kept) else { return Ok(None) };
    // What a record kept before it was merged into this one stays with its own decision.
    let decided = decided(work, &kept.decision)?.decision;
    Ok((decided.client == facts.client).then(|| kept.decision.clone()))
}
