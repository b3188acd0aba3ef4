//! A house with one action of each kind, and a client who has consented to everything.

use std::collections::BTreeMap;

use jiff::Timestamp;
use yorisoi_decision::{
    Attribute, Candidate, ClientFacts, Code, Consent, ConsentKind, Decision, DecisionKey,
    EffectFact, Gate, Policy, Record, Situation, Stop, ValidPolicy, Verdict, decide,
};

pub(crate) const KEY: DecisionKey = DecisionKey::new([42; 32]);

/// A Wednesday, 11:00 in Tokyo.
pub(crate) const NOW: &str = "2026-11-18T02:00:00Z";

pub(crate) const POLICY: &str = r#"
name = "house"
currency = "JPY"
reservation_minutes = 30
look_again_hours = 24
minutes_per_day = 100
budget_minor = 1000000

[values]
outcome_minor = 100000
replacement_minor = 20000
nuisance_minor = 5000
allowed_harm = 0.01

[contact]
cool_down_hours = 48
holidays = "japan"
plausible_zones = ["Asia/Tokyo", "Europe/London"]
quiet_hours = { from = "20:00", until = "08:00", rest_days = true }
caps = [
  { scope = "person", max = 2, window_hours = 168 },
  { scope = "household", max = 3, window_hours = 168 },
  { scope = "person", max = 1, window_hours = 24, channels = ["call"] },
]

[attempts]
max_attempts = 3

[exploration]
rate = 0.0
among = 3

[holdout]
programme = "spring"
share = 0.0

[[actions]]
id = "hold"
kind = "hold"
class = "care"
name = { en = "Hold", ja = "見守る" }
intention = { en = "Peace.", ja = "静けさ。" }
cost_minor = 0
agent_minutes = 0

[[actions]]
id = "let_go"
kind = "let_go"
class = "care"
name = { en = "Let go", ja = "お見送り" }
intention = { en = "A good ending.", ja = "良い終わり。" }
cost_minor = 50
agent_minutes = 5

[[actions]]
id = "rebate"
kind = "offer"
class = "offer"
name = { en = "Rebate", ja = "割引" }
intention = { en = "To lighten the bill.", ja = "ご負担を軽くするため。" }
channel = "mail"
topic = "plan"
cost_minor = 500
agent_minutes = 0
supply = 10
eligibility = [{ attribute = "age", is = "at_least", value = 18.0 }]
applicability = [{ attribute = "has_plan", is = "is", value = true }]

[[actions]]
id = "advise"
kind = "advise"
class = "care"
name = { en = "Advise", ja = "助言" }
intention = { en = "The latent need.", ja = "潜在的な悩みのため。" }
channel = "call"
topic = "plan"
cost_minor = 0
agent_minutes = 20
needs_presence = true

[[actions]]
id = "ask_permission"
kind = "ask_permission"
class = "care"
name = { en = "Ask", ja = "お尋ね" }
intention = { en = "To be welcome.", ja = "望まれるため。" }
channel = "mail"
topic = "plan"
cost_minor = 0
agent_minutes = 0

[[actions]]
id = "listen"
kind = "listen"
class = "care"
name = { en = "Listen", ja = "伺う" }
intention = { en = "To hear.", ja = "伺うため。" }
channel = "call"
topic = "plan"
cost_minor = 0
agent_minutes = 10

[[actions]]
id = "ask_time"
kind = "ask_time"
class = "care"
name = { en = "Ask for a time", ja = "ご都合を伺う" }
intention = { en = "Not to disturb.", ja = "お邪魔しないため。" }
channel = "mail"
topic = "plan"
cost_minor = 0
agent_minutes = 0

[[actions]]
id = "hand_on"
kind = "hand_on"
class = "care"
name = { en = "Hand on", ja = "おすそわけ" }
intention = { en = "Where it delights.", ja = "喜ばれる方へ。" }
channel = "mail"
topic = "plan"
cost_minor = 0
agent_minutes = 0
expires_at = "2026-12-01T00:00:00Z"

[[actions]]
id = "bill"
kind = "service"
class = "service"
name = { en = "Bill", ja = "請求書" }
intention = { en = "It is owed.", ja = "お送りすべきもの。" }
channel = "mail"
cost_minor = 80
agent_minutes = 0
applicability = [{ attribute = "bill_due", is = "is", value = true }]
"#;

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// An instant some hours after [`NOW`].
pub(crate) fn hours(hours: i64) -> Timestamp {
    at(NOW) + jiff::SignedDuration::from_hours(hours)
}

pub(crate) fn document() -> Policy {
    Policy::parse(POLICY).unwrap()
}

pub(crate) fn policy(change: impl FnOnce(&mut Policy)) -> ValidPolicy {
    let mut policy = document();
    change(&mut policy);
    policy.validated().unwrap()
}

pub(crate) fn consent(kind: ConsentKind) -> Consent {
    Consent { kind, topic: None, channel: None, granted_at: hours(-100), expires_at: None }
}

/// An effect known within a hair.
pub(crate) fn sure(benefit: f64) -> EffectFact {
    EffectFact { benefit, low: benefit - 0.001, high: benefit + 0.001 }
}

pub(crate) const SOLICITATION: [&str; 6] =
    ["rebate", "advise", "ask_permission", "listen", "ask_time", "hand_on"];

/// Everything in [`SOLICITATION`] that calls for consent to be advised.
pub(crate) const ADVICE: [&str; 2] = ["rebate", "advise"];

pub(crate) fn client() -> ClientFacts {
    let known: ClientFacts = serde_json::from_str(r#"{"client": "c-1"}"#).unwrap();
    ClientFacts {
        zone: Some("Asia/Tokyo".to_owned()),
        consents: vec![consent(ConsentKind::Talk), consent(ConsentKind::Advise)],
        attributes: BTreeMap::from([
            ("age".to_owned(), Attribute::Number(40.0)),
            ("has_plan".to_owned(), Attribute::Flag(true)),
        ]),
        effects: SOLICITATION.iter().map(|id| (id.parse().unwrap(), sure(0.05))).collect(),
        ..known
    }
}

pub(crate) fn situation(change: impl FnOnce(&mut ClientFacts)) -> Situation {
    let mut facts = client();
    change(&mut facts);
    let known = r#"{"decision": "d-1", "now": "2026-11-18T02:00:00Z",
        "record": {"known": "unknown", "client": "c-1"}}"#;
    let situation: Situation = serde_json::from_str(known).unwrap();
    Situation { record: Record::Client { facts: Box::new(facts) }, ..situation }
}

pub(crate) fn candidate<'a>(decision: &'a Decision, id: &str) -> &'a Candidate {
    decision.candidates.iter().find(|c| c.action.as_str() == id).unwrap()
}

pub(crate) fn stop(decision: &Decision, id: &str) -> Option<Stop> {
    match candidate(decision, id).verdict {
        Verdict::Stopped(stop) => Some(stop),
        Verdict::Scored(_) => None,
    }
}

/// The gate and code that stop an action, under the plain policy.
pub(crate) fn code(situation: &Situation, id: &str) -> Option<(Gate, Code)> {
    stop(&decide(&policy(|_| ()), situation, &KEY), id).map(|stop| (stop.gate, stop.code))
}
