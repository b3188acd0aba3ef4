//! One connection that costs next to nothing: the load shares two cores with what it measures.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::Failure;

/// A connection that is kept.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![0; 64 << 10] })
    }

    /// Sends a request and reads its whole answer; returns the status.
    pub(crate) async fn call(&mut self, request: &[u8]) -> Result<u16, Failure> {
        self.stream.write_all(request).await?;
        let mut got = 0;
        loop {
            if got == self.buffer.len() {
                self.buffer.resize(2 * got, 0);
            }
            let n = self.stream.read(&mut self.buffer[got..]).await?;
            if n == 0 {
                return Err("the service closed the connection".into());
            }
            got += n;
            if let Some(status) = whole(&self.buffer[..got])? {
                return Ok(status);
            }
        }
    }
}

/// The status of an answer that has come whole.
fn whole(got: &[u8]) -> Result<Option<u16>, Failure> {
    let Some(end) = got.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
    let head = std::str::from_utf8(&got[..end])?.to_ascii_lowercase();
    let length = head.split("content-length: ").nth(1).ok_or("an answer without a length")?;
    let length: usize = length.lines().next().unwrap_or_default().trim().parse()?;
    if got.len() < end + 4 + length {
        return Ok(None);
    }
    Ok(Some(head.get(9..12).ok_or("an answer without a status")?.parse()?))
}
