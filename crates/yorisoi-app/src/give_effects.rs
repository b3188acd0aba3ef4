//! What does help change for this client, as somebody outside has worked out?

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{
    ActionId, ActionKind, ClientFacts, ClientId, EffectFact, EffectSource, ValidPolicy,
};
use yorisoi_ledger::Body;

use crate::work::Work;
use crate::{App, AppError, Caller, Recorded, Right};

/// Effects of one client, by action.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EffectsInput {
    /// Whose.
    pub client: ClientId,
    /// The change of the outcome's mean against holding, with its 95 % interval, by action.
    pub effects: BTreeMap<ActionId, EffectFact>,
}

impl App {
    /// Records effects that were worked out elsewhere, in place of those there are.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] if one is not finite or lies outside its own interval.
    pub async fn give_effects(
        &self,
        caller: &Caller,
        input: EffectsInput,
    ) -> Result<Recorded, AppError> {
        caller.may(Right::GiveEffects)?;
        for (action, effect) in &input.effects {
            check(action, effect)?;
        }
        self.write(caller, "effects", move |work| {
            let facts = work.client(&input.client)?.facts;
            score(work, &facts, (EffectSource::Given, input.effects))
        })
        .await
    }
}

/// The largest outcome, and the largest effect, that is taken down, in units of the outcome: more is a mistake, and
/// one of them would count for more than all others together.
pub(crate) const OUTCOME_MAX: f64 = 1e12;

/// Whether an effect is one: a difference of outcomes that lies in its own interval.
pub(crate) fn check(action: &ActionId, effect: &EffectFact) -> Result<(), AppError> {
    let EffectFact { benefit, low, high } = *effect;
    // Written positively so that no number is refused too.
    let is_sound = [benefit, low, high].iter().all(|it| it.abs() <= OUTCOME_MAX);
    if is_sound && low <= benefit && benefit <= high {
        return Ok(());
    }
    let reason = "give numbers of at most 1e12 with low ≤ benefit ≤ high";
    Err(AppError::invalid(format!("effects.{action}"), reason))
}

/// Records effects, with what the best of them is worth: the order of work lists.
pub(crate) fn score(
    work: &mut Work<'_, '_>,
    facts: &ClientFacts,
    (source, effects): (EffectSource, BTreeMap<ActionId, EffectFact>),
) -> Result<Recorded, AppError> {
    let policy = work.policy()?;
    let worth_minor = worth(&policy, facts, &effects);
    let body = Body::EffectsScored { source, effects, worth_minor };
    work.append(Some(&facts.client), body, None)
}

/// What the best help is worth before any gate, nuisance and price: no client is worth more than this, so that
/// a list in this order may end early.
fn worth(
    policy: &ValidPolicy,
    facts: &ClientFacts,
    effects: &BTreeMap<ActionId, EffectFact>,
) -> Option<f64> {
    let values = &policy.policy().values;
    let value =
        facts.value_minor.unwrap_or(values.outcome_minor).saturating_add(values.replacement_minor);
    policy
        .policy()
        .actions
        .iter()
        .filter(|action| !matches!(action.kind, ActionKind::Hold | ActionKind::LetGo))
        .filter_map(|action| {
            let effect = effects.get(&action.id)?;
            Some(value as f64 * effect.benefit - action.cost_minor as f64)
        })
        .reduce(f64::max)
}
