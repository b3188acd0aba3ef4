//! Is what was truly delivered told and counted, whatever was said since, and does it open no way to anything new?

use std::collections::BTreeMap;

use jiff::Timestamp;
use yorisoi_app::{
    AppError, AttemptInput, AuditAsk, DecisionAsk, DeliveryInput, EffectsInput, LandingInput,
    RefusalInput, ReleaseInput,
};
use yorisoi_decision::{ActionKind, Code, DecisionId, EffectFact, ExitState};
use yorisoi_ledger::{Actor, Body, DeliveredWhen, Landing, LedgerError, ProofUnit, Source};

use crate::common::{House, NOW, action, friend, house, id, lead, privacy, service};

async fn open_house() -> House {
    let house = house(|policy| policy.contact.caps.clear()).await;
    friend(&house.app, "c-1").await;
    house
}

fn ask(client: &str) -> DecisionAsk {
    let sure = EffectFact { benefit: 0.5, low: 0.4, high: 0.6 };
    let effects = Some(BTreeMap::from([(action("peaches"), sure)]));
    DecisionAsk { effects, ..DecisionAsk::only(id(client), action("peaches")) }
}

async fn reserved(house: &House, client: &str) -> DecisionId {
    let answer = house.app.decide_and_commit(&service(), ask(client)).await.unwrap();
    assert!(answer.reserved_until.is_some(), "{:?}", answer.suppressed);
    answer.decision.id
}

async fn refuse(house: &House) {
    let input = RefusalInput {
        client: id("c-1"),
        topic: Some("gift".parse().unwrap()),
        channel: None,
        source: Source::Words,
        words: None,
    };
    house.app.refuse(&service(), input).await.unwrap();
}

/// Minutes after ten in the morning.
fn minute(minutes: i64) -> Timestamp {
    NOW.parse::<Timestamp>().unwrap() + jiff::SignedDuration::from_mins(minutes)
}

async fn deliver(house: &House, decision: &DecisionId, at: Option<i64>) -> Result<(), AppError> {
    let input = DeliveryInput { decision: decision.clone(), channel: None, at: at.map(minute) };
    house.app.record_delivery(&lead(), input).await.map(drop)
}

async fn state(house: &House, decision: &DecisionId) -> (String, Option<Landing>) {
    let known = house.app.decision(&service(), decision).await.unwrap();
    (known.state, known.landing)
}

/// Units, minutes and money that are taken.
async fn taken(house: &House) -> (u64, u64, i64) {
    let capacity = house.app.capacity(&lead()).await.unwrap();
    let peaches = capacity.supply.iter().find(|row| row.action == action("peaches")).unwrap();
    (peaches.used, capacity.minutes_used, capacity.spent_minor)
}

async fn unit(house: &House, name: &str) -> ProofUnit {
    let ledger = house.app.ledger();
    let read = ledger.read::<_, LedgerError, _>(|books| books.proof_units(0, 100)).await;
    read.unwrap().into_iter().find(|unit| unit.unit == name).unwrap()
}

/// Entries of a kind, the oldest first.
async fn entries(house: &House, kind: &str) -> Vec<(Actor, Body)> {
    let ask = AuditAsk { kind: Some(kind.to_owned()), ..AuditAsk::default() };
    let mut found = house.app.audit(&privacy(), ask).await.unwrap().items;
    found.sort_by_key(|entry| entry.seq);
    found.into_iter().map(|entry| (entry.actor, entry.body)).collect()
}

async fn when(house: &House) -> Option<DeliveredWhen> {
    match entries(house, "delivered").await.pop() {
        Some((_, Body::Delivered { late, .. })) => late.map(|late| late.when),
        _ => None,
    }
}

