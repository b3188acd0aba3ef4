//! A linear effect, shrunk by the evidence for it: the first part of what a bag's trees stand on.

use serde::{Deserialize, Serialize};
use yorisoi_data::{BinnedRows, FeatureKind, MISSING_BIN};

/// A linear effect `a + Σ bⱼ zⱼ(x)` over rank-scaled features.
///
/// `zⱼ` is the bin of an ordered feature scaled to `[−1, 1]`; 0 where missing and for categories.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct LinearEffect {
    /// Intercept.
    pub intercept: f32,
    /// Slope a feature.
    pub slopes: Vec<f32>,
}

/// The scale that turns bins into ranks.
#[derive(Debug, Clone, PartialEq)]
pub struct RankScale {
    middle: Vec<f32>,
    factor: Vec<f32>,
}

impl RankScale {
    /// Returns the scale of these features.
    pub fn new(kinds: &[FeatureKind]) -> Self {
        let (middle, factor) = kinds
            .iter()
            .map(|kind| match *kind {
                FeatureKind::Ordered { n_bins } if n_bins > 2 => {
                    let (low, high) = (1.0, f32::from(n_bins) - 1.0);
                    (f32::midpoint(low, high), 2.0 / (high - low))
                }
                _ => (0.0, 0.0),
            })
            .unzip();
        Self { middle, factor }
    }

    /// Returns the features that have ranks: ordered ones that vary.
    fn ranked(&self) -> Vec<usize> {
        (0..self.factor.len()).filter(|&feature| self.factor[feature] > 0.0).collect()
    }

    /// Returns the rank of feature `feature` at `bin`.
    #[inline]
    pub fn rank(&self, feature: usize, bin: u8) -> f32 {
        let present = f32::from(u8::from(bin != MISSING_BIN));
        (f32::from(bin) - self.middle[feature]) * self.factor[feature] * present
    }
}

impl LinearEffect {
    /// Returns the same effect everywhere.
    pub(crate) fn level(n_features: usize, intercept: f32) -> Self {
        Self { intercept, slopes: vec![0.0; n_features] }
    }

    /// Returns the mean effect of what was seen, by treatment variation.
    pub(crate) fn mean(n_features: usize, seen: &[Observation]) -> Self {
        let (mut pull, mut variation) = (0.0, 0.0);
        for &Observation { w, y, weight, .. } in seen {
            pull += f64::from(weight * w * y);
            variation += f64::from(weight * w * w);
        }
        Self::level(n_features, if variation > 0.0 { (pull / variation) as f32 } else { 0.0 })
    }

    /// Returns the effect at a row.
    #[inline]
    pub fn at(&self, scale: &RankScale, bins: &[u8]) -> f32 {
        let mut effect = self.intercept;
        for (feature, (&bin, slope)) in bins.iter().zip(&self.slopes).enumerate() {
            effect += slope * scale.rank(feature, bin);
        }
        effect
    }
}

/// More slopes than this are not tried: time and memory grow with their square.
const MAX_SLOPES: usize = 500;

/// What a unit brings to the fit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Observation {
    pub(crate) w: f32,
    pub(crate) y: f32,
    pub(crate) weight: f32,
    /// Units of one cluster may depend on one another.
    pub(crate) cluster: u32,
}

