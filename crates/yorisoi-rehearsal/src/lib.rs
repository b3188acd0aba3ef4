//! What would happen? Simulated clients with known truth, and policies that meet them.
//!
//! A world holds clients with needs nobody sees, hours when they are away, patience that runs out, and
//! hearts that close. Policies get the same record, the same past trial and the same means; the truth
//! stays behind the desk. Nothing here reads a clock or a file: a seed is a world.
//!
//! | question | function |
//! |---|---|
//! | which policy keeps more, and harms fewer? | [`compare`] |
//! | whom does this hour help most? | [`work_list`] |
//! | does gaming pay, and does letting go cost? | [`fair_credit`] |

mod client;
mod compare;
mod desk;
mod draws;
mod error;
mod fair_credit;
mod landing;
mod lessons;
mod policies;
mod work_list;
mod world;

pub use compare::{Comparison, PolicyRow, Spread, compare};
pub use error::RehearsalError;
pub use fair_credit::{FairCreditReport, fair_credit};
pub use policies::PolicyKind;
pub use work_list::{Knowledge, WORK_LIST_PAST, WorkListReport, work_list, work_list_from};
pub use world::WorldKind;
