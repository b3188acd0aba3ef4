//! Which bin does a value fall into? Binning a table by column names, in parallel.

use std::collections::HashMap;

use rayon::prelude::*;

use super::{Binner, FeatureBins};
use crate::text::{list_names, nearest_names, shorten, spell_number};
use crate::{BinnedRows, Column, MISSING_BIN, MISSING_CODE, Table, Values, mix};

/// Rows binned by one task: their raw values and bins stay in the cache.
const ROWS_A_TASK: usize = 4096;

/// Why a table could not be binned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BinError {
    /// Columns the model was fitted on are not in the table.
    #[error("the table lacks {}{}", list_names(columns), nearest_clause(nearest))]
    MissingColumns {
        /// Their names.
        columns: Vec<String>,
        /// Columns of the table that look like the first of them.
        nearest: Vec<String>,
    },
    /// A column holds text where the model was fitted on numbers.
    #[error(
        "column `{column}` was numeric when the model was fitted, but row {row} holds `{text}`"
    )]
    NotNumeric {
        /// Its name.
        column: String,
        /// Data row, from 1.
        row: usize,
        /// What stands there.
        text: String,
    },
}

impl BinError {
    /// Returns the stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::MissingColumns { .. } => "bin.missing_columns",
            Self::NotNumeric { .. } => "bin.not_numeric",
        }
    }

    /// Returns what the user can do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::MissingColumns { .. } => {
                "give a table with the columns the model was fitted on; others are ignored"
            }
            Self::NotNumeric { .. } => "leave the field empty where there is no number",
        }
    }

    /// Returns whether columns are missing.
    pub fn is_missing_columns(&self) -> bool {
        matches!(self, Self::MissingColumns { .. })
    }
}

fn nearest_clause(nearest: &[String]) -> String {
    if nearest.is_empty() { String::new() } else { format!("; it has {}", list_names(nearest)) }
}

/// How one column is turned into bins.
enum Coder<'a> {
    Cuts { values: &'a [f64], cuts: &'a [f64] },
    Codes { codes: &'a [u32], bin_of_code: Vec<u8> },
    Spelt { values: &'a [f64], bin_of_bits: HashMap<u64, u8> },
}

impl Coder<'_> {
    #[inline]
    fn bin(&self, row: usize) -> u8 {
        match self {
            Self::Cuts { values, cuts } => bin_of_number(values[row], cuts),
            Self::Codes { codes, bin_of_code } => {
                bin_of_code.get(codes[row] as usize).copied().unwrap_or(MISSING_BIN)
            }
            Self::Spelt { values, bin_of_bits } => {
                bin_of_bits.get(&values[row].to_bits()).copied().unwrap_or(MISSING_BIN)
            }
        }
    }
}

#[inline]
fn bin_of_number(value: f64, cuts: &[f64]) -> u8 {
    if value.is_nan() {
        return MISSING_BIN;
    }
    1 + cuts.partition_point(|&cut| cut <= value) as u8
}

impl Binner {
    /// Bins the given rows of a table, finding columns by name.
    ///
    /// A level that was not seen when fitting falls into the missing bin (into its bucket where levels
    /// are hashed): the forest then treats it as it treats "not known". Numbers where the model was
    /// fitted on categories are spelt by [`spell_number`] first.
    ///
    /// # Errors
    ///
    /// [`BinError::MissingColumns`]; [`BinError::NotNumeric`] where there is text instead of numbers.
    pub fn bin_table(&self, table: &Table, rows: &[u32]) -> Result<BinnedRows, BinError> {
        let columns = self.find_columns(table)?;
        let coders =
            self.features.par_iter().zip(columns).map(|(bins, column)| coder(bins, column, rows));
        let coders: Vec<Coder<'_>> = coders.collect::<Result<_, _>>()?;

        let n_features = self.features.len();
        let mut bins = vec![MISSING_BIN; rows.len() * n_features];
        let tasks = bins
            .par_chunks_mut((ROWS_A_TASK * n_features).max(1))
            .zip(rows.par_chunks(ROWS_A_TASK));
        tasks.for_each(|(bins, rows)| {
            for (feature, coder) in coders.iter().enumerate() {
                let slots = bins[feature..].iter_mut().step_by(n_features);
                slots.zip(rows).for_each(|(slot, &row)| *slot = coder.bin(row as usize));
            }
        });
        Ok(BinnedRows::new(bins, self.kinds(), rows.len()))
    }