/// Fits `y ≈ w (a + Σ bⱼ zⱼ)` by least squares and shrinks the slopes by the evidence for them.
///
/// # Formula
///
/// ```text
/// b ← max(0, 1 − p / χ²) · b,   χ² = bᵀ V⁻¹ b / d,   V the covariance of b for independent units
/// d = max(1, Σ over clusters (Σ sᵢ)² / Σ sᵢ²),   sᵢ = weight w (y − a w)
/// ```
///
/// the positive-part James–Stein factor, so that slopes that are mere noise vanish. `p` counts the features
/// that have ranks; the others have no slope. `d` is the design effect: how much more the scores of whole
/// clusters vary than those of as many independent units.
///
/// The noise is judged by what the line leaves, so as many rows must be left for it as there are slopes. With
/// fewer, or with more than 500 features that have ranks, the answer is the mean effect `a`: a line through
/// hardly more points than it has slopes runs through the noise and leaves nothing to see that by.
///
/// # Source
///
/// Nie & Wager (2021), the linear R-learner; Friedberg, Tibshirani, Athey & Wager (2020) for lines
/// under forests; James & Stein (1961); Kish (1965), *Survey sampling*, for the design effect.
pub(crate) fn fit_linear_effect(
    rows: &BinnedRows,
    scale: &RankScale,
    seen: &[Observation],
) -> LinearEffect {
    let mut ranked = scale.ranked();
    if ranked.len() > MAX_SLOPES || seen.len() < 2 * (ranked.len() + 1) {
        ranked.clear();
    }
    let p = ranked.len();
    let Products { gram, moment, squares } = products(rows, (scale, &ranked), seen);
    let size = p + 1;
    let variation = gram[size * size - 1];
    let intercept = if variation > 0.0 { (moment[p] / variation) as f32 } else { 0.0 };
    let mut line = LinearEffect::level(rows.n_features(), intercept);
    if ranked.is_empty() {
        return line;
    }
    let design_effect = design_effect(seen, intercept);
    let evidence = Evidence { squares, n: seen.len(), design_effect };
    if let Some(shrunk) = solve(&gram, &moment, evidence, intercept) {
        line.intercept = shrunk.intercept;
        for (feature, slope) in ranked.into_iter().zip(shrunk.slopes) {
            line.slopes[feature] = slope;
        }
    }
    line
}

/// Sums of weighted products over all rows; the columns are the ranked features times `w`, then `w`.
struct Products {
    /// Of every two columns, the lower triangle, row-major.
    gram: Vec<f64>,
    /// Of every column and `y`.
    moment: Vec<f64>,
    /// Of `y` and itself.
    squares: f64,
}

/// Rows whose products are summed up in `f32`, before `f64` takes over: fast and exact enough.
const RUN: usize = 256;

/// Sums kept side by side: enough that no addition waits for the one before.
const ABREAST: usize = 16;

fn products(
    rows: &BinnedRows,
    (scale, ranked): (&RankScale, &[usize]),
    seen: &[Observation],
) -> Products {
    let size = ranked.len() + 1;
    let mut sums = Products { gram: vec![0.0; size * size], moment: vec![0.0; size], squares: 0.0 };
    // Column by column, so that sums run over rows; those behind the last one are 0.
    let mut columns = vec![[0.0_f32; RUN]; size];
    let (mut y, mut weighted) = ([0.0_f32; RUN], [0.0_f32; RUN]);
    for (seen, first) in seen.chunks(RUN).zip((0..).step_by(RUN)) {
        if seen.len() < RUN {
            columns.fill([0.0; RUN]);
            y.fill(0.0);
        }
        let mut weights = [0.0_f32; RUN];
        for (at, seen) in seen.iter().enumerate() {
            let bins = rows.row(first + at);
            for (column, &feature) in columns.iter_mut().zip(ranked) {
                column[at] = seen.w * scale.rank(feature, bins[feature]);
            }
            columns[size - 1][at] = seen.w;
            (y[at], weights[at]) = (seen.y, seen.weight);
        }
        let mut weigh = |column: &[f32; RUN]| {
            for ((to, value), weight) in weighted.iter_mut().zip(column).zip(&weights) {
                *to = value * weight;
            }
            weighted
        };
        let weighted_y = weigh(&y);
        sums.squares += sum_of_products(&weighted_y, &y);
        for (i, column) in columns.iter().enumerate() {
            sums.moment[i] += sum_of_products(&weighted_y, column);
            let column = weigh(column);
            for (sum, other) in sums.gram[i * size..=i * size + i].iter_mut().zip(&columns) {
                *sum += sum_of_products(&column, other);
            }
        }
    }
    sums
}

fn sum_of_products(a: &[f32; RUN], b: &[f32; RUN]) -> f64 {
    let mut sums = [0.0_f32; ABREAST];
    for (a, b) in a.chunks_exact(ABREAST).zip(b.chunks_exact(ABREAST)) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    sums.iter().map(|&sum| f64::from(sum)).sum()
}

/// What the noise in a fit is judged by.
#[derive(Debug, Clone, Copy)]
struct Evidence {
    /// Weighted sum of squared outcomes.
    squares: f64,
    n: usize,
    design_effect: f64,
}

