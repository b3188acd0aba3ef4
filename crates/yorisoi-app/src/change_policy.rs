//! How do our promises change? Drafting, publishing by a second person, rolling back.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{Policy, ValidPolicy};
use yorisoi_ledger::{Actor, Body, PolicyBook, PolicyDraft};

use crate::scope::check_names;
use crate::work::Work;
use crate::{App, AppError, Caller, Right};

/// A proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyInput {
    /// The document, TOML or JSON.
    pub document: String,
    /// Why.
    pub why: String,
}

/// A policy with its history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyView {
    /// Fingerprint: the version's name.
    pub fingerprint: String,
    /// `draft`, `live`, `past`.
    pub state: String,
    /// Who drafted it.
    pub drafted_by: Actor,
    /// When.
    pub drafted_at: Timestamp,
    /// Why.
    pub why: String,
    /// Who published it.
    pub published_by: Option<Actor>,
    /// When it first held.
    pub published_at: Option<Timestamp>,
    /// The document.
    pub policy: Policy,
}

/// Which policy the caller believes to hold: whoever changes what they have not read overwrites a colleague.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum LiveMustBe {
    /// The caller does not say.
    #[default]
    Any,
    /// One of these, by fingerprint.
    OneOf(Vec<String>),
}

impl App {
    /// Returns the policy that holds.
    ///
    /// # Errors
    ///
    /// [`AppError::NoPolicy`].
    pub async fn live_policy(&self, caller: &Caller) -> Result<PolicyView, AppError> {
        caller.may(Right::ReadPolicy)?;
        self.read(caller, |work| {
            let live = work.books.policies()?.current.ok_or(AppError::NoPolicy)?;
            view(work, &live)
        })
        .await
    }

    /// Returns one version.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`].
    pub async fn policy(&self, caller: &Caller, fingerprint: &str) -> Result<PolicyView, AppError> {
        caller.may(Right::ReadPolicy)?;
        let fingerprint = fingerprint.to_owned();
        self.read(caller, move |work| view(work, &fingerprint)).await
    }

    /// Every version, newest first, drafts included.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`].
    pub async fn policy_history(&self, caller: &Caller) -> Result<Vec<PolicyView>, AppError> {
        caller.may(Right::ReadPolicy)?;
        self.read(caller, |work| {
            let book = work.books.policies()?;
            let mut views = Vec::new();
            for draft in book.drafts.iter().rev() {
                views.push(view_of(work, &book, draft)?);
            }
            Ok(views)
        })
        .await
    }

    /// The JSON schema of the document.
    pub fn policy_schema(&self) -> serde_json::Value {
        schemars::schema_for!(Policy).to_value()
    }

    /// Checks a document and keeps it as a draft.
    ///
    /// # Errors
    ///
    /// [`AppError::Policy`]; [`AppError::HoldoutLocked`] if it edits a live holdout.
    pub async fn draft_policy(
        &self,
        caller: &Caller,
        input: PolicyInput,
    ) -> Result<PolicyView, AppError> {
        caller.may(Right::ChangePolicy)?;
        let policy = Policy::parse(&input.document)?.validated()?;
        self.write(caller, "policy_drafted", move |work| keep_draft(work, &policy, input.why)).await
    }

    /// Publishes a draft, by a second person.
    ///
    /// # Errors
    ///
    /// [`AppError::SamePerson`]; [`AppError::Unknown`]; [`AppError::HoldoutLocked`]; [`AppError::Invalid`] if a topic
    /// or channel that clients refuse goes while another comes: a new name would lift their refusals.
    pub async fn publish_policy(
        &self,
        caller: &Caller,
        fingerprint: &str,
    ) -> Result<PolicyView, AppError> {
        self.publish_policy_if(caller, fingerprint, LiveMustBe::Any).await
    }

    /// [`App::publish_policy`], if the policy that holds is the one the caller has read. Looked at in the same
    /// transaction: of two who read the same and publish at once, one is told.
    ///
    /// # Errors
    ///
    /// Those of [`App::publish_policy`]; [`AppError::PolicyChanged`].
    pub async fn publish_policy_if(
        &self,
        caller: &Caller,
        fingerprint: &str,
        live: LiveMustBe,
    ) -> Result<PolicyView, AppError> {
        caller.may(Right::ChangePolicy)?;
        let fingerprint = fingerprint.to_owned();
        self.write(caller, "policy_published", move |work| {
            let book = work.books.policies()?;
            check_live(&book, &live)?;
            let draft = draft_of(&book, &fingerprint)?.clone();
            if draft.by == work.caller.actor() {
                return Err(AppError::SamePerson);
            }
            let policy = work.policy_of(&fingerprint)?;
            check_holdout(work, policy.policy())?;
            check_names(work, policy.policy())?;
            if book.current.as_deref() != Some(fingerprint.as_str()) {
                let body = Body::PolicyPublished {
                    fingerprint: fingerprint.clone(),
                    drafted_by: draft.by,
                };
                work.append(None, body, None)?;
            }
            view(work, &fingerprint)
        })
        .await
    }

