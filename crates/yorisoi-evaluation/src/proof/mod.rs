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
//! | what to try while learning, and how likely was that? | [`choose`], [`Belief`], [`knowledge`] |
//! | what would another policy have been worth? | [`support`], [`off_policy_value`] |
//! | whom would it treat differently? | [`replay()`] |

mod belief;
mod draws;
mod holdout;
mod mixture;
mod off_policy;
mod programme;
mod rare;
mod replay;
mod sample_ratio;
mod sequential;
mod special;
mod support;
mod tally;
mod thompson;
mod verdict;
mod words;

pub use belief::{Belief, Prior, Seen};
pub use draws::exploration_draw;
pub use holdout::{Arm, Share, assign};
pub use off_policy::{Clip, Estimator, PolicyValue, off_policy_value};
pub use programme::{Design, Method, RareAnswer, prove};
pub use replay::{Pair, Replay, replay};
pub use sample_ratio::{RATIO_ALARM, RatioCheck, sample_ratio, sample_ratio_at_any_time};
pub use support::{DecisionLog, NewPolicy, Support, support};
pub use tally::Tally;
pub use thompson::{
    Answer, Candidate, Certainty, Choice, Knowledge, chances_of_being_best, choose, knowledge,
};
pub use verdict::{Found, Proof, Reason, Verdict};
