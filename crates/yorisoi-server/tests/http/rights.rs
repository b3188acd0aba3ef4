//! May this role do that? Every route, every role, written down by hand.

use std::collections::BTreeSet;

use serde_json::json;

use crate::support::{Answer, Service};

/// Roles by their letters: agent, lead, analyst (`n`), privacy, service; `*` any token, `-` none needed.
const TABLE: &[(&str, &str, &str)] = &[
    ("POST", "/v1/decisions", "als"),
    ("POST", "/v1/decisions/batch", "als"),
    ("GET", "/v1/decisions/{decision}", "als"),
    ("POST", "/v1/decisions/{decision}/give", "als"),
    ("POST", "/v1/decisions/{decision}/carry-out", "als"),
    ("POST", "/v1/decisions/{decision}/give-back", "als"),
    ("POST", "/v1/events", "s"),
    ("GET", "/v1/clients", "alps"),
    ("POST", "/v1/clients", "als"),
    ("POST", "/v1/clients/merge", "als"),
    ("POST", "/v1/clients/import", "als"),
    ("GET", "/v1/clients/{client}", "alp"),
    ("GET", "/v1/clients/{client}/record", "alps"),
    ("PATCH", "/v1/clients/{client}", "als"),
    ("GET", "/v1/clients/{client}/timeline", "alp"),
    ("GET", "/v1/clients/{client}/export", "p"),
    ("POST", "/v1/clients/{client}/erase", "p"),
    ("POST", "/v1/consents", "als"),
    ("POST", "/v1/consents/withdrawals", "als"),
    ("POST", "/v1/refusals", "als"),
    ("POST", "/v1/refusals/reopenings", "als"),
    ("POST", "/v1/attempts", "als"),
    ("POST", "/v1/deliveries", "als"),
    ("POST", "/v1/landings", "als"),
    ("POST", "/v1/outcomes", "ls"),
    ("POST", "/v1/needs/stated", "als"),
    ("POST", "/v1/needs/inferred", "als"),
    ("POST", "/v1/needs/answers", "als"),
    ("POST", "/v1/notes", "als"),
    ("POST", "/v1/busy", "als"),
    ("POST", "/v1/check-ins", "als"),
    ("GET", "/v1/check-ins/questions", "*"),
    ("GET", "/v1/check-ins/alerts", "alp"),
    ("POST", "/v1/exits", "als"),
    ("GET", "/v1/exits", "al"),
    ("GET", "/v1/exits/{client}", "als"),
    ("POST", "/v1/exits/{client}/offer", "als"),
    ("POST", "/v1/exits/{client}/decide", "als"),
    ("POST", "/v1/exits/{client}/complete", "als"),
    ("POST", "/v1/exits/{client}/let-go", "als"),
    ("POST", "/v1/exits/{client}/abandon", "als"),
    ("POST", "/v1/exits/{client}/return", "als"),
    ("POST", "/v1/hand-ons", "als"),
    ("GET", "/v1/hand-ons", "al"),
    ("GET", "/v1/hand-ons/{hand_on}", "als"),
    ("GET", "/v1/hand-ons/{hand_on}/matches", "al"),
    ("GET", "/v1/capacity/matches", "al"),
    ("POST", "/v1/hand-ons/{hand_on}/offer", "als"),
    ("POST", "/v1/hand-ons/{hand_on}/accept", "als"),
    ("POST", "/v1/hand-ons/{hand_on}/decline", "als"),
    ("GET", "/v1/work-lists", "al"),
    ("GET", "/v1/capacity", "al"),
    ("POST", "/v1/capacity/supply", "l"),
    ("GET", "/v1/policies", "alnps"),
    ("POST", "/v1/policies", "l"),
    ("GET", "/v1/policies/live", "alnps"),
    ("GET", "/v1/policies/schema", "alnps"),
    ("POST", "/v1/policies/plan", "l"),
    ("POST", "/v1/policies/rollback", "l"),
    ("GET", "/v1/policies/{fingerprint}", "alnps"),
    ("POST", "/v1/policies/{fingerprint}/rehearse", "ln"),
    ("POST", "/v1/policies/{fingerprint}/publish", "l"),
    ("POST", "/v1/effects", "ls"),
    ("GET", "/v1/models", "n"),
    ("POST", "/v1/models", "n"),
    ("POST", "/v1/models/score", "n"),
    ("POST", "/v1/models/{model}/shadow", "n"),
    ("POST", "/v1/models/{model}/promote", "n"),
    ("GET", "/v1/proof", "ln"),
    ("GET", "/v1/landings/report", "ln"),
    ("GET", "/v1/endings/report", "ln"),
    ("GET", "/v1/credit", "l"),
    ("GET", "/v1/study-table", "n"),
    ("GET", "/v1/study-table.csv", "n"),
    ("GET", "/v1/audit", "lp"),
    ("GET", "/v1/me", "*"),
    ("GET", "/v1/tokens", "p"),
    ("POST", "/v1/tokens", "p"),
    ("DELETE", "/v1/tokens/{token}", "p"),
    ("GET", "/v1/webhooks", "l"),
    ("POST", "/v1/webhooks", "l"),
    ("POST", "/v1/webhooks/{endpoint}/rotate", "l"),
    ("DELETE", "/v1/webhooks/{endpoint}", "l"),
    ("POST", "/v1/ledger/verify", "lp"),
    ("POST", "/v1/ledger/rebuild", "lp"),
    ("GET", "/v1/stream", "*"),
    ("GET", "/healthz", "-"),
    ("GET", "/readyz", "-"),
    ("GET", "/metrics", "-"),
    ("GET", "/openapi.json", "-"),
];

