//! Are people let go well?

use yorisoi_app::{ClientInput, DecisionAsk, LetGoInput, PageAsk};
use yorisoi_decision::{ActionKind, Code, ExitState, HouseholdId};

use crate::common::{friend, house, id, lead, person, service};

fn input(client: &str) -> LetGoInput {
    LetGoInput {
        client: id(client),
        reason: Some("引っ越します".to_owned()),
        effective_on: None,
        keeps: vec!["records".to_owned()],
        loses: vec!["prices".to_owned()],
        door_open: false,
    }
}

#[tokio::test]
async fn decided_is_done_in_one_step_with_a_receipt() {
    let house = house(|_| {}).await;
    friend(&house.app, "c-1").await;
    let exit = house.app.let_go(&lead(), input("c-1")).await.unwrap();
    assert_eq!(exit.state, ExitState::Completed);
    let receipt = exit.receipt.unwrap();
    assert_eq!(receipt.effective_on.to_string(), "2026-06-03");
    assert_eq!((receipt.keeps.len(), receipt.loses.len()), (1, 1));
    assert_eq!(exit.reason.as_deref(), Some("引っ越します"));
    let again = house.app.let_go(&lead(), input("c-1")).await.unwrap_err();
    assert_eq!((again.status(), again.code()), (409, "exit.completed"));
}

#[tokio::test]
async fn after_the_decision_nothing_is_offered_any_more() {
    let house = house(|_| {}).await;
    friend(&house.app, "c-1").await;
    house.app.request_exit(&lead(), &id("c-1")).await.unwrap();
    house.app.decide_exit(&lead(), &id("c-1"), None).await.unwrap();
    let answer =
        house.app.decide_and_commit(&service(), DecisionAsk::about(id("c-1"))).await.unwrap();
    assert!(!matches!(answer.decision.choice.kind, ActionKind::Offer | ActionKind::Advise));
    let offered = answer.decision.id.clone();
    let error = house.app.offer_in_exit(&lead(), &id("c-1"), &offered).await.unwrap_err();
    assert_eq!(error.status(), 409);
    let error = house.app.abandon_exit(&lead(), &id("c-1")).await.unwrap_err();
    assert_eq!(error.code(), "exit.decided");
}

#[tokio::test]
async fn at_most_one_offer_is_made_on_the_way() {
    let house = house(|policy| policy.contact.caps.clear()).await;
    friend(&house.app, "c-1").await;
    house.app.request_exit(&lead(), &id("c-1")).await.unwrap();
    let ask = DecisionAsk::only(id("c-1"), "plan_review".parse().unwrap());
    let mut offers = 0;
    for _ in 0..5 {
        let answer = house.app.decide_and_commit(&service(), ask.clone()).await.unwrap();
        let is_offer =
            matches!(answer.decision.choice.kind, ActionKind::Offer | ActionKind::Advise);
        offers += u32::from(is_offer);
        if !is_offer && offers > 0 {
            assert_eq!(answer.suppressed.map(|stop| stop.code), Some(Code::ExitOffered));
        }
    }
    assert!(offers <= 1, "{offers}");
}

#[tokio::test]
async fn not_pursued_is_no_save_and_the_household_is_left_alone() {
    let house = house(|_| {}).await;
    for name in ["c-1", "c-2"] {
        let household = Some(HouseholdId::new("h-1").unwrap());
        let input = ClientInput { household, ..person(name) };
        house.app.add_client(&service(), input).await.unwrap();
    }
    house.app.request_exit(&lead(), &id("c-1")).await.unwrap();
    house.app.abandon_exit(&lead(), &id("c-1")).await.unwrap();
    let report = house.app.endings_report(&lead()).await.unwrap();
    assert_eq!((report.requested, report.abandoned, report.completed), (1, 1, 0));
    // Not pursued counts neither as kept nor as a good ending: it is watched, and nothing happened.
    assert_eq!((report.good_endings.n, report.clean_exit_minutes.estimate), (0, None));
    house.app.let_go(&lead(), input("c-1")).await.unwrap();
    let other = house.app.client(&service(), &id("c-2")).await.unwrap();
    assert_eq!(other.exit, ExitState::None);
}

#[tokio::test]
async fn only_who_is_gone_can_come_back_and_open_exits_are_listed() {
    let house = house(|_| {}).await;
    friend(&house.app, "c-1").await;
    let error = house.app.record_return(&lead(), &id("c-1")).await.unwrap_err();
    assert_eq!(error.code(), "exit.not_gone");
    house.app.request_exit(&lead(), &id("c-1")).await.unwrap();
    let open = house.app.open_exits(&lead(), PageAsk::default()).await.unwrap();
    assert_eq!(open.items.len(), 1);
    house.clock.pass_minutes(7);
    house.app.let_go(&lead(), input("c-1")).await.unwrap();
    assert!(house.app.open_exits(&lead(), PageAsk::default()).await.unwrap().items.is_empty());
    let report = house.app.endings_report(&lead()).await.unwrap();
    let minutes = report.clean_exit_minutes.estimate.unwrap();
    // Seven minutes in days and back.
    assert!((minutes - 7.0).abs() < 1e-9, "{minutes}");
    house.app.record_return(&lead(), &id("c-1")).await.unwrap();
    let report = house.app.endings_report(&lead()).await.unwrap();
    assert_eq!(report.returned.estimate, Some(1.0));
}
