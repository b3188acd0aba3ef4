//! Who was at the door lately? Callers by the hashes of their secrets, so that not every request looks them up.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::Caller;

/// How long a caller is known without looking again: so long a token lives on after another node revoked it.
const KNOWN_FOR: SignedDuration = SignedDuration::from_secs(5);

/// How long a caller whom nobody can look up is told to hold.
const REMEMBERED_FOR: SignedDuration = SignedDuration::from_mins(15);

/// Callers that are known at most.
const KNOWN_MAX: usize = 10_000;

/// Knows callers by the hashes of their secrets.
pub(crate) struct Doorkeeper {
    key: [u8; 32],
    known: Mutex<HashMap<String, (Caller, Timestamp)>>,
}

impl Doorkeeper {
    /// A doorkeeper with the house's key.
    pub(crate) fn new(key: [u8; 32]) -> Self {
        Self { key, known: Mutex::default() }
    }

    /// What is kept of a secret: without the house's key nobody can try secrets against it.
    pub(crate) fn hash(&self, secret: &str) -> String {
        blake3::keyed_hash(&self.key, secret.as_bytes()).to_hex().to_string()
    }

    /// The caller, if they were looked up just now.
    pub(crate) fn known(&self, hash: &str, now: Timestamp) -> Option<Caller> {
        self.seen_within(KNOWN_FOR, hash, now)
    }

    /// The caller, if they were looked up a while ago and nobody was heard to be revoked since.
    pub(crate) fn remembered(&self, hash: &str, now: Timestamp) -> Option<Caller> {
        self.seen_within(REMEMBERED_FOR, hash, now)
    }

    fn seen_within(&self, lasts: SignedDuration, hash: &str, now: Timestamp) -> Option<Caller> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (caller, since) = known.get(hash)?;
        let age = now.duration_since(*since);
        (age < lasts && !age.is_negative()).then(|| caller.clone())
    }

    /// Keeps in mind who it is.
    pub(crate) fn remember(&self, hash: String, caller: &Caller, now: Timestamp) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KNOWN_MAX {
            known.clear();
        }
        known.insert(hash, (caller.clone(), now));
    }

    /// Forgets somebody whose token opens nothing any more.
    pub(crate) fn forget_one(&self, hash: &str) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).remove(hash);
    }

    /// Looks anew at everybody.
    pub(crate) fn forget(&self) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
