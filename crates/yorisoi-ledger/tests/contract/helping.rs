//! Are reservations, capacity, hand-ons and what is learned kept to the last unit?

use std::collections::BTreeMap;

use crate::common::{
    Result, Room, action, added, added_to, agent, at, channel, client, decision, draft, held,
    house, household, known, read, reserved, told, write,
};
use jiff::civil::date;
use jiff::tz::TimeZone;
use yorisoi_decision::{
    ActionClass, AgentId, CapacityFacts, DecisionId, HoldoutArm, LandingCounts, Learned,
};
use yorisoi_ledger::{
    Body, DecidedState, Draft, HandOnState, Keeps, Landing, Ledger, LedgerError, ReservationEnd,
};

/// The day of `at(0)`: 2 February 2026, 02:40 in Coordinated Universal Time.
const DAY: jiff::civil::Date = date(2026, 2, 2);

fn ended(second: i64, who: &str, id: &str, why: ReservationEnd) -> Draft {
    let decision = DecisionId::new(id).unwrap();
    draft(second, who, Body::ReservationEnded { decision, why })
}

fn capacity(ledger: &Ledger) -> CapacityFacts {
    read(ledger, |books| books.capacity(DAY, Some(&AgentId::new("sato").unwrap())))
}

fn taken(ledger: &Ledger) -> (u64, u64, i64) {
    let facts = capacity(ledger);
    let used = facts.used.get(&action("gift")).copied().unwrap_or(0);
    (used, facts.minutes_used, facts.spent_minor)
}

fn landed(second: i64, who: &str, id: &str, landing: Landing) -> Draft {
    let decision = Some(DecisionId::new(id).unwrap());
    draft(second, who, Body::Landed { decision, action: action("gift"), landing })
}

fn outcome(second: i64, who: &str, value: f64) -> Draft {
    draft(second, who, Body::OutcomeSeen { outcome: "stayed".to_owned(), value, at: None })
}

fn state(ledger: &Ledger, id: &str) -> DecidedState {
    let id = DecisionId::new(id).unwrap();
    read(ledger, move |books| books.decision(&id)).unwrap().state
}

pub(crate) fn a_reservation_keeps_until_it_is_carried_out_given_back_or_expired(room: &Room) {
    let ledger = room.open();
    told(&ledger, [added(0, "a")]);
    let ends = [ReservationEnd::CarriedOut, ReservationEnd::GivenBack, ReservationEnd::Expired];
    told(&ledger, ["d1", "d2", "d3"].map(|id| reserved(1, id, "a", "gift")));
    assert_eq!(taken(&ledger), (3, 30, 1_500));
    assert_eq!(known(&ledger, "a").facts.reservations.len(), 3);
    let due = |second| read(&ledger, move |books| books.due_reservations(at(second), 10)).len();
    assert_eq!((due(3_600), due(3_601)), (0, 3));
    told(
        &ledger,
        [("d1", ends[0]), ("d2", ends[1]), ("d3", ends[2])].map(|(id, why)| ended(2, "a", id, why)),
    );
    assert_eq!(taken(&ledger), (1, 10, 500));
    assert_eq!(due(3_601), 0);
    assert!(known(&ledger, "a").facts.reservations.is_empty());
    assert_eq!(state(&ledger, "d1"), DecidedState::CarriedOut);
    assert_eq!(state(&ledger, "d2"), DecidedState::GivenBack);
    assert_eq!(state(&ledger, "d3"), DecidedState::Expired);
    // What has ended does not end again.
    told(&ledger, [ended(3, "a", "d1", ReservationEnd::GivenBack)]);
    assert_eq!(taken(&ledger), (1, 10, 500));
    assert_eq!(state(&ledger, "d1"), DecidedState::CarriedOut);
    let twice = write(&ledger, reserved(4, "d1", "a", "gift")).unwrap_err();
    assert_eq!(twice, LedgerError::DecisionTwice { decision: DecisionId::new("d1").unwrap() });
    told(&ledger, [house(5, Body::SupplyChanged { action: action("gift"), by: 1 })]);
    assert_eq!(taken(&ledger).0, 0);
}

