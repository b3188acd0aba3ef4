//! Who is asked, and what? The service over a connection, or SQLite by itself.

use std::net::SocketAddr;

use crate::Failure;
use crate::connection::Connection;
use crate::raw::Raw;

/// Whom to ask, and about how many.
#[derive(Clone)]
pub(crate) struct Asks {
    pub(crate) address: SocketAddr,
    pub(crate) secret: String,
    pub(crate) clients: usize,
}

/// What the service is asked.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// A handler that does nothing.
    Empty,
    /// A decision, committed.
    Decide,
    /// A decision, without a trace.
    DryDecide,
}

impl Asks {
    fn request(&self, kind: Kind, number: usize) -> Vec<u8> {
        let dry = match kind {
            Kind::Empty => return b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n".to_vec(),
            Kind::Decide => "",
            Kind::DryDecide => ",\"dry\":true",
        };
        // A step that shares no factor with the number of clients visits them all in turn.
        let client = number.wrapping_mul(7_919) % self.clients;
        let body = format!("{{\"client\":\"c-{client}\"{dry}}}");
        format!(
            "POST /v1/decisions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.secret,
            body.len()
        )
        .into_bytes()
    }
}

/// Who is asked.
#[derive(Clone)]
pub(crate) enum Asked {
    /// The service, over a connection for each caller.
    Service(Asks, Kind),
    /// SQLite by itself: a row, flushed.
    Raw(Raw),
}

/// One who asks, one question after another.
pub(crate) enum Caller {
    Service { asks: Asks, kind: Kind, connection: Connection },
    Raw(Raw),
}

impl Caller {
    pub(crate) async fn of(asked: Asked) -> Result<Self, Failure> {
        match asked {
            Asked::Service(asks, kind) => {
                let connection = Connection::open(asks.address).await?;
                Ok(Self::Service { asks, kind, connection })
            }
            Asked::Raw(raw) => Ok(Self::Raw(raw)),
        }
    }

    /// Asks, and waits for the whole answer; returns its status.
    pub(crate) async fn call(&mut self, number: usize) -> Result<u16, Failure> {
        match self {
            Self::Service { asks, kind, connection } => {
                connection.call(&asks.request(*kind, number)).await
            }
            Self::Raw(raw) => raw.write().await,
        }
    }

    /// The same, over a new connection.
    pub(crate) async fn again(self) -> Result<Self, Failure> {
        match self {
            Self::Service { asks, kind, .. } => Self::of(Asked::Service(asks, kind)).await,
            Self::Raw(raw) => Ok(Self::Raw(raw)),
        }
    }
}
