//! Does a rehearsal say who would gain and lose contact, and what a draft would have been worth?

use yorisoi_app::{Caller, DecisionAsk, OutcomeInput, PolicyInput, Ranged, Rehearsal};
use yorisoi_decision::{ClientId, Policy};

use crate::common::{House, action, analyst, friend, house, id, lead, policy, service};

/// Half of all decisions explore, and nothing runs out.
fn free(policy: &mut Policy) {
    policy.exploration.rate = 0.5;
    policy.minutes_per_day = None;
    policy.budget_minor = None;
}

/// A house that decided about so many clients, each with an outcome of `n` modulo `outcomes`.
async fn decided(clients: u32, outcomes: u32) -> House {
    decided_with(clients, |n| f64::from(n % outcomes)).await
}

async fn decided_with(clients: u32, outcome: impl Fn(u32) -> f64) -> House {
    let house = house(free).await;
    for n in 0..clients {
        let name = format!("c-{n}");
        friend(&house.app, &name).await;
        house.app.decide_and_commit(&service(), DecisionAsk::about(id(&name))).await.unwrap();
        let (client, value) = (id(&name), outcome(n));
        let outcome = OutcomeInput { client, outcome: None, value, at: None };
        house.app.record_outcome(&service(), outcome).await.unwrap();
    }
    house
}

async fn rehearsed(house: &House, who: &Caller, draft: &Policy) -> Rehearsal {
    let document = serde_json::to_string(draft).unwrap();
    let input = PolicyInput { document, why: "because".to_owned() };
    let draft = house.app.draft_policy(&lead(), input).await.unwrap();
    house.app.rehearse_policy(who, &draft.fingerprint).await.unwrap()
}

/// The same promises, but every contact costs more than it could ever bring.
fn shy() -> Policy {
    let mut shy = policy();
    free(&mut shy);
    shy.values.nuisance_minor = 100_000_000;
    shy
}

#[tokio::test]
async fn a_changed_policy_is_rehearsed_before_it_holds() {
    let house = decided(60, 2).await;
    let rehearsal = rehearsed(&house, &analyst(), &shy()).await;
    assert_eq!(rehearsal.decisions, 60);
    assert!(rehearsal.loses.total > 10, "{rehearsal:?}");
    assert!(rehearsal.gains.total < rehearsal.loses.total);
    // Nobody here is let go: whoever loses contact is held, and whoever gains it was.
    let would_hold = rehearsal.holds + rehearsal.loses.total - rehearsal.gains.total;
    assert_eq!(rehearsal.would_hold, would_hold);
    assert_eq!(rehearsal.differences.len() as u64, rehearsal.different.min(50));
    assert_eq!(rehearsal.loses.first.len() as u64, rehearsal.loses.total.min(50));
    assert!(rehearsal.value.estimate.is_some() || rehearsal.refused.is_some());

    // What was never tried cannot be valued, and that is said in words.
    let mut other = policy();
    for spec in &mut other.actions {
        if spec.id.as_str() == "plan_review" {
            spec.id = action("never_tried");
        }
        if spec.id.as_str() != "never_tried" && spec.prior.is_some() {
            spec.prior = None;
        }
    }
    let unheard = rehearsed(&house, &analyst(), &other).await;
    let refused = unheard.refused.expect("nothing supports it");
    assert!(!refused.en.is_empty() && !refused.ja.is_empty());
    for refused in [unheard.value, unheard.ips, unheard.doubly_robust, unheard.gain] {
        assert_eq!(refused, Ranged::unknown());
    }
    // What the policy that was followed was worth is known all the same: half of sixty, ± 1.96 √(¼ / 59).
    for Ranged { estimate, high, .. } in [rehearsal.value_logged, unheard.value_logged] {
        let half = 1.96 * (0.25_f64 / 59.0).sqrt();
        assert!((estimate.unwrap() - 0.5).abs() < 1e-12);
        // The quantile above is rounded to the third digit.
        assert!((high.unwrap() - 0.5 - half).abs() < 1e-4, "{high:?} {half}");
    }
}

