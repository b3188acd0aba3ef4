//! The desk: pages for people who look after others.
//!
//! Every page is HTML made here, works with scripts off for reading, loads one style sheet and one
//! script from the same binary, and stands over the same use cases as every other interface. A page
//! never decides anything: what may be shown, offered or recorded is what [`yorisoi_app::App`] answers.
//!
//! Whoever reads is signed in by a session cookie; every form carries the session's own key; every look
//! at a person is an entry of the ledger.

mod answer;
mod assets;
mod context;
mod door;
mod form;
mod format;
mod icons;
mod lang;
mod layout;
mod live;
mod pages;
mod parts;
mod reader;
mod words;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use tokio::sync::watch;
use yorisoi_app::App;

pub use answer::Broken;
pub use door::Strangers;

/// The largest body of a page without a file, in bytes. Forms of people who are signed in have a limit of their
/// own, and are read only after their session was found.
const PAGE_BYTES_MAX: usize = 16 * 1024;

/// What the desk needs to know about the house it stands in.
#[derive(Debug, Clone)]
pub struct DeskSettings {
    /// Whether the cookie is sent over HTTPS only: yes behind a proxy that speaks it, no on loopback.
    pub secure_cookie: bool,
    /// The largest file that may be handed in, in bytes.
    pub upload_bytes_max: usize,
    /// How often somebody without a session may ask.
    pub strangers: Strangers,
    /// Becomes `true` when the house closes: open pages are let go then.
    pub stopping: watch::Receiver<bool>,
}

/// What every page shares.
#[derive(Debug, Clone)]
pub(crate) struct Desk {
    pub(crate) app: App,
    pub(crate) settings: DeskSettings,
    pub(crate) live: live::Live,
    pub(crate) studies: pages::studies::Studies,
}

/// Returns the desk's routes over the use cases.
pub fn router(app: App, settings: DeskSettings) -> Router {
    let live = live::Live::new(&app);
    let studies = pages::studies::Studies::open(app.settings().folder.clone());
    let pages = pages::routes(settings.upload_bytes_max);
    let desk = Desk { app, settings, live, studies };
    pages
        .layer(DefaultBodyLimit::max(PAGE_BYTES_MAX))
        .layer(axum::middleware::from_fn(answer::guard))
        .with_state(desk)
}
