//! Does what somebody else worked out come in, and does a plan of it go out, each of them once?

use axum::body::Body;
use serde_json::{Value, json};

use crate::support::{Answer, Service};

async fn sent(service: &Service, who: &str, path: &str, (key, body): (&str, &Value)) -> Answer {
    let request = service.request(who, "POST", path).header("idempotency-key", key);
    service.send(request.body(Body::from(body.to_string())).unwrap()).await
}

fn effects(benefit: f64) -> Value {
    let fact = json!({ "benefit": benefit, "low": benefit - 0.05, "high": benefit + 0.05 });
    json!({ "client": "c-1", "effects": { "points": fact } })
}

#[tokio::test]
async fn effects_from_elsewhere_are_recorded_once_and_decide() {
    let service = Service::open().await;
    service.add_client("c-1").await;
    let (path, given) = ("/v1/effects", effects(0.2));
    let first = sent(&service, "service", path, ("k-1", &given)).await;
    assert_eq!((first.status.as_u16(), &first.json()["client"]), (201, &json!("c-1")));
    let again = sent(&service, "service", path, ("k-1", &given)).await;
    assert_eq!((again.status, &again.bytes), (first.status, &first.bytes));
    let other = sent(&service, "service", path, ("k-1", &effects(0.3))).await;
    assert_eq!((other.status.as_u16(), other.code().as_str()), (422, "idempotency.key_reused"));
    let mad =
        json!({ "client": "c-1", "effects": { "points": { "benefit": 1, "low": 2, "high": 3 } } });
    assert_eq!(service.post("service", path, &mad).await.status, 422);

    let ask = json!({ "client": "c-1", "dry": true });
    let decided = service.post("service", "/v1/decisions", &ask).await.json();
    assert_eq!(decided["decision"]["effect_source"], json!({ "from": "given" }), "{decided}");
}

#[tokio::test]
async fn a_plan_sent_twice_is_drafted_once() {
    let service = Service::open().await;
    for client in ["c-1", "c-2", "c-3"] {
        service.add_client(client).await;
    }
    let (path, ask) = ("/v1/policies/plan", json!({ "minutes": 60 }));
    let first = sent(&service, "lead", path, ("k-1", &ask)).await;
    assert_eq!(first.status, 201, "{first:?}");
    let plan = first.json();
    assert_eq!((&plan["clients"], &plan["draft"]["state"]), (&json!(3), &json!("draft")));
    assert!(plan["minutes"].as_f64().unwrap() <= 60.0, "{plan}");
    let again = sent(&service, "lead", path, ("k-1", &ask)).await;
    assert_eq!((again.status, &again.bytes), (first.status, &first.bytes));
    let other = sent(&service, "lead", path, ("k-1", &json!({ "minutes": 61 }))).await;
    assert_eq!((other.status.as_u16(), other.code().as_str()), (422, "idempotency.key_reused"));
    // A draft of somebody's own, which somebody else publishes.
    let fingerprint = plan["draft"]["fingerprint"].as_str().unwrap();
    let publish = format!("/v1/policies/{fingerprint}/publish");
    let refused = service.ask("lead", "POST", &publish, None).await;
    assert_eq!(refused.code(), "policy.same_person");
    assert_eq!(service.ask("lead2", "POST", &publish, None).await.status, 200);
}
