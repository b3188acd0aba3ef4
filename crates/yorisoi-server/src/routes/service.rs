//! Is the service alive and ready, how is it doing, and what can it be asked?

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use yorisoi_app::ClockState;
use yorisoi_ledger::{ClockJump, Health};

use crate::api::openapi;
use crate::api::reply::{Reply, bytes};
use crate::api::{Endpoint, get};
use crate::house::{House, Shared, state_word};

/// The service answers.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Alive {
    /// Always `alive`.
    service: String,
    /// The program's version.
    version: String,
}

/// Whether the service can be used, and if not, why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub(crate) enum Readiness {
    /// The ledger reads and writes.
    Ready,
    /// The same; but entries lie more than a month apart since the service began: the house was silent, or the clock
    /// has jumped ahead.
    ClockAhead {
        /// Between which entries.
        jumps: Vec<ClockJump>,
    },
    /// The clock lies before the newest entry: every decision is to hold until it is set right.
    ClockBack {
        /// What the clock shows.
        now: Timestamp,
        /// The newest entry's time.
        newest_at: Timestamp,
    },
    /// Opening, or folding the projections anew.
    Starting,
    /// The ledger reads; writing fails.
    ReadOnly {
        /// What the store said.
        why: String,
    },
    /// The ledger reads; one write takes so long that all others are refused until it is done.
    Slow {
        /// Seconds it has taken so far.
        seconds: u64,
    },
    /// The ledger reads what can be read; a page of it is damaged, and nothing is written until a backup is brought back.
    Damaged {
        /// What was found.
        why: String,
    },
    /// The ledger does neither.
    Unavailable {
        /// What the store said.
        why: String,
    },
    /// The service answers what is under way, and ends.
    Stopping,
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        get("/healthz", "healthz")
            .summary("Ask whether the process answers")
            .open()
            .answers::<Alive>(200)
            .runs(alive),
        get("/readyz", "readyz")
            .summary("Ask whether the service can be used; 503 with its state if not")
            .open()
            .answers::<Readiness>(200)
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
    let readiness = readiness(&house);
    let is_ready = matches!(readiness, Readiness::Ready | Readiness::ClockAhead { .. });
    let mut response = Reply::ok(readiness).into_response();
    if !is_ready {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    }
    response
}

/// What stands most in the way, if anything does.
fn readiness(house: &House) -> Readiness {
    if *house.stopping.borrow() {
        return Readiness::Stopping;
    }
    match (house.health(), house.app.clock_state()) {
        (Health::Starting, _) => Readiness::Starting,
        (Health::ReadOnly { why }, _) => Readiness::ReadOnly { why },
        (Health::Slow { seconds }, _) => Readiness::Slow { seconds },
        (Health::Damaged { why }, _) => Readiness::Damaged { why },
        (Health::Unavailable { why }, _) => Readiness::Unavailable { why },
        (Health::Ready, ClockState::Back { now, newest_at }) => {
            Readiness::ClockBack { now, newest_at }
        }
        (Health::Ready, ClockState::Ahead { jumps }) => Readiness::ClockAhead { jumps },
        (Health::Ready, ClockState::Sound) => Readiness::Ready,
    }
}

async fn metrics(State(house): State<Shared>) -> Response {
    let text = house.metrics.text(state_word(&house.health()));
    bytes("text/plain; version=0.0.4; charset=utf-8", text)
}

async fn document(headers: HeaderMap) -> Response {
    let tag = format!("\"{}\"", openapi::fingerprint());
    Reply::ok(openapi::document().clone()).tag(&tag).unless_known(&headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use tower::ServiceExt as _;
    use yorisoi_app::{App, Settings};
    use yorisoi_ledger::Place;

    use crate::ServerSettings;

    #[tokio::test]
    async fn while_it_stops_it_says_so() {
        let app = App::open(&Place::Memory, Settings::default()).unwrap();
        let house = House::new(app, ServerSettings::default());
        let ask = async || {
            let request = Request::get("/readyz").body(Body::empty()).unwrap();
            let (parts, body) = crate::router(&house).oneshot(request).await.unwrap().into_parts();
            let bytes = to_bytes(body, 10_000).await.unwrap();
            (parts.status.as_u16(), String::from_utf8(bytes.to_vec()).unwrap())
        };
        assert_eq!(ask().await, (200, r#"{"state":"ready"}"#.to_owned()));
        house.stopping.send_replace(true);
        assert_eq!(ask().await, (503, r#"{"state":"stopping"}"#.to_owned()));
    }
}
