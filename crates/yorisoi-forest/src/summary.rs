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
