//! Does a "no" reach what was promised before it?

use std::collections::BTreeMap;

use yorisoi_app::{
    AttemptInput, ClientInput, DecisionAsk, DeliveryInput, InferredNeed, LetGoInput, MergeInput,
    NeedAnswer, RefusalInput, ReleaseInput, SegmentEvent, WithdrawalInput,
};
use yorisoi_decision::{
    Attribute, Code, ConsentKind, DecisionId, EffectFact, ExitState, HouseholdId, Initiative,
};
use yorisoi_ledger::Source;

use crate::common::{House, action, friend, house, id, lead, person, service};

/// A house without caps: what stops somebody here is what they said.
async fn open_house() -> House {
    house(|policy| policy.contact.caps.clear()).await
}

fn ask(client: &str, name: &str) -> DecisionAsk {
    let sure = EffectFact { benefit: 0.5, low: 0.4, high: 0.6 };
    let effects = Some(BTreeMap::from([(action(name), sure)]));
    DecisionAsk { effects, ..DecisionAsk::only(id(client), action(name)) }
}

async fn reserved(house: &House, asked: DecisionAsk) -> DecisionId {
    let answer = house.app.decide_and_commit(&service(), asked).await.unwrap();
    assert!(answer.reserved_until.is_some(), "{:?}", answer.suppressed);
    answer.decision.id
}

async fn state(house: &House, decision: &DecisionId) -> String {
    house.app.decision(&service(), decision).await.unwrap().state
}

/// Units, minutes and money that are taken.
async fn taken(house: &House) -> (u64, u64, i64) {
    let capacity = house.app.capacity(&lead()).await.unwrap();
    let peaches = capacity.supply.iter().find(|row| row.action == action("peaches")).unwrap();
    (peaches.used, capacity.minutes_used, capacity.spent_minor)
}

fn refusal(client: &str, topic: Option<&str>, channel: Option<&str>) -> RefusalInput {
    RefusalInput {
        client: id(client),
        topic: topic.map(|topic| topic.parse().unwrap()),
        channel: channel.map(|channel| channel.parse().unwrap()),
        source: Source::Words,
        words: None,
    }
}

async fn send(house: &House, event: &str) {
    let text = format!(
        r#"[{{"type": "track", "messageId": "m1", "userId": "c-1", "event": "{event}",
            "properties": {{"channel": "visit", "consent": "talk"}}}}]"#
    );
    let events: Vec<SegmentEvent> = serde_json::from_str(&text).unwrap();
    assert_eq!(house.app.take_segment(&service(), events).await.unwrap().taken, 1);
}

const NOES: [&str; 11] = [
    "everything",
    "topic",
    "channel",
    "talk",
    "advise",
    "need",
    "decided",
    "let go",
    "released",
    "Refused",
    "Consent Withdrawn",
];

/// Says no to a box of peaches, in one of the ways there are.
async fn say(house: &House, how: &str) {
    let (app, service) = (&house.app, service());
    let withdrawal = |consent| WithdrawalInput {
        client: id("c-1"),
        consent,
        topic: None,
        channel: None,
        source: Source::Words,
    };
    match how {
        "everything" => drop(app.refuse(&service, refusal("c-1", None, None)).await.unwrap()),
        "topic" => drop(app.refuse(&service, refusal("c-1", Some("gift"), None)).await.unwrap()),
        "channel" => drop(app.refuse(&service, refusal("c-1", None, Some("visit"))).await.unwrap()),
        "talk" => {
            drop(app.withdraw_consent(&service, withdrawal(ConsentKind::Talk)).await.unwrap());
        }
        "advise" => {
            drop(app.withdraw_consent(&service, withdrawal(ConsentKind::Advise)).await.unwrap());
        }
        "need" => say_no_to_a_need(house).await,
        "decided" => {
            app.request_exit(&service, &id("c-1")).await.unwrap();
            app.decide_exit(&service, &id("c-1"), None).await.unwrap();
        }
        "let go" => {
            let input = LetGoInput {
                client: id("c-1"),
                reason: None,
                effective_on: None,
                keeps: Vec::new(),
                loses: Vec::new(),
                door_open: true,
            };
            app.let_go(&service, input).await.unwrap();
        }
        "released" => {
            // One box went on; the client hears no more of the other.
            let other = reserved(house, ask("c-1", "peaches")).await;
            let (client, decision) = (id("c-1"), Some(other));
            let input =
                ReleaseInput { client, action: action("peaches"), decision, expires_at: None };
            app.release_help(&service, input).await.unwrap();
        }
        event => send(house, event).await,
    }
}

async fn say_no_to_a_need(house: &House) {
    let (client, topic) = (id("c-1"), "gift".parse().unwrap());
    let need = InferredNeed {
        client: client.clone(),
        topic,
        from: "talk".to_owned(),
        question: "?".to_owned(),
    };
    house.app.infer_need(&service(), need).await.unwrap();
    let topic = "gift".parse().unwrap();
    let answer = NeedAnswer { client, topic, confirmed: false, words: None };
    house.app.answer_need(&service(), answer).await.unwrap();
}

