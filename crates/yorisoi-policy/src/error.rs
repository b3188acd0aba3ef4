//! Why a policy could not be made.

/// Why a policy could not be made. Units and arms are counted from 0; arm 0 is the first arm that is
/// not control.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// There is nothing to offer.
    #[error("no arms: pass at least one column of rewards")]
    NoArms,
    /// Two inputs describe different numbers of arms.
    #[error("`{name}` has {actual} arms, expected {expected}")]
    ArmMismatch {
        /// Name of the offending argument.
        name: &'static str,
        /// Arms in that argument.
        actual: usize,
        /// Arms expected.
        expected: usize,
    },
    /// Two inputs describe different numbers of units.
    #[error("`{name}` of arm {arm} has {actual} units, expected {expected}")]
    LengthMismatch {
        /// Name of the offending argument.
        name: &'static str,
        /// The arm; 0 where the argument is not by arm.
        arm: usize,
        /// Units in that argument.
        actual: usize,
        /// Units expected.
        expected: usize,
    },
    /// A number is missing, infinite or negative where that has no meaning.
    #[error("`{name}` of unit {unit} for arm {arm} is {value}, expected {expected}")]
    BadValue {
        /// Name of the offending argument.
        name: &'static str,
        /// The unit.
        unit: usize,
        /// The arm; 0 where the argument is not by arm.
        arm: usize,
        /// The value.
        value: f64,
        /// What would be accepted.
        expected: &'static str,
    },
    /// A limit that cannot be kept.
    #[error("`{name}` is {value}, expected {expected}")]
    BadLimit {
        /// Name of the limit.
        name: &'static str,
        /// The value.
        value: f64,
        /// What would be accepted.
        expected: &'static str,
    },
    /// More units or arms than row and arm numbers can tell apart.
    #[error("{actual} {what} are too many, at most {most}: split the data")]
    TooMany {
        /// Units or arms.
        what: &'static str,
        /// How many there are.
        actual: usize,
        /// How many are possible.
        most: usize,
    },
    /// Too few independent units for a standard error.
    #[error(
        "{actual} independent units (clusters) are too few for a standard error, expected {least} or more"
    )]
    TooFew {
        /// Independent units.
        actual: usize,
        /// How many are needed.
        least: usize,
    },
    /// Two curves cannot be compared point by point.
    #[error("curves differ in `{what}`: evaluate both on the same sample, grid and bootstrap")]
    NotPaired {
        /// What differs.
        what: &'static str,
    },
}

impl PolicyError {
    /// Returns whether a value of a unit, not the shape of the input, is at fault.
    pub fn is_bad_value(&self) -> bool {
        matches!(self, Self::BadValue { .. })
    }
}

/// Refuses a column whose length is not `expected`.
pub(crate) fn check_len(
    name: &'static str,
    arm: usize,
    actual: usize,
    expected: usize,
) -> Result<(), PolicyError> {
    if actual == expected {
        Ok(())
    } else {
        Err(PolicyError::LengthMismatch { name, arm, actual, expected })
    }
}

/// Refuses a number of arms that is not `expected`.
pub(crate) fn check_arms(
    name: &'static str,
    actual: usize,
    expected: usize,
) -> Result<(), PolicyError> {
    if actual == expected {
        Ok(())
    } else {
        Err(PolicyError::ArmMismatch { name, actual, expected })
    }
}

/// Refuses the first value of a column that `accepts` does not accept.
pub(crate) fn check_values(
    name: &'static str,
    arm: usize,
    values: &[f64],
    expected: &'static str,
    accepts: impl Fn(f64) -> bool,
) -> Result<(), PolicyError> {
    match values.iter().position(|&value| !accepts(value)) {
        None => Ok(()),
        Some(unit) => Err(PolicyError::BadValue { name, unit, arm, value: values[unit], expected }),
    }
}
