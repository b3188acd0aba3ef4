//! What is known of one arm so far? Running sums over what was dealt as one.

use serde::{Deserialize, Serialize};

use crate::EvaluationError;

/// Sums over the clusters (people, or households) of one arm.
///
/// A cluster is what was dealt as one. It enters once, when its outcome is complete (the same number of
/// days after it was dealt, in either arm), as its number of people and the *sum* of their outcomes.
///
/// # Example
///
/// ```
/// # use yorisoi_evaluation::proof::Tally;
/// let mut tally = Tally::default();
/// tally.add(1, 1.0)?; // a person who stayed
/// tally.add(3, 2.0)?; // a household of three, two of whom stayed
/// assert_eq!(tally.mean(), 0.75);
/// # Ok::<(), yorisoi_evaluation::EvaluationError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Tally {
    clusters: u64,
    people: u64,
    /// Clusters of one person whose outcome is 1, while every outcome so far is 0 or 1 of one person.
    events: u64,
    /// Clusters that are not one person with a zero or a one.
    not_binary: u64,
    mean_people: f64,
    mean_outcome: f64,
    /// Sums of squares and products about the means.
    people_squared: f64,
    outcome_squared: f64,
    people_outcome: f64,
    /// Sum of third powers about the mean.
    outcome_cubed: f64,
}

impl Tally {
    /// Adds one cluster.
    ///
    /// # Errors
    ///
    /// [`EvaluationError::Option`] for a cluster without people or an outcome that is not a number.
    pub fn add(&mut self, people: u32, outcome: f64) -> Result<(), EvaluationError> {
        if people == 0 {
            let expected = "at least one person a cluster";
            return Err(EvaluationError::Option { option: "people", value: 0.0, expected });
        }
        if !outcome.is_finite() {
            let expected = "a finite number: leave out whose outcome is not complete";
            return Err(EvaluationError::Option { option: "outcome", value: outcome, expected });
        }
        let is_event = outcome.to_bits() == 1.0_f64.to_bits();
        let one = Self {
            clusters: 1,
            people: u64::from(people),
            events: u64::from(people == 1 && is_event),
            not_binary: u64::from(people != 1 || !(is_event || outcome == 0.0)),
            mean_people: f64::from(people),
            mean_outcome: outcome,
            ..Self::default()
        };
        *self = self.with(&one);
        Ok(())
    }

    /// Returns the sums over both.
    ///
    /// # Source
    ///
    /// Chan, Golub & `LeVeque` (1983), "Algorithms for computing the sample variance", *American
    /// Statistician* 37.
    #[must_use]
    pub fn with(&self, other: &Self) -> Self {
        let clusters = self.clusters + other.clusters;
        if clusters == 0 {
            return *self;
        }
        let (n, share) = (clusters as f64, other.clusters as f64 / clusters as f64);
        let people = other.mean_people - self.mean_people;
        let outcome = other.mean_outcome - self.mean_outcome;
        let between = self.clusters as f64 * other.clusters as f64 / n;
        Self {
            clusters,
            people: self.people + other.people,
            events: self.events + other.events,
            not_binary: self.not_binary + other.not_binary,
            mean_people: self.mean_people + share * people,
            mean_outcome: self.mean_outcome + share * outcome,
            people_squared: self.people_squared + other.people_squared + between * people * people,
            outcome_squared: self.outcome_squared
                + other.outcome_squared
                + between * outcome * outcome,
            people_outcome: self.people_outcome + other.people_outcome + between * people * outcome,
            outcome_cubed: self.outcome_cubed
                + other.outcome_cubed
                + between * outcome.powi(3) * (1.0 - 2.0 * share)
                + 3.0 * outcome * (1.0 - share) * other.outcome_squared
                - 3.0 * outcome * share * self.outcome_squared,
        }
    }

    /// Returns the clusters counted.
    pub fn clusters(&self) -> u64 {
        self.clusters
    }

    /// Returns the people in them.
    pub fn people(&self) -> u64 {
        self.people
    }

    /// Returns the mean outcome a person; not a number before the first cluster.
    pub fn mean(&self) -> f64 {
        self.mean_outcome / self.mean_people
    }

    /// Returns how many ones there are, if every cluster is one person with a zero or a one.
    pub fn events(&self) -> Option<u64> {
        (self.not_binary == 0).then_some(self.events)
    }

