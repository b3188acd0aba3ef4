//! Which bins suit these columns?

use rayon::prelude::*;

use super::cuts::cut_points;
use super::{Binner, BinnerOptions, FeatureBins};
use crate::{Column, MISSING_CODE, Values, unit_hash};

/// Levels that get a bin each.
pub(super) const MAX_LEVELS: usize = 255;
/// Buckets for features with more levels.
const HASH_BUCKETS: u16 = 255;

impl Binner {
    /// Fits bins to the given rows of the given columns.
    ///
    /// Numeric columns are cut at quantiles, or between adjacent values where these are few, and stay
    /// ordered whatever they count. Category columns with at most 255 levels have a bin a level, the most
    /// frequent first (ties by name); more levels share 255 buckets by a hash of the level.
    ///
    /// # Shapes and units
    ///
    /// `rows` are row numbers below each column's length. Missing values fall into bin 0 and play no part.
    pub fn fit(columns: &[&Column], rows: &[u32], options: &BinnerOptions) -> Self {
        let sample = sample_rows(rows, options);
        let fit_one = |column: &&Column| match &column.values {
            Values::Numeric(values) => fit_ordered(values, &sample, options.max_bins),
            Values::Category { codes, levels } => fit_levels(codes, levels, rows),
        };
        Self {
            names: columns.iter().map(|column| column.name.clone()).collect(),
            features: columns.par_iter().map(fit_one).collect(),
        }
    }
}

/// One row from each of `max_sample_rows` equal stretches, at a hashed place in it: evenly spread, but
/// not in step with any period of the file.
fn sample_rows(rows: &[u32], options: &BinnerOptions) -> Vec<u32> {
    let n_sample = options.max_sample_rows.max(1);
    if rows.len() <= n_sample {
        return rows.to_vec();
    }
    let stretch = rows.len() as f64 / n_sample as f64;
    let place = |k: usize| ((k as f64 + unit_hash(options.seed, k as u64)) * stretch) as usize;
    (0..n_sample).map(|k| rows[place(k).min(rows.len() - 1)]).collect()
}

fn fit_ordered(values: &[f64], sample: &[u32], max_bins: u16) -> FeatureBins {
    let observed = sample.iter().map(|&row| values[row as usize]).filter(|value| !value.is_nan());
    let mut sorted: Vec<f64> = observed.collect();
    sorted.sort_unstable_by(f64::total_cmp);
    // One bin is for missing values.
    let value_bins = usize::from(max_bins.clamp(3, 256)) - 1;
    FeatureBins::Ordered { cuts: cut_points(&sorted, value_bins) }
}

fn fit_levels(codes: &[u32], levels: &[String], rows: &[u32]) -> FeatureBins {
    let mut counts = vec![0_usize; levels.len()];
    for &row in rows {
        let code = codes[row as usize];
        if code != MISSING_CODE {
            counts[code as usize] += 1;
        }
    }
    let mut seen: Vec<(usize, &String)> =
        counts.into_iter().zip(levels).filter(|(count, _)| *count > 0).collect();
    if seen.len() > MAX_LEVELS {
        return FeatureBins::Hashed { n_buckets: HASH_BUCKETS };
    }
    seen.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    FeatureBins::Levels { levels: seen.into_iter().map(|(_, level)| level.clone()).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn category(texts: &[&str]) -> Column {
        let mut levels: Vec<String> = texts.iter().map(|&text| text.to_owned()).collect();
        levels.sort_unstable();
        levels.dedup();
        let code = |&text: &&str| levels.iter().position(|level| level == text).unwrap() as u32;
        let codes = texts.iter().map(code).collect();
        Column { name: "c".to_owned(), values: Values::Category { codes, levels } }
    }

    #[test]
    fn levels_are_ordered_by_frequency_then_name() {
        let column = category(&["b", "c", "a", "c"]);
        let binner = Binner::fit(&[&column], &[0, 1, 2, 3], &BinnerOptions::default());
        let levels = ["c", "a", "b"].map(str::to_owned).to_vec();
        assert_eq!(binner.features, [FeatureBins::Levels { levels }]);
    }

    #[test]
    fn levels_of_other_rows_get_no_bin() {
        let column = category(&["b", "c", "a", "c"]);
        let binner = Binner::fit(&[&column], &[0], &BinnerOptions::default());
        assert_eq!(binner.features, [FeatureBins::Levels { levels: vec!["b".to_owned()] }]);
    }

    #[test]
    fn more_than_255_levels_are_hashed() {
        let texts: Vec<String> = (0..256).map(|i| format!("level {i}")).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let rows: Vec<u32> = (0..256).collect();
        let fit = |rows: &[u32]| Binner::fit(&[&category(&texts)], rows, &BinnerOptions::default());
        assert_eq!(fit(&rows).features, [FeatureBins::Hashed { n_buckets: 255 }]);
        assert!(
            matches!(&fit(&rows[..255]).features[0], FeatureBins::Levels { levels } if levels.len() == 255)
        );
    }

    #[test]
    fn a_big_table_is_sampled_evenly_and_always_alike() {
        let rows: Vec<u32> = (0..1_000_000).collect();
        let options = BinnerOptions { max_sample_rows: 1000, ..BinnerOptions::default() };
        let sample = sample_rows(&rows, &options);
        assert_eq!(sample, sample_rows(&rows, &options));
        assert!(sample.iter().enumerate().all(|(k, &row)| row as usize / 1000 == k));
    }
}