#[tokio::test]
async fn what_was_delivered_before_the_no_is_told_after_it_with_its_time() {
    let house = open_house().await;
    let gift = reserved(&house, "c-1").await;
    house.clock.pass_minutes(5);
    let attempt = AttemptInput {
        client: id("c-1"),
        decision: Some(gift.clone()),
        action: action("peaches"),
        channel: None,
        reached: true,
    };
    house.app.record_attempt(&lead(), attempt).await.unwrap();
    house.clock.pass_minutes(5);
    refuse(&house).await;
    assert_eq!(taken(&house).await, (0, 0, 0));
    house.clock.pass_minutes(30);
    // Nothing new can be done with it, and without its time nobody knows when it happened.
    for error in [
        house.app.give(&lead(), &gift).await.unwrap_err(),
        house.app.carry_out(&lead(), &gift).await.unwrap_err(),
        deliver(&house, &gift, None).await.unwrap_err(),
    ] {
        assert_eq!((error.status(), error.code()), (409, "decision.ended"));
    }
    deliver(&house, &gift, Some(6)).await.unwrap();
    assert_eq!(when(&house).await, Some(DeliveredWhen::WhileKept));
    assert_eq!(state(&house, &gift).await, ("carried_out".to_owned(), None));
    assert_eq!(taken(&house).await, (1, 10, 3_000), "the box is gone, and was paid for");
    let unit = unit(&house, "c-1").await;
    assert_eq!((unit.treated, unit.cost_minor, unit.minutes, unit.nuisances), (true, 3_000, 10, 0));
    let twice = deliver(&house, &gift, Some(6)).await.unwrap_err();
    assert_eq!((twice.status(), twice.code()), (409, "decision.ended"));
    // How it landed is told as of any other, and the refusal stands.
    let landed = LandingInput {
        client: id("c-1"),
        decision: Some(gift.clone()),
        action: None,
        landing: Landing::Nuisance,
        words: None,
    };
    house.app.record_landing(&lead(), landed).await.unwrap();
    assert_eq!(crate::delivered::unit(&house, "c-1").await.nuisances, 1);
    let again = house.app.decide_and_commit(&service(), ask("c-1")).await.unwrap();
    assert_eq!(again.suppressed.map(|stop| stop.code), Some(Code::TopicRefused));
    let contacts = house.app.client_page(&lead(), &id("c-1")).await.unwrap().timeline.items;
    assert_eq!(contacts.iter().filter(|row| row.kind == "attempted").count(), 1);
    assert_eq!(contacts.iter().filter(|row| row.kind == "delivered").count(), 1);
}

#[tokio::test]
async fn what_was_delivered_after_the_no_is_told_so_and_is_a_nuisance_until_they_say_otherwise() {
    let house = open_house().await;
    let gift = reserved(&house, "c-1").await;
    house.clock.pass_minutes(10);
    refuse(&house).await;
    house.clock.pass_minutes(30);
    deliver(&house, &gift, Some(20)).await.unwrap();
    assert_eq!(when(&house).await, Some(DeliveredWhen::AfterNo));
    let nuisance = Some(Landing::Nuisance);
    assert_eq!(state(&house, &gift).await, ("carried_out".to_owned(), nuisance));
    let landings = entries(&house, "landed").await;
    assert!(matches!(&landings[..], [(Actor::House, Body::Landed { .. })]), "{landings:?}");
    assert_eq!(unit(&house, "c-1").await.nuisances, 1);
    let rows = house.app.landings_report(&lead()).await.unwrap().rows;
    let peaches = rows.iter().find(|row| row.action == action("peaches")).unwrap();
    assert_eq!(peaches.nuisance, 1);
    let headline = &house.app.client_page(&lead(), &id("c-1")).await.unwrap().timeline.items;
    let told = headline.iter().find(|row| row.kind == "delivered").unwrap();
    assert!(told.headline.en.contains("after they had said no"), "{:?}", told.headline);
    assert!(told.headline.ja.contains("お断りのあと"), "{:?}", told.headline);
    // Their own word counts.
    let landed = LandingInput {
        client: id("c-1"),
        decision: Some(gift.clone()),
        action: None,
        landing: Landing::Helped,
        words: None,
    };
    house.app.record_landing(&lead(), landed).await.unwrap();
    assert_eq!(unit(&house, "c-1").await.nuisances, 0);
}

#[tokio::test]
async fn what_was_delivered_in_time_or_late_is_told_apart_though_nobody_had_said_no() {
    let house = open_house().await;
    let swept = reserved(&house, "c-1").await;
    let unswept = reserved(&house, "c-1").await;
    let back = reserved(&house, "c-1").await;
    house.clock.pass_minutes(60);
    house.app.give_back(&service(), &back).await.unwrap();
    house.clock.pass_minutes(200);
    // Kept for four hours; nobody has swept anything up yet.
    deliver(&house, &unswept, Some(250)).await.unwrap();
    assert_eq!(when(&house).await, Some(DeliveredWhen::AfterEnd));
    house.app.sweep().await.unwrap();
    assert_eq!(state(&house, &swept).await.0, "expired");
    deliver(&house, &swept, Some(239)).await.unwrap();
    assert_eq!(when(&house).await, Some(DeliveredWhen::WhileKept));
    // Given back by somebody's hand, refused later, and delivered between the two: no "no" had been said.
    house.clock.pass_minutes(100);
    refuse(&house).await;
    deliver(&house, &back, Some(300)).await.unwrap();
    assert_eq!(when(&house).await, Some(DeliveredWhen::AfterEnd));
    assert_eq!(taken(&house).await, (3, 30, 9_000));
    assert_eq!(unit(&house, "c-1").await.nuisances, 0);
    assert!(entries(&house, "landed").await.is_empty());
}

