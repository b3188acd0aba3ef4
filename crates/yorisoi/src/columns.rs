//! A feature as numbers, for balance and projection: numbers themselves, categories by their levels.

use yorisoi_data::{Column, MISSING_CODE, Values};

/// Levels of a category that get a column of their own, the commonest first.
const MAX_LEVELS: usize = 5;

/// A feature, or one level of one, as numbers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NumberColumn {
    /// The feature, or `feature = level`.
    pub(crate) name: String,
    /// One entry a row asked for; missing is NaN.
    pub(crate) values: Vec<f64>,
}

/// Returns the feature at `rows`: itself where it is numeric, an indicator a level otherwise.
///
/// Infinite numbers count as missing here: they have a bin, but no mean.
pub(crate) fn number_columns(column: &Column, rows: &[u32]) -> Vec<NumberColumn> {
    match &column.values {
        Values::Numeric(values) => {
            let finite = |&row: &u32| {
                let value = values[row as usize];
                if value.is_finite() { value } else { f64::NAN }
            };
            let values = rows.iter().map(finite).collect();
            vec![NumberColumn { name: column.name.clone(), values }]
        }
        Values::Category { codes, levels } => {
            let indicator = |level: u32| NumberColumn {
                name: format!("{} = {}", column.name, levels[level as usize]),
                values: rows.iter().map(|&row| is_level(codes[row as usize], level)).collect(),
            };
            commonest(codes, levels.len(), rows).into_iter().map(indicator).collect()
        }
    }
}

fn is_level(code: u32, level: u32) -> f64 {
    if code == MISSING_CODE { f64::NAN } else { f64::from(u8::from(code == level)) }
}

fn commonest(codes: &[u32], n_levels: usize, rows: &[u32]) -> Vec<u32> {
    let mut counts = vec![0_usize; n_levels];
    for &row in rows {
        if let Some(count) = counts.get_mut(codes[row as usize] as usize) {
            *count += 1;
        }
    }
    let mut levels: Vec<u32> =
        (0..n_levels as u32).filter(|&level| counts[level as usize] > 0).collect();
    levels.sort_by_key(|&level| std::cmp::Reverse(counts[level as usize]));
    levels.truncate(MAX_LEVELS);
    levels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_category_becomes_an_indicator_a_level_and_missing_stays_missing() {
        let column = Column {
            name: "city".into(),
            values: Values::Category {
                codes: vec![1, 0, 1, MISSING_CODE],
                levels: vec!["Nara".into(), "Osaka".into()],
            },
        };
        let columns = number_columns(&column, &[0, 1, 2, 3]);
        assert_eq!(columns[0].name, "city = Osaka");
        assert_eq!(columns[0].values[..3], [1.0, 0.0, 1.0]);
        assert!(columns[0].values[3].is_nan());
        assert_eq!(columns.len(), 2);
    }
}
