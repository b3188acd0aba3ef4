//! How does a page reach the browser: whole, as a fragment, as a way back, or as an explained failure?

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use maud::{Markup, html};
use yorisoi_app::AppError;

use crate::context::Context;
use crate::lang::Text;
use crate::layout::{Page, bare, framed};
use crate::words::frame as words;

/// Nothing may be loaded but from here, nothing may frame the desk, and no form leads elsewhere.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Adds to every answer what keeps a browser from doing anything but showing it.
pub(crate) async fn guard(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name, value| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::X_FRAME_OPTIONS, "DENY");
    // What stands on a page is about people: no shared computer may keep it.
    set(header::CACHE_CONTROL, "no-store");
    response
}

/// A page inside the frame, or only its inside where a fragment is asked for.
pub(crate) fn page(cx: &Context, title: &Text, main: Markup) -> Response {
    live_page(cx, title, None, main)
}

/// A page that renews itself from `live` when something happens.
pub(crate) fn live_page(cx: &Context, title: &Text, live: Option<&str>, main: Markup) -> Response {
    if cx.fragment {
        return Html(main.into_string()).into_response();
    }
    Html(framed(cx, &Page { title: cx.t(title), main, live })).into_response()
}

/// A page without the frame.
pub(crate) fn bare_page(cx: &Context, title: &Text, main: &Markup) -> Response {
    Html(bare(cx, cx.t(title), main)).into_response()
}

/// Goes to a page after something was done, which then says it.
pub(crate) fn done(path: &str, said: &str) -> Response {
    let joint = if path.contains('?') { '&' } else { '?' };
    Redirect::to(&format!("{path}{joint}said={said}")).into_response()
}

/// What went wrong inside while a page was made: for the log, not for the page.
#[derive(Debug, Clone)]
pub struct Broken {
    /// The error's code.
    pub code: &'static str,
    /// What exactly.
    pub why: String,
}

/// A use case that was not carried out, with its reader.
pub(crate) struct Failure {
    cx: Box<Context>,
    error: AppError,
}

impl Failure {
    /// A failure before this reader.
    pub(crate) fn new(cx: &Context, error: AppError) -> Self {
        Self { cx: Box::new(cx.clone()), error }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let words_said = crate::words::refusal::told(&self.error).upright();
        let main = html! {
            div.card.empty role="alert" {
                h1 { (self.cx.t(&words::NOT_DONE)) }
                p { (self.cx.t(&words_said)) }
                p.small { code { (self.error.code()) } }
                p { a.button href=(back(&self.cx)) { (self.cx.t(&words::BACK)) } }
            }
        };
        let status =
            StatusCode::from_u16(self.error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, page(&self.cx, &words::NOT_DONE, main)).into_response();
        if status.is_server_error() {
            let broken = Broken { code: self.error.code(), why: self.error.to_string() };
            response.extensions_mut().insert(broken);
        }
        response
    }
}

/// The nearest page above this one that a reader can go to.
fn back(cx: &Context) -> &str {
    match cx.path.strip_prefix("/clients/").and_then(|rest| rest.split('/').next()) {
        Some(client) if !client.is_empty() => {
            let end = "/clients/".len() + client.len();
            cx.path.get(..end).unwrap_or("/")
        }
        _ => "/",
    }
}

/// A handler's outcome.
pub(crate) type Outcome = Result<Response, Failure>;

/// Gives a use case's error its reader.
pub(crate) trait For<T> {
    /// The value, or a failure before this reader.
    fn before(self, cx: &Context) -> Result<T, Failure>;
}

impl<T, E: Into<AppError>> For<T> for Result<T, E> {
    fn before(self, cx: &Context) -> Result<T, Failure> {
        self.map_err(|error| Failure::new(cx, error.into()))
    }
}

/// A file to be saved.
pub(crate) fn download(name: &str, media_type: &'static str, body: impl Into<Body>) -> Response {
    let safe: String =
        name.chars().filter(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c)).collect();
    let mut response = Response::new(body.into());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{safe}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use yorisoi_app::{Caller, Role};

    use super::*;
    use crate::lang::Lang;

    fn reader(lang: Lang) -> Context {
        Context {
            caller: Caller { token: "t".to_owned(), role: Role::Lead, team: None, agent: None },
            lang,
            now: jiff::Timestamp::UNIX_EPOCH,
            zone: TimeZone::UTC,
            path: "/today".to_owned(),
            csrf: "k".to_owned(),
            fragment: false,
            seen: 0,
            flash: None,
        }
    }

    #[tokio::test]
    async fn a_page_does_not_say_what_broke_inside_but_the_log_may() {
        for (lang, said) in [(Lang::En, "please try again"), (Lang::Ja, "もう一度お試しください")]
        {
            let error = AppError::Unavailable { why: "ledger.sqlite is locked".to_owned() };
            let response = Failure::new(&reader(lang), error).into_response();
            let broken = response.extensions().get::<Broken>().cloned().expect("for the log");
            assert!(broken.why.contains("ledger.sqlite"));
            let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.expect("a page");
            let page = String::from_utf8_lossy(&body);
            assert!(page.contains(said) && !page.contains("sqlite"), "{page}");
        }
    }
}
