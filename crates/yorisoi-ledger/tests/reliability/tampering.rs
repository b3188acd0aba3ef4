//! Is one changed byte found, wherever it lies?

use std::path::Path;

use crate::common::{Room, added, draft, named, told, with_personal};
use rusqlite::Connection;
use yorisoi_ledger::{Body, Ledger, LedgerError, Place};

fn filled() -> Room {
    let room = Room::sqlite();
    let ledger = room.open();
    for n in 0..6 {
        let who = format!("c{n}");
        told(
            &ledger,
            [
                with_personal(added(n, &who), named("花子", &[&format!("crm-{n}")])),
                draft(n, &who, Body::ExitRequested {}),
            ],
        );
    }
    room
}

fn database(room: &Room) -> Connection {
    Connection::open(room.folder.path().join("ledger.sqlite")).unwrap()
}

/// What somebody with the file and the will can do: take the triggers away and change a row.
fn tamper(room: &Room, sql: &str) {
    let db = database(room);
    db.execute_batch("DROP TRIGGER entries_stay; DROP TRIGGER entries_remain").ok();
    db.execute_batch(sql).unwrap();
}

fn faults(room: &Room) -> Vec<u64> {
    room.open().verify(3).unwrap().faults.iter().map(|fault| fault.seq).collect()
}

#[test]
fn the_database_itself_refuses_to_change_or_remove_entries() {
    let room = filled();
    let db = database(&room);
    db.pragma_update(None, "recursive_triggers", true).unwrap();
    for sql in [
        "UPDATE entries SET at = 0 WHERE seq = 3",
        "DELETE FROM entries WHERE seq = 12",
        "INSERT OR REPLACE INTO entries SELECT * FROM entries WHERE seq = 3",
    ] {
        assert!(db.execute_batch(sql).is_err(), "{sql}");
    }
    let room = Room::postgres();
    told(&room.open(), [added(1, "a"), added(2, "b")]);
    let Place::Postgres { url, .. } = &room.place else { panic!("no PostgreSQL") };
    let mut client = postgres::Client::connect(url, postgres::NoTls).unwrap();
    for sql in [
        "UPDATE entries SET at = 0 WHERE seq = 1",
        "DELETE FROM entries WHERE seq = 2",
        "TRUNCATE entries",
        "INSERT INTO entries SELECT 20, at, who, hash, bytes FROM entries WHERE seq = 1",
    ] {
        assert!(client.batch_execute(sql).is_err(), "{sql}");
    }
    assert!(room.open().verify(1).unwrap().is_sound());
}

#[test]
fn every_flipped_byte_of_an_entry_is_found_at_its_place() {
    let room = filled();
    tamper(&room, "");
    let db = database(&room);
    let (bytes, hash): (Vec<u8>, Vec<u8>) = db
        .query_row("SELECT bytes, hash FROM entries WHERE seq = 7", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    let ledger = room.open();
    for (column, whole) in [("bytes", bytes), ("hash", hash)] {
        let sql = format!("UPDATE entries SET {column} = ?1 WHERE seq = 7");
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            db.execute(&sql, [&changed]).unwrap();
            let found = ledger.verify(2).unwrap();
            assert_eq!(found.faults[0].seq, 7, "byte {at} of {column}: {found:?}");
        }
        db.execute(&sql, [&whole]).unwrap();
        assert!(ledger.verify(2).unwrap().is_sound());
    }
}

#[test]
fn every_flipped_byte_of_a_sealed_part_is_found_at_its_place() {
    let room = filled();
    let db = database(&room);
    let whole: Vec<u8> =
        db.query_row("SELECT cipher FROM vault WHERE seq = 5", [], |row| row.get(0)).unwrap();
    let ledger = room.open();
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        db.execute("UPDATE vault SET cipher = ?1 WHERE seq = 5", [&changed]).unwrap();
        assert_eq!(ledger.verify(1).unwrap().faults[0].seq, 5, "byte {at}");
    }
}

#[test]
fn rows_that_were_moved_removed_or_added_are_found() {
    for (sql, seq) in [
        ("UPDATE entries SET at = at - 1 WHERE seq = 4", 4),
        ("UPDATE entries SET who = 1 WHERE seq = 4", 4),
        ("DELETE FROM entries WHERE seq = 4", 4),
        ("INSERT INTO entries SELECT 20, at, who, hash, bytes FROM entries WHERE seq = 3", 13),
        ("DELETE FROM vault WHERE seq = 3", 3),
        ("UPDATE vault SET who = 1 WHERE seq = 3", 3),
        ("INSERT INTO vault SELECT 4, who, cipher FROM vault WHERE seq = 3", 4),
        ("INSERT INTO vault SELECT 99, who, cipher FROM vault WHERE seq = 3", 99),
    ] {
        let room = filled();
        tamper(&room, sql);
        assert_eq!(faults(&room).first(), Some(&seq), "{sql}");
    }
}

/// A page in the middle of the file turns into noise.
#[test]
fn a_damaged_page_is_told_and_nothing_is_made_of_it() {
    let room = Room::sqlite();
    let ledger = room.open();
    told(&ledger, (0..400).map(|n| added(n, &format!("client-number-{n}"))));
    drop(ledger);
    let file = room.folder.path().join("ledger.sqlite");
    database(&room).execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").ok();
    let page = page_of_entries(&file);
    let mut bytes = std::fs::read(&file).unwrap();
    for (at, byte) in bytes[page * 4096..(page + 1) * 4096].iter_mut().enumerate() {
        *byte = (at * 31 % 251) as u8;
    }
    std::fs::write(&file, bytes).unwrap();
    let told = Ledger::open(&room.place).and_then(|ledger| ledger.verify(1));
    match told {
        Err(LedgerError::Damaged { why }) => assert!(why.contains("malformed"), "{why}"),
        Ok(found) => assert!(!found.is_sound()),
        Err(other) => panic!("{other}"),
    }
}

/// A leaf page of the table of entries.
fn page_of_entries(file: &Path) -> usize {
    let bytes = std::fs::read(file).unwrap();
    let word = b"client-number-200";
    let pages = bytes.chunks(4096).enumerate();
    // 0x0d begins a leaf page of a table.
    pages
        .filter(|(_, page)| page[0] == 0x0d && page.windows(word.len()).any(|it| it == word))
        .map(|(n, _)| n)
        .find(|n| bytes[n * 4096..(n + 1) * 4096].windows(12).any(|it| it == b"client_added"))
        .expect("a page of entries")
}