/// Sixty-four callers ask for a unit each; there are ten. Whoever finds none left gives up.
pub(crate) fn capacity_is_conserved_under_sixty_four_callers(room: &Room) {
    let ledger = room.open();
    told(&ledger, (0..64).map(|n| added(0, &format!("c{n}"))));
    let got: usize = std::thread::scope(|scope| {
        let callers: Vec<_> = (0..64)
            .map(|n| {
                let ledger = &ledger;
                scope.spawn(move || {
                    let result: Result<bool> = ledger.write_now(move |books| {
                        let used = books.capacity(DAY, None)?.used;
                        if used.get(&action("gift")).copied().unwrap_or(0) >= 10 {
                            return Ok(false);
                        }
                        books.append(reserved(1, &format!("d{n}"), &format!("c{n}"), "gift"))?;
                        Ok(true)
                    });
                    usize::from(result.unwrap())
                })
            })
            .collect();
        callers.into_iter().map(|caller| caller.join().unwrap()).sum()
    });
    assert_eq!(got, 10);
    assert_eq!(taken(&ledger), (10, 100, 5_000));
}

pub(crate) fn what_was_carried_out_counts_as_a_contact_once(room: &Room) {
    let ledger = room.open();
    let id = |id: &str| DecisionId::new(id).unwrap();
    let attempted = |second, decision| {
        let body = Body::Attempted {
            decision: Some(decision),
            action: action("gift"),
            class: ActionClass::Offer,
            channel: channel("call"),
            reached: true,
        };
        draft(second, "a", body)
    };
    let delivered = |second, decision| {
        draft(
            second,
            "a",
            Body::Delivered {
                decision,
                action: action("gift"),
                channel: channel("call"),
                at: None,
                late: None,
            },
        )
    };
    told(
        &ledger,
        [
            added(0, "a"),
            reserved(1, "d1", "a", "gift"),
            ended(2, "a", "d1", ReservationEnd::CarriedOut),
            delivered(3, id("d1")),
            reserved(4, "d2", "a", "gift"),
            attempted(5, id("d2")),
            delivered(6, id("d2")),
            ended(7, "a", "d2", ReservationEnd::CarriedOut),
        ],
    );
    let contacts: Vec<_> = known(&ledger, "a").facts.contacts.iter().map(|it| it.at).collect();
    assert_eq!(contacts, [at(2), at(5)]);
}

pub(crate) fn a_unit_that_is_handed_on_is_never_counted_twice_nor_lost(room: &Room) {
    let ledger = room.open();
    let (gift, name) = (action("gift"), |it: &str| it.to_owned());
    let released = |second, hand_on: &str, id: &str| {
        let body = Body::HandOnReleased {
            hand_on: name(hand_on),
            action: gift.clone(),
            decision: Some(DecisionId::new(id).unwrap()),
            expires_at: Some(at(9_000)),
        };
        draft(second, "a", body)
    };
    let offered = |second, hand_on: &str, id: &str| {
        let decision = DecisionId::new(id).unwrap();
        let body = Body::HandOnOffered { hand_on: name(hand_on), action: gift.clone(), decision };
        draft(second, "b", body)
    };
    told(&ledger, [added(0, "a"), added(0, "b"), reserved(1, "d1", "a", "gift")]);
    told(&ledger, [released(2, "h1", "d1")]);
    assert_eq!(taken(&ledger), (1, 0, 500), "the unit is on its way, the minutes are free");
    assert!(known(&ledger, "a").facts.released.contains(&gift));
    assert!(known(&ledger, "a").facts.reservations.is_empty());
    told(&ledger, [reserved(3, "d2", "b", "gift"), offered(4, "h1", "d2")]);
    assert_eq!(taken(&ledger), (1, 10, 500), "the offer is of that very unit");
    let declined = Body::HandOnDeclined { hand_on: name("h1"), action: gift.clone() };
    told(&ledger, [draft(5, "b", declined), ended(5, "b", "d2", ReservationEnd::GivenBack)]);
    assert_eq!(taken(&ledger), (1, 0, 500));
    told(&ledger, [reserved(6, "d3", "b", "gift"), offered(7, "h1", "d3")]);
    let accepted = Body::HandOnAccepted { hand_on: name("h1"), action: gift.clone() };
    told(&ledger, [draft(8, "b", accepted), ended(8, "b", "d3", ReservationEnd::CarriedOut)]);
    assert_eq!(taken(&ledger), (1, 10, 500));
    let it = read(&ledger, |books| books.hand_on("h1")).unwrap();
    assert_eq!(
        (it.state, it.from, it.to),
        (HandOnState::Accepted, Some(client("a")), Some(client("b")))
    );
    assert_eq!(it.declined, [client("b")]);
    assert!(read(&ledger, |books| books.open_hand_ons(None, 10)).is_empty());
    // Nobody takes the second one in time: its unit is free again.
    told(&ledger, [reserved(9, "d4", "a", "gift"), released(10, "h2", "d4")]);
    assert_eq!(read(&ledger, |books| books.open_hand_ons(None, 10)).len(), 1);
    told(&ledger, [house(11, Body::HandOnExpired { hand_on: name("h2"), action: gift })]);
    assert_eq!(taken(&ledger), (1, 10, 500));
}

