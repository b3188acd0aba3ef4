//! How did the answer come about? The same proof, day by day, in one pass over what is known.

use super::programme::{Design, prove};
use super::tally::Tally;
use super::verdict::Proof;
use crate::EvaluationError;

/// What was known of one cluster (a person, or a household) from a day on, until more of it was known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Known {
    /// Whether it was dealt to be held out.
    pub is_held: bool,
    /// People whose outcome is known.
    pub people: u32,
    /// The sum of their outcomes.
    pub outcome: f64,
    /// The first day on which this was known; days are counted from any day one likes.
    pub from: i64,
    /// The day from which on something else was known of the same cluster; `None`: this still holds.
    pub until: Option<i64>,
}

/// What one look would have said.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// The day at whose end it was.
    pub day: i64,
    /// People (or households) of whom something was known, both arms together.
    pub clusters: u64,
    /// The answer.
    pub proof: Proof,
}

/// Returns days to look at: the first, the last, and others evenly between, at most `most` of them.
///
/// # Example
///
/// ```
/// # use yorisoi_evaluation::proof::looks;
/// assert_eq!(looks(3, 5, 60), [3, 4, 5]);
/// assert_eq!(looks(0, 100, 5), [0, 25, 50, 75, 100]);
/// assert_eq!(looks(7, 7, 60), [7]);
/// ```
pub fn looks(first: i64, last: i64, most: usize) -> Vec<i64> {
    let Some(span) = last.checked_sub(first).filter(|span| *span >= 0) else { return Vec::new() };
    let n = i64::try_from(most).unwrap_or(i64::MAX).min(span.saturating_add(1));
    match n {
        ..=0 => Vec::new(),
        1 => vec![last],
        n => (0..n)
            .map(|k| first + (i128::from(k) * i128::from(span) / i128::from(n - 1)) as i64)
            .collect(),
    }
}

