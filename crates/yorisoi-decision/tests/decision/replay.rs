//! Does a decision come out the same again, and do the published documents hold?

use yorisoi_decision::{DecisionKey, Policy, PolicyError, decide};

use crate::common::{KEY, POLICY, document, policy, situation};
use crate::generated::{Draws, policies, situation as generated};

#[test]
fn the_same_situation_gives_the_same_bytes_on_any_thread() {
    let mut draws = Draws::new(77);
    let house = policies(&mut draws, 1).remove(0).validated().unwrap();
    let situations: Vec<_> = (0..500).map(|k| generated(&mut draws, k)).collect();
    let bytes = || -> Vec<String> {
        let decisions = situations.iter().map(|situation| decide(&house, situation, &KEY));
        decisions.map(|decision| serde_json::to_string(&decision).unwrap()).collect()
    };
    let here = bytes();
    let there: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(bytes)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(there.iter().all(|bytes| *bytes == here));
}

#[test]
fn another_key_deals_and_draws_anew() {
    let house = policy(|policy| policy.holdout.share = 0.5);
    let arms = |key: &DecisionKey| -> Vec<_> {
        (0..100)
            .map(|k| situation(|facts| facts.client = format!("c-{k}").parse().unwrap()))
            .map(|situation| decide(&house, &situation, key).holdout)
            .collect()
    };
    assert_eq!(arms(&KEY), arms(&KEY.clone()));
    assert_ne!(arms(&KEY), arms(&DecisionKey::new([43; 32])));
}

#[test]
fn a_policy_is_the_same_in_both_notations() {
    let json = serde_json::to_string(&document()).unwrap();
    let read = Policy::parse(&json).unwrap();
    assert_eq!(read, document());
    let fingerprint = |policy: Policy| policy.validated().unwrap().fingerprint().to_owned();
    assert_eq!(fingerprint(read), fingerprint(document()));
}

#[test]
fn topics_attributes_and_outcomes_have_names_only_where_the_policy_gives_them() {
    let named = format!(
        "{POLICY}\n[topics]\ncareer = {{ en = \"work\", ja = \"お仕事\" }}\n\
         [attributes]\nage = {{ en = \"age\", ja = \"ご年齢\" }}\n\
         [outcomes]\nstayed = {{ en = \"stayed\", ja = \"ご継続\" }}\n"
    );
    let named = Policy::parse(&named).unwrap();
    let [career, plan] = ["career", "plan"].map(|topic| topic.parse().unwrap());
    assert_eq!(named.topic_name(&career).ja, "お仕事");
    assert_eq!(named.topic_name(&plan).ja, "plan");
    assert_eq!(
        (named.attribute_name("age").ja.as_str(), named.attribute_name("x").en.as_str()),
        ("ご年齢", "x")
    );
    assert_eq!(
        (named.outcome_name("stayed").ja.as_str(), named.outcome_name("x").en.as_str()),
        ("ご継続", "x")
    );
    assert_eq!(named.action_name(&"nothing".parse().unwrap()).ja, "nothing");
    // A policy without names is the same document as before there were any.
    assert!(!serde_json::to_string(&document()).unwrap().contains("outcomes"));
    let mut half = named;
    half.topics.get_mut(&career).unwrap().ja = " ".to_owned();
    let error = half.validated().unwrap_err();
    assert!(error.to_string().contains("`topics.career.ja`"), "{error}");
}

#[test]
fn an_unknown_key_is_not_passed_over() {
    let misspelt = POLICY.replace("cool_down_hours", "cooldown_hours");
    let error = Policy::parse(&misspelt).unwrap_err();
    assert!(
        matches!(error, PolicyError::Unreadable { reason } if reason.contains("cooldown_hours"))
    );
}

#[test]
fn the_shipped_policies_are_valid() {
    for text in [
        include_str!("../../../../docs/policies/coach.toml"),
        include_str!("../../../../docs/policies/carrier.toml"),
        include_str!("../../../../docs/policies/gifts.toml"),
    ] {
        Policy::parse(text).unwrap().validated().unwrap();
    }
}

#[test]
fn the_published_schema_is_the_real_one() {
    // Written by `cargo run -p yorisoi-decision --example policy_schema`.
    let published: serde_json::Value =
        serde_json::from_str(include_str!("../../../../docs/policy.schema.json")).unwrap();
    assert_eq!(Policy::json_schema(), published);
}
