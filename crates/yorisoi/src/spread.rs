//! How do predicted effects spread, and which features do they hang on?

use yorisoi_effects::ArmEffects;

use crate::summary::{EffectSpread, Importance, RankedEffect};

/// Cells of the histogram.
const N_CELLS: usize = 40;

/// Effects shown one by one.
const N_RANKED: usize = 200;

/// Share of the effects on each side that the outermost cells take in, so that a few extreme
/// predictions do not squeeze everybody else into one cell.
const TAIL_SHARE: f64 = 0.005;

/// Returns the spread of one arm's effects.
///
/// `importance` has one share a feature, in the order of `features`.
pub(crate) fn spread(
    arm: &str,
    effects: &ArmEffects,
    features: &[String],
    importance: &[f64],
) -> EffectSpread {
    let is_known = |unit: &u32| effects.tau_hat[*unit as usize].is_finite();
    let mut order: Vec<u32> = (0..effects.tau_hat.len() as u32).filter(is_known).collect();
    order.sort_unstable_by(|&a, &b| {
        effects.tau_hat[a as usize].total_cmp(&effects.tau_hat[b as usize]).then(a.cmp(&b))
    });
    let (edges, counts) = histogram(&effects.tau_hat, &order);
    EffectSpread {
        arm: arm.to_owned(),
        edges,
        counts,
        mean_half_width: mean_half_width(effects, &order),
        ranked: ranked(effects, &order),
        importance: sorted_importance(features, importance),
    }
}

fn histogram(tau_hat: &[f64], order: &[u32]) -> (Vec<f64>, Vec<usize>) {
    let Some(last) = order.len().checked_sub(1) else { return (Vec::new(), Vec::new()) };
    let tail = (last as f64 * TAIL_SHARE) as usize;
    let low = tau_hat[order[tail] as usize];
    let high = tau_hat[order[last - tail] as usize];
    // All effects alike: one cell around them instead of forty of no width.
    if high <= low {
        return (vec![low - f64::EPSILON.max(low.abs() * 1e-6), low, high], vec![0, order.len()]);
    }
    let width = (high - low) / N_CELLS as f64;
    let mut counts = vec![0; N_CELLS];
    for &row in order {
        let cell = ((tau_hat[row as usize] - low) / width) as usize;
        counts[cell.min(N_CELLS - 1)] += 1;
    }
    ((0..=N_CELLS).map(|cell| low + width * cell as f64).collect(), counts)
}

fn ranked(effects: &ArmEffects, order: &[u32]) -> Vec<RankedEffect> {
    let n = order.len();
    let n_shown = n.min(N_RANKED);
    (0..n_shown)
        .map(|shown| {
            let rank = if n_shown > 1 { shown * (n - 1) / (n_shown - 1) } else { 0 };
            let row = order[rank] as usize;
            RankedEffect {
                share: (rank as f64 + 0.5) / n as f64,
                effect: effects.tau_hat[row],
                low: effects.low[row],
                high: effects.high[row],
            }
        })
        .collect()
}

/// Over the rows whose interval is known.
fn mean_half_width(effects: &ArmEffects, order: &[u32]) -> f64 {
    let half_width = |&row: &u32| (effects.high[row as usize] - effects.low[row as usize]) / 2.0;
    let known = || order.iter().map(half_width).filter(|half_width| half_width.is_finite());
    known().sum::<f64>() / known().count().max(1) as f64
}

fn sorted_importance(features: &[String], importance: &[f64]) -> Vec<Importance> {
    let mut shares: Vec<Importance> = features
        .iter()
        .zip(importance)
        .map(|(feature, &share)| Importance { feature: feature.clone(), share })
        .collect();
    shares.sort_by(|a, b| b.share.total_cmp(&a.share));
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    fn effects(tau_hat: Vec<f64>) -> ArmEffects {
        let low = tau_hat.iter().map(|tau| tau - 1.0).collect();
        let high = tau_hat.iter().map(|tau| tau + 3.0).collect();
        let std_error = vec![1.0; tau_hat.len()];
        ArmEffects::of_ends(tau_hat, std_error, (low, high))
    }

    #[test]
    fn one_unknown_interval_does_not_hide_how_wide_the_others_are() {
        let mut effects = effects(vec![0.0, 1.0, 2.0]);
        (effects.low[1], effects.high[1]) = (f64::NAN, f64::NAN);
        let spread = spread("a", &effects, &[], &[]);
        assert!((spread.mean_half_width - 2.0).abs() < f64::EPSILON);
        assert_eq!(spread.ranked.len(), 3);
    }

    #[test]
    fn every_effect_is_counted_once_extremes_included() {
        let mut tau: Vec<f64> = (0..1_000).map(f64::from).collect();
        tau[17] = 1e9;
        let spread = spread("a", &effects(tau), &[], &[]);
        assert_eq!(spread.counts.iter().sum::<usize>(), 1_000);
        assert_eq!(spread.edges.len(), spread.counts.len() + 1);
        assert!(spread.edges[N_CELLS] < 1_000.0);
    }

    #[test]
    fn ranked_effects_run_from_the_lowest_to_the_highest() {
        let spread = spread("a", &effects((0..1_000).rev().map(f64::from).collect()), &[], &[]);
        assert_eq!(spread.ranked.len(), N_RANKED);
        let ends = (spread.ranked[0].effect, spread.ranked[N_RANKED - 1].effect);
        assert_eq!(ends, (0.0, 999.0));
        assert!(spread.ranked.is_sorted_by(|a, b| a.share < b.share && a.effect <= b.effect));
        assert!((spread.mean_half_width - 2.0).abs() < f64::EPSILON);
    }

    #[test]
    fn alike_effects_and_no_effects_have_a_histogram_too() {
        let alike = spread("a", &effects(vec![0.25; 10]), &[], &[]);
        assert_eq!(alike.counts.iter().sum::<usize>(), 10);
        assert!(alike.edges.is_sorted());
        assert!(spread("a", &effects(vec![]), &[], &[]).ranked.is_empty());
    }
}
