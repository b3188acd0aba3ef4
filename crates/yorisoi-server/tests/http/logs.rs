//! Does anything about a person reach the log? Canaries in every place where a person can be named.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::http::Request;
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use crate::support::Service;

/// A log kept in memory.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Kept {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Kept {
    type Writer = Kept;

    fn make_writer(&'a self) -> Kept {
        self.clone()
    }
}

/// Everything that can be logged, in this process, at the finest level.
fn keep_log() -> Kept {
    let kept = Kept::default();
    let log = tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(kept.clone())
        .finish();
    tracing::subscriber::set_global_default(log).expect("nobody else keeps a log in these tests");
    kept
}

#[tokio::test]
async fn no_canary_reaches_the_log() {
    let log = keep_log();
    let service = Service::open().await;
    let body = json!({
        "client": "canary-id", "team": "a", "zone": "Asia/Tokyo",
        "name": "Canary Taro", "addresses": { "mail": "canary@example.jp" },
        "aliases": ["canary-alias"], "attributes": { "city": "canary-city" },
    });
    assert_eq!(service.post("service", "/v1/clients", &body).await.status, 201);
    let words = json!({ "client": "canary-id", "topic": "plan", "words": "canary-words" });
    assert_eq!(service.post("agent", "/v1/needs/stated", &words).await.status, 201);
    let asked = json!({ "client": "canary-id" });
    assert_eq!(service.post("service", "/v1/decisions", &asked).await.status, 200);
    // Refusals, too: unknown names, bodies that cannot be read, parameters.
    service.get("agent", "/v1/clients/canary-nobody").await;
    service.get("agent", "/v1/clients?text=canary-search").await;
    service.get("agent", "/v1/canary-nowhere?q=canary-query").await;
    service.post("service", "/v1/consents", &json!({ "client": 7, "canary-field": 1 })).await;
    let guess = Request::get("/v1/me").header("authorization", "Bearer canary-secret");
    service.send(guess.body(Body::empty()).unwrap()).await;
    service.ask("privacy", "POST", "/v1/clients/canary-id/erase", None).await;
    let text = log.text();
    assert!(text.contains("\"operation\":\"add_client\""), "the log is empty: {text}");
    assert!(text.contains("\"status\":401"));
    let found: Vec<&str> =
        text.lines().filter(|line| line.to_lowercase().contains("canary")).collect();
    assert!(found.is_empty(), "{found:#?}");
    for secret in service.tokens.values() {
        assert!(!text.contains(secret.as_str()));
    }
}
