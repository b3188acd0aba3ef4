//! Does help land where it helps, and is it handed on without loss?

use std::collections::BTreeMap;

use yorisoi_app::{
    AttemptInput, CheckInInput, ClientInput, DecisionAsk, DelightView, EffectsInput, InferredNeed,
    LandingInput, NeedAnswer, NoteInput, PageAsk, ReleaseInput,
};
use yorisoi_decision::{Code, ConsentKind, EffectFact, TeamId};
use yorisoi_ledger::Landing;

use crate::common::{House, action, agent, consent, friend, house, id, lead, person, service};

async fn effect(house: &House, client: &str, benefit: f64) {
    let fact = EffectFact { benefit, low: benefit - 0.02, high: benefit + 0.02 };
    let effects = BTreeMap::from([(action("peaches"), fact)]);
    house.app.give_effects(&service(), EffectsInput { client: id(client), effects }).await.unwrap();
}

async fn released(house: &House, client: &str) -> String {
    let ask = DecisionAsk::only(id(client), action("peaches"));
    let answer = house.app.decide_and_commit(&service(), ask).await.unwrap();
    assert!(answer.reserved_until.is_some(), "{:?}", answer.suppressed);
    let input = ReleaseInput {
        client: id(client),
        action: action("peaches"),
        decision: Some(answer.decision.id),
        expires_at: Some("2026-06-05T18:00:00+09:00".parse().unwrap()),
    };
    house.app.release_help(&lead(), input).await.unwrap().hand_on
}

async fn left(house: &House) -> u64 {
    let capacity = house.app.capacity(&lead()).await.unwrap();
    capacity.supply.iter().find(|row| row.action == action("peaches")).unwrap().left.unwrap()
}

#[tokio::test]
async fn what_one_releases_goes_to_whom_it_helps_most_and_no_unit_is_lost() {
    let house = house(|_| {}).await;
    for (name, benefit) in [("first", 0.1), ("some", 0.1), ("most", 0.3), ("none", -0.3)] {
        friend(&house.app, name).await;
        effect(&house, name, benefit).await;
    }
    let note =
        NoteInput { client: id("first"), text: "CANARY-NOTE".to_owned(), confidential: true };
    house.app.add_note(&lead(), note).await.unwrap();
    assert_eq!(left(&house).await, 12);
    let hand_on = released(&house, "first").await;
    assert_eq!(left(&house).await, 11);

    let matches = house.app.hand_on_matches(&lead(), &hand_on, 5).await.unwrap();
    let names: Vec<&str> = matches.iter().map(|it| it.client.as_str()).collect();
    assert_eq!(names, ["most", "some"]);
    assert!(!serde_json::to_string(&matches).unwrap().contains("CANARY"));

    let offered = house.app.offer_hand_on(&lead(), &hand_on, &id("most")).await.unwrap();
    assert!(!serde_json::to_string(&offered).unwrap().contains("CANARY"));
    assert_eq!(left(&house).await, 11);
    let error = house.app.accept_hand_on(&lead(), &hand_on, &id("some")).await.unwrap_err();
    assert_eq!(error.code(), "hand_on.state");
    house.app.decline_hand_on(&lead(), &hand_on, &id("most")).await.unwrap();
    assert_eq!(left(&house).await, 11);
    house.app.offer_hand_on(&lead(), &hand_on, &id("some")).await.unwrap();
    let done = house.app.accept_hand_on(&lead(), &hand_on, &id("some")).await.unwrap();
    assert_eq!((done.state.as_str(), left(&house).await), ("accepted", 11));

    // The first hears no more of it.
    let ask = DecisionAsk::only(id("first"), action("peaches"));
    let answer = house.app.decide_and_commit(&service(), ask).await.unwrap();
    assert_eq!(answer.suppressed.map(|stop| stop.code), Some(Code::Released));
}