    fn find_columns<'a>(&self, table: &'a Table) -> Result<Vec<&'a Column>, BinError> {
        let by_name: HashMap<&str, &Column> =
            table.columns().iter().map(|column| (column.name.as_str(), column)).collect();
        let is_missing = |name: &&String| !by_name.contains_key(name.as_str());
        let missing: Vec<String> = self.names.iter().filter(is_missing).cloned().collect();
        if let Some(first) = missing.first() {
            let nearest = nearest_names(first, table.columns().iter().map(|c| c.name.as_str()));
            return Err(BinError::MissingColumns { columns: missing, nearest });
        }
        Ok(self.names.iter().map(|name| by_name[name.as_str()]).collect())
    }
}

fn coder<'a>(
    bins: &'a FeatureBins,
    column: &'a Column,
    rows: &[u32],
) -> Result<Coder<'a>, BinError> {
    match (bins, &column.values) {
        (FeatureBins::Ordered { cuts }, Values::Numeric(values)) => {
            Ok(Coder::Cuts { values, cuts })
        }
        (FeatureBins::Ordered { .. }, Values::Category { codes, levels }) => {
            match rows.iter().find(|&&row| codes[row as usize] != MISSING_CODE) {
                None => Ok(Coder::Codes { codes, bin_of_code: Vec::new() }),
                Some(_) => Err(not_numeric(column, codes, levels, rows)),
            }
        }
        (_, Values::Category { codes, levels }) => {
            let bin = level_coder(bins);
            Ok(Coder::Codes { codes, bin_of_code: levels.iter().map(|level| bin(level)).collect() })
        }
        (_, Values::Numeric(values)) => {
            let bin = level_coder(bins);
            let mut bin_of_bits = HashMap::new();
            for &row in rows {
                let value = values[row as usize];
                if !value.is_nan() {
                    bin_of_bits.entry(value.to_bits()).or_insert_with(|| bin(&spell_number(value)));
                }
            }
            Ok(Coder::Spelt { values, bin_of_bits })
        }
    }
}

/// Names the first text that is no number, or the first text if all are numbers.
fn not_numeric(column: &Column, codes: &[u32], levels: &[String], rows: &[u32]) -> BinError {
    let is_word: Vec<bool> = levels.iter().map(|level| level.parse::<f64>().is_err()).collect();
    let observed = || rows.iter().filter(|&&row| codes[row as usize] != MISSING_CODE);
    let row = observed().find(|&&row| is_word[codes[row as usize] as usize]);
    let row = row.or_else(|| observed().next()).map_or(0, |&row| row as usize);
    let text = levels.get(codes[row] as usize).map_or_else(String::new, |level| shorten(level));
    BinError::NotNumeric { column: column.name.clone(), row: row + 1, text }
}

/// Returns the function from level to bin.
fn level_coder(bins: &FeatureBins) -> Box<dyn Fn(&str) -> u8 + '_> {
    match bins {
        FeatureBins::Levels { levels } => {
            let by_name: HashMap<&str, u8> =
                levels.iter().enumerate().map(|(i, level)| (level.as_str(), i as u8 + 1)).collect();
            Box::new(move |level| by_name.get(level).copied().unwrap_or(MISSING_BIN))
        }
        FeatureBins::Hashed { n_buckets } => {
            let n_buckets = u64::from((*n_buckets).clamp(1, 255));
            Box::new(move |level| 1 + (hash_level(level) % n_buckets) as u8)
        }
        FeatureBins::Ordered { .. } => Box::new(|_| MISSING_BIN),
    }
}

