//! What happened between a client and us? Newest first, what was not done included.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{ClientId, Words};
use yorisoi_ledger::{Actor, Body, Opened};

use crate::headline::headline;
use crate::work::Work;
use crate::{App, AppError, Caller, Page, PageAsk, Right, Role};

/// One event in a client's timeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TimelineRow {
    /// Its place in the ledger.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// The kind of entry.
    pub kind: String,
    /// One line to read.
    pub headline: Words,
    /// What was said or noted; `None` if nothing was, or if it is confidential.
    pub text: Option<String>,
    /// Whether there is a text that only its author and privacy officers may read.
    pub confidential: bool,
    /// The event itself.
    pub body: Body,
}

impl App {
    /// Returns events of a client, newest first; the cursor is the `seq` of the last one seen. Who looked is in the audit.
    ///
    /// # Errors
    ///
    /// As [`App::client_page`].
    pub async fn timeline(
        &self,
        caller: &Caller,
        client: &ClientId,
        page: PageAsk,
    ) -> Result<Page<TimelineRow>, AppError> {
        caller.may(Right::ReadPeople)?;
        self.keep_looking(caller, client, "timeline").await?;
        let name = client.clone();
        self.read(caller, move |work| {
            let id = work.client(&name)?.facts.client;
            timeline(work, &id, &page)
        })
        .await
    }
}

/// Events of a client, newest first.
pub(crate) fn timeline(
    work: &mut Work<'_, '_>,
    client: &ClientId,
    ask: &PageAsk,
) -> Result<Page<TimelineRow>, AppError> {
    let before = match &ask.cursor {
        Some(cursor) => Some(cursor.parse().map_err(|_| {
            AppError::invalid("cursor", "it is none of ours; give `next` of the page before")
        })?),
        None => None,
    };
    let (mut opened, size) = (events(work, client, (before, ask.size() + 1))?, ask.size());
    let is_more = opened.len() > size;
    opened.truncate(size);
    let next = opened.last().filter(|_| is_more).map(|last| last.entry.seq.to_string());
    let policy = work.policy().ok();
    let items = opened
        .into_iter()
        .map(|opened| {
            let headline = headline(&opened.entry.body, policy.as_deref());
            row(&work.caller, opened, headline)
        })
        .collect();
    Ok(Page { items, next })
}

/// Entries read at once, at most.
const READ_MOST: usize = 1_000;

/// So many events before a place, newest first. Who looked is for the audit: here it would drown what happened.
pub(crate) fn events(
    work: &mut Work<'_, '_>,
    client: &ClientId,
    (mut before, wanted): (Option<u64>, usize),
) -> Result<Vec<Opened>, AppError> {
    let (mut events, mut read) = (Vec::with_capacity(wanted), wanted);
    loop {
        let some = work.books.timeline(client, before, read)?;
        let is_end = some.len() < read;
        // Looks come in crowds: behind the first of them many more are read at once.
        read = (2 * read).min(READ_MOST);
        before = some.last().map(|opened| opened.entry.seq);
        events.extend(some.into_iter().filter(|it| !matches!(it.entry.body, Body::Looked { .. })));
        if is_end || events.len() >= wanted {
            events.truncate(wanted);
            return Ok(events);
        }
    }
}

/// A row, without what is not for the caller's eyes.
fn row(caller: &Caller, opened: Opened, headline: Words) -> TimelineRow {
    let entry = opened.entry;
    let confidential = matches!(entry.body, Body::Noted { confidential: true });
    let may_read = !confidential || caller.role == Role::Privacy || entry.actor == caller.actor();
    // Beside a decision lies what it looked at, for replay and export; it is nothing that was said.
    let is_said = !matches!(entry.body, Body::Decided { .. });
    let text = opened.personal.and_then(|personal| personal.text);
    TimelineRow {
        seq: entry.seq,
        at: entry.at,
        actor: entry.actor,
        kind: entry.body.kind().to_owned(),
        headline,
        text: text.filter(|_| may_read && is_said),
        confidential,
        body: entry.body,
    }
}
