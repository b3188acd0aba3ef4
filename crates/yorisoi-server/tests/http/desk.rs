//! Do the pages keep what the use cases promise: who may come in, what is spent, what counts as a contact?

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::json;
use yorisoi_app::{Caller, EffectsInput, Role, SAMPLE_POLICY};
use yorisoi_decision::EffectFact;
use yorisoi_server::ServerSettings;
use yorisoi_server::settings::Limit;

use crate::support::{Answer, Service, settings};

/// Somebody at the desk.
pub(crate) struct Seat<'a> {
    pub(crate) service: &'a Service,
    pub(crate) cookie: String,
    pub(crate) csrf: String,
}

/// A form as a browser sends it.
pub(crate) fn form(path: &str) -> axum::http::request::Builder {
    let kind = "application/x-www-form-urlencoded";
    Request::post(path).header(header::CONTENT_TYPE, kind)
}

pub(crate) fn body(fields: &[(&str, &str)]) -> Body {
    let encoded = |text: &str| {
        let bytes: Vec<String> = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
        bytes.concat()
    };
    let pairs = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value)));
    Body::from(pairs.collect::<Vec<_>>().join("&"))
}

async fn sign_in(service: &Service, fields: &[(&str, &str)]) -> Answer {
    service.send(form("/sign-in").body(body(fields)).unwrap()).await
}

pub(crate) async fn seat<'a>(service: &'a Service, who: &str) -> Seat<'a> {
    let entered = sign_in(service, &[("token", &service.tokens[who])]).await;
    assert_eq!(entered.status, 303);
    let cookie = entered.header("set-cookie").split(';').next().unwrap().to_owned();
    let mut seat = Seat { service, cookie, csrf: String::new() };
    let page = seat.get("/tour").await;
    let (_, after) = page.split_once("name=\"csrf\" value=\"").unwrap();
    after.split('"').next().unwrap().clone_into(&mut seat.csrf);
    seat
}

impl Seat<'_> {
    async fn ask(&self, path: &str) -> Answer {
        let request = Request::get(path).header(header::COOKIE, &self.cookie);
        self.service.send(request.body(Body::empty()).unwrap()).await
    }

    async fn get(&self, path: &str) -> String {
        let answer = self.ask(path).await;
        assert_eq!(answer.status, 200, "{path}");
        String::from_utf8(answer.bytes).unwrap()
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let fields = [fields, &[("csrf", self.csrf.as_str())]].concat();
        let request = form(path).header(header::COOKIE, &self.cookie);
        self.service.send(request.body(body(&fields)).unwrap()).await
    }
}

/// The sample house without chance, with a client of team `a` whom peaches are known to help.
pub(crate) async fn house() -> Service {
    let service = Service::with(settings()).await;
    let policy =
        SAMPLE_POLICY.replace("share = 0.15", "share = 0.0").replace("rate = 0.1", "rate = 0.0");
    service.publish(&policy).await;
    service.add_client("c-1").await;
    let machine = Caller { token: "m".to_owned(), role: Role::Service, team: None, agent: None };
    let effects = ["peaches", "listen"]
        .map(|name| (name.parse().unwrap(), EffectFact { benefit: 0.3, low: 0.25, high: 0.35 }));
    let input = EffectsInput { client: "c-1".parse().unwrap(), effects: BTreeMap::from(effects) };
    service.app.give_effects(&machine, input).await.unwrap();
    service
}

/// What is shown where a call may begin, and where it had better not.
const BEGINS: &str = "It is about";
const STOPPED: &str = "Better not call now";

