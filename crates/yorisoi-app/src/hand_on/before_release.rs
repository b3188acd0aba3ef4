//! Whom would it delight, before anybody releases it? What is about to lose its worth, and those it suits.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{ActionId, Words};
use yorisoi_ledger::HandOn;

use super::matches::{MatchView, matches};
use crate::change_capacity::supply_rows;
use crate::work::Work;
use crate::{App, AppError, Caller, Right};

/// What keeps for no longer than this is about to lose its worth.
const SOON: SignedDuration = SignedDuration::from_hours(14 * 24);

/// Actions that are looked at: the first to lose their worth.
const ACTIONS: usize = 3;

/// What is about to lose its worth, and whom it would help.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DelightView {
    /// What.
    pub action: ActionId,
    /// The action's name.
    pub name: Words,
    /// Units nobody has yet; `None` is unlimited.
    pub left: Option<u64>,
    /// The instant at which it loses its worth.
    pub expires_at: Timestamp,
    /// Clients it would help now: they agreed, every gate lets it through, and it is worth more than it costs.
    pub helped: u64,
    /// Whether everybody the caller may see was asked about; if not, there may be more.
    pub all_asked: bool,
    /// Those whom it would help most, best first.
    pub best: Vec<MatchView>,
}

impl App {
    /// Whom what is about to lose its worth would help, among clients the caller may see: nothing is recorded
    /// and nothing is kept for anybody.
    ///
    /// # Errors
    ///
    /// [`AppError::NoPolicy`].
    pub async fn delights(
        &self,
        caller: &Caller,
        limit: usize,
    ) -> Result<Vec<DelightView>, AppError> {
        caller.may(Right::SeeWork)?;
        self.read(caller, move |work| delights(work, limit.clamp(1, 50))).await
    }
}

fn delights(work: &mut Work<'_, '_>, limit: usize) -> Result<Vec<DelightView>, AppError> {
    let now = work.now;
    let is_soon = |end: &Timestamp| *end > now && end.duration_since(now) <= SOON;
    let mut soon = Vec::new();
    for row in supply_rows(work)? {
        if let Some(end) = row.expires_at.filter(is_soon)
            && row.left != Some(0)
        {
            soon.push((end, row));
        }
    }
    soon.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.action.cmp(&b.1.action)));
    soon.truncate(ACTIONS);
    let mut views = Vec::with_capacity(soon.len());
    for (expires_at, row) in soon {
        // A unit of the stock: nobody had it, nobody declined it, nothing is kept for it.
        let unit = HandOn { action: Some(row.action.clone()), ..HandOn::default() };
        let found = matches(work, &unit, limit)?;
        views.push(DelightView {
            action: row.action,
            name: row.name,
            left: row.left,
            expires_at,
            helped: found.helped,
            all_asked: found.all_asked,
            best: found.best,
        });
    }
    Ok(views)
}