pub(crate) fn minutes_and_hard_conversations_are_counted_by_day_of_any_zone(room: &Room) {
    let ledger = room.open();
    // 23:40 and 00:40 in Coordinated Universal Time are one morning in Tokyo.
    let (before, after) = (21 * 3_600, 22 * 3_600);
    let leaving =
        |second| Draft { actor: agent("sato"), ..draft(second, "a", Body::ExitRequested {}) };
    told(&ledger, [added(0, "a"), reserved(before, "d1", "a", "gift"), leaving(before)]);
    told(&ledger, [reserved(after, "d2", "a", "gift")]);
    let nuisance = landed(after, "a", "d2", Landing::Nuisance);
    told(&ledger, [Draft { actor: agent("sato"), ..nuisance }]);
    let on = |day, zone: &str| {
        let zone = TimeZone::get(zone).unwrap();
        let sato = AgentId::new("sato").unwrap();
        let facts = read(&ledger, move |books| books.capacity_on(day, &zone, Some(&sato)));
        (facts.minutes_used, facts.hard_conversations.map(|(n, _)| n))
    };
    assert_eq!(on(DAY, "UTC"), (10, Some(1)));
    assert_eq!(on(date(2026, 2, 3), "UTC"), (10, Some(1)));
    // One client is one hard conversation a day.
    assert_eq!(on(date(2026, 2, 3), "Asia/Tokyo"), (20, Some(1)));
    assert_eq!(on(DAY, "Asia/Tokyo"), (0, Some(0)));
}

pub(crate) fn outcomes_are_learned_by_what_was_decided(room: &Room) {
    let ledger = room.open();
    told(&ledger, ["a", "b", "c"].map(|who| added(0, who)));
    told(
        &ledger,
        [
            held(1, "h1", "a"),
            reserved(2, "d1", "a", "gift"),
            held(3, "h2", "a"),
            held(4, "h3", "b"),
            outcome(5, "a", 3.0),
            outcome(6, "a", 9.0),
            outcome(7, "b", 2.0),
            outcome(8, "c", 1.0),
            landed(9, "a", "d1", Landing::Helped),
            landed(10, "a", "d1", Landing::Nuisance),
        ],
    );
    let facts = read(&ledger, |books| books.actions());
    let gift = Learned { n: 1, sum: 3.0, sum_squares: 9.0 };
    assert_eq!(facts.learned, BTreeMap::from([(action("gift"), gift)]));
    assert_eq!(facts.learned_hold, Learned { n: 1, sum: 2.0, sum_squares: 4.0 });
    assert_eq!(facts.landings[&action("gift")], LandingCounts { told: 1, nuisance: 1 });
    assert_eq!(known(&ledger, "a").facts.nuisance_at, Some(at(10)));
    let decided = read(&ledger, |books| books.decision(&DecisionId::new("d1").unwrap())).unwrap();
    assert_eq!(decided.landing, Some(Landing::Nuisance));
    assert_eq!(decided.decision, decision(2, "d1", "a", Some("gift")));
}

