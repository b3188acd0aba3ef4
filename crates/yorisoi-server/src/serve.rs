//! How does the service run? It listens, sweeps, sends webhooks, and stops without losing an answer.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower_service::Service as _;
use yorisoi_app::App;

use crate::house::{House, Shared};
use crate::router;
use crate::settings::ServerSettings;
use crate::webhooks;

/// How long a client may take to send the head of a request, and a connection may idle.
const HEAD_PATIENCE: Duration = Duration::from_mins(1);

/// How long the service gets ready before it takes connections: what lists of work look at is read, so that nobody waits
/// for the disk.
const WARM_UP_MAX: Duration = Duration::from_secs(3);

/// Connections at a time. More wait in the system's queue.
const CONNECTIONS_MAX: usize = 4_096;

/// Why the service does not run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The address cannot be listened on.
    #[error("cannot listen on `{listen}`: {source}; choose another address with `listen`")]
    Listen {
        /// The address.
        listen: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The system does not say when to stop.
    #[error("cannot wait for signals to stop: {0}")]
    Signals(io::Error),
}

/// Serves until the process is asked to stop (SIGTERM or Ctrl-C), then finishes what is open.
///
/// # Errors
///
/// [`ServeError::Listen`] if the address is taken or not ours; [`ServeError::Signals`].
pub async fn serve(app: App, settings: ServerSettings) -> Result<(), ServeError> {
    let listen = settings.listen;
    let listener =
        TcpListener::bind(listen).await.map_err(|source| ServeError::Listen { listen, source })?;
    let stop = asked_to_stop().map_err(ServeError::Signals)?;
    serve_on(listener, app, settings, stop).await;
    Ok(())
}

/// Serves on a listener until `stop` is done, then finishes what is open.
pub async fn serve_on(
    listener: TcpListener,
    app: App,
    settings: ServerSettings,
    stop: impl Future<Output = ()>,
) {
    // A list that takes longer than this is drawn up for whoever asks for it first.
    let _ = tokio::time::timeout(WARM_UP_MAX, app.warm_up()).await;
    let house = House::new(app, settings);
    let sweeper = tokio::spawn(sweep(house.clone()));
    let sender = tokio::spawn(webhooks::run(house.clone()));
    let address = listener.local_addr().map(|address| address.to_string()).unwrap_or_default();
    tracing::info!(address, "listening");
    let graceful = accept_until(stop, listener, &house).await;
    tracing::info!("stopping: finishing open requests");
    house.stopping.send_replace(true);
    let grace = Duration::from_secs(u64::from(house.settings.shutdown_grace_s));
    if tokio::time::timeout(grace, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
    // Both end by themselves at the next step; a webhook that is under way is repeated after a restart.
    for task in [sweeper, sender] {
        if tokio::time::timeout(Duration::from_secs(1), task).await.is_err() {
            tracing::debug!("a task of the service was cut short");
        }
    }
    tracing::info!("stopped");
}

/// Takes connections until `stop` is done; returns what waits for those that are open.
async fn accept_until(
    stop: impl Future<Output = ()>,
    listener: TcpListener,
    house: &Shared,
) -> GracefulShutdown {
    let app = router(house);
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    tokio::pin!(stop);
    loop {
        let (connection, peer) = tokio::select! {
            () = &mut stop => return graceful,
            accepted = accept(&listener, &places) => accepted,
        };
        let Connection { stream, place } = connection;
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_PATIENCE)
            .serve_connection(TokioIo::new(stream), service_fn(answers(app.clone(), peer)));
        let watched = graceful.watch(connection);
        tokio::spawn(async move {
            // A connection that breaks is the client's affair.
            let _ = watched.await;
            drop(place);
        });
    }
}

struct Connection {
    stream: TcpStream,
    place: Option<tokio::sync::OwnedSemaphorePermit>,
}

/// The next connection, once there is a place for it.
async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> (Connection, SocketAddr) {
    let place = places.clone().acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Answers are small and wanted at once.
                let _ = stream.set_nodelay(true);
                return (Connection { stream, place }, peer);
            }
            Err(error) => {
                // Out of file descriptors, most likely: a moment later some are free again.
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

/// What hyper waits for.
type Answering = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

/// The router as hyper calls it, with the caller's address.
fn answers(app: Router, peer: SocketAddr) -> impl Fn(hyper::Request<Incoming>) -> Answering {
    move |request| {
        let mut app = app.clone();
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        Box::pin(async move { app.call(request).await })
    }
}

/// Ends what has run out, every few seconds, until the service stops.
async fn sweep(house: Shared) {
    let pause = Duration::from_secs(u64::from(house.settings.sweep_every_s));
    let mut stopping = house.stopping.subscribe();
    loop {
        match house.app.sweep().await {
            Ok(swept) => {
                let ended = swept.reservations + swept.hand_ons;
                house.metrics.swept(ended);
                if ended > 0 {
                    tracing::debug!(swept.reservations, swept.hand_ons, "swept");
                }
            }
            Err(error) => {
                house.metrics.sweep_failed();
                tracing::warn!(code = error.code(), "sweeping failed");
            }
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stopping.wait_for(|stopping| *stopping) => return,
        }
    }
}

/// Done when the process is asked to stop.
///
/// # Errors
///
/// What the system says, where signals cannot be waited for.
#[cfg(unix)]
pub fn asked_to_stop() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Done when the process is asked to stop.
#[cfg(not(unix))]
pub fn asked_to_stop() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
