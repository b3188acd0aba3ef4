//! How can propensities fail to fit the arms?

/// How propensities fail to fit the arms.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PropensityMisfit {
    /// Amounts have a density, not a probability.
    #[error("the treatment is an amount, which has no propensity")]
    Dose,
    /// One number was given, and there are several treated arms.
    #[error("one number is the probability of the single treated arm")]
    OneNumber,
    /// One column was given, and there are several treated arms.
    #[error("one column holds the probability of the single treated arm")]
    OneColumn,
    /// A probability was given for an arm that does not occur.
    #[error("there is no arm `{arm}`")]
    UnknownArm {
        /// The arm named.
        arm: String,
    },
    /// The probabilities of all arms do not sum to 1.
    #[error("they sum to {sum}")]
    Sum {
        /// Their sum.
        sum: f64,
    },
    /// The probabilities of all arms do not sum to 1 in a row.
    #[error("in row {row} they sum to {sum}")]
    RowSum {
        /// The row, counted from 1.
        row: usize,
        /// Their sum.
        sum: f64,
    },
    /// The arm that was left out has no probability left in a row.
    #[error("in row {row} they sum to {sum}, which leaves nothing for `{arm}`")]
    NothingLeftInRow {
        /// The row, counted from 1.
        row: usize,
        /// Sum of those given.
        sum: f64,
        /// The arm left out.
        arm: String,
    },
    /// So many columns in order do not fit so many arms.
    #[error("{actual} columns in order were given")]
    ColumnCount {
        /// Columns given.
        actual: usize,
    },
    /// The arm that was left out has no probability left.
    #[error("they sum to {sum}, which leaves nothing for `{arm}`")]
    NothingLeft {
        /// Sum of those given.
        sum: f64,
        /// The arm left out.
        arm: String,
    },
    /// More than one arm was left out.
    #[error("`{arm}` has none, and it is not the only one")]
    SeveralMissing {
        /// The first arm left out.
        arm: String,
    },
}
