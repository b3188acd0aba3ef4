//! How many splits does the verdict need, and what do they say together?

use yorisoi_data::{Arms, Dataset, Estimate, Progress};
use yorisoi_evaluation::{ArmFacts, EvaluationError, Facts};

use crate::error::StudyError;
use crate::judge::Judged;
use crate::options::{Repeats, StudyOptions};
use crate::proof::{OverSplits, Proof};
use crate::round::{self, Learned, Round};
use crate::value::combined;

/// Splits judged where one leaves the verdict close.
const SPLITS_WHEN_CLOSE: u32 = 5;

/// A deciding number this many standard errors from 0 may fall on either side of its threshold, which lies
/// near 2, with another split. Held-out halves overlap by half, so that two splits' numbers differ by
/// about one standard error: below 0.5 and above 3.5 a change of sides is out of reach of luck.
const CLOSE: std::ops::RangeInclusive<f64> = 0.5..=3.5;

/// Above this many rows five rounds take minutes, and the default is one.
const MAX_ROWS_TO_REPEAT: usize = 200_000;

/// Splits that may be passed over because one of their sides came out too thin. In an arm of 20 rows, the
/// fewest that a table may have, ten rows to learn from are missing in .41 of the splits into halves: in
/// seventeen in a row once in four million times.
const SPARE_SPLITS: u32 = 16;

/// Runs as many rounds as asked for, or as the verdict needs. Returns the first, whose model, curves and
/// plan are the study's, and what all say together.
///
/// A split that leaves one side too thin to learn from or to judge by is passed over for the next. Whether
/// it does hangs on who got which arm and on no outcome, so nothing is picked by its result.
///
/// # Errors
///
/// As [`round::run`]; that a side is too thin only where hardly any split can do better.
pub(crate) fn run(
    data: &Dataset,
    arms: &Arms,
    options: &StudyOptions,
    progress: &dyn Progress,
) -> Result<(Learned, Proof), StudyError> {
    let mut splits = Splits { next: 0, spare: SPARE_SPLITS };
    let mut next_round =
        || splits.first_that_works(|repeat| round::run(data, arms, options, repeat, progress));
    let first = next_round()?;
    let n_splits = match options.repeats {
        Repeats::Exactly(n) => n.get(),
        Repeats::Auto if data.n_units() <= MAX_ROWS_TO_REPEAT && is_close(&first.judged.facts) => {
            SPLITS_WHEN_CLOSE
        }
        Repeats::Auto => 1,
    };
    let mut told = vec![tell(&first.judged)];
    let mut all_facts = vec![first.judged.facts.clone()];
    for _ in 1..n_splits {
        // Only its estimates stay: a round's rows and model are as large as the study's own.
        let judged = match next_round() {
            Ok(round) => round.judged,
            // What the splits so far have told is not lost.
            Err(error) if error.is_thin_side() => break,
            Err(error) => return Err(error),
        };
        told.push(tell(&judged));
        all_facts.push(judged.facts);
    }
    let arms = (0..arms.names.len() - 1)
        .map(|arm| over_splits(&told.iter().map(|round| round[arm]).collect::<Vec<_>>()))
        .collect::<Result<Vec<_>, _>>()?;
    let mut facts = typical(&all_facts);
    for (fact, arm) in facts.arms.iter_mut().zip(&arms) {
        (fact.ate, fact.autoc) = (arm.ate, arm.autoc);
    }
    let Round { learned, nuisances, variance, bench, judged } = first;
    let (train_rows, held_out_rows) =
        (learned.split.train().len(), learned.split.held_out_rows().len());
    let proof = Proof {
        bench,
        judged,
        nuisances,
        variance,
        arms,
        facts,
        n_splits: told.len() as u32,
        train_rows,
        held_out_rows,
    };
    Ok((learned, proof))
}

/// Which split is drawn next, and how many may still be passed over.
struct Splits {
    next: u32,
    spare: u32,
}

impl Splits {
    /// Returns what the first split gives that leaves both sides enough, or why the first one tried did not.
    fn first_that_works<T>(
        &mut self,
        mut run: impl FnMut(u32) -> Result<T, StudyError>,
    ) -> Result<T, StudyError> {
        let mut first_reason = None;
        loop {
            let found = run(self.next);
            self.next += 1;
            match found {
                Err(error) if error.is_thin_side() => {
                    let reason = first_reason.get_or_insert(error);
                    if self.spare == 0 {
                        return Err(reason.clone());
                    }
                    self.spare -= 1;
                }
                found => return found,
            }
        }
    }
}

/// Returns whether another split might well end in another verdict.
///
/// Targeting decides first: where it is beyond doubt nothing else matters, and where it is out of
/// question the average decides.
fn is_close(facts: &Facts) -> bool {
    let largest = |of: fn(&yorisoi_evaluation::ArmFacts) -> Option<Estimate>| {
        let z = |estimate: Estimate| estimate.estimate / estimate.std_error;
        facts.arms.iter().filter_map(of).map(z).fold(f64::NEG_INFINITY, f64::max)
    };
    let targeting = largest(|arm| arm.autoc);
    let average =
        largest(|arm| arm.ate.map(|ate| Estimate { estimate: ate.estimate.abs(), ..ate }));
    CLOSE.contains(&targeting) || (targeting < *CLOSE.start() && CLOSE.contains(&average))
}

