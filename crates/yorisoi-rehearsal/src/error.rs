//! Why could a world not be rehearsed in?

/// Why a rehearsal could not be held.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RehearsalError {
    /// There is no such world.
    #[error("there is no world `{name}`; choose one of coach, carrier, gifts")]
    UnknownWorld {
        /// What was asked for.
        name: String,
    },
    /// There is no such policy.
    #[error(
        "there is no policy `{name}`; choose some of nothing, yes-man, risk, desperate, random, yorisoi"
    )]
    UnknownPolicy {
        /// What was asked for.
        name: String,
    },
    /// A comparison needs more than one seed for an interval.
    #[error("{actual} seeds were given; at least 2 are needed for an interval")]
    TooFewSeeds {
        /// How many were given.
        actual: usize,
    },
    /// A world's own policy document does not hold.
    #[error("the policy of the world cannot be used: {reason}")]
    Policy {
        /// What is wrong with it.
        reason: String,
    },
    /// The past of a world taught nothing.
    #[error("nothing could be learned from the past of the world: {reason}")]
    Learning {
        /// What is wrong.
        reason: String,
    },
}
