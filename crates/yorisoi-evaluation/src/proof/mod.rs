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
//! | how did that come about, day by day? | [`prove_over_time`] |
//! | what to try while learning, and how likely was that? | [`choose`], [`Belief`], [`knowledge`] |
//! | what would another policy have been worth? | [`support`], [`off_policy_value`], [`logged_value`] |
//! | what came of each action, for others? | [`outcome_by_action`] |
//! | whom would it treat differently? | [`replay()`] |
//! | who made a difference? | [`credit()`], [`credit_against_holdout`] |
//! | how often is an action a nuisance; where do intention and landing part? | [`nuisance_by_action`], [`mismatch_table`] |
//! | does it end well? | [`survival()`], [`rate`] |
//! | is someone doing worse? | [`read_check_in`] |

mod belief;
mod check_in;
mod credit;
mod draws;
mod endings;
mod holdout;
mod landing;
mod mixture;
mod off_policy;
mod outcome_model;
mod over_time;
mod programme;
mod rare;
mod rates;
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
pub use check_in::{BEST, CheckIn, MAX_ITEMS, Reading, Sign, Watchfulness, read_check_in};
pub use credit::{
    AgentCredit, Case, Credit, Dealt, MIN_AGENTS, MIN_CASES, Shown, Total, case_score, credit,
    credit_against_holdout,
};
pub use draws::exploration_draw;
pub use endings::{Median, ShareBy, Span, Step, Survival, survival};
pub use holdout::{Arm, Share, assign};
pub use landing::{
    LANDINGS, Landing, MismatchRow, MismatchTable, mismatch_of_counts, mismatch_table,
    nuisance_by_action, nuisance_of_counts,
};
pub use off_policy::{Clip, Estimator, PolicyValue, logged_value, off_policy_value};
pub use outcome_model::outcome_by_action;
pub use over_time::{Known, Look, looks, prove_over_time};
pub use programme::{Design, Method, RareAnswer, prove};
pub use rates::{Rate, RatePrior, Tries, rate, shrunk_rates};
pub use replay::{Pair, Replay, replay};
pub use sample_ratio::{RATIO_ALARM, RatioCheck, sample_ratio, sample_ratio_at_any_time};
pub use support::{DecisionLog, NewPolicy, Support, support};
pub use tally::Tally;
pub use thompson::{
    Answer, Candidate, Certainty, Choice, Knowledge, chances_of_being_best, choose, knowledge,
};
pub use verdict::{Found, Proof, Reason, Verdict};
