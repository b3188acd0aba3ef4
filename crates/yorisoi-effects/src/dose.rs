//! What does one unit more of a dose change? Orthogonal scores where treatment is an amount.
//!
//! A dose has no arms, so its scores divide by the variance of the dose given the features where those of
//! arms divide by propensities. Their mean over any group chosen from `X` alone estimates the group's
//! average effect of one unit more; all that judges arms then judges a dose as "one unit more" against
//! "as it was".

use yorisoi_data::{BinnedRows, Dataset, Estimate, OutOfFold, Treatment, mix};
use yorisoi_forest::BoostParams;

use crate::averages::{Linear, mean};
use crate::crossfit::CrossFit;
use crate::learner::NuisanceModels;
use crate::scores::{check_finite, check_len};
use crate::{ArmScores, EffectParams, Nuisances, Sampling, ScoreError, default_folds};

/// Estimated variances are kept above this share of their mean: a score divides by them, and one row must
/// not outweigh twenty.
const LEAST_VARIANCE: f64 = 0.05;

/// Where features leave less than this share of the dose's variance, the dose was all but decided.
const FIXED: f64 = 0.05;

/// Keeps the folds' draws apart from those of the other nuisances.
const SPREAD_STREAM: u64 = 0x7370_7265_6164;

/// How much the dose varies among people with the same features, `v(x) = Var[W | X = x]`.
#[derive(Debug, Clone, PartialEq)]
pub struct DoseSpread {
    models: NuisanceModels,
    least: f64,
}

impl DoseSpread {
    /// Learns `v(x)` from the squared residuals of the dose, cross-fitted over clusters, and returns it
    /// with its values at `rows`, each from a model that has not seen the row.
    ///
    /// # Formula
    ///
    /// ```text
    /// v(x) = E[(W − ê(X))² | X = x],  kept above 5 % of its mean
    /// ```
    ///
    /// # Errors
    ///
    /// [`ScoreError::LengthMismatch`], [`ScoreError::ArmMismatch`], [`ScoreError::NotFinite`] where the data
    /// or `nuisances` are not those of a dose at `rows`; [`ScoreError::TooFew`] where no dose differs from
    /// what features say.
    pub fn fit(
        data: &Dataset,
        rows: &[u32],
        nuisances: &OutOfFold<Nuisances>,
        params: &EffectParams,
    ) -> Result<(Self, OutOfFold<Vec<f64>>), ScoreError> {
        let w_hat = mean_dose(nuisances.get(), rows.len())?;
        let Treatment::Dose(dose) = &data.treatment else {
            return Err(ScoreError::ArmMismatch { name: "dose", actual: 0, expected: 1 });
        };
        let (squares, mean) = squares(data, dose, rows, w_hat)?;
        let weights: Option<Vec<f32>> =
            data.weights.as_ref().map(|weights| weights.iter().map(|&w| w as f32).collect());
        // The treatment plays no part: `known` leaves the squares alone to be learned.
        let none = vec![0.0; data.n_units()];
        let cross_fit = CrossFit {
            features: &data.features,
            y: &squares,
            w: &none,
            weights: weights.as_deref(),
            clusters: data.clusters.as_deref(),
            known: Some(&none),
            learner: params.nuisances,
            n_folds: params.folds.unwrap_or_else(|| default_folds(rows.len())),
            boost: BoostParams { seed: mix(params.seed, SPREAD_STREAM), ..params.boost },
        };
        let (models, own) = cross_fit.fit(rows, rows, (0.0, 1.0));
        let spread = Self { models, least: LEAST_VARIANCE * mean };
        let own = OutOfFold::promise(spread.kept(&own.into_inner().y_hat));
        Ok((spread, own))
    }

    /// Returns `v(x)` of rows that it has not learned from.
    pub fn variance(&self, features: &BinnedRows, rows: &[u32]) -> Vec<f64> {
        let none = vec![0.0; rows.len()];
        self.kept(&self.models.new_rows(features, rows, Some(&none)).y_hat)
    }

    fn kept(&self, variance: &[f32]) -> Vec<f64> {
        variance.iter().map(|&v| f64::from(v).max(self.least)).collect()
    }
}

