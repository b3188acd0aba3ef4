//! How likely is each contender to come out best, over the draws?
//!
//! Thompson sampling draws every belief once and takes the best. The chance of each choice is logged
//! as its propensity, so it is computed here and not estimated by repeating the draw.

use crate::value::normal;

/// Panels of the integral at most. More contenders than this resolves share panels.
const PANELS_MAX: usize = 160;

/// Where panels end, in standard deviations from each contender's mean: finer where its mass lies.
const PANEL_ENDS: [f64; 7] = [-6.0, -3.0, -1.5, 0.0, 1.5, 3.0, 6.0];

/// Beyond this many standard deviations a contender is nowhere; both tails together hold 2e-9.
const REACH: f64 = 6.0;

/// Nodes and weights of the Gauss–Legendre rule with four points on `[-1, 1]`.
const NODES: [(f64, f64); 4] = [
    (-0.861_136_311_594_052_6, 0.347_854_845_137_453_85),
    (-0.339_981_043_584_856_26, 0.652_145_154_862_546_2),
    (0.339_981_043_584_856_26, 0.652_145_154_862_546_2),
    (0.861_136_311_594_052_6, 0.347_854_845_137_453_85),
];

/// One contender.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Contender {
    /// Its total, or the mean of it.
    pub mean: f64,
    /// Standard deviation of the total; zero: it is used as it is.
    pub sd: f64,
}

/// Returns the probability with which each contender is the best draw.
///
/// # Formula
///
/// With `m` the best total that is used as it is, at index `b`:
///
/// ```text
/// P(k) = ∫ₘ^∞ φ_k(x) Π_{j≠k} Φ_j(x) dx  for a belief k,   P(b) = Π_j Φ_j(m)
/// ```
///
/// by a Gauss–Legendre rule over panels between the quantiles of the contenders, then scaled to sum to
/// one. The error is below 1e-4 (`chances_agree_with_many_draws`, `two_contenders_have_a_closed_form`).
///
/// # Assumptions
///
/// Ties among totals that are used as they are go to the first.
pub(crate) fn chances(contenders: &[Contender]) -> Vec<f64> {
    let mut chances = vec![0.0; contenders.len()];
    let best = best_fixed(contenders);
    let floor = best.map_or(f64::NEG_INFINITY, |index| contenders[index].mean);
    let alive: Vec<usize> = (0..contenders.len())
        .filter(|&k| {
            contenders[k].sd > 0.0 && contenders[k].mean + REACH * contenders[k].sd > floor
        })
        .collect();
    if let Some(best) = best {
        let below = |k: &usize| normal::cdf(standardised(&contenders[*k], floor));
        chances[best] = alive.iter().map(below).product();
    }
    integrate(contenders, &alive, floor, &mut chances);
    let sum: f64 = chances.iter().sum();
    if sum > 0.0 {
        for chance in &mut chances {
            *chance /= sum;
        }
    }
    chances
}

fn best_fixed(contenders: &[Contender]) -> Option<usize> {
    let fixed = (0..contenders.len()).filter(|&k| contenders[k].sd <= 0.0);
    fixed.reduce(|best, k| if contenders[k].mean > contenders[best].mean { k } else { best })
}

fn standardised(contender: &Contender, x: f64) -> f64 {
    (x - contender.mean) / contender.sd
}

/// Adds the integral of every belief that is alive.
fn integrate(contenders: &[Contender], alive: &[usize], floor: f64, chances: &mut [f64]) {
    let mut below = vec![0.0; alive.len()];
    for ends in panels(contenders, alive, floor).windows(2) {
        let (middle, half) = (0.5 * (ends[0] + ends[1]), 0.5 * (ends[1] - ends[0]));
        for (node, weight) in NODES {
            let x = middle + half * node;
            for (below, k) in below.iter_mut().zip(alive) {
                *below = normal::cdf(standardised(&contenders[*k], x));
            }
            let all: f64 = below.iter().product();
            if all <= 0.0 {
                continue;
            }
            for (below, &k) in below.iter().zip(alive) {
                let contender = &contenders[k];
                let density = normal::density(standardised(contender, x)) / contender.sd;
                chances[k] += weight * half * density * all / below;
            }
        }
    }
}

