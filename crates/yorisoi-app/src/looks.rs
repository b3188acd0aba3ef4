//! Is it the same look? An open page is drawn again with every event; nobody has looked again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use yorisoi_decision::ClientId;

use crate::Caller;

/// So long a look lasts: what the same token reads of the same person meanwhile is the same look.
const LASTS: SignedDuration = SignedDuration::from_mins(10);

/// Looks that are remembered at most; beyond, all are forgotten and recorded anew.
const KEPT_MAX: usize = 10_000;

/// Whose token looked at whom, and at what of them.
type Look = (String, ClientId, &'static str);

/// The looks of the last minutes that are in the ledger.
#[derive(Debug, Default)]
pub(crate) struct Looks {
    since: Mutex<HashMap<Look, Timestamp>>,
}

impl Looks {
    /// Whether a look is in the ledger already.
    pub(crate) fn lasts(
        &self,
        caller: &Caller,
        (client, at): (&ClientId, &'static str),
        now: Timestamp,
    ) -> bool {
        let since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
        let began = since.get(&(caller.token.clone(), client.clone(), at));
        began.is_some_and(|began| {
            let age = now.duration_since(*began);
            age < LASTS && !age.is_negative()
        })
    }

    /// Remembers a look that is in the ledger now.
    pub(crate) fn remember(
        &self,
        caller: &Caller,
        (client, at): (&ClientId, &'static str),
        now: Timestamp,
    ) {
        let mut since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
        if since.len() >= KEPT_MAX {
            since.clear();
        }
        since.insert((caller.token.clone(), client.clone(), at), now);
    }
}