/// Returns what [`prove`] would have said at the end of each of these days.
///
/// What lasts is added once, on the first look that sees it, and sums are carried from look to look; only what
/// was overtaken later is added to the looks in between. So it costs one pass, not one a look.
///
/// # Shapes and units
///
/// `looks` in ascending order; one [`Look`] each.
///
/// # Assumptions
///
/// Those of [`prove`]. With [`Method::AnyTime`](super::Method::AnyTime) all these intervals hold together.
///
/// # Errors
///
/// Those of [`prove`] and [`Tally::add`].
///
/// # Example
///
/// ```
/// # use yorisoi_evaluation::proof::{Design, Known, Method, Share, prove_over_time};
/// let known: Vec<Known> = (0..800)
///     .map(|i| Known {
///         is_held: i % 2 == 0,
///         people: 1,
///         outcome: f64::from(u8::from(i % 10 < 4)),
///         from: i / 100,
///         until: None,
///     })
///     .collect();
/// let method = Method::AnyTime { tuned_at_clusters: 2_000 };
/// let design = Design { share_held: Share::new(0.5)?, method };
/// let seen = prove_over_time(&known, &[0, 3, 7], &design)?;
/// let width = |k: usize| seen[k].proof.found.map(|found| found.high - found.low);
/// assert!(width(1) > width(2)); // it narrows
/// # Ok::<(), yorisoi_evaluation::EvaluationError>(())
/// ```
pub fn prove_over_time(
    known: &[Known],
    looks: &[i64],
    design: &Design,
) -> Result<Vec<Look>, EvaluationError> {
    let empty = [Tally::default(); 2];
    let (mut lasting, mut passing) = (vec![empty; looks.len()], vec![empty; looks.len()]);
    for one in known {
        let seen_from = looks.partition_point(|look| *look < one.from);
        let tallies = match one.until {
            Some(until) => {
                let seen_until = looks.partition_point(|look| *look < until);
                passing.get_mut(seen_from..seen_until).unwrap_or_default()
            }
            None => {
                lasting.get_mut(seen_from..).and_then(|rest| rest.get_mut(..1)).unwrap_or_default()
            }
        };
        for arms in tallies {
            arms[usize::from(one.is_held)].add(one.people, one.outcome)?;
        }
    }
    let mut so_far = empty;
    looks
        .iter()
        .zip(lasting.iter().zip(&passing))
        .map(|(day, (new, passing))| {
            so_far = [so_far[0].with(&new[0]), so_far[1].with(&new[1])];
            let [reached, held] = [so_far[0].with(&passing[0]), so_far[1].with(&passing[1])];
            let clusters = reached.clusters() + held.clusters();
            Ok(Look { day: *day, clusters, proof: prove(&reached, &held, design)? })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::{Method, Share, Verdict};
    use crate::worlds::draw;
    use proptest::prelude::*;

    /// Rounding over a few hundred additions of numbers below ten.
    const ROUNDING: f64 = 1e-9;

    fn design() -> Design {
        let method = Method::AnyTime { tuned_at_clusters: 500 };
        Design { share_held: Share::new(0.5).unwrap(), method }
    }

    /// The long way: everything counted anew at one look.
    fn anew(known: &[Known], look: i64) -> Proof {
        let mut arms = [Tally::default(); 2];
        for one in known {
            if one.from <= look && one.until.is_none_or(|until| look < until) {
                arms[usize::from(one.is_held)].add(one.people, one.outcome).unwrap();
            }
        }
        prove(&arms[0], &arms[1], &design()).unwrap()
    }

    fn assert_same(one: &Proof, other: &Proof) {
        assert_eq!(one.verdict, other.verdict);
        assert_eq!(
            (one.people_reached, one.people_held),
            (other.people_reached, other.people_held)
        );
        if let (Some(one), Some(other)) = (one.found, other.found) {
            assert!((one.estimate - other.estimate).abs() < ROUNDING, "{one:?} {other:?}");
            assert!((one.low - other.low).abs() < ROUNDING, "{one:?} {other:?}");
            assert!((one.high - other.high).abs() < ROUNDING, "{one:?} {other:?}");
        } else {
            assert_eq!(one.found.is_some(), other.found.is_some());
        }
    }

    /// Ten people a day for a hundred days; of those who may be helped, three in ten more stay.
    fn helped(seed: u64) -> Vec<Known> {
        let one = |i: usize| {
            let is_held = draw(seed, 0, i) < 0.5;
            let stays = draw(seed, 1, i) < if is_held { 0.4 } else { 0.7 };
            let outcome = f64::from(u8::from(stays));
            Known { is_held, people: 1, outcome, from: (i / 10) as i64, until: None }
        };
        (0..1_000).map(one).collect()
    }

    #[test]
    fn a_known_effect_is_closed_in_on() {
        let known = helped(1);
        let proofs = prove_over_time(&known, &looks(0, 99, 60), &design()).unwrap();
        let found: Vec<_> = proofs.iter().filter_map(|look| look.proof.found).collect();
        let width = |k: usize| found[k].high - found[k].low;
        assert!(found.len() > 40 && width(found.len() - 1) < 0.5 * width(0), "{}", width(0));
        assert!(
            matches!(proofs[0].proof.verdict, Verdict::CannotKnow(_)),
            "ten people say nothing"
        );
        assert_eq!(proofs[59].proof.verdict, Verdict::Proven);
        assert_same(&proofs[59].proof, &anew(&known, 99));
    }

    #[test]
    fn the_band_holds_the_truth_at_all_looks_together_in_19_of_20_worlds() {
        // 200 worlds at 5 %: 10 expected, and more than 20 with probability 1e-3 (binomial).
        let misses = |seed| {
            let proofs = prove_over_time(&helped(seed), &looks(0, 99, 60), &design()).unwrap();
            proofs.iter().filter_map(|it| it.proof.found).any(|it| it.low > 0.3 || it.high < 0.3)
        };
        let missed = (0..200).filter(|seed| misses(*seed)).count();
        assert!(missed <= 20, "{missed} of 200");
    }

    #[test]
    fn a_household_counts_once_whatever_became_known_of_it_later() {
        let first = Known { is_held: false, people: 1, outcome: 1.0, from: 0, until: Some(2) };
        let then = Known { people: 3, outcome: 2.0, from: 2, until: None, ..first };
        let held = Known { is_held: true, ..then };
        let proofs = prove_over_time(&[first, then, held], &[0, 1, 2, 3], &design()).unwrap();
        let people: Vec<_> = proofs.iter().map(|it| it.proof.people_reached).collect();
        assert_eq!(people, [1, 1, 3, 3]);
        assert_eq!(proofs.iter().map(|it| it.clusters).collect::<Vec<_>>(), [1, 1, 2, 2]);
    }

    #[test]
    fn looks_have_both_ends_and_never_go_back() {
        for (first, last, most) in
            [(0, 59, 60), (0, 60, 60), (-7, 5_000, 60), (3, 4, 2), (5, 5, 60)]
        {
            let days = looks(first, last, most);
            assert!(days.len() <= most && days.is_sorted_by(|a, b| a < b), "{days:?}");
            assert_eq!(days.last(), Some(&last));
            assert!(days.len() == 1 || days.first() == Some(&first));
        }
        assert!(looks(1, 0, 60).is_empty() && looks(0, 9, 0).is_empty());
        assert_eq!(looks(i64::MIN, i64::MAX, 60).len(), 0, "a span that no number holds");
    }

    proptest! {
        #[test]
        fn every_look_says_what_counting_anew_would_say(
            clusters in proptest::collection::vec((any::<bool>(), 1..4_u32, 0..4_u8, 0..30_i64, proptest::option::of(0..30_i64)), 0..400),
            most in 1..40_usize,
        ) {
            let known: Vec<Known> = clusters
                .iter()
                .map(|(is_held, people, outcome, from, until)| Known {
                    is_held: *is_held, people: *people, outcome: f64::from(*outcome), from: *from, until: *until,
                })
                .collect();
            let days = looks(0, 29, most);
            let proofs = prove_over_time(&known, &days, &design()).unwrap();
            for (day, proof) in days.iter().zip(&proofs) {
                assert_same(&proof.proof, &anew(&known, *day));
            }
        }
    }
}
