//! What does an open page do when it is told of a change? As the desk's script does it: it fetches itself anew.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio::sync::watch;

use crate::Failure;
use crate::web::{Connection, fragment, get, now};

/// The pauses of the script: after a telling, and the least after a fetch.
const AFTER_TELLING: Duration = Duration::from_millis(60);
const AFTER_FETCH: Duration = Duration::from_millis(300);

/// The longer the last fetch took the longer the next one waits.
const TIMES_THE_LAST: u32 = 2;

/// The latest entry a stream told of, and when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Told {
    pub(crate) at: Instant,
    pub(crate) seq: u64,
}

/// A fetch of the page's inside: whatever was acknowledged before it was sent is on it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fetched {
    pub(crate) sent: Instant,
    pub(crate) done: Instant,
}

/// What happened to a page while it was open.
#[derive(Debug, Default)]
pub(crate) struct Lived {
    pub(crate) told: Vec<Told>,
    pub(crate) fetched: Vec<Fetched>,
    /// Bytes of the last fetch.
    pub(crate) bytes: usize,
}

/// A page that is open, its stream listened to.
pub(crate) struct OpenPage {
    stream: TcpStream,
    line: Connection,
    request: Vec<u8>,
    patience: f64,
}

impl OpenPage {
    /// Opens a page as a browser does, and its stream from what the page has seen. `patience` lies between one and
    /// one and a quarter: not all pages wait equally long.
    pub(crate) async fn open(
        address: SocketAddr,
        (path, cookie): (&str, &str),
        patience: f64,
    ) -> Result<Self, Failure> {
        let mut line = Connection::open(address).await?;
        let page = line.call(&get(path, cookie)).await?;
        if page.status != 200 {
            return Err(format!("{path}: {}", page.status).into());
        }
        let page = String::from_utf8(page.body)?;
        let seen = page.split("data-seen=\"").nth(1).and_then(|rest| rest.split('"').next());
        let seen = seen.ok_or("the page does not say what it has seen")?;
        let changes = get(&format!("/desk/changes?seen={seen}"), cookie);
        let stream = Connection::open(address).await?.listen(&changes).await?;
        Ok(Self { stream, line, request: fragment(path, cookie), patience })
    }

    /// Listens and fetches until an instant.
    pub(crate) async fn live(self, stop: Instant) -> Result<Lived, Failure> {
        let (changed, changes) = watch::channel(0);
        let listens = tokio::spawn(listen(self.stream, changed, stop));
        let line = (self.line, self.request);
        let (fetched, bytes) = redraw(line, (changes, self.patience), stop).await?;
        Ok(Lived { told: listens.await??, fetched, bytes })
    }
}

/// Reads a stream of changes until an instant, and passes on what it tells.
async fn listen(
    mut stream: TcpStream,
    changed: watch::Sender<u64>,
    stop: Instant,
) -> Result<Vec<Told>, Failure> {
    let (mut told, mut rest) = (Vec::new(), String::new());
    let mut buffer = vec![0; 4 << 10];
    while let Ok(read) = tokio::time::timeout_at(stop.into(), stream.read(&mut buffer)).await {
        let n = read?;
        if n == 0 {
            return Err("a stream was closed".into());
        }
        let at = now();
        rest.push_str(std::str::from_utf8(&buffer[..n])?);
        while let Some(end) = rest.find('\n') {
            let line: String = rest.drain(..=end).collect();
            if let Some(seq) = line.trim().strip_prefix("data:") {
                let seq = seq.trim().parse()?;
                told.push(Told { at, seq });
                changed.send_replace(seq);
            }
        }
    }
    Ok(told)
}

/// Fetches the page's inside after tellings, one fetch at a time and one to follow.
async fn redraw(
    (mut line, request): (Connection, Vec<u8>),
    (mut changes, patience): (watch::Receiver<u64>, f64),
    stop: Instant,
) -> Result<(Vec<Fetched>, usize), Failure> {
    let (mut fetched, mut bytes) = (Vec::new(), 0);
    let mut not_before = now();
    while let Ok(Ok(())) = tokio::time::timeout_at(stop.into(), changes.changed()).await {
        not_before = not_before.max(now() + AFTER_TELLING);
        if not_before >= stop {
            break;
        }
        tokio::time::sleep_until(not_before.into()).await;
        changes.mark_unchanged();
        let sent = now();
        let answer = line.call(&request).await?;
        if answer.status != 200 {
            return Err(format!("a page was not there: {}", answer.status).into());
        }
        let done = now();
        fetched.push(Fetched { sent, done });
        bytes = answer.body.len();
        not_before = done + AFTER_FETCH.max(TIMES_THE_LAST * (done - sent)).mul_f64(patience);
    }
    Ok((fetched, bytes))
}
