//! How does one come in, choose a language, find the files of a page, and leave?

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use maud::{Markup, html};
use serde::Deserialize;

use crate::answer::{bare_page, page};
use crate::context::Context;
use crate::door::Stranger;
use crate::form::Posted;
use crate::lang::Lang;
use crate::parts;
use crate::reader::{LANGUAGE, Reader, SESSION};
use crate::words::{entrance as words, frame};
use crate::{Desk, assets};

/// The addresses.
pub(crate) fn routes() -> Router<Desk> {
    Router::new()
        .route("/", get(home))
        .route("/sign-in", get(ask).post(sign_in))
        .route("/sign-out", post(sign_out))
        .route("/language", post(choose_language))
        .route("/desk/{asset}", get(asset))
        .fallback(not_found)
}

/// The first place that the reader's role has something to do at.
async fn home(Reader(cx): Reader) -> Response {
    let first = crate::layout::PLACES.iter().find(|place| cx.may(place.right));
    Redirect::to(first.map_or("/tour", |place| place.path)).into_response()
}

/// Where to go after signing in.
#[derive(Debug, Default, Deserialize)]
struct Way {
    back: Option<String>,
    failed: Option<String>,
}

/// Only a path of this house, never another host.
fn inner(back: Option<&str>) -> &str {
    match back {
        // Browsers drop tabs and line ends from an address before they read it. Our own paths are plain ASCII.
        Some(path)
            if path.starts_with('/')
                && !path.starts_with("//")
                && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\') =>
        {
            path
        }
        _ => "/",
    }
}

async fn ask(Stranger(cx): Stranger, Query(way): Query<Way>) -> Response {
    bare_page(&cx, &words::TITLE, &sign_in_form(&cx, &way))
}

fn sign_in_form(cx: &Context, way: &Way) -> Markup {
    html! {
        div.sign {
            span.brand translate="no" { "Yorisoi" span lang="ja" { "寄り添い" } }
            div.card {
                h1 { (cx.t(&words::TITLE)) }
                p { (cx.t(&words::LEAD)) }
                @if way.failed.is_some() { p.error role="alert" { (cx.t(&words::WRONG)) } }
                form method="post" action="/sign-in" {
                    input type="hidden" name="back" value=(inner(way.back.as_deref()));
                    (parts::field(cx, "token", &words::TOKEN, Some(&words::TOKEN_HINT), &html! {
                        input #token name="token" type="password" autocomplete="current-password" required maxlength="500" aria-describedby="token-hint";
                    }))
                    button.main { (cx.t(&words::ENTER)) }
                }
            }
            form method="post" action="/language" {
                input type="hidden" name="lang" value=(cx.lang.other().code()); input type="hidden" name="back" value="/sign-in";
                p { button.quiet lang=(cx.lang.other().code()) { (frame::LANGUAGE.in_lang(cx.lang.other())) } }
            }
        }
    }
}

/// What a stranger sends.
#[derive(Debug, Deserialize)]
struct Entry {
    token: String,
    #[serde(default)]
    back: String,
}

async fn sign_in(
    State(desk): State<Desk>,
    _: Stranger,
    axum::Form(entry): axum::Form<Entry>,
) -> Response {
    match desk.app.open_session(entry.token.trim()).await {
        Ok(session) => {
            let mut response = Redirect::to(inner(Some(&entry.back))).into_response();
            set_cookie(&mut response, SESSION, &session.secret, desk.settings.secure_cookie);
            response
        }
        Err(_) => Redirect::to("/sign-in?failed=yes").into_response(),
    }
}

async fn sign_out(State(desk): State<Desk>, headers: HeaderMap, posted: Posted) -> Response {
    if let Some(secret) = crate::reader::cookie(&headers, SESSION) {
        // The cookie goes in any case; a session that could not be closed now expires by itself.
        let _ = desk.app.close_session(&secret).await;
    }
    drop(posted);
    let mut response = Redirect::to("/sign-in").into_response();
    set_cookie(&mut response, SESSION, "", desk.settings.secure_cookie);
    response
}

fn set_cookie(response: &mut Response, name: &str, value: &str, secure: bool) {
    let age = if value.is_empty() { "; Max-Age=0" } else { "" };
    let secure = if secure { "; Secure" } else { "" };
    let line = format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{age}{secure}");
    if let Ok(line) = HeaderValue::from_str(&line) {
        response.headers_mut().append(header::SET_COOKIE, line);
    }
}

/// A language, and the way back.
#[derive(Debug, Deserialize)]
struct Wish {
    lang: String,
    #[serde(default)]
    back: String,
}

/// Choosing a language changes nothing but a cookie, so it needs no session.
async fn choose_language(_: Stranger, axum::Form(wish): axum::Form<Wish>) -> Response {
    let mut response = Redirect::to(inner(Some(&wish.back))).into_response();
    let lang = Lang::from_code(&wish.lang).unwrap_or(Lang::En);
    let line = format!("{LANGUAGE}={}; Path=/; SameSite=Lax; Max-Age=31536000", lang.code());
    if let Ok(line) = HeaderValue::from_str(&line) {
        response.headers_mut().append(header::SET_COOKIE, line);
    }
    response
}

async fn asset(Path(name): Path<String>) -> Response {
    let Some(asset) = assets::find(&name) else { return StatusCode::NOT_FOUND.into_response() };
    let headers = [
        (header::CONTENT_TYPE, asset.media_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, asset.body).into_response()
}

async fn not_found(Reader(cx): Reader) -> Response {
    let main = html! {
        div.card.empty { h1 { (cx.t(&frame::NOT_FOUND)) } p { (cx.t(&frame::NOT_FOUND_LEAD)) } p { a.button href="/" { (cx.t(&frame::BACK)) } } }
    };
    (StatusCode::NOT_FOUND, page(&cx, &frame::NOT_FOUND, main)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_never_leaves_the_house() {
        assert_eq!(inner(Some("/clients/1?x=2")), "/clients/1?x=2");
        for trap in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "",
            "/\t/evil.example",
            "/\n/evil.example",
            "/\r\n/evil.example",
            "/ /evil.example",
            "/道",
        ] {
            assert_eq!(inner(Some(trap)), "/", "{trap}");
        }
    }
}
