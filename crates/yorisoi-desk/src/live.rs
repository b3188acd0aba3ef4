//! When should an open page draw itself anew? A stream of "something changed", at most twice a second.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
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
}

/// The stream of changes: an event each time something happened, without saying what.
pub(crate) async fn changes(
    State(desk): State<Desk>,
    Reader(_): Reader,
) -> Sse<impl tokio_stream::Stream<Item = Result<Event, Infallible>>> {
    let stream = WatchStream::from_changes(desk.live.latest)
        .throttle(PAUSE)
        .map(|seq| Ok(Event::default().event("change").data(seq.to_string())));
    Sse::new(stream).keep_alive(KeepAlive::default())
}
