//! What does help change on average? ATE, ATT, ATC and the overlap-weighted effect of each arm.
//!
//! Every average here is a ratio of two weighted sums. A ratio is asymptotically linear: each unit has
//! an influence on it, and the standard error is the root of the summed squared influence of each
//! independent unit (or cluster). [`Linear`] is that pair, and the only place where standard errors of
//! means are computed.

use yorisoi_data::Estimate;

use crate::scores::{Observed, check_finite, check_len};
use crate::{Sampling, ScoreError};

/// The fewest independent units that give a standard error at all.
const MIN_INDEPENDENT: usize = 2;

/// For whom the effect of an arm is averaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Everyone: the average treatment effect (ATE).
    All,
    /// Those who got the arm (ATT).
    Treated,
    /// Those who got control (ATC).
    Control,
    /// Those for whom arm and control were both likely (ATO).
    Overlap,
}

/// Returns the average effect of arm `k` against control over a target population.
///
/// # Formula
///
/// Each is `θ = Σ wᵢ aᵢ / Σ wᵢ bᵢ` with sample weights `wᵢ`, scores `Γ` and `μ` as in
/// [`arm_scores`](crate::arm_scores), and
///
/// ```text
/// target   estimand                    a                                                  b
/// All      E[Yₖ − Y₀]                  Γₖ − Γ₀                                            1
/// Treated  E[Yₖ − Y₀ | W = k]          (1{W=k} − 1{W=0} eₖ/e₀) (Y − μ₀)                   1{W=k}
/// Control  E[Yₖ − Y₀ | W = 0]          (1{W=k} e₀/eₖ − 1{W=0}) (Y − μₖ)                   1{W=0}
/// Overlap  E[h τₖ] / E[h],             1{W∈{0,k}} (1{W=k} − ρ) (Y − μ₀ − ρ τₖ)            1{W∈{0,k}} (1{W=k} − ρ)²
///          h = e₀eₖ/(e₀+eₖ)            ρ = eₖ/(e₀+eₖ)
/// ```
///
/// With one treated arm `h = e(1 − e)` and the last line is the residual-on-residual coefficient,
/// whose moment is orthogonal to both nuisances although `h` is itself estimated.
///
/// The standard error is cluster-robust: `ψᵢ = wᵢ (aᵢ − θ bᵢ) / Σ w b`, summed within clusters,
/// `se² = G/(G − 1) Σ_g (Σ_{i∈g} ψᵢ)²`. `n` counts the units (clusters) in the sums.
///
/// # Assumptions
///
/// No unmeasured confounding given `X`; overlap for the target (for `Overlap` none is needed beyond
/// both arms occurring); nuisances out of fold.
///
/// # Errors
///
/// [`ScoreError::UnknownArm`] if `k` is control or does not exist; [`ScoreError::LengthMismatch`];
/// [`ScoreError::TooFew`] with fewer than two independent units in the sums.
///
/// # Source
///
/// ATE, ATT: Robins, Rotnitzky & Zhao (1994); Mercatanti & Li (2014). Overlap weights: Li, Morgan &
/// Zaslavsky (2018), "Balancing covariates via propensity score weighting", *JASA* 113; Robinson
/// (1988), *Econometrica* 56. Clusters: Liang & Zeger (1986), *Biometrika* 73.
///
/// # Example
///
/// ```
/// # use yorisoi_effects::{Nuisances, Observed, Sampling, Target, average_effect};
/// let half = vec![0.5; 4];
/// let nuisances = Nuisances { y_hat: vec![2.0; 4], w_hat: vec![half.clone(), half] };
/// let tau_hat = [vec![0.0; 4]];
/// let observed = Observed::new(&[3.0, 4.0, 0.0, 1.0], &[1, 1, 0, 0], &tau_hat, &nuisances)?;
/// let ate = average_effect(&observed, 1, Target::All, &Sampling::equal(4))?;
/// assert_eq!(ate.estimate, 3.0);
/// # Ok::<(), yorisoi_effects::ScoreError>(())
/// ```
pub fn average_effect(
    observed: &Observed<'_>,
    k: usize,
    target: Target,
    sampling: &Sampling<'_>,
) -> Result<Estimate, ScoreError> {
    if k == 0 || k >= observed.n_arms() {
        return Err(ScoreError::UnknownArm { arm: k, last: observed.n_arms() - 1 });
    }
    check_len("sampling", sampling.n_units(), observed.n_units())?;
    let part = |unit: usize| match target {
        Target::All => Some(part_of_all(observed, unit, k)),
        Target::Treated => part_of_treated(observed, unit, k),
        Target::Control => part_of_control(observed, unit, k),
        Target::Overlap => part_of_overlap(observed, unit, k),
    };
    Linear::ratio(sampling, part).estimate("the average effect", sampling)
}

