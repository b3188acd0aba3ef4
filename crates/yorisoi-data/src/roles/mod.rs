//! What does each column mean? Roles turn a [`Table`] into a [`Dataset`], or say why they cannot.

mod assemble;
mod better;
mod copies;
mod error;
mod features;
mod fingerprint;
mod leaks;
mod misfit;
mod nearly;
mod outcome;
mod people;
mod propensity;
mod size;
mod treatment;
mod units;

pub use better::Better;
pub use error::RoleError;
pub use misfit::PropensityMisfit;
pub use people::cluster_ids;

use serde::Serialize;

use crate::BinnerOptions;

/// Which column plays which role.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Roles {
    /// The column that says what each person got.
    pub treatment: String,
    /// The column that says how it ended.
    pub outcome: String,
    /// Whether more or less of the outcome is better.
    pub better: Better,
    /// The arm others are compared with; `None` looks for one called 0, control, none, なし and the like.
    /// Amounts have no control arm, so it plays no part there.
    pub control: Option<String>,
    /// The columns that tell people apart.
    pub features: Features,
    /// The column that says who belongs together, such as a household.
    pub cluster: Option<String>,
    /// The column with sample weights.
    pub weight: Option<String>,
    /// What is known of the probabilities with which arms were given.
    pub propensity: Option<PropensityRole>,
}

impl Roles {
    /// Returns roles of a treatment and an outcome column, every other column being a feature.
    pub fn new(treatment: &str, outcome: &str) -> Self {
        Self {
            treatment: treatment.to_owned(),
            outcome: outcome.to_owned(),
            better: Better::More,
            control: None,
            features: Features::All,
            cluster: None,
            weight: None,
            propensity: None,
        }
    }

    /// Returns role and name of every column that is no feature.
    fn named(&self) -> Vec<(&'static str, &str)> {
        let optional = [("cluster", &self.cluster), ("weight", &self.weight)];
        let mut named =
            vec![("treatment", self.treatment.as_str()), ("outcome", self.outcome.as_str())];
        named
            .extend(optional.into_iter().filter_map(|(role, name)| Some((role, name.as_deref()?))));
        let propensities = self.propensity.iter().flat_map(PropensityRole::columns);
        named.extend(propensities.map(|name| ("propensity", name)));
        named
    }
}

/// Which columns are features. Columns with another role never are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Features {
    /// All others.
    All,
    /// These.
    Only(Vec<String>),
    /// All others but these.
    Except(Vec<String>),
}

/// Where propensities come from.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PropensityRole {
    /// A column with each person's probability of getting the single treated arm.
    Column(String),
    /// The same probability of getting the single treated arm for everyone.
    Constant(f64),
    /// The same probabilities for everyone, by arm; one arm may be left out and gets the rest.
    PerArm(Vec<(String, f64)>),
    /// A column of each person's probabilities an arm, by arm; one arm may be left out and gets the rest.
    Columns(Vec<(String, String)>),
    /// The same, a column for every arm in their order: control first, then by value or name.
    ColumnsInOrder(Vec<String>),
}

impl PropensityRole {
    /// Returns the columns that hold probabilities.
    pub fn columns(&self) -> Vec<&str> {
        match self {
            Self::Constant(_) | Self::PerArm(_) => Vec::new(),
            Self::Column(name) => vec![name],
            Self::Columns(arms) => arms.iter().map(|(_, name)| name.as_str()).collect(),
            Self::ColumnsInOrder(names) => names.iter().map(String::as_str).collect(),
        }
    }
}

/// Whether the treatment column holds arms or amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TreatmentKind {
    /// One of a few arms.
    #[default]
    Arms,
    /// An amount.
    Dose,
}

/// How a table becomes a dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasetOptions {
    /// Arms or amounts; an amount must be asked for, since a column of numbers may be either.
    pub treatment: TreatmentKind,
    /// Usable rows needed. Default 50: below, no split leaves anything to judge by.
    pub min_rows: usize,
    /// Usable rows needed in every arm. Default 20, for the same reason.
    pub min_arm_rows: usize,
    /// Arms allowed, at most 254. Default 32: more are most likely an amount or an identifier.
    pub max_arms: usize,
    /// How finely features are binned.
    pub binner: BinnerOptions,
}

impl Default for DatasetOptions {
    fn default() -> Self {
        Self {
            treatment: TreatmentKind::Arms,
            min_rows: 50,
            min_arm_rows: 20,
            max_arms: 32,
            binner: BinnerOptions::default(),
        }
    }
}
