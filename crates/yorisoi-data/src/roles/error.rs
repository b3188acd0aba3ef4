//! Why can a table not be studied with these roles, and what helps?

use super::PropensityMisfit;
use crate::text::{list_names, spell_number};

/// Why a table and its roles do not make a dataset. Rows count data rows of the input from 1.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RoleError {
    /// A column that plays a role is not in the table.
    #[error("there is no {role} column `{column}`{}", nearest_clause(nearest))]
    UnknownColumn {
        /// Its role.
        role: &'static str,
        /// The name asked for.
        column: String,
        /// Names that look like it.
        nearest: Vec<String>,
    },
    /// One column was given two roles.
    #[error("column `{column}` cannot be both {first} and {second}")]
    TwoRoles {
        /// Its name.
        column: String,
        /// One role.
        first: &'static str,
        /// The other.
        second: &'static str,
    },
    /// A column that must be numeric holds text.
    #[error("{role} column `{column}` must be numeric, but row {row} holds `{text}`")]
    NotNumeric {
        /// Its role.
        role: &'static str,
        /// Its name.
        column: String,
        /// Data row, from 1.
        row: usize,
        /// What stands there.
        text: String,
    },
    /// An infinite outcome or treatment.
    #[error("{role} column `{column}` is {value} in row {row}")]
    NotFinite {
        /// Its role.
        role: &'static str,
        /// Its name.
        column: String,
        /// Data row, from 1.
        row: usize,
        /// The value.
        value: f64,
    },
    /// An outcome or dose whose square does not fit into a number.
    #[error("{role} column `{column}` is {value:e} in row {row}, too large to compute with")]
    TooLarge {
        /// Its role.
        role: &'static str,
        /// Its name.
        column: String,
        /// Data row, from 1.
        row: usize,
        /// The value.
        value: f64,
    },
    /// An outcome or dose that differs from row to row only in digits that computing would lose.
    #[error(
        "{role} column `{column}` varies by only {spread:.1e} while its largest value is {size:.1e}: too \
         little to compute with"
    )]
    TooFine {
        /// Its role.
        role: &'static str,
        /// Its name.
        column: String,
        /// Its standard deviation.
        spread: f64,
        /// Its largest magnitude.
        size: f64,
    },
    /// A weight that is missing, infinite, zero, negative, or of no size to compute with.
    #[error(
        "weight column `{column}` is {} in row {row}; weights must lie between 1e-9 and 1e9",
        spell(*value)
    )]
    BadWeight {
        /// Its name.
        column: String,
        /// Data row, from 1.
        row: usize,
        /// The weight; NaN where it is missing.
        value: f64,
    },
    /// A propensity that is missing or not strictly between 0 and 1.
    #[error("propensity{} is {}, which is not between 0 and 1", place(column.as_deref(), *row), spell(*value))]
    BadPropensity {
        /// Its column, or the arm of a constant one.
        column: Option<String>,
        /// Data row, from 1; 0 for a constant.
        row: usize,
        /// The propensity; NaN where it is missing.
        value: f64,
    },
    /// Propensities that do not fit the arms.
    #[error("propensities do not fit the arms {}: {reason}", list_names(arms))]
    PropensityMismatch {
        /// The arms, control first.
        arms: Vec<String>,
        /// What is wrong.
        reason: PropensityMisfit,
    },
    /// No arm looks like control, or several do.
    #[error("cannot tell which arm of `{column}` is control: {}", list_names(arms))]
    NoControl {
        /// The treatment column.
        column: String,
        /// Its arms.
        arms: Vec<String>,
    },
    /// The control arm that was named does not occur.
    #[error("`{column}` has no arm `{control}`: {}", list_names(arms))]
    UnknownControl {
        /// The treatment column.
        column: String,
        /// The name given.
        control: String,
        /// Its arms.
        arms: Vec<String>,
    },
    /// A treatment with more values than there can be arms.
    #[error("treatment `{column}` has more than {limit} different values")]
    ManyArms {
        /// The treatment column.
        column: String,
        /// The limit.
        limit: usize,
    },
    /// Everyone got the same.
    #[error("everyone in `{column}` is in the one arm `{arm}`: there is nothing to compare")]
    OneArm {
        /// The treatment column.
        column: String,
        /// The arm.
        arm: String,
    },
    /// An arm with too few people to learn anything.
    #[error("arm `{arm}` of `{column}` has {}, at least {needed} are needed", usable(*rows))]
    SmallArm {
        /// The treatment column.
        column: String,
        /// The arm.
        arm: String,
        /// Its usable rows.
        rows: usize,
        /// The least that is needed.
        needed: usize,
    },
    /// Everyone had the same outcome.
    #[error("outcome `{column}` is {} for everyone: there is nothing to explain", spell_number(*value))]
    ConstantOutcome {
        /// The outcome column.
        column: String,
        /// The value.
        value: f64,
    },
    /// A dose that never varies.
    #[error("treatment `{column}` is {} for everyone: there is nothing to compare", spell_number(*value))]
    ConstantDose {
        /// The treatment column.
        column: String,
        /// The value.
        value: f64,
    },
    /// Too few usable rows.
    #[error("{rows} of {total} rows are usable, at least {needed} are needed")]
    TooFewRows {
        /// Usable rows.
        rows: usize,
        /// Rows of the table.
        total: usize,
        /// The least that is needed.
        needed: usize,
    },
    /// No feature is left.
    #[error("no feature is left to tell people apart by")]
    NoFeatures,
    /// A feature tells the treatment exactly.
    #[error("feature `{column}` determines the treatment `{treatment}` exactly")]
    TreatmentInFeatures {
        /// The feature.
        column: String,
        /// The treatment column.
        treatment: String,
    },
    /// A feature is the outcome under another name.
    #[error("feature `{column}` determines the outcome `{outcome}`")]
    OutcomeInFeatures {
        /// The feature.
        column: String,
        /// The outcome column.
        outcome: String,
    },
}

