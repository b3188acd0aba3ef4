//! What is happening now? Changes as server-sent events: place and kind, nobody's name.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{Stream, unfold};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use yorisoi_ledger::Change;

use crate::api::{Endpoint, get};
use crate::house::Shared;

/// How often a line without meaning keeps the connection open, so that proxies do not close it.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        get("/v1/stream", "stream")
            .summary("Follow the ledger: one event `change` with place and kind for each entry")
            .answers_raw(200, "text/event-stream")
            .runs(stream),
    ]
}

async fn stream(
    State(house): State<Shared>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
    let watching = Watching { changes: house.watch(), stopping: house.stopping.subscribe() };
    let events =
        unfold(watching, async |mut watching| Some((Ok(watching.next().await?), watching)));
    Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}

struct Watching {
    changes: Receiver<Change>,
    stopping: watch::Receiver<bool>,
}

impl Watching {
    /// The next event; `None` when the service stops or the ledger is closed.
    async fn next(&mut self) -> Option<Event> {
        tokio::select! {
            change = self.changes.recv() => match change {
                Ok(change) => Some(told(&change)),
                // A slow reader has missed some: it is told so and reads what it needs anew.
                Err(RecvError::Lagged(missed)) => {
                    Some(Event::default().event("missed").data(missed.to_string()))
                }
                Err(RecvError::Closed) => None,
            },
            _ = self.stopping.wait_for(|stopping| *stopping) => None,
        }
    }
}

/// Place and kind; the client's name stays here.
fn told(change: &Change) -> Event {
    let data = format!("{{\"seq\":{},\"kind\":\"{}\"}}", change.seq, change.kind);
    Event::default().event("change").id(change.seq.to_string()).data(data)
}
