//! Why was this chosen? The reason codes of plan rows, with words in both languages.

use serde::{Deserialize, Serialize};

/// Why a unit is offered an arm, or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Reason {
    /// The allowed arm of highest value.
    #[serde(rename = "offer.best_value")]
    OfferBestValue,
    /// Another arm would be worth more to this unit; with the budget and capacity there are, this one
    /// does more in total.
    #[serde(rename = "offer.best_within_limits")]
    OfferBestWithinLimits,
    /// No arm is expected to help.
    #[serde(rename = "hold.no_gain")]
    HoldNoGain,
    /// An arm would be worth it, but its interval cannot exclude harm beyond the allowed.
    #[serde(rename = "hold.harm_not_excluded")]
    HoldHarmNotExcluded,
    /// Arms are expected to help, but less than they cost.
    #[serde(rename = "hold.not_worth_cost")]
    HoldNotWorthCost,
    /// An arm would be worth it, but the budget does more elsewhere.
    #[serde(rename = "hold.budget")]
    HoldBudget,
    /// An arm would be worth it, but its places do more elsewhere.
    #[serde(rename = "hold.capacity")]
    HoldCapacity,
    /// The treatment is an amount, and one unit more lies outside what the data show for people alike.
    #[serde(rename = "hold.out_of_range")]
    HoldOutOfRange,
}

impl Reason {
    /// Every reason, offers first.
    pub const ALL: [Self; 8] = [
        Self::OfferBestValue,
        Self::OfferBestWithinLimits,
        Self::HoldNoGain,
        Self::HoldHarmNotExcluded,
        Self::HoldNotWorthCost,
        Self::HoldBudget,
        Self::HoldCapacity,
        Self::HoldOutOfRange,
    ];

    /// Returns the stable code, as in `plan.csv`.
    pub fn code(self) -> &'static str {
        match self {
            Self::OfferBestValue => "offer.best_value",
            Self::OfferBestWithinLimits => "offer.best_within_limits",
            Self::HoldNoGain => "hold.no_gain",
            Self::HoldHarmNotExcluded => "hold.harm_not_excluded",
            Self::HoldNotWorthCost => "hold.not_worth_cost",
            Self::HoldBudget => "hold.budget",
            Self::HoldCapacity => "hold.capacity",
            Self::HoldOutOfRange => "hold.out_of_range",
        }
    }

    /// Returns the reason in English.
    pub fn en(self) -> &'static str {
        match self {
            Self::OfferBestValue => "this help is worth the most here",
            Self::OfferBestWithinLimits => {
                "within budget and capacity this help does the most good here"
            }
            Self::HoldNoGain => "no help is expected to change anything for the better",
            Self::HoldHarmNotExcluded => "we cannot rule out that help would do harm",
            Self::HoldNotWorthCost => "help is expected to achieve less than it costs",
            Self::HoldBudget => "the budget does more good elsewhere",
            Self::HoldCapacity => "the places there are do more good elsewhere",
            Self::HoldOutOfRange => "too few people alike got so much for us to know what it does",
        }
    }

    /// Returns the reason in Japanese.
    pub fn ja(self) -> &'static str {
        match self {
            Self::OfferBestValue => "この方には、この働きかけがもっとも役に立つと見込まれます",
            Self::OfferBestWithinLimits => {
                "予算と枠の範囲では、この働きかけがもっとも役に立つと見込まれます"
            }
            Self::HoldNoGain => "どの働きかけも、良い変化につながるとは見込まれません",
            Self::HoldHarmNotExcluded => "働きかけがかえって負担になるおそれを否定できません",
            Self::HoldNotWorthCost => "見込まれる効果が費用に見合いません",
            Self::HoldBudget => "この予算は、ほかの方のためにより役立ちます",
            Self::HoldCapacity => "限られた枠は、ほかの方のためにより役立ちます",
            Self::HoldOutOfRange => {
                "似た方にこれほどの量をお渡しした例が少なく、効果が分かりません"
            }
        }
    }

    /// Returns whether nothing is offered.
    pub fn is_hold(self) -> bool {
        !matches!(self, Self::OfferBestValue | Self::OfferBestWithinLimits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_say_whether_something_is_offered() {
        let codes: std::collections::BTreeSet<&str> =
            Reason::ALL.into_iter().map(Reason::code).collect();
        assert_eq!(codes.len(), Reason::ALL.len());
        for reason in Reason::ALL {
            assert_eq!(reason.code().starts_with("hold."), reason.is_hold());
            assert!(!reason.en().is_empty() && !reason.ja().is_ascii());
        }
    }
}
