//! Is what was kept for somebody, and what is known of them, kept as it was promised?

use std::collections::BTreeMap;
use std::sync::Arc;

use yorisoi_app::{
    App, AppError, ClientInput, Clock, CountedIds, DecisionAsk, MergeInput, Once, OutcomeInput,
    PageAsk, RefusalInput, Role, Settings, TokenInput,
};
use yorisoi_decision::{Attribute, Busy, HoldoutArm, TeamId};
use yorisoi_ledger::Source;

use crate::common::{
    House, action, agent, caller, friend, house, id, lead, person, privacy, service,
};

async fn arm(house: &House, client: &str) -> HoldoutArm {
    let ask = DecisionAsk::about(id(client));
    house.app.decide_and_commit(&service(), ask).await.unwrap().decision.holdout
}

#[tokio::test]
async fn whoever_was_dealt_an_arm_keeps_it_over_a_move_and_a_merge() {
    let house = house(|policy| policy.holdout.share = 0.5).await;
    let mut arms = BTreeMap::new();
    for n in 0..24 {
        let name = format!("c-{n}");
        house.app.add_client(&service(), person(&name)).await.unwrap();
        arms.insert(name.clone(), arm(&house, &name).await);
    }
    let held = arms.values().filter(|arm| **arm == HoldoutArm::HeldOut).count();
    assert!((1..24).contains(&held), "{held}");
    for (name, dealt) in &arms {
        for n in 0..3 {
            let household = Some(format!("h-{name}-{n}").parse().unwrap());
            let input = ClientInput { household, ..ClientInput::default() };
            house.app.change_client(&service(), &id(name), input, None).await.unwrap();
            assert_eq!(arm(&house, name).await, *dealt, "{name} after move {n}");
        }
    }
    // A record that nobody decided about takes over the arm of the one that is merged into it.
    for (n, (name, dealt)) in arms.iter().enumerate() {
        let keep = format!("new-{n}");
        house.app.add_client(&service(), person(&keep)).await.unwrap();
        let merge = MergeInput { keep: id(&keep), from: id(name) };
        house.app.merge_clients(&service(), merge).await.unwrap();
        assert_eq!(arm(&house, &keep).await, *dealt, "{name} into {keep}");
    }
    // Every decision can still be made again from what it looked at.
    let replayed = house.app.replay_log(&crate::common::analyst()).await.unwrap();
    assert!(replayed.different.is_empty(), "{replayed:?}");
}

#[tokio::test]
async fn what_ran_out_is_not_carried_out_though_nobody_swept_it_up() {
    let house = house(|policy| {
        for cap in &mut policy.contact.caps {
            cap.max = Some(1);
        }
    })
    .await;
    friend(&house.app, "c-1").await;
    let sure = yorisoi_decision::EffectFact { benefit: 0.5, low: 0.4, high: 0.6 };
    let effects = BTreeMap::from([(action("plan_review"), sure)]);
    let ask = || DecisionAsk {
        effects: Some(effects.clone()),
        ..DecisionAsk::only(id("c-1"), action("plan_review"))
    };
    let first = house.app.decide_and_commit(&service(), ask()).await.unwrap();
    assert!(first.reserved_until.is_some());
    house.clock.pass_minutes(240);
    let second = house.app.decide_and_commit(&service(), ask()).await.unwrap();
    assert!(second.reserved_until.is_some(), "{:?}", second.suppressed);
    let error = house.app.carry_out(&service(), &first.decision.id).await.unwrap_err();
    assert!(
        matches!(&error, AppError::DecisionEnded { state, .. } if state == "expired"),
        "{error}"
    );
    house.app.carry_out(&service(), &second.decision.id).await.unwrap();
}

#[tokio::test]
async fn an_erased_person_comes_back_under_no_address_however_it_is_written() {
    let house = house(|_| {}).await;
    let addresses = [("mail", "Hanako@Example.com"), ("call", "090-1234-5678")];
    let addresses = addresses.map(|(channel, it)| (channel.to_owned(), it.to_owned())).into();
    let input = ClientInput { addresses, aliases: vec!["CRM-1".to_owned()], ..person("c-1") };
    house.app.add_client(&service(), input).await.unwrap();
    house.app.add_client(&service(), person("wife")).await.unwrap();
    let refusal = RefusalInput {
        client: id("c-1"),
        topic: None,
        channel: None,
        source: Source::Words,
        words: None,
    };
    house.app.refuse(&service(), refusal).await.unwrap();
    house.app.erase_person(&privacy(), &id("c-1")).await.unwrap();
    let csv = "client,address.mail,address.call,alias\n\
               c-900,hanako@example.com,,\n\
               c-901,,+81-90-1234-5678,\n\
               c-902,,０９０１２３４５６７８,\n\
               c-903,,,ＣＲＭ－１\n\
               c-904,,,HANAKO@EXAMPLE.COM\n\
               c-905,taro@example.com,090-0000-0000,crm-2\n";
    let report = house.app.import_clients(&service(), csv.into()).await.unwrap();
    assert_eq!((report.kept_erased, report.added), (5, 1), "{report:?}");
    let mail = |it: &str| BTreeMap::from([("mail".to_owned(), it.to_owned())]);
    let again = ClientInput { addresses: mail(" hanako@example.com"), ..ClientInput::default() };
    let error = house.app.add_client(&service(), again.clone()).await.unwrap_err();
    assert_eq!(error.status(), 422, "{error}");
    // Whoever is known already may share an address, as a family shares a telephone (for what follows see `quieted`).
    house.app.change_client(&service(), &id("wife"), again, None).await.unwrap();
}