#[tokio::test]
async fn more_may_have_gone_than_there_was_and_then_nothing_more_is_given() {
    let house = house(|policy| {
        policy.contact.caps.clear();
        let peaches = policy.actions.iter_mut().find(|it| it.id == action("peaches")).unwrap();
        peaches.supply = Some(1);
    })
    .await;
    for name in ["c-1", "c-2", "c-3"] {
        friend(&house.app, name).await;
    }
    let first = reserved(&house, "c-1").await;
    refuse(&house).await;
    let second = reserved(&house, "c-2").await;
    house.app.carry_out(&service(), &second).await.unwrap();
    house.clock.pass_minutes(10);
    deliver(&house, &first, Some(5)).await.unwrap();
    assert_eq!(taken(&house).await.0, 2, "two boxes are gone, whatever the books had");
    let none = house.app.decide_and_commit(&service(), ask("c-3")).await.unwrap();
    assert_eq!(none.suppressed.map(|stop| stop.code), Some(Code::NoSupply));
    assert_eq!(none.decision.choice.kind, ActionKind::Hold);
}

#[tokio::test]
async fn a_delivery_lies_between_its_decision_and_now_and_is_of_a_unit_that_stayed() {
    let house = open_house().await;
    house.clock.pass_minutes(10);
    let gift = reserved(&house, "c-1").await;
    refuse(&house).await;
    for wrong in [9, 11] {
        let error = deliver(&house, &gift, Some(wrong)).await.unwrap_err();
        assert_eq!((error.status(), error.code()), (422, "input.invalid"), "{wrong}");
    }
    let quiet = DecisionAsk { only: Some(vec![action("hold")]), ..ask("c-1") };
    let held = house.app.decide_and_commit(&service(), quiet).await.unwrap().decision.id;
    let input = DeliveryInput {
        decision: held,
        channel: Some("visit".parse().unwrap()),
        at: Some(minute(10)),
    };
    let error = house.app.record_delivery(&lead(), input).await.unwrap_err();
    assert_eq!(error.code(), "decision.ended", "who was left in peace was given nothing");

    friend(&house.app, "c-2").await;
    let other = reserved(&house, "c-2").await;
    let input = ReleaseInput {
        client: id("c-2"),
        action: action("peaches"),
        decision: Some(other.clone()),
        expires_at: None,
    };
    house.app.release_help(&lead(), input).await.unwrap();
    let error = deliver(&house, &other, Some(10)).await.unwrap_err();
    assert!(error.to_string().contains("released"), "{error}");
}

#[tokio::test]
async fn a_delivery_that_is_told_at_once_may_have_its_time_too() {
    let house = open_house().await;
    let gift = reserved(&house, "c-1").await;
    house.clock.pass_minutes(30);
    deliver(&house, &gift, Some(7)).await.unwrap();
    assert_eq!((when(&house).await, state(&house, &gift).await.0.as_str()), (None, "carried_out"));
    let client = id("c-1");
    let ledger = house.app.ledger();
    let known = ledger.read::<_, LedgerError, _>(move |books| books.client(&client)).await;
    let contacts = known.unwrap().unwrap().facts.contacts;
    assert_eq!(contacts.iter().map(|it| it.at).collect::<Vec<_>>(), [minute(7)]);
}

/// Peaches that one released, offered to `c-1`, who then says no to gifts.
async fn offered_and_refused(house: &House) -> (String, DecisionId) {
    for (name, benefit) in [("giver", 0.1), ("c-1", 0.3), ("next", 0.2)] {
        friend(&house.app, name).await;
        let fact = EffectFact { benefit, low: benefit - 0.02, high: benefit + 0.02 };
        let effects = BTreeMap::from([(action("peaches"), fact)]);
        let input = EffectsInput { client: id(name), effects };
        house.app.give_effects(&service(), input).await.unwrap();
    }
    let kept = reserved(house, "giver").await;
    let (client, decision) = (id("giver"), Some(kept));
    let input = ReleaseInput { client, action: action("peaches"), decision, expires_at: None };
    let hand_on = house.app.release_help(&lead(), input).await.unwrap().hand_on;
    let offered = house.app.offer_hand_on(&lead(), &hand_on, &id("c-1")).await.unwrap();
    house.clock.pass_minutes(10);
    refuse(house).await;
    (hand_on, offered.decision.unwrap())
}

