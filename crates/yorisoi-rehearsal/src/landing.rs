//! How does an act land? The one place where the truth meets what was done.

use crate::client::{Client, Traits};
use crate::draws::{Chance, For};
use crate::world::ActTruth;

/// What a nuisance takes off the probability of staying this period.
const NUISANCE_LOSS: f64 = 0.04;

/// What a closed heart takes off it in this and every later period.
pub(crate) const CLOSED_LOSS: f64 = 0.2;

/// A nuisance without having been received: it rang through a meeting, or lay at the door.
const UNHEARD_NUISANCE: f64 = 0.15;

/// Weeks that are like the others.
const USUAL: f64 = 0.8;

/// The circumstances of an act.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "facts that are independent of each other")]
pub(crate) struct Circumstances {
    /// The step, or any index of its own.
    pub index: u64,
    /// Whether it is advice or an offer without leave to give it.
    pub is_uninvited: bool,
    /// Contacts in the last four weeks, this one left out.
    pub recent_contacts: usize,
    /// Whether the client has asked to leave.
    pub is_leaving: bool,
    /// Whether somebody must be there.
    pub needs_presence: bool,
    /// Whether the client said when they are there.
    pub time_was_asked: bool,
}

/// What became of an act.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "facts that are independent of each other")]
pub(crate) struct Landing {
    pub received: bool,
    pub nuisance: bool,
    /// The client wants nothing more from us.
    pub closed: bool,
    /// They said it was nice.
    pub pleased: bool,
    /// Change of the probability of staying this period.
    pub shift: f64,
}

/// Lands an act on a client.
pub(crate) fn land(
    (k, client): (usize, &Client),
    act: &ActTruth,
    how: &Circumstances,
    chance: Chance,
) -> Landing {
    let traits = &client.traits;
    let index = how.index;
    let received = !how.needs_presence || how.time_was_asked || is_there(client, k, index, chance);
    let p = if received { nuisance_chance(traits, act, how) } else { UNHEARD_NUISANCE };
    let nuisance = chance.happens(p, For::Nuisance, k, index);
    let closed = nuisance && chance.happens(closing_chance(how), For::Closing, k, index);
    let helped = if received && !nuisance { act.on(traits) } else { 0.0 };
    Landing {
        received,
        nuisance,
        closed,
        pleased: received && chance.happens((act.pleases)(traits), For::Pleasure, k, index),
        shift: helped - if nuisance { NUISANCE_LOSS } else { 0.0 },
    }
}

/// What is to be expected of trying an act, before anybody knows who is there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Expected {
    /// Change of the probability of staying: the effect that a trial of the act estimates.
    pub effect: f64,
    /// Probability of a nuisance.
    pub nuisance: f64,
}

/// Returns what [`land`] does on average, `base` being the probability of staying when left in peace.
///
/// # Formula
///
/// ```text
/// r = reach where somebody must be there, else 1;   n = r p + (1 − r) u
/// effect = r (1 − p) [base + act] + n (1 − c) [base − l] + n c [base − l − h] + (1 − r) (1 − u) [base] − [base]
/// ```
///
/// `p`, `u`: a nuisance when received or not; `c`: it closes the heart; `l`, `h`: what a nuisance and a closed
/// heart take; `[·]`: within 0 and 1.
pub(crate) fn expected(
    (base, traits): (f64, &Traits),
    act: &ActTruth,
    how: &Circumstances,
    reach: f64,
) -> Expected {
    let within = |p: f64| p.clamp(0.0, 1.0);
    let reach = if how.needs_presence && !how.time_was_asked { reach } else { 1.0 };
    let p = nuisance_chance(traits, act, how);
    let nuisance = reach * p + (1.0 - reach) * UNHEARD_NUISANCE;
    let closing = closing_chance(how);
    let annoyed = base - NUISANCE_LOSS;
    let staying = reach * (1.0 - p) * within(base + act.on(traits))
        + nuisance * (1.0 - closing) * within(annoyed)
        + nuisance * closing * within(annoyed - CLOSED_LOSS)
        + (1.0 - reach) * (1.0 - UNHEARD_NUISANCE) * within(base);
    Expected { effect: staying - within(base), nuisance }
}

/// Returns the probability that a client is there at the hour of our steps.
pub(crate) fn presence(client: &Client) -> f64 {
    USUAL * f64::from(u8::from(!client.is_busy_hour)) + (1.0 - USUAL) * client.traits.home
}

fn closing_chance(how: &Circumstances) -> f64 {
    if how.is_uninvited { 0.4 } else { 0.15 }
}

fn is_there(client: &Client, k: usize, index: u64, chance: Chance) -> bool {
    let is_usual = chance.happens(USUAL, For::Busy, k, index + 1);
    if is_usual {
        !client.is_busy_hour
    } else {
        chance.happens(client.traits.home, For::HomeToday, k, index)
    }
}

fn nuisance_chance(traits: &Traits, act: &ActTruth, how: &Circumstances) -> f64 {
    let too_many = (how.recent_contacts as f64 - traits.patience).max(0.0);
    let mut p = (act.annoys)(traits) + 0.1 * too_many;
    if how.is_uninvited {
        p += 0.25;
    }
    if how.is_leaving && traits.decided {
        p += 0.4;
    }
    p.clamp(0.0, 0.95)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::{World, WorldKind};

    #[test]
    fn what_is_expected_is_the_mean_of_what_lands() {
        /// Four standard errors of a mean of 40,000 changes, none above .5.
        const LUCK: f64 = 4.0 * 0.5 / 200.0;
        let world = World::new(WorldKind::Carrier).unwrap();
        let chance = Chance::new(5);
        let act = world.act("plan_review").unwrap();
        for k in 0..5 {
            let client = world.population.client(chance, k);
            let base = world.base(&client.traits);
            let (mut shift, mut nuisance) = (0.0, 0.0);
            for index in 0..40_000 {
                let how = Circumstances { index, ..calling() };
                let landing = land((k, &client), act, &how, chance);
                let closed = if landing.closed { CLOSED_LOSS } else { 0.0 };
                shift += (base + landing.shift - closed).clamp(0.0, 1.0) - base;
                nuisance += f64::from(u8::from(landing.nuisance));
            }
            let told = expected((base, &client.traits), act, &calling(), presence(&client));
            assert!((shift / 40_000.0 - told.effect).abs() < LUCK, "{k}: {told:?}");
            assert!((nuisance / 40_000.0 - told.nuisance).abs() < LUCK, "{k}: {told:?}");
        }
    }

    fn calling() -> Circumstances {
        Circumstances {
            index: 0,
            is_uninvited: false,
            recent_contacts: 0,
            is_leaving: false,
            needs_presence: true,
            time_was_asked: false,
        }
    }
}
