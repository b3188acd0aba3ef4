//! What may be said of a programme? Proven, proven harm, not proven, or that one cannot know.

use serde::{Deserialize, Serialize};

/// A difference that was found, with an interval that contains the true one in 95 % of all programmes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// Best guess: outcome of the reached less outcome of the held.
    pub estimate: f64,
    /// Its standard error today; the interval is wider than 1.96 of it where one may look daily.
    pub std_error: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Found {
    /// Returns the total over `n` people, or the value at so much an outcome: everything times a number.
    ///
    /// A negative number swaps the ends.
    #[must_use]
    pub fn times(&self, factor: f64) -> Self {
        let (a, b) = (self.low * factor, self.high * factor);
        Self {
            estimate: self.estimate * factor,
            std_error: self.std_error * factor.abs(),
            low: a.min(b),
            high: a.max(b),
        }
    }

    /// Returns what the interval says, for an outcome of which more is better.
    pub fn verdict(&self) -> Verdict {
        if self.low > 0.0 {
            Verdict::Proven
        } else if self.high < 0.0 {
            Verdict::ProvenHarm
        } else {
            Verdict::NotProven
        }
    }
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The whole interval lies above zero.
    Proven,
    /// The whole interval lies below zero: reaching people does harm.
    ProvenHarm,
    /// The interval covers zero: it would look the same without an effect.
    NotProven,
    /// Nothing can be said, and why.
    CannotKnow(Reason),
}

impl Verdict {
    /// Returns a stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::ProvenHarm => "proven.harm",
            Self::NotProven => "not_proven",
            Self::CannotKnow(reason) => reason.code(),
        }
    }
}

/// Why nothing can be said.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// Nobody is held out, or nobody reached: there is nothing to compare with.
    NoComparison,
    /// The arms have not the shares that were promised.
    SampleRatio {
        /// Chance of such counts if they had been dealt as promised.
        p_value: f64,
    },
    /// Too few people (or households) in the smaller arm.
    TooFewPeople {
        /// How many there are.
        actual: u64,
        /// How many are needed.
        needed: u64,
    },
    /// The rarer answer of a yes-or-no outcome has occurred too rarely in one of the arms.
    TooFewEvents {
        /// How often.
        actual: u64,
        /// How often it must.
        needed: u64,
    },
    /// The outcome is not a yes or no of single people, which the chosen method needs.
    NotYesOrNo,
    /// The log holds too few decisions that a new policy would have made too.
    TooThin {
        /// How many decisions it is worth.
        effective: f64,
        /// How many are needed.
        needed: f64,
    },
}

impl Reason {
    /// Returns a stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoComparison => "unknowable.one_arm",
            Self::SampleRatio { .. } => "unknowable.sample_ratio",
            Self::TooFewPeople { .. } => "unknowable.people",
            Self::TooFewEvents { .. } => "unknowable.events",
            Self::NotYesOrNo => "unknowable.not_yes_or_no",
            Self::TooThin { .. } => "unknowable.overlap",
        }
    }
}

/// What a holdout says of a programme.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Proof {
    /// The difference a person; `None` where one cannot know.
    pub found: Option<Found>,
    /// People reached whose outcome is complete.
    pub people_reached: u64,
    /// People held out whose outcome is complete.
    pub people_held: u64,
    /// Whether the outcome is a yes or no, so that differences are percentage points.
    pub is_yes_or_no: bool,
    /// The answer.
    pub verdict: Verdict,
}

impl Proof {
    /// Returns how many more outcomes there are because people were reached: the difference a person
    /// times the people reached.
    pub fn total(&self) -> Option<Found> {
        self.found.map(|found| found.times(self.people_reached as f64))
    }

    /// Returns what those outcomes are worth, at so much an outcome.
    ///
    /// For an outcome that is itself an amount of money the value is [`Self::total`].
    pub fn total_value(&self, value_per_outcome: f64) -> Option<Found> {
        self.total().map(|total| total.times(value_per_outcome))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_decides() {
        let verdict = |low, high| Found { estimate: 0.0, std_error: 1.0, low, high }.verdict();
        assert_eq!(verdict(0.1, 2.0), Verdict::Proven);
        assert_eq!(verdict(-2.0, -0.1), Verdict::ProvenHarm);
        assert_eq!(verdict(-1.0, 1.0), Verdict::NotProven);
        assert_eq!(verdict(0.0, 1.0), Verdict::NotProven);
        assert_eq!(verdict(f64::NAN, f64::NAN), Verdict::NotProven);
    }

    #[test]
    fn totals_multiply_and_keep_their_ends_in_order() {
        let found = Found { estimate: 0.02, std_error: 0.01, low: -0.01, high: 0.05 };
        let proof = Proof {
            found: Some(found),
            people_reached: 1_000,
            people_held: 100,
            is_yes_or_no: true,
            verdict: found.verdict(),
        };
        let total = proof.total().unwrap();
        assert!((total.estimate - 20.0).abs() < 1e-12 && (total.low + 10.0).abs() < 1e-12);
        let cost = proof.total_value(-3.0).unwrap();
        assert!((cost.low + 150.0).abs() < 1e-9 && (cost.high - 30.0).abs() < 1e-9);
        assert!(cost.std_error > 0.0);
        assert_eq!(Proof { found: None, ..proof }.total(), None);
    }

    #[test]
    fn a_verdict_survives_being_written_down() {
        let verdict = Verdict::CannotKnow(Reason::TooFewPeople { actual: 12, needed: 50 });
        let text = serde_json::to_string(&verdict).unwrap();
        assert_eq!(text, r#"{"cannot_know":{"too_few_people":{"actual":12,"needed":50}}}"#);
        assert_eq!(serde_json::from_str::<Verdict>(&text).unwrap(), verdict);
    }
}
