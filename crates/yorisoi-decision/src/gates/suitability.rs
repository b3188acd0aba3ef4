//! Can harm be ruled out, and is the effect known?

use crate::action::{ActionClass, ActionKind};
use crate::codes::Code;
use crate::gates::Halt;
use crate::scene::{Asked, Scene};
use crate::value::belief::Belief;
use crate::value::normal;

/// The chance of harm beyond the allowed above which a belief is a veto: more likely than not.
const HARM_CHANCE_MAX: f64 = 0.5;

/// ## What it does
///
/// Stops help whose effect is unknown, and help that may harm: an estimated effect whose 95 % interval
/// reaches below `−allowed_harm`, or a belief that holds harm beyond that for more likely than not.
///
/// ## Why
///
/// Do no harm. An interval was measured on many and can rule harm out, so it has to. What a house
/// merely believes of its help cannot: its interval contains harm until there are data, and a veto on
/// the interval would keep everybody from ever having any. So a belief may act while it speaks against
/// harm, at one client's risk at a time, and what it learns can turn it into a veto.
///
/// ## Facts used
///
/// `ClientFacts::effects`, else the action's prior with `ActionFacts::learned`. An effect that is not a
/// number, or lies outside its own interval, is unknown. `low` equal to `−allowed_harm` is allowed.
pub(crate) fn check(scene: &Scene<'_>, asked: &Asked<'_>) -> Option<Halt> {
    let action = asked.action;
    if action.class == ActionClass::Service || action.kind == ActionKind::LetGo {
        return None;
    }
    let floor = -scene.policy.values.allowed_harm;
    match asked.belief {
        None => Some(Halt::lasting(Code::EffectUnknown)),
        Some(Belief::Estimated(effect)) => {
            (effect.low < floor).then(|| Halt::lasting(Code::MayHarm))
        }
        Some(Belief::Held { mean, sd }) => {
            let chance = normal::cdf((floor - mean) / sd);
            (chance > HARM_CHANCE_MAX).then(|| Halt::lasting(Code::MayHarm))
        }
    }
}
