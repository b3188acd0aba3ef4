//! How long after a write was acknowledged does every open page know that something happened?

use std::fmt;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::AsyncReadExt as _;
use tokio::task::JoinSet;

use crate::web::{Connection, get, now};
use crate::{Failure, Plan};

/// Connections that share the writing.
const WRITERS: usize = 16;

/// How long streams are still listened to after the last event.
const LAST_WAIT: Duration = Duration::from_secs(3);

/// Something at an instant: a write that was acknowledged, or the latest entry a stream told of.
#[derive(Debug, Clone, Copy)]
struct Seen {
    at: Instant,
    seq: u64,
}

/// Delays over all events and streams.
pub(crate) struct Delays {
    millis: Vec<f64>,
    /// Events that a stream did not tell of within [`LAST_WAIT`].
    missed: usize,
    written: usize,
    /// Events a second that were acknowledged.
    rate: f64,
    /// What a stream said, over all streams.
    told: usize,
}

impl fmt::Display for Delays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = |share: f64| {
            let last = self.millis.len().saturating_sub(1);
            self.millis.get((share * last as f64).round() as usize).copied().unwrap_or(f64::NAN)
        };
        write!(
            f,
            "p50 {:.0} ms, p99 {:.0} ms, largest {:.0} ms, missed {}; {} events written at {:.0}/s, {} tellings",
            at(0.5),
            at(0.99),
            at(1.0),
            self.missed,
            self.written,
            self.rate,
            self.told
        )
    }
}

/// Opens the streams, writes, and sets both side by side.
pub(crate) async fn run(
    address: SocketAddr,
    (cookies, writer): (&[String], &str),
    plan: Plan,
) -> Result<Delays, Failure> {
    let begin = now();
    // Everybody is listening before anything is written.
    let settle = Duration::from_secs(2);
    let stop = begin + settle + Duration::from_secs_f64(plan.seconds) + LAST_WAIT;
    let mut listeners = JoinSet::new();
    for cookie in cookies {
        let (connection, request) =
            (Connection::open(address).await?, get("/desk/changes", cookie));
        listeners.spawn(async move { listen(connection, &request, stop).await });
    }
    tokio::time::sleep(settle).await;
    let first = now();
    let written = write(address, writer, plan).await?;
    let took = first.elapsed();
    let (mut millis, mut missed, mut told) = (Vec::new(), 0, 0);
    while let Some(heard) = listeners.join_next().await {
        let heard = heard??;
        told += heard.len();
        for event in &written {
            // A stream names the latest entry: whoever knows of it redraws and sees all before it too.
            match heard.get(heard.partition_point(|seen| seen.seq < event.seq)) {
                Some(seen) => {
                    let delay = seen.at.saturating_duration_since(event.at);
                    millis.push(delay.as_secs_f64() * 1_000.0);
                }
                None => missed += 1,
            }
        }
    }
    millis.sort_by(f64::total_cmp);
    let rate = written.len() as f64 / took.as_secs_f64();
    Ok(Delays { millis, missed, written: written.len(), rate, told })
}

/// Reads a stream of changes until an instant.
async fn listen(
    connection: Connection,
    request: &[u8],
    stop: Instant,
) -> Result<Vec<Seen>, Failure> {
    let mut stream = connection.listen(request).await?;
    let (mut heard, mut rest) = (Vec::new(), String::new());
    let mut buffer = vec![0; 4 << 10];
    let stop = tokio::time::Instant::from_std(stop);
    while let Ok(read) = tokio::time::timeout_at(stop, stream.read(&mut buffer)).await {
        let n = read?;
        if n == 0 {
            return Err("a stream was closed".into());
        }
        let at = now();
        rest.push_str(std::str::from_utf8(&buffer[..n])?);
        while let Some(end) = rest.find('\n') {
            let line: String = rest.drain(..=end).collect();
            if let Some(seq) = line.trim().strip_prefix("data:") {
                heard.push(Seen { at, seq: seq.trim().parse()? });
            }
        }
    }
    Ok(heard)
}

/// Writes outcomes at a steady rate, each due at its own instant whether or not earlier ones were answered.
async fn write(address: SocketAddr, secret: &str, plan: Plan) -> Result<Vec<Seen>, Failure> {
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
                written.push(Seen { at, seq });
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