impl RoleError {
    /// Returns the stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownColumn { .. } => "roles.unknown_column",
            Self::TwoRoles { .. } => "roles.two_roles",
            Self::NotNumeric { .. } => "roles.not_numeric",
            Self::NotFinite { .. } => "roles.not_finite",
            Self::TooLarge { .. } => "roles.too_large",
            Self::TooFine { .. } => "roles.too_fine",
            Self::BadWeight { .. } => "weight.invalid",
            Self::BadPropensity { .. } => "propensity.invalid",
            Self::PropensityMismatch { .. } => "propensity.mismatch",
            Self::NoControl { .. } => "treatment.no_control",
            Self::UnknownControl { .. } => "treatment.unknown_control",
            Self::ManyArms { .. } => "treatment.many_arms",
            Self::OneArm { .. } => "treatment.one_arm",
            Self::SmallArm { .. } => "treatment.small_arm",
            Self::ConstantOutcome { .. } => "outcome.constant",
            Self::ConstantDose { .. } => "treatment.constant",
            Self::TooFewRows { .. } => "rows.too_few",
            Self::NoFeatures => "features.none",
            Self::TreatmentInFeatures { .. } => "feature.is_treatment",
            Self::OutcomeInFeatures { .. } => "feature.is_outcome",
        }
    }

    /// Returns what the user can do about it, in terms of the command line's options.
    pub fn hint(&self) -> String {
        match self {
            Self::UnknownColumn { .. } => "check the spelling: names are case-sensitive".to_owned(),
            Self::TwoRoles { .. } => "name a different column for one of them".to_owned(),
            Self::NotNumeric { role: "outcome", .. } => {
                "give a numeric outcome, true/false, or a text with two levels such as yes and no; \
                 leave the field empty where it is not known"
                    .to_owned()
            }
            Self::NotNumeric { .. } => "leave the field empty where there is no number".to_owned(),
            Self::NotFinite { .. } => {
                "put the true value there, or leave the field empty so that the row is left out"
                    .to_owned()
            }
            Self::TooLarge { .. } => {
                "check that value; if it is true, give the column in a larger unit, such as millions"
                    .to_owned()
            }
            Self::TooFine { .. } => {
                "subtract a constant from the column, such as its smallest value, or give it in a smaller \
                 unit"
                    .to_owned()
            }
            Self::BadWeight { .. } => "remove rows that must not count, or leave `--weight` out".to_owned(),
            Self::BadPropensity { .. } => {
                "people who could not have got (or missed) the treatment tell nothing about it: remove \
                 their rows, or leave `--propensity` out to have the probabilities estimated"
                    .to_owned()
            }
            Self::PropensityMismatch { .. } => {
                "give every arm a number, or every arm a column, summing to 1, or leave `--propensity` out"
                    .to_owned()
            }
            Self::NoControl { arms, .. } | Self::UnknownControl { arms, .. } => control_hint(arms),
            Self::ManyArms { .. } => {
                "if it is an amount, say so (`--dose`); otherwise join values into a few arms".to_owned()
            }
            Self::OneArm { .. } | Self::ConstantDose { .. } => {
                "add the rows of people who got something else, or nothing".to_owned()
            }
            Self::SmallArm { arm, .. } => {
                format!("collect more, join `{arm}` with a similar arm, or remove its rows")
            }
            Self::ConstantOutcome { .. } => {
                "check the outcome column, and whether rows were filtered by it".to_owned()
            }
            Self::TooFewRows { .. } => {
                "collect more rows, and check the outcome and treatment columns for empty fields"
                    .to_owned()
            }
            Self::NoFeatures => "add columns that were known before the treatment".to_owned(),
            Self::TreatmentInFeatures { column, .. } => format!(
                "leave it out with `--drop {column}`; if it decided who was treated, groups cannot be compared"
            ),
            Self::OutcomeInFeatures { column, .. } => {
                format!("it was measured with or after the outcome: leave it out with `--drop {column}`")
            }
        }
    }

    /// Returns whether everyone is in one arm.
    pub fn is_one_arm(&self) -> bool {
        matches!(self, Self::OneArm { .. } | Self::ConstantDose { .. })
    }

    /// Returns whether an arm, or the whole table, has too few people.
    pub fn is_too_few(&self) -> bool {
        matches!(self, Self::SmallArm { .. } | Self::TooFewRows { .. })
    }

    /// Returns whether the outcome never varies.
    pub fn is_constant_outcome(&self) -> bool {
        matches!(self, Self::ConstantOutcome { .. })
    }

    /// Returns whether a feature gives the treatment or the outcome away.
    pub fn is_leak(&self) -> bool {
        matches!(self, Self::TreatmentInFeatures { .. } | Self::OutcomeInFeatures { .. })
    }

    /// Returns whether the control arm must be named.
    pub fn is_no_control(&self) -> bool {
        matches!(self, Self::NoControl { .. } | Self::UnknownControl { .. })
    }

    /// Returns whether a column was not found.
    pub fn is_unknown_column(&self) -> bool {
        matches!(self, Self::UnknownColumn { .. })
    }
}

fn control_hint(arms: &[String]) -> String {
    let example = arms.first().map_or("ARM", String::as_str);
    format!("name the arm that others are compared with, such as `--control \"{example}\"`")
}

fn spell(value: f64) -> String {
    if value.is_nan() { "missing".to_owned() } else { spell_number(value) }
}

fn usable(rows: usize) -> String {
    if rows == 1 { "1 usable row".to_owned() } else { format!("{rows} usable rows") }
}

fn place(column: Option<&str>, row: usize) -> String {
    match (column, row) {
        (None, _) => String::new(),
        (Some(arm), 0) => format!(" of arm `{arm}`"),
        (Some(column), row) => format!(" column `{column}` in row {row}"),
    }
}

fn nearest_clause(nearest: &[String]) -> String {
    if nearest.is_empty() {
        String::new()
    } else {
        format!("; did you mean {}?", list_names(nearest))
    }
}
