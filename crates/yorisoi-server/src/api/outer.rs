//! What surrounds every answer? A request id, one line of log, a latency, a limit of time, and refusals
//! written out as problems.
//!
//! The line of log holds method, operation, status, latency, role and token name. It never holds a
//! path, a parameter or a body, because names of clients travel in all three.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::api::gate::{Asked, Operation};
use crate::house::{Shared, monotonic};
use crate::problem::{PROBLEM_JSON, Problem, prefers_japanese};

/// The header that carries the request's id, both ways.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id that is taken over from a caller, in bytes.
const ID_BYTES_MAX: usize = 64;

/// Surrounds a request.
pub(crate) async fn surround(
    State(house): State<Shared>,
    request: Request,
    next: Next,
) -> Response {
    let began = monotonic();
    let _in_flight = house.metrics.enter();
    let id = request_id(request.headers(), &house);
    let method = request.method().clone();
    let in_japanese = prefers_japanese(request.headers());
    let patience = Duration::from_secs(u64::from(house.settings.request_timeout_s));
    let response = match tokio::time::timeout(patience, next.run(request)).await {
        Ok(response) => response,
        Err(_) => too_slow().into_response(),
    };
    let operation =
        response.extensions().get::<Operation>().map_or("none", |operation| operation.0);
    let asked = response.extensions().get::<Asked>().cloned();
    let code = response.extensions().get::<Problem>().map(|problem| problem.code);
    if let Some(broken) = response.extensions().get::<yorisoi_desk::Broken>() {
        tracing::error!(request = %id, code = broken.code, error = %broken.why, "a use case failed");
    }
    let mut response = written_out(response, &id, in_japanese);
    decorate(response.headers_mut(), &id);
    let (status, took) = (response.status().as_u16(), began.elapsed());
    house.metrics.answered(operation, status, took);
    tracing::info!(
        request = %id,
        method = method.as_str(),
        operation,
        status,
        code,
        micros = took.as_micros() as u64,
        role = asked.as_ref().map(|asked| asked.0.role.as_str()),
        token = asked.as_ref().map(|asked| asked.0.token.as_str()),
        "answered"
    );
    response
}

/// The caller's id if it is one, or a new one.
fn request_id(headers: &HeaderMap, house: &Shared) -> String {
    let given = headers.get(&REQUEST_ID).and_then(|value| value.to_str().ok());
    match given.filter(|id| is_request_id(id)) {
        Some(id) => id.to_owned(),
        None => house.request_name(),
    }
}

/// Letters, digits and a few marks: nothing that could break a line of log or look like an address.
fn is_request_id(id: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
    (1..=ID_BYTES_MAX).contains(&id.len()) && id.bytes().all(fits)
}

fn too_slow() -> Problem {
    let words = (
        "the answer took too long and was given up",
        "時間がかかりすぎたため、処理の待機を打ち切りました",
    );
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "request.timeout", words)
        .detail("it may or may not have been recorded; repeat it with the same `Idempotency-Key`")
        .retry_after_s(1)
}

/// Every refusal as a problem, those of the framework too.
fn written_out(response: Response, id: &str, in_japanese: bool) -> Response {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let kind = response.headers().get(header::CONTENT_TYPE);
    let is_page = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let is_written = kind.is_some_and(|kind| kind.as_bytes() == PROBLEM_JSON.as_bytes())
        // Health and readiness say more in their own words.
        || kind.is_some_and(|kind| kind.as_bytes() == b"application/json");
    let problem = response.extensions().get::<Problem>().cloned();
    if problem.is_none() && (is_page || is_written) {
        return response;
    }
    let problem = problem.unwrap_or_else(|| Problem::of_status(status));
    let mut rendered = problem.rendered(id, in_japanese);
    if let Some(allow) = response.headers().get(header::ALLOW) {
        rendered.headers_mut().insert(header::ALLOW, allow.clone());
    }
    rendered
}

fn decorate(headers: &mut HeaderMap, id: &str) {
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in fixed {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

/// What a handler that panicked answers. The panic itself is in the log.
pub(crate) fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> Response {
    tracing::error!("a handler panicked");
    Problem::internal().into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_ids_are_taken_over() {
        assert!(is_request_id("0f8fad5b-d9cb-469f-a165-70867728950e"));
        assert!(!is_request_id(""));
        assert!(!is_request_id("a b"));
        assert!(!is_request_id("taro@example.jp"));
        assert!(!is_request_id(&"a".repeat(65)));
    }
}