#[tokio::test]
async fn what_was_kept_before_a_no_ends_with_it_and_frees_what_it_kept() {
    for how in NOES {
        let house = open_house().await;
        friend(&house.app, "c-1").await;
        let gift = reserved(&house, ask("c-1", "peaches")).await;
        assert_eq!(taken(&house).await, (1, 10, 3_000), "{how}");
        say(&house, how).await;
        assert_eq!(state(&house, &gift).await, "given_back", "{how}");
        let page = house.app.client_page(&lead(), &id("c-1")).await.unwrap();
        assert_eq!(page.reservations.len(), 0, "{how}");
        // The box that goes on stays taken, and it alone.
        let kept = if how == "released" { (1, 0, 3_000) } else { (0, 0, 0) };
        assert_eq!(taken(&house).await, kept, "{how}");
    }
}

#[tokio::test]
async fn what_a_no_ended_cannot_be_given_but_what_happened_can_be_told() {
    let house = open_house().await;
    friend(&house.app, "c-1").await;
    let gift = reserved(&house, ask("c-1", "peaches")).await;
    say(&house, "channel").await;
    let delivered = DeliveryInput { decision: gift.clone(), channel: None, at: None };
    let errors = [
        house.app.give(&lead(), &gift).await.unwrap_err(),
        house.app.carry_out(&lead(), &gift).await.unwrap_err(),
        house.app.record_delivery(&lead(), delivered).await.unwrap_err(),
    ];
    for error in errors {
        assert_eq!((error.status(), error.code()), (409, "decision.ended"));
    }
    let contacts =
        async || house.app.client_page(&lead(), &id("c-1")).await.unwrap().timeline.items;
    let is_attempt = |kind: &str| kind == "attempted";
    assert!(!contacts().await.iter().any(|row| is_attempt(&row.kind)), "no half of it stays");
    // Somebody rang the bell before they heard of it: that is a contact, and counts.
    let attempt = AttemptInput {
        client: id("c-1"),
        decision: Some(gift),
        action: action("peaches"),
        channel: None,
        reached: true,
    };
    house.app.record_attempt(&lead(), attempt).await.unwrap();
    assert_eq!(contacts().await.iter().filter(|row| is_attempt(&row.kind)).count(), 1);
}

#[tokio::test]
async fn what_the_client_did_not_refuse_is_kept_and_so_is_what_is_owed() {
    let house = open_house().await;
    friend(&house.app, "c-1").await;
    let attributes = BTreeMap::from([("renewal_due".to_owned(), Attribute::Flag(true))]);
    let due = ClientInput { attributes, ..ClientInput::default() };
    house.app.change_client(&service(), &id("c-1"), due, None).await.unwrap();
    let gift = reserved(&house, ask("c-1", "peaches")).await;
    let call = reserved(&house, ask("c-1", "plan_review")).await;
    let notice = reserved(&house, ask("c-1", "renewal_notice")).await;
    house.app.refuse(&service(), refusal("c-1", Some("gift"), None)).await.unwrap();
    let states = async || {
        [state(&house, &gift).await, state(&house, &call).await, state(&house, &notice).await]
    };
    assert_eq!(states().await, ["given_back", "reserved", "reserved"]);
    // A service message is owed, whatever was said.
    say(&house, "everything").await;
    say(&house, "let go").await;
    assert_eq!(states().await, ["given_back", "given_back", "reserved"]);
    house.app.give(&lead(), &notice).await.unwrap();
}

#[tokio::test]
async fn a_place_under_the_caps_is_free_again() {
    let house = house(|_| {}).await;
    friend(&house.app, "c-1").await;
    for _ in 0..2 {
        reserved(&house, ask("c-1", "peaches")).await;
    }
    let dry = || DecisionAsk { dry: true, ..ask("c-1", "plan_review") };
    let full = house.app.decide_and_commit(&service(), dry()).await.unwrap();
    assert_eq!(full.suppressed.map(|stop| stop.code), Some(Code::PersonCap));
    say(&house, "topic").await;
    let free = house.app.decide_and_commit(&service(), dry()).await.unwrap();
    assert_eq!(free.suppressed, None);
}

