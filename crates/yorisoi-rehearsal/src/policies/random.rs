//! Helps at random: a third of the clients, any act that is open. Half of those who ask are let go.

use super::{first_decent, highest_first, let_go, top_third, tried};
use crate::desk::Desk;
use crate::draws::For;

pub(crate) fn act(desk: &mut Desk<'_>) {
    let step = u64::from(desk.step);
    let chance = desk.chance;
    let acts = tried(desk);
    let leaving: Vec<usize> = desk.here().filter(|&k| desk.is_leaving(k)).collect();
    for k in leaving {
        if chance.happens(0.5, For::Choice, k, step * 10) {
            let_go(desk, k);
        }
    }
    for k in top_third(highest_first(desk, |k| chance.unit(For::Choice, k, step * 10 + 1))) {
        let first = (chance.unit(For::Choice, k, step * 10 + 2) * acts.len() as f64) as usize;
        first_decent(desk, k, &acts[first..]);
    }
}
