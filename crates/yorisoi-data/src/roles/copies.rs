//! Does one person stand in several rows? Rows that are the same in every feature, in treatment and in outcome.
//!
//! Copies that fall on both sides of a split let a model be judged on the people that it has learned from, and
//! any number of copies makes intervals narrower although nobody was added: chance would come out proven.

use std::collections::HashSet;

use rayon::prelude::*;

use super::units::People;
use crate::{Column, MISSING_CODE, Notice, Treatment, Values, mix};

/// Groups of people alike in every feature that anything is said from: fewer copies do no harm.
const MIN_GROUPS: usize = 30;

/// Share of such groups that must be of one mind for copies to be the reason. People who happen to be alike got
/// different arms, or came to different ends; where the arm follows from the features nothing can be learned anyway.
const OF_ONE_MIND: f64 = 0.99;

/// Rows that one thread hashes at least: fewer are not worth the handing out.
const BLOCK: usize = 4_096;

/// Rows that are copies of one another.
pub(super) struct Copies {
    /// Who each unit is: copies have one id, dense and in order of first appearance.
    pub(super) person: Vec<u32>,
    /// Units that are a copy of an earlier one.
    n_copies: usize,
}

impl Copies {
    /// Returns the copies among `people`, told apart by the `kept` features; nothing where rows that are alike may as
    /// well be different people.
    pub(super) fn find(kept: &[&Column], people: &People) -> Option<Self> {
        let rows = &people.source_row;
        let alike = hashes(kept, rows)?;
        let mut order: Vec<u32> = (0..rows.len() as u32).collect();
        order.par_sort_unstable_by_key(|&unit| (alike[unit as usize], unit));
        let groups: Vec<&[u32]> = order
            .chunk_by(|&a, &b| alike[a as usize] == alike[b as usize])
            .filter(|group| group.len() > 1)
            .collect();
        let end = |unit: u32| end_of(people, unit as usize);
        let is_of_one_mind = |group: &&[u32]| group.iter().all(|&unit| end(unit) == end(group[0]));
        let of_one_mind = groups.iter().filter(|group| is_of_one_mind(group)).count() as f64;
        let is_told =
            groups.len() >= MIN_GROUPS && of_one_mind >= OF_ONE_MIND * groups.len() as f64;
        is_told.then(|| Self::joined(rows.len(), &groups, end))
    }

    /// Joins units of a group that came to the same end.
    fn joined(n_units: usize, groups: &[&[u32]], end: impl Fn(u32) -> [u64; 2]) -> Self {
        let mut first: Vec<u32> = (0..n_units as u32).collect();
        for group in groups {
            let mut by_end: Vec<([u64; 2], u32)> =
                group.iter().map(|&unit| (end(unit), unit)).collect();
            by_end.sort_unstable();
            for copies in by_end.chunk_by(|a, b| a.0 == b.0) {
                for &(_, unit) in copies {
                    first[unit as usize] = copies[0].1;
                }
            }
        }
        let (mut person, mut n_people) = (vec![0_u32; n_units], 0);
        for unit in 0..n_units {
            let first = first[unit] as usize;
            person[unit] = if first == unit { n_people } else { person[first] };
            n_people += u32::from(first == unit);
        }
        Self { person, n_copies: n_units - n_people as usize }
    }

    /// Returns the first unit of every person.
    pub(super) fn first_units(&self) -> Vec<u32> {
        let mut n_seen = 0;
        let is_first = |&unit: &u32| {
            let is_first = self.person[unit as usize] == n_seen;
            n_seen += u32::from(is_first);
            is_first
        };
        (0..self.person.len() as u32).filter(is_first).collect()
    }

    /// Says what was found, and what to do where it is not so.
    pub(super) fn notice(&self) -> Notice {
        let (copies, people) = (self.n_copies, self.person.len() - self.n_copies);
        Notice::new(
            "rows.copies",
            None,
            format!(
                "{copies} rows are exact copies of others, in every feature, in treatment and in outcome: copies \
                 count as one person here, {people} in all, and stay together when rows are split; if they are \
                 different people, name a column that is different for each of them (`--cluster`)"
            ),
            format!(
                "{copies} 行は、特徴量・働きかけ・結果がすべて他の行と同じ写しです。写しは同じ一人（全部で {people} 人）として\
                 まとめ、学習用と検証用に分かれないようにしました。実際には別の人であれば、一人ずつ異なる列を\
                 指定してください（`--cluster`）。"
            ),
        )
    }
}

/// Whether a column counts or numbers rows: whole numbers, each only once.
fn numbers_each(column: &Column, rows: &[u32]) -> bool {
    let Values::Numeric(values) = &column.values else { return false };
    let mut seen = HashSet::new();
    rows.iter().all(|&row| {
        let value = values[row as usize];
        value.fract() == 0.0 && seen.insert(value.to_bits())
    })
}

/// Returns a hash of each row's features but those that number rows; nothing where no others are.
fn hashes(kept: &[&Column], rows: &[u32]) -> Option<Vec<u64>> {
    let telling: Vec<&Column> =
        kept.iter().copied().filter(|column| !numbers_each(column, rows)).collect();
    let of = |&row: &u32| {
        telling.iter().fold(0, |hash, column| mix(hash, bits(&column.values, row as usize)))
    };
    (!telling.is_empty()).then(|| rows.par_iter().with_min_len(BLOCK).map(of).collect())
}

/// Returns what is compared of a value; what is missing is like anything missing.
fn bits(values: &Values, row: usize) -> u64 {
    match values {
        Values::Numeric(values) if values[row].is_nan() => u64::from(MISSING_CODE),
        Values::Numeric(values) => number(values[row]),
        Values::Category { codes, .. } => u64::from(codes[row]),
    }
}

/// Returns what a unit got and what came of it.
fn end_of(people: &People, unit: usize) -> [u64; 2] {
    let got = match &people.treatment {
        Treatment::Arms(arms) => u64::from(arms.arm[unit]),
        Treatment::Dose(doses) => number(doses[unit]),
    };
    [got, number(people.outcome[unit])]
}

/// `+ 0.0` turns −0 into 0.
fn number(value: f64) -> u64 {
    (value + 0.0).to_bits()
}
