//! The rounds of a measurement, and what each found.

use std::fmt;
use std::io::{Seek as _, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use yorisoi_decision::ClientId;
use yorisoi_ledger::{Actor, Body, Draft, Ledger, LedgerError, Place};

use crate::Failure;
use crate::asked::{Asked, Caller};

/// Callers that share the load, each with a connection of its own.
pub(crate) const CALLERS: usize = 64;

/// Latencies of a round.
#[derive(Default)]
pub(crate) struct Found {
    micros: Vec<u32>,
    /// The largest of each second of the round, in microseconds: whether slowness comes in stalls.
    worst: Vec<u32>,
    errors: u64,
    took: Duration,
}

impl Found {
    /// Notes an answer.
    pub(crate) fn add(&mut self, second: usize, took: Duration, status: &Result<u16, Failure>) {
        if !matches!(status, Ok(200..300)) {
            self.errors += 1;
            return;
        }
        let micros = took.as_micros().try_into().unwrap_or(u32::MAX);
        self.micros.push(micros);
        if self.worst.len() <= second {
            self.worst.resize(second + 1, 0);
        }
        self.worst[second] = self.worst[second].max(micros);
    }

    /// Several rounds as one.
    pub(crate) fn joined(rounds: impl IntoIterator<Item = Found>, took: Duration) -> Self {
        let mut all = Self { took, ..Self::default() };
        for round in rounds {
            all.micros.extend(round.micros);
            let longer = all.worst.len().max(round.worst.len());
            all.worst.resize(longer, 0);
            for (worst, other) in all.worst.iter_mut().zip(round.worst) {
                *worst = other.max(*worst);
            }
            all.errors += round.errors;
        }
        all.micros.sort_unstable();
        all
    }

    /// Answers that came, without errors.
    pub(crate) fn answers(&self) -> usize {
        self.micros.len()
    }

    /// Answers a second.
    pub(crate) fn rate(&self) -> f64 {
        self.micros.len() as f64 / self.took.as_secs_f64()
    }

    /// Whether it was as quick as is asked, and nothing failed.
    pub(crate) fn keeps(&self, p50_ms: f64, p99_ms: f64) -> &'static str {
        let kept = self.millis(0.5) <= p50_ms && self.millis(0.99) <= p99_ms && self.errors == 0;
        if kept { "kept" } else { "MISSED" }
    }

    /// The slowest answer of each second, in milliseconds.
    pub(crate) fn stalls(&self) -> String {
        let worst = self.worst.iter().map(|micros| (micros / 1_000).to_string());
        worst.collect::<Vec<_>>().join(" ")
    }

    /// The latency that a share of the answers did not exceed, in milliseconds.
    pub(crate) fn millis(&self, share: f64) -> f64 {
        let last = self.micros.len().saturating_sub(1);
        let at = (share * last as f64).round() as usize;
        self.micros.get(at).map_or(f64::NAN, |micros| f64::from(*micros) / 1e3)
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "p50 {:.2} ms, p90 {:.2}, p99 {:.2}, p99.9 {:.2}, max {:.2}; {:.0}/s; {} answers, {} errors",
            self.millis(0.5),
            self.millis(0.9),
            self.millis(0.99),
            self.millis(0.999),
            self.millis(1.0),
            self.rate(),
            self.micros.len(),
            self.errors
        )
    }
}

/// Now, by the clock that never jumps.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// So many requests a second, each due at its own instant.
pub(crate) async fn open_loop(asked: &Asked, rate: f64, seconds: f64) -> Result<Found, Failure> {
    let total = (rate * seconds) as usize;
    let began = now() + Duration::from_millis(100);
    let callers = (0..CALLERS).map(move |first| {
        let asked = asked.clone();
        async move {
            let mut caller = Caller::of(asked).await?;
            let mut found = Found::default();
            for number in (first..total).step_by(CALLERS) {
                let due = began + Duration::from_secs_f64(number as f64 / rate);
                tokio::time::sleep_until(due.into()).await;
                let status = caller.call(number).await;
                let is_broken = status.is_err();
                let second = (number as f64 / rate) as usize;
                found.add(second, due.elapsed(), &status);
                if is_broken {
                    caller = caller.again().await?;
                }
            }
            Ok::<_, Failure>(found)
        }
    });
    joined(callers.collect(), began).await
}

/// As many as there can be: each caller asks again as soon as it is answered.
pub(crate) async fn closed_loop(asked: &Asked, span: Duration) -> Result<Found, Failure> {
    let began = now();
    let callers = (0..CALLERS).map(move |first| {
        let asked = asked.clone();
        async move {
            let mut caller = Caller::of(asked).await?;
            let mut found = Found::default();
            let mut number = first;
            while began.elapsed() < span {
                let sent = now();
                let status = caller.call(number).await;
                found.add(began.elapsed().as_secs() as usize, sent.elapsed(), &status);
                number += CALLERS;
            }
            Ok::<_, Failure>(found)
        }
    });
    joined(callers.collect(), began).await
}

/// Waits for all callers.
async fn joined(
    mut callers: JoinSet<Result<Found, Failure>>,
    began: Instant,
) -> Result<Found, Failure> {
    let mut rounds = Vec::new();
    while let Some(done) = callers.join_next().await {
        rounds.push(done??);
    }
    Ok(Found::joined(rounds, began.elapsed()))
}

/// What the disk takes to make one block durable, one after another: no commit can be faster.
pub(crate) fn flushes(folder: &Path, count: usize) -> Result<Found, Failure> {
    let mut file = std::fs::File::create(folder.join("flushes"))?;
    let block = [7_u8; 4_096];
    let began = now();
    let mut found = Found::default();
    for _ in 0..count {
        let sent = now();
        file.rewind()?;
        file.write_all(&block)?;
        file.sync_data()?;
        found.add(0, sent.elapsed(), &Ok(200));
    }
    Ok(Found::joined([found], began.elapsed()))
}

/// Entries a second that the ledger takes by group commit, without decisions and without HTTP.
pub(crate) async fn ledger_alone(folder: &Path, count: usize) -> Result<f64, Failure> {
    let ledger = Ledger::open(&Place::Folder(folder.to_owned()))?;
    let client: ClientId = "c-1".parse()?;
    let began = now();
    let mut under_way = JoinSet::new();
    for _ in 0..count {
        let (ledger, client) = (ledger.clone(), client.clone());
        under_way.spawn(async move {
            let work = move |books: &mut yorisoi_ledger::Books<'_>| {
                let body = Body::Looked { at: "load".to_owned() };
                let at = jiff::Timestamp::now();
                let at = books.last_at()?.map_or(at, |last| at.max(last));
                let actor = Actor::House;
                books.append(Draft { at, actor, client: Some(client), body, personal: None })
            };
            ledger.write::<_, LedgerError, _>(work).await
        });
        if under_way.len() >= CALLERS
            && let Some(done) = under_way.join_next().await
        {
            done??;
        }
    }
    while let Some(done) = under_way.join_next().await {
        done??;
    }
    Ok(count as f64 / began.elapsed().as_secs_f64())
}
