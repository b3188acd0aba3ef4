//! Does a decision keep what it promised: caps, supply, minutes, and the same answer twice?

use std::collections::BTreeMap;

use jiff::Timestamp;
use yorisoi_app::{
    AttemptInput, ClientInput, DecisionAnswer, DecisionAsk, Once, PageAsk, RefusalInput,
    sample_world,
};
use yorisoi_decision::{Code, EffectFact, Policy};
use yorisoi_ledger::{Body, Source};

use crate::common::{
    action, agent, analyst, caller, empty, friend, house, id, lead, person, service,
};

fn sure(name: &str) -> BTreeMap<yorisoi_decision::ActionId, EffectFact> {
    let fact = EffectFact { benefit: 0.5, low: 0.4, high: 0.6 };
    BTreeMap::from([(action(name), fact)])
}

fn ask(client: &str, name: &str) -> DecisionAsk {
    DecisionAsk { effects: Some(sure(name)), ..DecisionAsk::only(id(client), action(name)) }
}

fn bytes(answer: &DecisionAnswer) -> Vec<u8> {
    serde_json::to_vec(answer).unwrap()
}

#[tokio::test]
async fn the_same_request_sent_twice_gives_the_same_bytes_and_decides_once() {
    let house = house(|_| {}).await;
    friend(&house.app, "c-1").await;
    let (asked, body) = (ask("c-1", "plan_review"), b"the body".as_slice());
    let app = house.app.once(Once::new("key-1", body));
    let first = app.decide_and_commit(&service(), asked.clone()).await.unwrap();
    house.clock.pass_minutes(5);
    let again = app.decide_and_commit(&service(), asked.clone()).await.unwrap();
    assert_eq!(bytes(&first), bytes(&again));
    assert!(first.committed && first.reserved_until.is_some());

    let other = house.app.once(Once::new("key-1", b"another body"));
    let error = other.decide_and_commit(&service(), asked).await.unwrap_err();
    assert_eq!((error.status(), error.code()), (422, "idempotency.key_reused"));
}

/// More answers than one sweep's transaction takes away are gone after one sweep all the same.
#[tokio::test]
async fn answers_are_forgotten_in_time_however_many_there_are() {
    let house = house(|_| {}).await;
    friend(&house.app, "c-1").await;
    let (asked, key) = (ask("c-1", "plan_review"), |n: usize| format!("key-{n}"));
    for n in 0..2_100 {
        let app = house.app.once(Once::new(key(n), b"body"));
        app.decide_and_commit(&service(), DecisionAsk::about(id("nobody"))).await.unwrap();
    }
    house.app.sweep().await.unwrap();
    let other = |n| house.app.once(Once::new(key(n), b"another body"));
    let error = other(0).decide_and_commit(&service(), asked.clone()).await.unwrap_err();
    assert_eq!(error.code(), "idempotency.key_reused");
    house.clock.pass_minutes(60 * 48 + 1);
    house.app.sweep().await.unwrap();
    for n in [0, 1_000, 2_099] {
        assert!(other(n).decide_and_commit(&service(), asked.clone()).await.is_ok(), "{n}");
    }
}

/// The order of the gates is law: what would fit the person comes before what they have agreed to. Of whom the coach
/// knows nothing, nothing fits; once a need is felt, it is the consent that is missing.
#[tokio::test]
async fn what_fits_the_person_is_asked_before_what_they_agreed_to() {
    let house = empty();
    let coach = Policy::parse(include_str!("../../../../docs/policies/coach.toml")).unwrap();
    crate::common::publish(&house.app, &coach).await;
    house.app.add_client(&service(), person("c-1")).await.unwrap();
    let asked = DecisionAsk { dry: true, ..DecisionAsk::only(id("c-1"), action("listen")) };
    let unknown = house.app.decide_and_commit(&service(), asked.clone()).await.unwrap();
    assert_eq!(unknown.suppressed.map(|stop| stop.code), Some(Code::NotApplicable));
    assert_eq!(unknown.decision.hold.unwrap().code, Code::NotApplicable);

    let known = [
        ("need", yorisoi_decision::Attribute::Number(0.9)),
        ("reserve", yorisoi_decision::Attribute::Number(0.1)),
        ("listen_given", yorisoi_decision::Attribute::Flag(false)),
    ];
    let attributes = known.map(|(name, value)| (name.to_owned(), value)).into();
    let input = yorisoi_app::ClientInput { attributes, ..yorisoi_app::ClientInput::default() };
    house.app.change_client(&service(), &id("c-1"), input, None).await.unwrap();
    let felt = house.app.decide_and_commit(&service(), asked).await.unwrap();
    assert_eq!(felt.suppressed.map(|stop| stop.code), Some(Code::TalkMissing));
    assert_eq!(felt.decision.hold.unwrap().code, Code::TalkMissing);
}

