//! Which line fits best, and how sure are its coefficients? Weighted least squares with HC3 errors.

use yorisoi_data::Estimate;
use yorisoi_effects::Sampling;

use crate::EvaluationError;

/// A regressor whose part not explained by those before it is a smaller share of its own sum of squares
/// than this is a combination of them: far above rounding (1e-16 times the number of regressors), far
/// below any correlation one would want to keep.
const COLLINEAR: f64 = 1e-10;

/// Above this leverage a unit alone determines a coefficient and its residual is rounding.
const MAX_LEVERAGE: f64 = 1.0 - 1e-9;

/// One regressor, computed on the fly.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Regressor<'a> {
    /// The same for every unit.
    Constant(f64),
    /// `(value − centre) · scale`; a missing value stands at the centre.
    Column { values: &'a [f64], centre: f64, scale: f64 },
}

impl Regressor<'_> {
    #[inline]
    fn at(&self, unit: usize) -> f64 {
        match *self {
            Self::Constant(value) => value,
            Self::Column { values, centre, scale } => {
                let value = values[unit];
                if value.is_nan() { 0.0 } else { (value - centre) * scale }
            }
        }
    }
}

/// Returns the coefficient of each regressor, `None` where it is a combination of earlier ones.
///
/// # Formula
///
/// ```text
/// β = A⁻¹ Σ wᵢ xᵢ yᵢ,  A = Σ wᵢ xᵢ xᵢ'        hᵢ = wᵢ xᵢ' A⁻¹ xᵢ        ψᵢ = A⁻¹ xᵢ wᵢ (yᵢ − xᵢ'β) / (1 − hᵢ)
/// V = Σ_g (Σ_{i∈g} ψᵢ) (Σ_{i∈g} ψᵢ)'
/// ```
///
/// With a cluster a unit this is HC3.
///
/// # Source
///
/// `MacKinnon` & White (1985), *Journal of Econometrics* 29 (HC3); clustered sums of leverage-corrected
/// scores: Zeileis, Köll & Graham (2020), *Journal of Statistical Software* 95.
pub(crate) fn least_squares(
    regressors: &[Regressor<'_>],
    y: &[f64],
    sampling: &Sampling<'_>,
) -> Result<Vec<Option<Estimate>>, EvaluationError> {
    let (gram, moment) = normal_equations(regressors, y, sampling);
    let (inverse, kept) = inverse_of_independent(&gram);
    let beta: Vec<f64> = inverse.iter().map(|row| dot(row, &moment)).collect();
    let squares = summed_squares(regressors, y, sampling, &inverse, &beta)?;
    let coefficient = |index: usize| {
        kept[index].then(|| Estimate {
            estimate: beta[index],
            std_error: squares[index].sqrt(),
            n: sampling.n_independent(),
        })
    };
    Ok((0..regressors.len()).map(coefficient).collect())
}

fn normal_equations(
    regressors: &[Regressor<'_>],
    y: &[f64],
    sampling: &Sampling<'_>,
) -> (Vec<Vec<f64>>, Vec<f64>) {
    let p = regressors.len();
    let mut gram = vec![vec![0.0; p]; p];
    let mut moment = vec![0.0; p];
    let mut x = vec![0.0; p];
    for (unit, y) in y.iter().enumerate() {
        fill(&mut x, regressors, unit);
        let weight = sampling.weight(unit);
        for j in 0..p {
            let weighted = weight * x[j];
            moment[j] += weighted * y;
            for (sum, x) in gram[j].iter_mut().zip(&x[..=j]) {
                *sum += weighted * x;
            }
        }
    }
    (gram, moment)
}

/// Returns the sum over clusters of squared summed influences, one a coefficient.
fn summed_squares(
    regressors: &[Regressor<'_>],
    y: &[f64],
    sampling: &Sampling<'_>,
    inverse: &[Vec<f64>],
    beta: &[f64],
) -> Result<Vec<f64>, EvaluationError> {
    let p = regressors.len();
    let has_clusters = sampling.cluster_ids().is_some();
    let mut sums = vec![0.0; if has_clusters { p * sampling.n_independent() } else { 0 }];
    let mut squares = vec![0.0; p];
    let (mut x, mut direction) = (vec![0.0; p], vec![0.0; p]);
    for (unit, y) in y.iter().enumerate() {
        fill(&mut x, regressors, unit);
        for (direction, row) in direction.iter_mut().zip(inverse) {
            *direction = sampling.weight(unit) * dot(row, &x);
        }
        let leverage = dot(&direction, &x);
        if leverage > MAX_LEVERAGE {
            return Err(EvaluationError::SingleUnit { unit });
        }
        let residual = (y - dot(beta, &x)) / (1.0 - leverage);
        if has_clusters {
            let start = p * sampling.cluster(unit);
            for (sum, direction) in sums[start..start + p].iter_mut().zip(&direction) {
                *sum += direction * residual;
            }
        } else {
            for (square, direction) in squares.iter_mut().zip(&direction) {
                *square += (direction * residual).powi(2);
            }
        }
    }
    for cluster in sums.chunks_exact(p) {
        for (square, sum) in squares.iter_mut().zip(cluster) {
            *square += sum * sum;
        }
    }
    Ok(squares)
}

/// Inverts the part of a symmetric matrix (lower triangle given) that belongs to independent columns,
/// taken in order; rows and columns of the others are zero. Also says which are independent.
fn inverse_of_independent(gram: &[Vec<f64>]) -> (Vec<Vec<f64>>, Vec<bool>) {
    let p = gram.len();
    let (lower, kept) = cholesky(gram);
    let mut inverse = vec![vec![0.0; p]; p];
    for column in (0..p).filter(|column| kept[*column]) {
        let mut solution = vec![0.0; p];
        for j in (column..p).filter(|j| kept[*j]) {
            let unit = f64::from(u8::from(j == column));
            solution[j] = (unit - dot(&lower[j][..j], &solution[..j])) / lower[j][j];
        }
        for j in (0..p).rev().filter(|j| kept[*j]) {
            let rest: f64 = (j + 1..p).map(|row| lower[row][j] * solution[row]).sum();
            solution[j] = (solution[j] - rest) / lower[j][j];
        }
        inverse[column] = solution;
    }
    (inverse, kept)
}

fn cholesky(gram: &[Vec<f64>]) -> (Vec<Vec<f64>>, Vec<bool>) {
    let p = gram.len();
    let mut lower = vec![vec![0.0; p]; p];
    let mut kept = vec![false; p];
    for j in 0..p {
        for column in (0..j).filter(|column| kept[*column]) {
            let explained = dot(&lower[j][..column], &lower[column][..column]);
            lower[j][column] = (gram[j][column] - explained) / lower[column][column];
        }
        let left = gram[j][j] - dot(&lower[j][..j], &lower[j][..j]);
        kept[j] = left > COLLINEAR * gram[j][j];
        if kept[j] {
            lower[j][j] = left.sqrt();
        } else {
            lower[j].fill(0.0);
        }
    }
    (lower, kept)
}

fn fill(x: &mut [f64], regressors: &[Regressor<'_>], unit: usize) {
    for (x, regressor) in x.iter_mut().zip(regressors) {
        *x = regressor.at(unit);
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Returns weighted mean and standard deviation of the values that are not missing, or `None` where
/// they do not vary (beyond rounding).
pub(crate) fn centre_and_spread(values: &[f64], sampling: &Sampling<'_>) -> Option<(f64, f64)> {
    let present = || values.iter().enumerate().filter(|(_, value)| !value.is_nan());
    let weight: f64 = present().map(|(unit, _)| sampling.weight(unit)).sum();
    let mean = present().map(|(unit, value)| sampling.weight(unit) * value).sum::<f64>() / weight;
    let squares: f64 =
        present().map(|(unit, value)| sampling.weight(unit) * (value - mean).powi(2)).sum();
    let spread = (squares / weight).sqrt();
    let largest = present().map(|(_, value)| value.abs()).fold(0.0, f64::max);
    // A constant column leaves rounding of about 1e-16 of its size.
    (spread > 1e-12 * largest).then_some((mean, spread))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A few operations on numbers of order ten.
    const ROUNDING: f64 = 1e-12;

    fn column(values: &[f64]) -> Regressor<'_> {
        Regressor::Column { values, centre: 0.0, scale: 1.0 }
    }

    #[test]
    fn slope_and_hc3_error_by_hand() {
        // x = −1, 0, 1; y = 0, 3, 3: β = (2, 1.5), residuals −.5, 1, −.5, leverages 5/6, 1/3, 5/6.
        // HC3: intercept ψ = (1/3)(−3, 1.5, −3), slope ψ = (1/2)(3, 0, −3).
        let x = [-1.0, 0.0, 1.0];
        let fit = least_squares(
            &[Regressor::Constant(1.0), column(&x)],
            &[0.0, 3.0, 3.0],
            &Sampling::equal(3),
        )
        .unwrap();
        let (intercept, slope) = (fit[0].unwrap(), fit[1].unwrap());
        assert!((intercept.estimate - 2.0).abs() < ROUNDING);
        assert!((intercept.std_error - 2.25_f64.sqrt()).abs() < ROUNDING);
        assert!((slope.estimate - 1.5).abs() < ROUNDING);
        assert!((slope.std_error - 4.5_f64.sqrt()).abs() < ROUNDING);
    }

    #[test]
    fn clusters_sum_before_squaring_and_singletons_are_hc3() {
        let x = [-1.0, 0.0, 1.0];
        let fit = |ids: &[u32]| {
            let sampling = Sampling::equal(3).with_clusters(ids).unwrap();
            let regressors = [Regressor::Constant(1.0), column(&x)];
            least_squares(&regressors, &[0.0, 3.0, 3.0], &sampling).unwrap()
        };
        let alone = fit(&[3, 1, 2]);
        assert!((alone[1].unwrap().std_error - 4.5_f64.sqrt()).abs() < ROUNDING);
        // First and last together: the slope's influences 1.5 and −1.5 cancel; the intercept's add up.
        let paired = fit(&[0, 1, 0]);
        assert!(paired[1].unwrap().std_error < 1e-7);
        assert!((paired[0].unwrap().std_error - 4.25_f64.sqrt()).abs() < ROUNDING);
        assert_eq!(paired[0].unwrap().n, 2);
    }

    #[test]
    fn combinations_are_left_out_and_do_not_disturb_the_rest() {
        let a = [1.0, 2.0, 4.0, 5.0, -3.0];
        let b = [0.5, -1.0, 2.0, 0.0, 1.0];
        let sum: Vec<f64> = a.iter().zip(&b).map(|(a, b)| 3.0 * a - b).collect();
        let y = [1.0, 0.0, 2.0, 5.0, 1.0];
        let with = least_squares(&[column(&a), column(&b), column(&sum)], &y, &Sampling::equal(5));
        let without = least_squares(&[column(&a), column(&b)], &y, &Sampling::equal(5));
        let (with, without) = (with.unwrap(), without.unwrap());
        assert_eq!(with[2], None);
        assert_eq!(with[..2], without[..]);
    }

    #[test]
    fn a_unit_that_alone_determines_a_coefficient_is_named() {
        let only = [0.0, 0.0, 1.0, 0.0];
        let regressors = [Regressor::Constant(1.0), column(&only)];
        let error =
            least_squares(&regressors, &[1.0, 2.0, 3.0, 4.0], &Sampling::equal(4)).unwrap_err();
        assert_eq!(error, EvaluationError::SingleUnit { unit: 2 });
    }

    #[test]
    fn constants_have_no_spread_and_missing_values_are_passed_over() {
        let sampling = Sampling::equal(3);
        assert_eq!(centre_and_spread(&[0.1; 3], &sampling), None);
        assert_eq!(centre_and_spread(&[f64::NAN; 3], &sampling), None);
        let (centre, spread) = centre_and_spread(&[1.0, f64::NAN, 3.0], &sampling).unwrap();
        assert!((centre - 2.0).abs() < ROUNDING && (spread - 1.0).abs() < ROUNDING);
    }
}
