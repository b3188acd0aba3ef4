//! What would be best under limits? Hulls, spend paths, prices and policy trees.

mod error;
mod hull;
mod menu;
mod path;

pub use error::PolicyError;
pub use menu::{ArmCost, Columns, DoNoHarm, Menu, Offer};
pub use path::{Position, SpendPath, Step};
