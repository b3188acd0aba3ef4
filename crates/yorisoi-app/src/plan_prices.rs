//! What are a yen, a minute and a unit worth? A plan over all clients, and its prices as a policy draft.
//!
//! The plan asks for every client what each help would be worth if there were time and money for all. What
//! the limits then cost are prices; with them, decisions made one at a time spend as the plan would have.

use std::collections::BTreeMap;

use rayon::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{
    ActionFacts, ActionId, ActionKind, ActionSpec, CapacityFacts, ClientFacts, ClientId,
    DecisionId, DecisionKey, HouseholdFacts, Initiative, Policy, Prices, Record, Situation,
    ValidPolicy, Verdict, decide,
};
use yorisoi_ledger::{ClientQuery, Cursor, Order, Whose};
use yorisoi_policy::{ArmCost, Columns, DoNoHarm, Limits, Plan, plan};

use crate::change_capacity::supply_rows;
use crate::change_policy::{PolicyView, keep_draft};
use crate::situation::day_capacity;
use crate::work::Work;
use crate::{App, AppError, Caller, Reason, Right};

/// What the plan must keep to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PlanAsk {
    /// Money there is, in minor units; `null`: what is left of the policy's.
    pub budget_minor: Option<i64>,
    /// Minutes of agents there are; `null`: unlimited.
    pub minutes: Option<u64>,
}

/// A plan, in numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlanView {
    /// Clients it is for.
    pub clients: u64,
    /// Clients who get each action.
    pub planned: BTreeMap<ActionId, u64>,
    /// Clients who are left in peace.
    pub holds: u64,
    /// Money it spends, in minor units.
    pub spend_minor: f64,
    /// Minutes it takes.
    pub minutes: f64,
    /// What it is expected to be worth before its cost, in minor units. Chosen because it looks large, this
    /// overstates.
    pub expected_gain_minor: f64,
    /// What the limits cost.
    pub prices: Prices,
    /// The draft of the live policy with these prices.
    pub draft: PolicyView,
}

/// What an answer that is remembered is one to.
const PLANNED: &str = "planned";

/// Clients read in one go.
const PAGE: usize = 2_000;

/// Clients among whom the price of a minute is looked for.
const SAMPLE: usize = 20_000;

/// Halvings in looking for the price of a minute: to a thousandth of the largest worth of one.
const HALVINGS: usize = 10;

impl App {
    /// Plans for every client within what is left, and drafts the live policy with the plan's prices. Somebody else
    /// publishes it.
    ///
    /// # Errors
    ///
    /// [`AppError::NoPolicy`]; [`AppError::Refused`] if there is nobody to plan for.
    pub async fn plan_prices(&self, caller: &Caller, ask: PlanAsk) -> Result<PlanView, AppError> {
        caller.may(Right::ChangePolicy)?;
        if let Some(answer) = self.remembered(caller, PLANNED).await? {
            return Ok(answer);
        }
        let (live, menu) = self
            .read_long(caller, move |work| {
                let live = work.policy()?;
                let menu = menu(work, &live)?;
                Ok((live, menu))
            })
            .await?;
        if menu.clients == 0 {
            let reason = ("there is no client to plan for", "計画の対象となるお客さまがいません。");
            return Err(AppError::Refused { reason: reason.into() });
        }
        let found = self.off_thread(move || solve(&menu, &ask)).await??;
        let policy = Policy { prices: found.prices.clone(), ..live.policy().clone() };
        let policy = policy.validated()?;
        self.write(caller, PLANNED, move |work| {
            let why = format!("Prices of a plan for {} clients.", found.clients);
            let draft = keep_draft(work, &policy, why)?;
            Ok(PlanView {
                clients: found.clients,
                planned: found.planned,
                holds: found.holds,
                spend_minor: found.spend_minor,
                minutes: found.minutes,
                expected_gain_minor: found.expected_gain_minor,
                prices: found.prices,
                draft,
            })
        })
        .await
    }

    async fn off_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, AppError> {
        let (answer, answered) = tokio::sync::oneshot::channel();
        std::thread::spawn(move || drop(answer.send(work())));
        let lost = |_| AppError::Internal { what: "the thread ended without an answer".to_owned() };
        answered.await.map_err(lost)
    }
}

/// What each help would be worth to each client, before cost; `None` from a gate is minus infinity.
struct Menu {
    clients: u64,
    actions: Vec<Arm>,
    /// One column an action, one entry a client.
    rewards: Vec<Vec<f64>>,
    /// Zero where the action passed every gate, minus infinity where it did not.
    allowed: Vec<Vec<f64>>,
    /// Money that is neither spent nor reserved.
    budget_minor: Option<i64>,
}

/// An action that competes for limited things.
struct Arm {
    id: ActionId,
    cost: f64,
    minutes: f64,
    /// Units that are neither taken nor reserved.
    left: Option<u64>,
}

