//! What was decided, with what was looked at and what came of it? The log, as rehearsal and study read it.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use yorisoi_decision::{ClientId, Decision, Situation};
use yorisoi_ledger::{Body, Entry};

use crate::AppError;
use crate::work::Work;

/// Entries read in one go.
const READ: usize = 1_000;

/// One decision of the log.
pub(crate) struct Logged {
    /// The decision.
    pub(crate) decision: Decision,
    /// What it looked at; `None` if the person was erased.
    pub(crate) situation: Option<Situation>,
}

/// Every entry, oldest first.
pub(crate) fn each_entry(
    work: &mut Work<'_, '_>,
    mut see: impl FnMut(&mut Work<'_, '_>, Entry) -> Result<(), AppError>,
) -> Result<(), AppError> {
    let mut after = 0;
    loop {
        let entries = work.books.entries(after, READ)?;
        let Some(last) = entries.last() else { return Ok(()) };
        after = last.seq;
        for entry in entries {
            see(work, entry)?;
        }
    }
}

/// Every decision about somebody, oldest first.
pub(crate) fn each_decision(
    work: &mut Work<'_, '_>,
    mut see: impl FnMut(&mut Work<'_, '_>, Logged) -> Result<(), AppError>,
) -> Result<(), AppError> {
    each_entry(work, |work, entry| {
        if !matches!(entry.body, Body::Decided { .. }) {
            return Ok(());
        }
        let opened = work.books.opened(entry)?;
        let Body::Decided { decision, .. } = opened.entry.body else {
            return Ok(());
        };
        let text = opened.personal.and_then(|personal| personal.text);
        let situation = text
            .map(|text| serde_json::from_str(&text))
            .transpose()
            .map_err(|error| AppError::Internal { what: format!("a kept situation: {error}") })?;
        see(work, Logged { decision: *decision, situation })
    })
}

/// Outcomes by client, in the order in which they held.
pub(crate) struct Outcomes {
    by_client: HashMap<ClientId, Vec<(Timestamp, f64)>>,
    within: SignedDuration,
}

impl Outcomes {
    /// Every outcome of a name; one counts for a decision if it held within so many days after it.
    pub(crate) fn read(work: &mut Work<'_, '_>, name: &str, days: u32) -> Result<Self, AppError> {
        let mut by_client: HashMap<ClientId, Vec<(Timestamp, f64)>> = HashMap::new();
        each_entry(work, |work, entry| {
            if let Body::OutcomeSeen { outcome, value, at } = &entry.body
                && outcome == name
                && let Some(client) = &entry.client
            {
                let record = work.books.record_of(client)?;
                by_client.entry(record).or_default().push((at.unwrap_or(entry.at), *value));
            }
            Ok(())
        })?;
        for seen in by_client.values_mut() {
            seen.sort_by_key(|it| it.0);
        }
        Ok(Self { by_client, within: SignedDuration::from_hours(24 * i64::from(days)) })
    }

    /// The first outcome after a decision, if it came in time.
    pub(crate) fn after(
        &self,
        work: &mut Work<'_, '_>,
        decision: &Decision,
    ) -> Result<Option<f64>, AppError> {
        let record = work.books.record_of(&decision.client)?;
        let seen = self.by_client.get(&record).map_or(&[][..], Vec::as_slice);
        let first = seen.iter().find(|it| it.0 >= decision.at);
        Ok(first.filter(|it| it.0.duration_since(decision.at) <= self.within).map(|it| it.1))
    }
}
