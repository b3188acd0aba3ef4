//! What waits to be told, and when is it tried again?

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use yorisoi_ledger::Entry;

use super::{Delivery, Endpoint, endpoints};
use crate::AppError;
use crate::app::to_bytes;
use crate::work::Work;

/// Where messages wait, by the second at which they are due.
const OUTBOX: &str = "webhook_outbox";

/// Up to which entry the log was looked through.
const CURSOR: &str = "webhook_cursor";

/// Entries looked through in one go.
const READ: usize = 500;

/// How long a message that was handed to the sender is not handed out again.
const LEASE: SignedDuration = SignedDuration::from_secs(60);

/// Seconds to wait after each fault; after the last the message is given up.
const RETRY_SECONDS: [i64; 9] = [5, 30, 120, 600, 1_800, 7_200, 21_600, 43_200, 86_400];

/// A message as kept. Its content is read from the entry when it is due: what stands in the log need not stand
/// here again.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Waiting {
    endpoint: String,
    seq: u64,
    attempts: u32,
}

/// Moves new entries into the outbox.
pub(super) fn fill(work: &mut Work<'_, '_>) -> Result<(), AppError> {
    let newest = work.books.newest();
    let mut at: u64 = work.books.read_note(CURSOR, CURSOR)?.unwrap_or(0);
    if at >= newest {
        return Ok(());
    }
    let endpoints = endpoints(work)?;
    // Nobody wants to hear what happened before they asked.
    let wanted_from = endpoints.iter().map(|it| it.from_seq).min().unwrap_or(newest);
    at = at.max(wanted_from.min(newest));
    while at < newest {
        let entries = work.books.entries(at, READ)?;
        let Some(last) = entries.last() else { break };
        at = last.seq;
        for entry in &entries {
            for endpoint in endpoints.iter().filter(|it| it.wants(entry)) {
                let waiting =
                    Waiting { endpoint: endpoint.endpoint.clone(), seq: entry.seq, attempts: 0 };
                put(work, &waiting, work.now)?;
            }
        }
    }
    Ok(work.books.note(CURSOR, CURSOR, &at, None, None)?)
}

fn put(work: &mut Work<'_, '_>, waiting: &Waiting, due: Timestamp) -> Result<(), AppError> {
    let (key, group) = (key_of(waiting), waiting.endpoint.clone());
    Ok(work.books.note(OUTBOX, &key, waiting, Some(due.as_second() as f64), Some(&group))?)
}

fn key_of(waiting: &Waiting) -> String {
    format!("{}/{:020}", waiting.endpoint, waiting.seq)
}

/// The messages that are due. They are not handed out again for a minute.
pub(super) fn due(work: &mut Work<'_, '_>, limit: usize) -> Result<Vec<Delivery>, AppError> {
    let endpoints = endpoints(work)?;
    let now = work.now.as_second();
    let mut deliveries = Vec::new();
    for (key, waiting) in work.books.notes::<Waiting>(OUTBOX, None, limit)? {
        let due_at: i64 = work.books.read_note(DUE, &key)?.unwrap_or(now);
        if due_at > now {
            break;
        }
        let endpoint = endpoints.iter().find(|it| it.endpoint == waiting.endpoint);
        let (Some(endpoint), Some(entry)) = (endpoint, work.books.entry(waiting.seq)?) else {
            forget(work, &key)?;
            continue;
        };
        deliveries.push(message(endpoint, &entry, waiting.attempts)?);
        postpone(work, &waiting, work.now.saturating_add(LEASE).unwrap_or(work.now))?;
    }
    Ok(deliveries)
}

/// When a message is due, beside the message.
const DUE: &str = "webhook_due";

fn postpone(work: &mut Work<'_, '_>, waiting: &Waiting, due: Timestamp) -> Result<(), AppError> {
    put(work, waiting, due)?;
    Ok(work.books.note(DUE, &key_of(waiting), &due.as_second(), None, None)?)
}

fn forget(work: &mut Work<'_, '_>, key: &str) -> Result<(), AppError> {
    work.books.forget_note(OUTBOX, key)?;
    Ok(work.books.forget_note(DUE, key)?)
}

/// A message: the entry as a `CloudEvents` event, without personal data.
fn message(endpoint: &Endpoint, entry: &Entry, attempts: u32) -> Result<Delivery, AppError> {
    let id = format!("msg_{}_{}", entry.seq, endpoint.endpoint);
    let body = json!({
        "specversion": "1.0",
        "id": entry.seq.to_string(),
        "source": "yorisoi",
        "type": format!("yorisoi.{}", entry.body.kind()),
        "subject": entry.client,
        "time": entry.at,
        "datacontenttype": "application/json",
        "data": entry.body,
    });
    let body = String::from_utf8(to_bytes(&body)?)
        .map_err(|error| AppError::Internal { what: error.to_string() })?;
    let (endpoint, url) = (endpoint.endpoint.clone(), endpoint.url.clone());
    Ok(Delivery { id, endpoint, url, body, attempts, seq: entry.seq })
}

/// Takes a message away, or lets it wait for the next try; returns whether it was given up.
pub(super) fn settle(
    work: &mut Work<'_, '_>,
    delivery: &Delivery,
    is_taken: bool,
) -> Result<bool, AppError> {
    let waiting = Waiting {
        endpoint: delivery.endpoint.clone(),
        seq: delivery.seq,
        attempts: delivery.attempts + 1,
    };
    let pause = RETRY_SECONDS.get(delivery.attempts as usize).filter(|_| !is_taken);
    if let Some(seconds) = pause {
        let wait = SignedDuration::from_secs(*seconds);
        postpone(work, &waiting, work.now.saturating_add(wait).unwrap_or(work.now))?;
        return Ok(false);
    }
    forget(work, &key_of(&waiting))?;
    Ok(!is_taken)
}

/// Messages that wait for an endpoint.
pub(super) fn waiting(work: &mut Work<'_, '_>, endpoint: &str) -> Result<u64, AppError> {
    Ok(work.books.notes::<Waiting>(OUTBOX, Some(endpoint), COUNTED_MAX)?.len() as u64)
}

/// Messages that are counted at most.
const COUNTED_MAX: usize = 10_000;

/// Drops whatever waits for an endpoint.
pub(super) fn drop_all(work: &mut Work<'_, '_>, endpoint: &str) -> Result<(), AppError> {
    loop {
        let some = work.books.notes::<Waiting>(OUTBOX, Some(endpoint), READ)?;
        if some.is_empty() {
            return Ok(());
        }
        for (key, _) in some {
            forget(work, &key)?;
        }
    }
}