/// The live policy without time, money and chance: what would help if there were enough of everything.
fn without_limits(live: &ValidPolicy) -> Result<ValidPolicy, AppError> {
    let mut policy = live.policy().clone();
    policy.prices = Prices::default();
    policy.contact.caps.clear();
    policy.contact.quiet_hours.until = policy.contact.quiet_hours.from;
    policy.contact.quiet_hours.rest_days = false;
    policy.minutes_per_day = None;
    policy.budget_minor = None;
    policy.exploration.rate = 0.0;
    policy.holdout.share = 0.0;
    for action in &mut policy.actions {
        action.supply = None;
    }
    Ok(policy.validated()?)
}

fn menu(work: &mut Work<'_, '_>, live: &ValidPolicy) -> Result<Menu, AppError> {
    let policy = without_limits(live)?;
    let actions = arms(work, live)?;
    let spent = day_capacity(work, None)?.spent_minor;
    let mut menu = Menu {
        clients: 0,
        rewards: vec![Vec::new(); actions.len()],
        allowed: vec![Vec::new(); actions.len()],
        actions,
        budget_minor: live.policy().budget_minor.map(|all| all.saturating_sub(spent)),
    };
    let known = work.books.actions_by(&work.app.settings().outcome.clone())?;
    let mut after = None;
    loop {
        let query = ClientQuery { whose: Whose::Everybody, order: Order::Id, after, limit: PAGE };
        let clients = work.books.clients(&query)?;
        let is_last = clients.len() < PAGE;
        after = clients.last().map(Cursor::after);
        let base = Situation { actions: known.clone(), ..blank(work)? };
        let key = &work.app.inner.key;
        let ask = |client: yorisoi_ledger::Client| {
            worths(&menu.actions, (&policy, key), &base, client.facts)
        };
        let rows: Vec<Vec<Option<f64>>> = clients.into_par_iter().map(ask).collect();
        menu.add(&rows);
        if is_last {
            return Ok(menu);
        }
    }
}

/// The actions that compete, with what is left of each.
fn arms(work: &mut Work<'_, '_>, live: &ValidPolicy) -> Result<Vec<Arm>, AppError> {
    let rows = supply_rows(work)?;
    let left = |id: &ActionId| rows.iter().find(|row| row.action == *id).and_then(|row| row.left);
    let competes =
        |kind| !matches!(kind, ActionKind::Hold | ActionKind::LetGo | ActionKind::Service);
    let actions = live.policy().actions.iter().filter(|action| competes(action.kind));
    let arm = |action: &ActionSpec| Arm {
        id: action.id.clone(),
        cost: action.cost_minor as f64,
        minutes: f64::from(action.agent_minutes),
        left: left(&action.id),
    };
    Ok(actions.map(arm).collect())
}

impl Menu {
    fn add(&mut self, rows: &[Vec<Option<f64>>]) {
        self.clients += rows.len() as u64;
        for row in rows {
            for (arm, worth) in row.iter().enumerate() {
                self.rewards[arm].push(worth.unwrap_or(0.0));
                self.allowed[arm].push(worth.map_or(f64::NEG_INFINITY, |_| 0.0));
            }
        }
    }

    /// The first clients only.
    fn head(&self, n: usize) -> (Vec<Vec<f64>>, Vec<Vec<f64>>) {
        let cut = |columns: &[Vec<f64>]| columns.iter().map(|it| it[..n].to_vec()).collect();
        (cut(&self.rewards), cut(&self.allowed))
    }
}

fn blank(work: &Work<'_, '_>) -> Result<Situation, AppError> {
    Ok(Situation {
        decision: DecisionId::new("plan")?,
        now: work.now,
        ledger_time: None,
        initiative: Initiative::Ours,
        record: Record::Unknown { client: ClientId::new("-")? },
        household: HouseholdFacts::default(),
        capacity: CapacityFacts::default(),
        actions: ActionFacts::default(),
        only: None,
    })
}

/// What each action is worth to one client: benefit less nuisance; `None` where a gate stops it.
fn worths(
    actions: &[Arm],
    (policy, key): (&ValidPolicy, &DecisionKey),
    base: &Situation,
    mut facts: ClientFacts,
) -> Vec<Option<f64>> {
    facts.busy.clear();
    facts.reservations.clear();
    let situation = Situation { record: Record::Client { facts: Box::new(facts) }, ..base.clone() };
    let decision = decide(policy, &situation, key);
    let worth = |arm: &Arm| {
        let candidate = decision.candidates.iter().find(|it| it.action == arm.id)?;
        match &candidate.verdict {
            Verdict::Scored(score) => Some(score.benefit_minor - score.nuisance_minor),
            Verdict::Stopped(_) => None,
        }
    };
    actions.iter().map(worth).collect()
}

