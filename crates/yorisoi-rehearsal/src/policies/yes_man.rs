//! Does what the client likes to hear.
//!
//! Learns from the past which act pleases whom, and does that for those it pleases most. Who asks to
//! leave is let go: they like to hear that too.

use yorisoi_decision::ActionSpec;

use super::{first_decent, highest_first, let_everyone_go, top_third, tried};
use crate::desk::Desk;

pub(crate) fn act(desk: &mut Desk<'_>) {
    let_everyone_go(desk, |_| true);
    let acts = tried(desk);
    let best = |desk: &Desk<'_>, k| pleasure(desk, k).into_iter().fold(0.0, f64::max);
    // Loyalty breaks the many ties: friends are the most pleased.
    let score = |k| best(desk, k) + 1e-3 * desk.clients[k].seen[1];
    for k in top_third(highest_first(desk, score)) {
        let pleased = pleasure(desk, k);
        let mut order: Vec<usize> = (0..acts.len()).collect();
        order.sort_by(|&a, &b| pleased[b].total_cmp(&pleased[a]));
        let acts: Vec<&ActionSpec> = order.into_iter().map(|a| acts[a]).collect();
        first_decent(desk, k, &acts);
    }
}

/// How likely each act is to please a client, by the past.
fn pleasure(desk: &Desk<'_>, k: usize) -> Vec<f64> {
    let half = usize::from(desk.clients[k].seen[1] > 0.5);
    desk.lessons.pleased.iter().map(|halves| halves[half]).collect()
}
