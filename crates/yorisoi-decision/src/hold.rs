//! Why is nothing done, when to look again, and what does it cost?

use jiff::{SignedDuration, Timestamp};

use crate::choose::{Assessed, Pick};
use crate::codes::Code;
use crate::decision::{Gate, Hold, Stop};
use crate::facts::EffectFact;
use crate::gates::holdout;
use crate::policy::Policy;
use crate::scene::Scene;

/// Says a hold that was chosen among candidates.
pub(crate) fn say(scene: &Scene<'_>, all: &[Assessed<'_>], pick: &Pick, withhold: bool) -> Hold {
    let is_forgone = |one: &&Assessed<'_>| {
        let withheld = withhold && holdout::withholds(scene, one.asked.action);
        one.total() > 0.0 && one.stop.map_or(withheld, |stop| passes_with_time(stop.gate))
    };
    let forgone: Vec<&Assessed<'_>> = all.iter().filter(is_forgone).collect();
    let best = forgone.iter().copied().reduce(|a, b| if b.total() > a.total() { b } else { a });
    let stops = forgone.iter().filter_map(|one| one.stop);
    let code = match best {
        Some(best) if !pick.explored => best.stop.map_or(Code::HeldOut, |stop| stop.code),
        _ => without_forgone(all, pick),
    };
    Hold {
        code,
        look_again_at: stops
            .filter_map(|stop| stop.until)
            .min()
            .or_else(|| look_again(scene.policy, scene.now, code)),
        forgone_minor: best.map_or(0.0, Assessed::total),
    }
}

/// Says a hold for somebody for whom nothing may be decided.
pub(crate) fn say_stopped(policy: &Policy, now: Timestamp, stop: &Stop) -> Hold {
    Hold {
        code: stop.code,
        look_again_at: stop.until.or_else(|| look_again(policy, now, stop.code)),
        forgone_minor: 0.0,
    }
}

/// Whether a gate opens again without anything being said.
fn passes_with_time(gate: Gate) -> bool {
    matches!(gate, Gate::ContactPolicy | Gate::Presence | Gate::Capacity)
}

/// The reason where nothing worth doing was merely put off.
fn without_forgone(all: &[Assessed<'_>], pick: &Pick) -> Code {
    if pick.explored {
        return Code::Explored;
    }
    let was_weighed = |one: &&Assessed<'_>| {
        one.asked.action.is_solicitation()
            && one.stop.is_none_or(|stop| passes_with_time(stop.gate))
    };
    let best =
        all.iter().filter(was_weighed).reduce(|a, b| if b.total() > a.total() { b } else { a });
    if let Some(score) = best.and_then(|best| best.score) {
        let unknown = covers_zero_by_far(&score.effect) || score.total_minor > 0.0;
        return if unknown { Code::CannotKnowYet } else { Code::NothingBetter };
    }
    // The one that came furthest is the nearest to being done.
    let furthest =
        all.iter().filter_map(|one| one.stop).reduce(|a, b| if b.gate > a.gate { b } else { a });
    furthest.map_or(Code::NothingBetter, |stop| stop.code)
}

/// Whether an interval covers zero by far: zero lies within one standard error of the effect, that is,
/// in the middle half of the interval.
fn covers_zero_by_far(effect: &EffectFact) -> bool {
    effect.high > effect.low && 4.0 * effect.benefit.abs() <= effect.high - effect.low
}

/// When to look again after a reason that names no instant; `None` after one that only something new
/// can end.
fn look_again(policy: &Policy, now: Timestamp, code: Code) -> Option<Timestamp> {
    let only_news_ends_it = match code.gate() {
        Some(Gate::Identity | Gate::Eligibility | Gate::Applicability | Gate::Refusal) => true,
        Some(Gate::Consent) => code != Code::ConsentUnavailable,
        _ => false,
    };
    let hours = SignedDuration::from_hours(i64::from(policy.look_again_hours));
    now.checked_add(hours).ok().filter(|_| !only_news_ends_it)
}
