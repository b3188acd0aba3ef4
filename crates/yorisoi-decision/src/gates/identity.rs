//! Is the person known, unmerged, not erased, and the clock sound?

use crate::codes::Code;
use crate::decision::{Gate, Stop};
use crate::facts::{ClientFacts, Record, Situation};

/// Returns the client's facts, or why nothing may be done for them.
///
/// ## What it does
///
/// Stops everything but holding back, service messages included, when the record cannot be read, the
/// client is unknown, erased or merged into another record, or the clock lies before what the ledger
/// has already seen.
///
/// ## Why
///
/// Without a person there is no consent, and whoever asked to be forgotten stays forgotten. With a
/// clock that went back, every rolling cap would be open again.
///
/// ## Facts used
///
/// `Situation::record`, `now`, `ledger_time`. An unreadable record is reported as consent that is not
/// known (`consent.unavailable`), because that is what is missing. `now` equal to `ledger_time` is sound.
pub(crate) fn known_client(situation: &Situation) -> Result<&ClientFacts, Stop> {
    let stop = |code| Stop { gate: Gate::Identity, code, until: None };
    let facts = match &situation.record {
        Record::Client { facts } => facts.as_ref(),
        Record::Unknown { .. } => return Err(stop(Code::IdentityUnknown)),
        Record::Unavailable { .. } => {
            return Err(Stop { gate: Gate::Consent, code: Code::ConsentUnavailable, until: None });
        }
    };
    if facts.erased {
        return Err(stop(Code::IdentityErased));
    }
    if facts.merged_into.is_some() {
        return Err(stop(Code::IdentityMerged));
    }
    match situation.ledger_time {
        Some(seen) if situation.now < seen => {
            Err(Stop { gate: Gate::Identity, code: Code::ClockSkewed, until: Some(seen) })
        }
        _ => Ok(facts),
    }
}
