//! The desk: the page that people who help others work at. Its seam with the service is [`routes`].

use axum::Router;
use axum::response::Html;
use axum::routing::get;

use crate::house::Shared;

/// The desk's pages, under `/`. They go through the same use cases as the API, and bring their own
/// sessions in place of bearer tokens.
pub(crate) fn routes() -> Router<Shared> {
    Router::new().route("/", get(front))
}

/// Says where the API is.
async fn front() -> Html<&'static str> {
    Html(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Yorisoi 寄り添い</title>\
         <h1>Yorisoi 寄り添い</h1><p>The API is described at \
         <a href=\"/openapi.json\">/openapi.json</a>.</p>\
         <p lang=\"ja\">API の説明は <a href=\"/openapi.json\">/openapi.json</a> にあります。</p></html>",
    )
}
