//! How often? A share with an interval, and many shares that borrow strength from one another.

use serde::{Deserialize, Serialize};
use yorisoi_data::{Interval, Z_95};

use super::special::{beta_quantile, ln_beta};
use crate::EvaluationError;

/// How often something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tries {
    /// Times it happened.
    pub happened: u64,
    /// Times it could have.
    pub n: u64,
}

/// A share with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    /// Best guess.
    pub rate: f64,
    /// 95 % interval.
    pub interval: Interval,
    /// Times it could have happened.
    pub n: u64,
}

/// Returns the share of successes with its Wilson interval, or `None` without a try.
///
/// # Formula
///
/// ```text
/// (p̂ + z²/2n ± z √(p̂(1 − p̂)/n + z²/4n²)) / (1 + z²/n)
/// ```
///
/// It stays inside [0, 1] and does not collapse to a point when nothing, or everything, happened. For a
/// mean of numbers between 0 and 1 in place of a share it is conservative, since their variance is at most
/// p(1 − p).
///
/// # Assumptions
///
/// Tries are independent.
///
/// # Errors
///
/// [`EvaluationError::Option`] if it happened more often than it could have.
///
/// # Source
///
/// Wilson (1927), *JASA* 22; Brown, Cai & `DasGupta` (2001), *Statistical Science* 16.
///
/// # Example
///
/// ```
/// # use yorisoi_evaluation::proof::{Tries, rate};
/// let endings = rate(Tries { happened: 0, n: 10 })?.expect("ten tries");
/// assert!(endings.interval.low == 0.0 && endings.interval.high > 0.25);
/// # Ok::<(), yorisoi_evaluation::EvaluationError>(())
/// ```
pub fn rate(tries: Tries) -> Result<Option<Rate>, EvaluationError> {
    check(tries)?;
    Ok((tries.n > 0).then(|| wilson(tries.happened as f64 / tries.n as f64, tries.n)))
}

/// Returns the Wilson interval of a mean of `n` numbers between 0 and 1.
pub(super) fn wilson(mean: f64, n: u64) -> Rate {
    let (z2, size) = (Z_95 * Z_95, n as f64);
    let centre = mean + 0.5 * z2 / size;
    let half = Z_95 * libm::sqrt((mean * (1.0 - mean) + 0.25 * z2 / size) / size);
    let scale = 1.0 / (1.0 + z2 / size);
    // At p̂ = 0 or 1 the end is that number but for rounding.
    let low = if mean > 0.0 { (centre - half) * scale } else { 0.0 };
    let high = if mean < 1.0 { (centre + half) * scale } else { 1.0 };
    Rate { rate: mean, interval: Interval { low, high }, n }
}

fn check(tries: Tries) -> Result<(), EvaluationError> {
    if tries.happened > tries.n {
        let expected = "at most the times it could have happened";
        let value = tries.happened as f64;
        return Err(EvaluationError::Option { option: "happened", value, expected });
    }
    Ok(())
}

/// What is thought of a rate before it was seen: as if it had happened `yes` times and not `no` times.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RatePrior {
    /// Times it happened.
    pub yes: f64,
    /// Times it did not.
    pub no: f64,
}

