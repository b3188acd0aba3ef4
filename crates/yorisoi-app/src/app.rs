//! What do all use cases share? The ledger, the clock, the names, the settings, and how work is done on them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use yorisoi_decision::{DecisionKey, ValidPolicy};
use yorisoi_ledger::{Answer, Books, Change, Health, Ledger, Place, Remembered};

use crate::clock::{Clock, SystemClock};
use crate::doorkeeper::Doorkeeper;
use crate::ids::{Ids, SystemIds};
use crate::looks::Looks;
use crate::model_files::ModelFiles;
use crate::settings::Settings;
use crate::share_lists::BeingDrawn;
use crate::work::Work;
use crate::{AppError, Caller};

/// The use cases, over one ledger. A cheap handle: clone it freely.
#[derive(Clone)]
pub struct App {
    pub(crate) inner: Arc<Inner>,
    clock: Arc<dyn Clock>,
    /// Lists of work that are being drawn up, by this clock.
    pub(crate) drawn: BeingDrawn,
    once: Option<Once>,
}

pub(crate) struct Inner {
    pub(crate) ledger: Ledger,
    pub(crate) ids: Arc<dyn Ids>,
    pub(crate) settings: Settings,
    pub(crate) key: DecisionKey,
    pub(crate) doorkeeper: Doorkeeper,
    pub(crate) looks: Looks,
    pub(crate) models: ModelFiles,
    policies: Mutex<Policies>,
}

/// Policies that were checked: checking one for each decision would cost more than the decision.
#[derive(Default)]
struct Policies {
    by_fingerprint: HashMap<String, Arc<ValidPolicy>>,
    /// The last that was seen to hold: says what a hold is called while the ledger is away.
    live: Option<Arc<ValidPolicy>>,
}

