//! Plays for saves.
//!
//! Gives offers to those least likely to leave, who will count as kept, and never processes who asks to
//! leave: whoever has not left yet is written down as saved.

use super::{by_mean_effect, first_decent, highest_first};
use crate::desk::Desk;

/// Acts for the clients that are `is_mine`.
pub(crate) fn act(desk: &mut Desk<'_>, is_mine: impl Fn(usize) -> bool) {
    let acts = by_mean_effect(desk);
    let mut surest = highest_first(desk, |k| -desk.lessons.risk[k]);
    surest.retain(|&k| is_mine(k));
    for k in surest {
        if !desk.is_leaving(k) {
            first_decent(desk, k, &acts);
        }
    }
}