/// Returns squared residuals, spread over all units of the data, and their weighted mean over `rows`.
fn squares(
    data: &Dataset,
    dose: &[f64],
    rows: &[u32],
    w_hat: &[f64],
) -> Result<(Vec<f32>, f64), ScoreError> {
    let mut squares = vec![0.0_f32; dose.len()];
    let (mut sum, mut total) = (0.0, 0.0);
    for (&row, w_hat) in rows.iter().zip(w_hat) {
        let (row, weight) = (row as usize, data.weight(row as usize));
        let square = (dose[row] - w_hat).powi(2);
        sum += weight * square;
        total += weight;
        squares[row] = square as f32;
    }
    let mean = sum / total;
    // Written positively so that NaN is rejected too.
    let varies = mean > 0.0 && mean < f64::INFINITY;
    if varies {
        return Ok((squares, mean));
    }
    let what = "the variance of the dose among people alike";
    Err(ScoreError::TooFew { what, actual: 0, needed: 1 })
}

/// What was observed of some units with a dose, and what is believed of them.
#[derive(Debug, Clone)]
pub struct DoseObserved<'a> {
    y: &'a [f64],
    dose: &'a [f64],
    tau_hat: &'a [f64],
    y_hat: &'a [f64],
    w_hat: &'a [f64],
    variance: &'a [f64],
}

impl<'a> DoseObserved<'a> {
    /// Checks and bundles outcome, dose, effects of one unit more, nuisances and variance of the dose.
    ///
    /// # Shapes and units
    ///
    /// All have length `n`; `nuisances` are those of a dose. `variance` is in squared units of the dose,
    /// above 0.
    ///
    /// # Errors
    ///
    /// [`ScoreError::LengthMismatch`], [`ScoreError::ArmMismatch`], [`ScoreError::NotFinite`].
    pub fn new(
        (y, dose): (&'a [f64], &'a [f64]),
        tau_hat: &'a [f64],
        nuisances: &'a Nuisances,
        variance: &'a [f64],
    ) -> Result<Self, ScoreError> {
        let n = y.len();
        let w_hat = mean_dose(nuisances, n)?;
        let y_hat = nuisances.y_hat.as_slice();
        let columns =
            [("dose", dose), ("tau_hat", tau_hat), ("y_hat", y_hat), ("variance", variance)];
        for (name, column) in columns {
            check_len(name, column.len(), n)?;
            check_finite(name, column)?;
        }
        check_finite("y", y)?;
        if let Some(unit) = variance.iter().position(|&v| v <= 0.0) {
            return Err(ScoreError::NotFinite { name: "1 / variance", unit, value: f64::INFINITY });
        }
        Ok(Self { y, dose, tau_hat, y_hat, w_hat, variance })
    }

    /// Returns the scores of every unit: as it was, and with one unit more.
    ///
    /// # Formula
    ///
    /// ```text
    /// Γ₀ = m̂(X)
    /// Γ₁ = Γ₀ + τ̂(X) + (W − ê(X)) / v̂(X) · (Y − m̂(X) − τ̂(X) (W − ê(X)))
    /// ```
    ///
    /// # Assumptions
    ///
    /// No unmeasured confounding given `X`; among people with the same features the outcome changes in
    /// proportion to the dose. The mean of `Γ₁ − Γ₀` over a group chosen from `X` is then right if `τ̂` is,
    /// or if `ê` and `v̂` are.
    ///
    /// # Source
    ///
    /// Robinson (1988), *Econometrica* 56; Semenova & Chernozhukov (2021), *Econometrics Journal* 24(2);
    /// Hirshberg & Wager (2021), "Augmented minimax linear estimation", *Annals of Statistics* 49(6).
    pub fn scores(&self) -> ArmScores {
        let more = (0..self.y.len()).map(|unit| {
            let centred = self.dose[unit] - self.w_hat[unit];
            let residual = self.y[unit] - self.y_hat[unit] - self.tau_hat[unit] * centred;
            self.y_hat[unit] + self.tau_hat[unit] + centred / self.variance[unit] * residual
        });
        ArmScores { arms: vec![self.y_hat.to_vec(), more.collect()] }
    }

    /// Returns the average effect of one unit more on everyone, the average partial effect.
    ///
    /// # Errors
    ///
    /// [`ScoreError::TooFew`] with fewer than two independent units; [`ScoreError::LengthMismatch`].
    pub fn average(&self, sampling: &Sampling<'_>) -> Result<Estimate, ScoreError> {
        mean(&self.scores().effect(1)?, sampling)
    }

