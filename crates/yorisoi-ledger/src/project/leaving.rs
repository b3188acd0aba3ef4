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

/// The group of those who are on the way, by the instant at which they asked.
pub(crate) const OPEN: &str = "open";

/// Folds the entries about leaving.
pub(crate) fn fold(
    ground: &mut Ground<'_>,
    entry: &Entry,
    id: &ClientId,
) -> Result<(), LedgerError> {
    let Some(exit) = ground.change_client(id, |doc| step(doc, entry))? else { return Ok(()) };
    let key = format!("{:020}", exit.seq);
    let began = exit.requested_at.or(exit.decided_at).map_or(0, Timestamp::as_microsecond) as f64;
    let is_open =
        matches!(exit.state, ExitState::Requested | ExitState::Offered | ExitState::Decided);
    ground.edit::<ExitDoc>(&key)?.exit = exit;
    ground.shelves.rank::<ExitDoc>(&key, EVERYBODY, Some(began));
    ground.shelves.rank::<ExitDoc>(&key, OPEN, is_open.then_some(began));
    Ok(())
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
            exit.state = ExitState::Requested;
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

/// The way out that is open, or a new one that begins with this entry.
fn current<'a>(exit: &'a mut Option<Exit>, entry: &Entry) -> &'a mut Exit {
    let ended = exit.as_ref().is_none_or(|exit| {
        exit.completed_at.is_some() || exit.abandoned_at.is_some() || exit.returned_at.is_some()
    });
    if ended {
        *exit = None;
    }
    exit.get_or_insert_with(|| Exit {
        client: entry.client.clone(),
        seq: entry.seq,
        ..Exit::default()
    })
}
