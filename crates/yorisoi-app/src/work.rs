//! What does a use case work with? One transaction of the ledger, one instant, one caller.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use yorisoi_decision::{ActionId, ActionSpec, ClientId, ValidPolicy, Words};
use yorisoi_ledger::{Actor, Body, Books, Client, Draft, LedgerError, Personal, Resolved};

use crate::clock::is_back;
use crate::{App, AppError, Caller, Reason, Recorded};

/// The longest text that is kept of what somebody said, in bytes.
pub(crate) const TEXT_BYTES_MAX: usize = 20_000;

/// One transaction.
pub(crate) struct Work<'a, 'b> {
    /// The ledger.
    pub(crate) books: &'a mut Books<'b>,
    /// The instant at which everything in it happens.
    pub(crate) now: Timestamp,
    /// The newest entry's time.
    pub(crate) last_at: Option<Timestamp>,
    /// Who asks.
    pub(crate) caller: Caller,
    /// The app.
    pub(crate) app: App,
    /// Whom it has come upon: an answer that is remembered may say something of them.
    pub(crate) about: BTreeSet<ClientId>,
}

/// What is known under a name.
pub(crate) enum Known {
    /// A client, merges followed.
    Client(Box<Client>),
    /// Somebody who was erased; the name of the record if it was the house's own.
    Erased,
    /// Nothing.
    Nobody,
}

impl<'a, 'b> Work<'a, 'b> {
    /// Begins. The instant is taken here, where work is done one after another, and not when it was asked
    /// for: entries never go back in time.
    pub(crate) fn new(
        books: &'a mut Books<'b>,
        app: &App,
        caller: Caller,
    ) -> Result<Self, AppError> {
        let last_at = books.last_at()?;
        let clock = app.now();
        let now = match last_at {
            Some(last) if clock < last && !is_back(clock, last_at) => last,
            _ => clock,
        };
        Ok(Self { books, now, last_at, caller, app: app.clone(), about: BTreeSet::new() })
    }

    /// Whether the clock lies so far before the newest entry that nothing can be recorded.
    pub(crate) fn is_clock_skewed(&self) -> bool {
        self.last_at.is_some_and(|last| self.now < last)
    }

    /// Does a part of the work by itself: if it fails, nothing of it stays, and the rest may go on. Where the ledger
    /// itself fails, all of it ends.
    pub(crate) fn part<T>(
        &mut self,
        part: impl FnOnce(&mut Self) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        let mark = self.books.mark()?;
        match part(self) {
            Ok(done) => {
                self.books.keep_since(mark)?;
                Ok(done)
            }
            Err(error) if error.status() >= 500 => Err(error),
            Err(error) => {
                self.books.back_to(mark)?;
                Err(error)
            }
        }
    }

    /// Appends an entry of the caller.
    pub(crate) fn append(
        &mut self,
        client: Option<&ClientId>,
        body: Body,
        personal: Option<Personal>,
    ) -> Result<Recorded, AppError> {
        let actor = self.caller.actor();
        self.append_as(actor, client, (body, personal))
    }

    /// Appends an entry of somebody else: the client, or the house.
    pub(crate) fn append_as(
        &mut self,
        actor: Actor,
        client: Option<&ClientId>,
        (body, personal): (Body, Option<Personal>),
    ) -> Result<Recorded, AppError> {
        let draft = Draft { at: self.now, actor, client: client.cloned(), body, personal };
        let entry = self.books.append(draft)?;
        Ok(Recorded { seq: entry.seq, at: entry.at, client: entry.client })
    }

    /// Whoever a name means: the house's own name, or one in another system; merges are followed.
    pub(crate) fn known(&mut self, name: &ClientId) -> Result<Known, AppError> {
        let mut found = self.books.client(name)?;
        if found.is_none() {
            found = match self.books.resolve(name.as_str())? {
                Resolved::Client(id) => self.books.client(&id)?,
                Resolved::Tombstone => return Ok(Known::Erased),
                Resolved::Unknown => return Ok(Known::Nobody),
            };
        }
        // A chain of merges is as long as there were merges; a circle cannot be recorded.
        loop {
            let Some(client) = found else {
                return Ok(Known::Nobody);
            };
            let Some(into) = client.facts.merged_into.clone() else {
                self.about.insert(client.facts.client.clone());
                return Ok(Known::Client(Box::new(client)));
            };
            found = self.books.client(&into)?;
        }
    }

