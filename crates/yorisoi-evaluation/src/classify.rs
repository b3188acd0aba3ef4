//! Whom does help help, and whom does it harm? Groups of people, with a stated error rate for harm.

use serde::{Deserialize, Serialize};
use yorisoi_data::HeldOut;
use yorisoi_effects::ArmEffects;

use crate::error::check_len;
use crate::{EvaluationError, normal};

/// What help does to a unit, as far as one can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Help helps: the interval lies above zero.
    Persuadable,
    /// Sure thing or lost cause: the interval lies within the band of no practical effect.
    NoEffect,
    /// Help harms: found so with the stated false discovery rate.
    SleepingDog,
    /// We cannot tell yet.
    Undecided,
}

/// How the errors of effects of different units hang together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dependence {
    /// Never negatively: Benjamini & Hochberg.
    Positive,
    /// In any way: Benjamini & Yekutieli, at the price of a factor `ln n`.
    Arbitrary,
}

/// How units are put into groups.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ClassifyOptions {
    /// Expected share of wrong ones among those called sleeping dogs, in `(0, 1)`.
    pub false_discovery_rate: f64,
    /// Effects within plus or minus this much make no practical difference; 0 or more, in the unit of
    /// the outcome.
    pub practical_band: f64,
    /// How errors depend. The default, [`Dependence::Positive`], suits effects from one forest: each is
    /// an average of training outcomes with weights that are not negative, so that two estimates which
    /// share training units err in the same direction, and one-sided tests on positively correlated
    /// normal estimates are what Benjamini & Yekutieli (2001, section 3.1) prove the simple procedure
    /// right for.
    pub dependence: Dependence,
}

impl Default for ClassifyOptions {
    fn default() -> Self {
        Self { false_discovery_rate: 0.05, practical_band: 0.0, dependence: Dependence::Positive }
    }
}

/// Units by group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Classified {
    /// The group of each unit.
    pub groups: Vec<Group>,
    /// The largest one-sided p-value that was called harm; `None` if nobody was.
    pub harm_threshold: Option<f64>,
}

impl Classified {
    /// Returns the share of units in a group; 0 without units.
    pub fn share(&self, group: Group) -> f64 {
        let count = self.groups.iter().filter(|of_unit| **of_unit == group).count();
        count as f64 / self.groups.len().max(1) as f64
    }
}

/// Puts every unit into the group its effect allows.
///
/// # Formula
///
/// In this order:
///
/// ```text
/// sleeping dog  p = Φ(centre / se) is in the false discovery set, centre = (low + high) / 2
/// no effect     −band ≤ low and high ≤ band
/// persuadable   low > 0
/// undecided     everyone else, and whoever has no finite interval
/// ```
///
/// Harm comes first and is never lost to the band; persuadables are by their own 95 % interval, without
/// a claim about their number.
///
/// # Assumptions
///
/// More of the outcome is better; intervals cover unit by unit.
///
/// # Errors
///
/// [`ScoreError::LengthMismatch`](yorisoi_effects::ScoreError::LengthMismatch);
/// [`EvaluationError::Option`].
///
/// # Source
///
/// Benjamini & Hochberg (1995), *JRSS B* 57; Benjamini & Yekutieli (2001), *Annals of Statistics* 29.
///
/// # Example
///
/// ```
/// # use yorisoi_data::HeldOut;
/// # use yorisoi_effects::ArmEffects;
/// # use yorisoi_evaluation::{ClassifyOptions, Group, classify};
/// let tau_hat = vec![2.0, 0.5, -4.0];
/// let low = tau_hat.iter().map(|tau| tau - 1.96).collect();
/// let high = tau_hat.iter().map(|tau| tau + 1.96).collect();
/// let effects = ArmEffects::of_ends(tau_hat, vec![1.0; 3], (low, high));
/// let classified = classify(&HeldOut::promise(effects), ClassifyOptions::default())?;
/// assert_eq!(classified.groups, vec![Group::Persuadable, Group::Undecided, Group::SleepingDog]);
/// # Ok::<(), yorisoi_evaluation::EvaluationError>(())
/// ```
pub fn classify(
    effects: &HeldOut<ArmEffects>,
    options: ClassifyOptions,
) -> Result<Classified, EvaluationError> {
    let ArmEffects { std_error, low, high, .. } = effects.get();
    check_len("low", low.len(), std_error.len())?;
    check_len("high", high.len(), std_error.len())?;
    let band = options.practical_band;
    // Written positively so that NaN is rejected too.
    let band_is_valid = band >= 0.0;
    if !band_is_valid {
        let expected = "0 or more";
        return Err(EvaluationError::Option { option: "practical_band", value: band, expected });
    }
    let p_value = |unit: usize| p_of_harm(0.5 * (low[unit] + high[unit]), std_error[unit]);
    let p_values: Vec<f64> = (0..std_error.len()).map(p_value).collect();
    let harm_threshold =
        false_discovery_set(&p_values, options.false_discovery_rate, options.dependence)?;
    let group = |unit: usize| {
        if harm_threshold.is_some_and(|threshold| p_values[unit] <= threshold) {
            Group::SleepingDog
        } else if -band <= low[unit] && high[unit] <= band {
            Group::NoEffect
        } else if low[unit] > 0.0 && high[unit].is_finite() {
            Group::Persuadable
        } else {
            Group::Undecided
        }
    };
    Ok(Classified { groups: (0..p_values.len()).map(group).collect(), harm_threshold })
}

