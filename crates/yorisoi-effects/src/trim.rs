//! Of whom do the data say too little? Leaving out rows for whom some arm was all but impossible.

use yorisoi_data::RowSet;

use crate::Nuisances;

/// Which rows stay after leaving out those for whom some arm was all but impossible.
#[derive(Debug, Clone, PartialEq)]
pub struct Trimmed {
    /// Rows that stay, ascending.
    pub keep: RowSet,
    /// Share of rows left out, in `[0, 1]`.
    pub share_trimmed: f64,
}

/// Returns the rows for which every arm has a propensity of at least `min_propensity`.
///
/// Trimming changes the estimand: averages then speak of the rows that stay, so it is only done on
/// request and said in the report.
///
/// # Formula
///
/// ```text
/// keep i  ⇔  minₖ êₖ(Xᵢ) ≥ min_propensity        (NaN is left out)
/// ```
///
/// # Source
///
/// Crump, Hotz, Imbens & Mitnik (2009), "Dealing with limited overlap in estimation of average
/// treatment effects", *Biometrika* 96(1).
///
/// # Example
///
/// ```
/// # use yorisoi_effects::{Nuisances, trim};
/// let nuisances =
///     Nuisances { y_hat: vec![0.0; 2], w_hat: vec![vec![0.5, 0.99], vec![0.5, 0.01]] };
/// let trimmed = trim(&nuisances, 0.05);
/// assert_eq!(trimmed.keep, vec![0]);
/// assert_eq!(trimmed.share_trimmed, 0.5);
/// ```
pub fn trim(nuisances: &Nuisances, min_propensity: f64) -> Trimmed {
    let n = nuisances.y_hat.len();
    let stays = |row: &u32| {
        let reaches =
            |column: &Vec<f64>| column.get(*row as usize).is_some_and(|e| *e >= min_propensity);
        nuisances.w_hat.iter().all(reaches)
    };
    let keep: RowSet = (0..n as u32).filter(stays).collect();
    let share_trimmed = if n == 0 { 0.0 } else { (n - keep.len()) as f64 / n as f64 };
    Trimmed { keep, share_trimmed }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trimming_drops_nan_and_keeps_the_bound_itself() {
        let e = vec![0.05, 0.049, f64::NAN, 0.5];
        let rest = vec![0.95, 0.951, 0.5, 0.5];
        let trimmed = trim(&Nuisances { y_hat: vec![0.0; 4], w_hat: vec![rest, e] }, 0.05);
        assert_eq!(trimmed.keep, vec![0, 3]);
        assert!((trimmed.share_trimmed - 0.5).abs() < 1e-12);
    }
}