const ROLES: [(&str, char); 5] =
    [("agent", 'a'), ("lead", 'l'), ("analyst", 'n'), ("privacy", 'p'), ("service", 's')];

/// A path whose names name nothing.
fn concrete(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { "nobody" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

async fn knock(service: &Service, who: &str, method: &str, path: &str) -> Answer {
    let body = (method != "GET").then(|| json!({}));
    service.ask(who, method, &concrete(path), body.as_ref()).await
}

#[test]
fn the_table_names_every_route_of_the_document() {
    let mut documented = BTreeSet::new();
    for (path, verbs) in yorisoi_server::openapi()["paths"].as_object().unwrap() {
        for verb in verbs.as_object().unwrap().keys() {
            documented.insert((verb.to_uppercase(), path.clone()));
        }
    }
    let written: BTreeSet<(String, String)> =
        TABLE.iter().map(|(verb, path, _)| ((*verb).to_owned(), (*path).to_owned())).collect();
    assert_eq!(documented, written);
}

#[tokio::test]
async fn every_route_lets_in_the_roles_of_the_table_and_no_other() {
    let service = Service::open().await;
    for (method, path, roles) in TABLE {
        if *path == "/v1/stream" {
            continue; // Never ends; `running` reads it.
        }
        for (who, letter) in ROLES {
            let answer = knock(&service, who, method, path).await;
            let may = roles.contains(letter) || *roles == "*" || *roles == "-";
            let refused = answer.status == 403 && answer.code() == "caller.forbidden";
            assert_eq!(refused, !may, "{who} {method} {path}: {}", answer.status);
            assert_ne!(answer.status, 401, "{who} {method} {path}");
            assert!(answer.status.as_u16() < 500, "{who} {method} {path}: {}", answer.status);
        }
    }
}

#[tokio::test]
async fn without_a_token_only_open_routes_answer() {
    let service = Service::open().await;
    for (method, path, roles) in TABLE {
        let answer = knock(&service, "nobody", method, path).await;
        if *roles == "-" {
            assert_eq!(answer.status, 200, "{method} {path}");
        } else {
            assert_eq!(answer.status, 401, "{method} {path}");
            assert_eq!(answer.code(), "caller.unauthenticated");
            assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"yorisoi\"");
        }
    }
}

#[tokio::test]
async fn an_agent_does_not_read_people_of_another_team() {
    let service = Service::open().await;
    service.add_client("c-1").await;
    let note = json!({ "client": "c-1", "text": "likes mornings", "confidential": false });
    assert_eq!(service.post("agent", "/v1/notes", &note).await.status, 201);
    for path in ["/v1/clients/c-1", "/v1/clients/c-1/timeline"] {
        assert_eq!(service.get("agent", path).await.status, 200, "{path}");
        let other = service.get("agent_b", path).await;
        assert_eq!((other.status.as_u16(), other.code().as_str()), (403, "caller.other_team"));
    }
    let found = service.get("agent_b", "/v1/clients").await.json();
    assert_eq!(found["items"].as_array().unwrap().len(), 0, "{found}");
    assert_eq!(service.post("agent_b", "/v1/notes", &note).await.status, 403);
}

#[tokio::test]
async fn a_revoked_token_opens_nothing() {
    let service = Service::open().await;
    assert_eq!(service.get("agent", "/v1/me").await.json()["role"], "agent");
    assert_eq!(service.ask("privacy", "DELETE", "/v1/tokens/agent", None).await.status, 200);
    assert_eq!(service.get("agent", "/v1/me").await.status, 401);
}