/// Returns the plain difference of weighted mean outcomes between arm `k` and control, unadjusted.
///
/// For comparison only: outside a trial with constant propensities it compares different people.
///
/// # Formula
///
/// ```text
/// θ = Σ_{W=k} w Y / Σ_{W=k} w − Σ_{W=0} w Y / Σ_{W=0} w
/// ```
///
/// with the cluster-robust standard error of [`average_effect`].
///
/// # Errors
///
/// [`ScoreError::LengthMismatch`], [`ScoreError::NotFinite`]; [`ScoreError::TooFew`] if either arm has
/// fewer than two independent units.
pub fn difference_in_means(
    y: &[f64],
    arm: &[u8],
    k: usize,
    sampling: &Sampling<'_>,
) -> Result<Estimate, ScoreError> {
    check_len("arm", arm.len(), y.len())?;
    check_len("sampling", sampling.n_units(), y.len())?;
    check_finite("y", y)?;
    let mean_of = |which: usize| {
        let mean = Linear::ratio(sampling, |unit| {
            (usize::from(arm[unit]) == which).then(|| (y[unit], 1.0))
        });
        mean.estimate("the mean outcome of an arm", sampling).map(|_| mean)
    };
    mean_of(k)?.less(&mean_of(0)?).estimate("the difference in means", sampling)
}

fn part_of_all(observed: &Observed<'_>, unit: usize, k: usize) -> (f64, f64) {
    let residual = |k: usize| {
        let got = usize::from(observed.arm[unit]) == k;
        let weight = if got { 1.0 / observed.w_hat(unit, k) } else { 0.0 };
        weight * (observed.y[unit] - observed.mu(unit, k))
    };
    (observed.tau_hat[k - 1][unit] + residual(k) - residual(0), 1.0)
}

fn part_of_treated(observed: &Observed<'_>, unit: usize, k: usize) -> Option<(f64, f64)> {
    let residual = observed.y[unit] - observed.mu(unit, 0);
    match usize::from(observed.arm[unit]) {
        0 => Some((-observed.w_hat(unit, k) / observed.w_hat(unit, 0) * residual, 0.0)),
        arm if arm == k => Some((residual, 1.0)),
        _ => None,
    }
}

fn part_of_control(observed: &Observed<'_>, unit: usize, k: usize) -> Option<(f64, f64)> {
    let residual = observed.y[unit] - observed.mu(unit, k);
    match usize::from(observed.arm[unit]) {
        0 => Some((-residual, 1.0)),
        arm if arm == k => {
            Some((observed.w_hat(unit, 0) / observed.w_hat(unit, k) * residual, 0.0))
        }
        _ => None,
    }
}

fn part_of_overlap(observed: &Observed<'_>, unit: usize, k: usize) -> Option<(f64, f64)> {
    let arm = usize::from(observed.arm[unit]);
    if arm != 0 && arm != k {
        return None;
    }
    let (e, e_0) = (observed.w_hat(unit, k), observed.w_hat(unit, 0));
    let rho = e / (e + e_0);
    let centred = f64::from(u8::from(arm == k)) - rho;
    let y_hat = observed.mu(unit, 0) + rho * observed.tau_hat[k - 1][unit];
    Some((centred * (observed.y[unit] - y_hat), centred * centred))
}

