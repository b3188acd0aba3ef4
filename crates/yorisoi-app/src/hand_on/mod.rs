//! おすそわけ: what one does not want goes to whom it helps most. What is on its way, and how far has it come?
//!
//! Releasing, looking for somebody, and passing it on are a file each.

mod before_release;
mod matches;
mod pass_on;
mod release;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{ActionId, ClientId, DecisionId, Words};
use yorisoi_ledger::{HandOn, HandOnState, ListPlace};

pub use before_release::DelightView;
pub use matches::MatchView;
pub use release::ReleaseInput;

use crate::page::fill;
use crate::shown_name::shown_name;
use crate::work::Work;
use crate::{App, AppError, Caller, Page, PageAsk, Right};

/// Help that goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HandOnView {
    /// Its name.
    pub hand_on: String,
    /// What.
    pub action: ActionId,
    /// The action's name.
    pub name: Words,
    /// `released`, `offered`, `accepted`, `expired`.
    pub state: String,
    /// Who released it.
    pub from: ClientId,
    /// Their name, for those who may know.
    pub from_name: Option<String>,
    /// When.
    pub released_at: Timestamp,
    /// The instant at which it loses its worth.
    pub expires_at: Option<Timestamp>,
    /// To whom it is offered, or who took it.
    pub to: Option<ClientId>,
    /// Their name, for those who may know.
    pub to_name: Option<String>,
    /// The decision that offers it.
    pub decision: Option<DecisionId>,
    /// Those who declined it.
    pub declined: Vec<ClientId>,
}

impl App {
    /// Returns one.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`].
    pub async fn hand_on(&self, caller: &Caller, hand_on: &str) -> Result<HandOnView, AppError> {
        caller.may(Right::Record)?;
        let hand_on = hand_on.to_owned();
        self.read(caller, move |work| view(work, &hand_on)).await
    }

    /// Help that is on its way, the next to expire first.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`].
    pub async fn hand_ons(
        &self,
        caller: &Caller,
        page: PageAsk,
    ) -> Result<Page<HandOnView>, AppError> {
        caller.may(Right::SeeWork)?;
        self.read(caller, move |work| open_hand_ons(work, &page)).await
    }
}

/// Hand-ons that look for somebody.
pub(crate) fn open_hand_ons(
    work: &mut Work<'_, '_>,
    page: &PageAsk,
) -> Result<Page<HandOnView>, AppError> {
    let read = |work: &mut Work<'_, '_>, after: Option<&ListPlace>, limit| {
        Ok(work.books.open_hand_ons(after, limit)?)
    };
    fill(work, page, read, |work, known: HandOn| view_of(work, &known).map(Some))
}

/// A hand-on that is still looking for somebody.
fn open(work: &mut Work<'_, '_>, hand_on: &str) -> Result<HandOn, AppError> {
    let known =
        work.books.hand_on(hand_on)?.ok_or_else(|| AppError::unknown("hand-on", hand_on))?;
    if !known.state.is_open() {
        let remedy = ("nothing more can be done with it", "これ以上できることはありません。");
        return Err(wrong_state(&known, remedy));
    }
    if known.expires_at.is_some_and(|end| end <= work.now) {
        return Err(AppError::HandOn {
            hand_on: hand_on.to_owned(),
            state: "expired".to_owned(),
            remedy: ("its date is past; nobody can be given it", "どなたにもお渡しできません。")
                .into(),
        });
    }
    Ok(known)
}

fn wrong_state(known: &HandOn, remedy: (&str, &str)) -> AppError {
    let state = state_name(known.state).to_owned();
    AppError::HandOn { hand_on: known.hand_on.clone(), state, remedy: remedy.into() }
}

fn state_name(state: HandOnState) -> &'static str {
    match state {
        HandOnState::Released => "released",
        HandOnState::Offered => "offered",
        HandOnState::Accepted => "accepted",
        HandOnState::Expired => "expired",
    }
}

fn view(work: &mut Work<'_, '_>, hand_on: &str) -> Result<HandOnView, AppError> {
    let known =
        work.books.hand_on(hand_on)?.ok_or_else(|| AppError::unknown("hand-on", hand_on))?;
    view_of(work, &known)
}

/// What is shown of a hand-on: whom it concerns, and nothing of what either ever said.
fn view_of(work: &mut Work<'_, '_>, known: &HandOn) -> Result<HandOnView, AppError> {
    let missing = || AppError::Internal { what: "a hand-on without action".to_owned() };
    let action = known.action.clone().ok_or_else(missing)?;
    let policy = work.policy()?;
    let plain = Words { en: action.to_string(), ja: action.to_string() };
    let from = known.from.clone().ok_or_else(missing)?;
    let from_name = shown_name(work, &from)?;
    let to_name = match &known.to {
        Some(to) => shown_name(work, to)?,
        None => None,
    };
    Ok(HandOnView {
        hand_on: known.hand_on.clone(),
        name: policy.action(&action).map_or(plain, |action| action.name.clone()),
        action,
        state: state_name(known.state).to_owned(),
        from,
        from_name,
        released_at: known.released_at,
        expires_at: known.expires_at,
        to: known.to.clone(),
        to_name,
        decision: known.offer.clone(),
        declined: known.declined.clone(),
    })
}
