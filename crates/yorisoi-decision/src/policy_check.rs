//! Is a policy fit to decide? Every range, name and reference, checked once.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use jiff::tz::TimeZone;

use crate::action::{ActionClass, ActionKind, ActionSpec, Words};
use crate::condition::{Attribute, Comparison, Condition};
use crate::policy::{Policy, PolicyError};

/// Amounts up to here add up without loss in `f64` and `i64`: nine million million.
const MINOR_MAX: i64 = 9_000_000_000_000;

/// The longest span of hours: a hundred years.
const HOURS_MAX: u32 = 876_600;

/// The largest number that a belief may hold; beyond it products lose their meaning.
const BELIEF_MAX: f64 = 1e9;

/// Returns the first fault.
pub(crate) fn check(policy: &Policy) -> Result<(), PolicyError> {
    check_head(policy)?;
    check_values(policy)?;
    check_contact(policy)?;
    check_assignment(policy)?;
    check_prices(policy)?;
    check_catalogue(policy)?;
    for (topic, words) in &policy.topics {
        check_words(&format!("topics.{topic}"), words)?;
    }
    for (attribute, words) in &policy.attributes {
        check_words(&format!("attributes.{attribute}"), words)?;
    }
    for (outcome, words) in &policy.outcomes {
        check_words(&format!("outcomes.{outcome}"), words)?;
    }
    policy.actions.iter().enumerate().try_for_each(|(k, action)| check_action(k, action))
}

/// Both languages say something.
fn check_words(field: &str, words: &Words) -> Result<(), PolicyError> {
    let is_said = |text: &String| !text.trim().is_empty();
    require(&format!("{field}.en"), &words.en, "some characters", is_said)?;
    require(&format!("{field}.ja"), &words.ja, "some characters", is_said)
}

fn check_head(policy: &Policy) -> Result<(), PolicyError> {
    require("name", &policy.name, "some characters", |name| !name.trim().is_empty())?;
    let is_code = |code: &String| code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase());
    require("currency", &policy.currency, "three capital letters, like `JPY`", is_code)?;
    let hours = "1 to 876600 hours";
    require("look_again_hours", &policy.look_again_hours, hours, |h| (1..=HOURS_MAX).contains(h))?;
    let minutes = "1 to 525600 minutes";
    require("reservation_minutes", &policy.reservation_minutes, minutes, |m| {
        (1..=525_600).contains(m)
    })?;
    check_minor("budget_minor", policy.budget_minor.unwrap_or(0), 0..=i64::MAX)
}

fn check_values(policy: &Policy) -> Result<(), PolicyError> {
    let values = &policy.values;
    check_minor("values.outcome_minor", values.outcome_minor, 0..=MINOR_MAX)?;
    check_minor("values.replacement_minor", values.replacement_minor, 0..=MINOR_MAX)?;
    check_minor("values.nuisance_minor", values.nuisance_minor, 0..=MINOR_MAX)?;
    check_number("values.allowed_harm", values.allowed_harm, 0.0..=BELIEF_MAX)
}

fn check_contact(policy: &Policy) -> Result<(), PolicyError> {
    let contact = &policy.contact;
    for (k, cap) in contact.caps.iter().enumerate() {
        let field = format!("contact.caps[{k}].window_hours");
        require(&field, &cap.window_hours, "1 to 876600 hours", |h| (1..=HOURS_MAX).contains(h))?;
        let names_one = cap.channels.as_ref().is_none_or(|channels| !channels.is_empty());
        let field = format!("contact.caps[{k}].channels");
        require(&field, &"[]", "at least one channel, or null for all", |_| names_one)?;
    }
    let most = "0 to 876600 hours";
    require("contact.cool_down_hours", &contact.cool_down_hours, most, |h| *h <= HOURS_MAX)?;
    for zone in &contact.plausible_zones {
        TimeZone::get(zone).map_err(|_| PolicyError::UnknownZone { zone: zone.clone() })?;
    }
    Ok(())
}

fn check_assignment(policy: &Policy) -> Result<(), PolicyError> {
    let exploration = &policy.exploration;
    check_number("exploration.rate", exploration.rate, 0.0..=1.0)?;
    require("exploration.among", &exploration.among, "at least 1", |among| *among >= 1)?;
    check_number("holdout.share", policy.holdout.share, 0.0..=0.5)?;
    require("holdout.programme", &policy.holdout.programme, "some characters", |name| {
        !name.trim().is_empty()
    })
}

fn check_prices(policy: &Policy) -> Result<(), PolicyError> {
    let prices = &policy.prices;
    check_number("prices.budget", prices.budget, 0.0..=BELIEF_MAX)?;
    check_number("prices.minute_minor", prices.minute_minor, 0.0..=MINOR_MAX as f64)?;
    for (action, price) in &prices.supply_minor {
        let field = format!("prices.supply_minor.{action}");
        check_number(&field, *price, 0.0..=MINOR_MAX as f64)?;
        if policy.actions.iter().all(|known| known.id != *action) {
            return Err(PolicyError::UnknownAction { field, action: action.clone() });
        }
    }
    Ok(())
}

