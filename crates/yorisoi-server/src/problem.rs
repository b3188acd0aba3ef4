//! What does a refusal look like on the wire? Problem details, RFC 9457, with a stable code.
//!
//! A handler returns a [`Problem`]; the outermost layer writes it out, because only there the
//! request's id and its language are known. So does every refusal of the framework itself.

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_app::AppError;
use yorisoi_decision::Words;

/// The media type of every refusal.
pub(crate) const PROBLEM_JSON: &str = "application/problem+json";

/// Why a request was refused.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Problem {
    /// Status of the answer.
    pub(crate) status: StatusCode,
    /// Stable code, `area.reason`.
    pub(crate) code: &'static str,
    /// What happened, for people, in both languages.
    pub(crate) words: Words,
    /// What exactly, with culprit and remedy; never personal data.
    pub(crate) detail: String,
    /// Seconds after which it may be tried again.
    pub(crate) retry_after_s: Option<u64>,
}

/// Problem details as they are sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct ProblemBody {
    /// `urn:yorisoi:problem:` and the code.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// What happened, in the language the caller asked for.
    pub(crate) title: String,
    /// The status of the answer.
    pub(crate) status: u16,
    /// What exactly, and what to do about it.
    pub(crate) detail: String,
    /// The request's id.
    pub(crate) instance: String,
    /// Stable code, to be compared by programs.
    pub(crate) code: String,
    /// What happened, in both languages.
    pub(crate) words: Words,
}

impl Problem {
    /// A refusal with words of its own.
    pub(crate) fn new(status: StatusCode, code: &'static str, words: (&str, &str)) -> Self {
        let words = Words { en: words.0.to_owned(), ja: words.1.to_owned() };
        let detail = words.en.clone();
        Self { status, code, words, detail, retry_after_s: None }
    }

    /// The same, saying what exactly.
    pub(crate) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// The same, saying when to come back.
    pub(crate) fn retry_after_s(mut self, seconds: u64) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// The body of a request cannot be read.
    pub(crate) fn body(detail: impl Into<String>) -> Self {
        let words = ("the body of the request cannot be read", "リクエストの本文を読み取れません");
        Self::new(StatusCode::BAD_REQUEST, "request.body", words).detail(detail)
    }

    /// A parameter cannot be read.
    pub(crate) fn parameter(detail: impl Into<String>) -> Self {
        let words = (
            "a parameter of the request cannot be read",
            "リクエストのパラメーターを読み取れません",
        );
        Self::new(StatusCode::BAD_REQUEST, "request.parameter", words).detail(detail)
    }

    /// There is no such thing.
    pub(crate) fn not_found(detail: impl Into<String>) -> Self {
        let words = ("there is nothing at this address", "このアドレスには何もありません");
        Self::new(StatusCode::NOT_FOUND, "request.not_found", words).detail(detail)
    }

    /// Something broke that is not the caller's doing; what, stands in the log.
    pub(crate) fn internal() -> Self {
        let words = (
            "something went wrong in the service; nothing was recorded",
            "サービス内部で問題が起きました。記録はされていません",
        );
        let problem = Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", words);
        problem.detail("tell the operator the id of this request")
    }

    /// What a bare status of the framework means.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        let (code, words) = match status {
            StatusCode::NOT_FOUND => return Self::not_found("see /openapi.json for what there is"),
            StatusCode::METHOD_NOT_ALLOWED => (
                "request.method",
                (
                    "this address does not know that method; see `Allow`",
                    "このアドレスではそのメソッドは使えません。`Allow` をご覧ください",
                ),
            ),
            StatusCode::PAYLOAD_TOO_LARGE => (
                "request.too_large",
                (
                    "the body is too large; send it in smaller parts",
                    "本文が大きすぎます。分けてお送りください",
                ),
            ),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => (
                "request.media_type",
                (
                    "the body is of another type than expected; see `Content-Type`",
                    "本文の形式が違います。`Content-Type` をご確認ください",
                ),
            ),
            status if status.is_server_error() => return Self::internal(),
            _ => (
                "request.invalid",
                ("the request cannot be understood", "リクエストを理解できません"),
            ),
        };
        Self::new(status, code, words)
    }

    /// The answer as bytes, in a language, for one request.
    pub(crate) fn rendered(&self, request_id: &str, in_japanese: bool) -> Response {
        let title = if in_japanese { &self.words.ja } else { &self.words.en };
        let body = ProblemBody {
            kind: format!("urn:yorisoi:problem:{}", self.code),
            title: title.clone(),
            status: self.status.as_u16(),
            detail: self.detail.clone(),
            instance: format!("urn:yorisoi:request:{request_id}"),
            code: self.code.to_owned(),
            words: self.words.clone(),
        };
        let bytes = serde_json::to_vec(&body).unwrap_or_default();
        let mut response = (self.status, bytes).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Bearer realm=\"yorisoi\"");
            headers.insert(axum::http::header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        let status =
            StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let problem = Self {
            status,
            code: error.code(),
            words: error.plain_words(),
            detail: error.to_string(),
            retry_after_s: None,
        };
        match status {
            StatusCode::SERVICE_UNAVAILABLE => problem.retry_after_s(1),
            StatusCode::INTERNAL_SERVER_ERROR => {
                // The message may name files or statements: it belongs into the log, not to the caller.
                tracing::error!(code = error.code(), error = %error, "a use case failed");
                Self { detail: Self::internal().detail, ..problem }
            }
            _ => problem,
        }
    }
}

/// Whether the caller would rather read Japanese than English.
///
/// # Source
///
/// RFC 9110, section 12.5.4 (`Accept-Language` with weights).
pub(crate) fn prefers_japanese(headers: &HeaderMap) -> bool {
    let Some(Ok(accepted)) = headers.get("accept-language").map(HeaderValue::to_str) else {
        return false;
    };
    let weight = |language: &str| {
        let mut best = None;
        for range in accepted.split(',') {
            let mut parts = range.split(';');
            let tag = parts.next().unwrap_or_default().trim();
            let primary = tag.split('-').next().unwrap_or_default();
            if primary.eq_ignore_ascii_case(language) {
                let q = parts.find_map(|part| part.trim().strip_prefix("q=")?.parse::<f64>().ok());
                best = f64::max(best.unwrap_or(0.0), q.unwrap_or(1.0)).into();
            }
        }
        best.unwrap_or(0.0)
    };
    weight("ja") > weight("en")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(accepted: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert("accept-language", accepted.parse().unwrap());
        prefers_japanese(&headers)
    }

    #[test]
    fn the_language_with_the_higher_weight_is_spoken() {
        assert!(asks("ja"));
        assert!(asks("ja-JP,en;q=0.8"));
        assert!(asks("en;q=0.3, JA;q=0.4"));
        assert!(!asks("en-GB, ja;q=0.9"));
        assert!(!asks("de"));
        assert!(!prefers_japanese(&HeaderMap::new()));
    }
}
