//! What is answered while the ledger is away?

#![expect(clippy::disallowed_methods, reason = "a server that starts takes real time")]

#[path = "../../../yorisoi-ledger/tests/common/server.rs"]
#[expect(dead_code, reason = "the ledger's own tests share one server, and this one stops its own")]
mod server;

use serde_json::{Value, json};
use yorisoi_ledger::{Ledger, Place};

use crate::support::{POLICY, Service, settings};
use server::Server;

/// Why an answer says to hold, and whether it was kept.
fn held(answer: &Value) -> (Option<&str>, Option<bool>) {
    (answer["decision"]["hold"]["code"].as_str(), answer["committed"].as_bool())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_was_known_is_told_to_hold_and_nothing_else_is_answered() {
    let server = Server::start();
    let folder = std::env::temp_dir().join(format!("yorisoi-away-{}", std::process::id()));
    let place = Place::Postgres { url: server.new_database(), folder: folder.clone() };
    let service = Service::over(Ledger::open(&place).unwrap(), settings()).await;
    service.publish(POLICY).await;
    service.add_client("c-1").await;
    assert_eq!(service.get("analyst", "/v1/me").await.status, 200);

    server.stop();
    // Longer than anybody is known without looking.
    service.clock.pass_minutes(1);
    let unavailable = (Some("consent.unavailable"), Some(false));
    let ask = json!({ "client": "c-1" });
    let answer = service.post("service", "/v1/decisions", &ask).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    assert_eq!(held(&answer.json()), unavailable);
    let asks = json!({ "asks": [ask, { "client": "c-2", "dry": true }] });
    let answer = service.post("service", "/v1/decisions/batch", &asks).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    let answer = answer.json();
    let items = answer["items"].as_array().unwrap();
    assert_eq!(
        items.iter().map(|item| held(&item["answer"])).collect::<Vec<_>>(),
        [unavailable, unavailable]
    );
    // Their rights are those they had; who was never seen is nobody, and nothing is done for anybody.
    assert_eq!(service.post("analyst", "/v1/decisions", &ask).await.code(), "caller.forbidden");
    let refusal = json!({ "client": "c-1", "source": "words" });
    for (who, path, body) in [
        ("agent_b", "/v1/decisions", &ask),
        ("service", "/v1/refusals", &refusal),
        ("service", "/v1/decisions/d-1/carry-out", &json!({})),
    ] {
        let answer = service.post(who, path, body).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (503, "ledger.unavailable"));
    }
    // A service that runs finds it out by itself, when it sweeps.
    assert_eq!(service.app.sweep().await.unwrap_err().status(), 503);
    assert_eq!(service.get("nobody", "/readyz").await.json()["state"], "unavailable");
    // A token may have been revoked elsewhere meanwhile: after a quarter of an hour it is not taken on trust.
    service.clock.pass_minutes(14);
    assert_eq!(service.post("service", "/v1/decisions", &ask).await.status, 503);
    drop(service);
    std::fs::remove_dir_all(folder).unwrap();
}
