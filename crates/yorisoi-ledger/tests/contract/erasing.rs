//! Is whoever was erased gone from every file, and left in peace for ever?

use std::collections::BTreeMap;
use std::io::BufReader;

use crate::common::{
    Room, action, added_to, at, client, draft, files_with, known, named, read, reserved, told,
    with_personal, write,
};
use yorisoi_decision::Attribute;
use yorisoi_ledger::{
    Actor, Body, ClientQuery, Entry, HandOnState, KeysAre, Ledger, LedgerError, Personal, Place,
    Profile, Resolved, Source,
};

/// Words that stand nowhere but in what is personal of one person.
const CANARIES: [&str; 8] = [
    "Canary-Name-7c1",
    "canary-alias-7c1",
    "canary-7c1@example.org",
    "canary-attribute-7c1",
    "canary note 7c1",
    "canary need 7c1",
    "canary reason 7c1",
    "canary-second-alias-7c1",
];

fn someone() -> Personal {
    Personal {
        name: Some(CANARIES[0].to_owned()),
        aliases: vec![CANARIES[1].to_owned()],
        addresses: BTreeMap::from([("mail".to_owned(), CANARIES[2].to_owned())]),
        attributes: BTreeMap::from([("work".to_owned(), Attribute::Text(CANARIES[3].to_owned()))]),
        text: None,
    }
}

fn words(text: &str) -> Personal {
    Personal { text: Some(text.to_owned()), ..Personal::default() }
}

fn tell_all(ledger: &Ledger) {
    let profile = Profile::default();
    told(
        ledger,
        [
            with_personal(added_to(1, "a", "home"), someone()),
            with_personal(draft(2, "a", Body::Noted { confidential: true }), words(CANARIES[4])),
            with_personal(
                draft(3, "a", Body::NeedStated { topic: "plan".parse().unwrap() }),
                words(CANARIES[5]),
            ),
            draft(4, "a", Body::ExitDecided { reason: Some(CANARIES[6].to_owned()) }),
            with_personal(draft(5, "b", Body::ClientAdded { profile }), named("B", &[CANARIES[7]])),
            draft(6, "a", Body::ClientsMerged { from: client("b") }),
            draft(7, "a", Body::Refused { topic: None, channel: None, source: Source::Words }),
            reserved(8, "d1", "a", "gift"),
            with_personal(added_to(9, "z", "home"), named("Zoe", &["crm-z"])),
        ],
    );
}

fn erase(ledger: &Ledger, second: i64) -> Entry {
    ledger
        .write_now::<_, LedgerError, _>(move |books| {
            books.erase(&client("a"), at(second), Actor::House)
        })
        .unwrap()
}

fn no_file_holds_a_canary(room: &Room) {
    for canary in CANARIES {
        let files = files_with(room.folder.path(), canary.as_bytes());
        assert!(files.is_empty(), "`{canary}` stands in {files:?}");
    }
}

pub(crate) fn whoever_is_erased_is_nowhere_and_stays_suppressed(room: &Room) {
    let ledger = room.open();
    tell_all(&ledger);
    // Sealed from the first moment: not even before the erasure does a plain word reach the disk.
    no_file_holds_a_canary(room);
    assert_eq!(read(&ledger, |books| books.personal(&client("a"))).unwrap().name, someone().name);
    let backup = room.folder.path().join("before.backup");
    ledger.backup(&backup).unwrap();
    erase(&ledger, 20);
    no_file_holds_a_canary(room);
    let a = known(&ledger, "a");
    assert!(a.facts.erased && a.facts.household.is_none() && a.facts.attributes.is_empty());
    assert_eq!(a.facts.refusals.len(), 1, "a refusal survives");
    assert!(a.facts.reservations.is_empty());
    assert_eq!(read(&ledger, |books| books.personal(&client("a"))), None);
    let timeline = read(&ledger, |books| books.timeline(&client("a"), None, 50));
    assert!(timeline.len() >= 8 && timeline.iter().all(|it| it.personal.is_none()));
    for name in [CANARIES[1], CANARIES[2], CANARIES[7]] {
        assert_eq!(read(&ledger, move |books| books.resolve(name)), Resolved::Tombstone, "{name}");
    }
    let again = with_personal(
        draft(21, "new", Body::ClientAdded { profile: Profile::default() }),
        named("X", &[CANARIES[1]]),
    );
    assert_eq!(write(&ledger, again).unwrap_err(), LedgerError::AliasErased);
    let more = with_personal(draft(21, "a", Body::AliasAdded {}), named("X", &[]));
    assert_eq!(write(&ledger, more).unwrap_err(), LedgerError::Erased { client: client("a") });
    let listed =
        read(&ledger, |books| books.clients(&ClientQuery { limit: 9, ..Default::default() }));
    assert_eq!(listed.len(), 1, "only Zoe is left");
    assert_eq!(read(&ledger, |books| books.personal(&client("z"))).unwrap().aliases, ["crm-z"]);
    let found = ledger.verify(2).unwrap();
    assert!(found.is_sound(), "{found:?}");
    ledger.rebuild().unwrap();
    assert_eq!(known(&ledger, "a"), a);
    drop(ledger);
    no_file_holds_a_canary(room);
}

