//! Does the list of work name those whom this hour helps most, and nobody who is to be left in peace?

use yorisoi_app::{
    App, AttemptInput, ClientInput, DecisionAsk, EffectsInput, RefusalInput, WorkAsk,
};
use yorisoi_decision::{Cap, CapScope, ClientId, Code, EffectFact, Verdict};
use yorisoi_ledger::Source;

use crate::common::{action, friend, house, id, lead, service};

/// Gives effects that are known to within a hundredth.
async fn score(app: &App, client: &str, benefits: &[(&str, f64)]) {
    let fact = |benefit: f64| EffectFact { benefit, low: benefit - 0.01, high: benefit + 0.01 };
    let effects = benefits.iter().map(|(name, benefit)| (action(name), fact(*benefit))).collect();
    app.give_effects(&service(), EffectsInput { client: id(client), effects }).await.unwrap();
}

#[tokio::test]
async fn a_work_list_keeps_to_hours_and_supply_and_says_whom_to_leave_in_peace() {
    let house = house(|_| {}).await;
    for n in 0..30 {
        friend(&house.app, &format!("c-{n:02}")).await;
        let benefit = 0.02 + 0.01 * f64::from(n);
        score(&house.app, &format!("c-{n:02}"), &[("plan_review", benefit)]).await;
    }
    let ask = WorkAsk { minutes: Some(110), limit: Some(10), ..WorkAsk::default() };
    let list = house.app.work_list(&lead(), ask).await.unwrap();
    let clients: Vec<&str> = list.rows.iter().map(|row| row.client.as_str()).collect();
    // Twenty-five minutes each: four fit, and they are those whom it helps most.
    assert_eq!(clients[..4], ["c-29", "c-28", "c-27", "c-26"]);
    assert!(list.minutes_used <= 110);
    // A promise is kept: those who said no are left in peace, with the reason.
    let refusal = RefusalInput {
        client: id("c-29"),
        topic: None,
        channel: None,
        source: Source::Words,
        words: None,
    };
    house.app.refuse(&service(), refusal).await.unwrap();
    let list = house.app.work_list(&lead(), WorkAsk::default()).await.unwrap();
    assert!(list.rows.iter().all(|row| row.client != id("c-29")));
    let hold = list.holds.iter().find(|row| row.client == id("c-29")).unwrap();
    assert_eq!(hold.code, Code::EverythingRefused);
    assert_eq!(list.holds_total, list.holds.len() as u64);
}

#[tokio::test]
async fn a_work_list_counts_everybody_left_in_peace_and_names_fifty() {
    let house = house(|_| {}).await;
    for n in 0..60 {
        let name = format!("c-{n:02}");
        friend(&house.app, &name).await;
        let refusal = RefusalInput {
            client: id(&name),
            topic: None,
            channel: None,
            source: Source::Words,
            words: None,
        };
        house.app.refuse(&service(), refusal).await.unwrap();
    }
    let list = house.app.work_list(&lead(), WorkAsk::default()).await.unwrap();
    assert_eq!((list.rows.len(), list.holds.len(), list.holds_total), (0, 50, 60));
}

#[tokio::test]
async fn a_work_list_says_of_each_client_what_a_decision_about_them_says() {
    let house = house(|policy| {
        policy.contact.caps = vec![Cap {
            scope: CapScope::Household,
            max: Some(1),
            window_hours: 720,
            channels: None,
        }];
    })
    .await;
    // The household was called; whoever comes after it in the list belongs to none, or to another.
    let households =
        [("c-1", Some("h-1")), ("c-2", Some("h-1")), ("c-3", None), ("c-4", Some("h-2"))];
    for (n, (name, household)) in households.into_iter().enumerate() {
        friend(&house.app, name).await;
        let household = household.map(|name| name.parse().unwrap());
        let input = ClientInput { household, ..ClientInput::default() };
        house.app.change_client(&service(), &id(name), input, None).await.unwrap();
        score(&house.app, name, &[("plan_review", 0.4 - 0.05 * n as f64)]).await;
    }
    let attempt = AttemptInput {
        client: id("c-2"),
        decision: None,
        action: action("plan_review"),
        channel: None,
        reached: true,
    };
    house.app.record_attempt(&service(), attempt).await.unwrap();
    let list = house.app.work_list(&lead(), WorkAsk::default()).await.unwrap();
    let names: Vec<&str> = list.rows.iter().map(|row| row.client.as_str()).collect();
    assert_eq!(names, ["c-3", "c-4"]);
    let decided = async |client: &ClientId| {
        let ask = DecisionAsk { dry: true, ..DecisionAsk::about(client.clone()) };
        house.app.decide_and_commit(&lead(), ask).await.unwrap().decision
    };
    for row in &list.rows {
        let decision = decided(&row.client).await;
        let mut all = decision.candidates.iter();
        let verdict = &all.find(|it| it.action == row.action).unwrap().verdict;
        assert_eq!(*verdict, Verdict::Scored(row.score));
    }
    for hold in &list.holds {
        let said = decided(&hold.client).await.hold.unwrap();
        assert_eq!((hold.code, hold.look_again_at), (said.code, said.look_again_at));
    }
    assert_eq!(list.holds_total, 2);
}

#[tokio::test]
async fn a_work_list_keeps_to_supply_and_to_money_and_goes_on_with_what_needs_neither() {
    for (supply, budget_minor, boxes) in [(3, 400_000, 3), (12, 7_000, 2), (0, 400_000, 0)] {
        let house = house(|policy| {
            let peaches = policy.actions.iter_mut().find(|it| it.id == action("peaches")).unwrap();
            peaches.supply = Some(supply);
            policy.budget_minor = Some(budget_minor);
        })
        .await;
        for n in 0..8 {
            friend(&house.app, &format!("c-{n}")).await;
            // One of them a call helps more than a gift, and it costs no money.
            let (gift, call) = if n == 0 { (0.02, 0.2) } else { (0.2 + 0.01 * f64::from(n), 0.0) };
            let known = [("peaches", gift), ("plan_review", call), ("listen", 0.0)];
            score(&house.app, &format!("c-{n}"), &known).await;
        }
        let list = house.app.work_list(&lead(), WorkAsk::default()).await.unwrap();
        let rows: Vec<_> =
            list.rows.iter().map(|row| (row.client.as_str(), row.action.as_str())).collect();
        // Those whom it helps most have what there is; the call is made all the same.
        let given: Vec<_> = rows.iter().filter(|row| row.1 == "peaches").map(|row| row.0).collect();
        assert_eq!(given, ["c-7", "c-6", "c-5"][..boxes], "{rows:?}");
        assert!(rows.contains(&("c-0", "plan_review")), "{rows:?}");
    }
}
