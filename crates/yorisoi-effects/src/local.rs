//! What does treatment change on average, where an instrument moves it?
//!
//! Arms have propensities to divide by. Here the residual of the instrument and how strongly it moves the
//! treatment play their part, and the answer speaks of those whom it moves.

use yorisoi_data::Estimate;

use crate::averages::Linear;
use crate::scores::{check_finite, check_len};
use crate::{Sampling, ScoreError};

/// Outcome, treatment and instrument less what the features say of them; one entry a unit.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct InstrumentResiduals {
    /// `Y − m̂(X)`, in the unit of the outcome.
    pub y: Vec<f64>,
    /// `W − ê(X)`, in the unit of the treatment.
    pub w: Vec<f64>,
    /// `Z − ẑ(X)`, in the unit of the instrument.
    pub z: Vec<f64>,
}

/// How much the instrument varies and moves the treatment, given the features; one entry a unit.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Strength {
    /// `V(x) = Var(Z | X = x)`, above 0.
    pub variance: Vec<f64>,
    /// `Δ(x) = Cov(Z, W | X = x)`, not 0.
    pub covariance: Vec<f64>,
}

/// Over whom the effect is averaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocalTarget {
    /// Everyone alike.
    All,
    /// Everyone by how strongly the instrument moves them: with a 0/1 instrument and treatment the
    /// compliers, and the average is the local average treatment effect.
    Compliers,
    /// Those whom the instrument moved most, as likely to be drawn either way; needs no estimate of how much.
    Overlap,
}

/// What was observed of some units and what is believed of them: checked once, used by every formula.
#[derive(Debug, Clone)]
pub struct InstrumentObserved<'a> {
    residuals: &'a InstrumentResiduals,
    strength: &'a Strength,
    tau_hat: &'a [f64],
}

