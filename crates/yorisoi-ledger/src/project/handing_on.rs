//! What does an entry about handing on change?

use jiff::Timestamp;
use yorisoi_decision::{ClientId, DecisionId};

use super::capacity::StockDoc;
use super::client::EVERYBODY;
use super::decided::{DUE, DecidedState, DecisionDoc};
use super::hand_on::{HandOn, HandOnState, OPEN};
use super::{Ground, spending};
use crate::entry::{Body, Entry, Keeps};
use crate::error::LedgerError;
use crate::shelves::ONLY;

/// Folds the entries about handing on.
pub(crate) fn fold(
    ground: &mut Ground<'_>,
    entry: &Entry,
    client: Option<&ClientId>,
) -> Result<(), LedgerError> {
    match &entry.body {
        Body::HandOnReleased { hand_on, .. } => released(ground, entry, client, hand_on),
        Body::HandOnOffered { hand_on, decision, .. } => {
            let keeps = ground.edit::<HandOn>(hand_on)?.keeps;
            if keeps.units > 0 {
                hand_over_units(ground, decision)?;
            }
            ground.edit::<DecisionDoc>(decision.as_str())?.offers = Some(hand_on.clone());
            change(ground, hand_on, |it| {
                it.state = HandOnState::Offered;
                (it.to, it.offer) = (client.cloned(), Some(decision.clone()));
            })
        }
        Body::HandOnDeclined { hand_on, .. } => change(ground, hand_on, |it| {
            it.state = HandOnState::Released;
            it.declined.extend(client.cloned());
            (it.to, it.offer) = (None, None);
        }),
        Body::HandOnAccepted { hand_on, .. } => {
            spending::pass_cost(ground, hand_on)?;
            change(ground, hand_on, |it| {
                it.state = HandOnState::Accepted;
                it.to = client.cloned();
                it.ended_at = Some(entry.at);
            })
        }
        Body::HandOnExpired { hand_on, action } => {
            let keeps = std::mem::take(&mut ground.edit::<HandOn>(hand_on)?.keeps);
            ground.edit::<StockDoc>(ONLY)?.give_back(action, &keeps);
            change(ground, hand_on, |it| {
                it.state = HandOnState::Expired;
                it.ended_at = Some(entry.at);
            })
        }
        _ => Ok(()),
    }
}

/// What the first client's decision kept goes over to the hand-on: units and money stay taken, minutes are free.
fn released(
    ground: &mut Ground<'_>,
    entry: &Entry,
    client: Option<&ClientId>,
    hand_on: &str,
) -> Result<(), LedgerError> {
    let Body::HandOnReleased { action, decision, expires_at, .. } = &entry.body else {
        return Ok(());
    };
    let mut keeps = Keeps::default();
    if let Some(decision) = decision {
        let doc = ground.edit::<DecisionDoc>(decision.as_str())?;
        doc.released = Some(hand_on.to_owned());
        if doc.state == DecidedState::Reserved {
            doc.state = DecidedState::GivenBack;
            keeps = Keeps { minutes: 0, ..doc.keeps };
            let (at, minutes, agent) = (doc.at, doc.keeps.minutes, doc.agent.clone());
            ground.shelves.rank::<DecisionDoc>(decision.as_str(), DUE, None);
            spending::free_minutes(ground, at, minutes, agent.as_ref())?;
        }
    }
    change(ground, hand_on, |it| {
        *it = HandOn {
            hand_on: hand_on.to_owned(),
            action: Some(action.clone()),
            from: client.cloned(),
            decision: decision.clone(),
            expires_at: *expires_at,
            keeps,
            released_at: entry.at,
            ..HandOn::default()
        };
    })
}

/// The unit that is handed on serves the offer: what the offer's own decision reserved of units and money is free.
fn hand_over_units(ground: &mut Ground<'_>, decision: &DecisionId) -> Result<(), LedgerError> {
    let doc = ground.edit::<DecisionDoc>(decision.as_str())?;
    if doc.state != DecidedState::Reserved {
        return Ok(());
    }
    let spare = Keeps { minutes: 0, ..doc.keeps };
    doc.keeps = Keeps { minutes: doc.keeps.minutes, ..Keeps::default() };
    if let Some(action) = doc.action.clone() {
        ground.edit::<StockDoc>(ONLY)?.give_back(&action, &spare);
    }
    Ok(())
}

fn change(
    ground: &mut Ground<'_>,
    hand_on: &str,
    change: impl FnOnce(&mut HandOn),
) -> Result<(), LedgerError> {
    let it = ground.edit::<HandOn>(hand_on)?;
    change(it);
    let until = it.expires_at.unwrap_or(Timestamp::MAX).as_microsecond() as f64;
    let is_open = it.state.is_open();
    let released = it.released_at.as_microsecond() as f64;
    ground.shelves.rank::<HandOn>(hand_on, OPEN, is_open.then_some(until));
    ground.shelves.rank::<HandOn>(hand_on, EVERYBODY, Some(released));
    Ok(())
}
