//! Is the chain one chain, and does every piece of work happen whole or not at all?

use crate::common::{
    Result, Room, added, at, client, draft, house, named, read, told, with_personal, write,
};
use jiff::SignedDuration;
use yorisoi_ledger::{Body, Ledger, LedgerError, Place};

fn outcome(value: f64) -> Body {
    Body::OutcomeSeen { outcome: "stayed".to_owned(), value, at: None }
}

pub(crate) fn entries_stand_in_order_and_the_chain_verifies(room: &Room) {
    let ledger = room.open();
    told(&ledger, (1..=50).map(|n| added(n, &format!("c{n}"))));
    let entries = read(&ledger, |books| books.entries(0, 100));
    let seqs: Vec<u64> = entries.iter().map(|entry| entry.seq).collect();
    assert_eq!(seqs, (1..=50).collect::<Vec<_>>());
    assert_eq!(entries[7].client, Some(client("c8")));
    for threads in [1, 4] {
        let found = ledger.verify(threads).unwrap();
        assert!(found.is_sound(), "{found:?}");
        assert_eq!(found.entries, 50);
    }
    if room.place != Place::Memory {
        drop(ledger);
        assert_eq!(read(&room.open(), |books| books.entries(0, 100)), entries);
    }
}

pub(crate) fn work_that_fails_or_panics_leaves_nothing_and_harms_nobody_else(room: &Room) {
    let ledger = room.open();
    told(&ledger, [added(1, "a")]);
    let failed: Result<()> = ledger.write_now(|books| {
        books.append(added(2, "b"))?;
        Err(LedgerError::NotByClient)
    });
    assert_eq!(failed, Err(LedgerError::NotByClient));
    let panicked: Result<()> = ledger.write_now(|books| {
        books.append(added(2, "c"))?;
        panic!("on purpose");
    });
    let why = "on purpose".to_owned();
    assert_eq!(panicked, Err(LedgerError::WorkFailed { why }));
    let reading: Result<()> = ledger.read_now(|_| panic!("on purpose"));
    assert!(matches!(reading, Err(LedgerError::WorkFailed { .. })));
    told(&ledger, [added(3, "d")]);
    let known = read(&ledger, |books| {
        let ids = ["a", "b", "c", "d"].map(client);
        ids.iter().map(|id| Ok(books.client(id)?.is_some())).collect::<Result<Vec<_>>>()
    });
    assert_eq!(known, [true, false, false, true]);
    assert!(ledger.health().is_ready());
    assert!(ledger.verify(2).unwrap().is_sound());
}

pub(crate) fn reading_sees_one_state_and_appends_nothing(room: &Room) {
    let ledger = room.open();
    told(&ledger, [added(1, "a")]);
    let refused: Result<_> = ledger.read_now(|books| books.append(added(2, "b")));
    assert_eq!(refused.unwrap_err(), LedgerError::Reading);
    if room.place == Place::Memory {
        // In memory, reading and writing take turns on one connection.
        return;
    }
    let other: Ledger = ledger.clone();
    let seen = read(&ledger, move |books| {
        let before = books.entries(0, 10)?.len();
        told(&other, [added(3, "c")]);
        assert!(books.client(&client("c"))?.is_none(), "seen too early");
        Ok((before, books.entries(0, 10)?.len()))
    });
    assert_eq!(seen, (1, 1));
    assert_eq!(read(&ledger, |books| books.entries(0, 10)).len(), 2);
}

pub(crate) fn a_clock_that_jumps_back_is_refused_and_one_that_jumps_ahead_is_told(room: &Room) {
    let ledger = room.open();
    told(&ledger, [added(100, "a"), added(98, "b")]);
    let entries = read(&ledger, |books| books.entries(0, 10));
    assert_eq!(entries[1].at, at(100), "a caller who comes late gets the newest time");
    let refused = write(&ledger, added(90, "c")).unwrap_err();
    assert_eq!(refused, LedgerError::ClockBack { at: at(90), newest: at(100) });
    assert!(refused.to_string().contains("set the clock right"));
    assert!(ledger.clock_jumps().is_empty());
    let later = 100 + SignedDuration::from_hours(24 * 60).as_secs();
    told(&ledger, [added(later, "d")]);
    assert_eq!(ledger.clock_jumps()[0].to, at(later));
    assert_eq!(ledger.verify(1).unwrap().jumps, ledger.clock_jumps());
    assert!(write(&ledger, added(200, "e")).unwrap_err().is_clock());
    let sound = ledger.read_now::<_, LedgerError, _>(move |books| books.sound_time(at(later - 3)));
    assert_eq!(sound, Ok(at(later)));
}