/// An asymptotically linear estimate: its value, and how much each unit moves it.
///
/// Differences of such estimates on the same units keep what the two have in common, which is what
/// makes a comparison *paired*.
#[derive(Debug, Clone)]
pub struct Linear {
    value: f64,
    influence: Vec<f64>,
    takes_part: Vec<bool>,
}

impl Linear {
    /// Returns `Σ wᵢ aᵢ / Σ wᵢ bᵢ` with influences, where `part(i)` is `(aᵢ, bᵢ)`, or `None` for a unit
    /// that takes no part.
    ///
    /// The value is not finite if no unit takes part or the denominators sum to zero;
    /// [`Self::estimate`] then refuses.
    pub fn ratio(sampling: &Sampling<'_>, part: impl Fn(usize) -> Option<(f64, f64)>) -> Self {
        let n = sampling.n_units();
        let (mut numerator, mut denominator) = (0.0, 0.0);
        for unit in 0..n {
            if let Some((a, b)) = part(unit) {
                numerator += sampling.weight(unit) * a;
                denominator += sampling.weight(unit) * b;
            }
        }
        let value = numerator / denominator;
        let mut influence = vec![0.0; n];
        let mut takes_part = vec![false; n];
        for unit in 0..n {
            if let Some((a, b)) = part(unit) {
                influence[unit] = sampling.weight(unit) * (a - value * b) / denominator;
                takes_part[unit] = true;
            }
        }
        Self { value, influence, takes_part }
    }

    /// Returns the weighted mean of `values`.
    pub fn mean(values: &[f64], sampling: &Sampling<'_>) -> Self {
        Self::ratio(sampling, |unit| Some((values[unit], 1.0)))
    }

    /// Returns the value.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// Returns this estimate less another on the same units.
    #[must_use]
    pub fn less(&self, other: &Self) -> Self {
        let influence = self.influence.iter().zip(&other.influence).map(|(a, b)| a - b).collect();
        let takes_part =
            self.takes_part.iter().zip(&other.takes_part).map(|(a, b)| *a || *b).collect();
        Self { value: self.value - other.value, influence, takes_part }
    }

    /// Returns value, cluster-robust standard error and number of independent units (clusters).
    ///
    /// # Formula
    ///
    /// ```text
    /// se² = G/(G − 1) Σ_g (Σ_{i∈g} ψᵢ)²
    /// ```
    ///
    /// # Errors
    ///
    /// [`ScoreError::TooFew`] with fewer than two independent units, naming `what`.
    pub fn estimate(
        &self,
        what: &'static str,
        sampling: &Sampling<'_>,
    ) -> Result<Estimate, ScoreError> {
        let n_slots = sampling.n_independent();
        let mut sums = vec![0.0; n_slots];
        let mut takes_part = vec![false; n_slots];
        for (unit, psi) in self.influence.iter().enumerate() {
            sums[sampling.cluster(unit)] += psi;
            takes_part[sampling.cluster(unit)] |= self.takes_part[unit];
        }
        let n = takes_part.iter().filter(|takes_part| **takes_part).count();
        if n < MIN_INDEPENDENT || !self.value.is_finite() {
            return Err(ScoreError::TooFew { what, actual: n, needed: MIN_INDEPENDENT });
        }
        let squares: f64 = sums.iter().map(|sum| sum * sum).sum();
        let g = n as f64;
        Ok(Estimate { estimate: self.value, std_error: (g / (g - 1.0) * squares).sqrt(), n })
    }
}