impl<'a> InstrumentObserved<'a> {
    /// Checks and bundles residuals, strength and effects of the same units.
    ///
    /// # Shapes and units
    ///
    /// Every column has length `n`; `tau_hat` is in units of `Y` per unit of `W`.
    ///
    /// # Errors
    ///
    /// [`ScoreError::LengthMismatch`]; [`ScoreError::NotFinite`]; [`ScoreError::NothingMoves`] where a
    /// variance is not above 0 or a covariance is 0.
    pub fn new(
        residuals: &'a InstrumentResiduals,
        strength: &'a Strength,
        tau_hat: &'a [f64],
    ) -> Result<Self, ScoreError> {
        let n = residuals.y.len();
        let columns: [(&'static str, &[f64]); 6] = [
            ("y", &residuals.y),
            ("w", &residuals.w),
            ("z", &residuals.z),
            ("variance", &strength.variance),
            ("covariance", &strength.covariance),
            ("tau_hat", tau_hat),
        ];
        for (name, column) in columns {
            check_len(name, column.len(), n)?;
            check_finite(name, column)?;
        }
        let moves = |unit: usize| strength.variance[unit] > 0.0 && strength.covariance[unit] != 0.0;
        if let Some(unit) = (0..n).find(|&unit| !moves(unit)) {
            return Err(ScoreError::NothingMoves { unit });
        }
        Ok(Self { residuals, strength, tau_hat })
    }

    /// Returns the number of units.
    pub fn n_units(&self) -> usize {
        self.tau_hat.len()
    }

    /// Returns the doubly robust score of every unit.
    ///
    /// The mean score of a group chosen from `X` alone estimates that group's average effect, and stays
    /// consistent if either `τ̂` or `Δ̂` is estimated well.
    ///
    /// # Formula
    ///
    /// ```text
    /// Γ = τ̂(X) + (Z − ẑ) / Δ̂(X) · (Y − m̂ − τ̂(X) (W − ê))
    /// ```
    ///
    /// Where everyone obeys, `Δ = e (1 − e)`, and this is the AIPW score.
    ///
    /// # Assumptions
    ///
    /// Those of [`InstrumentalForest`](crate::estimators::InstrumentalForest), and an instrument that moves
    /// some people of every kind.
    ///
    /// # Source
    ///
    /// Chernozhukov, Escanciano, Ichimura, Newey & Robins (2022), "Locally
    /// robust semiparametric estimation", *Econometrica* 90(4); Athey & Wager (2021), "Policy learning with
    /// observational data", *Econometrica* 89(1), section 3.
    ///
    /// # Example
    ///
    /// ```
    /// # use yorisoi_effects::{InstrumentObserved, InstrumentResiduals, Strength};
    /// // Two more than expected brought six more than expected, none more none.
    /// let w = vec![2.0, 0.0];
    /// let residuals = InstrumentResiduals { y: vec![6.0, 0.0], z: w.clone(), w };
    /// let strength = Strength { variance: vec![2.0; 2], covariance: vec![2.0; 2] };
    /// // An effect that fits leaves nothing to correct; one that does not is moved towards what was seen.
    /// assert_eq!(InstrumentObserved::new(&residuals, &strength, &[3.0, 3.0])?.scores(), vec![3.0, 3.0]);
    /// assert_eq!(InstrumentObserved::new(&residuals, &strength, &[0.0, 0.0])?.scores(), vec![6.0, 0.0]);
    /// # Ok::<(), yorisoi_effects::ScoreError>(())
    /// ```
    pub fn scores(&self) -> Vec<f64> {
        (0..self.n_units()).map(|unit| self.score(unit)).collect()
    }

    fn score(&self, unit: usize) -> f64 {
        let (y, w, z) = self.residuals_of(unit);
        let tau_hat = self.tau_hat[unit];
        tau_hat + z / self.strength.covariance[unit] * (y - tau_hat * w)
    }

    /// Returns doubly robust scores of what the instrument does to the outcome, and to the treatment.
    fn by_instrument(&self, unit: usize) -> (f64, f64) {
        let (y, w, z) = self.residuals_of(unit);
        let variance = self.strength.variance[unit];
        let on_w = self.strength.covariance[unit] / variance;
        let on_y = on_w * self.tau_hat[unit];
        (on_y + z / variance * (y - on_y * z), on_w + z / variance * (w - on_w * z))
    }

    fn residuals_of(&self, unit: usize) -> (f64, f64, f64) {
        (self.residuals.y[unit], self.residuals.w[unit], self.residuals.z[unit])
    }
}

/// Returns the average effect of treatment, moved by an instrument, over a target population.
///
/// # Formula
///
/// Each is `θ = Σ vᵢ aᵢ / Σ vᵢ bᵢ` with sample weights `vᵢ`, residuals `ỹ`, `w̃`, `z̃`, scores `Γ` as in
/// [`InstrumentObserved::scores`], and `c = Δ̂ / V̂`, the treatment that one more unit of the instrument brings:
///
/// ```text
/// target      estimand              a                              b
/// All         E[τ(X)]               Γ                              1
/// Compliers   E[c τ(X)] / E[c]      c τ̂ + z̃ / V̂ · (ỹ − c τ̂ z̃)     c + z̃ / V̂ · (w̃ − c z̃)
/// Overlap     E[Δ τ(X)] / E[Δ]      z̃ ỹ                            z̃ w̃
/// ```
///
/// All three moments are orthogonal to their nuisances. The standard error is that of the influence
/// `ψᵢ = vᵢ (aᵢ − θ bᵢ) / Σ v b`, summed within clusters, as in [`average_effect`](crate::average_effect).
///
/// # Assumptions
///
/// As [`InstrumentObserved::scores`]; nuisances and effects out of fold. `Overlap` needs no strength bounded away from 0.
///
/// # Errors
///
/// [`ScoreError::LengthMismatch`]; [`ScoreError::TooFew`] with fewer than two independent units.
///
/// # Source
///
/// All: see [`InstrumentObserved::scores`] and Aronow & Carnegie (2013), "Beyond LATE", *Political Analysis* 21(4).
/// Compliers: Imbens & Angrist (1994), *Econometrica* 62(2); Tan (2006), *JASA* 101; Chernozhukov et al.
/// (2018), "Double/debiased machine learning", *Econometrics Journal* 21(1), section 5.2. Overlap: Robinson
/// (1988), *Econometrica* 56; Chernozhukov et al. (2018), section 4.2.
///
/// # Example
///
/// ```
/// # use yorisoi_effects::{InstrumentObserved, LocalTarget, InstrumentResiduals, Sampling, Strength, average_local_effect};
/// let w = vec![1.0, -2.0];
/// let residuals = InstrumentResiduals { y: vec![3.0, -6.0], z: w.clone(), w };
/// let strength = Strength { variance: vec![2.5; 2], covariance: vec![2.5; 2] };
/// let moved = InstrumentObserved::new(&residuals, &strength, &[0.0, 0.0])?;
/// let found = average_local_effect(&moved, LocalTarget::Overlap, &Sampling::equal(2))?;
/// assert_eq!(found.estimate, 3.0);
/// # Ok::<(), yorisoi_effects::ScoreError>(())
/// ```
pub fn average_local_effect(
    moved: &InstrumentObserved<'_>,
    target: LocalTarget,
    sampling: &Sampling<'_>,
) -> Result<Estimate, ScoreError> {
    check_len("sampling", sampling.n_units(), moved.n_units())?;
    let part = |unit: usize| {
        Some(match target {
            LocalTarget::All => (moved.score(unit), 1.0),
            LocalTarget::Compliers => moved.by_instrument(unit),
            LocalTarget::Overlap => {
                let (y, w, z) = moved.residuals_of(unit);
                (z * y, z * w)
            }
        })
    };
    Linear::ratio(sampling, part).estimate("the average effect", sampling)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Nuisances, arm_scores};
    use proptest::prelude::*;
    use yorisoi_data::unit_hash;

