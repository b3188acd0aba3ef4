//! Who asks, under which policy, at what time of day?

use std::sync::Arc;

use yorisoi_app::{App, Caller, FixedClock, PolicyInput, Role, Settings, SystemIds, TokenInput};
use yorisoi_decision::{ActionKind, ActionSpec, HolidayCalendar, Policy};
use yorisoi_ledger::{Ledger, Place};

use crate::{Failure, fill};

/// An hour at which people may be helped.
pub(crate) const DAY: &str = "2030-01-15T10:00:00+09:00";

/// An hour of rest: everybody is left in peace.
pub(crate) const NIGHT: &str = "2030-01-15T23:00:00+09:00";

pub(crate) fn lead(name: &str) -> Result<Caller, Failure> {
    let agent = Some(name.parse()?);
    Ok(Caller { token: name.to_owned(), role: Role::Lead, team: None, agent })
}

pub(crate) fn open(place: &Place, at: &str) -> Result<App, Failure> {
    let clock = Arc::new(FixedClock::at(at.parse()?));
    let ids = Arc::new(SystemIds::default());
    Ok(App::new(Ledger::open(place)?, clock, ids, Settings::default()))
}

/// Puts the policy into force and gives a lead and an agent of each team a token, unless that was done; returns the number
/// of entries.
pub(crate) async fn move_in(app: &App) -> Result<u64, Failure> {
    let officer =
        Caller { token: "officer".to_owned(), role: Role::Privacy, team: None, agent: None };
    let newest = publish(app).await?;
    if !app.tokens(&officer).await?.is_empty() {
        return Ok(newest);
    }
    let lead = TokenInput {
        token: "lead".to_owned(),
        role: Role::Lead,
        team: None,
        agent: Some("lead".parse()?),
    };
    app.issue_token(&officer, lead).await?;
    for k in 0..fill::TEAMS {
        let token = format!("agent-{k}");
        let (agent, team) = (Some(token.parse()?), Some(format!("team-{k}").parse()?));
        app.issue_token(&officer, TokenInput { token, role: Role::Agent, team, agent }).await?;
    }
    publish(app).await
}

/// Puts the policy into force, unless it is; returns the number of entries.
pub(crate) async fn publish(app: &App) -> Result<u64, Failure> {
    let (first, second) = (lead("first")?, lead("second")?);
    if app.live_policy(&first).await.is_err() {
        let document = serde_json::to_string(&policy()?)?;
        let input = PolicyInput { document, why: "measure".to_owned() };
        let draft = app.draft_policy(&first, input).await?;
        app.publish_policy(&second, &draft.fingerprint).await?;
    }
    let newest = app.ledger().read(|books| Ok::<_, yorisoi_ledger::LedgerError>(books.newest()));
    Ok(newest.await?)
}

/// The carrier's policy with twenty kinds of help, for which the clients have effects, and money for all.
fn policy() -> Result<Policy, Failure> {
    let carrier = include_str!("../../../../docs/policies/carrier.toml");
    let mut policy = Policy::parse(carrier)?;
    policy.values.outcome_minor = fill::VALUE_MINOR as i64;
    policy.values.replacement_minor = 0;
    policy.contact.holidays = HolidayCalendar::None;
    policy.budget_minor = None;
    let is_help = |it: &ActionSpec| matches!(it.kind, ActionKind::Offer | ActionKind::Advise);
    let (help, mut actions): (Vec<_>, Vec<_>) = policy.actions.into_iter().partition(is_help);
    for (k, id) in fill::actions().into_iter().enumerate() {
        let template = help.get(k % help.len().max(1)).ok_or("the policy has no help")?.clone();
        let cost_minor = template.cost_minor + 50 * k as i64;
        actions.push(ActionSpec {
            id,
            cost_minor,
            supply: None,
            applicability: Vec::new(),
            ..template
        });
    }
    policy.actions = actions;
    Ok(policy)
}
