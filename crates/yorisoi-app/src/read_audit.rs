//! Who did what, and who looked at whom? The ledger, as a list.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::ClientId;
use yorisoi_ledger::{Actor, Body, Entry};

use crate::work::Work;
use crate::{App, AppError, Caller, Page, PageAsk, Right};

/// Which entries are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AuditAsk {
    /// About this client.
    pub client: Option<ClientId>,
    /// Of this kind: `decided`, `looked`.
    pub kind: Option<String>,
    /// From which end.
    pub order: AuditOrder,
    /// Which page; the cursor is the `seq` of the last entry seen.
    pub page: PageAsk,
}

/// From which end entries are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuditOrder {
    /// The oldest first.
    #[default]
    Oldest,
    /// The newest first; what is recorded meanwhile stands before the first page and moves nothing.
    Newest,
}

/// One entry, without personal data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AuditRow {
    /// Its place.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// About whom.
    pub client: Option<ClientId>,
    /// The kind.
    pub kind: String,
    /// The event.
    pub body: Body,
}

impl App {
    /// Returns entries in the order that is asked for, behind the cursor.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`].
    pub async fn audit(&self, caller: &Caller, ask: AuditAsk) -> Result<Page<AuditRow>, AppError> {
        caller.may(Right::ReadAudit)?;
        self.read(caller, move |work| audit(work, &ask)).await
    }
}

/// Entries read for one page at most, so that a rare kind does not hold up everybody else.
const READ_MAX: usize = 20_000;

/// Entries read in one go.
const READ: usize = 1_000;

fn audit(work: &mut Work<'_, '_>, ask: &AuditAsk) -> Result<Page<AuditRow>, AppError> {
    let mut at = match &ask.page.cursor {
        Some(cursor) => cursor.parse().map_err(|_| {
            AppError::invalid("cursor", "it is none of ours; give `next` of the page before")
        })?,
        None if ask.order == AuditOrder::Newest => u64::MAX,
        None => 0,
    };
    let size = ask.page.size();
    let (mut items, mut read) = (Vec::new(), 0);
    while read < READ_MAX {
        let entries = piece(work, ask.order, at)?;
        let is_last = entries.len() < READ;
        read += entries.len();
        for entry in entries {
            at = entry.seq;
            if is_wanted(work, ask, &entry)? {
                items.push(row(entry));
            }
            if items.len() == size {
                return Ok(Page { items, next: Some(at.to_string()) });
            }
        }
        if is_last {
            return Ok(Page { items, next: None });
        }
    }
    Ok(Page { items, next: Some(at.to_string()) })
}

/// Up to [`READ`] entries behind a place, in an order. The ledger has no gaps: what comes before a place is found by
/// its number.
fn piece(work: &mut Work<'_, '_>, order: AuditOrder, at: u64) -> Result<Vec<Entry>, AppError> {
    if order == AuditOrder::Oldest {
        return Ok(work.books.entries(at, READ)?);
    }
    let last = at.saturating_sub(1).min(work.books.newest());
    let after = last.saturating_sub(READ as u64);
    let mut entries = work.books.entries(after, (last - after) as usize)?;
    entries.reverse();
    Ok(entries)
}

/// Whether it was asked for, and is about somebody the caller may see.
fn is_wanted(work: &mut Work<'_, '_>, ask: &AuditAsk, entry: &Entry) -> Result<bool, AppError> {
    let is_kind = ask.kind.as_deref().is_none_or(|kind| entry.body.kind() == kind);
    let is_client = ask.client.is_none() || ask.client == entry.client;
    if !(is_kind && is_client) {
        return Ok(false);
    }
    let (Some(_), Some(client)) = (&work.caller.team, &entry.client) else {
        return Ok(true);
    };
    let record = work.books.record_of(client)?;
    let team = work.books.client(&record)?.and_then(|client| client.facts.team);
    Ok(work.caller.may_see_team(team.as_ref()).is_ok())
}

fn row(entry: Entry) -> AuditRow {
    AuditRow {
        seq: entry.seq,
        at: entry.at,
        actor: entry.actor,
        client: entry.client,
        kind: entry.body.kind().to_owned(),
        body: entry.body,
    }
}
