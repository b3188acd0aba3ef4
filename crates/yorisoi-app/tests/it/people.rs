//! Are people known once, asked for consent, exported whole and forgotten for good?

use yorisoi_app::{
    ClientFind, ClientInput, DecisionAsk, MergeInput, NoteInput, Once, PageAsk, RefusalInput,
    StatedNeed, WithdrawalInput,
};
use yorisoi_decision::{ActionKind, ClientId, Code, ConsentKind};
use yorisoi_ledger::Source;

use crate::common::{action, agent, consent, friend, house, id, lead, person, privacy, service};

fn refusal(client: &str, channel: Option<&str>, source: Source) -> RefusalInput {
    RefusalInput {
        client: id(client),
        topic: None,
        channel: channel.map(|channel| channel.parse().unwrap()),
        source,
        words: Some("もう電話しないで".to_owned()),
    }
}

#[tokio::test]
async fn with_talk_only_there_is_no_advice_and_a_withdrawal_binds_at_once() {
    let house = house(|_| {}).await;
    house.app.add_client(&service(), person("c-1")).await.unwrap();
    house.app.record_consent(&service(), consent("c-1", ConsentKind::Talk)).await.unwrap();
    let ask = DecisionAsk { dry: true, ..DecisionAsk::about(id("c-1")) };
    for _ in 0..5 {
        let kind = house.app.decide_and_commit(&service(), ask.clone()).await.unwrap();
        let kind = kind.decision.choice.kind;
        assert!(!matches!(kind, ActionKind::Offer | ActionKind::Advise), "{kind:?}");
    }
    house.app.record_consent(&service(), consent("c-1", ConsentKind::Advise)).await.unwrap();
    let advice = DecisionAsk { dry: true, ..DecisionAsk::only(id("c-1"), action("plan_review")) };
    let open = house.app.decide_and_commit(&service(), advice.clone()).await.unwrap();
    assert_eq!(open.suppressed, None);
    let withdrawal = WithdrawalInput {
        client: id("c-1"),
        consent: ConsentKind::Advise,
        topic: None,
        channel: None,
        source: Source::Words,
    };
    house.app.withdraw_consent(&service(), withdrawal).await.unwrap();
    let closed = house.app.decide_and_commit(&service(), advice).await.unwrap();
    assert_eq!(closed.suppressed.map(|stop| stop.code), Some(Code::AdviseMissing));
}

#[tokio::test]
async fn a_refusal_outlives_changes_imports_and_erasure_and_only_the_client_lifts_it() {
    let house = house(|_| {}).await;
    friend(&house.app, "c-1").await;
    let call = DecisionAsk { dry: true, ..DecisionAsk::only(id("c-1"), action("listen")) };
    house.app.refuse(&service(), refusal("c-1", Some("call"), Source::Words)).await.unwrap();
    let stopped = |answer: yorisoi_app::DecisionAnswer| answer.suppressed.map(|stop| stop.code);

    let csv = "client,name,address.call,alias\nc-1,新しい 名前,090-0000-0000,crm-1\n";
    house.app.import_clients(&service(), csv.into()).await.unwrap();
    let answer = house.app.decide_and_commit(&service(), call.clone()).await.unwrap();
    assert_eq!(stopped(answer), Some(Code::ChannelRefused));

    let error = house
        .app
        .reopen(&service(), refusal("c-1", Some("call"), Source::Import))
        .await
        .unwrap_err();
    assert_eq!(error.status(), 422);
    house.app.reopen(&service(), refusal("c-1", Some("call"), Source::Words)).await.unwrap();
    let answer = house.app.decide_and_commit(&service(), call).await.unwrap();
    assert_ne!(stopped(answer), Some(Code::ChannelRefused));
}

#[tokio::test]
async fn an_import_twice_changes_once_and_names_its_faults() {
    let house = house(|_| {}).await;
    let csv = "client,name,zone,value_minor,age,alias\n\
               c-1,山田 花子,Asia/Tokyo,1200,41,crm-1\n\
               c-2,Emma,Mars/Base,1,20,crm-2\n\
               c-3,Noah,Asia/Tokyo,much,30,crm-3\n";
    let first = house.app.import_clients(&service(), csv.into()).await.unwrap();
    assert_eq!((first.rows, first.added, first.faults.len()), (3, 1, 2));
    assert_eq!(first.faults.iter().map(|it| it.line).collect::<Vec<_>>(), [3, 4]);
    let second = house.app.import_clients(&service(), csv.into()).await.unwrap();
    assert_eq!((second.added, second.changed, second.same), (0, 0, 1));
    // The same person under the other system's name is no new one.
    let other = "alias,age\ncrm-1,42\n";
    let third = house.app.import_clients(&service(), other.into()).await.unwrap();
    assert_eq!((third.added, third.changed), (0, 1));
}

