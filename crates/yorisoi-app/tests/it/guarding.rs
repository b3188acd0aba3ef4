//! Does a "no" bind however it is said, and can nobody speak with the client's voice?

use std::collections::BTreeMap;

use yorisoi_app::{
    BatchItem, ConsentInput, DecisionAsk, InferredNeed, LandingInput, NeedAnswer, PolicyInput,
    RefusalInput, SegmentEvent, SegmentReport, WithdrawalInput,
};
use yorisoi_decision::{Code, ConsentKind, EffectFact, Policy};
use yorisoi_ledger::{Actor, Body, Landing, Source};

use crate::common::{
    House, action, agent, consent, friend, house, id, lead, policy, privacy, publish, second_lead,
    service,
};

fn refusal(topic: Option<&str>, channel: Option<&str>) -> RefusalInput {
    RefusalInput {
        client: id("c-1"),
        topic: topic.map(|topic| topic.parse().unwrap()),
        channel: channel.map(|channel| channel.parse().unwrap()),
        source: Source::Words,
        words: None,
    }
}

async fn stop(house: &House, name: &str) -> Option<Code> {
    let ask = DecisionAsk { dry: true, ..DecisionAsk::only(id("c-1"), action(name)) };
    let answer = house.app.decide_and_commit(&service(), ask).await.unwrap();
    answer.suppressed.map(|stop| stop.code)
}

async fn send(house: &House, text: &str) -> SegmentReport {
    let events: Vec<SegmentEvent> = serde_json::from_str(text).unwrap();
    house.app.take_segment(&service(), events).await.unwrap()
}

#[tokio::test]
async fn an_effect_beyond_all_measure_is_refused_and_poisons_nothing() {
    let house = house(|_| {}).await;
    friend(&house.app, "c-1").await;
    let huge = EffectFact { benefit: 1e308, low: 1e308, high: 1e308 };
    let effects = Some(BTreeMap::from([(action("points"), huge)]));
    let bad = DecisionAsk { effects, ..DecisionAsk::about(id("c-1")) };
    let before = house.app.verify_ledger(&lead()).await.unwrap().entries;
    let dry = DecisionAsk { dry: true, ..DecisionAsk::about(id("c-1")) };
    let asks = vec![bad.clone(), dry, DecisionAsk::about(id("c-1"))];
    let items = house.app.decide_batch(&service(), asks).await.unwrap();
    let codes: Vec<_> = items
        .iter()
        .map(|item| match item {
            BatchItem::Answer(answer) => answer.committed.to_string(),
            BatchItem::Problem { code, .. } => code.clone(),
        })
        .collect();
    assert_eq!(codes, ["input.invalid", "false", "true"]);
    let after = house.app.verify_ledger(&lead()).await.unwrap();
    assert!(after.faults.is_empty(), "{:?}", after.faults);
    assert_eq!(after.entries, before + 1);
    let error = house.app.decide_and_commit(&service(), bad).await.unwrap_err();
    assert_eq!(error.status(), 422);
    let answer = house.app.decide_and_commit(&service(), DecisionAsk::about(id("c-1"))).await;
    assert!(answer.unwrap().committed);
}

#[tokio::test]
async fn a_refusal_binds_in_every_spelling_and_what_would_bind_nothing_is_told() {
    let with_phone = |policy: &mut Policy| {
        for action in &mut policy.actions {
            if action.channel.as_ref().is_some_and(|it| it.as_str() == "call") {
                action.channel = Some("phone".parse().unwrap());
            }
        }
    };
    for (name, topic, channel, code) in [
        ("listen", None, Some("call"), Code::ChannelRefused),
        ("listen", None, Some("Phone"), Code::ChannelRefused),
        ("listen", None, Some("ｐｈｏｎｅ"), Code::ChannelRefused),
        ("points", None, Some("e-mail"), Code::ChannelRefused),
        ("plan_review", Some(" Plan"), None, Code::TopicRefused),
    ] {
        let house = house(with_phone).await;
        friend(&house.app, "c-1").await;
        assert_eq!(stop(&house, name).await, None);
        house.app.refuse(&service(), refusal(topic, channel)).await.unwrap();
        assert_eq!(stop(&house, name).await, Some(code), "{topic:?} {channel:?}");
        // The client's own act lifts it, however they say it.
        house.app.reopen(&service(), refusal(topic, channel)).await.unwrap();
        assert_eq!(stop(&house, name).await, None, "{topic:?} {channel:?}");
    }
    let house = house(with_phone).await;
    friend(&house.app, "c-1").await;
    for (topic, channel) in [(None, Some("fax")), (Some("キャリア"), None)] {
        let error = house.app.refuse(&service(), refusal(topic, channel)).await.unwrap_err();
        assert_eq!((error.status(), error.code()), (422, "input.invalid"));
    }
    let calls = house.app.channel_for_calls(&lead()).await.unwrap();
    assert_eq!(calls.unwrap().as_str(), "phone");
}

