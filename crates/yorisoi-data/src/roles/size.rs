//! Can one compute with numbers of this size?
//!
//! Outcomes and doses are kept in single precision and summed in double. Between the bounds below the answer
//! does not depend on the unit in which a column is given; beyond them digits, and then answers, are lost.

use super::RoleError;

/// Magnitudes beyond this lose answers: squares of squares of single precision end at 1e38.
const LARGEST: f64 = 1e15;
/// A spread below this underflows likewise.
const FINEST: f64 = 1e-15;
/// Single precision has 7 digits: two are left for what differs where 5 are the same in all rows.
const DIGITS_IN_COMMON: f64 = 1e5;

/// Refuses a column that cannot be computed with.
///
/// # Errors
///
/// [`RoleError::TooLarge`] with the first such row, [`RoleError::TooFine`] for a column that varies too
/// little. A constant column passes: others say that better.
pub(super) fn check_size(
    role: &'static str,
    column: &str,
    values: &[f64],
    rows: &[u32],
) -> Result<(), RoleError> {
    let used = || rows.iter().map(|&row| values[row as usize]);
    if let Some(at) = used().position(|value| value.abs() > LARGEST) {
        let row = rows[at] as usize;
        let (column, value) = (column.to_owned(), values[row]);
        return Err(RoleError::TooLarge { role, column, row: row + 1, value });
    }
    let n = rows.len().max(1) as f64;
    let size = used().fold(0.0_f64, |size, value| size.max(value.abs()));
    let mean = used().sum::<f64>() / n;
    // Scaled, because squares of what is tested here may underflow.
    let unit = if size > 0.0 { size } else { 1.0 };
    let spread =
        unit * (used().map(|value| ((value - mean) / unit).powi(2)).sum::<f64>() / n).sqrt();
    let is_constant = used().all(|value| crate::exact::is_same(value, values[rows[0] as usize]));
    if !is_constant && (spread < FINEST || spread * DIGITS_IN_COMMON < size) {
        return Err(RoleError::TooFine { role, column: column.to_owned(), spread, size });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: [u32; 4] = [0, 1, 2, 3];

    fn check(values: [f64; 4]) -> Result<(), RoleError> {
        check_size("outcome", "y", &values, &ROWS)
    }

    #[test]
    fn ordinary_sizes_pass_in_any_sensible_unit() {
        for unit in [1e-12, 1.0, 1e12] {
            assert_eq!(check([1.0, 2.0, 3.0, 4.0].map(|y| y * unit)), Ok(()));
        }
        assert_eq!(check([0.0, 0.0, 0.0, 1.0]), Ok(()));
        assert_eq!(check([1_000.0, 1_001.0, 1_002.0, 1_003.0]), Ok(()));
    }

    #[test]
    fn an_outlier_beyond_computing_is_named_with_its_row() {
        let refused = check([1.0, 2.0, -1e300, 4.0]);
        assert!(matches!(refused, Err(RoleError::TooLarge { row: 3, .. })), "{refused:?}");
    }

    #[test]
    fn what_differs_in_lost_digits_only_is_refused() {
        for values in [[1e-200, 2e-200, 3e-200, 0.0], [1e9, 1e9 + 1.0, 1e9 + 2.0, 1e9 + 3.0]] {
            assert!(matches!(check(values), Err(RoleError::TooFine { .. })), "{values:?}");
        }
    }

    #[test]
    fn a_constant_is_left_to_the_check_that_says_so() {
        assert_eq!(check([1e9; 4]), Ok(()));
        assert_eq!(check_size("outcome", "y", &[], &[]), Ok(()));
    }
}
