//! How did it land, against how it was meant? Nuisance by action, and すれ違い (intention × landing).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::rates::{Rate, RatePrior, Tries, rate, shrunk_rates, wilson};
use crate::{EvaluationError, Words};

/// How help landed, as the receiver's reaction showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Landing {
    /// It arrived; no reaction is known.
    Received,
    /// It helped.
    Helped,
    /// Neither good nor bad.
    Neutral,
    /// It was a burden.
    Nuisance,
    /// It never arrived.
    NotReceived,
    /// The heart closed: the client wants no more of it, or of us.
    Closed,
}

/// All landings, in the order of the columns of a table.
pub const LANDINGS: [Landing; 6] = [
    Landing::Received,
    Landing::Helped,
    Landing::Neutral,
    Landing::Nuisance,
    Landing::NotReceived,
    Landing::Closed,
];

impl Landing {
    /// Returns how far it landed from how it was meant: 0 as meant, 1 the opposite; `None` if nothing
    /// arrived or no reaction is known.
    pub fn mismatch(self) -> Option<f64> {
        match self {
            Self::Helped => Some(0.0),
            Self::Neutral => Some(0.5),
            Self::Nuisance | Self::Closed => Some(1.0),
            Self::Received | Self::NotReceived => None,
        }
    }

    /// Returns its name in both languages.
    pub fn words(self) -> Words {
        let (en, ja) = match self {
            Self::Received => ("received", "届いた"),
            Self::Helped => ("helped", "役に立った"),
            Self::Neutral => ("neither good nor bad", "どちらでもない"),
            Self::Nuisance => ("a nuisance", "負担になった"),
            Self::NotReceived => ("not received", "届かなかった"),
            Self::Closed => ("closed", "心を閉ざされた"),
        };
        Words { en: en.to_owned(), ja: ja.to_owned() }
    }

    fn column(self) -> usize {
        LANDINGS.iter().position(|landing| *landing == self).unwrap_or(0)
    }
}

/// Returns how often each action was a nuisance (or closed a heart), of the times it arrived; leaning on
/// one another as [`shrunk_rates`].
///
/// # Formula
///
/// ```text
/// happened = nuisance + closed,   n = all landings but "not received"
/// ```
///
/// # Errors
///
/// As [`shrunk_rates`].
///
/// # Source
///
/// As [`shrunk_rates`].
///
/// # Example
///
/// ```
/// # use yorisoi_evaluation::proof::{Landing, RatePrior, nuisance_by_action};
/// let acts = [("call", Landing::Nuisance), ("call", Landing::Helped), ("mail", Landing::Received)];
/// let rates = nuisance_by_action(&acts, RatePrior { yes: 1.0, no: 19.0 })?;
/// assert_eq!((rates[0].0, rates[0].1.n), ("call", 2));
/// assert!(rates[0].1.rate < 0.5 && rates[0].1.rate > rates[1].1.rate);
/// # Ok::<(), yorisoi_evaluation::EvaluationError>(())
/// ```
pub fn nuisance_by_action<A: Ord + Clone>(
    acts: &[(A, Landing)],
    prior: RatePrior,
) -> Result<Vec<(A, Rate)>, EvaluationError> {
    nuisance_of_counts(&counted(acts), prior)
}

/// Returns what [`nuisance_by_action`] does, from counts in the order of [`LANDINGS`].
///
/// # Errors
///
/// As [`shrunk_rates`].
pub fn nuisance_of_counts<A: Clone>(
    counts: &[(A, [u64; 6])],
    prior: RatePrior,
) -> Result<Vec<(A, Rate)>, EvaluationError> {
    let tries_of = |counts: &[u64; 6]| {
        let of = |landing: Landing| counts[landing.column()];
        Tries {
            happened: of(Landing::Nuisance) + of(Landing::Closed),
            n: counts.iter().sum::<u64>() - of(Landing::NotReceived),
        }
    };
    let tries: Vec<Tries> = counts.iter().map(|(_, counts)| tries_of(counts)).collect();
    let rates = shrunk_rates(&tries, prior)?;
    Ok(counts.iter().map(|(action, _)| action.clone()).zip(rates).collect())
}

/// Counts landings by name, names in order.
fn counted<A: Ord + Clone>(acts: &[(A, Landing)]) -> Vec<(A, [u64; 6])> {
    let mut by_name: BTreeMap<&A, [u64; 6]> = BTreeMap::new();
    for (name, landing) in acts {
        by_name.entry(name).or_default()[landing.column()] += 1;
    }
    by_name.into_iter().map(|(name, counts)| (name.clone(), counts)).collect()
}

/// One intention, and how what was done with it landed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MismatchRow<I> {
    /// Why it was done.
    pub intention: I,
    /// How often it landed so, in the order of [`LANDINGS`].
    pub counts: [u64; 6],
    /// Share that arrived; `None` without an act.
    pub arrived: Option<Rate>,
    /// Index of mismatch, 0 to 1; `None` without a reaction.
    pub index: Option<Rate>,
}

/// すれ違い: how help landed, by why it was given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MismatchTable<I> {
    /// One row an intention, in order.
    pub rows: Vec<MismatchRow<I>>,
    /// Index over all; `None` without a reaction.
    pub index: Option<Rate>,
}