#[tokio::test]
async fn a_withdrawal_in_another_spelling_withdraws_and_a_no_to_a_question_binds() {
    let house = house(|_| {}).await;
    friend(&house.app, "c-1").await;
    let advise = ConsentInput {
        topic: Some("Plan".parse().unwrap()),
        ..consent("c-1", ConsentKind::Advise)
    };
    house.app.record_consent(&service(), advise).await.unwrap();
    let withdrawal = WithdrawalInput {
        client: id("c-1"),
        consent: ConsentKind::Advise,
        topic: Some("ＰＬＡＮ".parse().unwrap()),
        channel: None,
        source: Source::Words,
    };
    house.app.withdraw_consent(&service(), withdrawal).await.unwrap();
    assert_eq!(stop(&house, "plan_review").await, Some(Code::AdviseMissing));

    let need = |topic: &str| InferredNeed {
        client: id("c-1"),
        topic: topic.parse().unwrap(),
        from: "talk".to_owned(),
        question: "?".to_owned(),
    };
    let error = house.app.infer_need(&lead(), need("キャリア")).await.unwrap_err();
    assert!(error.to_string().contains("`career`"), "{error}");
    house.app.infer_need(&lead(), need("Career")).await.unwrap();
    let answer = NeedAnswer {
        client: id("c-1"),
        topic: "CAREER".parse().unwrap(),
        confirmed: false,
        words: None,
    };
    house.app.answer_need(&lead(), answer).await.unwrap();
    house.app.record_consent(&service(), consent("c-1", ConsentKind::Advise)).await.unwrap();
    assert_eq!(stop(&house, "career_advice").await, Some(Code::TopicRefused));
}

#[tokio::test]
async fn a_new_name_for_a_channel_lifts_no_refusal() {
    let house = house(|_| {}).await;
    friend(&house.app, "c-1").await;
    let renamed = |name: Option<&str>| {
        let mut policy = policy();
        for action in &mut policy.actions {
            if action.channel.as_ref().is_some_and(|it| it.as_str() == "visit") {
                action.channel = Some(name.unwrap_or("mail").parse().unwrap());
            }
        }
        policy.name.push_str(name.unwrap_or("none"));
        policy
    };
    house.app.refuse(&service(), refusal(None, Some("visit"))).await.unwrap();
    let input = PolicyInput {
        document: serde_json::to_string(&renamed(Some("doorstep"))).unwrap(),
        why: "test".to_owned(),
    };
    let draft = house.app.draft_policy(&lead(), input).await.unwrap().fingerprint;
    let error = house.app.publish_policy(&second_lead(), &draft).await.unwrap_err();
    assert_eq!((error.status(), error.code()), (422, "input.invalid"));
    assert!(error.to_string().contains("`visit`"), "{error}");
    // Another usual word for it is the same, and binds the same.
    publish(&house.app, &renamed(Some("訪問"))).await;
    assert_eq!(stop(&house, "peaches").await, Some(Code::ChannelRefused));
    // What is taken away without a successor lifts nothing; nor does the way back.
    publish(&house.app, &renamed(None)).await;
    house.app.roll_back_policy(&lead()).await.unwrap();
    assert_eq!(stop(&house, "peaches").await, Some(Code::ChannelRefused));
    // Nobody refuses it any more: the house may call it what it likes.
    house.app.reopen(&service(), refusal(None, Some("visit"))).await.unwrap();
    house.app.publish_policy(&second_lead(), &draft).await.unwrap();
    assert_eq!(stop(&house, "peaches").await, None);
}

#[tokio::test]
async fn an_older_yes_that_comes_late_lifts_no_newer_no() {
    let house = house(|_| {}).await;
    friend(&house.app, "c-1").await;
    house.clock.pass_minutes(10);
    house.app.refuse(&service(), refusal(None, None)).await.unwrap();
    let withdrawal = WithdrawalInput {
        client: id("c-1"),
        consent: ConsentKind::Talk,
        topic: None,
        channel: None,
        source: Source::Words,
    };
    house.app.withdraw_consent(&service(), withdrawal).await.unwrap();
    house.clock.pass_minutes(5);
    let late = r#"[
        {"type": "track", "messageId": "m1", "userId": "c-1", "event": "Reopened",
         "timestamp": "2026-06-03T10:05:00+09:00"},
        {"type": "track", "messageId": "m2", "userId": "c-1", "event": "Consent Granted",
         "properties": {"consent": "talk"}, "timestamp": "2026-06-03T10:05:00+09:00"}]"#;
    let report = send(&house, late).await;
    assert_eq!((report.taken, report.faults.len()), (0, 2), "{report:?}");
    let page = house.app.client_page(&lead(), &id("c-1")).await.unwrap();
    assert_eq!((page.refusals.len(), page.consents.len()), (1, 1));
    // What the client says now counts now, and nothing counts from the future.
    let now = late.replace("10:05", "11:59").replace("m1", "n1").replace("m2", "n2");
    assert_eq!(send(&house, &now).await.taken, 2);
    let page = house.app.client_page(&lead(), &id("c-1")).await.unwrap();
    assert_eq!((page.refusals.len(), page.consents.len()), (0, 2));
    assert!(house.app.verify_ledger(&lead()).await.unwrap().faults.is_empty());
}

