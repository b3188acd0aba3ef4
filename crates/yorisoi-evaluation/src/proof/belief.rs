//! What is believed of an action after so many outcomes? A prior, what was seen, and the law of both.

use serde::{Deserialize, Serialize};
use yorisoi_data::Interval;

use super::special::{beta_quantile, student_quantile};
use crate::EvaluationError;

/// Levels of the quantiles that make up a belief, symmetric about 1/2; the first and the last stand for 0
/// and 1.
const LEVELS: [f64; 41] = {
    let mut levels = [0.0; 41];
    let tail = [0.0, 1e-5, 1e-4, 1e-3, 1e-2];
    let mut i = 0;
    while i < 5 {
        levels[i] = tail[i];
        levels[40 - i] = 1.0 - tail[i];
        i += 1;
    }
    while i < 36 {
        levels[i] = (i - 4) as f64 / 32.0;
        i += 1;
    }
    levels
};

/// Where the tails are cut: chances below one in ten million are not acted upon.
const CUT: f64 = 1e-7;

/// What is thought of the mean outcome of an action before anything was seen. Someone must declare it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prior {
    /// For a yes or no: as if `a` yeses and `b` noes had been seen.
    Beta {
        /// Yeses.
        a: f64,
        /// Noes.
        b: f64,
    },
    /// For amounts, whose mean and variance are both unknown.
    NormalGamma {
        /// Guess of the mean.
        mean: f64,
        /// As if it came from so many outcomes.
        strength: f64,
        /// Half as many outcomes stand behind the guess of the variance.
        shape: f64,
        /// The guess of the variance times `shape`.
        rate: f64,
    },
}

/// Outcomes seen of an action.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Seen {
    /// How many.
    pub n: u64,
    /// Their sum.
    pub sum: f64,
    /// The sum of their squares.
    pub sum_of_squares: f64,
}

impl Seen {
    /// Adds one outcome.
    pub fn add(&mut self, outcome: f64) {
        self.n += 1;
        self.sum += outcome;
        self.sum_of_squares += outcome * outcome;
    }
}

/// The law of an action's mean outcome: a quantile table, straight lines in between.
///
/// Draws, chances and intervals all use this one law, so that a logged probability of choice is the
/// probability with which the choice was made, not an approximation of it. Build it once whenever
/// outcomes arrive, and keep it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Belief {
    /// Quantiles at `LEVELS`, strictly increasing unless all are equal.
    knots: Vec<f64>,
    mean: f64,
    n: u64,
}

impl Belief {
    /// Combines a prior with what was seen.
    ///
    /// # Formula
    ///
    /// ```text
    /// Beta         θ ~ Beta(a + Σy, b + n − Σy)
    /// NormalGamma  κ' = κ + n,  μ' = (κμ + Σy)/κ',  α' = α + n/2,
    ///              β' = β + ½ Σ(y − ȳ)² + κ n (ȳ − μ)² / (2κ')
    ///              θ ~ μ' + √(β'/(α'κ')) · Student(2α')
    /// ```
    ///
    /// tabulated at 41 levels; tails beyond 1e-7 are cut.
    ///
    /// # Errors
    ///
    /// [`EvaluationError::Option`] if a parameter of the prior is not positive and finite, or what was seen
    /// is no yes or no where the prior is for one.
    ///
    /// # Source
    ///
    /// Bernardo & Smith (1994), *Bayesian theory* (conjugate analysis).
    ///
    /// # Example
    ///
    /// ```
    /// # use yorisoi_evaluation::proof::{Belief, Prior, Seen};
    /// let seen = Seen { n: 10, sum: 4.0, sum_of_squares: 4.0 };
    /// let belief = Belief::new(&Prior::Beta { a: 1.0, b: 1.0 }, &seen)?;
    /// assert!((belief.mean() - 5.0 / 12.0).abs() < 1e-12);
    /// # Ok::<(), yorisoi_evaluation::EvaluationError>(())
    /// ```
    pub fn new(prior: &Prior, seen: &Seen) -> Result<Self, EvaluationError> {
        let n = seen.n as f64;
        match *prior {
            Prior::Beta { a, b } => {
                positive("a", a)?;
                positive("b", b)?;
                if !(0.0..=n).contains(&seen.sum) {
                    return Err(refused("sum", seen.sum, "between 0 and n: a count of yeses"));
                }
                let (a, b) = (a + seen.sum, b + n - seen.sum);
                Ok(Self::tabulate(a / (a + b), seen.n, |u| beta_quantile(a, b, u)))
            }
            Prior::NormalGamma { mean, strength, shape, rate } => {
                if !mean.is_finite() {
                    return Err(refused("mean", mean, "a finite number"));
                }
                positive("strength", strength)?;
                positive("shape", shape)?;
                positive("rate", rate)?;
                if !(seen.sum.is_finite() && seen.sum_of_squares.is_finite()) {
                    return Err(refused("sum", seen.sum, "finite sums"));
                }
                let seen_mean = if n > 0.0 { seen.sum / n } else { mean };
                let spread = (seen.sum_of_squares - n * seen_mean * seen_mean).max(0.0);
                let kappa = strength + n;
                let centre = (strength * mean + seen.sum) / kappa;
                let alpha = shape + 0.5 * n;
                let shift = seen_mean - mean;
                let beta = rate + 0.5 * spread + 0.5 * strength * n * shift * shift / kappa;
                let scale = libm::sqrt(beta / (alpha * kappa));
                let quantile = |u| centre + scale * student_quantile(2.0 * alpha, u);
                Ok(Self::tabulate(centre, seen.n, quantile))
            }
        }
    }

