//! A service in memory to be asked, with a token for each role.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use yorisoi_app::{App, Caller, FixedClock, Role, SystemIds, TokenInput};
use yorisoi_ledger::{Ledger, Place};
use yorisoi_server::settings::Limit;
use yorisoi_server::{ServerSettings, app_router};

/// A weekday at eleven in the morning in Tokyo, when calls are allowed.
pub(crate) const NOON: &str = "2026-11-18T02:00:00Z";

/// The policy that the project documents for a carrier.
pub(crate) const POLICY: &str = include_str!("../../../../docs/policies/carrier.toml");

/// A service, its tokens and its clock.
pub(crate) struct Service {
    pub(crate) app: App,
    pub(crate) router: Router,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) tokens: BTreeMap<&'static str, String>,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|_| panic!("no JSON: {}", String::from_utf8_lossy(&self.bytes)))
    }

    pub(crate) fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// Settings for tests: no limits of rate.
pub(crate) fn settings() -> ServerSettings {
    ServerSettings {
        requests_per_second: Limit(None),
        unauthenticated_per_second: Limit(None),
        ..ServerSettings::default()
    }
}

impl Service {
    /// A service without a policy, with settings.
    pub(crate) async fn with(settings: ServerSettings) -> Self {
        Self::over(Ledger::open(&Place::Memory).unwrap(), settings).await
    }

    /// A service without a policy over a new ledger, with settings.
    pub(crate) async fn over(ledger: Ledger, settings: ServerSettings) -> Self {
        let clock = Arc::new(FixedClock::at(NOON.parse().unwrap()));
        let ids = Arc::new(SystemIds::default());
        let app = App::new(ledger, clock.clone(), ids, settings.app());
        let tokens = tokens(&app).await;
        Self { router: app_router(app.clone(), settings), app, clock, tokens }
    }

    /// A service over a ledger that was served before, with the tokens it had and its clock.
    pub(crate) fn again(
        place: &Place,
        tokens: &BTreeMap<&'static str, String>,
        clock: &Arc<FixedClock>,
    ) -> Self {
        let (ledger, ids) = (Ledger::open(place).unwrap(), Arc::new(SystemIds::default()));
        let app = App::new(ledger, clock.clone(), ids, settings().app());
        let router = app_router(app.clone(), settings());
        Self { app, router, clock: clock.clone(), tokens: tokens.clone() }
    }

    /// A service that decides by the carrier's policy, with one client who consented to everything.
    pub(crate) async fn open() -> Self {
        let service = Self::with(settings()).await;
        service.publish(POLICY).await;
        service
    }

    /// Publishes a policy, drafted by one lead and published by another.
    pub(crate) async fn publish(&self, document: &str) {
        let body = json!({ "document": document, "why": "a test" });
        let draft = self.post("lead", "/v1/policies", &body).await;
        assert_eq!(draft.status, 201, "{}", draft.json());
        let path =
            format!("/v1/policies/{}/publish", draft.json()["fingerprint"].as_str().unwrap());
        let published = self.ask("lead2", "POST", &path, None).await;
        assert_eq!(published.status, 200, "{}", published.json());
    }

    /// Adds a client of team `a` who may be talked to and advised.
    pub(crate) async fn add_client(&self, client: &str) {
        let body = json!({
            "client": client, "team": "a", "zone": "Asia/Tokyo", "attributes": { "age": 40.0 },
        });
        let added = self.post("service", "/v1/clients", &body).await;
        assert_eq!(added.status, 201, "{}", added.json());
        for consent in ["talk", "advise"] {
            let body = json!({ "client": client, "consent": consent, "source": "words" });
            let recorded = self.post("service", "/v1/consents", &body).await;
            assert_eq!(recorded.status, 201, "{}", recorded.json());
        }
    }

    /// Asks as a role.
    pub(crate) async fn ask(
        &self,
        who: &str,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(secret) = self.tokens.get(who) {
            request = request.header(header::AUTHORIZATION, format!("Bearer {secret}"));
        }
        let request = match body {
            Some(body) => request
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(body.to_string())),
            None => request.body(Body::empty()),
        };
        self.send(request.unwrap()).await
    }

    pub(crate) async fn get(&self, who: &str, path: &str) -> Answer {
        self.ask(who, "GET", path, None).await
    }

    pub(crate) async fn post(&self, who: &str, path: &str, body: &Value) -> Answer {
        self.ask(who, "POST", path, Some(body)).await
    }

    /// Sends any request.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        document_knows(method.as_str(), &path, parts.status);
        let bytes = to_bytes(body, 64 << 20).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }

    /// A request of a role, to be completed.
    pub(crate) fn request(
        &self,
        who: &str,
        method: &str,
        path: &str,
    ) -> axum::http::request::Builder {
        let secret = &self.tokens[who];
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {secret}"))
            .header(header::CONTENT_TYPE, "application/json")
    }
}

/// Fails where an endpoint answers by a status that the document does not give for it.
fn document_knows(method: &str, path: &str, status: StatusCode) {
    let paths = yorisoi_server::openapi()["paths"].as_object().unwrap();
    let fits = |template: &&String| {
        let (asked, known) = (path.split('/'), template.split('/'));
        let is_same = |(asked, known): (&str, &str)| known.starts_with('{') || asked == known;
        asked.clone().count() == known.clone().count() && asked.zip(known).all(is_same)
    };
    // What is spelt out stands before what is any name.
    let names = |template: &&String| template.matches('{').count();
    let Some(template) = paths.keys().filter(fits).min_by_key(names) else { return };
    let row = &paths[template][method.to_lowercase()];
    if row.is_object() {
        let documented = &row["responses"][status.as_str()];
        assert!(documented.is_object(), "{method} {template}: {status} is not in the document");
    }
}

/// One token a role; a second lead, and an agent of another team.
pub(crate) async fn tokens(app: &App) -> BTreeMap<&'static str, String> {
    let first = app.first_token().await.unwrap().expect("the ledger is new");
    let officer = Caller { token: first.token, role: Role::Privacy, team: None, agent: None };
    let mut tokens = BTreeMap::from([("privacy", first.secret)]);
    let wanted = [
        ("agent", Role::Agent, Some("a"), Some("agent-a")),
        ("agent_b", Role::Agent, Some("b"), Some("agent-b")),
        ("lead", Role::Lead, None, Some("lead-1")),
        ("lead2", Role::Lead, None, Some("lead-2")),
        ("analyst", Role::Analyst, None, None),
        ("service", Role::Service, None, None),
    ];
    for (name, role, team, agent) in wanted {
        let input = TokenInput {
            token: name.to_owned(),
            role,
            team: team.map(|team| team.parse().unwrap()),
            agent: agent.map(|agent| agent.parse().unwrap()),
        };
        let issued = app.issue_token(&officer, input).await.unwrap();
        tokens.insert(name, issued.secret);
    }
    tokens
}