pub(crate) fn sixty_four_callers_at_once_share_one_chain(room: &Room) {
    let ledger = room.open();
    std::thread::scope(|scope| {
        for caller in 0..64 {
            let ledger = &ledger;
            scope.spawn(move || {
                for n in 0..5 {
                    told(ledger, [added(n, &format!("{caller}-{n}"))]);
                }
            });
        }
    });
    let found = ledger.verify(4).unwrap();
    assert!(found.is_sound(), "{found:?}");
    assert_eq!(found.entries, 64 * 5);
}

pub(crate) fn every_commit_is_told_to_whoever_watches(room: &Room) {
    let ledger = room.open();
    let mut watch = ledger.watch();
    told(&ledger, [added(1, "a")]);
    let failed: Result<()> = ledger.write_now(|books| {
        books.append(added(2, "b"))?;
        Err(LedgerError::NotByClient)
    });
    assert!(failed.is_err());
    told(&ledger, [draft(3, "a", Body::Looked { at: "page".to_owned() })]);
    let (first, second) = (watch.try_recv().unwrap(), watch.try_recv().unwrap());
    assert_eq!((first.seq, first.kind, first.client), (1, "client_added", Some(client("a"))));
    assert_eq!((second.seq, second.kind), (2, "looked"));
    assert!(watch.try_recv().is_err());
}

pub(crate) fn an_entry_that_would_not_read_back_is_refused(room: &Room) {
    let ledger = room.open();
    told(&ledger, [added(1, "a")]);
    for value in [f64::NAN, f64::INFINITY] {
        let refused = write(&ledger, draft(2, "a", outcome(value))).unwrap_err();
        assert!(matches!(refused, LedgerError::Unwritable { kind: "outcome_seen", .. }));
    }
    told(&ledger, [draft(2, "a", outcome(f64::MAX)), draft(2, "a", outcome(f64::MAX))]);
    let refused = write(&ledger, house(3, outcome(1.0))).unwrap_err();
    assert_eq!(refused, LedgerError::ClientMissing { kind: "outcome_seen" });
    assert_eq!(read(&ledger, |books| books.entries(0, 10)).len(), 3);
}

pub(crate) fn a_part_that_fails_leaves_nothing_and_the_rest_goes_on(room: &Room) {
    let ledger = room.open();
    told(&ledger, [added(1, "a")]);
    let personal = |body| with_personal(draft(2, "a", body), named("A", &["crm-a"]));
    let done: Result<()> = ledger.write_now(move |books| {
        books.append(draft(2, "a", outcome(1.0)))?;
        // A refused entry alone: its personal part, sealed before the entry, must not stay behind.
        let refused = books.append(personal(outcome(f64::INFINITY)));
        assert!(matches!(refused, Err(LedgerError::Unwritable { .. })));
        books.append(personal(outcome(2.0)))?;
        // A part of several entries, and one within another.
        let mark = books.mark()?;
        books.append(added(3, "b"))?;
        let inner = books.mark()?;
        books.append(with_personal(added(3, "c"), named("C", &["crm-c"])))?;
        books.keep_since(inner)?;
        books.back_to(mark)?;
        let mark = books.mark()?;
        books.append(draft(4, "a", outcome(3.0)))?;
        books.keep_since(mark)
    });
    done.unwrap();
    told(&ledger, [with_personal(added(5, "d"), named("D", &["crm-c"]))]);
    let known = read(&ledger, |books| {
        let ids = ["a", "b", "c", "d"].map(client);
        ids.iter().map(|id| Ok(books.client(id)?.is_some())).collect::<Result<Vec<_>>>()
    });
    assert_eq!(known, [true, false, false, true]);
    let values: Vec<_> = read(&ledger, |books| books.entries(0, 10))
        .into_iter()
        .filter_map(|entry| match entry.body {
            Body::OutcomeSeen { value, .. } => Some(value),
            _ => None,
        })
        .collect();
    assert_eq!(values, [1.0, 2.0, 3.0]);
    let found = ledger.verify(2).unwrap();
    assert!(found.is_sound(), "{found:?}");
    if room.place != Place::Memory {
        let backup = room.folder.path().join("a.backup");
        ledger.backup(&backup).unwrap();
    }
}