/// Returns the weighted mean of `values` with its cluster-robust standard error.
///
/// # Errors
///
/// [`ScoreError::LengthMismatch`], [`ScoreError::NotFinite`] (named `values`), [`ScoreError::TooFew`].
pub fn mean(values: &[f64], sampling: &Sampling<'_>) -> Result<Estimate, ScoreError> {
    check_len("values", values.len(), sampling.n_units())?;
    check_finite("values", values)?;
    Linear::mean(values, sampling).estimate("the mean", sampling)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Nuisances;
    use yorisoi_data::unit_hash;

    /// A handful of additions and divisions of numbers up to 10.
    const ROUNDING: f64 = 1e-10;

    const TARGETS: [Target; 4] = [Target::All, Target::Treated, Target::Control, Target::Overlap];

    fn constant(n: usize, y_hat: f64, w_hat: &[f64]) -> Nuisances {
        Nuisances { y_hat: vec![y_hat; n], w_hat: w_hat.iter().map(|e| vec![*e; n]).collect() }
    }

    fn close(actual: f64, expected: f64) {
        assert!((actual - expected).abs() < ROUNDING, "{actual} is not {expected}");
    }

    #[test]
    fn mean_and_standard_error_by_hand() {
        // Mean 2, squared deviations 1 + 0 + 1; se² = 3/2 · (2/9) = 1/3.
        let estimate = mean(&[1.0, 2.0, 3.0], &Sampling::equal(3)).unwrap();
        close(estimate.estimate, 2.0);
        close(estimate.std_error, (1.0_f64 / 3.0).sqrt());
        assert_eq!(estimate.n, 3);
    }

    #[test]
    fn clusters_by_hand() {
        // Deviations −1, 0, 1 with the last two in one cluster: sums −1/3 and 1/3; se² = 2 · 2/9.
        let sampling = Sampling::equal(3).with_clusters(&[4, 9, 9]).unwrap();
        let estimate = mean(&[1.0, 2.0, 3.0], &sampling).unwrap();
        close(estimate.std_error, 2.0 / 3.0);
        assert_eq!(estimate.n, 2);
    }

    #[test]
    fn att_and_atc_by_hand() {
        // e = 1/4, m = 1, tau = 4: mu0 = 0, mu1 = 4, e/e0 = 1/3. Treated y 6, 4; control y 3, 0, 0.
        // ATT = (6 + 4 − 3/3) / 2 = 4.5. ATC = (3·((6−4)+(4−4)) − (3−4) − (0−4) − (0−4)) / 3 = 5.
        let nuisances = constant(5, 1.0, &[0.75, 0.25]);
        let tau = [vec![4.0; 5]];
        let y = [6.0, 4.0, 3.0, 0.0, 0.0];
        let observed = Observed::new(&y, &[1, 1, 0, 0, 0], &tau, &nuisances).unwrap();
        let of = |target| average_effect(&observed, 1, target, &Sampling::equal(5)).unwrap();
        close(of(Target::Treated).estimate, 4.5);
        close(of(Target::Control).estimate, 5.0);
    }

    #[test]
    fn overlap_is_the_residual_on_residual_coefficient() {
        let e = [0.2, 0.5, 0.7, 0.4];
        let w = [1_u8, 0, 1, 0];
        let y = [3.0, 1.0, 2.5, -1.0];
        let m = [1.0, 0.5, 2.0, 0.0];
        let nuisances = Nuisances {
            y_hat: m.to_vec(),
            w_hat: vec![e.iter().map(|e| 1.0 - e).collect(), e.to_vec()],
        };
        let (mut top, mut bottom) = (0.0, 0.0);
        for i in 0..4 {
            let centred = f64::from(w[i]) - e[i];
            top += centred * (y[i] - m[i]);
            bottom += centred * centred;
        }
        // Whatever the effects say: the binary residual does not use them.
        for tau in [[0.0, 0.0, 0.0, 0.0], [1.0, -2.0, 3.0, 5.0]] {
            let tau = [tau.to_vec()];
            let observed = Observed::new(&y, &w, &tau, &nuisances).unwrap();
            let estimate =
                average_effect(&observed, 1, Target::Overlap, &Sampling::equal(4)).unwrap();
            close(estimate.estimate, top / bottom);
        }
    }

    #[test]
    fn a_noiseless_constant_effect_is_found_for_every_target_and_arm() {
        // Y = 2 + tau_W with tau = (1, −3), propensities (.5, .3, .2): m = 2 + .3 − .6.
        let arm: Vec<u8> = (0..60).map(|unit| (unit % 3) as u8).collect();
        let y: Vec<f64> = arm.iter().map(|arm| [2.0, 3.0, -1.0][usize::from(*arm)]).collect();
        let nuisances = constant(60, 1.7, &[0.5, 0.3, 0.2]);
        let tau = [vec![1.0; 60], vec![-3.0; 60]];
        let observed = Observed::new(&y, &arm, &tau, &nuisances).unwrap();
        for target in TARGETS {
            for (k, effect) in [(1, 1.0), (2, -3.0)] {
                let found = average_effect(&observed, k, target, &Sampling::equal(60)).unwrap();
                close(found.estimate, effect);
                assert!(found.std_error < ROUNDING, "{target:?}");
            }
        }
    }

    #[test]
    fn difference_in_means_by_hand() {
        // 5 − 2 = 3; deviations ±1 over 2 and ±1 over 2: sum ψ² = 4/4 = 1; se² = 4/3.
        let difference =
            difference_in_means(&[4.0, 6.0, 1.0, 3.0], &[1, 1, 0, 0], 1, &Sampling::equal(4))
                .unwrap();
        close(difference.estimate, 3.0);
        close(difference.std_error, (4.0_f64 / 3.0).sqrt());
        let lonely = difference_in_means(&[4.0, 6.0, 1.0], &[1, 0, 0], 1, &Sampling::equal(3));
        assert!(matches!(lonely, Err(ScoreError::TooFew { actual: 1, .. })));
    }

    /// A confounded world with three arms and heterogeneous effects, nuisances known.
    struct World {
        y: Vec<f64>,
        arm: Vec<u8>,
        tau: [Vec<f64>; 2],
        nuisances: Nuisances,
    }

    fn world(seed: u64, n: usize) -> World {
        let mut world = World {
            y: vec![],
            arm: vec![],
            tau: [vec![], vec![]],
            nuisances: Nuisances { y_hat: vec![], w_hat: vec![vec![]; 3] },
        };
        for i in 0..n as u64 {
            let draw = |stream: u64| unit_hash(seed, i * 8 + stream);
            let x = draw(0);
            let e = [0.5 - 0.3 * x, 0.25 + 0.2 * x, 0.25 + 0.1 * x];
            let tau = [1.0 + x, x * x];
            let u = draw(1);
            let arm = u8::from(u > e[0]) + u8::from(u > e[0] + e[1]);
            // Uniform noise of variance 1/3.
            let base = 3.0 * x + 2.0 * draw(2) - 1.0;
            world.y.push(base + if arm == 0 { 0.0 } else { tau[usize::from(arm) - 1] });
            world.arm.push(arm);
            for (column, tau) in world.tau.iter_mut().zip(tau) {
                column.push(tau);
            }
            for (column, e) in world.nuisances.w_hat.iter_mut().zip(e) {
                column.push(e);
            }
            world.nuisances.y_hat.push(3.0 * x + e[1] * tau[0] + e[2] * tau[1]);
        }
        world
    }

    /// `E[h τ] / E[h]` over uniform `x` by the midpoint rule, whose error at 10,000 cells is below 1e-8.
    fn weighted_truth(k: usize, h: impl Fn([f64; 3]) -> f64) -> f64 {
        let (mut top, mut bottom) = (0.0, 0.0);
        for cell in 0..10_000 {
            let x = (f64::from(cell) + 0.5) / 10_000.0;
            let weight = h([0.5 - 0.3 * x, 0.25 + 0.2 * x, 0.25 + 0.1 * x]);
            top += weight * [1.0 + x, x * x][k - 1];
            bottom += weight;
        }
        top / bottom
    }

    fn truth(k: usize, target: Target) -> f64 {
        weighted_truth(k, |e| match target {
            Target::All => 1.0,
            Target::Treated => e[k],
            Target::Control => e[0],
            Target::Overlap => e[0] * e[k] / (e[0] + e[k]),
        })
    }

    #[test]
    fn intervals_of_every_average_cover_the_truth() {
        // Binomial(600, .95) lies in [551, 587] with probability above .999; four targets and two
        // arms share the worlds.
        const REPLICATIONS: u64 = 600;
        for target in TARGETS {
            for k in 1..3 {
                let truth = truth(k, target);
                let covered = (0..REPLICATIONS).filter(|seed| {
                    let world = world(1000 + seed, 300);
                    let observed =
                        Observed::new(&world.y, &world.arm, &world.tau, &world.nuisances).unwrap();
                    let interval = average_effect(&observed, k, target, &Sampling::equal(300))
                        .unwrap()
                        .interval_95();
                    interval.low <= truth && truth <= interval.high
                });
                let covered = covered.count();
                assert!((551..=587).contains(&covered), "{target:?} arm {k}: {covered} of 600");
            }
        }
    }

    #[test]
    fn cluster_robust_intervals_cover_where_plain_ones_do_not() {
        // 100 clusters of 5: a shared uniform draw plus an own one, mean 1, intra-cluster correlation
        // one half. Binomial(600, .95) as above; the plain interval is too narrow by sqrt(3), which
        // would cover 74 %, and more than 540 of 600 would be impossible in practice.
        let ids: Vec<u32> = (0..500).map(|unit| unit / 5).collect();
        let (mut clustered, mut plain) = (0, 0);
        for seed in 0..600 {
            let draw = |stream: u64, i: u32| unit_hash(9000 + seed, stream << 32 | u64::from(i));
            let values: Vec<f64> = (0..500).map(|i| draw(0, i / 5) + draw(1, i)).collect();
            let covers = |sampling: Sampling<'_>| {
                let interval = mean(&values, &sampling).unwrap().interval_95();
                interval.low <= 1.0 && 1.0 <= interval.high
            };
            clustered += u32::from(covers(Sampling::equal(500).with_clusters(&ids).unwrap()));
            plain += u32::from(covers(Sampling::equal(500)));
        }
        assert!((551..=587).contains(&clustered), "{clustered} of 600");
        assert!(plain < 540, "{plain} of 600");
    }

    #[test]
    fn weight_two_counts_like_a_repeated_row_and_a_cluster_of_one_like_none() {
        let world = world(7, 50);
        let weights: Vec<f64> = (0..50).map(|unit| if unit < 25 { 2.0 } else { 1.0 }).collect();
        let rows: Vec<usize> = (0..50).chain(0..25).collect();
        let take = |values: &[f64]| -> Vec<f64> { rows.iter().map(|row| values[*row]).collect() };
        let nuisances = Nuisances {
            y_hat: take(&world.nuisances.y_hat),
            w_hat: world.nuisances.w_hat.iter().map(|column| take(column)).collect(),
        };
        let arm: Vec<u8> = rows.iter().map(|row| world.arm[*row]).collect();
        let tau = [take(&world.tau[0]), take(&world.tau[1])];
        let y = take(&world.y);
        let repeated = Observed::new(&y, &arm, &tau, &nuisances).unwrap();
        let weighted = Observed::new(&world.y, &world.arm, &world.tau, &world.nuisances).unwrap();
        let ids: Vec<u32> = (0..50).map(|unit| 1000 - unit).collect();
        for target in TARGETS {
            let of = |observed, sampling| average_effect(observed, 1, target, &sampling).unwrap();
            let plain = of(&weighted, Sampling::equal(50).with_weights(&weights).unwrap());
            close(plain.estimate, of(&repeated, Sampling::equal(75)).estimate);
            let alone = Sampling::equal(50).with_weights(&weights).unwrap();
            let alone = of(&weighted, alone.with_clusters(&ids).unwrap());
            close(plain.std_error, alone.std_error);
            assert_eq!(plain.n, alone.n);
            // A repeated row is the same person twice: as clusters, the errors agree too.
            let people: Vec<u32> = rows.iter().map(|row| *row as u32).collect();
            let people = of(&repeated, Sampling::equal(75).with_clusters(&people).unwrap());
            close(plain.std_error, people.std_error);
        }
    }
}
