//! Is a decision the same, to the byte, wherever it is made?
//!
//! Decisions are asked for over HTTP; what each looked at is read back through the export of a person; and the library
//! makes it again from the text. Both texts lie in `tests/decisions`, where the command line's and Python's tests meet
//! them. The files are rewritten by `YORISOI_WRITE_DECISIONS=1 cargo test -p yorisoi-server same_everywhere` and
//! checked by every other run.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};
use yorisoi_app::{App, CountedIds, FixedClock};
use yorisoi_decision::{
    ClientFacts, DecisionKey, HoldoutArm, Policy, Situation, ValidPolicy, arm_of, decide,
};
use yorisoi_ledger::{Ledger, Place};
use yorisoi_server::app_router;

use crate::support::{NOON, POLICY, Service, settings, tokens};

/// One question over HTTP, and what it left behind.
struct Asked {
    name: &'static str,
    /// The body of the answer.
    body: String,
    /// What the decision looked at, as recorded.
    situation: String,
}

/// A service all of whose names and secrets are the same in every run.
async fn counted() -> Service {
    let ledger = Ledger::open(&Place::Memory).unwrap();
    let clock = Arc::new(FixedClock::at(NOON.parse().unwrap()));
    let app = App::new(ledger, clock.clone(), Arc::new(CountedIds::default()), settings().app());
    let tokens = tokens(&app).await;
    let service = Service { router: app_router(app.clone(), settings()), app, clock, tokens };
    service.publish(POLICY).await;
    service
}

impl Service {
    /// A client of the carrier who is given none of its offers yet.
    async fn add(&self, client: &str, attributes: &Value, consents: &[&str]) {
        let mut known = json!({
            "age": 40.5, "points_given": false, "rebate_given": false, "plan_review_given": false,
        });
        known.as_object_mut().unwrap().extend(attributes.as_object().unwrap().clone());
        let body = json!({ "client": client, "zone": "Asia/Tokyo", "attributes": known });
        self.recorded("/v1/clients", &body).await;
        for consent in consents {
            let body = json!({ "client": client, "consent": consent, "source": "words" });
            self.recorded("/v1/consents", &body).await;
        }
    }

    async fn recorded(&self, path: &str, body: &Value) {
        let answer = self.post("service", path, body).await;
        assert_eq!(answer.status, 201, "{}", answer.json());
    }

    /// Asks for a decision, and reads what it looked at from the export of the person.
    async fn decide(&self, name: &'static str, ask: &Value) -> Asked {
        let answer = self.post("service", "/v1/decisions", ask).await;
        assert_eq!(answer.status, 200, "{}", answer.json());
        let id = answer.json()["decision"]["id"].clone();
        let path = format!("/v1/clients/{}/export", ask["client"].as_str().unwrap());
        let export = self.get("privacy", &path).await.json();
        let entries = export["entries"].as_array().unwrap().clone();
        let mut of_it = entries.iter().filter(|it| it["entry"]["body"]["decision"]["id"] == id);
        let situation = of_it.next().unwrap()["personal"]["text"].as_str().unwrap().to_owned();
        Asked { name, body: String::from_utf8(answer.bytes).unwrap(), situation }
    }
}

/// The first name that the key holds out.
fn held_out(policy: &ValidPolicy, key: &DecisionKey) -> String {
    let mut names = (0..1_000).map(|k| format!("held-out-{k}"));
    let is_out = |name: &String| {
        let facts: ClientFacts = serde_json::from_value(json!({ "client": name })).unwrap();
        arm_of(&policy.policy().holdout, &facts, key) == HoldoutArm::HeldOut
    };
    names.find(is_out).unwrap()
}

/// Eight questions that go different ways.
async fn asked(service: &Service, policy: &ValidPolicy, key: &DecisionKey) -> Vec<Asked> {
    let (nothing, both) = (json!({}), ["talk", "advise"]);
    let out = held_out(policy, key);
    for client in ["believed", "known", "no-more", "decided", "alone", &out] {
        service.add(client, &nothing, &both).await;
    }
    service.add("stranger", &nothing, &[]).await;
    service.add("billed", &json!({ "bill_due": true }), &[]).await;
    service.recorded("/v1/refusals", &json!({ "client": "no-more", "source": "words" })).await;
    service.recorded("/v1/exits", &json!({ "client": "decided" })).await;
    let gone = service.post("service", "/v1/exits/decided/decide", &json!({})).await;
    assert!(gone.status.is_success(), "{}", gone.json());
    let effects = json!({
        "rebate": { "benefit": 0.31, "low": 0.1 + 0.2, "high": 0.32 },
        "points": { "benefit": -0.05, "low": -0.07, "high": -1.0 / 30.0 },
    });
    let asks = [
        ("belief", json!({ "client": "believed" })),
        ("offer", json!({ "client": "known", "effects": effects })),
        ("refused", json!({ "client": "no-more" })),
        ("let_go", json!({ "client": "decided" })),
        ("holdout", json!({ "client": out, "effects": effects })),
        ("stranger", json!({ "client": "stranger" })),
        ("service", json!({ "client": "billed", "initiative": "clients" })),
        ("stopped", json!({ "client": "alone", "effects": effects, "only": ["points"] })),
    ];
    let mut all = Vec::new();
    for (name, ask) in &asks {
        all.push(service.decide(name, ask).await);
    }
    all
}

/// Compares with a stored file, or writes it where a run asks for that.
#[expect(clippy::disallowed_methods, reason = "a test keeps its own files and is told when")]
fn compare(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    if std::env::var_os("YORISOI_WRITE_DECISIONS").is_some() {
        std::fs::create_dir_all(folder).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == text, "{name} is not what it was:\n{kept}\n{text}");
}

#[tokio::test]
async fn what_http_answers_is_what_the_library_decides_over_the_facts_as_recorded() {
    let service = counted().await;
    let key = service.app.ledger().secret("holdout");
    let digits = key.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    let key = DecisionKey::new(key);
    let policy = Policy::parse(POLICY).unwrap().validated().unwrap();
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/decisions");
    compare(&folder, "key", &format!("{digits}\n"));
    let mut choices = Vec::new();
    for Asked { name, body, situation } in asked(&service, &policy, &key).await {
        let recorded: Situation = serde_json::from_str(&situation).unwrap();
        let decision = decide(&policy, &recorded, &key);
        let text = serde_json::to_string(&decision).unwrap();
        let start = format!("{{\"decision\":{text},\"committed\":true,");
        assert!(body.starts_with(&start), "{name}:\n{body}\n{text}");
        compare(&folder, &format!("{name}.situation.json"), &format!("{situation}\n"));
        compare(&folder, &format!("{name}.decision.json"), &format!("{text}\n"));
        let ghost = decision.ghost.map(|ghost| ghost.action);
        choices.push(json!([name, decision.choice.action, decision.hold.map(|it| it.code), ghost]));
    }
    // They go different ways, or the bytes of one would say little of another.
    let expected = json!([
        ["belief", "plan_review", null, null],
        ["offer", "rebate", null, null],
        ["refused", "hold", "refusal.everything", null],
        ["let_go", "let_go", null, null],
        ["holdout", "hold", "holdout.held_out", "rebate"],
        ["stranger", "hold", "consent.talk_missing", null],
        ["service", "bill", null, null],
        ["stopped", "hold", "suitability.may_harm", null],
    ]);
    assert_eq!(json!(choices), expected);
}
