//! Do promises change safely?

use yorisoi_app::{LiveMustBe, Once, PlanAsk, PolicyInput, SupplyInput};
use yorisoi_decision::Policy;

use crate::common::{
    action, empty, friend, house, id, lead, policy, publish, second_lead, service,
};

fn input(policy: &Policy) -> PolicyInput {
    PolicyInput { document: serde_json::to_string(policy).unwrap(), why: "because".to_owned() }
}

#[tokio::test]
async fn publishing_needs_a_second_person() {
    let house = empty();
    let draft = house.app.draft_policy(&lead(), input(&policy())).await.unwrap();
    assert_eq!(draft.state, "draft");
    let error = house.app.publish_policy(&lead(), &draft.fingerprint).await.unwrap_err();
    assert_eq!((error.status(), error.code()), (403, "policy.same_person"));
    assert_eq!(house.app.live_policy(&lead()).await.unwrap_err().code(), "policy.none");
    let live = house.app.publish_policy(&second_lead(), &draft.fingerprint).await.unwrap();
    assert_eq!(live.state, "live");
}

#[tokio::test]
async fn a_live_holdout_is_not_edited_but_a_new_programme_may_begin() {
    let house = house(|policy| policy.holdout.share = 0.1).await;
    let mut changed = policy();
    changed.holdout.share = 0.2;
    let error = house.app.draft_policy(&lead(), input(&changed)).await.unwrap_err();
    assert_eq!((error.status(), error.code()), (409, "policy.holdout_locked"));
    changed.holdout.programme = "another".to_owned();
    house.app.draft_policy(&lead(), input(&changed)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_publish_over_what_they_have_read_one_is_told() {
    let house = house(|_| {}).await;
    let read = house.app.live_policy(&lead()).await.unwrap().fingerprint;
    let mut drafts = Vec::new();
    for hours in [24, 48] {
        let mut next = policy();
        next.look_again_hours = hours;
        drafts.push(house.app.draft_policy(&lead(), input(&next)).await.unwrap().fingerprint);
    }
    let calls = drafts.iter().cloned().map(|draft| {
        let (app, live) = (house.app.clone(), LiveMustBe::OneOf(vec![read.clone()]));
        tokio::spawn(async move { app.publish_policy_if(&second_lead(), &draft, live).await })
    });
    let mut told = Vec::new();
    for call in calls.collect::<Vec<_>>() {
        told.push(call.await.unwrap().map_err(|error| (error.status(), error.code())).err());
    }
    told.sort();
    assert_eq!(told, [None, Some((412, "changed"))]);
    assert_eq!(house.app.policy_history(&lead()).await.unwrap().len(), 3);
    let error = house
        .app
        .roll_back_policy_if(&lead(), LiveMustBe::OneOf(vec![read.clone()]))
        .await
        .unwrap_err();
    assert_eq!(error.status(), 412);
}

#[tokio::test]
async fn a_publication_sent_twice_is_no_conflict_with_itself() {
    let house = house(|_| {}).await;
    let read = house.app.live_policy(&lead()).await.unwrap().fingerprint;
    let mut next = policy();
    next.look_again_hours = 24;
    let draft = house.app.draft_policy(&lead(), input(&next)).await.unwrap().fingerprint;
    let app = house.app.once(Once::new("key", b"publish"));
    let live = || LiveMustBe::OneOf(vec![read.clone()]);
    let first = app.publish_policy_if(&second_lead(), &draft, live()).await.unwrap();
    let again = app.publish_policy_if(&second_lead(), &draft, live()).await.unwrap();
    assert_eq!(first, again);
}

#[tokio::test]
async fn rolling_back_is_one_action_and_twice_goes_back_further() {
    let house = house(|_| {}).await;
    let first = house.app.live_policy(&lead()).await.unwrap().fingerprint;
    assert_eq!(
        house.app.roll_back_policy(&lead()).await.unwrap_err().code(),
        "policy.nothing_before"
    );
    let mut prints = vec![first];
    for hours in [24, 48] {
        let mut next = policy();
        next.look_again_hours = hours;
        house.clock.pass_minutes(60);
        prints.push(publish(&house.app, &next).await);
    }
    for expected in [&prints[1], &prints[0]] {
        house.clock.pass_minutes(60);
        let back = house.app.roll_back_policy(&lead()).await.unwrap();
        assert_eq!((&back.fingerprint, back.state.as_str()), (expected, "live"));
    }
    assert!(house.app.roll_back_policy(&lead()).await.is_err());
    assert_eq!(house.app.policy_history(&lead()).await.unwrap().len(), 3);
}

#[tokio::test]
async fn a_document_that_is_no_policy_is_refused_with_the_place() {
    let house = empty();
    for (document, expected) in [("nonsense = ", "cannot be read"), ("{}", "missing field")] {
        let input = PolicyInput { document: document.to_owned(), why: String::new() };
        let error = house.app.draft_policy(&lead(), input).await.unwrap_err();
        assert_eq!(error.status(), 422);
        assert!(error.to_string().contains(expected), "{error}");
        assert!(!error.words().ja.is_empty());
    }
    assert!(house.app.policy_schema().get("properties").is_some());
}

#[tokio::test]
async fn supply_comes_and_goes_and_never_below_nothing() {
    let house = house(|_| {}).await;
    let by = |by| SupplyInput { action: action("peaches"), by };
    let view = house.app.change_supply(&lead(), by(3)).await.unwrap();
    let left = |view: &yorisoi_app::CapacityView| {
        view.supply.iter().find(|row| row.action == action("peaches")).unwrap().left
    };
    assert_eq!(left(&view), Some(15));
    let error = house.app.change_supply(&lead(), by(-16)).await.unwrap_err();
    assert_eq!(error.status(), 422);
    assert_eq!(left(&house.app.change_supply(&lead(), by(-15)).await.unwrap()), Some(0));
    let unlimited = SupplyInput { action: action("points"), by: 1 };
    assert_eq!(house.app.change_supply(&lead(), unlimited).await.unwrap_err().status(), 422);
}

#[tokio::test]
async fn a_plan_takes_what_is_left_after_a_few_gifts_and_not_what_there_once_was() {
    // Ten boxes' worth of money, of which three are given.
    let house = house(|policy| policy.budget_minor = Some(30_000)).await;
    let fact = yorisoi_decision::EffectFact { benefit: 0.3, low: 0.29, high: 0.31 };
    for n in 0..30 {
        let name = format!("c-{n:02}");
        friend(&house.app, &name).await;
        let effects = [(action("peaches"), fact)].into();
        let input = yorisoi_app::EffectsInput { client: id(&name), effects };
        house.app.give_effects(&service(), input).await.unwrap();
    }
    for n in 0..3 {
        let ask = yorisoi_app::DecisionAsk::only(id(&format!("c-{n:02}")), action("peaches"));
        let decided = house.app.decide_and_commit(&service(), ask).await.unwrap();
        assert_eq!(decided.decision.choice.action, action("peaches"));
        house.app.give(&service(), &decided.decision.id).await.unwrap();
    }
    let came = SupplyInput { action: action("peaches"), by: 1 };
    let capacity = house.app.change_supply(&lead(), came).await.unwrap();
    // Twelve, less three, and one.
    let left = capacity.supply.iter().find(|row| row.action == action("peaches")).unwrap().left;
    assert_eq!((left, capacity.spent_minor), (Some(10), 9_000));

    let plan = house.app.plan_prices(&lead(), PlanAsk::default()).await.unwrap();
    assert!(plan.spend_minor <= 21_000.0, "{plan:?}");
    assert_eq!(plan.planned[&action("peaches")], 7);
    // With money enough, the boxes that are left are the limit.
    let ask = PlanAsk { budget_minor: Some(1_000_000), minutes: None };
    let plan = house.app.plan_prices(&lead(), ask).await.unwrap();
    assert_eq!(plan.planned[&action("peaches")], 10);
    // What was asked before was answered before, whatever happened since.
    let app = house.app.once(Once::new("key", b"plan"));
    let first = app.plan_prices(&lead(), PlanAsk::default()).await.unwrap();
    let came = SupplyInput { action: action("peaches"), by: -10 };
    house.app.change_supply(&lead(), came).await.unwrap();
    assert_eq!(app.plan_prices(&lead(), PlanAsk::default()).await.unwrap(), first);
    let now = house.app.plan_prices(&lead(), PlanAsk::default()).await.unwrap();
    assert_eq!(now.planned[&action("peaches")], 0);
}

#[tokio::test]
async fn a_plan_keeps_to_its_limits_and_drafts_its_prices() {
    let house = house(|policy| policy.budget_minor = None).await;
    for n in 0..40 {
        let name = format!("c-{n:02}");
        friend(&house.app, &name).await;
        let benefit = 0.05 + 0.005 * f64::from(n);
        let fact =
            yorisoi_decision::EffectFact { benefit, low: benefit - 0.01, high: benefit + 0.01 };
        let effects = ["plan_review", "peaches"].map(|it| (action(it), fact)).into();
        let input = yorisoi_app::EffectsInput { client: id(&name), effects };
        house.app.give_effects(&service(), input).await.unwrap();
    }
    let free = house.app.plan_prices(&lead(), PlanAsk::default()).await.unwrap();
    assert!(free.holds < 40 && free.minutes > 300.0, "{free:?}");
    let ask = PlanAsk { minutes: Some(300), budget_minor: Some(20_000) };
    let plan = house.app.plan_prices(&lead(), ask).await.unwrap();
    assert!(plan.minutes <= 300.0 && plan.spend_minor <= 20_000.0, "{plan:?}");
    assert!(plan.planned[&action("peaches")] <= 12);
    assert!(plan.prices.minute_minor > 0.0);
    assert_eq!(plan.clients, 40);
    assert_eq!(plan.draft.state, "draft");
    assert!(plan.expected_gain_minor < free.expected_gain_minor);
    // The draft decides as the plan would: with its prices fewer minutes are worth spending.
    house.app.publish_policy(&second_lead(), &plan.draft.fingerprint).await.unwrap();
    let list = yorisoi_app::WorkAsk { limit: Some(200), ..yorisoi_app::WorkAsk::default() };
    let list = house.app.work_list(&lead(), list).await.unwrap();
    let minutes: u64 = list.rows.iter().map(|row| u64::from(row.minutes)).sum();
    assert!(minutes <= 480, "{minutes}");
}