#[tokio::test]
async fn a_unit_that_was_being_handed_on_is_theirs_if_it_was_delivered_and_still_there() {
    let house = house(|policy| policy.contact.caps.clear()).await;
    let (hand_on, offer) = offered_and_refused(&house).await;
    deliver(&house, &offer, Some(5)).await.unwrap();
    let known = house.app.hand_on(&lead(), &hand_on).await.unwrap();
    assert_eq!((known.state.as_str(), known.to), ("accepted", Some(id("c-1"))));
    assert_eq!(taken(&house).await, (1, 10, 3_000), "one box was there, and one is gone");
    let cost = [unit(&house, "giver").await.cost_minor, unit(&house, "c-1").await.cost_minor];
    assert_eq!(cost, [0, 3_000]);
}

#[tokio::test]
async fn a_unit_that_somebody_else_has_by_now_is_a_second_one() {
    let house = house(|policy| policy.contact.caps.clear()).await;
    let (hand_on, offer) = offered_and_refused(&house).await;
    house.app.offer_hand_on(&lead(), &hand_on, &id("next")).await.unwrap();
    house.app.accept_hand_on(&lead(), &hand_on, &id("next")).await.unwrap();
    deliver(&house, &offer, Some(5)).await.unwrap();
    let known = house.app.hand_on(&lead(), &hand_on).await.unwrap();
    assert_eq!(known.to, Some(id("next")));
    assert_eq!(taken(&house).await, (2, 20, 6_000));
    let cost = [unit(&house, "next").await.cost_minor, unit(&house, "c-1").await.cost_minor];
    assert_eq!(cost, [3_000, 3_000]);
}

#[tokio::test]
async fn whoever_has_gone_is_not_drawn_back_by_what_is_told_late() {
    let house = open_house().await;
    let gift = reserved(&house, "c-1").await;
    house.clock.pass_minutes(10);
    house.app.request_exit(&lead(), &id("c-1")).await.unwrap();
    house.app.decide_exit(&lead(), &id("c-1"), None).await.unwrap();
    house.clock.pass_minutes(10);
    deliver(&house, &gift, Some(15)).await.unwrap();
    assert_eq!(when(&house).await, Some(DeliveredWhen::AfterNo));
    let exit = house.app.exit(&lead(), &id("c-1")).await.unwrap();
    assert_eq!(exit.state, ExitState::Decided);
    let answer = house.app.decide_and_commit(&service(), ask("c-1")).await.unwrap();
    assert_eq!(answer.decision.choice.kind, ActionKind::Hold);
}

#[tokio::test]
async fn what_landed_was_given_and_what_never_arrived_is_still_to_be_given() {
    let house = open_house().await;
    let landed = |decision: &DecisionId, landing| LandingInput {
        client: id("c-1"),
        decision: Some(decision.clone()),
        action: None,
        landing,
        words: None,
    };
    let gift = reserved(&house, "c-1").await;
    house.app.record_landing(&lead(), landed(&gift, Landing::NotReceived)).await.unwrap();
    assert_eq!(state(&house, &gift).await.0, "reserved");
    house.app.record_landing(&lead(), landed(&gift, Landing::Helped)).await.unwrap();
    let given = ("carried_out".to_owned(), Some(Landing::Helped));
    assert_eq!(state(&house, &gift).await, given);
    // It does not run out, nor is it told of twice.
    house.app.record_landing(&lead(), landed(&gift, Landing::Neutral)).await.unwrap();
    house.clock.pass_minutes(10 * 24 * 60);
    house.app.sweep().await.unwrap();
    assert_eq!(state(&house, &gift).await, ("carried_out".to_owned(), Some(Landing::Neutral)));
    assert_eq!(taken(&house).await.0, 1, "the box is gone");
    let page = house.app.client_page(&lead(), &id("c-1")).await.unwrap();
    assert!(page.reservations.is_empty() && page.given.is_empty());
    assert_eq!(entries(&house, "reservation_ended").await.len(), 1);
    // What has run out is told as a delivery, with its time: the landing alone takes nothing again.
    let late = reserved(&house, "c-1").await;
    house.clock.pass_minutes(10 * 24 * 60);
    house.app.record_landing(&lead(), landed(&late, Landing::Helped)).await.unwrap();
    house.app.sweep().await.unwrap();
    assert_eq!(state(&house, &late).await, ("expired".to_owned(), Some(Landing::Helped)));
    assert_eq!(taken(&house).await.0, 1);
}
