//! How much of the spread of estimated effects to believe.
//!
//! Where effects hardly differ, most of the spread of their estimates is noise, and a forest that is right
//! about the order may still be further from the truth than a single number. Out of bag the data say how
//! much of the spread is real.

use serde::{Deserialize, Serialize};

use crate::{averages::Linear, depth::Judge};

/// The least that is kept, so that a ranking never falls into one tie.
const LEAST: f64 = 0.05;

/// Effects are answered as `centre + keep · (τ̂ − centre)`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Spread {
    /// Mean effect, weighted by treatment variation.
    pub(crate) centre: f64,
    /// Share of the spread around it that is kept, in `(0, 1]`.
    pub(crate) keep: f64,
}

impl Spread {
    /// Everything is believed.
    pub(crate) const WHOLE: Self = Self { centre: 0.0, keep: 1.0 };

    /// Returns whether estimates stay finite and in order.
    pub(crate) fn is_sound(&self) -> bool {
        self.centre.is_finite() && self.keep > 0.0 && self.keep <= 1.0
    }

    /// Returns what becomes of an estimate.
    #[inline]
    pub(crate) fn of(&self, tau_hat: f64) -> f64 {
        self.centre + self.keep * (tau_hat - self.centre)
    }
}

/// Returns the spread that out-of-bag effects of the judge's rows deserve.
///
/// # Formula
///
/// ```text
/// τ̄ = Σ W̃² τ̂ / Σ W̃²,   (a, s) = argmin Σ (Ỹ − W̃ (a + s (τ̂ − τ̄)))²
/// keep = s + its standard error, within [0.05, 1]
/// ```
///
/// over out-of-bag `τ̂`, with sample weights and clusters where there are some: the largest share that the
/// data do not speak against. A share taken at its estimate would throw away real differences wherever the
/// estimate is rough, which is where effects are weak.
///
/// # Source
///
/// The coefficient of the calibration test of Athey & Wager (2019), section 2.2, put to use.
pub(crate) fn believable(judge: &Judge<'_>, tau_hat: &[f64]) -> Spread {
    let sampling = judge.sampling();
    // W̃² and W̃ Ỹ of a row.
    let products = |at: usize| {
        let row = judge.rows[at] as usize;
        let (y, w) = (f64::from(judge.y_centered[row]), f64::from(judge.w_centered[row]));
        (w * w, w * y)
    };
    let mean_of = |value: &dyn Fn(usize) -> f64| {
        let part = |at: usize| (products(at).0 * value(at), products(at).0);
        Linear::ratio(&sampling, |at| Some(part(at))).value()
    };
    let centre = mean_of(&|at| tau_hat[at]);
    let average = Linear::ratio(&sampling, |at| Some((products(at).1, products(at).0))).value();
    // τ̂ − τ̄ is orthogonal to the constant under these weights, so `s` stands alone.
    let slope = Linear::ratio(&sampling, |at| {
        let ((ww, wy), away) = (products(at), tau_hat[at] - centre);
        Some(((wy - average * ww) * away, ww * away * away))
    });
    match slope.estimate("the spread of effects", &sampling) {
        Ok(slope) if centre.is_finite() => {
            Spread { centre, keep: (slope.estimate + slope.std_error).clamp(LEAST, 1.0) }
        }
        _ => Spread::WHOLE,
    }
}

#[cfg(test)]
mod tests {
    use yorisoi_data::{BinnedRows, FeatureKind};
    use yorisoi_forest::Units;

    use super::*;

    /// Eight rows whose effects are 1 and 3, without noise.
    fn keep_of(tau_hat: &[f64]) -> Spread {
        let features = BinnedRows::new(vec![1; 8], vec![FeatureKind::Ordered { n_bins: 2 }], 8);
        let rows: Vec<u32> = (0..8).collect();
        let w: Vec<f32> = (0..8).map(|unit| if unit % 2 == 0 { 0.5 } else { -0.5 }).collect();
        let y: Vec<f32> =
            w.iter().zip(0..).map(|(w, unit)| w * if unit < 4 { 1.0 } else { 3.0 }).collect();
        let judge = Judge {
            units: Units { features: &features, rows: &rows, clusters: None },
            rows: rows.clone(),
            y_centered: &y,
            w_centered: &w,
            weights: None,
            clusters: None,
            sizes: vec![5],
        };
        believable(&judge, tau_hat)
    }

    /// A dozen operations on numbers of order 1; without noise the standard error is rounding too.
    const ROUNDING: f64 = 1e-6;

    #[test]
    fn estimates_spread_twice_too_wide_are_halved_around_their_mean() {
        let wide: Vec<f64> = (0..8).map(|unit| if unit < 4 { 0.0 } else { 4.0 }).collect();
        let spread = keep_of(&wide);
        assert!((spread.keep - 0.5).abs() < ROUNDING && (spread.centre - 2.0).abs() < ROUNDING);
        assert!((spread.of(4.0) - 3.0).abs() < ROUNDING);
    }

    #[test]
    fn estimates_that_are_right_or_too_alike_are_left_alone() {
        let right: Vec<f64> = (0..8).map(|unit| if unit < 4 { 1.0 } else { 3.0 }).collect();
        let alike: Vec<f64> = (0..8).map(|unit| if unit < 4 { 1.9 } else { 2.1 }).collect();
        assert!((keep_of(&right).keep - 1.0).abs() < ROUNDING);
        assert!((keep_of(&alike).keep - 1.0).abs() < ROUNDING);
    }

    #[test]
    fn a_ranking_upside_down_keeps_the_least_and_a_constant_is_left_alone() {
        let reversed: Vec<f64> = (0..8).map(|unit| if unit < 4 { 3.0 } else { 1.0 }).collect();
        assert!((keep_of(&reversed).keep - LEAST).abs() < ROUNDING);
        assert_eq!(keep_of(&[2.0; 8]), Spread::WHOLE);
    }
}
