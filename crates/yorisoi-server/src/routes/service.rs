//! Is the service alive and ready, how is it doing, and what can it be asked?

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use yorisoi_ledger::Health;

use crate::api::openapi;
use crate::api::reply::{Reply, bytes};
use crate::api::{Endpoint, get};
use crate::house::{Shared, state_word};

/// The service answers.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Alive {
    /// Always `alive`.
    service: String,
    /// The program's version.
    version: String,
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        get("/healthz", "healthz")
            .summary("Ask whether the process answers")
            .open()
            .answers::<Alive>(200)
            .runs(alive),
        get("/readyz", "readyz")
            .summary("Ask whether the ledger can be used; 503 with its state if not")
            .open()
            .answers::<Health>(200)
            .runs(ready),
        get("/metrics", "metrics")
            .summary("Read counters and latencies, for Prometheus")
            .open()
            .answers_raw(200, "text/plain")
            .runs(metrics),
        get("/openapi.json", "openapi")
            .summary("Read this document")
            .open()
            .tagged()
            .answers::<Value>(200)
            .runs(document),
    ]
}

async fn alive() -> Reply<Alive> {
    let version = env!("CARGO_PKG_VERSION").to_owned();
    Reply::ok(Alive { service: "alive".to_owned(), version })
}

async fn ready(State(house): State<Shared>) -> Response {
    let health = house.health();
    let is_ready = health.is_ready() && !*house.stopping.borrow();
    let mut response = Reply::ok(health).into_response();
    if !is_ready {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    }
    response
}

async fn metrics(State(house): State<Shared>) -> Response {
    let text = house.metrics.text(state_word(&house.health()));
    bytes("text/plain; version=0.0.4; charset=utf-8", text)
}

async fn document(headers: HeaderMap) -> Response {
    let tag = format!("\"{}\"", openapi::fingerprint());
    Reply::ok(openapi::document().clone()).tag(&tag).unless_known(&headers)
}