/// Hash of a level's UTF-8 bytes, the same on every machine: model files depend on it.
pub(super) fn hash_level(level: &str) -> u64 {
    level.as_bytes().chunks(8).fold(level.len() as u64, |hash, chunk| {
        let mut word = [0_u8; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        mix(hash, u64::from_le_bytes(word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BinnerOptions;
    use proptest::prelude::*;

    fn numeric(name: &str, values: Vec<f64>) -> Column {
        Column { name: name.to_owned(), values: Values::Numeric(values) }
    }

    fn category(name: &str, codes: Vec<u32>, levels: &[&str]) -> Column {
        let levels = levels.iter().map(|&level| level.to_owned()).collect();
        Column { name: name.to_owned(), values: Values::Category { codes, levels } }
    }

    fn fitted() -> Binner {
        let x = numeric("x", vec![1.0, 2.0, f64::NAN]);
        let c = category("c", vec![0, 1, 1], &["a", "1"]);
        Binner::fit(&[&x, &c], &[0, 1, 2], &BinnerOptions::default())
    }

    #[test]
    fn columns_are_found_by_name_and_unseen_levels_are_missing() {
        let c = category("c", vec![0, 1, MISSING_CODE], &["new", "a"]);
        let x = numeric("x", vec![f64::NAN, -5.0, 9.0]);
        let table = Table::new(vec![c, x]).unwrap();
        let binned = fitted().bin_table(&table, &[0, 1, 2]).unwrap();
        assert_eq!(binned.bytes(), [0, 0, 1, 2, 2, 0]);
    }

    #[test]
    fn numbers_are_spelt_where_categories_were() {
        let table = Table::new(vec![numeric("x", vec![1.0]), numeric("c", vec![1.0])]).unwrap();
        assert_eq!(fitted().bin_table(&table, &[0]).unwrap().bytes(), [1, 1]);
    }

    #[test]
    fn a_missing_column_is_named_with_its_neighbour() {
        let table = Table::new(vec![numeric("X", vec![1.0]), numeric("c", vec![1.0])]).unwrap();
        let error = fitted().bin_table(&table, &[0]).unwrap_err();
        assert!(error.is_missing_columns());
        assert_eq!(error.to_string(), "the table lacks `x`; it has `X`, `c`");
    }

    #[test]
    fn text_where_numbers_were_is_named_with_its_row() {
        let x = category("x", vec![MISSING_CODE, 0, 1], &["7", "seven"]);
        let table = Table::new(vec![x, numeric("c", vec![1.0; 3])]).unwrap();
        let error = fitted().bin_table(&table, &[0, 1, 2]).unwrap_err();
        let expected = BinError::NotNumeric { column: "x".into(), row: 3, text: "seven".into() };
        assert_eq!(error, expected);
        assert!(fitted().bin_table(&table, &[0]).is_ok(), "an all-missing column is no error");
    }

    #[test]
    fn hashes_of_levels_never_change() {
        // Model files store nothing but the number of buckets, so these values are part of the format.
        // They were computed by a second implementation, in Python.
        assert_eq!(hash_level(""), 0);
        assert_eq!(hash_level("Osaka") % 255, 220);
        assert_eq!(hash_level("a level longer than eight bytes") % 255, 83);
    }

    proptest! {
        /// A larger value never falls into a smaller bin, and NaN is the missing bin.
        #[test]
        fn bins_are_monotone(
            train in prop::collection::vec(-1e6..1e6_f64, 1..200),
            a in prop::num::f64::ANY, b in prop::num::f64::ANY, max_bins in 3_u16..=256,
        ) {
            let rows: Vec<u32> = (0..train.len() as u32).collect();
            let options = BinnerOptions { max_bins, ..BinnerOptions::default() };
            let binner = Binner::fit(&[&numeric("x", train)], &rows, &options);
            let table = Table::new(vec![numeric("x", vec![a, b])]).unwrap();
            let binned = binner.bin_table(&table, &[0, 1]).unwrap();
            let (bin_a, bin_b) = (binned.row(0)[0], binned.row(1)[0]);
            prop_assert_eq!(bin_a == MISSING_BIN, a.is_nan());
            if a <= b { prop_assert!(bin_a <= bin_b); }
        }
    }
}
