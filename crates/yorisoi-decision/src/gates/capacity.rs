//! Is there any left?

use crate::action::ActionClass;
use crate::codes::Code;
use crate::facts::ExitState;
use crate::gates::Halt;
use crate::scene::{Asked, Scene};

/// ## What it does
///
/// Stops an action of which no unit is left, whose cost exceeds what is left of the budget, whose
/// minutes exceed what is left of today's, and, for an agent who has had as many hard conversations
/// today as one should have, one more of them.
///
/// ## Why
///
/// What is promised must be there. And the person who does the job is a person.
///
/// ## Facts used
///
/// `CapacityFacts`, reservations counted in. `null` is unlimited, `0` is none. An action that needs no
/// money, or no minutes, is not stopped for the lack of them. A hard conversation is one that takes an
/// agent's minutes with a client who is leaving. Of service messages only the supply is asked: what must
/// be sent is not weighed. Letting go needs nothing.
pub(crate) fn check(scene: &Scene<'_>, asked: &Asked<'_>) -> Option<Halt> {
    let (action, capacity, policy) = (asked.action, &scene.situation.capacity, scene.policy);
    if !action.reaches_client() {
        return None;
    }
    let used = capacity.used.get(&action.id).copied().unwrap_or(0);
    if action.supply.is_some_and(|supply| used >= supply) {
        return Some(Halt::lasting(Code::NoSupply));
    }
    if action.class == ActionClass::Service {
        return None;
    }
    let minutes = u64::from(action.agent_minutes);
    let is_hard = matches!(scene.client.exit, ExitState::Requested | ExitState::Offered);
    let short_of = |limit: Option<u64>, used: u64, need: u64| {
        need > 0 && limit.is_some_and(|limit| used.saturating_add(need) > limit)
    };
    if short_of(policy.minutes_per_day, capacity.minutes_used, minutes) {
        return Some(Halt::lasting(Code::NoMinutes));
    }
    let spent = capacity.spent_minor.saturating_add(action.cost_minor);
    if action.cost_minor > 0 && policy.budget_minor.is_some_and(|budget| spent > budget) {
        return Some(Halt::lasting(Code::NoBudget));
    }
    let worn = capacity.hard_conversations.is_some_and(|(had, most)| had >= most);
    (worn && is_hard && minutes > 0).then(|| Halt::lasting(Code::HardConversations))
}
