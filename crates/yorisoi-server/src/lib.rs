//! How does another program ask? The HTTP interface over the use cases, and the desk.
//!
//! Everything that is decided or recorded happens in `yorisoi-app`; here a request is let in, read,
//! handed to one use case, and its answer written. [`serve`] runs the whole service, [`app_router`]
//! gives the router alone for embedding and for tests.

mod api;
mod desk;
mod house;
mod log;
mod metrics;
mod problem;
mod rate;
mod routes;
mod serve;
pub mod settings;
mod webhooks;

use axum::Router;
use axum::http::{HeaderName, HeaderValue, Method, header};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{AllowOrigin, CorsLayer};
use yorisoi_app::App;

pub use log::start_log;
pub use serve::{ServeError, asked_to_stop, serve, serve_on};
pub use settings::ServerSettings;

use crate::house::{House, Shared};

/// The `OpenAPI` 3.1 document of the API.
pub fn openapi() -> &'static serde_json::Value {
    api::openapi::document()
}

/// The router of API and desk over some use cases, without a listener, sweeps or webhooks.
pub fn app_router(app: App, settings: ServerSettings) -> Router {
    router(&House::new(app, settings))
}

fn router(house: &Shared) -> Router {
    api::router(house, routes::endpoints())
        .merge(desk::routes(house))
        .layer(CatchPanicLayer::custom(api::outer::panicked))
        .layer(cors(&house.settings.cors_origins))
        .layer(axum::middleware::from_fn_with_state(house.clone(), api::outer::surround))
        .with_state(house.clone())
}

/// Nothing is allowed to other origins unless the operator names them.
fn cors(origins: &[String]) -> CorsLayer {
    let origins: Vec<HeaderValue> =
        origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()).collect();
    if origins.is_empty() {
        return CorsLayer::new();
    }
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::POST, Method::PATCH, Method::DELETE])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_MATCH,
            header::IF_NONE_MATCH,
            HeaderName::from_static("idempotency-key"),
            HeaderName::from_static("x-request-id"),
        ])
        .expose_headers([header::ETAG, HeaderName::from_static("x-request-id")])
}
