//! From the nuisances of each contrast to those of all arms together.

use crate::{Nuisances, crossfit::ContrastNuisances};

/// Returns `m(x)` and all propensities from one contrast's worth an arm.
///
/// # Formula
///
/// With `eₖ = P[W = k | X, W ∈ {0, k}]` and `mₖ = E[Y | X, W ∈ {0, k}]`:
///
/// ```text
/// rₖ   = eₖ / (1 − eₖ)                      odds of arm k against control
/// P₀   = 1 / (1 + Σ rₖ),   Pₖ = rₖ P₀       propensities among all arms
/// m    = Σₖ share of contrast k · mₖ         weighted by how many units the contrast has at x
/// ```
///
/// The scores only need `m` to be consistent; with one contrast the formulas are the identity.
pub(crate) fn combine(contrasts: &[ContrastNuisances]) -> Nuisances {
    let n = contrasts.first().map_or(0, |first| first.y_hat.len());
    let mut nuisances = Nuisances { y_hat: vec![0.0; n], w_hat: vec![vec![0.0; n]; contrasts.len() + 1] };
    for unit in 0..n {
        let odds = |contrast: &ContrastNuisances| {
            let e = f64::from(contrast.w_hat[unit]);
            e / (1.0 - e)
        };
        let control = 1.0 / (1.0 + contrasts.iter().map(odds).sum::<f64>());
        nuisances.w_hat[0][unit] = control;
        let (mut weight, mut weighted) = (0.0, 0.0);
        for (arm, contrast) in contrasts.iter().enumerate() {
            let propensity = odds(contrast) * control;
            nuisances.w_hat[arm + 1][unit] = propensity;
            weight += propensity + control;
            weighted += (propensity + control) * f64::from(contrast.y_hat[unit]);
        }
        nuisances.y_hat[unit] = weighted / weight;
    }
    nuisances
}