/// Returns how many times more the clusters' sums of scores vary than independent scores would; 1
/// where every unit is a cluster of its own.
fn design_effect(seen: &[Observation], intercept: f32) -> f64 {
    let mut scores: Vec<(u32, f64)> = (seen.iter())
        .map(|&Observation { w, y, weight, cluster }| {
            (cluster, f64::from(weight * w * (y - intercept * w)))
        })
        .collect();
    if scores.windows(2).any(|pair| pair[0].0 >= pair[1].0) {
        scores.sort_by_key(|(cluster, _)| *cluster);
    }
    let independent: f64 = scores.iter().map(|(_, score)| score * score).sum();
    let together: f64 = scores
        .chunk_by(|a, b| a.0 == b.0)
        .map(|cluster| cluster.iter().map(|(_, score)| score).sum::<f64>().powi(2))
        .sum();
    if independent > 0.0 { (together / independent).max(1.0) } else { 1.0 }
}

/// Returns the line drawn towards the mean effect `flat`, one slope a column; `None` where nothing speaks
/// for slopes.
fn solve(gram: &[f64], moment: &[f64], evidence: Evidence, flat: f32) -> Option<LinearEffect> {
    let size = moment.len();
    let p = size - 1;
    let Evidence { squares, n, design_effect } = evidence;
    // A whisper of ridge keeps constant and duplicated features solvable.
    let trace: f64 = (0..size).map(|i| gram[i * size + i]).sum();
    let mut factor = gram.to_vec();
    for i in 0..size {
        factor[i * size + i] += 1e-6 * trace / size as f64;
    }
    let beta = cholesky_solve(&mut factor, moment, size)?;
    let explained: f64 = beta.iter().zip(moment).map(|(b, m)| b * m).sum();
    let by_intercept = f64::from(flat) * moment[p];
    let residual = (squares - explained) / (n as f64 - size as f64).max(1.0);
    let chi_square = (explained - by_intercept) / (residual * design_effect).max(f64::MIN_POSITIVE);
    let keep = (1.0 - p as f64 / chi_square).clamp(0.0, 1.0);
    if !keep.is_finite() || keep == 0.0 {
        return None;
    }
    let intercept = keep * beta[p] + (1.0 - keep) * f64::from(flat);
    Some(LinearEffect {
        intercept: intercept as f32,
        slopes: beta[..p].iter().map(|b| (keep * b) as f32).collect(),
    })
}

/// Solves `A x = b` for a positive definite `A`, its lower triangle given and overwritten.
fn cholesky_solve(a: &mut [f64], b: &[f64], size: usize) -> Option<Vec<f64>> {
    for i in 0..size {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|k| a[i * size + k] * a[j * size + k]).sum();
            let rest = a[i * size + j] - sum;
            if i == j {
                if rest <= 0.0 || !rest.is_finite() {
                    return None;
                }
                a[i * size + i] = rest.sqrt();
            } else {
                a[i * size + j] = rest / a[j * size + j];
            }
        }
    }
    let mut x = b.to_vec();
    for i in 0..size {
        let sum: f64 = (0..i).map(|k| a[i * size + k] * x[k]).sum();
        x[i] = (x[i] - sum) / a[i * size + i];
    }
    for i in (0..size).rev() {
        let sum: f64 = (i + 1..size).map(|k| a[k * size + i] * x[k]).sum();
        x[i] = (x[i] - sum) / a[i * size + i];
    }
    Some(x)
}

#[cfg(test)]
mod tests {
    use yorisoi_data::unit_hash;

    use super::*;

    const N_UNITS: usize = 600;
    const N_BINS: u16 = 42;

    /// A draw of mean 0 and variance 1 (twelve uniforms).
    fn noise(seed: u64, unit: u32) -> f32 {
        let sum: f64 = (0..12).map(|k| unit_hash(seed, u64::from(unit) * 16 + k)).sum();
        (sum - 6.0) as f32
    }

    fn rows(n_features: usize, seed: u64) -> BinnedRows {
        let bin =
            |at: usize| 1 + (unit_hash(seed, at as u64 + (1 << 40)) * f64::from(N_BINS - 1)) as u8;
        let kinds = vec![FeatureKind::Ordered { n_bins: N_BINS }; n_features];
        BinnedRows::new((0..N_UNITS * n_features).map(bin).collect(), kinds, N_UNITS)
    }

