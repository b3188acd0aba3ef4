//! How does one entry hold the next? Sealing an entry into bytes and a hash.

use jiff::Timestamp;

use crate::entry::Entry;
use crate::error::LedgerError;
use crate::store::{Hash, Head, Row};

/// What stands before the first entry.
pub(crate) const GENESIS: Hash = [0; 32];

/// Seconds by which two nodes' clocks, or two callers in a queue, may differ: an entry that comes this much
/// late is given the newest entry's time. More than that is a clock that jumped back.
pub(crate) const CLOCK_SLACK_SECONDS: i64 = 5;

/// Returns the hash that stands behind an entry.
///
/// # Formula
///
/// ```text
/// hash = BLAKE3(hash of the entry before ‖ seq as 8 bytes, little endian ‖ the entry's JSON)
/// ```
///
/// The hash of the entry before is stored with it, so that any stretch of the chain can be checked by itself.
pub(crate) fn link(before: &Hash, seq: u64, bytes: &[u8]) -> Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(before).update(&seq.to_le_bytes()).update(bytes);
    *hasher.finalize().as_bytes()
}

/// Returns the row of an entry: its canonical JSON (fields in the order of the type, maps sorted by key, no
/// spaces) and its hash.
///
/// # Errors
///
/// [`LedgerError::Unwritable`] if the entry would not read back the same: JSON knows no infinity and no NaN.
pub(crate) fn seal(entry: &Entry, before: &Hash) -> Result<Row, LedgerError> {
    let kind = entry.body.kind();
    let unwritable = |why: String| LedgerError::Unwritable { kind, why };
    let bytes = serde_json::to_vec(entry).map_err(|error| unwritable(error.to_string()))?;
    if entry.body.may_be_unwritable() {
        let back: Result<Entry, _> = serde_json::from_slice(&bytes);
        if back.as_ref().ok() != Some(entry) {
            return Err(unwritable("one of its numbers is not finite".to_owned()));
        }
    }
    Ok(Row {
        seq: entry.seq,
        at_micros: entry.at.as_microsecond(),
        who: entry.client.as_ref().map(|client| who(client.as_str())),
        hash: link(before, entry.seq, &bytes),
        bytes,
    })
}

/// Returns the entry that a row holds.
///
/// # Errors
///
/// [`LedgerError::Damaged`] if its bytes are no entry, or another one's.
pub(crate) fn open(row: &Row) -> Result<Entry, LedgerError> {
    let seq = row.seq;
    let damaged = |why: String| LedgerError::Damaged { why: format!("entry {seq}: {why}") };
    let entry: Entry =
        serde_json::from_slice(&row.bytes).map_err(|error| damaged(error.to_string()))?;
    if entry.seq == seq {
        Ok(entry)
    } else {
        Err(damaged(format!("it calls itself {}", entry.seq)))
    }
}

/// Returns the time an entry is recorded at, to the microsecond.
///
/// # Errors
///
/// [`LedgerError::ClockBack`] if `at` lies more than [`CLOCK_SLACK_SECONDS`] before the newest entry.
pub(crate) fn recorded_at(at: Timestamp, head: Option<&Head>) -> Result<Timestamp, LedgerError> {
    let micros = at.as_microsecond();
    let Some(head) = head else { return Ok(from_micros(micros)) };
    if micros >= head.at_micros {
        return Ok(from_micros(micros));
    }
    let newest = from_micros(head.at_micros);
    if head.at_micros - micros > CLOCK_SLACK_SECONDS * 1_000_000 {
        return Err(LedgerError::ClockBack { at, newest });
    }
    Ok(newest)
}

/// Returns the instant that many microseconds after 1970; out of range is the nearest instant there is.
pub(crate) fn from_micros(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(if micros < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}

/// Returns the number under which a client's entries are found. Two clients may share one: a reader
/// compares the names.
pub(crate) fn who(client: &str) -> i64 {
    let hash = blake3::hash(client.as_bytes());
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&hash.as_bytes()[..8]);
    i64::from_le_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::{Actor, Body};

    fn entry(value: f64) -> Entry {
        let body = Body::OutcomeSeen { outcome: "stayed".to_owned(), value, at: None };
        Entry {
            seq: 7,
            at: from_micros(1_000_000),
            actor: Actor::House,
            client: None,
            body,
            personal: None,
        }
    }

    #[test]
    fn an_entry_reads_back_as_it_was_written() {
        // 0.1 + 0.2 has seventeen digits: it survives only if numbers are read exactly.
        let row = seal(&entry(0.1 + 0.2), &GENESIS).unwrap();
        assert_eq!(open(&row).unwrap(), entry(0.1 + 0.2));
    }

    #[test]
    fn a_number_that_is_none_is_refused() {
        for value in [f64::NAN, f64::INFINITY] {
            let refused = seal(&entry(value), &GENESIS).unwrap_err();
            assert!(matches!(refused, LedgerError::Unwritable { kind: "outcome_seen", .. }));
        }
    }

    #[test]
    fn a_late_caller_gets_the_newest_time_and_a_clock_that_jumped_back_is_refused() {
        let head = Head { seq: 1, at_micros: 10_000_000, hash: GENESIS };
        let at = |micros| recorded_at(from_micros(micros), Some(&head));
        assert_eq!(at(5_000_000).unwrap(), from_micros(10_000_000));
        assert!(at(4_999_999).unwrap_err().is_clock());
        assert_eq!(at(10_000_001).unwrap(), from_micros(10_000_001));
    }

    #[test]
    fn the_place_in_the_chain_is_part_of_the_hash() {
        assert_ne!(link(&GENESIS, 1, b"x"), link(&GENESIS, 2, b"x"));
        assert_ne!(link(&GENESIS, 1, b"x"), link(&[1; 32], 1, b"x"));
    }
}
