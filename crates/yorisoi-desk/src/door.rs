//! Who stands at the door? Somebody without a session: they may knock, though not without end.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::tz::TimeZone;
use maud::html;
use yorisoi_app::{Caller, Role};

use crate::Desk;
use crate::answer::bare_page;
use crate::context::Context;
use crate::reader::language;
use crate::words::entrance as words;

/// How often a stranger may knock, by address.
#[derive(Clone)]
pub struct Strangers(Arc<Knock>);

/// Takes one knock of an address; otherwise the seconds to wait.
type Knock = dyn Fn(&str) -> Result<(), u64> + Send + Sync;

impl Strangers {
    /// As somebody outside counts them: the argument is the address, the error the seconds to wait.
    pub fn new(knock: impl Fn(&str) -> Result<(), u64> + Send + Sync + 'static) -> Self {
        Self(Arc::new(knock))
    }
}

impl std::fmt::Debug for Strangers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Strangers").finish_non_exhaustive()
    }
}

/// Somebody who is not known yet, and has not knocked too often.
#[derive(Debug)]
pub(crate) struct Stranger(pub(crate) Context);

impl FromRequestParts<Desk> for Stranger {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Self, Response> {
        knock(parts, desk)?;
        Ok(Self(unknown(desk, &parts.headers, parts.uri.path())))
    }
}

/// Takes one knock of whoever asks without a session, or says when to come back.
#[expect(clippy::result_large_err, reason = "the refusal is the answer that is sent")]
pub(crate) fn knock(parts: &Parts, desk: &Desk) -> Result<(), Response> {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    let who = peer.map_or_else(|| "unknown".to_owned(), |peer| peer.0.ip().to_string());
    (desk.settings.strangers.0)(&who).map_err(|seconds| {
        let cx = unknown(desk, &parts.headers, parts.uri.path());
        let main = html! {
            div.sign { div.card role="alert" { h1 { (cx.t(&words::TOO_OFTEN)) } p { (cx.t(&words::TOO_OFTEN_LEAD)) } } }
        };
        let page = bare_page(&cx, &words::TOO_OFTEN, &main);
        let mut response = (StatusCode::TOO_MANY_REQUESTS, page).into_response();
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        response
    })
}

/// A context for somebody who is not known yet: it may nothing.
fn unknown(desk: &Desk, headers: &HeaderMap, path: &str) -> Context {
    Context {
        caller: Caller { token: String::new(), role: Role::Service, team: None, agent: None },
        lang: language(headers),
        now: desk.app.now(),
        zone: TimeZone::UTC,
        path: path.to_owned(),
        csrf: String::new(),
        fragment: false,
        seen: 0,
        flash: None,
    }
}