    /// Goes back to the policy before, at once.
    ///
    /// # Errors
    ///
    /// [`AppError::NothingBefore`].
    pub async fn roll_back_policy(&self, caller: &Caller) -> Result<PolicyView, AppError> {
        self.roll_back_policy_if(caller, LiveMustBe::Any).await
    }

    /// [`App::roll_back_policy`], if the policy that holds is the one the caller has read.
    ///
    /// # Errors
    ///
    /// [`AppError::NothingBefore`]; [`AppError::PolicyChanged`].
    pub async fn roll_back_policy_if(
        &self,
        caller: &Caller,
        live: LiveMustBe,
    ) -> Result<PolicyView, AppError> {
        caller.may(Right::ChangePolicy)?;
        self.write(caller, "policy_rolled_back", move |work| {
            let book = work.books.policies()?;
            check_live(&book, &live)?;
            let before = before_the_live_one(&book).ok_or(AppError::NothingBefore)?;
            let policy = work.policy_of(&before)?;
            check_names(work, policy.policy())?;
            work.append(None, Body::PolicyRolledBack { fingerprint: before.clone() }, None)?;
            view(work, &before)
        })
        .await
    }
}

/// Keeps a checked policy as a draft; what is there already is not drafted twice.
pub(crate) fn keep_draft(
    work: &mut Work<'_, '_>,
    policy: &ValidPolicy,
    why: String,
) -> Result<PolicyView, AppError> {
    check_holdout(work, policy.policy())?;
    let fingerprint = policy.fingerprint().to_owned();
    let is_known =
        work.books.policies()?.drafts.iter().any(|draft| draft.fingerprint == fingerprint);
    if !is_known {
        let policy = Box::new(policy.policy().clone());
        let body = Body::PolicyDrafted { policy, fingerprint: fingerprint.clone(), why };
        work.append(None, body, None)?;
    }
    view(work, &fingerprint)
}

fn check_live(book: &PolicyBook, must_be: &LiveMustBe) -> Result<(), AppError> {
    let LiveMustBe::OneOf(read) = must_be else { return Ok(()) };
    let live = book.current.clone().ok_or(AppError::NoPolicy)?;
    if read.contains(&live) { Ok(()) } else { Err(AppError::PolicyChanged { live }) }
}

/// A live holdout keeps its name and its share: changed halfway, it would prove nothing. A programme of another
/// name deals people anew. A house that holds nobody out may begin to.
fn check_holdout(work: &mut Work<'_, '_>, policy: &Policy) -> Result<(), AppError> {
    let book = work.books.policies()?;
    for release in &book.history {
        let Some(past) = work.books.policy(&release.fingerprint)? else { continue };
        let is_same = past.holdout.programme == policy.holdout.programme;
        // Shares are written down, not computed: another share is another number.
        if is_same && past.holdout.share.to_bits() != policy.holdout.share.to_bits() {
            return Err(AppError::HoldoutLocked { programme: past.holdout.programme });
        }
    }
    Ok(())
}

/// The policy that held before the one that holds: going back twice goes back further.
fn before_the_live_one(book: &PolicyBook) -> Option<String> {
    let mut held: Vec<&str> = Vec::new();
    for release in &book.history {
        if release.rolled_back {
            held.pop();
        }
        if held.last() != Some(&release.fingerprint.as_str()) {
            held.push(&release.fingerprint);
        }
    }
    held.pop();
    held.last().map(|fingerprint| (*fingerprint).to_owned())
}

fn draft_of<'a>(book: &'a PolicyBook, fingerprint: &str) -> Result<&'a PolicyDraft, AppError> {
    book.drafts
        .iter()
        .find(|draft| draft.fingerprint == fingerprint)
        .ok_or_else(|| AppError::unknown("policy", fingerprint))
}

fn view(work: &mut Work<'_, '_>, fingerprint: &str) -> Result<PolicyView, AppError> {
    let book = work.books.policies()?;
    let draft = draft_of(&book, fingerprint)?.clone();
    view_of(work, &book, &draft)
}

fn view_of(
    work: &mut Work<'_, '_>,
    book: &PolicyBook,
    draft: &PolicyDraft,
) -> Result<PolicyView, AppError> {
    let mut releases =
        book.history.iter().filter(|release| release.fingerprint == draft.fingerprint);
    let first = releases.next();
    let is_live = book.current.as_deref() == Some(draft.fingerprint.as_str());
    let state = if is_live {
        "live"
    } else if first.is_some() {
        "past"
    } else {
        "draft"
    };
    let policy = work
        .books
        .policy(&draft.fingerprint)?
        .ok_or_else(|| AppError::unknown("policy", draft.fingerprint.as_str()))?;
    Ok(PolicyView {
        fingerprint: draft.fingerprint.clone(),
        state: state.to_owned(),
        drafted_by: draft.by.clone(),
        drafted_at: draft.at,
        why: draft.why.clone(),
        published_by: first.map(|release| release.by.clone()),
        published_at: first.map(|release| release.at),
        policy,
    })
}
