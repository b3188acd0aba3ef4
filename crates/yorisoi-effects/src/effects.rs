//! Effects of many units: plain columns.

use serde::{Deserialize, Serialize};
use yorisoi_data::Z_95;

/// Effects of every non-control arm against control.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Effects {
    /// One entry a non-control arm, in the order of the dataset's arms.
    pub arms: Vec<ArmEffects>,
}

/// Effects of one arm against control, one entry a unit, in the unit of the outcome.
///
/// `low` and `high` are the 95 % interval. It is centred on an estimate from finer leaves than
/// `tau_hat`, widened to hold `tau_hat` where it would not, and so need not be symmetric around it;
/// `std_error` belongs to that finer estimate. Where the finer leaves cannot tell, all of it is NaN.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ArmEffects {
    /// Estimated effect.
    pub tau_hat: Vec<f64>,
    /// Estimate from finer leaves, which the interval lies around.
    pub centre: Vec<f64>,
    /// Standard error behind the interval.
    pub std_error: Vec<f64>,
    /// Lower end of the 95 % interval.
    pub low: Vec<f64>,
    /// Upper end.
    pub high: Vec<f64>,
    /// What no effect can exceed on either side: 1 of a 0/1 outcome.
    pub bound: Option<f64>,
}

impl ArmEffects {
    /// Returns effects of which the ends of the 95 % intervals are known and no more, as from a table: the
    /// centre is taken to lie midway.
    pub fn of_ends(
        tau_hat: Vec<f64>,
        std_error: Vec<f64>,
        (low, high): (Vec<f64>, Vec<f64>),
    ) -> Self {
        let midway = |(low, high): (&f64, &f64)| f64::midpoint(*low, *high);
        let centre = low.iter().zip(&high).map(midway).collect();
        Self { tau_hat, centre, std_error, low, high, bound: None }
    }

    /// Adds a unit.
    pub(crate) fn push(&mut self, tau_hat: f64, centre: f64, std_error: f64) {
        let (low, high) = ends(tau_hat, (centre, std_error), Z_95, self.bound);
        self.tau_hat.push(tau_hat);
        self.centre.push(centre);
        self.std_error.push(std_error);
        self.low.push(low);
        self.high.push(high);
    }

    /// Returns both ends of every unit's interval at another level; `z` is its normal quantile.
    ///
    /// # Formula
    ///
    /// ```text
    /// c ± z · se, within ± bound, widened to hold the effect
    /// ```
    ///
    /// around the centre `c`; NaN where centre or standard error is.
    pub fn interval(&self, z: f64) -> (Vec<f64>, Vec<f64>) {
        let around = self.centre.iter().copied().zip(self.std_error.iter().copied());
        let of_unit = |(&tau_hat, around)| ends(tau_hat, around, z, self.bound);
        self.tau_hat.iter().zip(around).map(of_unit).unzip()
    }
}

/// Returns both ends of an interval, see [`ArmEffects::interval`].
fn ends(tau_hat: f64, (centre, std_error): (f64, f64), z: f64, bound: Option<f64>) -> (f64, f64) {
    let bound = bound.unwrap_or(f64::INFINITY);
    let (low, high) = (centre - z * std_error, centre + z * std_error);
    // `min` and `max` pass over NaN: an interval that is not known must not become one without width.
    if low.is_nan() || high.is_nan() || tau_hat.is_nan() {
        return (f64::NAN, f64::NAN);
    }
    // It holds the effect too, so that the two never contradict each other.
    (low.clamp(-bound, bound).min(tau_hat), high.clamp(-bound, bound).max(tau_hat))
}

/// Estimated nuisances, one entry a unit.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Nuisances {
    /// `m(x) = E[Y | X = x]`, in the unit of the outcome.
    pub y_hat: Vec<f64>,
    /// `w_hat[k][unit] = P[W = k | X = x]`, control first; sums to 1 over `k`. Of a dose,
    /// `w_hat[1]` is `E[W | X = x]`, whatever its size.
    pub w_hat: Vec<Vec<f64>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(tau_hat: f64, centre: f64, std_error: f64, bound: Option<f64>) -> ArmEffects {
        let mut effects = ArmEffects { bound, ..ArmEffects::default() };
        effects.push(tau_hat, centre, std_error);
        effects
    }

    /// A few operations on numbers of order 1.
    const ROUNDING: f64 = 1e-12;

    #[test]
    fn an_interval_that_is_not_known_does_not_become_a_certain_one() {
        for (centre, std_error) in [(f64::NAN, 0.1), (0.3, f64::NAN), (f64::NAN, f64::NAN)] {
            let effects = one(0.3, centre, std_error, Some(1.0));
            assert!(effects.low[0].is_nan() && effects.high[0].is_nan(), "{effects:?}");
            let (low, high) = effects.interval(2.5);
            assert!(low[0].is_nan() && high[0].is_nan(), "{low:?} {high:?}");
        }
    }

    #[test]
    fn an_interval_holds_the_effect_and_keeps_within_the_bound() {
        let effects = one(0.6, 0.9, 0.1, Some(1.0));
        // .9 ± .196 is .704 to 1.096: down to the effect, up to the bound.
        assert!((effects.low[0] - 0.6).abs() < ROUNDING, "{effects:?}");
        assert!((effects.high[0] - 1.0).abs() < ROUNDING, "{effects:?}");
        // Both ends were moved, and yet another level lies around the true centre: .9 ± .05.
        let (low, high) = effects.interval(0.5);
        assert!((low[0] - 0.6).abs() < ROUNDING && (high[0] - 0.95).abs() < ROUNDING, "{high:?}");
    }

    #[test]
    fn wide_levels_stay_within_the_bound_of_a_yes_or_no_only() {
        let wide = |bound| {
            let (low, high) = one(0.2, 0.2, 0.5, bound).interval(4.0);
            (low[0], high[0])
        };
        let near = |(low, high): (f64, f64), expected: (f64, f64)| {
            (low - expected.0).abs() < ROUNDING && (high - expected.1).abs() < ROUNDING
        };
        assert!(near(wide(Some(1.0)), (-1.0, 1.0)));
        assert!(near(wide(None), (-1.8, 2.2)));
        // An end at 1 is an end like any other where the outcome is no yes or no.
        let (low, high) = one(0.5, 0.5, 0.5 / Z_95, None).interval(2.0 * Z_95);
        assert!(near((low[0], high[0]), (-0.5, 1.5)));
    }

    #[test]
    fn the_usual_level_is_the_one_that_is_kept() {
        let effects = one(0.1, 0.3, 0.07, Some(1.0));
        assert_eq!(effects.interval(Z_95), (effects.low.clone(), effects.high.clone()));
    }
}
