//! How does one webhook reach its receiver? One request over a connection of our own.
//!
//! No proxy, no redirect, no pool: the connection goes to an address that was judged a moment ago, and
//! a redirect would lead to one that was not.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Request, StatusCode};
use http_body_util::Full;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore};
use yorisoi_app::{App, AppError, Delivery, SignedHeaders};

use super::address::{AddressError, Target, resolved, target};

/// How long a receiver may take, connection included.
const PATIENCE: Duration = Duration::from_secs(15);

/// Why it did not arrive.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum SendError {
    /// There is nowhere to send to.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// It may not go there.
    #[error("{0}")]
    Forbidden(AppError),
    /// It could not be signed.
    #[error("{0}")]
    Unsigned(AppError),
    /// The receiver did not take it.
    #[error("the receiver answered {status}")]
    Answer {
        /// Its answer.
        status: StatusCode,
    },
    /// The receiver could not be reached.
    #[error("the receiver could not be reached: {reason}")]
    Unreachable {
        /// Why.
        reason: String,
    },
    /// It took too long.
    #[error("the receiver did not answer within {} seconds", PATIENCE.as_secs())]
    TooSlow,
}

/// Sends webhooks.
pub(crate) struct Sender {
    app: App,
    tls: Arc<ClientConfig>,
}

impl Sender {
    /// A sender for the outbox of these use cases.
    ///
    /// # Errors
    ///
    /// If the cipher suites of the TLS library fit no version of TLS.
    pub(crate) fn new(app: App) -> Result<Self, rustls::Error> {
        let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { app, tls: Arc::new(tls) })
    }

    /// Sends one message once, wherever it may go.
    ///
    /// # Errors
    ///
    /// [`SendError`] for anything but an answer of 200 to 299.
    pub(crate) async fn send(&self, delivery: &Delivery) -> Result<(), SendError> {
        match tokio::time::timeout(PATIENCE, self.send_patiently(delivery)).await {
            Ok(result) => result,
            Err(_) => Err(SendError::TooSlow),
        }
    }

    async fn send_patiently(&self, delivery: &Delivery) -> Result<(), SendError> {
        let target = target(&delivery.url)?;
        let addresses = resolved(&self.app, &delivery.url, &target).await?;
        let stream = connected(&addresses).await?;
        // Signed when it is sent, so that the time in it is that of this attempt.
        let signed = self.app.sign_delivery(delivery).await.map_err(SendError::Unsigned)?;
        let request = request(&target, delivery, signed)?;
        let status = if target.tls {
            let name = ServerName::try_from(target.host.clone()).map_err(|e| unreachable_by(&e))?;
            let connector = TlsConnector::from(self.tls.clone());
            let stream = connector.connect(name, stream).await.map_err(|e| unreachable_by(&e))?;
            answered(stream, request).await?
        } else {
            answered(stream, request).await?
        };
        if status.is_success() { Ok(()) } else { Err(SendError::Answer { status }) }
    }
}

fn unreachable_by(error: &dyn std::error::Error) -> SendError {
    SendError::Unreachable { reason: error.to_string() }
}

/// Connects to the first address that answers.
async fn connected(addresses: &[SocketAddr]) -> Result<TcpStream, SendError> {
    let mut last = SendError::Unreachable { reason: "no address".to_owned() };
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = unreachable_by(&error),
        }
    }
    Err(last)
}

fn request(
    target: &Target,
    delivery: &Delivery,
    signed: SignedHeaders,
) -> Result<Request<Full<Bytes>>, SendError> {
    Request::post(&target.path)
        .header("host", &target.authority)
        .header("content-type", "application/cloudevents+json")
        .header("user-agent", concat!("yorisoi/", env!("CARGO_PKG_VERSION")))
        .header("webhook-id", signed.id)
        .header("webhook-timestamp", signed.timestamp)
        .header("webhook-signature", signed.signature)
        .body(Full::new(Bytes::from(delivery.body.clone())))
        .map_err(|error| unreachable_by(&error))
}

/// Sends the request and returns the status. The answer's body is not read: it means nothing to us.
async fn answered<S>(stream: S, request: Request<Full<Bytes>>) -> Result<StatusCode, SendError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let io = TokioIo::new(stream);
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(io).await.map_err(|e| unreachable_by(&e))?;
    let driver = tokio::spawn(connection);
    let response = sender.send_request(request).await.map_err(|e| unreachable_by(&e));
    driver.abort();
    Ok(response?.status())
}