/// Returns the table of intention against landing, with the index of mismatch.
///
/// # Formula
///
/// ```text
/// index = mean of d over acts with a known reaction,
/// d = 0 helped, ½ neither good nor bad, 1 a nuisance or closed
/// ```
///
/// with the Wilson interval for a mean of numbers between 0 and 1, which is a little too wide because of
/// the halves. What did not arrive cannot clash; its share is shown beside the index, so that silence does
/// not pass for harmony.
///
/// # Shapes and units
///
/// One pair an act.
///
/// # Assumptions
///
/// Acts are independent: for an index over many acts on few people read the interval with care.
///
/// # Source
///
/// The index is a definition of ours; the interval is that of [`rate`].
///
/// # Example
///
/// ```
/// # use yorisoi_evaluation::proof::{Landing, mismatch_table};
/// let table = mismatch_table(&[
///     ("thanks", Landing::Helped),
///     ("thanks", Landing::Nuisance),
///     ("advice", Landing::NotReceived),
/// ]);
/// assert_eq!(table.index.map(|index| index.rate), Some(0.5));
/// assert_eq!(table.rows[0].intention, "advice");
/// assert_eq!(table.rows[0].index, None);
/// ```
pub fn mismatch_table<I: Ord + Clone>(acts: &[(I, Landing)]) -> MismatchTable<I> {
    mismatch_of_counts(&counted(acts))
}

/// Returns what [`mismatch_table`] does, from counts in the order of [`LANDINGS`]; rows stay in order.
pub fn mismatch_of_counts<I: Clone>(counts: &[(I, [u64; 6])]) -> MismatchTable<I> {
    let mut all = [0; 6];
    for (_, counts) in counts {
        for (all, count) in all.iter_mut().zip(counts) {
            *all += count;
        }
    }
    let row = |(intention, counts): &(I, [u64; 6])| {
        let n: u64 = counts.iter().sum();
        let lost = counts[Landing::NotReceived.column()];
        MismatchRow {
            intention: intention.clone(),
            counts: *counts,
            // Fewer arrived than were sent, so the rate exists.
            arrived: rate(Tries { happened: n - lost, n }).ok().flatten(),
            index: index(counts),
        }
    };
    MismatchTable { rows: counts.iter().map(row).collect(), index: index(&all) }
}

fn index(counts: &[u64; 6]) -> Option<Rate> {
    let (mut n, mut sum) = (0, 0.0);
    for (landing, count) in LANDINGS.iter().zip(counts) {
        if let Some(distance) = landing.mismatch() {
            n += count;
            sum += distance * *count as f64;
        }
    }
    (n > 0).then(|| wilson(sum / n as f64, n))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worlds::draw;

    #[test]
    fn every_landing_has_its_column() {
        for (column, landing) in LANDINGS.iter().enumerate() {
            assert_eq!(landing.column(), column);
        }
    }

    #[test]
    fn nuisance_counts_what_arrived() {
        let acts: Vec<(u8, Landing)> = LANDINGS.iter().map(|landing| (1, *landing)).collect();
        let rates = nuisance_by_action(&acts, RatePrior { yes: 0.5, no: 0.5 }).unwrap();
        assert_eq!(rates[0].1.n, 5);
        assert!((rates[0].1.rate - 0.4).abs() < 0.05, "{rates:?}");
    }

    #[test]
    fn an_action_that_annoys_more_ranks_above_one_that_annoys_less() {
        let act = |action: u8, i: u32, every: u32| {
            (action, if i.is_multiple_of(every) { Landing::Nuisance } else { Landing::Helped })
        };
        let acts: Vec<(u8, Landing)> =
            (0..200).flat_map(|i| [act(1, i, 3), act(2, i, 20)]).collect();
        let rates = nuisance_by_action(&acts, RatePrior { yes: 1.0, no: 9.0 }).unwrap();
        assert!(rates[0].1.interval.low > rates[1].1.interval.high, "{rates:?}");
    }

    #[test]
    fn the_index_by_hand() {
        use Landing::{Closed, Helped, Neutral, NotReceived, Nuisance, Received};
        let acts = [Helped, Helped, Neutral, Nuisance, Closed, Received, NotReceived];
        let table = mismatch_table(&acts.map(|landing| ("gift", landing)));
        let index = table.index.unwrap();
        assert!((index.rate - 0.5).abs() < 1e-12);
        assert_eq!(index.n, 5);
        let arrived = table.rows[0].arrived.unwrap();
        assert!((arrived.rate - 6.0 / 7.0).abs() < 1e-12);
        let empty = mismatch_table::<u8>(&[]);
        assert!(empty.rows.is_empty() && empty.index.is_none());
    }

    #[test]
    fn the_interval_of_the_index_covers_at_least_95_percent() {
        // Mean mismatch .3 · ½ + .2 = .35. At least 95 % of 2,000 less 3.6 · √(.05 · .95 · 2,000) = 35.
        let mut covered = 0;
        for seed in 0..2_000 {
            let act = |i: usize| {
                let u = draw(seed, 1, i);
                let unpleasant = if u < 0.5 { Landing::Neutral } else { Landing::Helped };
                ((), if u < 0.2 { Landing::Nuisance } else { unpleasant })
            };
            let acts: Vec<((), Landing)> = (0..60).map(act).collect();
            let interval = mismatch_table(&acts).index.unwrap().interval;
            covered += u32::from(interval.low <= 0.35 && 0.35 <= interval.high);
        }
        assert!(covered >= 1_865, "{covered} of 2,000");
    }
}