#[tokio::test]
async fn whom_a_rehearsal_is_about_only_those_read_who_may_read_them() {
    let house = decided(60, 2).await;
    let about = |rehearsal: Rehearsal| -> Vec<(Option<ClientId>, Option<String>)> {
        let rows = [rehearsal.differences, rehearsal.gains.first, rehearsal.loses.first];
        rows.into_iter().flatten().map(|row| (row.client, row.name)).collect()
    };
    let of_analyst = about(rehearsed(&house, &analyst(), &shy()).await);
    assert!(of_analyst.len() > 10 && of_analyst.iter().all(|it| *it == (None, None)));
    // A lead of one team reads nobody else's people.
    let of_one = Caller { team: Some("tokyo".parse().unwrap()), ..lead() };
    assert_eq!(about(rehearsed(&house, &of_one, &shy()).await), of_analyst);
    let of_lead = about(rehearsed(&house, &lead(), &shy()).await);
    assert_eq!(of_lead.len(), of_analyst.len());
    for (client, name) in of_lead {
        assert_eq!(name, Some(format!("{} 様", client.unwrap())));
    }
}

#[tokio::test]
async fn a_draft_that_decides_the_same_is_worth_the_same_however_it_is_valued() {
    let house = decided(80, 4).await;
    let mut same = policy();
    free(&mut same);
    same.look_again_hours += 1;
    let rehearsal = rehearsed(&house, &analyst(), &same).await;
    assert_eq!((rehearsal.different, rehearsal.refused), (0, None));
    // Weights of one, up to a rounding each.
    let close = |a: Option<f64>, b: Option<f64>| (a.unwrap() - b.unwrap()).abs() < 1e-9;
    let logged = rehearsal.value_logged;
    assert!(close(logged.estimate, Some(1.5)));
    for it in [rehearsal.value, rehearsal.ips] {
        assert!(close(it.estimate, logged.estimate) && close(it.low, logged.low));
        assert!(close(it.high, logged.high));
    }
    assert!(close(rehearsal.gain.estimate, Some(0.0)) && close(rehearsal.gain.high, Some(0.0)));
}

/// What came of each action for others tells apart only what differs by action.
#[tokio::test]
async fn the_doubly_robust_value_adds_what_all_share_and_counts_every_household() {
    let house = decided(80, 4).await;
    let mut same = policy();
    free(&mut same);
    same.look_again_hours += 1;
    let rehearsal = rehearsed(&house, &analyst(), &same).await;
    let (robust, ips) = (rehearsal.doubly_robust, rehearsal.ips);
    assert_eq!((robust.n, ips.n), (80, 80));
    // All weights are one, so that each decision adds Σ π q − q(a) to what came of it: means of outcomes of 0 to 3,
    // between people at most 3 apart, which chance deals. Four standard errors of a mean of 80 such draws.
    let slack = 4.0 * 1.5 / 80.0_f64.sqrt();
    assert!((robust.estimate.unwrap() - 1.5).abs() < slack, "{robust:?}");
    assert!(robust.low.unwrap() < 1.5 && 1.5 < robust.high.unwrap(), "{robust:?}");

    // Everybody had the same: there is nothing left to be unsure of, though the draft explores more and so weighs
    // decisions unlike each other.
    let house = decided_with(80, |_| 7.0).await;
    let mut curious = policy();
    free(&mut curious);
    curious.exploration.rate = 0.8;
    let rehearsal = rehearsed(&house, &analyst(), &curious).await;
    assert_eq!(rehearsal.refused, None);
    let Ranged { estimate, low, high, .. } = rehearsal.doubly_robust;
    for it in [estimate, low, high] {
        assert!((it.unwrap() - 7.0).abs() < 1e-9, "{rehearsal:?}");
    }
    // By propensities alone the same log leaves a doubt, which is that of the weights.
    assert!(rehearsal.ips.high.unwrap() - rehearsal.ips.low.unwrap() > 0.1, "{rehearsal:?}");
}
