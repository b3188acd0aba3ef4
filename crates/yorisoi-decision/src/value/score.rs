//! What is an action worth to this client, part by part?

use crate::action::{ActionClass, ActionKind, ActionSpec};
use crate::decision::Score;
use crate::facts::{ActionFacts, EffectFact};
use crate::scene::{Asked, Scene};
use crate::value::belief::Belief;

/// An effect of nothing, known for sure.
const NO_EFFECT: EffectFact = EffectFact { benefit: 0.0, low: 0.0, high: 0.0 };

/// The chance of a nuisance that is assumed of help nobody has said anything about: even.
const NUISANCE_UNKNOWN: (f64, f64) = (0.5, 2.0);

/// Returns the score of an action, or `None` if its effect is unknown.
///
/// # Formula
///
/// ```text
/// total = (client_value + replacement) · benefit − κ · nuisance − cost − prices
/// prices = budget · cost + minute · minutes + supply(action)
/// ```
///
/// # Shapes and units
///
/// Minor units of the policy's currency. Holding back is zero by definition, and so is letting go: who
/// leaves is owed it, whatever it costs. A service message has its cost only, for it is sent because it
/// must be. Nobody is worth less than nothing: a negative value counts as zero.
pub(crate) fn score(scene: &Scene<'_>, asked: &Asked<'_>) -> Option<Score> {
    let action = asked.action;
    if !action.reaches_client() {
        return Some(plain(0.0));
    }
    if action.class == ActionClass::Service {
        return Some(plain(action.cost_minor as f64));
    }
    let effect = asked.belief?.effect();
    let nuisance = nuisance(action, &scene.situation.actions);
    let benefit_minor = worth(scene) * effect.benefit;
    let nuisance_minor = scene.policy.values.nuisance_minor as f64 * nuisance;
    let cost_minor = action.cost_minor as f64;
    let prices_minor = prices(scene, action);
    Some(Score {
        effect,
        nuisance,
        benefit_minor,
        nuisance_minor,
        cost_minor,
        prices_minor,
        total_minor: benefit_minor - nuisance_minor - cost_minor - prices_minor,
        drawn_minor: None,
    })
}

/// Returns mean and standard deviation of a total that is only believed; `None` for one that is used as
/// it is.
pub(crate) fn spread(scene: &Scene<'_>, asked: &Asked<'_>, score: &Score) -> Option<(f64, f64)> {
    let is_weighed = asked.action.is_solicitation() && asked.action.kind != ActionKind::Hold;
    match asked.belief {
        Some(Belief::Held { sd, .. }) if is_weighed => {
            Some((score.total_minor, worth(scene) * sd)).filter(|(_, sd)| *sd > 0.0)
        }
        _ => None,
    }
}

/// What one unit of the outcome is worth for this client.
fn worth(scene: &Scene<'_>) -> f64 {
    let values = &scene.policy.values;
    let own = scene.client.value_minor.unwrap_or(values.outcome_minor);
    (own as f64 + values.replacement_minor as f64).max(0.0)
}

fn prices(scene: &Scene<'_>, action: &ActionSpec) -> f64 {
    let prices = &scene.policy.prices;
    let unit = prices.supply_minor.get(&action.id).copied().unwrap_or(0.0);
    prices.budget * action.cost_minor as f64
        + prices.minute_minor * f64::from(action.agent_minutes)
        + unit
}

/// Returns the expected probability of landing as a nuisance.
///
/// # Formula
///
/// ```text
/// (mean₀ · weight₀ + nuisances) / (weight₀ + landings told)
/// ```
///
/// The mean of a Beta posterior. Without a prior an even chance worth two landings stands in for it.
fn nuisance(action: &ActionSpec, facts: &ActionFacts) -> f64 {
    let landed = facts.landings.get(&action.id).copied().unwrap_or_default();
    let (mean, weight) =
        action.prior.map_or(NUISANCE_UNKNOWN, |prior| (prior.nuisance_mean, prior.nuisance_weight));
    let told = landed.told.max(landed.nuisance) as f64;
    (mean * weight + landed.nuisance as f64) / (weight + told)
}

pub(crate) fn plain(cost_minor: f64) -> Score {
    Score {
        effect: NO_EFFECT,
        nuisance: 0.0,
        benefit_minor: 0.0,
        nuisance_minor: 0.0,
        cost_minor,
        prices_minor: 0.0,
        // Not `-cost_minor`, which would write a zero as `-0.0`.
        total_minor: 0.0 - cost_minor,
        drawn_minor: None,
    }
}
