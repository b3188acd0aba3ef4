//! How long after a write was acknowledged does every open page know that something happened, and show it?

use std::fmt;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::open_page::{Lived, OpenPage};
use crate::web::{Connection, now};
use crate::{Failure, Plan};

/// Connections that share the writing.
const WRITERS: usize = 16;

/// How long pages are still open after the last event.
const LAST_WAIT: Duration = Duration::from_secs(5);

/// An event whose writer has the answer.
#[derive(Debug, Clone, Copy)]
struct Written {
    at: Instant,
    seq: u64,
}

/// Delays of all events on all pages.
#[derive(Default)]
pub(crate) struct Delays {
    millis: Vec<f64>,
    /// Events that a page did not come to know of within [`LAST_WAIT`].
    missed: usize,
}

impl Delays {
    fn add(&mut self, delay: Option<Duration>) {
        match delay {
            Some(delay) => self.millis.push(delay.as_secs_f64() * 1_000.0),
            None => self.missed += 1,
        }
    }

    fn at(&self, share: f64) -> f64 {
        let last = self.millis.len().saturating_sub(1);
        self.millis.get((share * last as f64).round() as usize).copied().unwrap_or(f64::NAN)
    }

    /// Whether 99 of 100 came within so many milliseconds, and none was missed.
    pub(crate) fn keeps(&self, p99_ms: f64) -> &'static str {
        if self.at(0.99) <= p99_ms && self.missed == 0 { "kept" } else { "MISSED" }
    }
}

impl fmt::Display for Delays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (p50, p99, most) = (self.at(0.5), self.at(0.99), self.at(1.0));
        write!(f, "p50 {p50:.0} ms, p99 {p99:.0} ms, largest {most:.0} ms, missed {}", self.missed)
    }
}

/// What was found over all events and pages.
pub(crate) struct Found {
    /// Until a page's stream told of it.
    pub(crate) told: Delays,
    /// Until the page's new content was there.
    pub(crate) shown: Delays,
    /// Each fetch by itself.
    pub(crate) fetches: Delays,
    written: usize,
    /// Events a second that were acknowledged.
    rate: f64,
    tellings: usize,
    bytes: usize,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} events written at {:.0}/s, {} tellings, {} fetches of {} kB",
            self.written,
            self.rate,
            self.tellings,
            self.fetches.millis.len(),
            self.bytes.div_ceil(1_000)
        )
    }
}

/// Opens the pages, writes, and sets both side by side.
pub(crate) async fn run(
    address: SocketAddr,
    (cookies, writer): (&[String], &str),
    plan: Plan,
) -> Result<Found, Failure> {
    let mut open = Vec::with_capacity(cookies.len());
    for (k, cookie) in cookies.iter().enumerate() {
        let patience = 1.0 + 0.25 * k as f64 / cookies.len() as f64;
        open.push(OpenPage::open(address, ("/today", cookie), patience).await?);
    }
    let stop = now() + Duration::from_secs_f64(plan.seconds) + LAST_WAIT;
    let mut pages = JoinSet::new();
    for page in open {
        pages.spawn(page.live(stop));
    }
    let first = now();
    let written = write(address, writer, plan).await?;
    let rate = written.len() as f64 / first.elapsed().as_secs_f64();
    let mut found = Found {
        told: Delays::default(),
        shown: Delays::default(),
        fetches: Delays::default(),
        written: written.len(),
        rate,
        tellings: 0,
        bytes: 0,
    };
    while let Some(lived) = pages.join_next().await {
        found.add(&lived??, &written);
    }
    for delays in [&mut found.told, &mut found.shown, &mut found.fetches] {
        delays.millis.sort_by(f64::total_cmp);
    }
    Ok(found)
}

impl Found {
    /// Adds what happened to one page.
    fn add(&mut self, page: &Lived, written: &[Written]) {
        self.tellings += page.told.len();
        self.bytes = self.bytes.max(page.bytes);
        for event in written {
            // A stream names the latest entry: whoever knows of it knows of all before it.
            let told = page.told.get(page.told.partition_point(|told| told.seq < event.seq));
            self.told.add(told.map(|told| told.at.saturating_duration_since(event.at)));
            let fetches = &page.fetched;
            let shown = fetches.get(fetches.partition_point(|fetch| fetch.sent < event.at));
            self.shown.add(shown.map(|fetch| fetch.done.saturating_duration_since(event.at)));
        }
        for fetch in &page.fetched {
            self.fetches.add(Some(fetch.done - fetch.sent));
        }
    }
}

/// Writes outcomes at a steady rate, each due at its own instant whether or not earlier ones were answered.
async fn write(address: SocketAddr, secret: &str, plan: Plan) -> Result<Vec<Written>, Failure> {
    let all = (plan.rate * plan.seconds) as usize;
    let begin = tokio::time::Instant::now();
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let secret = secret.to_owned();
        writers.spawn(async move {
            let mut connection = Connection::open(address).await?;
            let mut written = Vec::new();
            for number in (writer..all).step_by(WRITERS) {
                let due = begin + Duration::from_secs_f64(number as f64 / plan.rate);
                tokio::time::sleep_until(due).await;
                let request = outcome(&secret, number % plan.clients);
                let answer = connection.call(&request).await?;
                let at = now();
                let said: serde_json::Value = serde_json::from_slice(&answer.body)?;
                let seq = said["seq"].as_u64().ok_or_else(|| format!("not recorded: {said}"))?;
                written.push(Written { at, seq });
            }
            Ok::<_, Failure>(written)
        });
    }
    let mut written = Vec::with_capacity(all);
    while let Some(done) = writers.join_next().await {
        written.extend(done??);
    }
    Ok(written)
}

fn outcome(secret: &str, client: usize) -> Vec<u8> {
    let body = format!("{{\"client\":\"c-{client}\",\"value\":1}}");
    format!(
        "POST /v1/outcomes HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {secret}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
