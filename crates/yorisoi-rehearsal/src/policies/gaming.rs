//! Plays for a ranking by raw saves.
//!
//! Gives points to those who would stay anyway, and keeps everybody waiting who asks to leave: whoever
//! gives up is written down as saved.

use super::{first_decent, highest_first, top_third};
use crate::desk::Desk;

pub(crate) fn act(desk: &mut Desk<'_>) {
    let points: Vec<_> = desk.action("points").into_iter().collect();
    for k in top_third(highest_first(desk, |k| 1.0 - desk.lessons.risk[k])) {
        if !desk.is_leaving(k) {
            first_decent(desk, k, &points);
        }
    }
}