#[tokio::test]
async fn a_no_binds_the_person_under_every_name_and_nobody_else_of_the_household() {
    let house = open_house().await;
    let household = Some(HouseholdId::new("h-1").unwrap());
    for name in ["c-1", "c-2", "c-3"] {
        friend(&house.app, name).await;
        let input = ClientInput { household: household.clone(), ..ClientInput::default() };
        house.app.change_client(&service(), &id(name), input, None).await.unwrap();
    }
    let own = reserved(&house, ask("c-1", "peaches")).await;
    let other = reserved(&house, ask("c-2", "peaches")).await;
    let call = reserved(&house, ask("c-3", "plan_review")).await;
    // The same person had refused visits under another name.
    house.app.refuse(&service(), refusal("c-3", None, Some("visit"))).await.unwrap();
    assert_eq!(state(&house, &own).await, "reserved");
    let merge = MergeInput { keep: id("c-1"), from: id("c-3") };
    house.app.merge_clients(&service(), merge).await.unwrap();
    assert_eq!(state(&house, &own).await, "given_back");
    assert_eq!(state(&house, &call).await, "reserved");
    house.app.refuse(&service(), refusal("c-3", Some("plan"), None)).await.unwrap();
    assert_eq!(state(&house, &call).await, "given_back");
    assert_eq!(state(&house, &other).await, "reserved");
}

#[tokio::test]
async fn the_one_offer_on_the_way_out_stays_until_they_have_decided_and_no_other_does() {
    let house = open_house().await;
    friend(&house.app, "c-1").await;
    let before = reserved(&house, ask("c-1", "plan_review")).await;
    house.app.request_exit(&lead(), &id("c-1")).await.unwrap();
    assert_eq!(state(&house, &before).await, "reserved");
    let offer = reserved(&house, ask("c-1", "peaches")).await;
    let exit = house.app.exit(&lead(), &id("c-1")).await.unwrap();
    assert_eq!(exit.state, ExitState::Offered);
    assert_eq!(state(&house, &before).await, "given_back");
    assert_eq!(state(&house, &offer).await, "reserved");
    house.app.refuse(&service(), refusal("c-1", None, Some("call"))).await.unwrap();
    assert_eq!(state(&house, &offer).await, "reserved");
    house.app.decide_exit(&lead(), &id("c-1"), None).await.unwrap();
    assert_eq!(state(&house, &offer).await, "given_back");
}

#[tokio::test]
async fn asking_for_permission_stays_possible_where_it_was() {
    let house = open_house().await;
    for name in ["first", "caller"] {
        house.app.add_client(&service(), person(name)).await.unwrap();
    }
    // Somebody nobody ever contacted, and somebody who was, and called.
    let first = reserved(&house, ask("first", "ask_permission")).await;
    let attempt = AttemptInput {
        client: id("caller"),
        decision: None,
        action: action("listen"),
        channel: None,
        reached: true,
    };
    house.app.record_attempt(&lead(), attempt).await.unwrap();
    let began = DecisionAsk { initiative: Initiative::Clients, ..ask("caller", "ask_permission") };
    let called = reserved(&house, began).await;
    for (name, decision) in [("first", &first), ("caller", &called)] {
        house.app.refuse(&service(), refusal(name, None, Some("visit"))).await.unwrap();
        assert_eq!(state(&house, decision).await, "reserved", "{name}");
        house.app.refuse(&service(), refusal(name, None, Some("mail"))).await.unwrap();
        assert_eq!(state(&house, decision).await, "given_back", "{name}");
    }
}

#[tokio::test]
async fn a_unit_that_was_offered_to_them_is_free_for_somebody_else() {
    let house = open_house().await;
    for (name, benefit) in [("giver", 0.1), ("c-1", 0.3), ("next", 0.2)] {
        friend(&house.app, name).await;
        let fact = EffectFact { benefit, low: benefit - 0.02, high: benefit + 0.02 };
        let effects = BTreeMap::from([(action("peaches"), fact)]);
        let input = yorisoi_app::EffectsInput { client: id(name), effects };
        house.app.give_effects(&service(), input).await.unwrap();
    }
    let kept = reserved(&house, ask("giver", "peaches")).await;
    let (client, decision) = (id("giver"), Some(kept));
    let input = ReleaseInput { client, action: action("peaches"), decision, expires_at: None };
    let hand_on = house.app.release_help(&lead(), input).await.unwrap().hand_on;
    let offered = house.app.offer_hand_on(&lead(), &hand_on, &id("c-1")).await.unwrap();
    say(&house, "topic").await;
    let free = house.app.hand_on(&lead(), &hand_on).await.unwrap();
    assert_eq!((free.state.as_str(), free.to), ("released", None));
    assert_eq!(free.declined, [id("c-1")]);
    assert_eq!(state(&house, &offered.decision.unwrap()).await, "given_back");
    let error = house.app.accept_hand_on(&lead(), &hand_on, &id("c-1")).await.unwrap_err();
    assert_eq!((error.status(), error.code()), (409, "hand_on.state"));
    house.app.offer_hand_on(&lead(), &hand_on, &id("next")).await.unwrap();
    house.app.accept_hand_on(&lead(), &hand_on, &id("next")).await.unwrap();
    assert_eq!(taken(&house).await.0, 1, "one unit was there, and one was given");
}
