//! How is an answer written? JSON with a status, and a tag where the thing has versions.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::api::extract::holds_tag;
use crate::problem::Problem;

/// What every handler gives back.
pub(crate) type Result<T> = std::result::Result<T, Problem>;

/// A JSON answer.
#[derive(Debug)]
pub(crate) struct Reply<T> {
    status: StatusCode,
    tag: Option<HeaderValue>,
    body: T,
}

impl<T> Reply<T> {
    /// 200.
    pub(crate) fn ok(body: T) -> Self {
        Self { status: StatusCode::OK, tag: None, body }
    }

    /// 201: something new is there.
    pub(crate) fn created(body: T) -> Self {
        Self { status: StatusCode::CREATED, tag: None, body }
    }

    /// With the tag of a version.
    pub(crate) fn version(self, version: u64) -> Self {
        self.tag(&format!("\"v{version}\""))
    }

    /// With a tag; what cannot be a header is no tag.
    pub(crate) fn tag(mut self, tag: &str) -> Self {
        self.tag = HeaderValue::from_str(tag).ok();
        self
    }
}

impl<T: Serialize> Reply<T> {
    /// 304 without a body if the caller has this version already.
    pub(crate) fn unless_known(self, asked: &HeaderMap) -> Response {
        let known = self.tag.as_ref().and_then(|tag| tag.to_str().ok());
        if known.is_some_and(|tag| holds_tag(asked, &header::IF_NONE_MATCH, tag)) {
            let mut response = StatusCode::NOT_MODIFIED.into_response();
            if let Some(tag) = self.tag {
                response.headers_mut().insert(header::ETAG, tag);
            }
            return response;
        }
        self.into_response()
    }
}

impl<T: Serialize> IntoResponse for Reply<T> {
    fn into_response(self) -> Response {
        let bytes = match serde_json::to_vec(&self.body) {
            Ok(bytes) => bytes,
            Err(error) => {
                tracing::error!(%error, "an answer cannot be written as JSON");
                return Problem::internal().into_response();
            }
        };
        let json = HeaderValue::from_static("application/json");
        let mut response = (self.status, bytes).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, json);
        if let Some(tag) = self.tag {
            response.headers_mut().insert(header::ETAG, tag);
        }
        response
    }
}

/// Bytes of a media type.
pub(crate) fn bytes(media_type: &'static str, body: impl Into<axum::body::Body>) -> Response {
    let mut response = Response::new(body.into());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}