#[tokio::test]
async fn an_erasure_reaches_the_answers_that_are_kept_to_be_given_again() {
    let house = house(|_| {}).await;
    let app = house.app.once(Once::new("k", b"body"));
    let input = ClientInput { name: Some("CANARY".to_owned()), ..person("c-1") };
    let first = app.add_client(&lead(), input.clone()).await.unwrap();
    assert_eq!(first.name.as_deref(), Some("CANARY"));
    house.app.erase_person(&privacy(), &id("c-1")).await.unwrap();
    let error = app.add_client(&lead(), input).await.unwrap_err();
    assert!(!format!("{error:?}").contains("CANARY"), "{error:?}");
}

#[tokio::test]
async fn two_tokens_keys_never_meet() {
    let house = house(|_| {}).await;
    let (a, ab) = (caller("a", Role::Service), caller("a/b", Role::Service));
    let mine = house.app.once(Once::new("b/c", b"body"));
    let theirs = house.app.once(Once::new("c", b"another body"));
    let first = mine.add_client(&a, ClientInput::default()).await.unwrap();
    let second = theirs.add_client(&ab, ClientInput::default()).await.unwrap();
    assert_ne!(first.client, second.client);
}

#[tokio::test]
async fn outcomes_are_written_down_by_nobody_who_is_credited_with_them() {
    let house = house(|_| {}).await;
    let team = Some(TeamId::new("tokyo").unwrap());
    house.app.add_client(&service(), ClientInput { team, ..person("c-1") }).await.unwrap();
    let outcome = |value| OutcomeInput { client: id("c-1"), outcome: None, value, at: None };
    let error = house.app.record_outcome(&agent("tokyo", "aoi"), outcome(1.0)).await.unwrap_err();
    assert_eq!(error.status(), 403);
    for value in [1e300, -1e13, f64::NAN, f64::INFINITY] {
        let error = house.app.record_outcome(&service(), outcome(value)).await.unwrap_err();
        assert_eq!(error.status(), 422, "{value}");
    }
    house.app.record_outcome(&lead(), outcome(1.0)).await.unwrap();
}

#[tokio::test]
async fn a_team_sees_its_own_open_exits_however_many_wait_elsewhere() {
    let house = house(|_| {}).await;
    for n in 0..300 {
        let team = if n % 50 == 49 { "tokyo" } else { "osaka" };
        let team = Some(TeamId::new(team).unwrap());
        let name = format!("c-{n:03}");
        house.app.add_client(&service(), ClientInput { team, ..person(&name) }).await.unwrap();
        house.app.request_exit(&lead(), &id(&name)).await.unwrap();
    }
    let aoi = agent("tokyo", "aoi");
    let page = |cursor| PageAsk { cursor, limit: Some(4) };
    let first = house.app.open_exits(&aoi, page(None)).await.unwrap();
    let names = |page: &yorisoi_app::Page<yorisoi_app::ExitView>| -> Vec<String> {
        page.items.iter().map(|exit| exit.client.to_string()).collect()
    };
    assert_eq!(names(&first), ["c-049", "c-099", "c-149", "c-199"]);
    // One who was seen leaves the list, and nobody behind them is skipped.
    house.app.abandon_exit(&aoi, &id("c-049")).await.unwrap();
    let second = house.app.open_exits(&aoi, page(first.next)).await.unwrap();
    assert_eq!((names(&second), second.next), (vec!["c-249".into(), "c-299".into()], None));
    for cursor in ["18446744073709551615", "9223372036854775807", "x.y", ""] {
        let error = house.app.open_exits(&aoi, page(Some(cursor.to_owned()))).await.unwrap_err();
        assert_eq!(error.status(), 422, "{cursor}");
    }
}