pub(crate) fn a_landing_told_again_is_counted_once_and_the_last_word_counts(room: &Room) {
    let ledger = room.open();
    let alone = Body::Landed { decision: None, action: action("gift"), landing: Landing::Helped };
    told(&ledger, [added(0, "a"), reserved(1, "d1", "a", "gift"), reserved(1, "d2", "a", "gift")]);
    told(
        &ledger,
        [
            landed(2, "a", "d1", Landing::Nuisance),
            landed(3, "a", "d2", Landing::Closed),
            draft(4, "a", alone.clone()),
            landed(5, "a", "d1", Landing::Helped),
            landed(6, "a", "d1", Landing::Helped),
            // Without a decision nobody can say that it is the same one.
            draft(7, "a", alone),
        ],
    );
    let desk = known(&ledger, "a").desk;
    let counts = desk.counts;
    assert_eq!((counts.landings, counts.helped, counts.nuisance, counts.closed), (4, 3, 0, 1));
    let kept: Vec<_> = desk.landings.iter().map(|it| (it.at, it.landing)).collect();
    assert_eq!(
        kept,
        [
            (at(3), Landing::Closed),
            (at(4), Landing::Helped),
            (at(6), Landing::Helped),
            (at(7), Landing::Helped)
        ]
    );
    // Where we may have been a burden, the rest is not shortened by a correction.
    assert_eq!(known(&ledger, "a").facts.nuisance_at, Some(at(3)));
    let before = known(&ledger, "a");
    ledger.rebuild().unwrap();
    assert_eq!(known(&ledger, "a"), before);
}

pub(crate) fn the_experiment_has_a_running_document_for_each_unit(room: &Room) {
    let ledger = room.open();
    told(&ledger, [added_to(0, "a", "home"), added_to(0, "b", "home"), added(0, "c")]);
    let dealt = |second, id: &str, who: &str, home: Option<&str>, arm| {
        let mut decision =
            decision(second, id, who, (arm == HoldoutArm::Treated).then_some("gift"));
        decision.household = home.map(household);
        decision.holdout = arm;
        let keeps = Keeps { units: 0, minutes: 7, cost_minor: 50 };
        let body =
            Body::Decided { decision: Box::new(decision), reservation: None, agent: None, keeps };
        draft(second, who, body)
    };
    told(
        &ledger,
        [
            outcome(1, "a", 100.0),
            dealt(2, "d1", "a", Some("home"), HoldoutArm::Treated),
            dealt(3, "d2", "c", None, HoldoutArm::HeldOut),
            dealt(4, "d3", "b", Some("home"), HoldoutArm::Treated),
            ended(5, "a", "d1", ReservationEnd::CarriedOut),
            outcome(6, "a", 1.0),
            outcome(7, "b", 2.0),
            outcome(8, "c", 5.0),
            landed(9, "a", "d1", Landing::Closed),
        ],
    );
    let units = read(&ledger, |books| books.proof_units(0, 10));
    let seen: Vec<_> = units
        .iter()
        .map(|it| (it.unit.as_str(), it.arm, it.decisions, it.helps, it.outcomes["stayed"].sum))
        .collect();
    assert_eq!(
        seen,
        [("home", HoldoutArm::Treated, 2, 2, 3.0), ("c", HoldoutArm::HeldOut, 1, 0, 5.0)]
    );
    assert_eq!((units[0].cost_minor, units[0].minutes, units[0].nuisances), (50, 7, 1));
    assert_eq!(units[0].outcomes["stayed"].n, 2);
    // Both came within one quarter of an hour, of which the beginning is kept.
    let quarter = at(6).as_second().div_euclid(900) * 900;
    let begins = jiff::Timestamp::from_second(quarter).unwrap();
    assert_eq!(units[0].outcomes["stayed"].over_time(), [(begins, 2, 3.0)]);
    let first = units[0].seq;
    let rest = read(&ledger, move |books| books.proof_units(first, 10));
    assert_eq!(rest, units[1..]);
}

pub(crate) fn a_unit_of_the_experiment_sees_what_held_since_it_was_dealt(room: &Room) {
    let ledger = room.open();
    let held = |second, value, held_at| {
        let body = Body::OutcomeSeen { outcome: "stayed".to_owned(), value, at: Some(at(held_at)) };
        draft(second, "c", body)
    };
    told(
        &ledger,
        [
            added(0, "c"),
            reserved(10, "d1", "c", "gift"),
            held(11, 100.0, 9),
            held(12, 1.0, 10),
            held(13, 2.0, 12),
        ],
    );
    let units = read(&ledger, |books| books.proof_units(0, 10));
    assert_eq!((units[0].outcomes["stayed"].n, units[0].outcomes["stayed"].sum), (2, 3.0));
}
