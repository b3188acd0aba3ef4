//! From averaged moments to an answer: each recipe's equation, solved once per point.

/// An answer with its gradient in the moments, for the delta method.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Answer<const M: usize> {
    /// The estimate.
    pub value: f64,
    /// Its derivative in each averaged moment.
    pub gradient: [f64; M],
}

/// Solves a recipe's equation from `M` averaged moments.
pub trait Summary<const M: usize>: Sync {
    /// Returns the answer, or `None` where the moments do not determine one.
    fn solve(&self, moments: &[f64; M]) -> Option<Answer<M>>;
}

/// The mean of one moment: regression (`M` = 1) and class probabilities.
#[derive(Debug, Clone, Copy)]
pub struct Mean {
    /// Which moment.
    pub moment: usize,
}

impl<const M: usize> Summary<M> for Mean {
    fn solve(&self, moments: &[f64; M]) -> Option<Answer<M>> {
        let mut gradient = [0.0; M];
        gradient[self.moment] = 1.0;
        Some(Answer { value: moments[self.moment], gradient })
    }
}

/// The slope of `Y` on `W`, from the moments `W, Y, W², WY`.
///
/// # Formula
///
/// ```text
/// τ̂ = (mean WY − mean W · mean Y) / (mean W² − (mean W)²)
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Slope;

impl Summary<4> for Slope {
    fn solve(&self, &[w, y, ww, wy]: &[f64; 4]) -> Option<Answer<4>> {
        let variance = ww - w * w;
        // Written positively so that NaN is refused too.
        let determined = variance > f64::EPSILON * ww && variance > 0.0;
        determined.then(|| {
            let value = (wy - w * y) / variance;
            let gradient = [2.0 * w * value - y, -w, -value, 1.0].map(|part| part / variance);
            Answer { value, gradient }
        })
    }
}

/// The ratio of reduced form to first stage, from the moments `Z, W, Y, Z², ZW, ZY`.
///
/// # Formula
///
/// ```text
/// τ̂ = (mean ZY − mean Z · mean Y) / (mean ZW − mean Z · mean W)
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Wald;

impl Summary<6> for Wald {
    fn solve(&self, &[z, w, y, zz, zw, zy]: &[f64; 6]) -> Option<Answer<6>> {
        let first_stage = zw - z * w;
        let determined = first_stage.abs() > f64::EPSILON * zz;
        determined.then(|| {
            let value = (zy - z * y) / first_stage;
            let gradient = [value * w - y, value * z, -z, 0.0, -value, 1.0];
            Answer { value, gradient: gradient.map(|part| part / first_stage) }
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Holds each gradient against a central difference: error of order `STEP²` times a third derivative
    /// that is below 1e3 here, and rounding of `1e-16 / STEP`.
    fn check_gradient<const M: usize>(summary: &impl Summary<M>, moments: [f64; M]) {
        const STEP: f64 = 1e-5;
        let answer = summary.solve(&moments).expect("an answer");
        for moment in 0..M {
            let moved = |step: f64| {
                let mut moments = moments;
                moments[moment] += step;
                summary.solve(&moments).expect("an answer").value
            };
            let slope = (moved(STEP) - moved(-STEP)) / (2.0 * STEP);
            let error = (answer.gradient[moment] - slope).abs();
            assert!(error < 1e-5 * (1.0 + slope.abs()), "moment {moment}: {slope} {answer:?}");
        }
    }

    #[test]
    fn slope_of_three_points_by_hand() {
        // (W, Y) = (0, 1), (1, 3), (2, 5): slope 2.
        let answer = Slope.solve(&[1.0, 3.0, 5.0 / 3.0, 13.0 / 3.0]).expect("an answer");
        assert!((answer.value - 2.0).abs() < 1e-12);
    }

    #[test]
    fn ratio_of_reduced_form_to_first_stage_by_hand() {
        // Z = 0, 1; W = 0.2, 0.8; Y = 1, 4: (4 − 1) / (0.8 − 0.2) = 5.
        let answer = Wald.solve(&[0.5, 0.5, 2.5, 0.5, 0.4, 2.0]).expect("an answer");
        assert!((answer.value - 5.0).abs() < 1e-12);
    }

    #[test]
    fn moments_without_variation_give_no_answer() {
        assert_eq!(Slope.solve(&[0.5, 1.0, 0.25, 0.5]), None);
        assert_eq!(Slope.solve(&[f64::NAN; 4]), None);
        assert_eq!(Wald.solve(&[0.5, 0.5, 2.5, 0.5, 0.25, 2.0]), None);
        assert_eq!(Wald.solve(&[f64::NAN; 6]), None);
    }

    proptest! {
        #[test]
        fn gradients_are_the_derivatives(
            w in -0.3..0.3_f64, y in -2.0..2.0_f64, ww in 0.3..1.0_f64, wy in -1.0..1.0_f64,
            zw in 0.3..1.0_f64, zy in -1.0..1.0_f64,
        ) {
            check_gradient(&Slope, [w, y, ww, wy]);
            check_gradient(&Wald, [w, 0.2, y, 0.9, zw, zy]);
        }
    }
}