#[tokio::test]
async fn who_asks_to_leave_anew_has_heard_the_one_offer() {
    let house = house(|policy| policy.contact.caps.clear()).await;
    friend(&house.app, "c-1").await;
    house.app.request_exit(&lead(), &id("c-1")).await.unwrap();
    let ask = || DecisionAsk::only(id("c-1"), action("plan_review"));
    let first = house.app.decide_and_commit(&service(), ask()).await.unwrap();
    assert_eq!(first.suppressed, None);
    house.app.abandon_exit(&lead(), &id("c-1")).await.unwrap();
    house.clock.pass_minutes(24 * 60);
    let exit = house.app.request_exit(&lead(), &id("c-1")).await.unwrap();
    assert_eq!(exit.state, yorisoi_decision::ExitState::Offered);
    let second = house.app.decide_and_commit(&service(), ask()).await.unwrap();
    assert_eq!(second.suppressed.map(|stop| stop.code), Some(yorisoi_decision::Code::ExitOffered));
    // After a season it is another time.
    house.app.abandon_exit(&lead(), &id("c-1")).await.unwrap();
    house.clock.pass_minutes(91 * 24 * 60);
    let exit = house.app.request_exit(&lead(), &id("c-1")).await.unwrap();
    assert_eq!(exit.state, yorisoi_decision::ExitState::Requested);
}

#[tokio::test]
async fn what_every_decision_carries_has_bounds() {
    let house = house(|_| {}).await;
    friend(&house.app, "c-1").await;
    let some = |from: usize, n: usize| ClientInput {
        attributes: (from..from + n).map(|k| (format!("a{k}"), Attribute::Flag(true))).collect(),
        ..ClientInput::default()
    };
    house.app.change_client(&service(), &id("c-1"), some(0, 256), None).await.unwrap();
    house.app.change_client(&service(), &id("c-1"), some(0, 256), None).await.unwrap();
    for input in [some(256, 1), some(0, 257)] {
        let error = house.app.change_client(&service(), &id("c-1"), input, None).await.unwrap_err();
        assert_eq!(error.status(), 422);
    }
    let span = Busy::Once {
        from: "2026-06-03T10:00:00+09:00".parse().unwrap(),
        until: "2026-06-03T11:00:00+09:00".parse().unwrap(),
    };
    let input = yorisoi_app::BusyInput { client: id("c-1"), busy: vec![span; 257] };
    assert_eq!(house.app.set_busy(&service(), input).await.unwrap_err().status(), 422);
}

#[tokio::test]
async fn a_session_that_was_ended_does_not_live_on() {
    let house = house(|_| {}).await;
    let input = TokenInput { token: "desk".to_owned(), role: Role::Lead, team: None, agent: None };
    let secret = house.app.issue_token(&privacy(), input).await.unwrap().secret;
    let session = house.app.open_session(&secret).await.unwrap();
    house.clock.pass_minutes(30);
    // Whoever looks while somebody signs out: the two meet at the writer in either order.
    // The look begins before the end of the session and would make it last longer after it.
    let secret = &session.secret;
    let (_, ended) = tokio::join!(house.app.session(secret), house.app.close_session(secret));
    ended.unwrap();
    let after = house.app.session(secret).await;
    assert!(matches!(after, Err(AppError::Unauthenticated)), "{after:?}");
}

#[tokio::test]
async fn whose_token_was_revoked_is_remembered_at_no_door() {
    let house = house(|_| {}).await;
    let issue = async |name: &str| {
        let (token, role) = (name.to_owned(), Role::Service);
        let input = TokenInput { token, role, team: None, agent: None };
        house.app.issue_token(&privacy(), input).await.unwrap().secret
    };
    let (shop, old) = (issue("shop").await, issue("old").await);
    let clock: Arc<dyn Clock> = house.clock.clone();
    let (ledger, ids) = (house.app.ledger().clone(), Arc::new(CountedIds::default()));
    let here = App::new(ledger, clock, ids, Settings::default());
    for secret in [&shop, &old] {
        assert_eq!(here.last_known(secret), None, "nobody came yet");
        here.authenticate(secret).await.unwrap();
    }
    // Revoked at another node; here it is heard of when the token is used, and from then on.
    house.app.revoke_token(&privacy(), "old").await.unwrap();
    house.clock.pass_minutes(1);
    assert!(here.last_known(&old).is_some());
    assert_eq!(here.authenticate(&old).await.unwrap_err(), AppError::Unauthenticated);
    assert_eq!(here.last_known(&old), None);
    assert_eq!(here.last_known(&shop).map(|caller| caller.token).as_deref(), Some("shop"));
    house.clock.pass_minutes(14);
    assert_eq!(here.last_known(&shop), None, "a quarter of an hour is long enough");
}
