//! Does the house remember its policies, models, tokens and exits, and the service its own things?

use crate::common::{
    Result, Room, added, agent, at, draft, house, known, named, read, told, with_personal,
};
use jiff::civil::date;
use yorisoi_decision::{DecisionId, ExitState, Policy};
use yorisoi_ledger::{Actor, Body, Draft, ExitReceipt, ModelCard, ModelState, Remembered};

fn policy(name: &str) -> Policy {
    let text = format!(
        r#"
        name = "{name}"
        currency = "JPY"
        reservation_minutes = 60
        look_again_hours = 24
        actions = []
        [values]
        outcome_minor = 1
        replacement_minor = 1
        nuisance_minor = 1
        allowed_harm = 0.1
        [contact]
        caps = []
        cool_down_hours = 1
        holidays = "japan"
        plausible_zones = []
        [contact.quiet_hours]
        from = "20:00:00"
        until = "09:00:00"
        rest_days = true
        [attempts]
        max_attempts = 2
        [exploration]
        rate = 0.1
        among = 2
        [holdout]
        programme = "p"
        share = 0.1
        "#
    );
    Policy::parse(&text).unwrap()
}

pub(crate) fn policies_models_and_tokens_are_what_was_said_last(room: &Room) {
    let ledger = room.open();
    let drafted = |second, name: &str| {
        let body = Body::PolicyDrafted {
            policy: Box::new(policy(name)),
            fingerprint: name.to_owned(),
            why: "because".to_owned(),
        };
        Draft { actor: agent("sato"), ..house(second, body) }
    };
    let published = |second, name: &str| {
        let body =
            Body::PolicyPublished { fingerprint: name.to_owned(), drafted_by: agent("sato") };
        Draft { actor: agent("suzuki"), ..house(second, body) }
    };
    told(&ledger, [drafted(1, "one"), published(2, "one"), drafted(3, "two"), published(4, "two")]);
    told(&ledger, [house(5, Body::PolicyRolledBack { fingerprint: "one".to_owned() })]);
    let book = read(&ledger, |books| books.policies());
    assert_eq!(book.current.as_deref(), Some("one"));
    assert_eq!(book.drafts.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["one", "two"]);
    let history: Vec<_> =
        book.history.iter().map(|it| (it.fingerprint.as_str(), it.rolled_back)).collect();
    assert_eq!(history, [("one", false), ("two", false), ("one", true)]);
    assert_eq!(book.history[0].by, agent("suzuki"));
    assert_eq!(read(&ledger, |books| books.policy("two")), Some(policy("two")));

    let card = |model: &str| ModelCard {
        model: model.to_owned(),
        data_fingerprint: "f".to_owned(),
        features: vec!["age".to_owned()],
        arms: vec!["hold".to_owned(), "gift".to_owned()],
        file: "m".to_owned(),
        origin: None,
    };
    told(&ledger, ["m1", "m2"].map(|it| house(6, Body::ModelRegistered { card: card(it) })));
    told(&ledger, ["m1", "m2"].map(|it| house(7, Body::ModelPromoted { model: it.to_owned() })));
    let states: Vec<_> = read(&ledger, |books| books.models()).iter().map(|it| it.state).collect();
    assert_eq!(states, [ModelState::Retired, ModelState::Deciding]);

    let issued = Body::TokenIssued {
        token: "t1".to_owned(),
        role: "lead".to_owned(),
        team: None,
        agent: None,
    };
    told(&ledger, [house(8, issued), house(9, Body::TokenRevoked { token: "t1".to_owned() })]);
    let tokens = read(&ledger, |books| books.tokens());
    assert_eq!((tokens[0].issued_at, tokens[0].revoked_at), (at(8), Some(at(9))));
}

pub(crate) fn exits_have_times_and_a_return_is_no_save(room: &Room) {
    let ledger = room.open();
    let receipt = ExitReceipt {
        receipt: "r1".to_owned(),
        effective_on: date(2026, 3, 31),
        keeps: vec!["number".to_owned()],
        loses: vec!["points".to_owned()],
        door_open: true,
    };
    let reason = Some("moving abroad".to_owned());
    told(
        &ledger,
        [
            added(1, "a"),
            added(1, "b"),
            draft(2, "a", Body::ExitRequested {}),
            draft(3, "a", Body::ExitOffered { decision: DecisionId::new("d").unwrap() }),
            draft(3, "b", Body::ExitRequested {}),
            draft(4, "a", Body::ExitDecided { reason }),
        ],
    );
    let open = read(&ledger, |books| books.open_exits(None, 10));
    assert_eq!(open.len(), 2);
    assert_eq!(known(&ledger, "a").facts.exit, ExitState::Decided);
    let seq = open[0].1.decided_seq.unwrap();
    let decided = read(&ledger, move |books| {
        let entry = books.entry(seq)?.unwrap();
        books.opened(entry)
    });
    // The reason is the client's own: it is not in the chain, and still there for whoever may read it.
    assert_eq!(decided.entry.body, Body::ExitDecided { reason: None });
    assert_eq!(decided.personal.unwrap().text.as_deref(), Some("moving abroad"));
    told(
        &ledger,
        [
            draft(5, "a", Body::ExitCompleted { receipt: receipt.clone() }),
            draft(6, "b", Body::ExitAbandoned {}),
            draft(7, "a", Body::Returned {}),
        ],
    );
    let (a, b) = (known(&ledger, "a"), known(&ledger, "b"));
    assert_eq!((a.facts.exit, b.facts.exit), (ExitState::None, ExitState::Abandoned));
    let exits = read(&ledger, |books| books.exits(0, 10));
    assert_eq!(exits[0].requested_at, Some(at(2)));
    assert_eq!(exits[0].offered_at, Some(at(3)));
    assert_eq!(exits[0].completed_at, Some(at(5)));
    assert_eq!(exits[0].returned_at, Some(at(7)));
    assert_eq!(exits[0].receipt, Some(receipt));
    assert_eq!(exits[1].abandoned_at, Some(at(6)));
    assert_eq!(a.desk.exit.as_ref(), Some(&exits[0]));
    assert!(read(&ledger, |books| books.open_exits(None, 10)).is_empty());
    // The next time is a way out of its own.
    told(&ledger, [draft(8, "a", Body::ExitRequested {})]);
    assert_eq!(read(&ledger, |books| books.exits(0, 10)).len(), 3);
}