    /// Returns `n` units, every second one treated, with the outcome of a unit and its `w`.
    fn seen(n: u32, outcome: impl Fn(u32, f32) -> f32) -> Vec<Observation> {
        let of_unit = |unit: u32| {
            let w = if unit.is_multiple_of(2) { 0.5 } else { -0.5 };
            Observation { w, y: outcome(unit, w), weight: 1.0, cluster: unit }
        };
        (0..n).map(of_unit).collect()
    }

    /// Fits on `y = w (intercept + slope · first rank) + noise`.
    fn fitted(n_features: usize, seed: u64, (slope, noisy): (f32, f32)) -> LinearEffect {
        let features = rows(n_features, seed);
        let scale = RankScale::new(features.kinds());
        fit_linear_effect(
            &features,
            &scale,
            &seen(N_UNITS as u32, |unit, w| {
                let rank = scale.rank(0, features.row(unit as usize)[0]);
                w * (0.25 + slope * rank) + noisy * noise(seed, unit)
            }),
        )
    }

    /// Fits on pure noise around no effect, on the first `n` units.
    fn fitted_on_noise(n_features: usize, n: u32, seed: u64) -> LinearEffect {
        let features = rows(n_features, seed);
        let scale = RankScale::new(features.kinds());
        fit_linear_effect(&features, &scale, &seen(n, |unit, _| noise(seed, unit)))
    }

    /// A line with as many slopes as rows runs through every point, noise and all.
    #[test]
    fn a_line_through_hardly_more_rows_than_slopes_is_not_believed() {
        for (n, n_features) in [(75, 80), (75, 73), (75, 60), (75, 37), (150, 150), (10, 5)] {
            for seed in 0..5 {
                let line = fitted_on_noise(n_features, n, seed);
                assert_eq!(line.slopes, vec![0.0; n_features], "{n} rows, {n_features}");
                assert!(line.intercept.is_finite());
            }
        }
    }

    #[test]
    fn more_slopes_than_are_tried_leave_the_mean_effect() {
        let line = |n_features: usize| {
            let kinds = vec![FeatureKind::Ordered { n_bins: 4 }; n_features];
            let n = 1_100;
            let bin = |at: usize| 1 + (unit_hash(4, at as u64) * 3.0) as u8;
            let bins = (0..n * n_features).map(bin).collect();
            let features = BinnedRows::new(bins, kinds, n);
            let scale = RankScale::new(features.kinds());
            let outcome = |unit, w| w * (1.0 + 9.0 * scale.rank(0, features.row(unit as usize)[0]));
            fit_linear_effect(&features, &scale, &seen(n as u32, outcome))
        };
        assert!(line(MAX_SLOPES + 1).slopes.iter().all(|&slope| slope == 0.0));
        assert!((line(MAX_SLOPES).slopes[0] - 9.0).abs() < 0.1);
    }

    /// Categories and constant columns have no slope, and so cost the others nothing.
    #[test]
    fn columns_without_ranks_leave_the_line_as_it_is() {
        let base = rows(3, 8);
        let scale = RankScale::new(base.kinds());
        let seen = seen(N_UNITS as u32, |unit, w| {
            w * scale.rank(0, base.row(unit as usize)[0]) + noise(8, unit)
        });
        let alone = fit_linear_effect(&base, &scale, &seen);
        assert!(alone.slopes[0] > 0.0, "{alone:?}");
        let mut kinds = base.kinds().to_vec();
        kinds.extend(vec![FeatureKind::Category { n_bins: 9 }; 60]);
        kinds.push(FeatureKind::Ordered { n_bins: 2 });
        let bins = (0..N_UNITS).flat_map(|unit| {
            let level = |at: u64| (unit_hash(at, unit as u64) * 9.0) as u8;
            let more = (0..60).map(level).chain([1]);
            base.row(unit).iter().copied().chain(more).collect::<Vec<u8>>()
        });
        let wide = BinnedRows::new(bins.collect(), kinds, N_UNITS);
        let line = fit_linear_effect(&wide, &RankScale::new(wide.kinds()), &seen);
        assert_eq!(line.intercept.to_bits(), alone.intercept.to_bits());
        assert_eq!(line.slopes[..3], alone.slopes[..]);
        assert!(line.slopes[3..].iter().all(|&slope| slope == 0.0));
    }

