//! What was tried, how it landed, what became of it? Recording what happened; deliveries have a file of their own.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{ActionId, Channel, ClientId, DecisionId};
use yorisoi_ledger::{Body, Decided, DecidedState, Landing, ReservationEnd};

use crate::end_reservation::end_reservation;
use crate::give_effects::OUTCOME_MAX;
use crate::landing_counts::count_landing;
use crate::read_ruptures::note_rupture;
use crate::work::{Work, said};
use crate::{App, AppError, Caller, Recorded, Right};

/// Somebody tried to reach a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttemptInput {
    /// Whom.
    pub client: ClientId,
    /// For which decision; `null`: without one, such as a call that nobody asked about.
    #[serde(default)]
    pub decision: Option<DecisionId>,
    /// With what.
    pub action: ActionId,
    /// Over what; `null`: the action's own channel.
    #[serde(default)]
    pub channel: Option<Channel>,
    /// Whether the client was reached.
    pub reached: bool,
}

/// How it landed, as the receiver told it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LandingInput {
    /// Whom.
    pub client: ClientId,
    /// For which decision, if there was one.
    #[serde(default)]
    pub decision: Option<DecisionId>,
    /// What; `null`: the decision's own action.
    #[serde(default)]
    pub action: Option<ActionId>,
    /// How.
    pub landing: Landing,
    /// In the client's own words.
    #[serde(default)]
    pub words: Option<String>,
}

/// What became of the client.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OutcomeInput {
    /// Whom.
    pub client: ClientId,
    /// Its name; `null`: the house's own outcome.
    #[serde(default)]
    pub outcome: Option<String>,
    /// Its value.
    pub value: f64,
    /// When it held, if earlier than now.
    #[serde(default)]
    pub at: Option<Timestamp>,
}

impl App {
    /// Records an attempt; one that reached the client counts under every cap.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`] client, action or decision; [`AppError::Invalid`] if no channel is known.
    pub async fn record_attempt(
        &self,
        caller: &Caller,
        input: AttemptInput,
    ) -> Result<Recorded, AppError> {
        caller.may(Right::Record)?;
        self.write(caller, "attempt", move |work| {
            let client = work.client(&input.client)?.facts.client;
            let action = work.action(&input.action)?;
            if let Some(decision) = &input.decision {
                decision_of(work, decision, &client)?;
            }
            let channel = input.channel.or(action.channel).ok_or_else(|| {
                let reason = "the action has none of its own; say which was used";
                AppError::invalid("channel", (reason, "お使いになった連絡手段を選んでください。"))
            })?;
            let body = Body::Attempted {
                decision: input.decision,
                action: action.id,
                class: action.class,
                channel,
                reached: input.reached,
            };
            work.append(Some(&client), body, None)
        })
        .await
    }

    /// Records how it landed. What arrived was given: a reservation that is still open is carried out with it.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`]; [`AppError::Invalid`] if neither decision nor action is given, the decision was made for
    /// another client, or the action is not the decision's own.
    pub async fn record_landing(
        &self,
        caller: &Caller,
        input: LandingInput,
    ) -> Result<Recorded, AppError> {
        caller.may(Right::Record)?;
        self.write(caller, "landing", move |work| {
            let client = work.client(&input.client)?.facts.client;
            let told = (input.decision.as_ref(), input.action);
            let action = landed_action(work, &client, told)?;
            let words = said("words", input.words)?;
            if let Some(decision) = input.decision.as_ref().filter(|_| has_arrived(input.landing)) {
                carry_out_if_kept(work, decision)?;
            }
            count_landing(work, input.decision.as_ref(), (&action, input.landing))?;
            let body = Body::Landed { decision: input.decision, action, landing: input.landing };
            let recorded = work.append(Some(&client), body.clone(), words)?;
            note_rupture(work, (&client, &body), &recorded)?;
            Ok(recorded)
        })
        .await
    }

    /// Records an outcome. Whoever is credited with it does not write it down: that is the lead's, or a program's.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`]; [`AppError::Unknown`]; [`AppError::Invalid`] if the value is no number, or so large
    /// that it is a mistake.
    pub async fn record_outcome(
        &self,
        caller: &Caller,
        input: OutcomeInput,
    ) -> Result<Recorded, AppError> {
        caller.may(Right::RecordOutcomes)?;
        // Written positively so that no number is refused too.
        let is_sound = input.value.abs() <= OUTCOME_MAX;
        if !is_sound {
            let reason = ("give a number of at most 1e12", "1e12 以下の数を入力してください。");
            return Err(AppError::invalid("value", reason));
        }
        self.write(caller, "outcome", move |work| {
            let client = work.client(&input.client)?.facts.client;
            if input.at.is_some_and(|at| at > work.now) {
                return Err(AppError::invalid(
                    "at",
                    "it lies in the future; outcomes have been seen",
                ));
            }
            let outcome = input.outcome.unwrap_or_else(|| work.app.settings().outcome.clone());
            let body = Body::OutcomeSeen { outcome, value: input.value, at: input.at };
            work.append(Some(&client), body, None)
        })
        .await
    }
}

/// Whether it came to them at all.
fn has_arrived(landing: Landing) -> bool {
    landing != Landing::NotReceived
}

/// Carries out what is still kept, since it has landed. A unit that is handed on waits for its answer; and what has
/// ended is told as a delivery, with its time.
fn carry_out_if_kept(work: &mut Work<'_, '_>, id: &DecisionId) -> Result<(), AppError> {
    let known = decided(work, id)?;
    let kept = work.client(&known.decision.client)?.facts.reservations;
    let is_kept = kept.iter().any(|it| it.decision == *id && it.expires_at > work.now);
    if is_kept && known.state == DecidedState::Reserved && known.offers.is_none() {
        end_reservation(work, id, ReservationEnd::CarriedOut)?;
    }
    Ok(())
}

/// A decision there is.
pub(crate) fn decided(work: &mut Work<'_, '_>, id: &DecisionId) -> Result<Decided, AppError> {
    work.books.decision(id)?.ok_or_else(|| AppError::unknown("decision", id.as_str()))
}

/// What landed: the decision's own action, or one that the policy has.
pub(crate) fn landed_action(
    work: &mut Work<'_, '_>,
    client: &ClientId,
    (decision, action): (Option<&DecisionId>, Option<ActionId>),
) -> Result<ActionId, AppError> {
    let own = match decision {
        Some(id) => Some(decision_of(work, id, client)?.decision.choice.action),
        None => None,
    };
    match (action, own) {
        (Some(told), Some(own)) if told != own => {
            let reason = format!("the decision's own is `{own}`; leave this out");
            let ja = format!("この判断の働きかけは `{own}` です。");
            Err(AppError::invalid("action", (reason, ja)))
        }
        (_, Some(own)) => Ok(own),
        (Some(told), None) => Ok(work.action(&told)?.id),
        (None, None) => Err(AppError::invalid(
            "action",
            ("say what landed, or for which decision", "何が届いたのかを選んでください。"),
        )),
    }
}

/// A decision that was made for this client, or for a record merged into theirs.
fn decision_of(
    work: &mut Work<'_, '_>,
    id: &DecisionId,
    client: &ClientId,
) -> Result<Decided, AppError> {
    let decided = decided(work, id)?;
    if work.client(&decided.decision.client)?.facts.client == *client {
        Ok(decided)
    } else {
        let reason = ("it was made for another client", "別のお客さまについての判断です。");
        Err(AppError::invalid("decision", reason))
    }
}
