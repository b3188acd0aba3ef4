//! Can another program tell what was delivered though the client has said no since, and nothing more than that?

use serde_json::{Value, json};

use crate::support::{Answer, POLICY, Service, settings};

/// A service without chance: nobody is held out, and nothing explored. Its one client has had no rebate yet.
async fn open() -> Service {
    let service = Service::with(settings()).await;
    let policy = POLICY.replace("share = 0.05", "share = 0.0").replace("rate = 0.05", "rate = 0.0");
    assert_ne!(policy, POLICY);
    service.publish(&policy).await;
    service.add_client("c-1").await;
    let attributes = json!({ "attributes": { "rebate_given": false } });
    let changed = service.ask("service", "PATCH", "/v1/clients/c-1", Some(&attributes)).await;
    assert_eq!(changed.status, 200, "{}", changed.json());
    service
}

/// Reserves a rebate for `c-1`, whatever it is worth elsewhere.
async fn reserved(service: &Service) -> Value {
    let sure = json!({ "benefit": 0.5, "low": 0.4, "high": 0.6 });
    let ask = json!({ "client": "c-1", "only": ["rebate"], "effects": { "rebate": sure } });
    let answer = service.post("service", "/v1/decisions", &ask).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    answer.json()
}

async fn spent(service: &Service) -> (Value, Value) {
    let capacity = service.get("lead", "/v1/capacity").await.json();
    let rows = capacity["supply"].as_array().unwrap();
    let rebate = rows.iter().find(|row| row["action"] == "rebate").unwrap();
    (rebate["used"].clone(), capacity["spent_minor"].clone())
}

fn is_ended(answer: &Answer) {
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (409, "decision.ended"));
}

#[tokio::test]
async fn what_was_delivered_before_a_refusal_is_told_after_it_and_opens_no_way() {
    let service = open().await;
    let answer = reserved(&service).await;
    assert!(answer["reserved_until"].is_string(), "{answer}");
    let id = answer["decision"]["id"].as_str().unwrap().to_owned();
    assert_eq!(spent(&service).await, (1.into(), 6_000.into()));
    service.clock.pass_minutes(10);
    let attempt = json!({ "client": "c-1", "decision": id, "action": "rebate", "reached": true });
    assert_eq!(service.post("service", "/v1/attempts", &attempt).await.status, 201);
    service.clock.pass_minutes(10);
    let no = json!({ "client": "c-1", "topic": "plan", "source": "words" });
    assert_eq!(service.post("service", "/v1/refusals", &no).await.status, 201);
    assert_eq!(spent(&service).await, (0.into(), 0.into()));

    for act in ["carry-out", "give"] {
        let path = format!("/v1/decisions/{id}/{act}");
        is_ended(&service.post("service", &path, &json!({})).await);
    }
    let told = |at: Option<&str>| json!({ "decision": id, "at": at });
    is_ended(&service.post("service", "/v1/deliveries", &told(None)).await);
    // Neither before it was decided, nor tomorrow.
    for wrong in ["2026-11-18T01:59:00Z", "2026-11-19T02:00:00Z", "yesterday"] {
        let answer = service.post("service", "/v1/deliveries", &told(Some(wrong))).await;
        let is_refused = matches!(answer.status.as_u16(), 400 | 422);
        assert!(is_refused, "{wrong}: {}", answer.json());
    }
    let at = told(Some("2026-11-18T11:11:00+09:00"));
    let first = service.post("service", "/v1/deliveries", &at).await;
    assert_eq!(first.status, 201, "{}", first.json());
    is_ended(&service.post("service", "/v1/deliveries", &at).await);
    assert_eq!(spent(&service).await, (1.into(), 6_000.into()));
    let known = service.get("service", &format!("/v1/decisions/{id}")).await.json();
    assert_eq!((&known["state"], &known["landing"]), (&"carried_out".into(), &Value::Null));
    let entries = service.get("privacy", "/v1/audit?kind=delivered").await.json();
    let body = &entries["items"][0]["body"];
    assert_eq!(body["at"], "2026-11-18T02:11:00Z", "{body}");
    assert_eq!(body["late"]["when"], "while_kept", "{body}");
    // The refusal stands.
    let again = reserved(&service).await;
    assert_eq!(again["suppressed"]["code"], "refusal.topic", "{again}");
    assert_eq!(again["reserved_until"], Value::Null);
}

#[tokio::test]
async fn what_was_delivered_after_a_refusal_is_a_nuisance() {
    let service = open().await;
    let id = reserved(&service).await["decision"]["id"].as_str().unwrap().to_owned();
    let no = json!({ "client": "c-1", "source": "words" });
    assert_eq!(service.post("service", "/v1/refusals", &no).await.status, 201);
    service.clock.pass_minutes(30);
    let told = json!({ "decision": id, "at": "2026-11-18T11:20:00+09:00" });
    let answer = service.post("service", "/v1/deliveries", &told).await;
    assert_eq!(answer.status, 201, "{}", answer.json());
    let known = service.get("service", &format!("/v1/decisions/{id}")).await.json();
    assert_eq!((&known["state"], &known["landing"]), (&"carried_out".into(), &"nuisance".into()));
    let entries = service.get("privacy", "/v1/audit?kind=delivered").await.json();
    assert_eq!(entries["items"][0]["body"]["late"]["when"], "after_no");
    let report = service.get("lead", "/v1/landings/report").await.json();
    let rows = report["rows"].as_array().unwrap();
    let rebate = rows.iter().find(|row| row["action"] == "rebate").unwrap();
    assert_eq!(rebate["nuisance"], 1, "{rebate}");
}