#[tokio::test]
async fn before_anything_is_released_one_sees_whom_it_would_delight_and_nothing_is_kept_for_them() {
    let house = house(|policy| {
        let peaches = policy.actions.iter_mut().find(|it| it.id == action("peaches")).unwrap();
        peaches.expires_at = Some("2026-06-05T18:00:00+09:00".parse().unwrap());
    })
    .await;
    for (name, benefit) in [("some", 0.1), ("most", 0.3), ("none", -0.3)] {
        friend(&house.app, name).await;
        effect(&house, name, benefit).await;
    }
    // Somebody of another team, and somebody who never agreed.
    let osaka = Some(TeamId::new("osaka").unwrap());
    house.app.add_client(&service(), ClientInput { team: osaka, ..person("far") }).await.unwrap();
    for kind in [ConsentKind::Talk, ConsentKind::Advise] {
        house.app.record_consent(&service(), consent("far", kind)).await.unwrap();
    }
    effect(&house, "far", 0.2).await;
    house.app.add_client(&service(), person("silent")).await.unwrap();
    effect(&house, "silent", 0.4).await;

    let names = |view: &DelightView| -> Vec<String> {
        view.best.iter().map(|it| it.client.to_string()).collect()
    };
    let all = house.app.delights(&lead(), 2).await.unwrap();
    assert_eq!(all.len(), 1, "only what is about to lose its worth");
    assert_eq!((all[0].helped, all[0].all_asked, all[0].left), (3, true, Some(12)));
    assert_eq!(names(&all[0]), ["most", "far"]);
    let tokyo = house.app.delights(&agent("tokyo", "aoi"), 9).await.unwrap();
    assert!(!names(&tokyo[0]).contains(&"far".to_owned()), "{tokyo:?}");
    let own = house.app.delights(&agent("osaka", "mei"), 9).await.unwrap();
    assert_eq!((own[0].helped, names(&own[0])), (1, vec!["far".to_owned()]));
    assert_eq!(own[0].best[0].name.as_deref(), Some("far 様"));
    assert_eq!(left(&house).await, 12);

    // After the release the same question has the same answer, but for who released it.
    let hand_on = released(&house, "most").await;
    let matches = house.app.hand_on_matches(&lead(), &hand_on, 9).await.unwrap();
    let after: Vec<String> = matches.iter().map(|it| it.client.to_string()).collect();
    assert_eq!(after, ["far", "some"]);
    house.clock.pass_minutes(3 * 24 * 60);
    assert!(house.app.delights(&lead(), 2).await.unwrap().is_empty(), "its date is past");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_grants_at_once_give_one_unit_once() {
    let house = house(|_| {}).await;
    friend(&house.app, "first").await;
    effect(&house, "first", 0.1).await;
    for n in 0..64 {
        friend(&house.app, &format!("c-{n}")).await;
        effect(&house, &format!("c-{n}"), 0.2).await;
    }
    let hand_on = released(&house, "first").await;
    let grants = (0..64).map(|n| {
        let (app, hand_on) = (house.app.clone(), hand_on.clone());
        tokio::spawn(async move {
            let client = id(&format!("c-{n}"));
            app.offer_hand_on(&lead(), &hand_on, &client).await?;
            app.accept_hand_on(&lead(), &hand_on, &client).await
        })
    });
    let mut taken = 0;
    for grant in grants.collect::<Vec<_>>() {
        match grant.await.unwrap() {
            Ok(_) => taken += 1,
            Err(error) => assert_eq!(error.status(), 409, "{error}"),
        }
    }
    assert_eq!((taken, left(&house).await), (1, 11));
}

#[tokio::test]
async fn what_nobody_takes_in_time_is_free_again() {
    let house = house(|_| {}).await;
    friend(&house.app, "first").await;
    effect(&house, "first", 0.1).await;
    let hand_on = released(&house, "first").await;
    house.clock.pass_minutes(3 * 24 * 60);
    assert_eq!(house.app.sweep().await.unwrap().hand_ons, 1);
    let state = house.app.hand_on(&lead(), &hand_on).await.unwrap().state;
    assert_eq!((state.as_str(), left(&house).await), ("expired", 12));
    let error = house.app.offer_hand_on(&lead(), &hand_on, &id("first")).await.unwrap_err();
    assert_eq!(error.code(), "hand_on.state");
}

#[tokio::test]
async fn after_failed_attempts_there_is_no_third() {
    let house = house(|policy| policy.contact.caps.clear()).await;
    friend(&house.app, "c-1").await;
    effect(&house, "c-1", 0.3).await;
    for _ in 0..2 {
        let attempt = AttemptInput {
            client: id("c-1"),
            decision: None,
            action: action("peaches"),
            channel: None,
            reached: false,
        };
        house.app.record_attempt(&lead(), attempt).await.unwrap();
    }
    let ask = DecisionAsk::only(id("c-1"), action("peaches"));
    let answer = house.app.decide_and_commit(&service(), ask).await.unwrap();
    assert_eq!(answer.suppressed.map(|stop| stop.code), Some(Code::AttemptsExhausted));
}

#[tokio::test]
async fn intention_and_landing_are_held_against_each_other() {
    let house = house(|_| {}).await;
    friend(&house.app, "c-1").await;
    let answer = house
        .app
        .decide_and_commit(&service(), DecisionAsk::only(id("c-1"), action("plan_review")))
        .await
        .unwrap();
    let landed = |landing| LandingInput {
        client: id("c-1"),
        decision: Some(answer.decision.id.clone()),
        action: None,
        landing,
        words: None,
    };
    house.app.record_landing(&lead(), landed(Landing::Nuisance)).await.unwrap();
    // Told anew: the last word of the receiver counts, once.
    house.app.record_landing(&lead(), landed(Landing::Helped)).await.unwrap();
    let report = house.app.landings_report(&lead()).await.unwrap();
    assert_eq!((report.rows[0].helped, report.rows[0].nuisance), (1, 0));
    assert_eq!(report.rows[0].mismatch.estimate, Some(0.0));
    assert_eq!(report.rows[0].intention.ja, "使わないものに払い続けていただかないため。");
    assert_eq!(report.decisions, 1);
}

#[tokio::test]
async fn an_inferred_need_is_a_question_and_a_no_closes_the_topic() {
    let house = house(|_| {}).await;
    friend(&house.app, "c-1").await;
    let need = InferredNeed {
        client: id("c-1"),
        topic: "plan".parse().unwrap(),
        from: "usage".to_owned(),
        question: "Is the plan still the right size for you?".to_owned(),
    };
    house.app.infer_need(&lead(), need).await.unwrap();
    let page = house.app.client_page(&lead(), &id("c-1")).await.unwrap();
    let words = page.inferred[0].words.as_deref();
    assert_eq!(words, Some("Is the plan still the right size for you?"));
    assert!(page.stated.is_empty());
    let answer = NeedAnswer {
        client: id("c-1"),
        topic: "plan".parse().unwrap(),
        confirmed: false,
        words: None,
    };
    house.app.answer_need(&lead(), answer).await.unwrap();
    let ask = DecisionAsk::only(id("c-1"), action("plan_review"));
    let decided = house.app.decide_and_commit(&service(), ask).await.unwrap();
    assert_eq!(decided.suppressed.map(|stop| stop.code), Some(Code::TopicRefused));
}

#[tokio::test]
async fn a_fall_in_the_check_ins_raises_an_alert() {
    let house = house(|_| {}).await;
    house.app.add_client(&service(), person("c-1")).await.unwrap();
    let mut last = None;
    for level in [9, 9, 9, 9, 4] {
        house.clock.pass_minutes(7 * 24 * 60);
        let input = CheckInInput { client: id("c-1"), items: vec![Some(level); 4], words: None };
        last = house.app.check_in(&lead(), input).await.unwrap().alert;
    }
    let alert = last.unwrap();
    assert!(alert.reasons.iter().any(|it| it == "fall"), "{:?}", alert.reasons);
    assert!(!alert.words.ja.is_empty());
    assert_eq!(house.app.check_in_alerts(&lead()).await.unwrap().len(), 1);
    let bad = CheckInInput { client: id("c-1"), items: vec![Some(11)], words: None };
    assert_eq!(house.app.check_in(&lead(), bad).await.unwrap_err().status(), 422);
    assert_eq!(house.app.check_in_questions().len(), 4);
    let hand_ons = house.app.hand_ons(&lead(), PageAsk::default()).await.unwrap();
    assert!(hand_ons.items.is_empty());
}

#[tokio::test]
async fn what_was_received_and_goes_on_is_paid_for_once() {
    let house = house(|_| {}).await;
    for (name, benefit) in [("first", 0.1), ("second", 0.2)] {
        friend(&house.app, name).await;
        effect(&house, name, benefit).await;
    }
    let ask = DecisionAsk::only(id("first"), action("peaches"));
    let answer = house.app.decide_and_commit(&service(), ask).await.unwrap();
    house.app.carry_out(&lead(), &answer.decision.id).await.unwrap();
    let spent = house.app.capacity(&lead()).await.unwrap().spent_minor;
    let input = ReleaseInput {
        client: id("first"),
        action: action("peaches"),
        decision: Some(answer.decision.id),
        expires_at: Some("2026-06-05T18:00:00+09:00".parse().unwrap()),
    };
    let hand_on = house.app.release_help(&lead(), input).await.unwrap().hand_on;
    house.app.offer_hand_on(&lead(), &hand_on, &id("second")).await.unwrap();
    house.app.accept_hand_on(&lead(), &hand_on, &id("second")).await.unwrap();
    assert_eq!(left(&house).await, 11);
    assert_eq!(house.app.capacity(&lead()).await.unwrap().spent_minor, spent);
}

#[tokio::test]
async fn who_releases_what_is_kept_for_them_releases_that_unit() {
    let house = house(|_| {}).await;
    for (name, benefit) in [("first", 0.1), ("most", 0.3)] {
        friend(&house.app, name).await;
        effect(&house, name, benefit).await;
    }
    let ask = DecisionAsk::only(id("first"), action("peaches"));
    let answer = house.app.decide_and_commit(&service(), ask).await.unwrap();
    assert!(answer.reserved_until.is_some());
    assert_eq!(left(&house).await, 11);
    // Nobody at the desk knows the number of a decision.
    let input = ReleaseInput {
        client: id("first"),
        action: action("peaches"),
        decision: None,
        expires_at: None,
    };
    let hand_on = house.app.release_help(&lead(), input).await.unwrap().hand_on;
    house.app.offer_hand_on(&lead(), &hand_on, &id("most")).await.unwrap();
    house.app.accept_hand_on(&lead(), &hand_on, &id("most")).await.unwrap();
    assert_eq!(left(&house).await, 11, "one unit was there, and one was given");
}

#[tokio::test]
async fn landings_are_told_by_action_by_topic_and_by_week() {
    let house = house(|policy| policy.contact.caps.clear()).await;
    friend(&house.app, "c-1").await;
    let landed = |decision, name: &str, landing| LandingInput {
        client: id("c-1"),
        decision,
        action: Some(action(name)),
        landing,
        words: None,
    };
    let ask = DecisionAsk::only(id("c-1"), action("plan_review"));
    let answer = house.app.decide_and_commit(&service(), ask).await.unwrap();
    let decision = Some(answer.decision.id);
    let first = landed(decision.clone(), "plan_review", Landing::Nuisance);
    house.app.record_landing(&lead(), first).await.unwrap();
    house.app.record_landing(&lead(), landed(None, "listen", Landing::Neutral)).await.unwrap();
    // The next Monday, what was told on Wednesday is corrected: it leaves the week in which it was told.
    house.clock.set("2026-06-08T10:00:00+09:00".parse().unwrap());
    let again = landed(decision, "plan_review", Landing::Helped);
    house.app.record_landing(&lead(), again).await.unwrap();

    let report = house.app.landings_report(&lead()).await.unwrap();
    let topics: Vec<_> = report
        .topics
        .iter()
        .map(|row| (row.topic.as_ref().map(ToString::to_string), row.mismatch.estimate))
        .collect();
    assert_eq!(topics, [(None, Some(0.5)), (Some("plan".to_owned()), Some(0.0))]);
    let weeks: Vec<_> = report
        .weeks
        .iter()
        .map(|row| {
            (row.week.to_string(), row.counts.helped, row.counts.nuisance, row.counts.neutral)
        })
        .collect();
    assert_eq!(weeks, [("2026-06-01".to_owned(), 0, 0, 1), ("2026-06-08".to_owned(), 1, 0, 0)]);
    let told = report.rows.iter().map(|row| row.helped + row.neutral + row.nuisance);
    assert_eq!(told.sum::<u64>(), 2, "a correction counts once in each table");
}

#[tokio::test]
async fn what_was_given_stays_spent_counts_once_and_is_asked_after() {
    let house = house(|_| {}).await;
    friend(&house.app, "c-1").await;
    effect(&house, "c-1", 0.3).await;
    let ask = DecisionAsk::only(id("c-1"), action("peaches"));
    let answer = house.app.decide_and_commit(&lead(), ask).await.unwrap();
    let decision = answer.decision.id;
    let given = house.app.give(&lead(), &decision).await.unwrap();
    assert_eq!(given.state, "carried_out");
    let spent = house.app.capacity(&lead()).await.unwrap();
    // The reservation would have run out long ago.
    house.clock.pass_minutes(24 * 60);
    assert_eq!(house.app.sweep().await.unwrap().reservations, 0);
    let after = house.app.capacity(&lead()).await.unwrap();
    assert_eq!((left(&house).await, after.spent_minor), (11, spent.spent_minor));
    assert_eq!(spent.spent_minor, 3_000);

    let page = house.app.client_page(&lead(), &id("c-1")).await.unwrap();
    let reached = page.timeline.items.iter().filter(|row| row.kind == "attempted").count();
    assert_eq!((reached, page.reservations.len()), (1, 0));
    let told: Vec<_> = page.given.iter().map(|it| it.decision.clone()).collect();
    assert_eq!(told, std::slice::from_ref(&decision));
    let landed = LandingInput {
        client: id("c-1"),
        decision: Some(decision.clone()),
        action: None,
        landing: Landing::Helped,
        words: None,
    };
    house.app.record_landing(&lead(), landed).await.unwrap();
    let page = house.app.client_page(&lead(), &id("c-1")).await.unwrap();
    assert!(page.given.is_empty(), "it was told");
    let again = house.app.give(&lead(), &decision).await.unwrap_err();
    assert_eq!(again.code(), "decision.ended");
    let page = house.app.client_page(&lead(), &id("c-1")).await.unwrap();
    let reached = page.timeline.items.iter().filter(|row| row.kind == "attempted").count();
    assert_eq!(reached, 1, "what was refused left no half");
}