/// Returns the ends of the panels, ascending.
fn panels(contenders: &[Contender], alive: &[usize], floor: f64) -> Vec<f64> {
    // Below the highest of the lower ends nobody wins.
    let lower = |k: &usize| contenders[*k].mean - REACH * contenders[*k].sd;
    let bottom = alive.iter().map(lower).fold(floor, f64::max);
    let mut ends: Vec<f64> = alive
        .iter()
        .flat_map(|&k| PANEL_ENDS.map(|z| contenders[k].mean + z * contenders[k].sd))
        .filter(|end| *end > bottom)
        .collect();
    ends.sort_unstable_by(f64::total_cmp);
    ends.dedup();
    let top = ends.last().copied();
    let stride = ends.len().div_ceil(PANELS_MAX).max(1);
    std::iter::once(bottom)
        .chain(ends.into_iter().step_by(stride))
        .chain(top)
        .filter(|end| end.is_finite())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::DecisionKey;

    /// What `chances` promises.
    const ERROR_MAX: f64 = 1e-4;

    fn believed(mean: f64, sd: f64) -> Contender {
        Contender { mean, sd }
    }

    #[test]
    fn two_contenders_have_a_closed_form() {
        // P(a > b) = Φ((μa − μb) / √(σa² + σb²)), whatever the scales.
        for (a, b) in [
            (believed(1.0, 2.0), believed(0.5, 1.5)),
            (believed(0.0, 1e-3), believed(0.0, 1e3)),
            (believed(50.0, 1.0), believed(0.0, 30.0)),
            (believed(0.0, 1.0), believed(0.0, 1.0)),
        ] {
            let exact = normal::cdf((a.mean - b.mean) / libm::hypot(a.sd, b.sd));
            let found = chances(&[a, b])[0];
            assert!((found - exact).abs() < ERROR_MAX, "{a:?} {b:?}: {found} {exact}");
        }
    }

    #[test]
    fn one_belief_against_peace_has_a_closed_form() {
        for mean in [-3.0, -0.5, 0.0, 0.7, 4.0] {
            let found = chances(&[believed(0.0, 0.0), believed(mean, 1.0)])[1];
            assert!((found - normal::cdf(mean)).abs() < ERROR_MAX, "{mean}: {found}");
        }
    }

    #[test]
    fn chances_agree_with_many_draws() {
        let contenders: Vec<Contender> = std::iter::once(believed(0.0, 0.0))
            .chain((0..11_i32).map(|k| believed(f64::from(k % 4) - 1.5, 0.2 + f64::from(k) / 3.0)))
            .collect();
        let key = DecisionKey::new([3; 32]);
        let n = 40_000_i32;
        let mut wins = vec![0_i32; contenders.len()];
        for i in 0..n {
            let drawn = |k: usize| {
                let u = key.uniform("draw", &[&i.to_string(), &k.to_string()]);
                contenders[k].mean + contenders[k].sd * normal::quantile(u)
            };
            let draws: Vec<f64> = (0..contenders.len()).map(drawn).collect();
            let best = (0..draws.len()).reduce(|a, b| if draws[b] > draws[a] { b } else { a });
            wins[best.unwrap()] += 1;
        }
        for (chance, wins) in chances(&contenders).into_iter().zip(wins) {
            let share = f64::from(wins) / f64::from(n);
            // Five standard errors of a share.
            let error = 5.0 * (chance * (1.0 - chance) / f64::from(n)).sqrt();
            assert!((share - chance).abs() < error + ERROR_MAX, "{share} {chance}");
        }
    }

    #[test]
    fn two_hundred_equals_share_evenly() {
        let found = chances(&vec![believed(10.0, 3.0); 200]);
        for chance in found {
            assert!((chance - 0.005).abs() < ERROR_MAX, "{chance}");
        }
    }

    #[test]
    fn a_best_total_without_doubt_is_certain() {
        let found = chances(&[believed(0.0, 0.0), believed(5.0, 0.0), believed(5.0, 0.0)]);
        assert!((found[1] - 1.0).abs() < f64::EPSILON, "{found:?}");
    }
}
