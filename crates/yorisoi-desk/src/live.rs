//! When should an open page draw itself anew? A stream of "something changed", at most twice a second, and for a whole team
//! at the same time: what they then ask for is the same, and is drawn up once.

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
use tokio::time::Instant;
use tokio_stream::wrappers::WatchStream;
use tokio_stream::{Stream, StreamExt};
use yorisoi_app::App;
use yorisoi_decision::TeamId;

use crate::Desk;
use crate::reader::Reader;

/// Changes come in bursts; a page that redraws more often than this only flickers.
const PAUSE: Duration = Duration::from_millis(500);

/// Tells every open page that the ledger has grown.
#[derive(Debug, Clone)]
pub(crate) struct Live {
    latest: watch::Receiver<u64>,
    /// From where the instants of teams are counted.
    origin: Instant,
    told: Told,
    open: Open,
}

/// What each team was told last; `None`: those who belong to none.
type Told = Arc<Mutex<HashMap<Option<TeamId>, watch::Receiver<u64>>>>;

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
        Self { latest, origin: Instant::now(), told: Told::default(), open: Open::default() }
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

    /// What a page of a team is told that had seen so much when it was made: at once if it is behind already.
    fn since(&self, seen: u64, team: Option<&TeamId>) -> impl Stream<Item = u64> + use<> {
        let told = self.told_to(team);
        let newest = self.newest();
        let behind = (newest != seen).then_some(newest);
        // The rest of the team may still have to be told what this page shows.
        let news = WatchStream::from_changes(told).filter(move |seq| *seq > newest.max(seen));
        tokio_stream::iter(behind).chain(news)
    }

    /// What a team is told.
    fn told_to(&self, team: Option<&TeamId>) -> watch::Receiver<u64> {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let nth = told.len();
        let begin = || {
            let (sender, told) = watch::channel(0);
            // What has happened already, the first page of the team shows.
            let mut latest = self.latest.clone();
            latest.mark_unchanged();
            tokio::spawn(tell(latest, sender, (self.origin, phase_of(nth))));
            told
        };
        told.entry(team.cloned()).or_insert_with(begin).clone()
    }
}

/// Tells a team what happens: at once after a silence, and else at an instant of its own in each pause.
async fn tell(
    mut latest: watch::Receiver<u64>,
    told: watch::Sender<u64>,
    (origin, phase): (Instant, Duration),
) {
    while latest.changed().await.is_ok() {
        let seq = *latest.borrow_and_update();
        told.send_replace(seq);
        tokio::time::sleep_until(origin + next_beat(origin.elapsed(), phase)).await;
    }
}

/// The first instant of a team that leaves half a pause at least.
fn next_beat(now: Duration, phase: Duration) -> Duration {
    let least = now + PAUSE / 2;
    let pauses = least.saturating_sub(phase).as_nanos().div_ceil(PAUSE.as_nanos());
    phase + PAUSE * u32::try_from(pauses).unwrap_or(u32::MAX)
}

/// The instants of teams lie apart from each other, however many there are: each next one a golden section further.
fn phase_of(nth: usize) -> Duration {
    PAUSE.mul_f64((nth as f64 * 0.618_034).fract())
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
    let news = desk.live.since(asked.seen, cx.caller.team.as_ref());
    let stream = until(news, desk.settings.stopping.clone()).map(move |seq| {
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

    fn live() -> (watch::Sender<u64>, Live) {
        let (sender, latest) = watch::channel(0);
        let (told, open) = (Told::default(), Open::default());
        (sender, Live { latest, origin: Instant::now(), told, open })
    }

    async fn next(stream: &mut (impl Stream<Item = u64> + Unpin)) -> Option<u64> {
        tokio::time::timeout(Duration::from_millis(20), stream.next()).await.ok().flatten()
    }

    #[tokio::test]
    async fn a_page_is_told_what_it_has_not_seen_and_nothing_else() {
        let (sender, live) = live();
        sender.send_replace(7);
        let (current, behind) = (live.since(live.newest(), None), live.since(6, None));
        let (mut current, mut behind) = (std::pin::pin!(current), std::pin::pin!(behind));
        assert_eq!(next(&mut current).await, None, "it has seen everything");
        assert_eq!(next(&mut behind).await, Some(7), "something happened while it was on its way");
        sender.send_replace(8);
        assert_eq!((next(&mut current).await, next(&mut behind).await), (Some(8), Some(8)));
    }

    #[tokio::test]
    async fn a_team_is_told_at_one_instant_and_another_does_not_wait_for_it() {
        let (sender, live) = live();
        let teams: Vec<TeamId> = ["osaka", "tokyo"].map(|team| team.parse().unwrap()).into();
        let page = |team: &TeamId| Box::pin(live.since(live.newest(), Some(team)));
        let (mut first, mut elsewhere) = (page(&teams[0]), page(&teams[1]));
        sender.send_replace(1);
        assert_eq!((next(&mut first).await, next(&mut elsewhere).await), (Some(1), Some(1)));
        sender.send_replace(2);
        let mut later = page(&teams[0]);
        sender.send_replace(3);
        assert_eq!(next(&mut first).await, None, "it was told just now");
        let begin = Instant::now();
        assert_eq!(first.next().await, Some(3), "of the last, not of each");
        assert_eq!((later.next().await, begin.elapsed() < 2 * PAUSE), (Some(3), true));
        assert_eq!(next(&mut later).await, None, "it had seen the second");
    }

    #[test]
    fn teams_are_told_at_instants_of_their_own_with_half_a_pause_between_at_least() {
        for nth in 0..40 {
            let phase = phase_of(nth);
            assert!(phase < PAUSE && (1..=nth).all(|other| phase_of(nth - other) != phase));
            let mut now = Duration::from_millis(123);
            for times in 0..5 {
                let beat = next_beat(now, phase);
                assert!(beat >= now + PAUSE / 2 && beat < now + 2 * PAUSE, "{now:?}: {beat:?}");
                assert!(times == 0 || beat == now + PAUSE, "the same instant of each pause");
                now = beat;
            }
        }
    }

    #[tokio::test]
    async fn an_open_page_is_let_go_when_the_house_closes() {
        let (_sender, live) = live();
        let (stop, stopping) = watch::channel(false);
        let mut page = std::pin::pin!(until(live.since(0, None), stopping));
        let waits = tokio::time::timeout(Duration::from_millis(20), page.next()).await;
        assert!(waits.is_err(), "nothing happens, and it stays open");
        stop.send_replace(true);
        let ended = tokio::time::timeout(Duration::from_secs(5), page.next()).await;
        assert_eq!(ended, Ok(None));
    }

    #[test]
    fn one_session_holds_so_many_pages_and_gives_them_back() {
        let (_sender, live) = live();
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
