//! Which documents are no policy, and what is said of them.

use yorisoi_decision::{ActionClass, Cap, Policy, PolicyError};

use crate::common::{document, policy};

type Change = fn(&mut Policy);

/// Makes one change and returns the field that is complained of.
fn complaint(change: impl FnOnce(&mut Policy)) -> String {
    let mut policy = document();
    change(&mut policy);
    match policy.validated().unwrap_err() {
        PolicyError::OutOfRange { field, expected, .. } => {
            assert!(!expected.is_empty());
            field
        }
        other => panic!("{other}"),
    }
}

#[test]
fn every_value_outside_its_range_is_named() {
    let rows: [(&str, Change); 31] = [
        ("name", |p| p.name = " ".to_owned()),
        ("currency", |p| p.currency = "yen".to_owned()),
        ("look_again_hours", |p| p.look_again_hours = 0),
        ("reservation_minutes", |p| p.reservation_minutes = 0),
        ("budget_minor", |p| p.budget_minor = Some(-1)),
        ("values.outcome_minor", |p| p.values.outcome_minor = -1),
        ("values.replacement_minor", |p| p.values.replacement_minor = i64::MAX),
        ("values.nuisance_minor", |p| p.values.nuisance_minor = -5),
        ("values.allowed_harm", |p| p.values.allowed_harm = f64::NAN),
        ("contact.caps[0].window_hours", |p| p.contact.caps[0].window_hours = 0),
        ("contact.caps[2].channels", |p| p.contact.caps[2].channels = Some([].into())),
        ("contact.cool_down_hours", |p| p.contact.cool_down_hours = u32::MAX),
        ("exploration.rate", |p| p.exploration.rate = 1.01),
        ("exploration.rate", |p| p.exploration.rate = f64::NAN),
        ("exploration.among", |p| p.exploration.among = 0),
        ("holdout.share", |p| p.holdout.share = 0.51),
        ("holdout.programme", |p| p.holdout.programme.clear()),
        ("prices.budget", |p| p.prices.budget = -0.1),
        ("prices.minute_minor", |p| p.prices.minute_minor = f64::INFINITY),
        ("prices.supply_minor.rebate", |p| {
            p.prices.supply_minor.insert("rebate".parse().unwrap(), -1.0);
        }),
        ("actions[2].name.ja", |p| p.actions[2].name.ja.clear()),
        ("actions[2].intention.en", |p| p.actions[2].intention.en.clear()),
        ("actions[2].cost_minor", |p| p.actions[2].cost_minor = -1),
        ("actions[2].agent_minutes", |p| p.actions[2].agent_minutes = 2000),
        ("actions[2].channel", |p| p.actions[2].channel = None),
        ("actions[2].class", |p| p.actions[2].class = ActionClass::Service),
        ("actions[8].class", |p| p.actions[8].class = ActionClass::Offer),
        ("actions[1].eligibility", |p| {
            p.actions[1].eligibility = p.actions[2].eligibility.clone();
        }),
        ("actions[0].supply", |p| p.actions[0].supply = Some(3)),
        ("actions[1].needs_presence", |p| p.actions[1].needs_presence = true),
        ("actions[2].applicability[0].value", |p| {
            p.actions[2].applicability[0].is = yorisoi_decision::Comparison::AtLeast;
        }),
    ];
    for (field, change) in rows {
        assert_eq!(complaint(change), field);
    }
}

#[test]
fn a_prior_outside_its_range_is_named() {
    let with = |text: &'static str| {
        complaint(move |policy| policy.actions[2].prior = Some(serde_json::from_str(text).unwrap()))
    };
    let flat = r#"{"benefit_mean": 0, "benefit_sd": 0, "nuisance_mean": 0, "nuisance_weight": 1}"#;
    let sure =
        r#"{"benefit_mean": 0, "benefit_sd": 1, "nuisance_mean": 1.5, "nuisance_weight": 1}"#;
    let none = r#"{"benefit_mean": 0, "benefit_sd": 1, "nuisance_mean": 1, "nuisance_weight": 0}"#;
    assert_eq!(with(flat), "actions[2].prior.benefit_sd");
    assert_eq!(with(sure), "actions[2].prior.nuisance_mean");
    assert_eq!(with(none), "actions[2].prior.nuisance_weight");
}

#[test]
fn names_must_exist_and_be_there_once() {
    let fault = |change: fn(&mut Policy)| {
        let mut policy = document();
        change(&mut policy);
        policy.validated().unwrap_err()
    };
    let twice = fault(|policy| policy.actions[3].id = policy.actions[2].id.clone());
    assert!(
        matches!(twice, PolicyError::DuplicateAction { action } if action.as_str() == "rebate")
    );
    let no_hold = fault(|policy| _ = policy.actions.remove(0));
    assert!(matches!(no_hold, PolicyError::MissingKind { kind: "hold" }));
    let zone = fault(|policy| policy.contact.plausible_zones.push("Mars/Olympus".to_owned()));
    assert!(matches!(zone, PolicyError::UnknownZone { zone } if zone == "Mars/Olympus"));
    let price = fault(|policy| {
        policy.prices.supply_minor.insert("gone".parse().unwrap(), 1.0);
    });
    assert!(
        matches!(price, PolicyError::UnknownAction { action, .. } if action.as_str() == "gone")
    );
}

#[test]
fn limits_of_every_range_are_inside_it() {
    policy(|policy| {
        policy.holdout.share = 0.5;
        policy.exploration.rate = 1.0;
        policy.values.allowed_harm = 0.0;
        policy.values.nuisance_minor = 0;
        policy.budget_minor = None;
        policy.contact.caps.push(Cap {
            scope: yorisoi_decision::CapScope::Person,
            max: None,
            window_hours: 876_600,
            channels: None,
        });
    });
}