/// Returns the p-value up to which null hypotheses may be rejected at a false discovery rate, or `None`
/// if none may. Values that are not numbers are no hypotheses.
///
/// # Formula
///
/// ```text
/// max { p_(i) : p_(i) ≤ i q / (n c) }        c = 1, or Σ 1/j for arbitrary dependence
/// ```
///
/// # Errors
///
/// [`EvaluationError::Option`] if `q` is not inside `(0, 1)`.
///
/// # Source
///
/// As [`classify`].
pub fn false_discovery_set(
    p_values: &[f64],
    q: f64,
    dependence: Dependence,
) -> Result<Option<f64>, EvaluationError> {
    // Written positively so that NaN is rejected too.
    let q_is_valid = q > 0.0 && q < 1.0;
    if !q_is_valid {
        let expected = "a number inside (0, 1)";
        return Err(EvaluationError::Option { option: "false_discovery_rate", value: q, expected });
    }
    let mut sorted: Vec<f64> = p_values.iter().copied().filter(|p| !p.is_nan()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let n = sorted.len();
    let penalty = match dependence {
        Dependence::Positive => 1.0,
        Dependence::Arbitrary => (1..=n).map(|j| 1.0 / j as f64).sum(),
    };
    let allowed = |rank: usize| (rank + 1) as f64 * q / (n as f64 * penalty);
    Ok((0..n).rev().find(|rank| sorted[*rank] <= allowed(*rank)).map(|rank| sorted[rank]))
}

/// Returns the p-value against "the effect is not below zero"; not a number where nothing is known.
fn p_of_harm(centre: f64, std_error: f64) -> f64 {
    if !(centre.is_finite() && std_error.is_finite() && std_error >= 0.0) {
        f64::NAN
    } else if std_error > 0.0 {
        normal::cdf(centre / std_error)
    } else if centre < 0.0 {
        0.0
    } else {
        1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worlds::{draw, normal as normal_draw};
    use yorisoi_data::Z_95;

    fn effects(tau_hat: &[f64], std_error: &[f64]) -> HeldOut<ArmEffects> {
        let at = |z: f64| tau_hat.iter().zip(std_error).map(|(tau, se)| tau + z * se).collect();
        let ends = (at(-Z_95), at(Z_95));
        HeldOut::promise(ArmEffects::of_ends(tau_hat.to_vec(), std_error.to_vec(), ends))
    }

    #[test]
    fn step_up_by_hand() {
        // n = 5, q = .05: limits .01 .02 .03 .04 .05; .039 ≤ .04 pulls the three before it along.
        let p = [0.039, 0.6, 0.001, 0.025, 0.035];
        let threshold = |dependence| false_discovery_set(&p, 0.05, dependence).unwrap();
        assert_eq!(threshold(Dependence::Positive), Some(0.039));
        // With Σ 1/j = 2.283 the first limit is .0044, and the fourth .0175.
        assert_eq!(threshold(Dependence::Arbitrary), Some(0.001));
        assert_eq!(false_discovery_set(&[0.5, f64::NAN], 0.05, Dependence::Positive), Ok(None));
        assert_eq!(false_discovery_set(&[], 0.05, Dependence::Arbitrary), Ok(None));
    }

    #[test]
    fn groups_by_hand_and_the_unknown_is_undecided() {
        let found = classify(
            &effects(&[3.0, 0.1, 1.0, -5.0, f64::NAN, -0.1], &[1.0, 0.1, 1.0, 1.0, 1.0, 0.0]),
            ClassifyOptions { practical_band: 0.4, ..ClassifyOptions::default() },
        )
        .unwrap();
        let expected = [
            Group::Persuadable,
            Group::NoEffect,
            Group::Undecided,
            Group::SleepingDog,
            Group::Undecided,
            // Certain harm is harm, however small.
            Group::SleepingDog,
        ];
        assert_eq!(found.groups, expected);
        assert!((found.share(Group::SleepingDog) - 1.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn options_out_of_range_are_named() {
        for rate in [0.0, 1.0, f64::NAN] {
            let options =
                ClassifyOptions { false_discovery_rate: rate, ..ClassifyOptions::default() };
            let error = classify(&effects(&[1.0], &[1.0]), options).unwrap_err();
            let is_named =
                matches!(error, EvaluationError::Option { option: "false_discovery_rate", .. });
            assert!(is_named);
        }
        let options = ClassifyOptions { practical_band: -1.0, ..ClassifyOptions::default() };
        let error = classify(&effects(&[1.0], &[1.0]), options).unwrap_err();
        assert!(matches!(error, EvaluationError::Option { option: "practical_band", .. }));
    }

    #[test]
    fn the_false_discovery_rate_is_kept_under_positive_dependence() {
        // 300 units of which 40 % are harmed by two standard errors, the rest at the edge of no harm;
        // errors share 30 % of their variance. The rate is at most q · .6 = .06; its mean over 1,000
        // worlds varies by less than .19/√1000 = .006 (the share of false ones lies in [0, 1] and
        // has a standard deviation below .19 there), so .06 + 3.5 · .006 bounds it.
        let options = ClassifyOptions { false_discovery_rate: 0.1, ..ClassifyOptions::default() };
        let (mut false_share, mut found_total) = (0.0, 0);
        for seed in 0..1000 {
            let shared = normal_draw(seed, 0, 0);
            let truth: Vec<f64> =
                (0..300).map(|unit| if draw(seed, 4, unit) < 0.4 { -2.0 } else { 0.0 }).collect();
            let noise =
                |unit| 0.3_f64.sqrt() * shared + 0.7_f64.sqrt() * normal_draw(seed, 2, unit);
            let tau_hat: Vec<f64> = (0..300).map(|unit| truth[unit] + noise(unit)).collect();
            let found = classify(&effects(&tau_hat, &[1.0; 300]), options).unwrap();
            let dogs = || (0..300).filter(|unit| found.groups[*unit] == Group::SleepingDog);
            let wrong = dogs().filter(|unit| truth[*unit] > -1.0).count();
            false_share += wrong as f64 / dogs().count().max(1) as f64 / 1000.0;
            found_total += dogs().count();
        }
        assert!(false_share < 0.06 + 3.5 * 0.006, "{false_share}");
        // And it does find them: a procedure that calls nobody would pass the line above.
        assert!(found_total > 1000 * 20, "{found_total}");
    }
}
