//! Are bodies, headers, tags, keys, limits and languages handled as the standards say?

use axum::body::Body;
use axum::http::Request;
use serde_json::json;
use yorisoi_server::ServerSettings;
use yorisoi_server::settings::Limit;

use crate::support::{Service, settings};

#[tokio::test]
async fn a_body_that_cannot_be_read_names_the_field() {
    let service = Service::open().await;
    let body = json!({ "client": "c-1", "consent": "shout", "source": "words" });
    let answer = service.post("service", "/v1/consents", &body).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (400, "request.body"));
    assert!(answer.json()["detail"].as_str().unwrap().starts_with("`consent`: "), "{answer:?}");
    assert_eq!(answer.header("content-type"), "application/problem+json");
}

#[tokio::test]
async fn a_problem_has_every_member_and_carries_the_request_id() {
    let service = Service::open().await;
    let request = Request::get("/v1/nothing").header("x-request-id", "req-77");
    let answer = service.send(request.body(Body::empty()).unwrap()).await;
    let problem = answer.json();
    assert_eq!(answer.header("x-request-id"), "req-77");
    assert_eq!(problem["type"], "urn:yorisoi:problem:request.not_found");
    assert_eq!(problem["status"], 404);
    assert_eq!(problem["instance"], "urn:yorisoi:request:req-77");
    assert!(problem["title"].is_string() && problem["detail"].is_string());
    assert!(problem["words"]["ja"].is_string());
}

#[tokio::test]
async fn a_request_id_that_could_spoil_the_log_is_replaced() {
    let service = Service::open().await;
    for given in ["taro@example.jp", "a b", ""] {
        let request = Request::get("/healthz").header("x-request-id", given);
        let answer = service.send(request.body(Body::empty()).unwrap()).await;
        assert!(answer.header("x-request-id").starts_with("req-"), "{given}");
    }
}

#[tokio::test]
async fn problems_speak_the_callers_language() {
    let service = Service::open().await;
    for (language, expected) in
        [("ja", "このアドレスには何もありません"), ("en", "there is nothing")]
    {
        let request = Request::get("/v1/nothing").header("accept-language", language);
        let answer = service.send(request.body(Body::empty()).unwrap()).await;
        let title = answer.json()["title"].as_str().unwrap().to_owned();
        assert!(title.starts_with(expected), "{title}");
    }
}

#[tokio::test]
async fn wrong_methods_types_and_sizes_are_problems_too() {
    let service = Service::with(ServerSettings { body_bytes_max: 1_000, ..settings() }).await;
    let answer = service.ask("service", "DELETE", "/v1/consents", None).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (405, "request.method"));
    assert_eq!(answer.header("allow"), "POST");
    let request = service.request("service", "POST", "/v1/consents");
    let request = request.header("content-type", "text/plain").body(Body::from("{}")).unwrap();
    // Two types: the first one counts, and it is JSON.
    assert_eq!(service.send(request).await.code(), "request.body");
    let plain = Request::post("/v1/consents")
        .header("authorization", format!("Bearer {}", service.tokens["service"]))
        .header("content-type", "text/plain");
    let answer = service.send(plain.body(Body::from("{}")).unwrap()).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (415, "request.media_type"));
    let large = json!({ "client": "c".repeat(2_000) });
    let answer = service.post("service", "/v1/consents", &large).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (413, "request.too_large"));
}

#[tokio::test]
async fn parameters_that_cannot_be_read_are_named() {
    let service = Service::open().await;
    for path in ["/v1/clients?limit=many", "/v1/clients?colour=red", "/v1/audit?limit=-1"] {
        let who = if path.contains("audit") { "privacy" } else { "service" };
        let answer = service.get(who, path).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (400, "request.parameter"));
    }
    let answer = service.get("lead", "/v1/clients/%E2%80%AEevil").await;
    assert_eq!(answer.status, 400, "a mark that turns the direction of writing is no name");
}