fn check_catalogue(policy: &Policy) -> Result<(), PolicyError> {
    let mut seen = BTreeSet::new();
    if let Some(twice) = policy.actions.iter().find(|action| !seen.insert(&action.id)) {
        return Err(PolicyError::DuplicateAction { action: twice.id.clone() });
    }
    if policy.first_of(ActionKind::Hold).is_none() {
        return Err(PolicyError::MissingKind { kind: "hold" });
    }
    Ok(())
}

fn check_action(k: usize, action: &ActionSpec) -> Result<(), PolicyError> {
    let field = |name: &str| format!("actions[{k}].{name}");
    check_words(&field("name"), &action.name)?;
    check_words(&field("intention"), &action.intention)?;
    check_minor(&field("cost_minor"), action.cost_minor, 0..=MINOR_MAX)?;
    require(&field("agent_minutes"), &action.agent_minutes, "at most 1440", |m| *m <= 1440)?;
    for (name, conditions) in
        [("eligibility", &action.eligibility), ("applicability", &action.applicability)]
    {
        for (c, condition) in conditions.iter().enumerate() {
            check_condition(&field(&format!("{name}[{c}]")), condition)?;
        }
    }
    if let Some(prior) = &action.prior {
        check_number(&field("prior.benefit_mean"), prior.benefit_mean, -BELIEF_MAX..=BELIEF_MAX)?;
        check_number(&field("prior.benefit_sd"), prior.benefit_sd, 1e-9..=BELIEF_MAX)?;
        check_number(&field("prior.nuisance_mean"), prior.nuisance_mean, 0.0..=1.0)?;
        check_number(&field("prior.nuisance_weight"), prior.nuisance_weight, 1e-9..=BELIEF_MAX)?;
    }
    check_kind(k, action)
}

/// What an action of each kind must have, and may not have.
fn check_kind(k: usize, action: &ActionSpec) -> Result<(), PolicyError> {
    let field = |name: &str| format!("actions[{k}].{name}");
    let is_service = action.class == ActionClass::Service;
    let must_be_service = action.kind == ActionKind::Service;
    let class = format!("{:?}", action.class).to_lowercase();
    let expected = "`service` for actions of kind `service`, and for no others";
    require(&field("class"), &class, expected, |_| is_service == must_be_service)?;
    if action.reaches_client() {
        let expected = "a channel, since it reaches the client";
        return require(&field("channel"), &"null", expected, |_| action.channel.is_some());
    }
    // Nothing may stand between a client and being left in peace, or being let go.
    let has_conditions = !action.eligibility.is_empty() || !action.applicability.is_empty();
    let expected = "nothing: holding back and letting go are open to everybody";
    require(&field("eligibility"), &"set", expected, |_| !has_conditions)?;
    require(&field("supply"), &"set", expected, |_| action.supply.is_none())?;
    require(&field("needs_presence"), &"true", expected, |_| !action.needs_presence)?;
    require(&field("expires_at"), &"set", expected, |_| action.expires_at.is_none())?;
    require(&field("channel"), &"set", "null: it reaches nobody", |_| action.channel.is_none())
}

fn check_condition(field: &str, condition: &Condition) -> Result<(), PolicyError> {
    let name = &condition.attribute;
    require(&format!("{field}.attribute"), name, "some characters", |name| !name.is_empty())?;
    let field = format!("{field}.value");
    let orders = matches!(condition.is, Comparison::AtLeast | Comparison::AtMost);
    match &condition.value {
        Attribute::Number(number) => check_number(&field, *number, f64::MIN..=f64::MAX),
        Attribute::Flag(flag) => require(&field, flag, "a number to compare with", |_| !orders),
        Attribute::Text(text) => require(&field, text, "a number to compare with", |_| !orders),
    }
}

fn check_minor(field: &str, amount: i64, range: RangeInclusive<i64>) -> Result<(), PolicyError> {
    require(field, &amount, "0 to 9000000000000 minor units", |amount| range.contains(amount))
}

fn check_number(field: &str, value: f64, range: RangeInclusive<f64>) -> Result<(), PolicyError> {
    // `contains` is false for NaN.
    if range.contains(&value) {
        return Ok(());
    }
    Err(PolicyError::OutOfRange {
        field: field.to_owned(),
        actual: value.to_string(),
        expected: format!("a number from {} to {}", range.start(), range.end()),
    })
}

fn require<T: std::fmt::Display>(
    field: &str,
    value: &T,
    expected: &str,
    is_fit: impl FnOnce(&T) -> bool,
) -> Result<(), PolicyError> {
    if is_fit(value) {
        return Ok(());
    }
    Err(PolicyError::OutOfRange {
        field: field.to_owned(),
        actual: value.to_string(),
        expected: expected.to_owned(),
    })
}