/// Returns rates that lean towards what was declared and what their companions show, as far as each is
/// itself uncertain: the nuisance rate of each action, say.
///
/// An action tried twice, once a nuisance, is not one that annoys half of all people.
///
/// # Formula
///
/// ```text
/// xₖ ~ Binomial(nₖ, θₖ),   θₖ ~ Beta(M m, M (1 − m)),   m ~ Beta(yes, no)
/// θₖ | M, m, data ~ Beta(M m + xₖ, M (1 − m) + nₖ − xₖ)
/// ```
///
/// M says how alike the rates are. It is not estimated and then believed, which would make intervals too
/// narrow (with 12 actions they covered 90 % instead of 95 %), but averaged over, with a uniform prior on
/// the correlation of two tries of one action, `1/(M + 1)`. Mean and variance of that average give a Beta
/// law, whose ends are the interval.
///
/// # Shapes and units
///
/// One entry an action; result in the same order. An action never tried gets what its companions say.
///
/// # Assumptions
///
/// Actions resemble one another about as the draws of one law do; tries are independent.
///
/// # Errors
///
/// [`EvaluationError::Option`] for impossible counts or a prior that is not positive.
///
/// # Source
///
/// Gelman et al. (2013), *Bayesian data analysis*, 3rd edition, section 5.3 (its grid over a Beta law);
/// Efron & Morris (1975), *JASA* 70.
///
/// # Example
///
/// ```
/// # use yorisoi_evaluation::proof::{RatePrior, Tries, shrunk_rates};
/// let actions = [Tries { happened: 1, n: 2 }, Tries { happened: 40, n: 1_000 }];
/// let rates = shrunk_rates(&actions, RatePrior { yes: 1.0, no: 19.0 })?;
/// assert!(rates[0].rate < 0.25 && rates[0].interval.high > 0.3);
/// # Ok::<(), yorisoi_evaluation::EvaluationError>(())
/// ```
pub fn shrunk_rates(tries: &[Tries], prior: RatePrior) -> Result<Vec<Rate>, EvaluationError> {
    for tries in tries {
        check(*tries)?;
    }
    for (option, value) in [("yes", prior.yes), ("no", prior.no)] {
        if !(value > 0.0 && value.is_finite()) {
            let expected = "a finite number above 0";
            return Err(EvaluationError::Option { option, value, expected });
        }
    }
    let laws = likely_laws(tries, prior);
    let shrunk = |tries: &Tries| {
        let (mut mean, mut square) = (0.0, 0.0);
        for law in &laws {
            let (yes, no) = law.after(tries);
            let (total, share) = (yes + no, yes / (yes + no));
            mean += law.weight * share;
            square += law.weight * share * (yes + 1.0) / (total + 1.0);
        }
        let size = mean * (1.0 - mean) / (square - mean * mean) - 1.0;
        let (yes, no) = (size * mean, size * (1.0 - mean));
        let interval =
            Interval { low: beta_quantile(yes, no, 0.025), high: beta_quantile(yes, no, 0.975) };
        Rate { rate: mean, interval, n: tries.n }
    };
    Ok(tries.iter().map(shrunk).collect())
}

/// A law from which the actions' rates may come, with its posterior probability.
struct Law {
    yes: f64,
    no: f64,
    weight: f64,
}

impl Law {
    /// Returns the parameters of a rate after its tries.
    fn after(&self, tries: &Tries) -> (f64, f64) {
        (self.yes + tries.happened as f64, self.no + (tries.n - tries.happened) as f64)
    }
}

/// Points at which the likeness of the actions is averaged, evenly in `ln M` up to 3,000.
const LIKENESS: usize = 30;

/// The largest likeness: a thousand tries of an action always speak louder than its companions.
const MOST_ALIKE: f64 = 3_000.0;

/// Points at which their common mean is averaged.
const MEANS: usize = 24;

/// Returns a grid of laws with their probabilities after all tries.
fn likely_laws(tries: &[Tries], prior: RatePrior) -> Vec<Law> {
    let happened: f64 = tries.iter().map(|tries| tries.happened as f64).sum();
    let n: f64 = tries.iter().map(|tries| tries.n as f64).sum();
    let mean = (prior.yes + happened) / (prior.yes + prior.no + n);
    let mut laws = Vec::with_capacity(LIKENESS * MEANS);
    for i in 0..LIKENESS {
        let alike = libm::exp(i as f64 / (LIKENESS - 1) as f64 * libm::log(MOST_ALIKE));
        // Uniform in ρ = 1/(M + 1), for even steps in ln M.
        let log_uniform = libm::log(alike) - 2.0 * libm::log1p(alike);
        let known: f64 = tries.iter().map(|t| t.n as f64 * alike / (t.n as f64 + alike)).sum();
        let spread = 1.0 / libm::sqrt((known + prior.yes + prior.no) * mean * (1.0 - mean));
        for j in 0..MEANS {
            // Logits over four standard errors on either side of the pooled mean.
            let step = 8.0 * ((j as f64 + 0.5) / MEANS as f64 - 0.5) * spread;
            let m = 1.0 / (1.0 + (1.0 - mean) / mean * libm::exp(-step));
            let law = Law { yes: alike * m, no: alike * (1.0 - m), weight: 0.0 };
            // A step in logits is m(1 − m) of one in m, hence the prior's full exponents; steps are as wide
            // as `spread`.
            let log_prior =
                prior.yes * libm::log(m) + prior.no * libm::log1p(-m) + libm::log(spread);
            let weight = log_uniform + log_prior + log_likelihood(&law, tries);
            laws.push(Law { weight, ..law });
        }
    }
    let top = laws.iter().map(|law| law.weight).fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = laws.iter().map(|law| libm::exp(law.weight - top)).sum();
    for law in &mut laws {
        law.weight = libm::exp(law.weight - top) / sum;
    }
    laws
}

