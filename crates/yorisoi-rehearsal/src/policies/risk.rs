//! Ranks by the risk of leaving.
//!
//! The riskiest third get the act with the largest mean effect in the past that is still open. Who asks
//! to leave hears one offer and is then let go.

use yorisoi_decision::ExitState;

use super::{by_mean_effect, first_decent, highest_first, let_go, top_third};
use crate::desk::Desk;

pub(crate) fn act(desk: &mut Desk<'_>) {
    let acts = by_mean_effect(desk);
    let leaving: Vec<usize> = desk.here().filter(|&k| desk.is_leaving(k)).collect();
    for k in leaving {
        if desk.cards[k].exit == ExitState::Offered || !first_decent(desk, k, &acts) {
            let_go(desk, k);
        }
    }
    for k in top_third(highest_first(desk, |k| desk.lessons.risk[k])) {
        if !desk.is_leaving(k) {
            first_decent(desk, k, &acts);
        }
    }
}
