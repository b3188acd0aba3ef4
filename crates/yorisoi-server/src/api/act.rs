//! How is a request carried out once, though it be sent twice? By its `Idempotency-Key`.
//!
//! The key goes into the use case, which keeps it and its answer in the same transaction as the act.
//! The fingerprint of a request covers method, path and body, so that a key that comes back with any
//! other request is refused.

use axum::body::Bytes;
use axum::extract::{FromRequest, OptionalFromRequestParts as _, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use yorisoi_app::{App, Once};

use crate::api::extract::{Key, json_body, json_from};
use crate::house::Shared;
use crate::problem::Problem;

/// An act with a JSON body: what is asked, and the use cases to carry it out once.
pub(crate) struct Act<T> {
    /// The use cases, bound to the key if one was given.
    pub(crate) app: App,
    /// What is asked.
    pub(crate) ask: T,
}

impl<T: DeserializeOwned> FromRequest<Shared> for Act<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, house: &Shared) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let key = Key::from_request_parts(&mut parts, house).await?;
        let once = key.map(|key| (key, head(&parts)));
        let bytes = json_body(Request::from_parts(parts, body), house).await?;
        let ask = json_from(&bytes)?;
        Ok(Self { app: bound(&house.app, once, &bytes), ask })
    }
}

/// An act without a body.
pub(crate) struct BareAct(pub(crate) App);

impl FromRequest<Shared> for BareAct {
    type Rejection = Problem;

    async fn from_request(request: Request, house: &Shared) -> Result<Self, Problem> {
        let (mut parts, _) = request.into_parts();
        let key = Key::from_request_parts(&mut parts, house).await?;
        let once = key.map(|key| (key, head(&parts)));
        Ok(Self(bound(&house.app, once, &Bytes::new())))
    }
}

/// Method and path, as the beginning of what a key stands for.
fn head(parts: &Parts) -> String {
    format!("{} {}\n", parts.method, parts.uri.path())
}

fn bound(app: &App, once: Option<(Key, String)>, body: &Bytes) -> App {
    match once {
        Some((key, head)) => {
            let mut request = head.into_bytes();
            request.extend_from_slice(body);
            app.once(Once::new(key.0, &request))
        }
        None => app.clone(),
    }
}
