//! How is a page fetched, timed, and a browser signed in, at next to no cost of its own?

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::Failure;

/// Now, by the clock that never jumps.
#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// A connection that is kept.
pub(crate) struct Connection {
    stream: TcpStream,
    got: Vec<u8>,
}

/// An answer, with the times at which it came.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
    pub(crate) first_byte: Duration,
    pub(crate) whole: Duration,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, got: Vec::new() })
    }

    /// Sends a request and reads its whole answer.
    pub(crate) async fn call(&mut self, request: &[u8]) -> Result<Answer, Failure> {
        let begin = now();
        self.stream.write_all(request).await?;
        self.got.clear();
        let mut first_byte = None;
        let mut buffer = vec![0; 64 << 10];
        loop {
            let n = self.stream.read(&mut buffer).await?;
            if n == 0 {
                return Err("the service closed the connection".into());
            }
            let first_byte = *first_byte.get_or_insert_with(|| begin.elapsed());
            self.got.extend_from_slice(&buffer[..n]);
            let Some(end) = self.got.windows(4).position(|four| four == b"\r\n\r\n") else {
                continue;
            };
            let head = std::str::from_utf8(&self.got[..end])?.to_owned();
            let length: usize = header(&head, "content-length").unwrap_or("0").parse()?;
            if self.got.len() >= end + 4 + length {
                let status = head.get(9..12).ok_or("an answer without a status")?.parse()?;
                let body = self.got[end + 4..end + 4 + length].to_vec();
                return Ok(Answer { status, head, body, first_byte, whole: begin.elapsed() });
            }
        }
    }

    /// Sends a request whose answer does not end, and hands its stream over.
    pub(crate) async fn listen(mut self, request: &[u8]) -> Result<TcpStream, Failure> {
        self.stream.write_all(request).await?;
        Ok(self.stream)
    }
}

/// A header of an answer.
pub(crate) fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    let mut found = lines.filter(|(known, _)| known.eq_ignore_ascii_case(name));
    found.next().map(|(_, value)| value.trim())
}

/// A request for a page of somebody who is signed in.
pub(crate) fn get(path: &str, cookie: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: x\r\naccept-language: ja\r\ncookie: {cookie}\r\n\r\n")
        .into_bytes()
}

/// A request for the inside of a page, as a page that redraws itself makes it.
pub(crate) fn fragment(path: &str, cookie: &str) -> Vec<u8> {
    format!(
        "GET {path} HTTP/1.1\r\nhost: x\r\naccept-language: ja\r\nx-fragment: main\r\ncookie: {cookie}\r\n\r\n"
    )
    .into_bytes()
}

/// Signs in as the form does, and returns the cookie. The door lets one address knock so often: whoever opens a desk
/// full of pages from one machine waits when it says so.
pub(crate) async fn sign_in(address: SocketAddr, secret: &str) -> Result<String, Failure> {
    let body = format!("token={secret}&back=%2F");
    let request = format!(
        "POST /sign-in HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = loop {
        let answer = Connection::open(address).await?.call(request.as_bytes()).await?;
        if answer.status != 429 {
            break answer;
        }
        let seconds = header(&answer.head, "retry-after").unwrap_or("1").parse()?;
        tokio::time::sleep(Duration::from_secs(seconds)).await;
    };
    let cookie = header(&answer.head, "set-cookie").and_then(|line| line.split(';').next());
    let cookie = cookie.ok_or_else(|| format!("no session: {} {}", answer.status, answer.head))?;
    Ok(cookie.to_owned())
}
