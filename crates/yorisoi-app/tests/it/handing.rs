//! Is one unit one unit, and an offer an offer, when help changes hands?

use std::collections::BTreeMap;

use yorisoi_app::{
    AuditAsk, DecisionAsk, EffectsInput, LandingInput, Once, OutcomeInput, PageAsk, ReleaseInput,
};
use yorisoi_decision::{ActionKind, Code, DecisionId, EffectFact, ExitState};
use yorisoi_ledger::{Body, Landing, LedgerError};

use crate::common::{House, action, friend, house, id, lead, privacy, service};

async fn four(house: &House) {
    for (name, benefit) in [("first", 0.1), ("second", 0.2), ("third", 0.3), ("fourth", 0.3)] {
        friend(&house.app, name).await;
        let fact = EffectFact { benefit, low: benefit - 0.02, high: benefit + 0.02 };
        let effects = BTreeMap::from([(action("peaches"), fact)]);
        let input = EffectsInput { client: id(name), effects };
        house.app.give_effects(&service(), input).await.unwrap();
    }
}

async fn reserved(house: &House, client: &str) -> DecisionId {
    let ask = DecisionAsk::only(id(client), action("peaches"));
    let answer = house.app.decide_and_commit(&service(), ask).await.unwrap();
    assert!(answer.reserved_until.is_some(), "{:?}", answer.suppressed);
    answer.decision.id
}

fn release(client: &str, decision: &DecisionId) -> ReleaseInput {
    let (client, decision) = (id(client), Some(decision.clone()));
    ReleaseInput { client, action: action("peaches"), decision, expires_at: None }
}

async fn state_of(house: &House, input: ReleaseInput) -> String {
    let error = house.app.release_help(&lead(), input).await.unwrap_err();
    assert_eq!(error.status(), 409, "{error}");
    error.to_string()
}

#[tokio::test]
async fn one_unit_is_released_once_and_not_when_it_is_back_in_supply() {
    let house = house(|_| {}).await;
    four(&house).await;
    let given = reserved(&house, "first").await;
    house.app.carry_out(&service(), &given).await.unwrap();
    house.app.release_help(&lead(), release("first", &given)).await.unwrap();
    assert!(state_of(&house, release("first", &given)).await.contains("released"));

    let back = reserved(&house, "second").await;
    house.app.give_back(&service(), &back).await.unwrap();
    assert!(state_of(&house, release("second", &back)).await.contains("given_back"));
    let late = reserved(&house, "third").await;
    house.clock.pass_minutes(241);
    // Whether or not anybody has swept it up: it is in supply again.
    assert!(state_of(&house, release("third", &late)).await.contains("expired"));
    house.app.sweep().await.unwrap();
    assert!(state_of(&house, release("third", &late)).await.contains("expired"));
}

#[tokio::test]
async fn to_one_who_is_leaving_a_hand_on_is_the_one_offer_and_a_stop_leaves_its_trace() {
    let house = house(|policy| policy.contact.caps.clear()).await;
    four(&house).await;
    let mut hand_ons = Vec::new();
    for client in ["first", "second"] {
        let decision = reserved(&house, client).await;
        let released = house.app.release_help(&lead(), release(client, &decision)).await.unwrap();
        hand_ons.push(released.hand_on);
    }
    house.app.request_exit(&lead(), &id("third")).await.unwrap();
    house.app.offer_hand_on(&lead(), &hand_ons[0], &id("third")).await.unwrap();
    let exit = house.app.exit(&lead(), &id("third")).await.unwrap();
    assert_eq!(exit.state, ExitState::Offered);
    house.app.decline_hand_on(&lead(), &hand_ons[0], &id("third")).await.unwrap();

    let stopped = || async {
        let app = house.app.once(Once::new("key", b"body"));
        let error = app.offer_hand_on(&lead(), &hand_ons[1], &id("third")).await.unwrap_err();
        assert!(
            matches!(error, yorisoi_app::AppError::Stopped { code: Code::ExitOffered, .. }),
            "{error}"
        );
    };
    stopped().await;
    // Sent again under the same key it is the same answer, and no second attempt.
    stopped().await;
    let ask = AuditAsk { kind: Some("suppressed".to_owned()), ..AuditAsk::default() };
    let traces = house.app.audit(&privacy(), ask).await.unwrap().items;
    assert_eq!(traces.len(), 1);
    assert!(matches!(traces[0].body, Body::Suppressed { code: Code::ExitOffered, .. }));
    // What was stopped is a decision like any other, with every candidate and its chance.
    let ask = AuditAsk { kind: Some("decided".to_owned()), ..AuditAsk::default() };
    let decided = house.app.audit(&privacy(), ask).await.unwrap().items;
    let is_hold = |body: &Body| {
        matches!(body, Body::Decided { decision, .. }
            if decision.client == id("third") && decision.choice.kind == ActionKind::Hold)
    };
    assert_eq!(decided.iter().filter(|entry| is_hold(&entry.body)).count(), 1);
    // Its own giver is not asked either, and that is told too.
    let error = house.app.offer_hand_on(&lead(), &hand_ons[1], &id("second")).await.unwrap_err();
    assert!(matches!(error, yorisoi_app::AppError::Stopped { code: Code::Released, .. }));
    let ask = AuditAsk { kind: Some("suppressed".to_owned()), ..AuditAsk::default() };
    assert_eq!(house.app.audit(&privacy(), ask).await.unwrap().items.len(), 2);
}

