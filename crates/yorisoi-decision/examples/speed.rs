//! How long does one decision take? Prints quantiles for catalogues of 20 and 200 actions.
//!
//! `cargo run --release -p yorisoi-decision --example speed`

use std::io::Write;

use yorisoi_decision::{
    ActionKind, ActionSpec, Attribute, ClientFacts, Consent, ConsentKind, DecisionKey, EffectFact,
    Policy, Record, Situation, ValidPolicy, decide,
};

const DECISIONS: usize = 20_000;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let mut out = std::io::stdout();
    for (n_actions, by_model) in [(20, true), (20, false), (200, true), (200, false)] {
        let policy = catalogue(n_actions)?;
        let mut situation = situation(&policy, by_model)?;
        let key = DecisionKey::new([5; 32]);
        let mut micros = Vec::with_capacity(DECISIONS);
        for k in 0..DECISIONS {
            situation.decision = format!("d-{k}").parse()?;
            micros.push(timed(|| decide(&policy, &situation, &key)));
        }
        micros.sort_unstable_by(f64::total_cmp);
        let at = |share: f64| micros[(share * (DECISIONS - 1) as f64) as usize];
        let source = if by_model { "estimated effects" } else { "beliefs, drawn" };
        writeln!(
            out,
            "{n_actions} actions, {source}: p50 {:.1} µs, p99 {:.1} µs, p99.9 {:.1} µs",
            at(0.5),
            at(0.99),
            at(0.999)
        )?;
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn timed<T>(work: impl FnOnce() -> T) -> f64 {
    let start = std::time::Instant::now();
    std::hint::black_box(work());
    start.elapsed().as_secs_f64() * 1e6
}

/// The carrier's policy with its help repeated up to a number of actions.
fn catalogue(n_actions: usize) -> Result<ValidPolicy, Failure> {
    let mut policy = Policy::parse(include_str!("../../../docs/policies/carrier.toml"))?;
    let help: Vec<ActionSpec> = policy
        .actions
        .iter()
        .filter(|action| matches!(action.kind, ActionKind::Offer | ActionKind::Advise))
        .cloned()
        .collect();
    for k in policy.actions.len()..n_actions {
        let mut action = help[k % help.len()].clone();
        action.id = format!("{}-{k}", action.id).parse()?;
        policy.actions.push(action);
    }
    Ok(policy.validated()?)
}

fn situation(policy: &ValidPolicy, by_model: bool) -> Result<Situation, Failure> {
    let mut facts: ClientFacts =
        serde_json::from_str(r#"{"client": "c-1", "household": "h-1", "zone": "Asia/Tokyo"}"#)?;
    facts.attributes.insert("age".to_owned(), Attribute::Number(40.0));
    for id in ["points", "plan_review", "rebate"] {
        facts.attributes.insert(format!("{id}_given"), Attribute::Flag(false));
    }
    for kind in [ConsentKind::Talk, ConsentKind::Advise] {
        let granted_at = "2026-01-01T00:00:00Z".parse()?;
        let consent = Consent { kind, topic: None, channel: None, granted_at, expires_at: None };
        facts.consents.push(consent);
    }
    if by_model {
        for (k, action) in policy.policy().actions.iter().enumerate() {
            let benefit = 0.01 + 0.001 * (k % 17) as f64;
            let effect = EffectFact { benefit, low: benefit - 0.015, high: benefit + 0.015 };
            facts.effects.insert(action.id.clone(), effect);
        }
    }
    let known = serde_json::json!({
        "decision": "d-0",
        "now": "2026-11-18T02:00:00Z",
        "record": Record::Client { facts: Box::new(facts) },
    });
    Ok(serde_json::from_value(known)?)
}
