//! When should an open page draw itself anew? A stream of "something changed", at most twice a second.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use serde::Deserialize;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use tokio_stream::wrappers::WatchStream;
use tokio_stream::{Stream, StreamExt};
use yorisoi_app::App;

use crate::Desk;
use crate::reader::Reader;

/// Changes come in bursts; a page that redraws more often than this only flickers.
const PAUSE: Duration = Duration::from_millis(500);

/// Tells every open page that the ledger has grown.
#[derive(Debug, Clone)]
pub(crate) struct Live {
    latest: watch::Receiver<u64>,
    open: Open,
}

/// How many pages of each session are open, by the key of its forms.
type Open = Arc<Mutex<HashMap<String, usize>>>;

/// Open pages of one session that are told of changes. A browser holds fewer to one host; a program that holds
/// more would take the places of others.
const PAGES_MAX: usize = 16;

/// The place of one open page: given back when the page is gone.
#[derive(Debug)]
struct Place {
    open: Open,
    session: String,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pages) = open.get_mut(&self.session) {
            *pages -= 1;
            if *pages == 0 {
                open.remove(&self.session);
            }
        }
    }
}

impl Live {
    /// Listens to the ledger once for all pages.
    pub(crate) fn new(app: &App) -> Self {
        let (sender, latest) = watch::channel(0);
        let mut changes = app.watch();
        tokio::spawn(async move {
            loop {
                match changes.recv().await {
                    // Nothing was shown differently because somebody looked.
                    Ok(change) if change.kind == "looked" => {}
                    Ok(change) => drop(sender.send_replace(change.seq)),
                    Err(RecvError::Lagged(_)) => sender.send_modify(|seq| *seq += 1),
                    Err(RecvError::Closed) => break,
                }
                if sender.is_closed() {
                    break;
                }
            }
        });
        Self { latest, open: Open::default() }
    }

    /// A place for one more page of a session, while there is one.
    fn place(&self, session: &str) -> Option<Place> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let pages = open.entry(session.to_owned()).or_default();
        if *pages >= PAGES_MAX {
            return None;
        }
        *pages += 1;
        drop(open);
        Some(Place { open: Arc::clone(&self.open), session: session.to_owned() })
    }

    /// The newest entry since the house opened; 0 if there is none.
    pub(crate) fn newest(&self) -> u64 {
        *self.latest.borrow()
    }

    /// What changes after a page was made that had seen so much: at once if it is behind already.
    fn since(&self, seen: u64) -> WatchStream<u64> {
        let mut latest = self.latest.clone();
        if *latest.borrow_and_update() != seen {
            latest.mark_changed();
        }
        WatchStream::from_changes(latest)
    }
}

/// How much the page had seen that asks.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Seen {
    #[serde(default)]
    seen: u64,
}

/// The stream of changes: an event each time something happened, without saying what, until the house closes.
pub(crate) async fn changes(
    State(desk): State<Desk>,
    Reader(cx): Reader,
    Query(asked): Query<Seen>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, StatusCode> {
    let place = desk.live.place(&cx.csrf).ok_or(StatusCode::TOO_MANY_REQUESTS)?;
    let seen = desk.live.since(asked.seen).throttle(PAUSE);
    let stream = until(seen, desk.settings.stopping.clone()).map(move |seq| {
        // The page has its place for as long as its stream lives.
        let _ = &place;
        Ok(Event::default().event("change").data(seq.to_string()))
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::default()))
}

/// What comes before the house closes.
fn until(
    changes: impl Stream<Item = u64>,
    stopping: watch::Receiver<bool>,
) -> impl Stream<Item = u64> {
    let end = WatchStream::new(stopping).filter(|stopping| *stopping).map(|_| None);
    changes.map(Some).merge(end).take_while(Option::is_some).filter_map(|seq| seq)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_page_is_told_what_it_has_not_seen_and_nothing_else() {
        let (sender, latest) = watch::channel(0);
        let live = Live { latest, open: Open::default() };
        sender.send_replace(7);
        let next = async |stream: &mut WatchStream<u64>| {
            tokio::time::timeout(Duration::from_millis(20), stream.next()).await.ok().flatten()
        };
        let (mut current, mut behind) = (live.since(live.newest()), live.since(6));
        assert_eq!(next(&mut current).await, None, "it has seen everything");
        assert_eq!(next(&mut behind).await, Some(7), "something happened while it was on its way");
        sender.send_replace(8);
        assert_eq!((next(&mut current).await, next(&mut behind).await), (Some(8), Some(8)));
    }

    #[tokio::test]
    async fn an_open_page_is_let_go_when_the_house_closes() {
        let (_sender, latest) = watch::channel(0);
        let live = Live { latest, open: Open::default() };
        let (stop, stopping) = watch::channel(false);
        let mut page = std::pin::pin!(until(live.since(0).throttle(PAUSE), stopping));
        let waits = tokio::time::timeout(Duration::from_millis(20), page.next()).await;
        assert!(waits.is_err(), "nothing happens, and it stays open");
        stop.send_replace(true);
        let ended = tokio::time::timeout(Duration::from_secs(5), page.next()).await;
        assert_eq!(ended, Ok(None));
    }

    #[test]
    fn one_session_holds_so_many_pages_and_gives_them_back() {
        let (_sender, latest) = watch::channel(0);
        let live = Live { latest, open: Open::default() };
        let mut pages: Vec<Place> = (0..PAGES_MAX).filter_map(|_| live.place("a")).collect();
        assert_eq!(pages.len(), PAGES_MAX);
        assert!(live.place("a").is_none());
        assert!(live.place("b").is_some(), "sessions do not share places");
        pages.pop();
        assert!(live.place("a").is_some());
        pages.clear();
        assert!(live.open.lock().unwrap().is_empty(), "nothing is kept of pages that are gone");
    }
}