/// Where remembered answers stand. Their keys begin with use case and token: one caller's key is not another's.
pub(crate) const ANSWERS: &str = "answer";

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
    /// Opens a ledger and the use cases over it, with the machine's clock.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the ledger cannot be opened.
    pub fn open(place: &Place, settings: Settings) -> Result<Self, AppError> {
        let ledger = Ledger::open(place)?;
        Ok(Self::new(ledger, Arc::new(SystemClock), Arc::new(SystemIds::default()), settings))
    }

    /// The use cases over a ledger, with a clock and names from outside.
    pub fn new(
        ledger: Ledger,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        settings: Settings,
    ) -> Self {
        let key = DecisionKey::new(ledger.secret("holdout"));
        let doorkeeper = Doorkeeper::new(ledger.secret("token"));
        let policies = Mutex::default();
        let models = ModelFiles::default();
        let looks = Looks::default();
        let inner = Inner { ledger, ids, settings, key, doorkeeper, looks, models, policies };
        Self { inner: Arc::new(inner), clock, drawn: BeingDrawn::default(), once: None }
    }

    /// The same app with another clock: for rehearsal.
    #[must_use]
    pub fn with_clock(&self, clock: Arc<dyn Clock>) -> Self {
        Self { inner: Arc::clone(&self.inner), clock, drawn: BeingDrawn::default(), once: None }
    }

    /// The same app, whose next recording use case is carried out once under this key: the answer is kept in
    /// the same transaction, and comes back byte for byte if the request is sent again.
    #[must_use]
    pub fn once(&self, once: Once) -> Self {
        Self { once: Some(once), ..self.clone() }
    }

    /// The same app without a key: for work of many transactions, each of which is safe to do again.
    pub(crate) fn without_once(&self) -> Self {
        Self { once: None, ..self.clone() }
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// Now, by the house's clock.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The ledger, for health and changes.
    pub fn ledger(&self) -> &Ledger {
        &self.inner.ledger
    }

    /// Whether the ledger can be used.
    pub fn health(&self) -> Health {
        self.inner.ledger.health()
    }

    /// Tells of every entry as it is recorded.
    pub fn watch(&self) -> tokio::sync::broadcast::Receiver<Change> {
        self.inner.ledger.watch()
    }

    /// Does a piece of work in one transaction, once if a key was given.
    pub(crate) async fn write<T, F>(
        &self,
        caller: &Caller,
        what: &'static str,
        work: F,
    ) -> Result<T, AppError>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        F: FnOnce(&mut Work<'_, '_>) -> Result<T, AppError> + Send + 'static,
    {
        let (app, caller) = (self.clone(), caller.clone());
        self.inner
            .ledger
            .write(move |books| {
                let Some(once) = app.once.clone() else {
                    return work(&mut Work::new(books, &app, caller)?);
                };
                let key = key_of(what, &caller, &once);
                if let Some(answer) = recall(books, &key, &once)? {
                    return Ok(answer);
                }
                let mut work_now = Work::new(books, &app, caller)?;
                let answer = work(&mut work_now)?;
                let (at, about) = (work_now.now, work_now.about.into_iter().collect());
                let response = to_bytes(&answer)?;
                let remembered = Remembered { body_hash: once.body, response, at, about };
                books.remember(ANSWERS, &key, &remembered)?;
                Ok(answer)
            })
            .await
    }

    /// The answer that was given under the key, if one was given and it was: asked before work that takes long.
    pub(crate) async fn remembered<T>(
        &self,
        caller: &Caller,
        what: &'static str,
    ) -> Result<Option<T>, AppError>
    where
        T: DeserializeOwned + Send + 'static,
    {
        let Some(once) = self.once.clone() else { return Ok(None) };
        let key = key_of(what, caller, &once);
        self.read(caller, move |work| recall(work.books, &key, &once)).await
    }

    /// Looks, without changing anything.
    pub(crate) async fn read<T, F>(&self, caller: &Caller, work: F) -> Result<T, AppError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Work<'_, '_>) -> Result<T, AppError> + Send + 'static,
    {
        let (app, caller) = (self.clone(), caller.clone());
        self.inner.ledger.read(move |books| work(&mut Work::new(books, &app, caller)?)).await
    }

    /// [`App::read`], whose answer goes to whoever waits for it elsewhere.
    pub(crate) fn read_for<T, F, A>(&self, caller: Caller, work: F, answer: A)
    where
        T: Send + 'static,
        F: FnOnce(&mut Work<'_, '_>) -> Result<T, AppError> + Send + 'static,
        A: Answer<Result<T, AppError>> + 'static,
    {
        let app = self.clone();
        let work = move |books: &mut Books<'_>| work(&mut Work::new(books, &app, caller)?);
        self.inner.ledger.read_for(work, answer);
    }

    /// [`App::read`], for a look at many people: it keeps nobody waiting who asks about one.
    pub(crate) async fn read_long<T, F>(&self, caller: &Caller, work: F) -> Result<T, AppError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Work<'_, '_>) -> Result<T, AppError> + Send + 'static,
    {
        let (app, caller) = (self.clone(), caller.clone());
        self.inner.ledger.read_long(move |books| work(&mut Work::new(books, &app, caller)?)).await
    }

    /// A policy that was checked before, or is checked now.
    pub(crate) fn checked(
        &self,
        fingerprint: &str,
        load: impl FnOnce() -> Result<ValidPolicy, AppError>,
    ) -> Result<Arc<ValidPolicy>, AppError> {
        if let Some(known) = self.policies().by_fingerprint.get(fingerprint) {
            return Ok(Arc::clone(known));
        }
        let policy = Arc::new(load()?);
        let known = &mut self.policies().by_fingerprint;
        // A house has a handful of policies; drafts that nobody publishes must not pile up.
        if known.len() >= 64 {
            known.clear();
        }
        known.insert(fingerprint.to_owned(), Arc::clone(&policy));
        Ok(policy)
    }

    /// Keeps in mind which policy holds.
    pub(crate) fn saw_live(&self, policy: &Arc<ValidPolicy>) {
        self.policies().live = Some(Arc::clone(policy));
    }

    /// The policy that was last seen to hold.
    pub(crate) fn last_live(&self) -> Option<Arc<ValidPolicy>> {
        self.policies().live.clone()
    }

    fn policies(&self) -> MutexGuard<'_, Policies> {
        self.inner.policies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where an answer stands. The mark between the parts can stand in neither: one token's keys are not another's.
fn key_of(what: &str, caller: &Caller, once: &Once) -> String {
    format!("{what}\u{1f}{}\u{1f}{}", caller.token, once.key)
}

/// The answer that was given under a key, if it was.
fn recall<T: DeserializeOwned>(
    books: &mut Books<'_>,
    key: &str,
    once: &Once,
) -> Result<Option<T>, AppError> {
    let Some(known) = books.recall(ANSWERS, key)? else {
        return Ok(None);
    };
    if known.body_hash != once.body {
        return Err(AppError::KeyReused { key: once.key.clone() });
    }
    serde_json::from_slice(&known.response)
        .map(Some)
        .map_err(|error| AppError::Internal { what: format!("a remembered answer: {error}") })
}

/// An answer as bytes.
pub(crate) fn to_bytes(value: &impl Serialize) -> Result<Vec<u8>, AppError> {
    serde_json::to_vec(value).map_err(|error| AppError::Internal { what: error.to_string() })
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("settings", &self.inner.settings).finish_non_exhaustive()
    }
}
