//! Any bytes as the body of a request, at every address that takes one: answered or refused, never a
//! panic and never a status of 500 or above.
#![no_main]

use std::sync::OnceLock;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use libfuzzer_sys::fuzz_target;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;
use yorisoi_app::{App, Caller, Role, TokenInput};
use yorisoi_ledger::Place;
use yorisoi_server::{ServerSettings, app_router, openapi, settings::Limit};

/// A service in memory, a token for each role, and the addresses that take a body.
struct Service {
    runtime: Runtime,
    router: Router,
    addresses: Vec<(String, String, String)>,
}

fn service() -> &'static Service {
    static SERVICE: OnceLock<Service> = OnceLock::new();
    SERVICE.get_or_init(|| {
        let runtime = Runtime::new().expect("a runtime");
        let settings = ServerSettings { requests_per_second: Limit(None), ..Default::default() };
        let app = App::open(&Place::Memory, settings.app()).expect("a ledger in memory");
        let addresses = runtime.block_on(addresses(&app));
        // The desk's streams live in the runtime.
        let router = runtime.block_on(async { app_router(app, settings) });
        Service { runtime, router, addresses }
    })
}

/// Method, address and a token that may ask there.
async fn addresses(app: &App) -> Vec<(String, String, String)> {
    let first = app.first_token().await.expect("a ledger").expect("a new one");
    let officer = Caller { token: first.token, role: Role::Privacy, team: None, agent: None };
    let mut secrets = vec![("privacy", first.secret)];
    for (name, role) in
        [("lead", Role::Lead), ("analyst", Role::Analyst), ("service", Role::Service)]
    {
        let agent = (role == Role::Lead).then(|| "lead".parse().expect("a name"));
        let input = TokenInput { token: name.to_owned(), role, team: None, agent };
        secrets.push((name, app.issue_token(&officer, input).await.expect("a token").secret));
    }
    let mut all = Vec::new();
    for (path, verbs) in openapi()["paths"].as_object().expect("paths") {
        for (verb, row) in verbs.as_object().expect("verbs") {
            if row["requestBody"].is_null() {
                continue;
            }
            let roles = row["x-roles"].to_string();
            let secret = secrets.iter().find(|(role, _)| roles.contains(role)).expect("a role");
            let path = path.replace(['{', '}'], "");
            all.push((verb.to_uppercase(), path, secret.1.clone()));
        }
    }
    all
}

fuzz_target!(|input: (u8, Vec<u8>)| {
    let (which, body) = input;
    let service = service();
    let (verb, path, secret) = &service.addresses[usize::from(which) % service.addresses.len()];
    let request = Request::builder()
        .method(verb.as_str())
        .uri(path)
        .header(header::AUTHORIZATION, format!("Bearer {secret}"))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body))
        .expect("a request");
    let answer = service.runtime.block_on(service.router.clone().oneshot(request));
    assert!(answer.expect("an answer").status().as_u16() < 500);
});