pub(crate) fn answers_and_notes_are_given_back_as_they_were(room: &Room) {
    let ledger = room.open();
    told(&ledger, [with_personal(added(1, "a"), named("花子", &["crm-1"]))]);
    let answer = |n: u8| Remembered {
        body_hash: [n; 32],
        response: vec![n; 3],
        at: at(i64::from(n)),
        about: Vec::new(),
    };
    let kept: Result<()> = ledger.write_now(move |books| {
        books.remember("decide", "k1", &answer(1))?;
        books.remember("decide", "k2", &answer(2))?;
        books.note("outbox", "late", &"l", Some(9.0), Some("failed"))?;
        books.note("outbox", "soon", &"s", Some(1.0), None)
    });
    kept.unwrap();
    assert_eq!(read(&ledger, |books| books.recall("decide", "k1")), Some(answer(1)));
    assert_eq!(read(&ledger, |books| books.recall("other", "k1")), None);
    let gone: Result<usize> = ledger.write_now(|books| books.forget_answers("decide", at(2), 10));
    assert_eq!(gone, Ok(1));
    assert_eq!(read(&ledger, |books| books.recall("decide", "k1")), None);
    assert_eq!(read(&ledger, |books| books.recall("decide", "k2")), Some(answer(2)));
    let notes = |group: Option<&'static str>| {
        read(&ledger, move |books| books.notes::<String>("outbox", group, 10))
    };
    let note = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    assert_eq!(notes(None), [note("soon", "s"), note("late", "l")]);
    assert_eq!(notes(Some("failed")), [note("late", "l")]);
    let moved: Result<()> = ledger.write_now(|books| {
        books.note("outbox", "late", &"l2", Some(0.0), None)?;
        books.forget_note("outbox", "soon")
    });
    moved.unwrap();
    assert_eq!(notes(None), [note("late", "l2")]);
    assert_eq!(notes(Some("failed")), []);
    assert_eq!(read(&ledger, |books| books.read_note("outbox", "soon")), None::<String>);
    let refused: Result<()> = ledger.read_now(|books| books.note("outbox", "x", &1, None, None));
    assert!(refused.is_err());
    assert_ne!(ledger.secret("holdout"), ledger.secret("session"));
    let _ = Actor::Client;
}

pub(crate) fn answers_about_a_client_go_together(room: &Room) {
    let ledger = room.open();
    let answer = |n: u8, about: &[&str]| Remembered {
        body_hash: [n; 32],
        response: vec![n; 3],
        at: at(i64::from(n)),
        about: about.iter().map(|name| crate::common::client(name)).collect(),
    };
    let some = [answer(1, &["a"]), answer(2, &["b"]), answer(3, &["b", "a"])];
    let done: Result<()> = ledger.write_now(move |books| {
        for (n, it) in some.iter().enumerate() {
            books.remember("x", &format!("k{n}"), it)?;
        }
        books.forget_answers_about("x", &crate::common::client("a"))
    });
    done.unwrap();
    let left = read(&ledger, |books| {
        ["k0", "k1", "k2"]
            .iter()
            .map(|key| Ok(books.recall("x", key)?.is_some()))
            .collect::<Result<Vec<_>>>()
    });
    assert_eq!(left, [false, true, false]);
}

pub(crate) fn a_way_out_that_nobody_goes_is_in_no_list(room: &Room) {
    let ledger = room.open();
    let asked = |second, who: &str| draft(second, who, Body::ExitRequested {});
    told(&ledger, ["a", "b", "c", "d", "e"].map(|who| added(1, who)));
    told(&ledger, [asked(2, "a"), asked(3, "b"), asked(4, "c"), asked(5, "d")]);
    told(
        &ledger,
        [
            draft(6, "b", Body::ExitDecided { reason: None }),
            // The one that has gone further stays, whichever record it is of and whenever it began.
            draft(7, "a", Body::ClientsMerged { from: crate::common::client("b") }),
            draft(8, "e", Body::ClientsMerged { from: crate::common::client("c") }),
        ],
    );
    let erased: Result<_> = ledger.write_now(|books| {
        books.erase(&crate::common::client("d"), at(9), yorisoi_ledger::Actor::House)
    });
    erased.unwrap();
    let a = known(&ledger, "a");
    assert_eq!(a.facts.exit, ExitState::Decided);
    assert_eq!(a.desk.exit.map(|exit| exit.state), Some(ExitState::Decided));
    let open = read(&ledger, |books| books.open_exits(None, 10));
    let open: Vec<_> = open.iter().map(|(_, exit)| exit.requested_at).collect();
    assert_eq!(open, [Some(at(3)), Some(at(4))]);
    assert_eq!(read(&ledger, |books| books.exits(0, 10)).len(), 2);
}