pub(crate) fn an_old_backup_brings_nobody_back(room: &Room) {
    if room.place == Place::Memory {
        // The keys of a ledger in memory go with it.
        return;
    }
    let ledger = room.open();
    tell_all(&ledger);
    let backup = room.folder.path().join("before.backup");
    ledger.backup(&backup).unwrap();
    erase(&ledger, 20);
    drop(ledger);
    // The database is lost; the keys are not.
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(room.folder.path().join("keys.sqlite"), folder.path().join("keys.sqlite"))
        .unwrap();
    let place = Place::Folder(folder.path().to_owned());
    let from = BufReader::new(std::fs::File::open(&backup).unwrap());
    let ledger = Ledger::restore(&place, from, KeysAre::There).unwrap();
    assert!(known(&ledger, "a").facts.erased);
    assert_eq!(known(&ledger, "a").facts.refusals.len(), 1);
    assert_eq!(read(&ledger, |books| books.resolve(CANARIES[1])), Resolved::Tombstone);
    assert_eq!(read(&ledger, |books| books.resolve(CANARIES[2])), Resolved::Tombstone);
    assert_eq!(read(&ledger, |books| books.personal(&client("z"))).unwrap().aliases, ["crm-z"]);
    assert!(ledger.verify(2).unwrap().is_sound());
}

pub(crate) fn a_known_record_may_share_an_erased_address_and_its_way_is_closed_until_the_client_opens_it(
    room: &Room,
) {
    let ledger = room.open();
    tell_all(&ledger);
    erase(&ledger, 20);
    let address = Personal {
        addresses: BTreeMap::from([("mail".to_owned(), CANARIES[2].to_owned())]),
        ..Personal::default()
    };
    let profile = Profile::default;
    let channel = || "mail".parse().unwrap();
    told(
        &ledger,
        [
            with_personal(
                draft(21, "z", Body::ClientChanged { profile: profile() }),
                address.clone(),
            ),
            draft(21, "z", Body::ChannelQuieted { channel: channel() }),
            draft(22, "z", Body::ChannelQuieted { channel: channel() }),
        ],
    );
    let refusals = known(&ledger, "z").facts.refusals;
    let [one] = &refusals[..] else { panic!("{refusals:?}") };
    assert_eq!((&one.topic, &one.channel, one.refused_at), (&None, &Some(channel()), at(21)));
    // The address leads to nobody still, and brings nobody back.
    assert_eq!(read(&ledger, |books| books.resolve(CANARIES[2])), Resolved::Tombstone);
    let new = with_personal(draft(23, "n", Body::ClientAdded { profile: profile() }), address);
    assert_eq!(write(&ledger, new).unwrap_err(), LedgerError::AliasErased);
    ledger.rebuild().unwrap();
    assert_eq!(known(&ledger, "z").facts.refusals, refusals);
    // A further name, though, leads to one person: nobody takes it on.
    let name = with_personal(
        draft(23, "z", Body::ClientChanged { profile: profile() }),
        named("Zoe", &[CANARIES[1]]),
    );
    assert_eq!(write(&ledger, name).unwrap_err(), LedgerError::AliasErased);
    let reopened = |second, source| {
        draft(second, "z", Body::Reopened { topic: None, channel: Some(channel()), source })
    };
    assert_eq!(write(&ledger, reopened(24, Source::Import)).unwrap_err(), LedgerError::NotByClient);
    told(&ledger, [reopened(25, Source::Tap)]);
    assert!(known(&ledger, "z").facts.refusals.is_empty());
}

pub(crate) fn what_was_being_handed_on_with_an_erased_person_ends(room: &Room) {
    let ledger = room.open();
    let gift = action("gift");
    let name = |it: &str| it.to_owned();
    let released = |second, who: &str, hand_on: &str, id: &str| {
        let decision = Some(id.parse().unwrap());
        let (hand_on, action) = (name(hand_on), gift.clone());
        draft(second, who, Body::HandOnReleased { hand_on, action, decision, expires_at: None })
    };
    let offered = |second, who: &str, hand_on: &str, id: &str| {
        let (hand_on, action) = (name(hand_on), gift.clone());
        draft(second, who, Body::HandOnOffered { hand_on, action, decision: id.parse().unwrap() })
    };
    told(&ledger, ["a", "b", "c"].map(|who| added_to(0, who, who)));
    // One unit from a to c, one from b to a, one that has nothing to do with a.
    told(
        &ledger,
        [
            reserved(1, "d1", "a", "gift"),
            released(2, "a", "given", "d1"),
            reserved(3, "d2", "c", "gift"),
            offered(4, "c", "given", "d2"),
            reserved(5, "d3", "b", "gift"),
            released(6, "b", "taken", "d3"),
            reserved(7, "d4", "a", "gift"),
            offered(8, "a", "taken", "d4"),
            reserved(9, "d5", "b", "gift"),
            released(10, "b", "other", "d5"),
        ],
    );
    let units = || read(&ledger, |books| books.capacity("2026-02-02".parse().unwrap(), None)).used;
    assert_eq!(units()[&gift], 3);
    erase(&ledger, 20);
    let state = |hand_on: &'static str| {
        let it = read(&ledger, move |books| books.hand_on(hand_on)).unwrap();
        (it.state, it.to)
    };
    assert_eq!(state("given").0, HandOnState::Expired);
    assert_eq!(state("taken"), (HandOnState::Released, None));
    assert_eq!(state("other"), (HandOnState::Released, None));
    assert_eq!(units()[&gift], 2, "two units are still on their way");
    assert!(known(&ledger, "c").facts.reservations.is_empty(), "nothing waits for c's answer");
    assert!(ledger.verify(2).unwrap().is_sound());
    ledger.rebuild().unwrap();
    assert_eq!(state("taken"), (HandOnState::Released, None));
    assert_eq!(units()[&gift], 2);
}