#[tokio::test]
async fn help_given_at_the_desk_is_carried_out_and_stays_so() {
    let service = house().await;
    let agent = seat(&service, "agent").await;
    let fields = [("give", "peaches"), ("topic", "gift"), ("since", "1")];
    let given = agent.post("/clients/c-1/talk/provide", &fields).await;
    assert_eq!(given.status, 303, "{}", String::from_utf8_lossy(&given.bytes));
    let (_, decision) = given.header("location").split_once("decision=").unwrap();
    let decision = decision.split('&').next().unwrap();
    // Long after a reservation would have run out, one of twelve is gone.
    service.clock.pass_minutes(9 * 60);
    assert_eq!(service.app.sweep().await.unwrap().reservations, 0);
    let kept = service.get("lead", &format!("/v1/decisions/{decision}")).await.json();
    assert_eq!(kept["state"], "carried_out");
    let capacity = service.get("lead", "/v1/capacity").await.json();
    let rows = capacity["supply"].as_array().unwrap();
    let peaches = rows.iter().find(|row| row["action"] == "peaches").unwrap();
    assert_eq!(peaches["left"], 11);
    // How it landed can still be told, from the client's own page.
    let page = agent.get("/clients/c-1").await;
    assert!(page.contains("Not told yet") && page.contains(decision), "{page}");
    let landed = [("decision", decision), ("landing", "helped")];
    assert_eq!(agent.post("/clients/c-1/landing", &landed).await.status, 303);
    let page = agent.get("/clients/c-1").await;
    assert!(!page.contains("Not told yet") && page.contains("Tell one of them again"), "{page}");
    assert!(page.contains(&format!(r#"<option value="{decision}">"#)), "{page}");
    // The wrong one was tapped: the later word counts, and both stay on the line of time.
    let again = [("decision", decision), ("landing", "nuisance")];
    assert_eq!(agent.post("/clients/c-1/landing", &again).await.status, 303);
    let told = service.get("lead", "/v1/clients/c-1").await.json();
    let told = told["landings"].as_array().unwrap();
    assert_eq!((told.len(), &told[0]["landing"]), (1, &"nuisance".into()), "{told:?}");
    let line = service.get("lead", "/v1/clients/c-1/timeline").await.json();
    let landings = line["items"].as_array().unwrap().iter().filter(|row| row["kind"] == "landed");
    assert_eq!(landings.count(), 2, "{line}");
}

#[tokio::test]
async fn a_call_of_ours_counts_whatever_they_say_and_the_cap_binds_the_next() {
    let service = house().await;
    let agent = seat(&service, "agent").await;
    for said in ["not-now", "yes"] {
        let page = agent.get("/clients/c-1/talk").await;
        assert!(page.contains(BEGINS) && !page.contains(STOPPED), "{said}");
        let fields = [("said", said), ("topic", "plan"), ("action", "listen")];
        let answer = agent.post("/clients/c-1/talk/permission", &fields).await;
        assert_eq!(answer.status, 303);
        if said == "yes" {
            // Nothing was given; that they were called, counts all the same.
            let carried = [("action", "listen"), ("answered", "yes")];
            assert_eq!(agent.post("/clients/c-1/talk/end", &carried).await.status, 303);
        }
        service.clock.pass_minutes(30);
    }
    // Two a week is what the policy promises, whoever would call.
    let page = agent.get("/clients/c-1/talk").await;
    assert!(page.contains(STOPPED) && !page.contains(BEGINS) && !page.contains("I gave this"));
    let fields = [("give", "peaches"), ("topic", "gift")];
    let stopped = agent.post("/clients/c-1/talk/provide", &fields).await;
    assert_eq!(stopped.status, StatusCode::CONFLICT);
    // Whoever contacts us is welcome.
    let page = agent.get("/clients/c-1/talk?began=client").await;
    assert!(page.contains(BEGINS) && !page.contains(STOPPED));
    let fields = [("give", "peaches"), ("topic", "gift"), ("began", "client")];
    assert_eq!(agent.post("/clients/c-1/talk/provide", &fields).await.status, 303);
}

#[tokio::test]
async fn one_conversation_is_one_contact() {
    let service = house().await;
    let agent = seat(&service, "agent").await;
    let yes = [("said", "yes"), ("topic", "gift"), ("action", "listen")];
    let answered = agent.post("/clients/c-1/talk/permission", &yes).await;
    assert!(answered.header("location").contains("answered=yes"), "{answered:?}");
    let give = [("give", "peaches"), ("topic", "gift"), ("answered", "yes")];
    assert_eq!(agent.post("/clients/c-1/talk/provide", &give).await.status, 303);
    let timeline = service.get("lead", "/v1/clients/c-1/timeline").await.json();
    let rows = timeline["items"].as_array().unwrap();
    assert_eq!(rows.iter().filter(|row| row["kind"] == "attempted").count(), 1);
}

#[tokio::test]
async fn nobody_is_called_in_quiet_hours_but_who_calls_is_heard() {
    let service = house().await;
    service.clock.set("2026-11-18T23:30:00+09:00".parse().unwrap());
    let agent = seat(&service, "agent").await;
    for path in ["/clients/c-1/talk", "/clients/c-1/talk?action=peaches"] {
        let page = agent.get(path).await;
        assert!(page.contains(STOPPED) && !page.contains(BEGINS), "{path}");
    }
    let fields = [("give", "peaches"), ("topic", "gift")];
    let stopped = agent.post("/clients/c-1/talk/provide", &fields).await;
    assert_eq!(stopped.status, StatusCode::CONFLICT);
    assert!(agent.get("/clients/c-1/talk?began=client").await.contains(BEGINS));
}

#[tokio::test]
async fn studies_are_opened_by_those_who_keep_models_only() {
    let service = house().await;
    for who in ["agent", "lead", "privacy"] {
        let reader = seat(&service, who).await;
        for path in ["/studies", "/studies/1", "/studies/1/report", "/studies/table"] {
            assert_eq!(reader.ask(path).await.status, 403, "{who} {path}");
        }
        let register = reader.post("/studies/model", &[("study", "1")]).await;
        assert_eq!(register.status, 403, "{who}");
    }
    let analyst = seat(&service, "analyst").await;
    assert_eq!(analyst.ask("/studies").await.status, 200);
    assert_eq!(analyst.ask("/studies/1").await.status, 404);
}

#[tokio::test]
async fn a_stranger_sends_little_and_not_too_often() {
    let limited = ServerSettings { unauthenticated_per_second: Limit(Some(1)), ..settings() };
    let service = Service::with(limited).await;
    let long = "x".repeat(20 << 10);
    let answer = sign_in(&service, &[("token", &long)]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    // Three at once, then one a second: on a busy machine a few seconds pass meanwhile.
    let mut refused = None;
    for _ in 0..50 {
        let answer = sign_in(&service, &[("token", "yori_guess")]).await;
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
        assert_eq!(
            (answer.status.as_u16(), answer.header("location")),
            (303, "/sign-in?failed=yes")
        );
    }
    let refused = refused.expect("somebody who guesses has to wait");
    assert!(refused.header("retry-after").parse::<u64>().unwrap() > 0);
    let page = String::from_utf8(refused.bytes).unwrap();
    assert!(page.contains("A moment, please"), "{page}");
    // A session that was made up is a stranger's.
    let mut statuses = Vec::new();
    for _ in 0..50 {
        let made_up = Request::get("/today").header(header::COOKIE, "yorisoi_session=nothing");
        statuses.push(service.send(made_up.body(Body::empty()).unwrap()).await.status.as_u16());
    }
    assert!(statuses.contains(&429), "{statuses:?}");
}

#[tokio::test]
async fn whoever_is_signed_in_is_no_stranger() {
    let limited = ServerSettings { unauthenticated_per_second: Limit(Some(1)), ..settings() };
    let service = Service::with(limited).await;
    let lead = seat(&service, "lead").await;
    for _ in 0..12 {
        assert_eq!(lead.ask("/tour").await.status, 200);
    }
    // A form of theirs may be longer than a stranger's.
    let long = [("document", "x".repeat(100 << 10)), ("why", "to see".to_owned())];
    let long = long.each_ref().map(|(name, text)| (*name, text.as_str()));
    assert_eq!(lead.post("/policy", &long).await.status, 422);
}

#[tokio::test]
async fn after_signing_in_the_way_stays_in_the_house() {
    let service = house().await;
    let token = service.tokens["agent"].clone();
    for (back, place) in [
        ("/clients", "/clients"),
        ("/\t/evil.example", "/"),
        ("/\n/evil.example", "/"),
        ("//evil.example", "/"),
    ] {
        let answer = sign_in(&service, &[("token", &token), ("back", back)]).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (303, place), "{back:?}");
    }
}

#[tokio::test]
async fn a_program_reads_neither_names_nor_addresses_nor_words() {
    let service = Service::open().await;
    let body = json!({
        "client": "c-1", "team": "a", "name": "CANARY 花子", "addresses": { "mail": "canary@example.jp" },
        "aliases": ["canary-77"], "attributes": { "job": "canary" },
    });
    assert_eq!(service.post("service", "/v1/clients", &body).await.status, 201);
    let told = [
        ("/v1/notes", json!({ "client": "c-1", "text": "CANARY", "confidential": false })),
        ("/v1/needs/stated", json!({ "client": "c-1", "topic": "plan", "words": "CANARY" })),
        ("/v1/exits", json!({ "client": "c-1" })),
    ];
    for (path, body) in told {
        assert_eq!(service.post("agent", path, &body).await.status.as_u16() / 100, 2, "{path}");
    }
    let decided = json!({ "reason": "CANARY" });
    let answer = service.post("agent", "/v1/exits/c-1/decide", &decided).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    let paths = [
        "/v1/clients",
        "/v1/clients?text=CANARY",
        "/v1/clients?text=canary-77",
        "/v1/clients/c-1",
        "/v1/clients/c-1/record",
        "/v1/clients/canary-77/record",
        "/v1/clients/c-1/timeline",
        "/v1/exits/c-1",
        "/v1/check-ins/alerts",
    ];
    for path in paths {
        let answer = service.get("service", path).await;
        let text = String::from_utf8(answer.bytes).unwrap().to_lowercase();
        let asked = text.replace("canary-77", "");
        assert!(!asked.contains("canary"), "{path}: {text}");
    }
    assert_eq!(service.get("service", "/v1/clients/c-1/record").await.json()["client"], "c-1");
    let own = service.get("agent", "/v1/exits/c-1").await.json();
    assert_eq!(own["reason"], "CANARY", "who helps reads it");
}

#[tokio::test]
async fn no_more_calls_is_one_tap_by_whatever_name_the_policy_calls() {
    for (name, is_known) in [("call", true), ("phone", true), ("Phone", true), ("walk", false)] {
        let service = Service::with(settings()).await;
        let policy = SAMPLE_POLICY
            .replace("share = 0.15", "share = 0.0")
            .replace("channel = \"call\"", &format!("channel = \"{name}\""));
        service.publish(&policy).await;
        service.add_client("c-1").await;
        let agent = seat(&service, "agent").await;
        let page = agent.get("/clients/c-1").await;
        assert_eq!(page.contains("No more calls"), is_known, "{name}");
        assert_eq!(agent.get("/clients/c-1/talk").await.contains("No more calls"), is_known);
        let tapped = agent.post("/clients/c-1/no-calls", &[]).await;
        assert_eq!(tapped.status, if is_known { 303 } else { 422 }, "{name}");
        if is_known {
            let ask = json!({ "client": "c-1", "only": ["plan_review"] });
            let answer = service.post("service", "/v1/decisions", &ask).await.json();
            assert_eq!(answer["suppressed"]["gate"], "refusal", "{name}: {answer}");
        }
    }
}

#[tokio::test]
async fn a_call_that_ends_with_no_more_calls_was_a_contact() {
    let service = house().await;
    let agent = seat(&service, "agent").await;
    let tapped = agent.post("/clients/c-1/talk/no-calls", &[("action", "listen")]).await;
    assert_eq!(tapped.status, 303);
    let timeline = service.get("lead", "/v1/clients/c-1/timeline").await.json();
    let kinds: Vec<_> =
        timeline["items"].as_array().unwrap().iter().map(|row| &row["kind"]).collect();
    assert!(
        kinds.contains(&&json!("attempted")) && kinds.contains(&&json!("refused")),
        "{kinds:?}"
    );
}

#[tokio::test]
async fn a_rehearsed_draft_names_moves_and_those_who_would_lose_contact_to_who_may_read_people() {
    let service = house().await;
    let ask = json!({ "client": "c-1", "only": ["peaches"] });
    let made = service.post("service", "/v1/decisions", &ask).await.json();
    assert_eq!(made["decision"]["choice"]["action"], "peaches", "{made}");
    // Every contact costs more than it could ever bring.
    let shy = SAMPLE_POLICY
        .replace("share = 0.15", "share = 0.0")
        .replace("rate = 0.1", "rate = 0.0")
        .replace("nuisance_minor = 12000", "nuisance_minor = 100000000");
    let body = json!({ "document": shy, "why": "to see" });
    let draft = service.post("lead", "/v1/policies", &body).await.json();
    let path = format!("/policy/{}", draft["fingerprint"].as_str().unwrap());
    for (who, sees) in [("lead", true), ("analyst", false)] {
        let page = seat(&service, who).await.get(&path).await;
        assert!(page.contains("What would become what"), "{who}");
        assert!(
            page.contains("A box of fresh peaches") && page.contains("Leave in peace"),
            "{who}"
        );
        assert_eq!(page.contains("href=\"/clients/c-1\""), sees, "{who}");
        assert_eq!(page.contains("Who would not be contacted any more"), sees, "{who}");
    }
}