    #[test]
    fn ranks_run_from_minus_one_to_one_and_skip_gaps_and_categories() {
        let kinds = [FeatureKind::Ordered { n_bins: 12 }, FeatureKind::Category { n_bins: 12 }];
        let scale = RankScale::new(&kinds);
        let near = |actual: f32, expected: f32| (actual - expected).abs() < 1e-6;
        assert!(near(scale.rank(0, 1), -1.0) && near(scale.rank(0, 11), 1.0));
        assert!(near(scale.rank(0, 6), 0.0) && near(scale.rank(0, MISSING_BIN), 0.0));
        assert!((0..12).all(|bin| near(scale.rank(1, bin), 0.0)));
    }

    #[test]
    fn a_line_without_noise_is_found() {
        let line = fitted(4, 3, (0.8, 0.0));
        // The ridge is 1e-6 of a mean diagonal of which the ranks hold a third each.
        assert!((line.intercept - 0.25).abs() < 1e-4, "{line:?}");
        assert!((line.slopes[0] - 0.8).abs() < 1e-4, "{line:?}");
        assert!(line.slopes[1..].iter().all(|slope| slope.abs() < 1e-4), "{line:?}");
    }

    #[test]
    fn slopes_that_are_noise_vanish_more_often_than_not() {
        const SEEDS: u64 = 60;
        let vanished = (0..SEEDS)
            .filter(|&seed| fitted(10, seed, (0.0, 1.0)).slopes.iter().all(|&slope| slope == 0.0))
            .count();
        // They vanish where χ² with 10 degrees falls below 10, which has probability .56: binomial(60,
        // .56) is below 20 with probability 3e-4.
        assert!(vanished >= 20, "{vanished} of {SEEDS}");
    }

    #[test]
    fn scores_repeated_within_clusters_count_once() {
        let seen = |unit: u32, cluster: u32| Observation {
            w: 1.0,
            y: noise(9, unit),
            weight: 1.0,
            cluster,
        };
        let alone = design_effect(&(0..200).map(|unit| seen(unit, unit)).collect::<Vec<_>>(), 0.0);
        assert!((alone - 1.0).abs() < 1e-9, "{alone}");
        // Four copies of each score: a sum of four varies 16 times as much as one, not 4 times. The order
        // of the units does not matter.
        let copies = design_effect(
            &(0..800).map(|unit| seen(unit % 200, unit % 200)).collect::<Vec<_>>(),
            0.0,
        );
        assert!((copies - 4.0).abs() < 1e-9, "{copies}");
    }

    #[test]
    fn slopes_with_evidence_are_kept() {
        // Slope 2 of a rank with variance 1/3, w² = 1/4, noise 1: χ² ≈ 600 · 4 / 12 = 200, so the
        // factor is about 1 − 10/200; its standard error is √(12/600) = .14. Five of them.
        for seed in 0..10 {
            let slope = fitted(10, seed, (2.0, 1.0)).slopes[0];
            assert!((slope - 0.95 * 2.0).abs() < 0.71, "{slope}");
        }
    }

    #[test]
    fn constant_and_repeated_features_do_not_break_the_line() {
        let base = rows(1, 5);
        let bins = (0..N_UNITS).flat_map(|unit| {
            let bin = base.row(unit)[0];
            [bin, bin, 7]
        });
        let kinds = vec![FeatureKind::Ordered { n_bins: N_BINS }; 3];
        let features = BinnedRows::new(bins.collect(), kinds, N_UNITS);
        let scale = RankScale::new(features.kinds());
        let seen = seen(N_UNITS as u32, |unit, w| {
            w * scale.rank(0, features.row(unit as usize)[0]) + 0.1 * noise(5, unit)
        });
        let line = fit_linear_effect(&features, &scale, &seen);
        // The two copies share the slope of 1; standard error .1 · √(12/600) = .014.
        assert!((line.slopes[0] + line.slopes[1] - 1.0).abs() < 0.1, "{line:?}");
    }

    #[test]
    fn no_treatment_variation_gives_a_flat_zero() {
        let features = rows(2, 1);
        let scale = RankScale::new(features.kinds());
        let mut seen = seen(N_UNITS as u32, |unit, _| noise(1, unit));
        for seen in &mut seen {
            seen.w = 0.0;
        }
        let line = fit_linear_effect(&features, &scale, &seen);
        assert_eq!(line, LinearEffect { intercept: 0.0, slopes: vec![0.0; 2] });
    }
}
