//! What would be best under limits? Hulls, spend paths, prices and policy trees.
//!
//! Effects say what help changes for each unit; this crate says what to do about it. Money, places and
//! the promise to do no harm are the limits.
//!
//! | question | answer |
//! |---|---|
//! | what may be offered to whom, at what cost? | [`Menu`], [`Columns`], [`DoNoHarm`] |
//! | what does each further unit of money buy? | [`SpendPath`] |
//! | who is offered what, who is left alone, and why? | [`plan`], [`Plan`], [`Reason`] |
//! | what does a budget really buy, on held-out scores? | [`budget_curve`], [`BudgetCurve`] |
//! | is that better than a simpler rule? | [`random_curve`], [`steps_by_rank`], [`BudgetCurve::difference`] |
//! | how would one say it in two questions? | [`fit_policy_tree`], [`PolicyTree`] |
//!
//! Everywhere arms are counted without control, rewards are against doing nothing, and doing nothing
//! (`None`) costs and rewards 0. The same seed gives the same bytes on any number of threads.
//!
//! # Example
//!
//! A plan made from predicted effects, judged by held-out scores against picking people by risk:
//!
//! ```
//! use yorisoi_data::HeldOut;
//! use yorisoi_policy::{
//!     ArmCost, Bootstrap, Columns, DoNoHarm, Sample, SpendPath, budget_curve, steps_by_rank,
//! };
//!
//! // Those at high risk are lost causes here: help changes something for the others.
//! let risk: Vec<f64> = (0..60).map(|unit| f64::from(unit) / 60.0).collect();
//! let effects = vec![risk.iter().map(|risk| 0.3 * (1.0 - risk)).collect::<Vec<f64>>()];
//! let low = vec![effects[0].iter().map(|tau| tau - 0.05).collect::<Vec<f64>>()];
//! let costs = [ArmCost::Same(900.0)];
//! let columns = Columns::new(&effects, &costs)?;
//! let plan = SpendPath::new(&DoNoHarm::new(columns, &low, 0.0)?, 0)?;
//! let by_risk = steps_by_rank(&columns, 0, &risk, 0)?;
//!
//! let scores = HeldOut::promise(effects.clone());
//! let sample = Sample::new(&scores, None, None)?;
//! let budgets = [300.0];
//! let ours = budget_curve(plan.steps(), &sample, &budgets, Bootstrap::default())?;
//! let theirs = budget_curve(&by_risk, &sample, &budgets, Bootstrap::default())?;
//! let difference = ours.difference(&theirs)?[0];
//! assert!(difference.interval_95().low > 0.0);
//! # Ok::<(), yorisoi_policy::PolicyError>(())
//! ```

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
