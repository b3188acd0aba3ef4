//! What do all requests share? The use cases, the settings and what is counted.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::broadcast;
use yorisoi_app::{App, Ids as _, SystemIds};
use yorisoi_ledger::{Change, Health};

use crate::metrics::Metrics;
use crate::rate::RateLimit;
use crate::settings::ServerSettings;

/// What every handler may look at.
pub(crate) struct House {
    /// The use cases.
    pub(crate) app: App,
    /// The operator's choices.
    pub(crate) settings: ServerSettings,
    /// What is counted.
    pub(crate) metrics: Metrics,
    /// Requests by token.
    pub(crate) tokens: RateLimit,
    /// Requests without a valid token, by address.
    pub(crate) strangers: RateLimit,
    /// Set when the service stops: streams end then, so that it can.
    pub(crate) stopping: tokio::sync::watch::Sender<bool>,
    ids: SystemIds,
    began: Instant,
}

/// A handle on the house, cheap to clone.
pub(crate) type Shared = Arc<House>;

impl House {
    /// Opens for requests.
    pub(crate) fn new(app: App, settings: ServerSettings) -> Shared {
        let burst = settings.requests_burst;
        let strangers = settings.unauthenticated_per_second.0;
        Arc::new(Self {
            app,
            metrics: Metrics::default(),
            tokens: RateLimit::new(settings.requests_per_second.0, burst),
            strangers: RateLimit::new(strangers, strangers.unwrap_or_default().saturating_mul(3)),
            stopping: tokio::sync::watch::Sender::new(false),
            settings,
            ids: SystemIds::default(),
            began: monotonic(),
        })
    }

    /// Time since the service began, by a clock that never jumps.
    pub(crate) fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// A new name for a request.
    pub(crate) fn request_name(&self) -> String {
        self.ids.name("req", self.app.now())
    }

    /// The ledger's state.
    pub(crate) fn health(&self) -> Health {
        self.app.health()
    }

    /// What is appended from now on.
    pub(crate) fn watch(&self) -> broadcast::Receiver<Change> {
        self.app.watch()
    }
}

/// The monotonic clock: for rates and latencies, never for what is recorded.
#[expect(clippy::disallowed_methods, reason = "the outermost layer measures its own latency")]
pub(crate) fn monotonic() -> Instant {
    Instant::now()
}

/// The ledger's state as one word, for metrics.
pub(crate) fn state_word(health: &Health) -> &'static str {
    match health {
        Health::Ready => "ready",
        Health::Starting => "starting",
        Health::ReadOnly { .. } => "read_only",
        Health::Slow { .. } => "slow",
        Health::Damaged { .. } => "damaged",
        Health::Unavailable { .. } => "unavailable",
    }
}