    /// Returns the estimated variance of [`Self::mean`]; not a number below two clusters.
    ///
    /// # Formula
    ///
    /// ```text
    /// ȳ = Σ Y_c / Σ m_c      V = Σ (Y_c − ȳ m_c)² / ((n − 1) n m̄²)
    /// ```
    ///
    /// over clusters c with m people and outcome sum Y: the variance of a ratio. With one person a cluster
    /// it is the sample variance over n.
    ///
    /// # Source
    ///
    /// Cochran (1977), *Sampling techniques*, 3rd edition, section 6.3.
    pub fn variance_of_mean(&self) -> f64 {
        let (n, mean) = (self.clusters as f64, self.mean());
        let residual = self.outcome_squared - 2.0 * mean * self.people_outcome
            + mean * mean * self.people_squared;
        // A constant outcome has a variance of zero, from which rounding may take a little.
        residual.max(0.0) / ((n - 1.0) * n * self.mean_people * self.mean_people)
    }
}

/// Returns the squared skewness of outcomes (sums over clusters) inside two arms; 0 without any variation.
///
/// # Formula
///
/// ```text
/// γ² = N (Σ M₃)² / (Σ M₂)³
/// ```
///
/// with the sums of second and third powers about each arm's own mean.
pub(super) fn skewness_squared(a: &Tally, b: &Tally) -> f64 {
    let squares = a.outcome_squared + b.outcome_squared;
    if squares <= 0.0 {
        return 0.0;
    }
    let cubes = a.outcome_cubed + b.outcome_cubed;
    (a.clusters + b.clusters) as f64 * (cubes / squares).powi(2) / squares
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Rounding over a few hundred additions of numbers below a thousand.
    const ROUNDING: f64 = 1e-9;

    fn tally(clusters: &[(u32, f64)]) -> Tally {
        let mut tally = Tally::default();
        for (people, outcome) in clusters {
            tally.add(*people, *outcome).unwrap();
        }
        tally
    }

    #[test]
    fn one_person_a_cluster_is_the_sample_mean_and_variance() {
        let tally = tally(&[(1, 1.0), (1, 2.0), (1, 6.0)]);
        assert!((tally.mean() - 3.0).abs() < ROUNDING);
        // Sample variance 7, over 3.
        assert!((tally.variance_of_mean() - 7.0 / 3.0).abs() < ROUNDING);
        assert_eq!(tally.events(), None);
    }

    #[test]
    fn skewness_of_a_share_is_the_known_one() {
        // A share p has γ² = (1 − 2p)² / (p (1 − p)): for 1/5, 9/4.
        let fifth: Vec<(u32, f64)> =
            (0..50).map(|i| (1, f64::from(u8::from(i % 5 == 0)))).collect();
        let (part, rest) = (tally(&fifth[..15]), tally(&fifth[15..]));
        assert!((skewness_squared(&part, &rest) - 2.25).abs() < ROUNDING);
        assert!((skewness_squared(&part.with(&rest), &Tally::default()) - 2.25).abs() < ROUNDING);
        assert!(skewness_squared(&tally(&[(1, 3.0)]), &tally(&[(1, 4.0)])).abs() < 1e-300);
    }

    #[test]
    fn households_weigh_by_their_people() {
        // Mean 3/4; residuals 1/4 and 2 − 9/4 = −1/4; V = (1/8) / (1 · 2 · 4) = 1/64.
        let tally = tally(&[(1, 1.0), (3, 2.0)]);
        assert!((tally.variance_of_mean() - 1.0 / 64.0).abs() < ROUNDING);
    }

    #[test]
    fn zeros_and_ones_are_counted_as_events() {
        assert_eq!(tally(&[(1, 1.0), (1, 0.0), (1, 1.0)]).events(), Some(2));
        assert_eq!(tally(&[(1, 1.0), (2, 1.0)]).events(), None);
        assert_eq!(tally(&[(1, 0.5)]).events(), None);
    }

    #[test]
    fn impossible_clusters_are_refused() {
        let mut tally = Tally::default();
        assert!(tally.add(0, 1.0).is_err());
        assert!(tally.add(1, f64::NAN).is_err());
        assert_eq!(tally, Tally::default());
    }

    proptest! {
        #[test]
        fn sums_of_parts_are_the_sum_of_the_whole(
            clusters in proptest::collection::vec((1..5_u32, -100.0..100.0_f64), 2..50), cut in 0..50_usize,
        ) {
            let cut = cut.min(clusters.len());
            let whole = tally(&clusters);
            let parts = tally(&clusters[..cut]).with(&tally(&clusters[cut..]));
            prop_assert_eq!((whole.clusters(), whole.people()), (parts.clusters(), parts.people()));
            prop_assert!((whole.mean() - parts.mean()).abs() < ROUNDING);
            prop_assert!((whole.variance_of_mean() - parts.variance_of_mean()).abs() < ROUNDING);
        }
    }
}