    /// A client the caller may work with.
    pub(crate) fn client(&mut self, name: &ClientId) -> Result<Client, AppError> {
        match self.known(name)? {
            Known::Client(client) if client.facts.erased => {
                Err(AppError::Erased { client: name.clone() })
            }
            Known::Client(client) => {
                self.caller.may_see_team(client.facts.team.as_ref())?;
                Ok(*client)
            }
            Known::Erased => Err(AppError::Erased { client: name.clone() }),
            Known::Nobody => Err(AppError::unknown("client", name.as_str())),
        }
    }

    /// The policy that holds.
    pub(crate) fn policy(&mut self) -> Result<Arc<ValidPolicy>, AppError> {
        let fingerprint = self.books.live_policy()?.ok_or(AppError::NoPolicy)?;
        let policy = self.policy_of(&fingerprint)?;
        self.app.saw_live(&policy);
        Ok(policy)
    }

    /// A policy by its fingerprint.
    pub(crate) fn policy_of(&mut self, fingerprint: &str) -> Result<Arc<ValidPolicy>, AppError> {
        let app = self.app.clone();
        app.checked(fingerprint, || {
            let policy = self
                .books
                .policy(fingerprint)?
                .ok_or_else(|| AppError::unknown("policy", fingerprint))?;
            Ok(policy.validated()?)
        })
    }

    /// An action of the policy that holds.
    pub(crate) fn action(&mut self, id: &ActionId) -> Result<ActionSpec, AppError> {
        let policy = self.policy()?;
        policy.action(id).cloned().ok_or_else(|| AppError::unknown("action", id.as_str()))
    }

    /// What the policy that holds calls an action; its id, if there is none.
    pub(crate) fn called(&mut self, action: &ActionId) -> Words {
        self.policy()
            .map_or_else(|_| Words::same(action.as_str()), |it| it.policy().action_name(action))
    }
}

/// What somebody said, beside an entry; `None` if nothing was said.
pub(crate) fn said(field: &str, text: Option<String>) -> Result<Option<Personal>, AppError> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
        return Ok(None);
    };
    if text.len() > TEXT_BYTES_MAX {
        let reason =
            format!("{} bytes are too many; at most {TEXT_BYTES_MAX} are kept", text.len());
        let ja = format!(
            "{} バイトは長すぎます。{TEXT_BYTES_MAX} バイトまでにしてください。",
            text.len()
        );
        return Err(AppError::invalid(field, (reason, ja)));
    }
    Ok(Some(Personal { text: Some(text), ..Personal::default() }))
}

impl AppError {
    /// There is no such thing.
    pub(crate) fn unknown(what: &'static str, name: impl Into<String>) -> Self {
        Self::Unknown { what, name: name.into() }
    }

    /// A part of the input cannot be used. Where a person can meet it, the reason is a pair, English and
    /// Japanese.
    pub fn invalid(field: impl Into<String>, reason: impl Into<Reason>) -> Self {
        Self::Invalid { field: field.into(), reason: reason.into() }
    }
}

impl From<LedgerError> for AppError {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Erased { client } => Self::Erased { client },
            LedgerError::AliasErased => {
                let ja = "この名前や連絡先は、ご本人の希望により消去された方のものです。そっとしておきましょう。";
                Self::invalid("aliases", (error.to_string(), ja))
            }
            LedgerError::AliasTaken { client } => {
                Self::Exists { what: "further name, of client", name: client.to_string() }
            }
            LedgerError::NotByClient => {
                let ja = "お断りを取り消せるのは、ご本人だけです。";
                Self::invalid("source", (error.to_string(), ja))
            }
            LedgerError::Merge { .. } => {
                Self::invalid("from", (error.to_string(), "この 2 つの記録は統合できません。"))
            }
            LedgerError::ClockBack { .. } => Self::Unavailable { why: error.to_string() },
            LedgerError::Unwritable { .. } => Self::invalid("body", error.to_string()),
            _ if error.is_unavailable() => Self::Unavailable { why: error.to_string() },
            _ => Self::Internal { what: error.to_string() },
        }
    }
}
