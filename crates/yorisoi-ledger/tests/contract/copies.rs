//! Is a copy the same, and is what is not the same refused?

use std::io::{BufReader, Write};
use std::sync::{Arc, Mutex};

use crate::common::{
    Room, added, added_to, at, channel, client, draft, held, known, named, read, reserved, told,
    with_personal,
};
use yorisoi_ledger::{
    Actor, Body, Client, ClientQuery, KeysAre, Ledger, LedgerError, Order, Place, Rebuilt,
    ReservationEnd, Resolved, Source,
};

fn tell(ledger: &Ledger) {
    let ended =
        Body::ReservationEnded { decision: "d1".parse().unwrap(), why: ReservationEnd::CarriedOut };
    let refused =
        Body::Refused { topic: None, channel: Some(channel("call")), source: Source::Words };
    told(
        ledger,
        [
            with_personal(added_to(1, "a", "home"), named("花子", &["crm-1"])),
            with_personal(added_to(2, "b", "home"), named("太郎", &["crm-2"])),
            with_personal(added(3, "c"), named("Carl", &["crm-3"])),
            reserved(4, "d1", "a", "gift"),
            reserved(5, "d2", "b", "gift"),
            held(6, "d3", "c"),
            draft(7, "a", ended),
            draft(8, "a", refused),
            draft(9, "b", Body::ClientsMerged { from: client("c") }),
            draft(
                10,
                "a",
                Body::OutcomeSeen { outcome: "stayed".to_owned(), value: 0.5, at: None },
            ),
        ],
    );
    let noted: Result<(), LedgerError> = ledger
        .write_now(|books| books.note("endpoints", "e1", &"https://example.org", None, Some("on")));
    noted.unwrap();
    let erased: Result<_, LedgerError> =
        ledger.write_now(|books| books.erase(&client("a"), at(11), Actor::House));
    erased.unwrap();
    told(ledger, [draft(12, "b", Body::ExitRequested {})]);
}

type Everything = (Vec<Client>, Client, String, Vec<String>);

fn everything(ledger: &Ledger) -> Everything {
    let clients = read(ledger, |books| {
        books.clients(&ClientQuery { order: Order::Id, limit: 100, ..ClientQuery::default() })
    });
    let rest = read(ledger, |books| {
        Ok(format!(
            "{:?} {:?} {:?} {:?} {:?} {:?} {:?}",
            books.capacity(jiff::civil::date(2026, 2, 2), None)?,
            books.actions()?,
            books.proof_units(0, 100)?,
            books.exits(0, 100)?,
            books.due_reservations(at(100_000), 10)?,
            books.decision(&"d1".parse().unwrap())?,
            (books.resolve("crm-1")?, books.resolve("crm-2")?, books.resolve("crm-3")?),
        ))
    });
    let notes = read(ledger, |books| books.notes::<String>("endpoints", Some("on"), 10));
    (clients, known(ledger, "a"), rest, notes.into_iter().map(|(_, note)| note).collect())
}

pub(crate) fn a_backup_restores_to_the_same_ledger(room: &Room) {
    let ledger = room.open();
    tell(&ledger);
    let before = everything(&ledger);
    let verified = ledger.verify(2).unwrap();
    let file = room.folder.path().join("one.backup");
    assert_eq!(ledger.backup(&file).unwrap(), verified.entries);
    let open = || BufReader::new(std::fs::File::open(&file).unwrap());
    // A ledger of one engine restores on another: the file knows none.
    let folder = tempfile::tempdir().unwrap();
    let place = Place::Folder(folder.path().to_owned());
    if room.place != Place::Memory {
        drop(ledger);
        let refused = Ledger::restore(&place, open(), KeysAre::There).unwrap_err();
        assert!(matches!(refused, LedgerError::WrongKeys { .. }));
        for name in ["ledger.sqlite", "keys.sqlite"] {
            std::fs::remove_file(folder.path().join(name)).unwrap();
        }
        let (keys, copy) =
            (room.folder.path().join("keys.copy"), folder.path().join("keys.sqlite"));
        room.open().backup_keys(&keys).unwrap();
        std::fs::copy(keys, copy).unwrap();
        let restored = Ledger::restore(&place, open(), KeysAre::There).unwrap();
        assert_eq!(everything(&restored), before);
        assert_eq!(restored.verify(2).unwrap(), verified);
        told(&restored, [added(50, "later")]);
        let refused = Ledger::restore(&place, open(), KeysAre::There).unwrap_err();
        assert!(matches!(refused, LedgerError::NotEmpty { .. }));
        return;
    }
    let lost = Ledger::restore(&place, open(), KeysAre::Lost).unwrap();
    assert_eq!(lost.verify(2).unwrap(), verified);
    assert_eq!(read(&lost, |books| books.personal(&client("b"))), None);
    assert_eq!(read(&lost, |books| books.resolve("crm-2")), Resolved::Unknown);
    assert_eq!(known(&lost, "b").facts.exit, known(&ledger, "b").facts.exit);
}

pub(crate) fn projections_folded_anew_are_the_same(room: &Room) {
    let ledger = room.open();
    tell(&ledger);
    let before = everything(&ledger);
    let entries = ledger.verify(1).unwrap().entries;
    assert_eq!(ledger.rebuild().unwrap(), entries);
    assert_eq!(everything(&ledger), before);
    assert_eq!(ledger.rebuild_and_compare().unwrap(), Rebuilt { entries, unchanged: true });
}

pub(crate) fn a_backup_that_was_changed_or_cut_off_is_refused(room: &Room) {
    let ledger = room.open();
    tell(&ledger);
    let file = room.folder.path().join("one.backup");
    ledger.backup(&file).unwrap();
    let whole = std::fs::read(&file).unwrap();
    let restore = |bytes: &[u8]| Ledger::restore(&Place::Memory, bytes, KeysAre::Lost);
    assert!(restore(&whole).is_ok());
    // Every place is tried in turn: a prime keeps the places spread over all parts of the lines.
    for at in (0..whole.len()).step_by(97) {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        assert!(restore(&changed).is_err(), "byte {at} was changed and nobody noticed");
        assert!(restore(&whole[..at]).is_err(), "cut off at {at} and nobody noticed");
    }
}

#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

pub(crate) fn an_export_holds_every_entry_with_its_hash(room: &Room) {
    let ledger = room.open();
    tell(&ledger);
    let sink = Sink::default();
    let n = ledger.export(sink.clone()).unwrap();
    let text = String::from_utf8(sink.0.lock().unwrap().clone()).unwrap();
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len() as u64, n);
    assert_eq!(lines[0]["entry"]["seq"], 1);
    assert_eq!(lines.last().unwrap()["hash"], ledger.verify(1).unwrap().head.as_str());
    assert!(!text.contains("花子"));
}
