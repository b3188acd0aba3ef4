//! Is the service doing good? Holdouts, intervals one may watch, and what is owed to whom.
//!
//! Pure functions over counts and columns: no clock, no files, no global randomness. Whatever is drawn is a
//! keyed hash of names, so every interface draws the same.
//!
//! | question | function |
//! |---|---|
//! | who is held out, and does this decision explore? | [`assign`], [`exploration_draw`] |
//! | were the groups dealt as promised? | [`sample_ratio`], [`sample_ratio_at_any_time`] |
//! | does the programme do good, and how much? | [`prove`], [`Proof`] |

mod draws;
mod holdout;
mod mixture;
mod programme;
mod rare;
mod sample_ratio;
mod sequential;
mod special;
mod tally;
mod verdict;
mod words;

pub use draws::exploration_draw;
pub use holdout::{Arm, Share, assign};
pub use programme::{Design, Method, RareAnswer, prove};
pub use sample_ratio::{RATIO_ALARM, RatioCheck, sample_ratio, sample_ratio_at_any_time};
pub use tally::Tally;
pub use verdict::{Found, Proof, Reason, Verdict};