#[tokio::test]
async fn only_the_houses_programs_bring_the_clients_voice() {
    let house = house(|_| {}).await;
    friend(&house.app, "c-1").await;
    for who in [agent("tokyo", "aoi"), lead(), privacy()] {
        let error = house.app.take_segment(&who, Vec::new()).await.unwrap_err();
        assert_eq!(error.status(), 403);
    }
    let client = yorisoi_app::ClientInput {
        team: Some("tokyo".parse().unwrap()),
        ..crate::common::person("c-2")
    };
    house.app.add_client(&service(), client).await.unwrap();
    let aoi = agent("tokyo", "aoi");
    let input = yorisoi_app::LetGoInput {
        client: id("c-2"),
        reason: None,
        effective_on: None,
        keeps: Vec::new(),
        loses: Vec::new(),
        door_open: false,
    };
    house.app.let_go(&aoi, input).await.unwrap();
    house.app.record_return(&aoi, &id("c-2")).await.unwrap();
    let log = house.app.audit(&privacy(), yorisoi_app::AuditAsk::default()).await.unwrap();
    let returned = log.items.iter().find(|row| row.body == Body::Returned {}).unwrap();
    assert_eq!(returned.actor, aoi.actor());
    assert!(!log.items.iter().any(|row| row.actor == Actor::Client));
}

#[tokio::test]
async fn a_landing_is_told_of_the_clients_own_decision_and_its_own_action() {
    let house = house(|policy| policy.contact.caps.clear()).await;
    friend(&house.app, "c-1").await;
    friend(&house.app, "c-2").await;
    let ask = DecisionAsk::only(id("c-1"), action("plan_review"));
    let answer = house.app.decide_and_commit(&service(), ask).await.unwrap();
    let decision = answer.decision.id;
    let landed = |client: &str, decision: Option<&str>, name: Option<&str>| LandingInput {
        client: id(client),
        decision: decision.map(|it| it.parse().unwrap()),
        action: name.map(action),
        landing: Landing::Nuisance,
        words: None,
    };
    let own = Some(decision.as_str());
    house.app.record_landing(&lead(), landed("c-1", own, None)).await.unwrap();
    for (told, status) in [
        (landed("c-1", own, Some("points")), 422),
        (landed("c-2", own, None), 422),
        (landed("c-1", Some("d-none"), None), 404),
        (landed("c-1", None, Some("made-up")), 404),
    ] {
        let error = house.app.record_landing(&lead(), told.clone()).await.unwrap_err();
        assert_eq!(error.status(), status, "{told:?}");
    }
    let event = |n: u32, client: &str, more: &str| {
        format!(
            r#"{{"type": "track", "messageId": "m{n}", "userId": "{client}", "event": "Landed",
                "properties": {{"landing": "neutral"{more}}}}}"#
        )
    };
    let of = |decision: &str| format!(r#", "decision": "{decision}""#);
    let all = [
        event(1, "c-2", &of(decision.as_str())),
        event(2, "c-1", &of("d-none")),
        event(3, "c-1", r#", "action": "made-up""#),
        event(4, "c-1", &format!(r#"{}, "action": "points""#, of(decision.as_str()))),
    ];
    let report = send(&house, &format!("[{}]", all.join(","))).await;
    assert_eq!((report.taken, report.faults.len()), (0, 4), "{report:?}");
    let rows = house.app.landings_report(&lead()).await.unwrap().rows;
    let told: Vec<_> = rows.iter().filter(|row| row.nuisance + row.neutral > 0).collect();
    assert_eq!((told.len(), told[0].nuisance, told[0].neutral), (1, 1, 0));
}

#[tokio::test]
async fn one_programs_messages_are_not_anothers() {
    let house = house(|_| {}).await;
    friend(&house.app, "c-1").await;
    let event = r#"[{"type": "track", "messageId": "m1", "userId": "c-1", "event": "Outcome Seen",
        "properties": {"value": VALUE}}]"#;
    let events = |value: &str| serde_json::from_str(&event.replace("VALUE", value)).unwrap();
    let other = crate::common::caller("other", yorisoi_app::Role::Service);
    assert_eq!(house.app.take_segment(&service(), events("1")).await.unwrap().taken, 1);
    assert_eq!(house.app.take_segment(&other, events("0")).await.unwrap().taken, 1);
    assert_eq!(house.app.take_segment(&other, events("0")).await.unwrap().repeated, 1);
    // Neither a name that cannot be written nor a number beyond measure is taken.
    let odd = event.replace("m1", "m\\u0000").replace("VALUE", "1");
    let report = send(&house, &odd).await;
    assert_eq!(report.faults.len(), 1);
    let huge = event.replace("m1", "m2").replace("VALUE", "1e300");
    assert_eq!(send(&house, &huge).await.faults.len(), 1);
}
