//! Was it given? An act of help in one step; and what was given, of which nobody has told how it landed.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{ActionClass, ActionId, DecisionId};
use yorisoi_ledger::{Body, Client, DecidedState, ReservationEnd};

use crate::end_reservation::{DecisionView, end_reservation, view};
use crate::record_contact::decided;
use crate::tell_timeline::TimelineRow;
use crate::work::Work;
use crate::{App, AppError, Caller, Right};

/// Help that was given, and of which nobody has told yet how it landed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GivenView {
    /// The decision that was carried out.
    pub decision: DecisionId,
    /// What was given.
    pub action: ActionId,
    /// When.
    pub at: Timestamp,
}

/// Help that was decided and has ended without being given. Whoever gave it all the same tells when it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EndedView {
    /// The decision.
    pub decision: DecisionId,
    /// What it was.
    pub action: ActionId,
    /// When it was decided: nothing was given before.
    pub decided_at: Timestamp,
    /// When it ended.
    pub at: Timestamp,
}

/// How long one asks how something landed.
const ASKED_FOR: SignedDuration = SignedDuration::from_hours(24 * 30);

/// Acts of help that are shown without a landing, or without having been given.
const SHOWN: usize = 3;

impl App {
    /// The reserved help was given just now, by somebody who reached the client: the attempt counts under
    /// every cap, and what was kept is spent, together or not at all.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`]; [`AppError::DecisionEnded`]; [`AppError::Invalid`] if it reaches nobody.
    pub async fn give(&self, caller: &Caller, id: &DecisionId) -> Result<DecisionView, AppError> {
        caller.may(Right::Record)?;
        let id = id.clone();
        self.write(caller, "give", move |work| {
            let known = decided(work, &id)?.decision;
            let client = work.client(&known.client)?.facts.client;
            let choice = known.choice;
            let channel = choice.channel.ok_or_else(|| {
                let en = "it reaches nobody, so there is nothing to give";
                AppError::invalid(
                    "decision",
                    (en, "見守る判断のため、お伝えするものはありません。"),
                )
            })?;
            // The contact first: carrying out adds one only where none is written down.
            let body = Body::Attempted {
                decision: Some(id.clone()),
                action: choice.action,
                class: choice.class,
                channel,
                reached: true,
            };
            work.append(Some(&client), body, None)?;
            end_reservation(work, &id, ReservationEnd::CarriedOut)?;
            view(work, &id)
        })
        .await
    }
}

/// What was given to a client lately without a word on how it landed, the newest first.
pub(crate) fn untold(work: &mut Work<'_, '_>, client: &Client) -> Result<Vec<GivenView>, AppError> {
    let since = work.now.checked_sub(ASKED_FOR).unwrap_or(Timestamp::MIN);
    let mut given: Vec<GivenView> = Vec::new();
    let contacts = client.facts.contacts.iter().rev().take_while(|contact| contact.at > since);
    for contact in contacts.filter(|contact| contact.class != ActionClass::Service) {
        let Some(decision) = &contact.decision else { continue };
        if given.len() == SHOWN || given.iter().any(|known| known.decision == *decision) {
            continue;
        }
        let Some(decided) = work.books.decision(decision)? else { continue };
        let action = decided.decision.choice.action;
        let is_handed_on = client.facts.released.contains(&action);
        if decided.state == DecidedState::CarriedOut && decided.landing.is_none() && !is_handed_on {
            given.push(GivenView { decision: decision.clone(), action, at: contact.at });
        }
    }
    Ok(given)
}

/// What ended without being given, of the events that are shown, the newest first. What went on to somebody else is
/// theirs.
pub(crate) fn ended(
    work: &mut Work<'_, '_>,
    shown: &[TimelineRow],
) -> Result<Vec<EndedView>, AppError> {
    let mut ended: Vec<EndedView> = Vec::new();
    for row in shown {
        let Body::ReservationEnded { decision, why } = &row.body else { continue };
        if *why == ReservationEnd::CarriedOut || ended.len() == SHOWN {
            continue;
        }
        let Some(known) = work.books.decision(decision)? else { continue };
        let is_over = matches!(known.state, DecidedState::GivenBack | DecidedState::Expired);
        if is_over && known.released.is_none() {
            ended.push(EndedView {
                decision: decision.clone(),
                action: known.decision.choice.action,
                decided_at: known.decision.at,
                at: row.at,
            });
        }
    }
    Ok(ended)
}