#[tokio::test]
async fn who_changes_what_somebody_else_changed_is_told() {
    let house = house(|_| {}).await;
    let view = house.app.add_client(&service(), person("c-1")).await.unwrap();
    let change = |name: &str| ClientInput { name: Some(name.to_owned()), ..ClientInput::default() };
    let first = house
        .app
        .change_client(&lead(), &id("c-1"), change("A"), Some(view.version))
        .await
        .unwrap();
    assert!(first.version > view.version);
    let error = house
        .app
        .change_client(&lead(), &id("c-1"), change("B"), Some(view.version))
        .await
        .unwrap_err();
    assert_eq!((error.status(), error.code()), (412, "changed"));
    let taken = house.app.add_client(&service(), person("c-1")).await.unwrap_err();
    assert_eq!(taken.status(), 409);
}

#[tokio::test]
async fn an_export_holds_every_row_about_a_person() {
    let house = house(|_| {}).await;
    friend(&house.app, "c-1").await;
    friend(&house.app, "c-2").await;
    let canary = |n: u32| format!("CANARY-{n}");
    let note =
        |client: &str, n| NoteInput { client: id(client), text: canary(n), confidential: true };
    house.app.add_note(&lead(), note("c-1", 1)).await.unwrap();
    house.app.add_note(&lead(), note("c-2", 2)).await.unwrap();
    let need = StatedNeed { client: id("c-1"), topic: "plan".parse().unwrap(), words: canary(3) };
    house.app.state_need(&lead(), need).await.unwrap();
    let attributes =
        std::iter::once(("place".to_owned(), yorisoi_decision::Attribute::Text(canary(4))))
            .collect();
    let input = ClientInput { attributes, ..ClientInput::default() };
    house.app.change_client(&lead(), &id("c-1"), input, None).await.unwrap();
    house.app.decide_and_commit(&service(), DecisionAsk::about(id("c-1"))).await.unwrap();
    let merge = MergeInput { keep: id("c-1"), from: id("c-2") };
    house.app.merge_clients(&service(), merge).await.unwrap();

    let export = house.app.export_person(&privacy(), &id("c-2")).await.unwrap();
    assert_eq!((export.client.as_str(), export.merged.len()), ("c-1", 1));
    let text = serde_json::to_string(&export).unwrap();
    for n in 1..=4 {
        assert!(text.contains(&canary(n)), "{n}");
    }
    // Rows of both records, without a gap: each entry about either is there once.
    let mut after = yorisoi_app::AuditAsk {
        page: PageAsk { cursor: None, limit: Some(200) },
        ..yorisoi_app::AuditAsk::default()
    };
    let mut about = 0;
    loop {
        let page = house.app.audit(&privacy(), after.clone()).await.unwrap();
        let is_theirs = |row: &&yorisoi_app::AuditRow| {
            matches!(row.client.as_ref().map(ClientId::as_str), Some("c-1" | "c-2"))
        };
        about += page.items.iter().filter(is_theirs).count();
        match page.next {
            Some(next) => after.page.cursor = Some(next),
            None => break,
        }
    }
    assert_eq!(export.entries.len(), about);
}

#[tokio::test]
async fn who_is_erased_stays_erased_and_in_peace() {
    let house = house(|_| {}).await;
    let input = ClientInput { aliases: vec!["crm-1".to_owned()], ..person("c-1") };
    house.app.add_client(&service(), input).await.unwrap();
    house.app.record_consent(&service(), consent("c-1", ConsentKind::Talk)).await.unwrap();
    house.app.decide_and_commit(&service(), DecisionAsk::about(id("c-1"))).await.unwrap();
    house.app.erase_person(&privacy(), &id("c-1")).await.unwrap();
    let again = house.app.erase_person(&privacy(), &id("c-1")).await.unwrap_err();
    assert_eq!((again.status(), again.code()), (410, "client.erased"));

    let csv = "client,alias,name\nc-9,crm-1,山田 花子\n";
    let report = house.app.import_clients(&service(), csv.into()).await.unwrap();
    assert_eq!((report.kept_erased, report.added), (1, 0));
    for name in ["c-1", "crm-1"] {
        let answer =
            house.app.decide_and_commit(&service(), DecisionAsk::about(id(name))).await.unwrap();
        assert_eq!(
            answer.decision.hold.map(|hold| hold.code),
            Some(Code::IdentityErased),
            "{name}"
        );
    }
    // The name by which they were asked about does not come back into the chain.
    let log = house.app.audit(&privacy(), yorisoi_app::AuditAsk::default()).await.unwrap();
    assert!(!serde_json::to_string(&log).unwrap().contains("crm-1"));
    let page = house.app.find_clients(&lead(), ClientFind::default()).await.unwrap();
    assert!(page.items.is_empty());
    // What was decided can no longer be made again, and that is said.
    let replayed = house.app.replay_log(&crate::common::analyst()).await.unwrap();
    assert!(replayed.erased >= 1 && replayed.different.is_empty(), "{replayed:?}");
}

