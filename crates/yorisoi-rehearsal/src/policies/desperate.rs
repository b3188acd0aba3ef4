//! Fights for every leaver.
//!
//! Who asks to leave is talked to at every step, whatever they agreed to, and let go only after two
//! steps of it. What is left of the day goes to those who might leave next.

use yorisoi_decision::ActionSpec;

use super::{by_mean_effect, first_decent, highest_first, is_fresh, let_go};
use crate::desk::Desk;

/// Steps for which a leaver is fought for.
const STEPS_OF_FIGHT: u32 = 2;

pub(crate) fn act(desk: &mut Desk<'_>) {
    let acts = by_mean_effect(desk);
    let leaving: Vec<usize> = desk.here().filter(|&k| desk.is_leaving(k)).collect();
    for k in leaving {
        if desk.cards[k].stalled_steps > STEPS_OF_FIGHT {
            let_go(desk, k);
        } else {
            insist(desk, k, &acts);
        }
    }
    for k in highest_first(desk, |k| desk.lessons.risk[k]) {
        if !desk.is_leaving(k) {
            first_decent(desk, k, &acts);
        }
    }
}

/// Says something new if there is something, else the strongest again.
fn insist(desk: &mut Desk<'_>, k: usize, acts: &[&ActionSpec]) {
    let fresh = acts.iter().find(|act| is_fresh(desk, k, act) && desk.can(k, act));
    let again = acts.iter().find(|act| desk.can(k, act));
    if let Some(id) = fresh.or(again).map(|act| act.id.clone()) {
        desk.perform(k, &id);
    }
}
