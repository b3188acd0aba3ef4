//! What do all use cases share? The ledger, the clock, the names, the settings.

use std::sync::Arc;

use crate::clock::Clock;
use crate::ids::Ids;
use crate::settings::Settings;

/// The use cases, over one ledger. A cheap handle: clone it freely.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
    once: Option<Once>,
}

struct Inner {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    settings: Settings,
}

/// A key under which an answer is remembered, so that a request sent twice is carried out once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    /// The caller's `Idempotency-Key`.
    pub key: String,
    /// Hash of the request's body: the same key with another body is refused.
    pub body: [u8; 32],
}

impl Once {
    /// A key for a body.
    pub fn new(key: impl Into<String>, body: &[u8]) -> Self {
        Self { key: key.into(), body: *blake3::hash(body).as_bytes() }
    }
}

impl App {
    /// The use cases over a ledger.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn Ids>, settings: Settings) -> Self {
        Self { inner: Arc::new(Inner { clock, ids, settings }), once: None }
    }

    /// The same app, whose next recording use case is carried out once under this key: the answer is kept in
    /// the same transaction, and comes back byte for byte if the request is sent again.
    #[must_use]
    pub fn once(&self, once: Once) -> Self {
        Self { inner: Arc::clone(&self.inner), once: Some(once) }
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// Now, by the house's clock.
    pub fn now(&self) -> jiff::Timestamp {
        self.inner.clock.now()
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("settings", &self.inner.settings).finish_non_exhaustive()
    }
}
