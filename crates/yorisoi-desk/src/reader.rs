//! Who is at the other end? The reader of a request, by cookie; whoever is none is asked to sign in.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::tz::TimeZone;

use crate::Desk;
use crate::context::Context;
use crate::door::knock;
use crate::lang::Lang;
use crate::words::frame;

/// The cookie of a session.
pub(crate) const SESSION: &str = "yorisoi_session";
/// The cookie of the language chosen.
pub(crate) const LANGUAGE: &str = "yorisoi_lang";

/// Somebody who is signed in.
#[derive(Debug)]
pub(crate) struct Reader(pub(crate) Context);

impl FromRequestParts<Desk> for Reader {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Self, Response> {
        let fragment = parts.headers.contains_key("x-fragment");
        let found = match cookie(&parts.headers, SESSION) {
            Some(secret) => desk.app.session(&secret).await.ok(),
            None => None,
        };
        let Some(session) = found else {
            knock(parts, desk)?;
            return Err(sign_in(parts, fragment));
        };
        let lang = language(&parts.headers);
        let zone = TimeZone::get(&desk.app.settings().zone).unwrap_or(TimeZone::UTC);
        Ok(Self(Context {
            caller: session.caller,
            lang,
            now: desk.app.now(),
            zone,
            path: parts.uri.path().to_owned(),
            csrf: session.form_key,
            fragment,
            seen: desk.live.newest(),
            flash: said(parts.uri.query(), lang),
        }))
    }
}

/// The language chosen at the desk, else the browser's.
pub(crate) fn language(headers: &HeaderMap) -> Lang {
    let chosen = cookie(headers, LANGUAGE).and_then(|code| Lang::from_code(&code));
    chosen.unwrap_or_else(|| {
        let header = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Lang::accepted(header.unwrap_or_default())
    })
}

/// The value of a cookie.
pub(crate) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let mut pairs =
        lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
}

fn said(query: Option<&str>, lang: Lang) -> Option<(&'static str, String)> {
    let name = query?.split('&').find_map(|pair| pair.strip_prefix("said="))?;
    let (tone, text) = frame::said(name)?;
    Some((tone, text.in_lang(lang).to_owned()))
}

/// A fragment cannot lead anywhere; a page leads to signing in and back.
fn sign_in(parts: &Parts, fragment: bool) -> Response {
    if fragment {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let path = parts.uri.path();
    if path == "/" || parts.method != axum::http::Method::GET {
        return Redirect::to("/sign-in").into_response();
    }
    Redirect::to(&format!("/sign-in?back={}", crate::form::escaped(path))).into_response()
}