    /// Returns the belief that the value is this number: holding back costs nothing, say.
    pub fn certain(value: f64) -> Self {
        Self { knots: vec![value; LEVELS.len()], mean: value, n: 0 }
    }

    fn tabulate(mean: f64, n: u64, quantile: impl Fn(f64) -> f64) -> Self {
        let knots = LEVELS.iter().map(|level| quantile(level.clamp(CUT, 1.0 - CUT))).collect();
        Self { knots: separated(knots), mean, n }
    }

    /// Returns the belief in `scale · θ + shift`: an outcome's value to this client less the cost, say.
    #[must_use]
    pub fn scaled(&self, scale: f64, shift: f64) -> Self {
        let mean = scale * self.mean + shift;
        if self.is_certain() || scale == 0.0 {
            return Self { n: self.n, ..Self::certain(mean) };
        }
        let mut knots: Vec<f64> = self.knots.iter().map(|x| scale * x + shift).collect();
        if scale < 0.0 {
            // Levels are symmetric, so the mirrored table is the reversed one.
            knots.reverse();
        }
        Self { knots: separated(knots), mean, n: self.n }
    }

    /// Returns the mean.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// Returns how many outcomes were seen.
    pub fn n(&self) -> u64 {
        self.n
    }

    /// Returns whether all of the law lies in one point.
    pub fn is_certain(&self) -> bool {
        self.knots.first() >= self.knots.last()
    }

    /// Returns the value below which the share `u` of the law lies.
    pub fn quantile(&self, u: f64) -> f64 {
        let cell = LEVELS.partition_point(|level| *level <= u).clamp(1, LEVELS.len() - 1);
        let share = (u - LEVELS[cell - 1]) / (LEVELS[cell] - LEVELS[cell - 1]);
        self.knots[cell - 1] + share * (self.knots[cell] - self.knots[cell - 1])
    }

    /// Returns the central 95 % of the law.
    pub fn interval_95(&self) -> Interval {
        Interval { low: self.quantile(0.025), high: self.quantile(0.975) }
    }

    /// Returns the table: value and level.
    pub(super) fn table(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.knots.iter().copied().zip(LEVELS)
    }
}

/// Returns the knots, each at least one double above the last: a narrow law must keep its mass.
fn separated(mut knots: Vec<f64>) -> Vec<f64> {
    for i in 1..knots.len() {
        knots[i] = knots[i].max(knots[i - 1].next_up());
    }
    knots
}

