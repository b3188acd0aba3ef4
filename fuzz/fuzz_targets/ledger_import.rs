//! Bytes as a backup of a ledger: restored or refused, never a panic, and never a ledger whose chain does not
//! verify. The body also runs behind a true first line and a true last one, and each of its lines as an entry with a
//! true hash, so that the fuzzer gets past them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yorisoi_ledger::{KeysAre, Ledger, Place, Wrong};

fn restore(bytes: &[u8]) {
    if let Ok(ledger) = Ledger::restore(&Place::Memory, bytes, KeysAre::Lost) {
        let found = ledger.verify(1).expect("a ledger in memory can be read");
        // An entry may say that it has a personal part which the backup does not hold; nothing else may be wrong.
        assert!(found.faults.iter().all(|fault| fault.what == Wrong::PersonalMissing), "{found:?}");
    }
}

/// A whole backup around the entries.
fn backup(entries: &[&[u8]]) -> Vec<u8> {
    let mut hash = [0_u8; 32];
    let mut lines = Vec::new();
    for (seq, entry) in (1_u64..).zip(entries) {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&hash).update(&seq.to_le_bytes()).update(entry);
        hash = *hasher.finalize().as_bytes();
        lines.extend_from_slice(b"{\"entry\":");
        lines.extend_from_slice(entry);
        let hash = blake3::Hash::from(hash).to_hex();
        lines.extend_from_slice(format!(",\"hash\":\"{hash}\"}}\n").as_bytes());
    }
    let head = blake3::Hash::from(hash).to_hex();
    let n = entries.len();
    let first =
        format!("{{\"yorisoi_ledger\":1,\"house\":\"\",\"entries\":{n},\"head\":\"{head}\"}}\n");
    closed([first.as_bytes(), &lines].concat())
}

/// Lines with the last line that belongs to them.
fn closed(mut lines: Vec<u8>) -> Vec<u8> {
    let n = lines.iter().filter(|byte| **byte == b'\n').count();
    let digest = blake3::hash(&lines).to_hex();
    lines.extend_from_slice(format!("{{\"end\":{n},\"digest\":\"{digest}\"}}\n").as_bytes());
    lines
}

fuzz_target!(|body: &[u8]| {
    restore(body);
    let first = b"{\"yorisoi_ledger\":1,\"house\":\"\",\"entries\":0,\"head\":\"\"}\n";
    restore(&closed([&first[..], body].concat()));
    let entries: Vec<&[u8]> = body.split(|byte| *byte == b'\n').collect();
    restore(&backup(&entries));
});