#[tokio::test]
async fn a_key_gives_the_same_bytes_and_refuses_another_body() {
    let service = Service::open().await;
    service.add_client("c-1").await;
    let send = async |path: &str, body: &str| {
        let request = service.request("service", "POST", path).header("idempotency-key", "k-1");
        service.send(request.body(Body::from(body.to_owned())).unwrap()).await
    };
    let first = send("/v1/decisions", r#"{"client":"c-1"}"#).await;
    assert_eq!(first.status, 200, "{}", first.json());
    service.clock.pass_minutes(3);
    let again = send("/v1/decisions", r#"{"client":"c-1"}"#).await;
    assert_eq!(first.bytes, again.bytes);
    let other = send("/v1/decisions", r#"{"client":"c-1","initiative":"clients"}"#).await;
    assert_eq!((other.status.as_u16(), other.code().as_str()), (422, "idempotency.key_reused"));
    let elsewhere = send("/v1/exits", r#"{"client":"c-1"}"#).await;
    assert_eq!(elsewhere.status, 201, "a key is for one kind of act: {}", elsewhere.json());
}

#[tokio::test]
async fn a_key_of_one_token_means_nothing_to_another() {
    let service = Service::open().await;
    service.add_client("c-1").await;
    let send = async |who: &str| {
        let request = service.request(who, "POST", "/v1/notes").header("idempotency-key", "k-2");
        let body = json!({ "client": "c-1", "text": format!("from {who}") }).to_string();
        service.send(request.body(Body::from(body)).unwrap()).await
    };
    assert_eq!(send("agent").await.status, 201);
    assert_eq!(send("service").await.status, 201);
}

#[tokio::test]
async fn a_bad_key_is_refused() {
    let service = Service::open().await;
    let long = "k".repeat(201);
    for key in ["", long.as_str()] {
        let request =
            service.request("service", "POST", "/v1/exits").header("idempotency-key", key);
        let answer = service.send(request.body(Body::from(r#"{"client":"c-1"}"#)).unwrap()).await;
        assert_eq!(answer.code(), "request.parameter");
    }
}

#[tokio::test]
async fn tags_spare_reading_and_guard_changing() {
    let service = Service::open().await;
    service.add_client("c-1").await;
    let read = service.get("service", "/v1/clients/c-1/record").await;
    let tag = read.header("etag").to_owned();
    assert!(tag.starts_with("\"v"), "{tag}");
    let known =
        service.request("service", "GET", "/v1/clients/c-1/record").header("if-none-match", &tag);
    let known = service.send(known.body(Body::empty()).unwrap()).await;
    assert_eq!((known.status.as_u16(), known.bytes.len()), (304, 0));
    let change = async |tag: &str| {
        let request = service.request("service", "PATCH", "/v1/clients/c-1");
        let request =
            request.header("if-match", tag).body(Body::from(r#"{"zone":"Europe/Paris"}"#));
        service.send(request.unwrap()).await
    };
    let changed = change(&tag).await;
    assert_eq!(changed.status, 200, "{}", changed.json());
    assert_ne!(changed.header("etag"), tag);
    let stale = change(&tag).await;
    assert_eq!((stale.status.as_u16(), stale.code().as_str()), (412, "changed"));
    assert_eq!(change("nonsense").await.code(), "request.parameter");
}

#[tokio::test]
async fn a_policy_is_tagged_and_published_only_over_the_one_that_was_read() {
    let service = Service::open().await;
    let live = service.get("lead", "/v1/policies/live").await;
    let tag = live.header("etag").to_owned();
    let known = service.request("lead", "GET", "/v1/policies/live").header("if-none-match", &tag);
    assert_eq!(service.send(known.body(Body::empty()).unwrap()).await.status, 304);
    let stale = service
        .request("lead", "POST", "/v1/policies/rollback")
        .header("if-match", "\"another\"")
        .body(Body::empty());
    let answer = service.send(stale.unwrap()).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (412, "changed"));
}

#[tokio::test]
async fn lists_are_read_page_by_page_without_gap_or_repetition() {
    let service = Service::open().await;
    let names: Vec<String> = (0..7).map(|k| format!("c-{k}")).collect();
    for name in &names {
        service.add_client(name).await;
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = service.get("service", &format!("/v1/clients?limit=3{cursor}")).await.json();
        for item in page["items"].as_array().unwrap() {
            seen.push(item["client"].as_str().unwrap().to_owned());
        }
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={}", next.replace('+', "%2B")),
            None => break,
        }
    }
    seen.sort();
    assert_eq!(seen, names);
}

#[tokio::test]
async fn a_token_that_asks_too_often_waits_and_others_do_not() {
    let limited = ServerSettings {
        requests_per_second: Limit(Some(1)),
        requests_burst: 5,
        unauthenticated_per_second: Limit(Some(1)),
        ..settings()
    };
    let service = Service::with(limited).await;
    for _ in 0..5 {
        assert_eq!(service.get("agent", "/v1/me").await.status, 200);
    }
    let refused = service.get("agent", "/v1/me").await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (429, "request.rate"));
    assert_eq!(refused.header("retry-after"), "1");
    assert_eq!(service.get("service", "/v1/me").await.status, 200);
    let guesses = 0..10;
    let mut statuses = Vec::new();
    for _ in guesses {
        statuses.push(service.get("nobody", "/v1/me").await.status.as_u16());
    }
    assert!(statuses.contains(&401) && statuses.ends_with(&[429]), "{statuses:?}");
}

#[tokio::test]
async fn other_origins_are_let_in_only_if_named() {
    let preflight = |origin: &str| {
        Request::options("/v1/decisions")
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .body(Body::empty())
            .unwrap()
    };
    let closed = Service::with(settings()).await;
    let answer = closed.send(preflight("https://a.example")).await;
    assert_eq!(answer.header("access-control-allow-origin"), "");
    let named = vec!["https://a.example".to_owned()];
    let open = Service::with(ServerSettings { cors_origins: named, ..settings() }).await;
    let answer = open.send(preflight("https://a.example")).await;
    assert_eq!(answer.header("access-control-allow-origin"), "https://a.example");
    let answer = open.send(preflight("https://b.example")).await;
    assert_eq!(answer.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn health_and_metrics_tell_the_state_and_name_nobody() {
    let service = Service::open().await;
    service.add_client("c-marked").await;
    assert_eq!(service.get("nobody", "/healthz").await.json()["service"], "alive");
    assert_eq!(service.get("nobody", "/readyz").await.json()["state"], "ready");
    let text = String::from_utf8(service.get("nobody", "/metrics").await.bytes).unwrap();
    assert!(text.contains("yorisoi_ledger_state{state=\"ready\"} 1"), "{text}");
    assert!(text.contains("operation=\"add_client\",status=\"201\""), "{text}");
    assert!(!text.contains("c-marked"));
}

#[tokio::test]
async fn readiness_tells_how_the_clock_stands() {
    let service = Service::open().await;
    let told = async || {
        let answer = service.get("nobody", "/readyz").await;
        (answer.status.as_u16(), answer.json())
    };
    service.clock.pass_minutes(-60);
    let (status, back) = told().await;
    assert_eq!((status, back["state"].as_str()), (503, Some("clock_back")), "{back}");
    assert_eq!(
        (&back["now"], &back["newest_at"]),
        (&json!("2026-11-18T01:00:00Z"), &json!("2026-11-18T02:00:00Z"))
    );
    service.clock.pass_minutes(60);
    assert_eq!(told().await, (200, json!({ "state": "ready" })));
    // So long no house is silent: it can be used, but somebody should look at the clock.
    service.clock.pass_minutes(40 * 24 * 60);
    service.add_client("c-1").await;
    let (status, ahead) = told().await;
    assert_eq!((status, ahead["state"].as_str()), (200, Some("clock_ahead")), "{ahead}");
    assert_eq!(ahead["jumps"][0]["to"], "2026-12-28T02:00:00Z");
}
