//! Is what was spent counted once, and with whom it should be?

use std::collections::BTreeMap;

use crate::common::{
    Room, action, added, at, channel, client, draft, house, known, read, reserved, told,
};
use yorisoi_decision::DecisionId;
use yorisoi_ledger::{
    Body, DecidedState, DeliveredWhen, Draft, Keeps, LateDelivery, Ledger, ReservationEnd,
};

fn ended(second: i64, who: &str, id: &str, why: ReservationEnd) -> Draft {
    let decision = DecisionId::new(id).unwrap();
    draft(second, who, Body::ReservationEnded { decision, why })
}

fn released(second: i64, who: &str, hand_on: &str, id: &str) -> Draft {
    let body = Body::HandOnReleased {
        hand_on: hand_on.to_owned(),
        action: action("gift"),
        decision: Some(DecisionId::new(id).unwrap()),
        expires_at: None,
    };
    draft(second, who, body)
}

fn offered(second: i64, who: &str, hand_on: &str, id: &str) -> Draft {
    let (hand_on, decision) = (hand_on.to_owned(), DecisionId::new(id).unwrap());
    draft(second, who, Body::HandOnOffered { hand_on, action: action("gift"), decision })
}

fn accepted(second: i64, who: &str, hand_on: &str) -> Draft {
    let hand_on = hand_on.to_owned();
    draft(second, who, Body::HandOnAccepted { hand_on, action: action("gift") })
}

/// An offer of a unit that was paid for before: it keeps the minutes of whoever brings it.
fn of_a_given_one(second: i64, id: &str, who: &str) -> Draft {
    let mut offer = reserved(second, id, who, "gift");
    if let Body::Decided { keeps, .. } = &mut offer.body {
        *keeps = Keeps { minutes: 10, ..Keeps::default() };
    }
    offer
}

/// Money and minutes that each unit of the experiment bears.
fn borne(ledger: &Ledger) -> BTreeMap<String, (i64, u64)> {
    let units = read(ledger, |books| books.proof_units(0, 100));
    units.into_iter().map(|it| (it.unit, (it.cost_minor, it.minutes))).collect()
}

fn spent(ledger: &Ledger) -> i64 {
    let day = jiff::civil::date(2026, 2, 2);
    read(ledger, move |books| books.capacity(day, None)).spent_minor
}

pub(crate) fn the_cost_of_a_unit_stands_once_and_with_whoever_has_it_in_the_end(room: &Room) {
    let ledger = room.open();
    told(&ledger, ["a", "b", "c"].map(|who| added(0, who)));
    let bears = |who: &str| borne(&ledger)[who];
    // Kept for the first, and taken by the second before the first ever had it.
    told(&ledger, [reserved(1, "d1", "a", "gift"), released(2, "a", "h1", "d1")]);
    told(&ledger, [reserved(3, "d2", "b", "gift"), offered(3, "b", "h1", "d2")]);
    assert_eq!((bears("a"), bears("b")), ((0, 0), (0, 0)), "nobody has it yet");
    let done = ReservationEnd::CarriedOut;
    told(&ledger, [ended(4, "b", "d2", done), accepted(4, "b", "h1")]);
    assert_eq!((bears("a"), bears("b")), ((0, 0), (500, 10)));
    // The second had it in their hands, and hands it on; until somebody takes it, it stands with them.
    told(&ledger, [released(5, "b", "h2", "d2"), of_a_given_one(6, "d3", "c")]);
    told(&ledger, [offered(6, "c", "h2", "d3")]);
    assert_eq!((bears("b"), bears("c")), ((500, 10), (0, 0)));
    told(&ledger, [accepted(7, "c", "h2"), ended(7, "c", "d3", done)]);
    assert_eq!((bears("b"), bears("c")), ((0, 10), (500, 10)), "minutes stay where they went");
    // A unit that nobody takes stays with the one it was given to.
    told(&ledger, [reserved(8, "d4", "a", "gift"), ended(9, "a", "d4", done)]);
    told(&ledger, [released(10, "a", "h3", "d4")]);
    let gone = Body::HandOnExpired { hand_on: "h3".to_owned(), action: action("gift") };
    told(&ledger, [house(11, gone)]);
    assert_eq!((bears("a"), bears("b"), bears("c")), ((500, 10), (0, 10), (500, 10)));
    let sum: i64 = borne(&ledger).values().map(|(money, _)| money).sum();
    assert_eq!(sum, spent(&ledger), "what the house spent is what the units bear");
    let before = borne(&ledger);
    ledger.rebuild().unwrap();
    assert_eq!(borne(&ledger), before);
}

pub(crate) fn what_was_delivered_after_all_is_taken_again_and_counts_from_when_it_was(room: &Room) {
    let ledger = room.open();
    let used = || {
        let day = jiff::civil::date(2026, 2, 2);
        let facts = read(&ledger, move |books| books.capacity(day, None));
        (facts.used.get(&action("gift")).copied().unwrap_or(0), facts.minutes_used)
    };
    let late = |second, id: &str, delivered, when, took| {
        let body = Body::Delivered {
            decision: DecisionId::new(id).unwrap(),
            action: action("gift"),
            channel: channel("call"),
            at: Some(at(delivered)),
            late: Some(LateDelivery { when, took }),
        };
        draft(second, "a", body)
    };
    let took = Keeps { units: 1, minutes: 10, cost_minor: 500 };
    told(&ledger, [added(0, "a"), reserved(1, "d1", "a", "gift")]);
    told(&ledger, [ended(5, "a", "d1", ReservationEnd::GivenBack)]);
    assert_eq!((used(), spent(&ledger)), ((0, 0), 0));
    let by_house = read(&ledger, |books| books.decision(&DecisionId::new("d1").unwrap())).unwrap();
    assert!(by_house.ended.is_some_and(|end| end.by_no && end.at == at(5)));
    // Another contact lies between the delivery and the day on which it is told.
    told(&ledger, [reserved(6, "d2", "a", "gift")]);
    told(&ledger, [ended(7, "a", "d2", ReservationEnd::CarriedOut)]);
    told(&ledger, [late(8, "d1", 3, DeliveredWhen::WhileKept, took)]);
    assert_eq!((used(), spent(&ledger)), ((2, 20), 1_000));
    assert_eq!(borne(&ledger)["a"], (1_000, 20));
    let contacts: Vec<_> = known(&ledger, "a").facts.contacts.iter().map(|it| it.at).collect();
    assert_eq!(contacts, [at(3), at(7)]);
    assert_eq!(known(&ledger, "a").desk.last_contact_at, Some(at(7)));
    let decided = read(&ledger, |books| books.decision(&DecisionId::new("d1").unwrap())).unwrap();
    assert_eq!((decided.state, decided.keeps), (DecidedState::CarriedOut, took));
    assert_eq!(decided.decision.client, client("a"));
    // Told twice, it is taken once.
    told(&ledger, [late(9, "d1", 3, DeliveredWhen::WhileKept, took)]);
    assert_eq!((used(), spent(&ledger)), ((2, 20), 1_000));
}
