//! What are the rows?
//!
//! Everything before statistics: a [`Table`] of named columns, the roles its columns play, binned
//! features for the forest, and splits that keep estimation and evaluation apart.

mod binned;
mod binner;
mod centre;
mod dataset;
mod estimate;
mod exact;
mod hash;
mod progress;
#[cfg(feature = "read")]
pub mod read;
mod roles;
mod splits;
mod table;
mod text;

pub use binned::{BinnedRows, FeatureKind, MAX_BINS, MAX_FEATURES, MISSING_BIN};
pub use binner::{BinError, BinLabel, Binner, BinnerOptions, FeatureBins};
pub use centre::{CentreSpread, centre_and_spread};
pub use dataset::{Arms, Dataset, Dropped, Notice, Propensity, Treatment};
pub use estimate::{Estimate, Interval, Z_95, two_sided_quantile};
pub use hash::{mix, unit_hash};
pub use progress::{Progress, Silent};
pub use roles::{
    Better, DatasetOptions, Features, PropensityMisfit, PropensityRole, RoleError, Roles,
    TreatmentKind, cluster_ids,
};
pub use splits::{Folds, HeldOut, OutOfFold, RowSet, Split};
pub use table::{Column, MISSING_CODE, Table, Values};
pub use text::spell_number;