#[tokio::test]
async fn hand_ons_are_listed_page_by_page_whatever_ends_in_between() {
    let house = house(|policy| policy.contact.caps.clear()).await;
    four(&house).await;
    let mut all = Vec::new();
    for client in ["first", "second", "third"] {
        let decision = reserved(&house, client).await;
        let mut input = release(client, &decision);
        let end = format!("2026-06-0{}T18:00:00+09:00", 4 + all.len());
        input.expires_at = Some(end.parse().unwrap());
        all.push(house.app.release_help(&lead(), input).await.unwrap().hand_on);
    }
    let page = |cursor| PageAsk { cursor, limit: Some(1) };
    let first = house.app.hand_ons(&lead(), page(None)).await.unwrap();
    assert_eq!(first.items[0].hand_on, all[0]);
    house.app.offer_hand_on(&lead(), &all[0], &id("fourth")).await.unwrap();
    house.app.accept_hand_on(&lead(), &all[0], &id("fourth")).await.unwrap();
    let second = house.app.hand_ons(&lead(), page(first.next)).await.unwrap();
    assert_eq!(second.items[0].hand_on, all[1]);
    let third = house.app.hand_ons(&lead(), page(second.next)).await.unwrap();
    assert_eq!((third.items[0].hand_on.as_str(), third.next), (all[2].as_str(), None));
}

/// What became of the giver says what the offer did that they did not want, what became of the receiver what it did
/// in the end: each has a decision of their own.
#[tokio::test]
async fn after_a_hand_on_what_became_of_both_counts_for_each_of_them() {
    let house = house(|policy| policy.contact.caps.clear()).await;
    four(&house).await;
    let kept = reserved(&house, "first").await;
    let released = house.app.release_help(&lead(), release("first", &kept)).await.unwrap();
    let hand_on = released.hand_on;
    let offered = house.app.offer_hand_on(&lead(), &hand_on, &id("third")).await.unwrap();
    house.app.accept_hand_on(&lead(), &hand_on, &id("third")).await.unwrap();
    let offer = offered.decision.unwrap();
    let landed = LandingInput {
        client: id("third"),
        decision: Some(offer.clone()),
        action: None,
        landing: Landing::Helped,
        words: None,
    };
    house.app.record_landing(&lead(), landed).await.unwrap();
    for (client, value) in [("first", 1.0), ("third", 0.0)] {
        let input = OutcomeInput { client: id(client), outcome: None, value, at: None };
        house.app.record_outcome(&service(), input).await.unwrap();
    }
    let state = async |decision: &DecisionId| {
        let known = house.app.decision(&service(), decision).await.unwrap();
        (known.state, known.landing)
    };
    assert_eq!(state(&kept).await, ("given_back".to_owned(), None));
    assert_eq!(state(&offer).await, ("carried_out".to_owned(), Some(Landing::Helped)));
    let (learned, units) = house
        .app
        .ledger()
        .read::<_, LedgerError, _>(|books| {
            Ok((books.actions_by("stayed")?.learned, books.proof_units(0, 10)?))
        })
        .await
        .unwrap();
    let peaches = learned[&action("peaches")];
    assert_eq!((peaches.n, peaches.sum), (2, 1.0));
    let unit = |name: &str| {
        let unit = units.iter().find(|unit| unit.unit == name).unwrap();
        (unit.helps, unit.treated, unit.outcomes["stayed"].sum)
    };
    assert_eq!((unit("first"), unit("third")), ((1, false, 1.0), (1, true, 0.0)));
}
