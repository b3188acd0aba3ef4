//! What does a day of work look like? Whom to help, what there is to give, and what asks for a look: drawn up once, on one
//! state of the ledger, for all who see the same.

use crate::change_capacity::supply_rows;
use crate::check_in::alerts;
use crate::hand_on::open_hand_ons;
use crate::let_go::open_exits;
use crate::rank_work::list;
use crate::share_lists::Asked;
use crate::situation::day_capacity;
use crate::work::Work;
use crate::{
    AlertView, App, AppError, Caller, ExitView, HandOnView, PageAsk, Right, SupplyRow, WorkAsk,
    WorkList,
};

/// Ways out and hand-ons that are shown.
const FEW: u32 = 5;

/// Alerts that are shown.
const ALERTS: usize = 6;

/// A day of work.
#[derive(Debug, Clone, PartialEq)]
pub struct Today {
    /// Whom to help, and who is left in peace.
    pub list: WorkList,
    /// What there is of each action.
    pub supply: Vec<SupplyRow>,
    /// Minutes there are a day; `None` is unlimited.
    pub minutes_per_day: Option<u64>,
    /// Minutes taken or reserved today.
    pub minutes_used: u64,
    /// Money there is, in minor units; `None` is unlimited.
    pub budget_minor: Option<i64>,
    /// Money spent or reserved.
    pub spent_minor: i64,
    /// ISO 4217 code of the money.
    pub currency: String,
    /// The most urgent check-ins that ask for a look.
    pub alerts: Vec<AlertView>,
    /// The ways out that have been open longest.
    pub exits: Vec<ExitView>,
    /// What looks for somebody to be handed on to, and loses its worth first.
    pub hand_ons: Vec<HandOnView>,
}

impl App {
    /// Shows a day of work.
    ///
    /// # Errors
    ///
    /// [`AppError::NoPolicy`]; [`AppError::OtherTeam`].
    pub async fn today(&self, caller: &Caller, ask: WorkAsk) -> Result<Today, AppError> {
        for right in [Right::SeeWork, Right::ReadPeople, Right::ReadPolicy] {
            caller.may(right)?;
        }
        let (today, hard) = self.share(&self.drawn.days, (caller, ask), draw).await?;
        let mut today = Today::clone(&today);
        today.list.hard_conversations = hard.unwrap_or(today.list.hard_conversations);
        Ok(today)
    }
}

fn draw(work: &mut Work<'_, '_>, asked: &Asked) -> Result<Today, AppError> {
    let list = list(work, asked)?;
    let few = PageAsk { cursor: None, limit: Some(FEW) };
    let capacity = day_capacity(work, None)?;
    let policy = work.policy()?;
    let document = policy.policy();
    Ok(Today {
        list,
        supply: supply_rows(work)?,
        minutes_per_day: document.minutes_per_day,
        minutes_used: capacity.minutes_used,
        budget_minor: document.budget_minor,
        spent_minor: capacity.spent_minor,
        currency: document.currency.clone(),
        alerts: alerts(work, ALERTS)?,
        exits: open_exits(work, &few)?.items,
        hand_ons: open_hand_ons(work, &few)?.items,
    })
}
