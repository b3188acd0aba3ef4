//! What if the disk is full, or cannot be written? Tests that need a store with a fault built in.

#![expect(clippy::disallowed_methods, reason = "tests that wait need a clock")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use yorisoi_decision::ClientId;

use crate::disk::Disk;
use crate::entry::{Actor, Body, Draft, Personal, Profile};
use crate::error::LedgerError;
use crate::health::Health;
use crate::keys::KeyStore;
use crate::ledger::Ledger;
use crate::place::{LEDGER_FILE, Place};
use crate::store::SqliteStore;
use crate::writer::SLOW_AFTER;

fn added(n: u32) -> Draft {
    Draft {
        at: Timestamp::from_second(i64::from(n)).unwrap(),
        actor: Actor::House,
        client: Some(ClientId::new(format!("c{n}")).unwrap()),
        body: Body::ClientAdded { profile: Profile::default() },
        personal: Some(Personal { text: Some("x".repeat(2_000)), ..Personal::default() }),
    }
}

fn write(ledger: &Ledger, n: u32) -> Result<u64, LedgerError> {
    ledger.write_now(move |books| books.append(added(n)).map(|entry| entry.seq))
}

#[test]
fn a_full_disk_is_told_loses_nothing_and_heals_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::default();
    disk.hold(100);
    let ledger = Ledger::open_on(folder.path(), &disk).unwrap();
    let mut n = 0;
    let refused = loop {
        n += 1;
        match write(&ledger, n) {
            Ok(seq) => assert_eq!(seq, u64::from(n)),
            Err(error) => break error,
        }
    };
    assert!(n > 10, "the limit was met before the test began");
    assert!(matches!(&refused, LedgerError::ReadOnly { why } if why.contains("full")), "{refused}");
    assert!(matches!(ledger.health(), Health::ReadOnly { .. }), "{:?}", ledger.health());
    // What is there can still be read, and nothing half done is among it.
    let known = ledger.read_now(|books| books.entries(0, 10_000)).unwrap().len();
    assert_eq!(known, n as usize - 1);
    // It asks once a second, and is not taken in by what fits between the lines.
    std::thread::sleep(Duration::from_millis(2_500));
    assert!(matches!(ledger.health(), Health::ReadOnly { .. }), "{:?}", ledger.health());
    disk.free();
    let since = Instant::now();
    while !ledger.health().is_ready() {
        assert!(since.elapsed() < Duration::from_secs(20), "{:?}", ledger.health());
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(write(&ledger, n), Ok(u64::from(n)));
    assert!(ledger.verify(2).unwrap().is_sound());
}

#[test]
fn a_disk_that_cannot_be_written_is_told_and_still_read() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::Folder(folder.path().to_owned());
    let ledger = Ledger::open(&place).unwrap();
    write(&ledger, 1).unwrap();
    drop(ledger);
    let store = SqliteStore::reader(&folder.path().join(LEDGER_FILE)).unwrap();
    let keys = KeyStore::open(folder.path()).unwrap();
    let ledger = Ledger::over(&place, (Box::new(store), keys), SLOW_AFTER).unwrap();
    let refused = write(&ledger, 2).unwrap_err();
    assert!(matches!(refused, LedgerError::ReadOnly { .. }), "{refused}");
    assert!(matches!(ledger.health(), Health::ReadOnly { .. }));
    assert_eq!(ledger.read_now(|books| books.entries(0, 10)).unwrap().len(), 1);
}

#[test]
fn keys_of_another_house_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::Folder(folder.path().to_owned());
    drop(Ledger::open(&place).unwrap());
    std::fs::remove_file(folder.path().join(crate::place::KEYS_FILE)).unwrap();
    let refused = Ledger::open(&place).unwrap_err();
    assert!(matches!(refused, LedgerError::WrongKeys { .. }), "{refused}");
}