#[tokio::test]
async fn one_callers_key_is_not_anothers() {
    let house = house(|_| {}).await;
    friend(&house.app, "c-1").await;
    let app = house.app.once(Once::new("key-1", b"body"));
    let asked = DecisionAsk { dry: false, ..ask("c-1", "plan_review") };
    let mine = app.decide_and_commit(&service(), asked.clone()).await.unwrap();
    let theirs =
        app.decide_and_commit(&caller("other", yorisoi_app::Role::Service), asked).await.unwrap();
    assert_ne!(mine.decision.id, theirs.decision.id);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_callers_at_once_never_exceed_a_cap() {
    let house = house(|_| {}).await;
    friend(&house.app, "c-1").await;
    let calls = (0..64).map(|_| {
        let app = house.app.clone();
        tokio::spawn(
            async move { app.decide_and_commit(&service(), ask("c-1", "plan_review")).await },
        )
    });
    let mut reserved = 0;
    let mut stopped = 0;
    for call in calls.collect::<Vec<_>>() {
        let answer = call.await.unwrap().unwrap();
        reserved += usize::from(answer.reserved_until.is_some());
        stopped += usize::from(answer.suppressed.is_some_and(|it| it.code == Code::PersonCap));
    }
    // Two a week, calls of all channels together, open reservations included.
    assert_eq!((reserved, stopped), (2, 62));
    let page = house.app.client_page(&lead(), &id("c-1")).await.unwrap();
    assert_eq!(page.reservations.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_callers_at_once_never_give_more_than_there_is() {
    let house = house(|policy| {
        policy.minutes_per_day = Some(70);
        policy.budget_minor = None;
    })
    .await;
    for n in 0..64 {
        friend(&house.app, &format!("c-{n}")).await;
    }
    let calls = (0..64).map(|n| {
        let app = house.app.clone();
        let asked = ask(&format!("c-{n}"), "peaches");
        tokio::spawn(async move { app.decide_and_commit(&service(), asked).await })
    });
    let mut reserved = 0;
    for call in calls.collect::<Vec<_>>() {
        reserved += usize::from(call.await.unwrap().unwrap().reserved_until.is_some());
    }
    // Twelve boxes, ten minutes each: seven fit into seventy minutes.
    assert_eq!(reserved, 7);
    let capacity = house.app.capacity(&lead()).await.unwrap();
    assert_eq!(capacity.minutes_used, 70);
    let peaches = capacity.supply.iter().find(|row| row.action == action("peaches")).unwrap();
    assert_eq!((peaches.used, peaches.left), (7, Some(5)));
}

#[tokio::test]
async fn a_reservation_that_runs_out_frees_what_it_kept() {
    let house = house(|_| {}).await;
    friend(&house.app, "c-1").await;
    let answer = house.app.decide_and_commit(&service(), ask("c-1", "peaches")).await.unwrap();
    house.clock.pass_minutes(241);
    assert_eq!(house.app.sweep().await.unwrap().reservations, 1);
    assert_eq!(house.app.sweep().await.unwrap().reservations, 0);
    let state = house.app.decision(&service(), &answer.decision.id).await.unwrap().state;
    assert_eq!(state, "expired");
    let error = house.app.carry_out(&service(), &answer.decision.id).await.unwrap_err();
    assert_eq!(error.code(), "decision.ended");
    let capacity = house.app.capacity(&lead()).await.unwrap();
    let peaches = capacity.supply.iter().find(|row| row.action == action("peaches")).unwrap();
    assert_eq!(peaches.left, Some(12));
}

#[tokio::test]
async fn a_hold_never_turns_into_a_contact_without_a_new_decision() {
    let house = house(|_| {}).await;
    house.app.add_client(&service(), person("c-1")).await.unwrap();
    let asked = ask("c-1", "plan_review");
    let answer = house.app.decide_and_commit(&service(), asked).await.unwrap();
    assert!(answer.decision.hold.is_some() && answer.reserved_until.is_none());
    let error = house.app.carry_out(&service(), &answer.decision.id).await.unwrap_err();
    assert_eq!(error.status(), 409);
}

#[tokio::test]
async fn what_was_stopped_leaves_a_trace() {
    let house = house(|_| {}).await;
    house.app.add_client(&service(), person("c-1")).await.unwrap();
    let answer = house.app.decide_and_commit(&service(), ask("c-1", "plan_review")).await.unwrap();
    assert_eq!(answer.suppressed.map(|stop| stop.code), Some(Code::TalkMissing));
    let timeline =
        house.app.timeline(&lead(), &id("c-1"), yorisoi_app::PageAsk::default()).await.unwrap();
    let trace = timeline.items.iter().find(|row| row.kind == "suppressed").unwrap();
    assert!(matches!(&trace.body, Body::Suppressed { code: Code::TalkMissing, .. }));
}

#[tokio::test]
async fn a_dry_question_leaves_none() {
    let house = house(|_| {}).await;
    friend(&house.app, "c-1").await;
    let before = house.app.verify_ledger(&lead()).await.unwrap().entries;
    let asked = DecisionAsk { dry: true, ..ask("c-1", "plan_review") };
    let answer = house.app.decide_and_commit(&service(), asked).await.unwrap();
    assert!(!answer.committed && answer.decision.hold.is_none());
    assert_eq!(house.app.verify_ledger(&lead()).await.unwrap().entries, before);
}

#[tokio::test]
async fn a_clock_that_went_back_holds_and_records_nothing() {
    let house = house(|_| {}).await;
    friend(&house.app, "c-1").await;
    let before = house.app.verify_ledger(&lead()).await.unwrap().entries;
    house.clock.pass_minutes(-60);
    let answer = house.app.decide_and_commit(&service(), ask("c-1", "plan_review")).await.unwrap();
    assert_eq!(answer.decision.hold.map(|hold| hold.code), Some(Code::ClockSkewed));
    assert!(!answer.committed);
    assert_eq!(house.app.verify_ledger(&lead()).await.unwrap().entries, before);
}

#[tokio::test]
async fn merged_records_share_one_cap_and_one_refusal() {
    let house = house(|_| {}).await;
    friend(&house.app, "c-1").await;
    friend(&house.app, "c-2").await;
    house.app.decide_and_commit(&service(), ask("c-1", "plan_review")).await.unwrap();
    house.app.decide_and_commit(&service(), ask("c-2", "plan_review")).await.unwrap();
    let merge = yorisoi_app::MergeInput { keep: id("c-1"), from: id("c-2") };
    house.app.merge_clients(&service(), merge).await.unwrap();
    // Asked for by either name: two contacts are open, and two is the cap.
    for name in ["c-1", "c-2"] {
        let answer =
            house.app.decide_and_commit(&service(), ask(name, "plan_review")).await.unwrap();
        assert_eq!(answer.decision.client, id("c-1"));
        assert_eq!(answer.suppressed.map(|stop| stop.code), Some(Code::PersonCap));
    }
    let refusal = RefusalInput {
        client: id("c-2"),
        topic: None,
        channel: None,
        source: Source::Words,
        words: None,
    };
    house.app.refuse(&service(), refusal).await.unwrap();
    assert!(house.app.client(&service(), &id("c-1")).await.unwrap().refused_everything);
}

#[tokio::test]
async fn nobody_known_and_nobody_left_are_held() {
    let house = house(|_| {}).await;
    let answer =
        house.app.decide_and_commit(&service(), ask("nobody", "plan_review")).await.unwrap();
    assert_eq!(answer.decision.hold.map(|hold| hold.code), Some(Code::IdentityUnknown));
    assert!(!answer.committed);
}

#[tokio::test]
async fn a_batch_answers_each_and_one_refusal_undoes_no_other() {
    let house = house(|_| {}).await;
    friend(&house.app, "c-1").await;
    let other = yorisoi_app::ClientInput { team: Some("tokyo".parse().unwrap()), ..person("c-2") };
    house.app.add_client(&service(), other).await.unwrap();
    let plain = |client| DecisionAsk { effects: None, ..ask(client, "plan_review") };
    let asks = vec![plain("c-2"), plain("c-1")];
    let items = house.app.decide_batch(&agent("osaka", "mei"), asks).await.unwrap();
    let codes: Vec<_> = items
        .iter()
        .map(|item| match item {
            yorisoi_app::BatchItem::Answer(answer) => answer.committed.to_string(),
            yorisoi_app::BatchItem::Problem { code, .. } => code.clone(),
        })
        .collect();
    // The friend belongs to no team, and an agent sees only their own team's people.
    assert_eq!(codes, ["caller.other_team", "caller.other_team"]);
    let asks = vec![ask("c-2", "plan_review"), ask("c-1", "plan_review")];
    let items = house.app.decide_batch(&service(), asks).await.unwrap();
    assert!(items.iter().all(|item| matches!(item, yorisoi_app::BatchItem::Answer(_))));
}

#[tokio::test]
async fn the_sample_world_is_lively_and_every_decision_of_it_can_be_made_again() {
    let house = empty();
    house.clock.set("2026-06-01T18:00:00+09:00".parse().unwrap());
    let world = sample_world(&house.app, 7).await.unwrap();
    assert!((30..=60).contains(&world.clients), "{}", world.clients);
    assert!(world.decisions >= 200, "{}", world.decisions);

    let replayed = house.app.replay_log(&analyst()).await.unwrap();
    assert!(replayed.decisions >= world.decisions, "{replayed:?}");
    assert_eq!((replayed.erased, replayed.different), (0, Vec::new()));

    let live = house.app.live_policy(&lead()).await.unwrap().fingerprint;
    let same = house.app.rehearse_policy(&analyst(), &live).await.unwrap();
    assert_eq!((same.different, same.gains.total, same.loses.total), (0, 0, 0));
    assert!(same.holds > 0 && same.holds == same.would_hold, "{same:?}");

    let verified = house.app.verify_ledger(&lead()).await.unwrap();
    assert!(verified.whole && verified.faults.is_empty());
}

#[tokio::test]
async fn who_moves_to_another_zone_has_its_quiet_hours_and_keeps_their_caps() {
    let house = house(|_| {}).await;
    friend(&house.app, "c-1").await;
    let reserved = async || {
        let asked = ask("c-1", "plan_review");
        let answer = house.app.decide_and_commit(&service(), asked).await.unwrap();
        assert!(answer.reserved_until.is_some(), "{:?}", answer.suppressed);
        house.app.carry_out(&service(), &answer.decision.id).await.unwrap();
    };
    let stopped = async || {
        let asked = DecisionAsk { dry: true, ..ask("c-1", "plan_review") };
        let answer = house.app.decide_and_commit(&service(), asked).await.unwrap();
        answer.suppressed.map(|stop| (stop.code, stop.until))
    };
    let at = |text: &str| -> Timestamp { text.parse().unwrap() };
    let moves_to = async |zone: &str| {
        let input = ClientInput { zone: Some(zone.to_owned()), ..ClientInput::default() };
        house.app.change_client(&service(), &id("c-1"), input, None).await.unwrap();
    };
    reserved().await;
    // Ten in the morning in Tokyo is nine in the evening in New York, the day before.
    moves_to("America/New_York").await;
    let morning = at("2026-06-03T09:00:00-04:00");
    assert_eq!(stopped().await, Some((Code::QuietHoursNow, Some(morning))));
    house.clock.set(morning);
    reserved().await;
    // Two a week, wherever they live: the first of them was a call to Tokyo.
    let open = at("2026-06-10T10:00:00+09:00");
    assert_eq!(stopped().await, Some((Code::PersonCap, Some(open))));
    moves_to("Asia/Tokyo").await;
    assert_eq!(stopped().await, Some((Code::PersonCap, Some(open))));
    house.clock.set(open);
    assert_eq!(stopped().await, None);
    // At that very instant it is evening in New York.
    moves_to("America/New_York").await;
    assert!(matches!(stopped().await, Some((Code::QuietHoursNow, _))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_callers_over_all_channels_and_people_among_them_never_exceed_a_cap() {
    const CAP: u32 = 6;
    let house = house(|policy| {
        policy.contact.caps.truncate(1);
        policy.contact.caps[0].max = Some(CAP);
    })
    .await;
    friend(&house.app, "c-1").await;
    let calls = (0..64).map(|n| {
        let app = house.app.clone();
        tokio::spawn(async move {
            // Three people reach the client by themselves, and nobody asked.
            if n % 24 == 7 {
                let attempt = AttemptInput {
                    client: id("c-1"),
                    decision: None,
                    action: action("listen"),
                    channel: None,
                    reached: true,
                };
                return app.record_attempt(&lead(), attempt).await.map(drop);
            }
            let over = ["plan_review", "points", "peaches"][n % 3];
            app.decide_and_commit(&service(), ask("c-1", over)).await.map(drop)
        })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
    // In the order in which they came: whatever was kept found room for it, and no contact went uncounted.
    let page = PageAsk { cursor: None, limit: Some(200) };
    let timeline = house.app.timeline(&lead(), &id("c-1"), page).await.unwrap();
    let (mut contacts, mut people, mut kept, mut stopped) = (0_u32, 0, 0, 0);
    for row in timeline.items.iter().rev() {
        match &row.body {
            Body::Attempted { .. } => (contacts, people) = (contacts + 1, people + 1),
            Body::Decided { reservation: Some(_), .. } => {
                assert!(contacts < CAP, "{contacts} at entry {}", row.seq);
                (contacts, kept) = (contacts + 1, kept + 1);
            }
            Body::Decided { .. } => {
                assert!(contacts >= CAP, "{contacts} at entry {}", row.seq);
                stopped += 1;
            }
            _ => {}
        }
    }
    assert_eq!((people, kept + stopped), (3, 61));
    assert!((CAP - 3..=CAP).contains(&kept), "{kept}");
}
