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

/// Runs as many rounds as asked for, or as the verdict needs. Returns the first, whose model, curves and
/// plan are the study's, and what all say together.
///
/// # Errors
///
/// As [`round::run`].
pub(crate) fn run(
    data: &Dataset,
    arms: &Arms,
    options: &StudyOptions,
    progress: &dyn Progress,
) -> Result<(Learned, Proof), StudyError> {
    let first = round::run(data, arms, options, 0, progress)?;
    let n_splits = match options.repeats {
        Repeats::Exactly(n) => n.get(),
        Repeats::Auto if data.n_units() <= MAX_ROWS_TO_REPEAT && is_close(&first.judged.facts) => {
            SPLITS_WHEN_CLOSE
        }
        Repeats::Auto => 1,
    };
    let mut told = vec![tell(&first.judged)];
    let mut all_facts = vec![first.judged.facts.clone()];
    for repeat in 1..n_splits {
        // Only its estimates stay: a round's rows and model are as large as the study's own.
        let judged = round::run(data, arms, options, repeat, progress)?.judged;
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
        n_splits,
        train_rows,
        held_out_rows,
    };
    Ok((learned, proof))
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
        rarer_outcome: count(&|facts| facts.arms[at].rarer_outcome),
        effective_units: share(&|facts| Some(facts.arms[at].effective_units)).unwrap_or(0.0),
        share_lopsided: share(&|facts| Some(facts.arms[at].share_lopsided)).unwrap_or(0.0),
        treatment_predictability: share(&|facts| facts.arms[at].treatment_predictability),
        ..first.clone()
    };
    Facts {
        arms: splits[0].arms.iter().enumerate().map(arm).collect(),
        control_units: count(&|facts| Some(facts.control_units)).unwrap_or(0),
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
            control_rarer_outcome: None,
            outcome_predictability: None,
        }
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