#[tokio::test]
async fn people_are_found_by_part_of_a_name_page_by_page() {
    let house = house(|_| {}).await;
    for n in 0..7 {
        let name = Some(format!("山田 {n}"));
        let input = ClientInput { name, ..person(&format!("c-{n}")) };
        house.app.add_client(&service(), input).await.unwrap();
    }
    house.app.add_client(&service(), person("other")).await.unwrap();
    let mut find = ClientFind {
        text: Some("山田".to_owned()),
        page: PageAsk { cursor: None, limit: Some(3) },
        ..ClientFind::default()
    };
    let mut seen = Vec::new();
    loop {
        let page = house.app.find_clients(&lead(), find.clone()).await.unwrap();
        seen.extend(page.items.into_iter().map(|it| it.client.to_string()));
        match page.next {
            Some(next) => find.page.cursor = Some(next),
            None => break,
        }
    }
    assert_eq!(seen, ["c-0", "c-1", "c-2", "c-3", "c-4", "c-5", "c-6"]);
}

#[tokio::test]
async fn confidential_notes_are_for_their_author_and_every_look_is_recorded() {
    let house = house(|_| {}).await;
    let (aoi, ken) = (agent("tokyo", "aoi"), agent("tokyo", "ken"));
    house.app.add_client(&aoi, person("c-1")).await.unwrap();
    let note = |confidential, text: &str| NoteInput {
        client: id("c-1"),
        text: text.to_owned(),
        confidential,
    };
    house.app.add_note(&aoi, note(true, "SECRET")).await.unwrap();
    house.app.add_note(&aoi, note(false, "OPEN")).await.unwrap();
    let texts = |page: yorisoi_app::ClientPage| -> Vec<String> {
        page.timeline.items.into_iter().filter_map(|row| row.text).collect()
    };
    let seen = texts(house.app.client_page(&ken, &id("c-1")).await.unwrap());
    assert_eq!(seen, ["OPEN"]);
    let seen = texts(house.app.client_page(&aoi, &id("c-1")).await.unwrap());
    assert_eq!(seen, ["OPEN", "SECRET"]);
    let looks = || async {
        let ask = yorisoi_app::AuditAsk {
            kind: Some("looked".to_owned()),
            ..yorisoi_app::AuditAsk::default()
        };
        house.app.audit(&privacy(), ask).await.unwrap().items
    };
    let first = looks().await;
    assert_eq!(first.len(), 2);
    assert_eq!(first[0].actor, ken.actor());
    // A page that stays open and is drawn again is one look; after ten minutes it is another.
    house.clock.pass_minutes(9);
    house.app.client_page(&ken, &id("c-1")).await.unwrap();
    assert_eq!(looks().await.len(), 2);
    house.clock.pass_minutes(2);
    house.app.client_page(&ken, &id("c-1")).await.unwrap();
    assert_eq!(looks().await.len(), 3);
    // An export is always written down.
    for n in [4, 5] {
        house.app.export_person(&privacy(), &id("c-1")).await.unwrap();
        assert_eq!(looks().await.len(), n);
    }
}

#[tokio::test]
async fn however_often_somebody_is_looked_at_what_happened_is_still_shown() {
    let house = house(|_| {}).await;
    let lead = lead();
    house.app.add_client(&lead, person("c-1")).await.unwrap();
    for look in 0..70 {
        if look == 2 {
            let note = NoteInput {
                client: id("c-1"),
                text: "the one thing that matters".to_owned(),
                confidential: false,
            };
            house.app.add_note(&lead, note).await.unwrap();
        }
        house.clock.pass_minutes(11);
        house.app.client_page(&lead, &id("c-1")).await.unwrap();
    }
    let page = house.app.client_page(&lead, &id("c-1")).await.unwrap().timeline;
    assert!(page.items.iter().any(|row| row.text.is_some()), "{:?}", page.items);
    assert!(page.items.iter().all(|row| row.kind != "looked"));
    assert_eq!(page.next, None, "there is nothing earlier");
}

#[tokio::test]
async fn a_remembered_answer_covers_recording_too() {
    let house = house(|_| {}).await;
    let app = house.app.once(Once::new("k", b"body"));
    let first = app.add_client(&service(), ClientInput::default()).await.unwrap();
    let again = app.add_client(&service(), ClientInput::default()).await.unwrap();
    assert_eq!(first, again);
    let page = house.app.find_clients(&lead(), ClientFind::default()).await.unwrap();
    assert_eq!(page.items.len(), 1);
}
