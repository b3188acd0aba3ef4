//! How far can a share reach? Not below nobody and not above everybody, whatever an interval says.
//!
//! An interval by standard errors knows no such limit, and neither does a weighted mean. What is shown ends where the
//! possible ends; what the API answers is as it was computed.

use yorisoi_app::Ranged;

/// The limits of numbers about one outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limits {
    are_shares: bool,
}

impl Limits {
    /// The limits that belong to these means: those of shares, unless a mean shows that the outcome is no yes or no.
    pub(crate) fn of(means: &[Ranged]) -> Self {
        let may_be_share = |mean: &Ranged| mean.estimate.is_none_or(|it| (0.0..=1.0).contains(&it));
        Self { are_shares: means.iter().all(may_be_share) }
    }

    /// A share of people, as it is shown.
    pub(crate) fn share(self, ranged: &Ranged) -> Ranged {
        self.cut(ranged, 0.0)
    }

    /// The difference of two shares, as it is shown.
    pub(crate) fn difference(self, ranged: &Ranged) -> Ranged {
        self.cut(ranged, -1.0)
    }

    fn cut(self, ranged: &Ranged, least: f64) -> Ranged {
        if !self.are_shares {
            return *ranged;
        }
        let cut = |value: Option<f64>| value.map(|value| value.clamp(least, 1.0));
        let Ranged { estimate, low, high, n } = *ranged;
        Ranged { estimate: cut(estimate), low: cut(low), high: cut(high), n }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_shown_between_nobody_and_everybody() {
        let wide = Ranged::new(0.95, (-0.02, 1.04), 12);
        let limits = Limits::of(&[wide, Ranged::unknown()]);
        assert_eq!(limits.share(&wide), Ranged::new(0.95, (0.0, 1.0), 12));
        let difference = Ranged::new(0.1, (-1.3, 1.4), 12);
        assert_eq!(limits.difference(&difference), Ranged::new(0.1, (-1.0, 1.0), 12));
        assert_eq!(limits.share(&Ranged::unknown()), Ranged::unknown());
    }

    #[test]
    fn what_is_no_share_has_no_limits() {
        let spent = Ranged::new(120.0, (-4.0, 244.0), 12);
        assert_eq!(Limits::of(&[spent]).share(&spent), spent);
    }
}