fn log_likelihood(law: &Law, tries: &[Tries]) -> f64 {
    let before = ln_beta(law.yes, law.no);
    let log_of = |tries: &Tries| {
        let (yes, no) = law.after(tries);
        ln_beta(yes, no) - before
    };
    tries.iter().map(log_of).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::{Belief, Prior, Seen};
    use crate::worlds::draw;

    fn tries(happened: u64, n: u64) -> Tries {
        Tries { happened, n }
    }

    #[test]
    fn wilson_by_a_published_example() {
        // Newcombe (1998), table I: 81 of 263 gives .2553 to .3662; 0 of 20 gives 0 to .1611.
        let found = rate(tries(81, 263)).unwrap().unwrap().interval;
        assert!(
            (found.low - 0.2553).abs() < 5e-5 && (found.high - 0.3662).abs() < 5e-5,
            "{found:?}"
        );
        let none = rate(tries(0, 20)).unwrap().unwrap().interval;
        assert!(none.low.abs() < 1e-300 && (none.high - 0.1611).abs() < 5e-5, "{none:?}");
        assert_eq!(rate(tries(0, 0)).unwrap(), None);
        assert!(rate(tries(3, 2)).is_err());
    }

    #[test]
    fn wilson_covers_at_about_95_percent_on_average() {
        // Exact coverage, no simulation: for n = 40 the mean over shares from 5 % to 95 % is known to lie
        // within a point of 95 % (Brown, Cai & DasGupta 2001).
        let n = 40_u64;
        let mut sum = 0.0;
        for step in 5..=95 {
            let p = f64::from(step) / 100.0;
            let mut weight = (1.0 - p).powi(n as i32);
            for x in 0..=n {
                let interval = rate(tries(x, n)).unwrap().unwrap().interval;
                if interval.low <= p && p <= interval.high {
                    sum += weight;
                }
                weight *= (n - x) as f64 / (x + 1) as f64 * p / (1.0 - p);
            }
        }
        let mean = sum / 91.0;
        assert!((mean - 0.95).abs() < 0.01, "{mean}");
    }

    #[test]
    fn rare_tries_lean_and_frequent_ones_stand() {
        let actions = [tries(1, 2), tries(300, 3_000), tries(30, 3_000), tries(0, 0)];
        let rates = shrunk_rates(&actions, RatePrior { yes: 1.0, no: 19.0 }).unwrap();
        // Half of two tries is no evidence for one half.
        assert!(rates[0].rate < 0.25, "{rates:?}");
        assert!((rates[1].rate - 0.1).abs() < 0.002 && (rates[2].rate - 0.01).abs() < 0.002);
        // An action never tried has about the mean of the others, and a wide interval.
        assert!(rates[3].interval.high - rates[3].interval.low > 0.1, "{rates:?}");
    }

    #[test]
    fn one_action_alone_has_the_declared_prior() {
        let prior = RatePrior { yes: 2.0, no: 18.0 };
        let alone = shrunk_rates(&[tries(0, 0)], prior).unwrap();
        // m has mean 1/10; the grid ends four standard errors out.
        assert!((alone[0].rate - 0.1).abs() < 0.01, "{alone:?}");
        assert!(shrunk_rates(&[], prior).unwrap().is_empty());
        assert!(shrunk_rates(&[tries(0, 1)], RatePrior { yes: 0.0, no: 1.0 }).is_err());
    }

    #[test]
    fn shrunk_intervals_cover_on_average_over_actions() {
        // 12 actions whose nuisance rates come from Beta(2, 18), tried 20 to 400 times; 200 worlds. The
        // tries of one world share an estimated prior, so the bound is on worlds' shares: at least 95 %
        // less 3.6 standard errors of √(.05 · .95 / 2,400).
        let law = Belief::new(&Prior::Beta { a: 2.0, b: 18.0 }, &Seen::default()).unwrap();
        let mut covered = 0_u32;
        for seed in 0..200 {
            let truths: Vec<f64> = (0..12).map(|k| law.quantile(draw(seed, 1, k))).collect();
            let seen: Vec<Tries> = truths
                .iter()
                .enumerate()
                .map(|(k, truth)| {
                    let n = [20, 60, 150, 400][k % 4];
                    let happened = (0..n).filter(|i| draw(seed, 2 + k as u64, *i) < *truth).count();
                    tries(happened as u64, n as u64)
                })
                .collect();
            let rates = shrunk_rates(&seen, RatePrior { yes: 1.0, no: 9.0 }).unwrap();
            for (rate, truth) in rates.iter().zip(truths) {
                let Interval { low, high } = rate.interval;
                covered += u32::from(low <= truth && truth <= high);
            }
        }
        assert!(covered >= 2_280 - 39, "{covered} of 2,400");
    }
}