    /// Returns the average effect weighted by `v(X)`: on those whose dose could have been another.
    ///
    /// # Formula
    ///
    /// `Σ (W − ê)(Y − m̂) / Σ (W − ê)²`, which needs no estimate of `v`.
    ///
    /// # Errors
    ///
    /// As [`Self::average`].
    pub fn average_where_free(&self, sampling: &Sampling<'_>) -> Result<Estimate, ScoreError> {
        check_len("sampling", sampling.n_units(), self.y.len())?;
        let part = |unit: usize| {
            let centred = self.dose[unit] - self.w_hat[unit];
            Some((centred * (self.y[unit] - self.y_hat[unit]), centred * centred))
        };
        Linear::ratio(sampling, part).estimate("the average effect of a dose", sampling)
    }

    /// Returns the plain slope of the outcome on the dose, nothing adjusted: for comparison only.
    ///
    /// # Errors
    ///
    /// As [`Self::average`].
    pub fn slope(&self, sampling: &Sampling<'_>) -> Result<Estimate, ScoreError> {
        check_len("sampling", sampling.n_units(), self.y.len())?;
        let mean_of =
            |values: &[f64]| Linear::ratio(sampling, |unit| Some((values[unit], 1.0))).value();
        let (mean_dose, mean_y) = (mean_of(self.dose), mean_of(self.y));
        let part = |unit: usize| {
            let centred = self.dose[unit] - mean_dose;
            Some((centred * (self.y[unit] - mean_y), centred * centred))
        };
        Linear::ratio(sampling, part).estimate("the slope on a dose", sampling)
    }

    /// Returns the share of the dose's variance that the features explain; `None` for a constant dose.
    ///
    /// # Errors
    ///
    /// [`ScoreError::LengthMismatch`].
    pub fn explained(&self, sampling: &Sampling<'_>) -> Result<Option<f64>, ScoreError> {
        let total = self.dose_variance(sampling)?;
        let left = |unit: usize| Some(((self.dose[unit] - self.w_hat[unit]).powi(2), 1.0));
        let left = Linear::ratio(sampling, left).value();
        Ok((total > 0.0).then(|| 1.0 - left / total))
    }

    /// Returns the share of people whose dose was all but decided by their features: `v(x)` below 5 % of
    /// the dose's variance.
    ///
    /// # Errors
    ///
    /// [`ScoreError::LengthMismatch`].
    pub fn share_fixed(&self, sampling: &Sampling<'_>) -> Result<f64, ScoreError> {
        let bound = FIXED * self.dose_variance(sampling)?;
        let is_fixed = |unit: usize| f64::from(u8::from(self.variance[unit] <= bound));
        Ok(Linear::ratio(sampling, |unit| Some((is_fixed(unit), 1.0))).value())
    }

    /// Returns the independent units, discounted for sample weights and for the unequal weights `1/v(x)`
    /// of their scores ([`Sampling::effective_units`]).
    ///
    /// # Errors
    ///
    /// [`ScoreError::LengthMismatch`].
    pub fn effective_units(&self, sampling: &Sampling<'_>) -> Result<f64, ScoreError> {
        check_len("sampling", sampling.n_units(), self.y.len())?;
        Ok(sampling.effective_units(|unit| Some(1.0 / self.variance[unit])))
    }

    fn dose_variance(&self, sampling: &Sampling<'_>) -> Result<f64, ScoreError> {
        check_len("sampling", sampling.n_units(), self.y.len())?;
        Ok(sampling.centre_and_spread(self.dose).variance)
    }
}

