//! Which outcome is the better one?
//!
//! Everything after the roles reads "more is better". Where less is better, as of complaints or of people
//! who leave, outcomes are turned into improvements here, once, and turned back where they are shown.

use serde::{Deserialize, Serialize};

use crate::exact::are_zeros_and_ones;

/// Which outcome is the better one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// More of it: stayed, spent, healed.
    #[default]
    More,
    /// Less of it: left, complained, days of illness.
    Less,
}

impl Better {
    /// Turns outcomes into improvements, of which more is better.
    ///
    /// # Formula
    ///
    /// ```text
    /// y           where more is better
    /// 1 − y       where less is better and every y is 0 or 1, so that it stays a yes or no
    /// −y          where less is better otherwise
    /// ```
    ///
    /// An effect on the improvement is the effect on the outcome with its sign turned, in the same unit.
    pub fn improvements(self, outcome: &mut [f64]) {
        if self == Self::More {
            return;
        }
        let is_binary = are_zeros_and_ones(outcome);
        for y in outcome {
            *y = self.turned(*y, is_binary);
        }
    }

    /// Turns an outcome, or a mean of outcomes, into an improvement, and back again.
    pub fn turned(self, y: f64, is_binary: bool) -> f64 {
        match self {
            Self::More => y,
            Self::Less if is_binary => 1.0 - y,
            Self::Less => 0.0 - y,
        }
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "turning a sign, and zero for one, is exact")]
mod tests {
    use super::*;

    fn improvements(better: Better, outcome: [f64; 3]) -> [f64; 3] {
        let mut outcome = outcome;
        better.improvements(&mut outcome);
        outcome
    }

    #[test]
    fn less_of_a_yes_or_no_stays_a_yes_or_no() {
        assert_eq!(improvements(Better::Less, [0.0, 1.0, 1.0]), [1.0, 0.0, 0.0]);
    }

    #[test]
    fn less_of_an_amount_turns_its_sign() {
        assert_eq!(improvements(Better::Less, [0.0, 2.0, -3.0]), [0.0, -2.0, 3.0]);
    }

    #[test]
    fn where_more_is_better_nothing_changes() {
        assert_eq!(improvements(Better::More, [0.0, 1.0, 7.0]), [0.0, 1.0, 7.0]);
    }

    #[test]
    fn turning_twice_gives_the_outcome_back() {
        for (better, is_binary) in
            [(Better::Less, true), (Better::Less, false), (Better::More, true)]
        {
            assert_eq!(better.turned(better.turned(0.25, is_binary), is_binary), 0.25);
        }
    }
}
