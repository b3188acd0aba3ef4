//! How is a request read? Body, parameters, names and headers, each refused in words that name the
//! culprit.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{
    FromRequest, FromRequestParts, OptionalFromRequestParts, Path, Query, Request,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use serde::de::DeserializeOwned;
use yorisoi_app::{AppError, Caller};

use crate::problem::Problem;

/// The longest `Idempotency-Key`, in bytes.
const KEY_BYTES_MAX: usize = 200;

/// A JSON body.
pub(crate) struct Asks<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Asks<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        json_from(&json_body(request, state).await?).map(Self)
    }
}

/// The bytes of a JSON body.
pub(crate) async fn json_body<S: Send + Sync>(
    request: Request,
    state: &S,
) -> Result<Bytes, Problem> {
    if !is_json(request.headers()) {
        let problem = Problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE);
        return Err(problem.detail("send the body as `Content-Type: application/json`"));
    }
    Bytes::from_request(request, state).await.map_err(|error| unread(&error))
}

/// The value in a JSON body, or which part of it cannot be read.
pub(crate) fn json_from<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let reason = error.into_inner();
        Problem::body(if path == "." { reason.to_string() } else { format!("`{path}`: {reason}") })
    })?;
    reader.end().map_err(|error| Problem::body(error.to_string()))?;
    Ok(value)
}

/// A body of bytes.
pub(crate) struct Raw(pub(crate) Bytes);

impl<S: Send + Sync> FromRequest<S> for Raw {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        Bytes::from_request(request, state).await.map(Self).map_err(|error| unread(&error))
    }
}

fn unread(rejection: &BytesRejection) -> Problem {
    Problem::of_status(rejection.status())
}

/// `application/json` and `application/*+json`, with any parameters.
fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = value.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    let lower = essence.to_ascii_lowercase();
    lower == "application/json" || (lower.starts_with("application/") && lower.ends_with("+json"))
}

/// Parameters behind the `?`.
pub(crate) struct Params<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        Query::try_from_uri(&parts.uri)
            .map(|Query(value)| Self(value))
            .map_err(|error| Problem::parameter(error.body_text()))
    }
}

/// Names in the path.
pub(crate) struct Named<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        <Path<T> as FromRequestParts<S>>::from_request_parts(parts, state)
            .await
            .map(|Path(value)| Self(value))
            .map_err(|error| Problem::parameter(error.body_text()))
    }
}

/// Who asks; the gate has put them there.
pub(crate) struct By(pub(crate) Caller);

impl<S: Send + Sync> FromRequestParts<S> for By {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let caller = parts.extensions.get::<Caller>().cloned();
        caller.map(Self).ok_or_else(|| AppError::Unauthenticated.into())
    }
}

/// Whether the caller was looked up for this request, or is known from before because the ledger is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LookedUp {
    /// As the ledger has them now.
    Now,
    /// As they were known a while ago: for nothing but an answer to hold.
    Before,
}

impl<S: Send + Sync> FromRequestParts<S> for LookedUp {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        parts.extensions.get().copied().ok_or_else(|| AppError::Unauthenticated.into())
    }
}

/// The `Idempotency-Key`.
#[derive(Debug, Clone)]
pub(crate) struct Key(pub(crate) String);

impl<S: Send + Sync> OptionalFromRequestParts<S> for Key {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Option<Self>, Problem> {
        let Some(value) = parts.headers.get("idempotency-key") else { return Ok(None) };
        let key = value.to_str().unwrap_or_default();
        if key.is_empty() || key.len() > KEY_BYTES_MAX {
            return Err(Problem::parameter(format!(
                "`Idempotency-Key` has {} readable bytes; expected 1 to {KEY_BYTES_MAX} of ASCII",
                key.len()
            )));
        }
        Ok(Some(Self(key.to_owned())))
    }
}

/// The version that the caller has read: `If-Match: "v7"`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct IfMatch(pub(crate) Option<u64>);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else { return Ok(Self(None)) };
        let text = value.to_str().unwrap_or_default().trim();
        if text == "*" {
            return Ok(Self(None));
        }
        match version_of(text) {
            Some(version) => Ok(Self(Some(version))),
            None => Err(Problem::parameter(
                "`If-Match` is no tag of ours; send the `ETag` of the answer you have read",
            )),
        }
    }
}

/// The version inside a tag of ours.
pub(crate) fn version_of(tag: &str) -> Option<u64> {
    tag.strip_prefix("\"v")?.strip_suffix('"')?.parse().ok()
}

/// The tags of a list; what cannot be read is a tag of nothing.
pub(crate) fn tags_of<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Vec<&'a str> {
    let values = headers.get_all(name).iter().map(|value| value.to_str().unwrap_or_default());
    values.flat_map(|value| value.split(',')).map(str::trim).collect()
}

/// Whether a list of tags (`If-None-Match`) holds a tag.
pub(crate) fn holds_tag(headers: &HeaderMap, name: &HeaderName, tag: &str) -> bool {
    tags_of(headers, name).into_iter().any(|one| {
        // Comparison for reading is weak: `W/"v7"` stands for the same content.
        one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_with_parameters_and_suffixes_are_json() {
        let judged = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, value.parse().unwrap());
            is_json(&headers)
        };
        assert!(judged("application/json"));
        assert!(judged("Application/JSON; charset=utf-8"));
        assert!(judged("application/cloudevents+json"));
        assert!(!judged("text/plain"));
        assert!(!judged("text/json+json"));
        assert!(!is_json(&HeaderMap::new()));
    }

    #[test]
    fn a_tag_carries_its_version_and_nothing_else_does() {
        assert_eq!(version_of("\"v7\""), Some(7));
        assert_eq!(version_of("v7"), None);
        assert_eq!(version_of("\"v-1\""), None);
    }

    #[test]
    fn a_list_of_tags_is_searched_weakly() {
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_NONE_MATCH, "\"v1\", W/\"v2\"".parse().unwrap());
        assert!(holds_tag(&headers, &header::IF_NONE_MATCH, "\"v2\""));
        assert!(!holds_tag(&headers, &header::IF_NONE_MATCH, "\"v3\""));
    }
}