/// Returns `E[W | X = x]`, which stands in the place of the treated arm.
fn mean_dose(nuisances: &Nuisances, n: usize) -> Result<&[f64], ScoreError> {
    let [_, w_hat] = nuisances.w_hat.as_slice() else {
        let actual = nuisances.w_hat.len();
        return Err(ScoreError::ArmMismatch { name: "w_hat", actual, expected: 2 });
    };
    check_len("w_hat", w_hat.len(), n)?;
    check_finite("w_hat", w_hat)?;
    Ok(w_hat)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROUNDING: f64 = 1e-12;

    fn nuisances(y_hat: Vec<f64>, w_hat: Vec<f64>) -> Nuisances {
        Nuisances { y_hat, w_hat: vec![vec![], w_hat] }
    }

    #[test]
    fn a_score_by_hand() {
        let nuisances = nuisances(vec![1.0], vec![2.0]);
        let observed = DoseObserved::new((&[7.0], &[4.0]), &[2.0], &nuisances, &[4.0]).unwrap();
        // Centred 2, residual 7 − 1 − 4 = 2: 2 + 2/4 · 2.
        assert!((observed.scores().effect(1).unwrap()[0] - 3.0).abs() < ROUNDING);
    }

    /// `Y = τ W` without noise: every average is τ, whatever `ê` and `v̂` are, if `τ̂ = τ`.
    #[test]
    fn a_noiseless_effect_is_found_by_every_average() {
        let dose = [0.0, 1.0, 3.0, 5.0];
        let y = dose.map(|w| 0.5 * w);
        let nuisances = nuisances(vec![0.5, 1.0, 1.0, 2.0], vec![1.0, 2.0, 2.0, 4.0]);
        let observed =
            DoseObserved::new((&y, &dose), &[0.5; 4], &nuisances, &[1.0, 2.0, 3.0, 4.0]).unwrap();
        let sampling = Sampling::equal(4);
        for found in [
            observed.average(&sampling),
            observed.average_where_free(&sampling),
            observed.slope(&sampling),
        ] {
            assert!((found.unwrap().estimate - 0.5).abs() < ROUNDING);
        }
    }

    #[test]
    fn an_effect_that_is_wrong_is_put_right_by_the_variance_of_the_dose() {
        // Two doses either side of 0, v = 1, Y = 3 W: with τ̂ = 0 each score is W · 3 W = 3.
        let nuisances = nuisances(vec![0.0; 2], vec![0.0; 2]);
        let observed =
            DoseObserved::new((&[3.0, -3.0], &[1.0, -1.0]), &[0.0; 2], &nuisances, &[1.0; 2])
                .unwrap();
        assert!((observed.average(&Sampling::equal(2)).unwrap().estimate - 3.0).abs() < ROUNDING);
        let equal = Sampling::equal(2);
        assert!(observed.explained(&equal).unwrap().unwrap().abs() < ROUNDING);
        assert!(observed.share_fixed(&equal).unwrap().abs() < ROUNDING);
        assert!((observed.effective_units(&equal).unwrap() - 2.0).abs() < ROUNDING);
    }

    #[test]
    fn a_weight_of_three_is_a_row_written_three_times() {
        let (y, dose) = ([1.0, 2.0, 4.0, 4.0, 4.0], [0.0, 2.0, 5.0, 5.0, 5.0]);
        let (y_hat, w_hat) = (vec![1.0; 5], vec![1.0, 1.0, 4.5, 4.5, 4.5]);
        let (tau_hat, variance) = ([0.5; 5], [4.0, 2.0, 0.05, 0.05, 0.05]);
        let facts = |n: usize, sampling: &Sampling<'_>| {
            let nuisances = nuisances(y_hat[..n].to_vec(), w_hat[..n].to_vec());
            let data = (&y[..n], &dose[..n]);
            let observed =
                DoseObserved::new(data, &tau_hat[..n], &nuisances, &variance[..n]).unwrap();
            let explained = observed.explained(sampling).unwrap().unwrap();
            (explained, observed.share_fixed(sampling).unwrap())
        };
        let weights = [1.0, 1.0, 3.0];
        let weighed = facts(3, &Sampling::equal(3).with_weights(&weights).unwrap());
        let written = facts(5, &Sampling::equal(5));
        assert!((weighed.0 - written.0).abs() < ROUNDING, "{weighed:?} against {written:?}");
        assert!((weighed.1 - 0.6).abs() < ROUNDING && (written.1 - 0.6).abs() < ROUNDING);
    }

    #[test]
    fn what_one_row_carries_alone_is_no_two_units() {
        let nuisances = nuisances(vec![0.0; 4], vec![0.0; 4]);
        let observed =
            DoseObserved::new((&[1.0; 4], &[1.0; 4]), &[0.0; 4], &nuisances, &[1.0; 4]).unwrap();
        let weights = [1e6, 1.0, 1.0, 1.0];
        let heavy = Sampling::equal(4).with_weights(&weights).unwrap();
        assert!(observed.effective_units(&heavy).unwrap() < 1.01);
    }

    #[test]
    fn several_arms_and_a_variance_of_zero_are_refused() {
        let arms = Nuisances { y_hat: vec![0.0], w_hat: vec![vec![0.5]; 3] };
        let refused = DoseObserved::new((&[0.0], &[0.0]), &[0.0], &arms, &[1.0]);
        assert!(matches!(refused, Err(ScoreError::ArmMismatch { actual: 3, .. })));
        let dose = nuisances(vec![0.0], vec![0.0]);
        let refused = DoseObserved::new((&[0.0], &[0.0]), &[0.0], &dose, &[0.0]);
        assert!(matches!(refused, Err(ScoreError::NotFinite { unit: 0, .. })));
    }
}