    /// A handful of additions and divisions of numbers up to 10.
    const ROUNDING: f64 = 1e-9;

    const TARGETS: [LocalTarget; 3] =
        [LocalTarget::All, LocalTarget::Compliers, LocalTarget::Overlap];

    proptest! {
        /// Where everyone obeys, scores are those of an arm.
        #[test]
        fn an_instrument_that_all_obey_has_the_scores_of_an_arm(
            y in -10.0..10.0_f64, treated: bool, tau in -3.0..3.0_f64, m in -10.0..10.0_f64, e in 0.05..0.95_f64,
        ) {
            let w = vec![f64::from(u8::from(treated)) - e];
            let residuals = InstrumentResiduals { y: vec![y - m], z: w.clone(), w };
            let variance = vec![e * (1.0 - e)];
            let strength = Strength { covariance: variance.clone(), variance };
            let ours = InstrumentObserved::new(&residuals, &strength, &[tau]).unwrap().scores()[0];
            let nuisances = Nuisances { y_hat: vec![m], w_hat: vec![vec![1.0 - e], vec![e]] };
            let arms = arm_scores(&[y], &[u8::from(treated)], &[vec![tau]], &nuisances).unwrap();
            prop_assert!((ours - arms.effect(1).unwrap()[0]).abs() < 1e-8);
        }
    }

    /// A world with its nuisances known.
    struct World {
        residuals: InstrumentResiduals,
        strength: Strength,
        tau: Vec<f64>,
        /// What is believed of the effect: half of it.
        believed: Vec<f64>,
    }

    /// A coin offers with `P = .2 + .6 x`; of those like `x` a share `c = .3 + .5 x` obeys, .1 take it anyway
    /// and do better by 1; `τ = 1 + 2 x`.
    fn offers(seed: u64, n: usize) -> World {
        let mut world = World {
            residuals: InstrumentResiduals::default(),
            strength: Strength::default(),
            tau: Vec::new(),
            believed: Vec::new(),
        };
        for i in 0..n as u64 {
            let draw = |stream: u64| unit_hash(seed, i * 8 + stream);
            let x = draw(0);
            let (q, c, tau) = (0.2 + 0.6 * x, 0.3 + 0.5 * x, 1.0 + 2.0 * x);
            let is_keen = draw(2) < 0.1;
            let z = f64::from(u8::from(draw(1) < q));
            let takes = is_keen || (z > 0.5 && draw(2) < 0.1 + c);
            let w = f64::from(u8::from(takes));
            let y = x + f64::from(u8::from(is_keen)) + tau * w + 2.0 * draw(3) - 1.0;
            let w_hat = 0.1 + c * q;
            world.residuals.z.push(z - q);
            world.residuals.w.push(w - w_hat);
            world.residuals.y.push(y - (x + 0.1 + tau * w_hat));
            world.strength.variance.push(q * (1.0 - q));
            world.strength.covariance.push(c * q * (1.0 - q));
            world.tau.push(tau);
            world.believed.push(0.5 * tau);
        }
        world
    }

