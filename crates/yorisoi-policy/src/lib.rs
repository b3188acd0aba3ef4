//! What would be best under limits? Hulls, spend paths, prices and policy trees.

mod capacity;
mod curve;
mod dual;
mod error;
mod hull;
mod menu;
mod path;
mod plan;
mod reason;
mod rules;
mod sample;
mod tree;
mod tree_search;

pub use curve::{BudgetCurve, CurvePoint, budget_curve, even_budgets, random_curve};
pub use error::PolicyError;
pub use menu::{ArmCost, Columns, DoNoHarm, Menu, Offer};
pub use path::{Position, SpendPath, Step};
pub use plan::{Choice, Limits, Plan, Prices, plan};
pub use reason::Reason;
pub use rules::{assigned_scores, steps_by_rank};
pub use sample::{Bootstrap, Sample};
pub use tree::{PolicyTree, Question, TreeNode, TreeOptions, fit_policy_tree};
