//! How far is a client on the way out, and how did it end?

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{ClientId, ExitState};

use super::Ground;
use super::client::{ClientDoc, EVERYBODY, Exit};
use crate::entry::{Body, Entry};
use crate::error::LedgerError;
use crate::shelves::Document;

/// One way out, as kept.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct ExitDoc {
    pub(crate) exit: Exit,
}

impl Document for ExitDoc {
    const SHELF: &'static str = "p:exit";
}

/// Days for which the one offer on the way out counts as made, though the client did not go on and asks again.
const OFFER_STANDS_DAYS: i64 = 90;

/// The group of those who are on the way, by the instant at which they asked.
pub(crate) const OPEN: &str = "open";

/// Folds the entries about leaving.
pub(crate) fn fold(
    ground: &mut Ground<'_>,
    entry: &Entry,
    id: &ClientId,
) -> Result<(), LedgerError> {
    let Some(exit) = ground.change_client(id, |doc| step(doc, entry))? else { return Ok(()) };
    let key = key_of(&exit);
    let began = exit.requested_at.or(exit.decided_at).map_or(0, Timestamp::as_microsecond) as f64;
    let is_open = is_open(exit.state);
    ground.edit::<ExitDoc>(&key)?.exit = exit;
    ground.shelves.rank::<ExitDoc>(&key, EVERYBODY, Some(began));
    ground.shelves.rank::<ExitDoc>(&key, OPEN, is_open.then_some(began));
    Ok(())
}

fn key_of(exit: &Exit) -> String {
    format!("{:020}", exit.seq)
}

fn is_open(state: ExitState) -> bool {
    matches!(state, ExitState::Requested | ExitState::Offered | ExitState::Decided)
}

/// Takes a way out that nobody will go any more out of the lists: its record was merged into one that is on another,
/// or the person was erased. One that came to its end stays counted.
pub(crate) fn close(ground: &mut Ground<'_>, exit: &Exit) {
    if is_open(exit.state) {
        for group in [OPEN, EVERYBODY] {
            ground.shelves.rank::<ExitDoc>(&key_of(exit), group, None);
        }
    }
}

/// Takes one step on the way out and returns the way as it is then.
fn step(doc: &mut ClientDoc, entry: &Entry) -> Option<Exit> {
    let at = Some(entry.at);
    let facts = &mut doc.client.facts;
    if facts.erased {
        return None;
    }
    let exit = match &entry.body {
        Body::ExitRequested {} => {
            let exit = current(&mut doc.client.desk.exit, entry);
            exit.requested_at = exit.requested_at.or(at);
            // Whoever heard the one offer a while ago and asks again has heard it.
            exit.state = match exit.offered_at {
                Some(_) => ExitState::Offered,
                None => ExitState::Requested,
            };
            exit
        }
        Body::ExitOffered { decision } => {
            let exit = current(&mut doc.client.desk.exit, entry);
            (exit.offered_at, exit.offer) = (at, Some(decision.clone()));
            exit.state = ExitState::Offered;
            exit
        }
        Body::ExitDecided { .. } => {
            let exit = current(&mut doc.client.desk.exit, entry);
            (exit.decided_at, exit.decided_seq) = (at, Some(entry.seq));
            exit.state = ExitState::Decided;
            exit
        }
        Body::ExitCompleted { receipt } => {
            let exit = current(&mut doc.client.desk.exit, entry);
            (exit.completed_at, exit.receipt) = (at, Some(receipt.clone()));
            exit.state = ExitState::Completed;
            doc.client.desk.door_open = Some(receipt.door_open);
            exit
        }
        Body::ExitAbandoned {} => {
            let exit = current(&mut doc.client.desk.exit, entry);
            exit.abandoned_at = at;
            exit.state = ExitState::Abandoned;
            exit
        }
        Body::Returned {} => {
            facts.exit = ExitState::None;
            doc.client.desk.door_open = None;
            let exit = doc.client.desk.exit.as_mut()?;
            exit.returned_at = at;
            return Some(exit.clone());
        }
        _ => return None,
    };
    facts.exit = exit.state;
    Some(exit.clone())
}

/// Whether an offer that was made then is still the one that is permitted.
fn stands(offered_at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(offered_at).as_hours() < 24 * OFFER_STANDS_DAYS
}

/// The way out that is open, or a new one that begins with this entry.
fn current<'a>(exit: &'a mut Option<Exit>, entry: &Entry) -> &'a mut Exit {
    let ended = exit.as_ref().is_none_or(|exit| {
        exit.completed_at.is_some() || exit.abandoned_at.is_some() || exit.returned_at.is_some()
    });
    if ended {
        let before = exit.take().filter(|exit| exit.abandoned_at.is_some());
        let heard = before.filter(|exit| exit.offered_at.is_some_and(|at| stands(at, entry.at)));
        let (offered_at, offer) =
            heard.map(|exit| (exit.offered_at, exit.offer)).unwrap_or_default();
        let (client, seq) = (entry.client.clone(), entry.seq);
        *exit = Some(Exit { client, seq, offered_at, offer, ..Exit::default() });
    }
    exit.get_or_insert_default()
}