fn positive(option: &'static str, value: f64) -> Result<(), EvaluationError> {
    if value > 0.0 && value.is_finite() {
        Ok(())
    } else {
        Err(refused(option, value, "a finite number above 0"))
    }
}

fn refused(option: &'static str, value: f64, expected: &'static str) -> EvaluationError {
    EvaluationError::Option { option, value, expected }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beta(a: f64, b: f64) -> Belief {
        Belief::new(&Prior::Beta { a, b }, &Seen::default()).unwrap()
    }

    #[test]
    fn quantiles_are_exact_at_the_levels_and_close_in_between() {
        // Beta(2, 1) has the quantile √u.
        let belief = beta(2.0, 1.0);
        assert!((belief.quantile(0.25) - 0.5).abs() < 1e-12);
        // Within a cell of 1/32 a straight line is off by at most h² |Q''| / 8 = 8e-4 for u ≥ 0.03.
        assert!((belief.quantile(0.3) - 0.3_f64.sqrt()).abs() < 8e-4);
    }

    #[test]
    fn normal_gamma_follows_its_update() {
        let prior = Prior::NormalGamma { mean: 1.0, strength: 2.0, shape: 1.5, rate: 3.0 };
        let mut seen = Seen::default();
        for outcome in [2.0, 4.0, 6.0] {
            seen.add(outcome);
        }
        let belief = Belief::new(&prior, &seen).unwrap();
        // κ' = 5, μ' = (2 + 12)/5; α' = 3, β' = 3 + 4 + 2·3·9/10 = 12.4; the median is the mean.
        assert!((belief.mean() - 2.8).abs() < 1e-12 && (belief.quantile(0.5) - 2.8).abs() < 1e-12);
        // The 3/4 quantile of Student(6) is 0.71756 (tables).
        let upper = 2.8 + (12.4 / 15.0_f64).sqrt() * 0.717_558;
        assert!((belief.quantile(0.75) - upper).abs() < 1e-5, "{}", belief.quantile(0.75));
    }

    #[test]
    fn scaling_mirrors_and_shifts() {
        let belief = beta(2.0, 5.0);
        let mirrored = belief.scaled(-3.0, 1.0);
        for u in [0.01, 0.3, 0.5, 0.99] {
            assert!((mirrored.quantile(1.0 - u) - (1.0 - 3.0 * belief.quantile(u))).abs() < 1e-9);
        }
        assert!(belief.scaled(0.0, 2.0).is_certain());
    }

    #[test]
    fn a_narrow_law_keeps_its_mass() {
        let belief = beta(4e15, 1.0).scaled(1e-12, 1.0);
        assert!(!belief.is_certain() && belief.knots.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn impossible_priors_and_outcomes_are_refused() {
        let seen = Seen { n: 2, sum: 3.0, sum_of_squares: 9.0 };
        assert!(Belief::new(&Prior::Beta { a: 1.0, b: 1.0 }, &seen).is_err());
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(Belief::new(&Prior::Beta { a: bad, b: 1.0 }, &Seen::default()).is_err());
            let prior = Prior::NormalGamma { mean: 0.0, strength: 1.0, shape: bad, rate: 1.0 };
            assert!(Belief::new(&prior, &Seen::default()).is_err());
        }
    }

    #[test]
    fn intervals_cover_outcomes_drawn_from_their_prior() {
        // θ ~ Beta(2, 8), 25 outcomes each: a right 95 % interval covers 950 ± 25 of 1,000 (3.6 sd).
        let prior = Prior::Beta { a: 2.0, b: 8.0 };
        let truths = Belief::new(&prior, &Seen::default()).unwrap();
        let mut covered = 0;
        for seed in 0..1_000 {
            let truth = truths.quantile(crate::worlds::draw(seed, 1, 0));
            let mut seen = Seen::default();
            for i in 0..25 {
                seen.add(f64::from(u8::from(crate::worlds::draw(seed, 2, i) < truth)));
            }
            let interval = Belief::new(&prior, &seen).unwrap().interval_95();
            covered += u32::from(interval.low <= truth && truth <= interval.high);
        }
        crate::worlds::assert_nominal_coverage(covered, 1_000);
    }
}