#[test]
fn a_slow_disk_is_told_refuses_what_would_only_wait_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::default();
    let ledger = Ledger::open_on(folder.path(), &disk).unwrap();
    assert_eq!(write(&ledger, 1), Ok(1));
    disk.slow_by(Duration::from_secs(4));
    let waiting = std::thread::scope(|scope| {
        let first = scope.spawn(|| write(&ledger, 2));
        let since = Instant::now();
        while ledger.health().is_ready() {
            assert!(since.elapsed() < Duration::from_secs(3), "nobody notices");
            std::thread::sleep(Duration::from_millis(20));
        }
        assert!(matches!(ledger.health(), Health::Slow { .. }), "{:?}", ledger.health());
        let asked = Instant::now();
        let refused = write(&ledger, 3).unwrap_err();
        assert!(matches!(refused, LedgerError::Unavailable { .. }), "{refused}");
        assert!(asked.elapsed() < Duration::from_secs(1), "it is told at once");
        // Whoever reads does not wait for the disk that writes.
        assert_eq!(ledger.read_now(|books| books.entries(0, 10)).unwrap().len(), 1);
        disk.slow_by(Duration::ZERO);
        first.join().unwrap()
    });
    assert_eq!(waiting, Ok(2), "what was under way was told once it was on the disk");
    let since = Instant::now();
    while !ledger.health().is_ready() {
        assert!(since.elapsed() < Duration::from_secs(20), "{:?}", ledger.health());
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(write(&ledger, 3), Ok(3));
    assert!(ledger.verify(2).unwrap().is_sound());
}

#[cfg(unix)]
#[test]
fn only_their_owner_may_read_the_keys() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::open(&Place::Folder(folder.path().to_owned())).unwrap();
    write(&ledger, 1).unwrap();
    for file in std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap()) {
        if file.file_name().to_string_lossy().starts_with("keys") {
            let mode = file.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{:?}", file.file_name());
        }
    }
}

#[test]
fn an_erasure_whose_key_cannot_go_yet_harms_no_other_work_and_is_finished_in_time() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::Folder(folder.path().to_owned());
    let ledger = Ledger::open(&place).unwrap();
    write(&ledger, 1).unwrap();
    write(&ledger, 2).unwrap();
    let keys = folder.path().join(crate::place::KEYS_FILE);
    let copier = rusqlite::Connection::open(&keys).unwrap();
    copier.execute_batch("BEGIN; SELECT count(*) FROM keys;").unwrap();
    let since = Instant::now();
    ledger
        .write_now::<_, LedgerError, _>(|books| {
            let (at, id) = (Timestamp::from_second(3).unwrap(), ClientId::new("c1").unwrap());
            books.erase(&id, at, Actor::House)
        })
        .unwrap();
    // It is committed and told so; that the key is still in a file is told by the ledger's health.
    assert!(!ledger.health().is_ready());
    assert_eq!(write(&ledger, 4), Ok(4));
    copier.execute_batch("COMMIT").unwrap();
    while !ledger.health().is_ready() {
        assert!(since.elapsed() < Duration::from_secs(20), "{:?}", ledger.health());
        std::thread::sleep(Duration::from_millis(20));
    }
    let log = folder.path().join("keys.sqlite-wal");
    assert_eq!(std::fs::metadata(log).map_or(0, |it| it.len()), 0);
    assert!(ledger.verify(2).unwrap().is_sound());
}

#[tokio::test]
async fn work_that_nobody_waits_for_is_left_out_and_long_looks_keep_no_short_one_waiting() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::open(&Place::Folder(folder.path().to_owned())).unwrap();
    let runs = Arc::new(AtomicU32::new(0));
    let (go, gate) = std::sync::mpsc::channel::<()>();
    let gate = Arc::new(std::sync::Mutex::new(gate));
    let long: Vec<_> = (0..8)
        .map(|_| {
            let (ledger, runs, gate) = (ledger.clone(), Arc::clone(&runs), Arc::clone(&gate));
            tokio::spawn(async move {
                ledger
                    .read_long::<_, LedgerError, _>(move |_| {
                        runs.fetch_add(1, Ordering::SeqCst);
                        // Whoever closed the gate has let everybody through.
                        let _ = gate.lock().unwrap().recv();
                        Ok(())
                    })
                    .await
            })
        })
        .collect();
    while runs.load(Ordering::SeqCst) < 2 {
        tokio::task::yield_now().await;
    }
    // Two long looks run and six wait: a short one is answered all the same.
    assert_eq!(ledger.read::<_, LedgerError, _>(|books| Ok(books.newest())).await, Ok(0));
    for look in &long {
        look.abort();
    }
    for look in long {
        assert!(look.await.unwrap_err().is_cancelled());
    }
    drop(go);
    ledger.read_long::<_, LedgerError, _>(|_| Ok(())).await.unwrap();
    assert_eq!(runs.load(Ordering::SeqCst), 2);
}
