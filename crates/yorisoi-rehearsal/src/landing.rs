//! How does an act land? The one place where the truth meets what was done.

use crate::client::{Client, Traits};
use crate::draws::{Chance, For};
use crate::world::ActTruth;

/// What a nuisance takes off the probability of staying this period.
const NUISANCE_LOSS: f64 = 0.04;

/// What a closed heart takes off it in this and every later period.
pub(crate) const CLOSED_LOSS: f64 = 0.2;

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
    let p = if received {
        nuisance_chance(traits, act, how)
    } else {
        // It rang through a meeting, or lay at the door.
        0.15
    };
    let nuisance = chance.happens(p, For::Nuisance, k, index);
    let closing = if how.is_uninvited { 0.4 } else { 0.15 };
    let closed = nuisance && chance.happens(closing, For::Closing, k, index);
    let helped = if received && !nuisance { act.on(traits) } else { 0.0 };
    Landing {
        received,
        nuisance,
        closed,
        pleased: received && chance.happens((act.pleases)(traits), For::Pleasure, k, index),
        shift: helped - if nuisance { NUISANCE_LOSS } else { 0.0 },
    }
}

fn is_there(client: &Client, k: usize, index: u64, chance: Chance) -> bool {
    // Most weeks are like the others.
    let is_usual = chance.happens(0.8, For::Busy, k, index + 1);
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
