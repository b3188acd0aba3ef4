//! When should an open page draw itself anew? A stream of "something changed", at most twice a second.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use serde::Deserialize;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::WatchStream;
use yorisoi_app::App;

use crate::Desk;
use crate::reader::Reader;

/// Changes come in bursts; a page that redraws more often than this only flickers.
const PAUSE: Duration = Duration::from_millis(500);

/// Tells every open page that the ledger has grown.
#[derive(Debug, Clone)]
pub(crate) struct Live {
    latest: watch::Receiver<u64>,
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
        Self { latest }
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

/// The stream of changes: an event each time something happened, without saying what.
pub(crate) async fn changes(
    State(desk): State<Desk>,
    Reader(_): Reader,
    Query(asked): Query<Seen>,
) -> Sse<impl tokio_stream::Stream<Item = Result<Event, Infallible>>> {
    let stream = desk
        .live
        .since(asked.seen)
        .throttle(PAUSE)
        .map(|seq| Ok(Event::default().event("change").data(seq.to_string())));
    Sse::new(stream).keep_alive(KeepAlive::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_page_is_told_what_it_has_not_seen_and_nothing_else() {
        let (sender, latest) = watch::channel(0);
        let live = Live { latest };
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
}