/// A plan with its prices.
struct Found {
    clients: u64,
    planned: BTreeMap<ActionId, u64>,
    holds: u64,
    spend_minor: f64,
    minutes: f64,
    expected_gain_minor: f64,
    prices: Prices,
}

fn solve(menu: &Menu, ask: &PlanAsk) -> Result<Found, AppError> {
    let budget = ask.budget_minor.or(menu.budget_minor).map(|it| it.max(0) as f64);
    let minute = match ask.minutes {
        Some(minutes) => price_of_minute(menu, budget, minutes as f64)?,
        None => 0.0,
    };
    let (rewards, allowed) = (&menu.rewards, &menu.allowed);
    let limits = limits(menu, budget, 1.0);
    let plan = plan_at(menu, (rewards, allowed), minute, &limits)?;
    let spend = |arm: usize| plan.n_by_arm[arm] as f64;
    let arms = || menu.actions.iter().enumerate();
    let gain = plan
        .choices
        .iter()
        .enumerate()
        .filter_map(|(unit, choice)| Some(rewards[usize::from(choice.arm?)][unit]));
    Ok(Found {
        clients: menu.clients,
        planned: arms().map(|(at, arm)| (arm.id.clone(), plan.n_by_arm[at] as u64)).collect(),
        holds: menu.clients - plan.n_reached() as u64,
        spend_minor: arms().map(|(at, arm)| spend(at) * arm.cost).sum(),
        minutes: minutes_of(menu, &plan),
        expected_gain_minor: gain.sum(),
        prices: Prices {
            // A yen costs a yen anyway; the price is what it would earn beyond itself.
            budget: plan.prices.budget.map_or(0.0, |price| (price - 1.0).max(0.0)),
            minute_minor: minute,
            supply_minor: arms()
                .filter_map(|(at, arm)| Some((arm.id.clone(), (*plan.prices.capacity.get(at)?)?)))
                .collect(),
        },
    })
}

fn limits(menu: &Menu, budget: Option<f64>, share: f64) -> Limits {
    let places = menu.actions.iter().map(|arm| arm.left.map(|all| (all as f64 * share) as usize));
    let places: Vec<Option<usize>> = places.collect();
    Limits {
        value_per_outcome: Some(1.0),
        budget: budget.map(|all| all * share),
        capacity: if places.iter().any(Option::is_some) { places } else { Vec::new() },
        seed: 0,
    }
}

fn minutes_of(menu: &Menu, plan: &Plan) -> f64 {
    menu.actions.iter().zip(&plan.n_by_arm).map(|(arm, n)| arm.minutes * *n as f64).sum()
}

/// The best plan if a minute cost so much. A minute is paid for in worth and not in money: it must not eat up
/// the budget.
fn plan_at(
    menu: &Menu,
    (rewards, allowed): (&[Vec<f64>], &[Vec<f64>]),
    minute: f64,
    limits: &Limits,
) -> Result<Plan, AppError> {
    let refuse =
        |error: yorisoi_policy::PolicyError| AppError::Refused { reason: Reason::of(&error) };
    let net: Vec<Vec<f64>> = rewards
        .iter()
        .zip(&menu.actions)
        .map(|(column, arm)| column.iter().map(|worth| worth - minute * arm.minutes).collect())
        .collect();
    let costs: Vec<ArmCost> = menu.actions.iter().map(|arm| ArmCost::Same(arm.cost)).collect();
    let columns = Columns::new(&net, &costs).map_err(refuse)?;
    let menu = DoNoHarm::new(columns, allowed, 0.0).map_err(refuse)?;
    plan(&menu, limits).map_err(refuse)
}

/// The smallest price at which the plan takes no more minutes than there are, from a sample of the clients.
fn price_of_minute(menu: &Menu, budget: Option<f64>, minutes: f64) -> Result<f64, AppError> {
    let n = (menu.clients as usize).min(SAMPLE);
    let share = n as f64 / menu.clients as f64;
    let (rewards, allowed) = menu.head(n);
    let limits = limits(menu, budget, share);
    let takes = |price: f64| {
        plan_at(menu, (&rewards, &allowed), price, &limits).map(|plan| minutes_of(menu, &plan))
    };
    let enough = minutes * share;
    if takes(0.0)? <= enough {
        return Ok(0.0);
    }
    // At what the best help earns a minute, nobody is helped any more.
    let dearest = menu.actions.iter().zip(&rewards).filter(|(arm, _)| arm.minutes > 0.0);
    let dearest =
        dearest.map(|(arm, column)| column.iter().fold(0.0, |a: f64, b| a.max(*b)) / arm.minutes);
    let (mut low, mut high) = (0.0, dearest.fold(0.0, f64::max));
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if takes(middle)? > enough {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok(high)
}