/// Returns counts and shares as the middle split has them, so that no bound of what can be known is met or
/// missed by the luck of one split. Estimates are those of the first.
fn typical(splits: &[Facts]) -> Facts {
    let count = |of: &dyn Fn(&Facts) -> Option<usize>| {
        middle(splits.iter().filter_map(of).collect(), usize::cmp)
    };
    let share = |of: &dyn Fn(&Facts) -> Option<f64>| {
        middle(splits.iter().filter_map(of).collect(), f64::total_cmp)
    };
    let arm = |(at, first): (usize, &ArmFacts)| ArmFacts {
        units: count(&|facts| Some(facts.arms[at].units)).unwrap_or(0),
        groups: count(&|facts| facts.arms[at].groups),
        rarer_outcome: count(&|facts| facts.arms[at].rarer_outcome),
        effective_units: share(&|facts| Some(facts.arms[at].effective_units)).unwrap_or(0.0),
        share_lopsided: share(&|facts| Some(facts.arms[at].share_lopsided)).unwrap_or(0.0),
        treatment_predictability: share(&|facts| facts.arms[at].treatment_predictability),
        ..first.clone()
    };
    Facts {
        arms: splits[0].arms.iter().enumerate().map(arm).collect(),
        control_units: count(&|facts| Some(facts.control_units)).unwrap_or(0),
        control_groups: count(&|facts| facts.control_groups),
        control_rarer_outcome: count(&|facts| facts.control_rarer_outcome),
        outcome_predictability: share(&|facts| facts.outcome_predictability),
    }
}

/// Returns the middle one, the lower of two; `None` of none.
fn middle<T: Copy>(mut values: Vec<T>, order: fn(&T, &T) -> std::cmp::Ordering) -> Option<T> {
    values.sort_by(order);
    values.get(values.len().checked_sub(1)? / 2).copied()
}

fn tell(judged: &Judged) -> Vec<OverSplits> {
    judged.arms.iter().map(OverSplits::of).collect()
}

fn over_splits(splits: &[OverSplits]) -> Result<OverSplits, EvaluationError> {
    let all = |of: fn(&OverSplits) -> Option<Estimate>| {
        combined(&splits.iter().map(of).collect::<Vec<_>>())
    };
    Ok(OverSplits {
        ate: all(|split| split.ate)?,
        att: all(|split| split.att)?,
        ato: all(|split| split.ato)?,
        autoc: all(|split| split.autoc)?,
        qini: all(|split| split.qini)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(autoc: f64, ate: f64) -> Facts {
        let estimate = |estimate| Some(Estimate { estimate, std_error: 1.0, n: 100 });
        let arm = ArmFacts {
            name: "mail".into(),
            units: 100,
            groups: None,
            rarer_outcome: None,
            effective_units: 100.0,
            share_lopsided: 0.0,
            treatment_predictability: None,
            ate: estimate(ate),
            autoc: estimate(autoc),
        };
        Facts {
            arms: vec![arm],
            control_units: 100,
            control_groups: None,
            control_rarer_outcome: None,
            outcome_predictability: None,
        }
    }

    #[test]
    fn thin_splits_are_passed_over_until_none_is_left_to_spare() {
        let thin = || StudyError::EmptySide { arm: "mail".into(), side: "training" };
        let mut splits = Splits { next: 0, spare: 3 };
        let mut every_third = |repeat: u32| if repeat % 3 == 2 { Ok(repeat) } else { Err(thin()) };
        assert_eq!(splits.first_that_works(&mut every_third), Ok(2));
        assert_eq!(splits.first_that_works(&mut every_third), Err(thin()));
        assert_eq!((splits.next, splits.spare), (5, 0));
        // Whatever else is wrong is told at once.
        let mut splits = Splits { next: 0, spare: 3 };
        let other = splits.first_that_works(|_| Err::<(), _>(StudyError::TrimmedDose));
        assert_eq!((other, splits.next), (Err(StudyError::TrimmedDose), 1));
    }

    #[test]
    fn counts_are_those_of_the_middle_split() {
        let split = |units: usize, share: Option<f64>| {
            let mut split = facts(1.0, 1.0);
            (split.arms[0].units, split.control_units) = (units, 2 * units);
            (split.arms[0].rarer_outcome, split.outcome_predictability) = (Some(units / 5), share);
            split
        };
        let typical = typical(&[split(30, Some(0.9)), split(70, None), split(55, Some(0.2))]);
        assert_eq!((typical.arms[0].units, typical.control_units), (55, 110));
        assert_eq!(typical.arms[0].rarer_outcome, Some(11));
        assert_eq!(typical.outcome_predictability, Some(0.2));
        assert_eq!(typical.arms[0].treatment_predictability, None);
    }

    #[test]
    fn a_verdict_is_close_only_where_another_split_could_turn_it() {
        // (AUTOC, ATE) in standard errors.
        for (autoc, ate, close) in [
            (5.0, 2.0, false),
            (2.1, 9.0, true),
            (1.5, 0.0, true),
            (0.0, 2.1, true),
            (0.0, -2.1, true),
            (0.0, 9.0, false),
            (-3.0, 0.1, false),
        ] {
            assert_eq!(is_close(&facts(autoc, ate)), close, "AUTOC {autoc}, ATE {ate}");
        }
    }
}
