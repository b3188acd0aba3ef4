//! From the propensities of each contrast to those of all arms together.

use crate::{Nuisances, crossfit::ContrastNuisances};

/// Returns all propensities from one contrast's worth an arm, beside `m(x)`.
///
/// `overall` is `E[Y | X = x]` over all arms; with a single contrast that contrast's own `m` is it.
///
/// # Formula
///
/// With `eₖ = P[W = k | X, W ∈ {0, k}]`:
///
/// ```text
/// rₖ = eₖ / (1 − eₖ)                   odds of arm k against control
/// P₀ = 1 / (1 + Σ rₖ),   Pₖ = rₖ P₀    propensities among all arms
/// ```
///
/// Pairs were kept off 0 and 1; what follows from them is not bounded again. In a trial of many arms each may
/// have a chance below the bound, and one raised to it would weigh its people wrongly.
pub(crate) fn combine(contrasts: &[ContrastNuisances], overall: Option<Vec<f32>>) -> Nuisances {
    let odds = |contrast: &ContrastNuisances| -> Vec<f64> {
        contrast.w_hat.iter().map(|&e| f64::from(e) / (1.0 - f64::from(e))).collect()
    };
    let odds: Vec<Vec<f64>> = contrasts.iter().map(odds).collect();
    let n = odds.first().map_or(0, Vec::len);
    let control: Vec<f64> =
        (0..n).map(|unit| 1.0 / (1.0 + odds.iter().map(|odds| odds[unit]).sum::<f64>())).collect();
    let treated = odds.iter().map(|odds| odds.iter().zip(&control).map(|(r, p)| r * p).collect());
    let w_hat = std::iter::once(control.clone()).chain(treated).collect();
    let own = || contrasts.first().map(|first| first.y_hat.clone()).unwrap_or_default();
    let y_hat = overall.unwrap_or_else(own).into_iter().map(f64::from).collect();
    Nuisances { y_hat, w_hat }
}

/// Returns the nuisances of a dose: `E[W | X = x]` in the place of the treated arm, below 0 and above 1 too.
pub(crate) fn of_dose(contrast: &ContrastNuisances) -> Nuisances {
    let wide = |column: &[f32]| column.iter().map(|&value| f64::from(value)).collect::<Vec<f64>>();
    let mean_dose = wide(&contrast.w_hat);
    let rest = mean_dose.iter().map(|mean| 1.0 - mean).collect();
    Nuisances { y_hat: wide(&contrast.y_hat), w_hat: vec![rest, mean_dose] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_dose_of_one_is_a_number_like_any_other() {
        let dose = ContrastNuisances { y_hat: vec![0.5; 3], w_hat: vec![1.0, -2.0, 40.0] };
        assert_eq!(of_dose(&dose).w_hat[1], vec![1.0, -2.0, 40.0]);
    }

    #[test]
    fn an_arm_of_many_keeps_its_small_chance() {
        // Forty arms of 1/80 each beside a control of a half: against control 1/41.
        let pair = ContrastNuisances { y_hat: vec![0.0], w_hat: vec![1.0 / 41.0] };
        let all = combine(&vec![pair; 40], Some(vec![0.0]));
        assert!((all.w_hat[0][0] - 0.5).abs() < 1e-6 && (all.w_hat[7][0] - 0.0125).abs() < 1e-6);
        // Pairs at their bounds: 1/99 of 1 + 1/99 + 99.
        let at = |e: f32| ContrastNuisances { y_hat: vec![0.0], w_hat: vec![e] };
        let all = combine(&[at(0.01), at(0.99)], Some(vec![0.0]));
        assert!((all.w_hat[1][0] - 1.01e-4).abs() < 1e-6, "{:?}", all.w_hat);
    }

    #[test]
    fn pairwise_propensities_of_equal_arms_give_equal_shares() {
        let half = ContrastNuisances { y_hat: vec![0.2], w_hat: vec![0.5] };
        let all = combine(&[half.clone(), half], Some(vec![0.7]));
        for w_hat in all.w_hat {
            assert!((w_hat[0] - 1.0 / 3.0).abs() < 1e-12, "{w_hat:?}");
        }
        assert!((all.y_hat[0] - 0.7).abs() < 1e-6, "m(x) is that of all arms, not of a pair");
    }
}