    /// `E[h τ] / E[h]` over uniform `x` by the midpoint rule, whose error at 10,000 cells is below 1e-8.
    fn weighted_truth(h: impl Fn(f64) -> f64) -> f64 {
        let (mut top, mut bottom) = (0.0, 0.0);
        for cell in 0..10_000 {
            let x = (f64::from(cell) + 0.5) / 10_000.0;
            top += h(x) * (1.0 + 2.0 * x);
            bottom += h(x);
        }
        top / bottom
    }

    fn covered(target: LocalTarget, truth: f64) -> usize {
        let covers = |seed: &u64| {
            let world = offers(2000 + seed, 400);
            let moved = InstrumentObserved::new(&world.residuals, &world.strength, &world.believed)
                .unwrap();
            let found = average_local_effect(&moved, target, &Sampling::equal(400)).unwrap();
            let interval = found.interval_95();
            interval.low <= truth && truth <= interval.high
        };
        (0..600_u64).filter(covers).count()
    }

    // Binomial(600, .95) lies in [551, 587] with probability above .999. The effects believed are half the
    // true ones, so that the correction has to do the work.
    const NOMINAL: std::ops::RangeInclusive<usize> = 551..=587;

    #[test]
    fn intervals_of_every_average_cover_the_truth() {
        let (q, c) = (|x: f64| 0.2 + 0.6 * x, |x: f64| 0.3 + 0.5 * x);
        let truths = [
            weighted_truth(|_| 1.0),
            weighted_truth(c),
            weighted_truth(|x| c(x) * q(x) * (1.0 - q(x))),
        ];
        assert!(truths[1] > truths[0] + 0.1, "the targets differ: {truths:?}");
        for (target, truth) in TARGETS.into_iter().zip(truths) {
            let covered = covered(target, truth);
            assert!(NOMINAL.contains(&covered), "{target:?}: {covered} of 600");
        }
    }

    #[test]
    fn the_mean_of_the_scores_is_the_average_over_everyone() {
        let world = offers(1, 300);
        let moved = InstrumentObserved::new(&world.residuals, &world.strength, &world.tau).unwrap();
        let mean = moved.scores().iter().sum::<f64>() / 300.0;
        let found = average_local_effect(&moved, LocalTarget::All, &Sampling::equal(300));
        assert!((found.unwrap().estimate - mean).abs() < ROUNDING);
    }

    #[test]
    fn a_wrong_strength_is_forgiven_where_the_effect_is_right() {
        let mut world = offers(3, 4_000);
        for covariance in &mut world.strength.covariance {
            *covariance *= 3.0;
        }
        let moved = InstrumentObserved::new(&world.residuals, &world.strength, &world.tau).unwrap();
        let found = average_local_effect(&moved, LocalTarget::All, &Sampling::equal(4_000));
        let found = found.unwrap();
        // Four standard errors.
        assert!((found.estimate - 2.0).abs() < 4.0 * found.std_error, "{found:?}");
    }

    #[test]
    fn who_is_moved_by_nothing_is_named() {
        let residuals = InstrumentResiduals { y: vec![0.0; 2], w: vec![0.0; 2], z: vec![0.0; 2] };
        for (variance, covariance) in [(0.0, 1.0), (1.0, 0.0), (-1.0, 1.0)] {
            let strength =
                Strength { variance: vec![1.0, variance], covariance: vec![1.0, covariance] };
            let error = InstrumentObserved::new(&residuals, &strength, &[0.0; 2]).unwrap_err();
            assert_eq!(error, ScoreError::NothingMoves { unit: 1 });
        }
        let strength = Strength { variance: vec![1.0, f64::NAN], covariance: vec![1.0; 2] };
        let error = InstrumentObserved::new(&residuals, &strength, &[0.0; 2]).unwrap_err();
        assert!(matches!(error, ScoreError::NotFinite { name: "variance", unit: 1, .. }));
    }
}
