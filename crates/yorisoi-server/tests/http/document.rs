//! Is the document that is served the one that is written down?

use crate::support::Service;

const WRITTEN: &str = include_str!("../../../../docs/openapi.json");

#[tokio::test]
async fn the_document_served_is_the_one_in_docs() {
    let service = Service::open().await;
    let answer = service.get("nobody", "/openapi.json").await;
    let written: serde_json::Value = serde_json::from_str(WRITTEN).unwrap();
    assert!(
        answer.json() == written,
        "write it anew: cargo run -p yorisoi-server --example openapi > docs/openapi.json"
    );
}

#[test]
fn the_document_is_openapi_3_1_with_bearer_tokens() {
    let document = yorisoi_server::openapi();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["components"]["securitySchemes"]["token"]["scheme"], "bearer");
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.len() > 60, "{}", paths.len());
    // Whoever acts may repeat the act safely.
    for path in ["/v1/decisions", "/v1/refusals", "/v1/exits/{client}/let-go"] {
        let parameters = paths[path]["post"]["parameters"].to_string();
        assert!(parameters.contains("IdempotencyKey"), "{path}");
    }
}

#[test]
fn every_setting_is_in_the_documentation() {
    let documentation = include_str!("../../../../docs/http-api.md");
    let settled = yorisoi_server::settings::Layers::default().settled().unwrap();
    for one in settled.explained() {
        assert!(documentation.contains(&format!("| `{}` |", one.name)), "{}", one.name);
    }
}
