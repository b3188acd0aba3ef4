//! How does a forest grow and answer? A generic histogram engine, its recipes and its variance.

mod answering;
mod bags;
mod baseline;
mod boosted;
mod boosting;
mod check;
mod forest;
mod grow;
mod histogram;
mod in_turns;
mod lean;
mod line;
#[doc(hidden)]
pub mod measured;
mod predict;
mod recipe;
mod recipes;
mod split;
mod steps;
mod summary;
mod tree;
mod variance;

pub use answering::Depth;
pub use bags::{Bags, Honesty, Membership, Part};
pub use baseline::{Baseline, BaselineTask};
pub use boosted::Boosted;
pub use boosting::{BoostParams, BoostTask, MAX_TARGETS, boost};
pub use forest::{Forest, ForestParams, Units, grow, grow_more};
pub use in_turns::InTurns;
pub use line::{LinearEffect, RankScale};
pub use predict::{Eligible, Prediction, Question, Walked, predict};
pub use recipe::{Bag, COUNT, FIRST_MOMENT, NodeScore, Recipe, WEIGHT};
pub use recipes::{Causal, Instrumental, MAX_CLASSES, Probability, Regression};
pub use steps::StepParams;
pub use summary::{Answer, Mean, Slope, Summary, Wald};
pub use tree::{CATEGORY, Node, Tree};
