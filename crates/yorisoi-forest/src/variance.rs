//! How sure is the forest? The bootstrap of little bags, for subsamples of any size.

use crate::bags::Bags;

/// How sure an answer is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Uncertainty {
    pub(crate) std_error: f64,
    /// Part of the variance that more trees would remove.
    pub(crate) monte_carlo_share: f64,
}

/// Sums of one row's linearised answers over the trees of a bag.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct BagMoments {
    n: f32,
    sum: f32,
    squares: f32,
}

impl BagMoments {
    /// Adds a tree's answer with weight 1, or nothing with weight 0.
    #[inline]
    pub(crate) fn add(&mut self, answer: f32, weight: f32) {
        self.n += weight;
        self.sum += answer * weight;
        self.squares += answer * answer * weight;
    }
}

/// Running sums of one row's linearised answers, bag by bag.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct BagSpread {
    n_bags: f64,
    mean: f64,
    squares_between: f64,
    squares_within: f64,
    degrees_within: f64,
    n_trees: f64,
}

impl BagSpread {
    /// Adds one bag, whose trees' answers all stand on the bag's `line`; an empty bag is left out.
    #[inline]
    pub(crate) fn add_bag(&mut self, bag: &BagMoments, line: f64) {
        if bag.n == 0.0 {
            return;
        }
        let (n, sum) = (f64::from(bag.n), f64::from(bag.sum));
        let mean = sum / n;
        self.n_trees += n;
        self.squares_within += (f64::from(bag.squares) - sum * mean).max(0.0);
        self.degrees_within += n - 1.0;
        self.n_bags += 1.0;
        let delta = mean + line - self.mean;
        self.mean += delta / self.n_bags;
        self.squares_between += delta * (mean + line - self.mean);
    }

    /// Returns how sure the forest's answer is; NaN with fewer than two bags.
    ///
    /// # Formula
    ///
    /// ```text
    /// B  = variance of bag means            (sampling of bags, and noise of few trees)
    /// N  = variance within bags / trees per bag   (that noise)
    /// σ² = f / (1 − f) · E[θ | θ > 0],  θ ~ N(B − N, 2 max(B, N)² / bags)
    /// se² = σ² + B / bags
    /// ```
    ///
    /// `f` is the sample fraction. With half-samples the factor is 1, the bootstrap of little bags of
    /// Athey, Tibshirani & Wager; for smaller bags it is the subsampling scale of a statistic that is,
    /// to first order, a mean over units: bags of `f n` out of `n` vary by `(1 − f) / f` times as much
    /// as the forest. The last term is the Monte-Carlo error of finitely many bags.
    ///
    /// # Source
    ///
    /// Sexton & Laake (2009); Athey, Tibshirani & Wager (2019), section 4; Politis, Romano & Wolf
    /// (1999) for the scale. The positive part is the mean of a normal truncated at 0.
    pub(crate) fn uncertainty(&self, bags: &Bags) -> Uncertainty {
        if self.n_bags < 2.0 {
            return Uncertainty { std_error: f64::NAN, monte_carlo_share: f64::NAN };
        }
        let between = self.squares_between / (self.n_bags - 1.0);
        let within =
            if self.degrees_within > 0.0 { self.squares_within / self.degrees_within } else { 0.0 };
        let noise = within * self.n_bags / self.n_trees;
        let scale = bags.sample_fraction / (1.0 - bags.sample_fraction);
        let sampling =
            positive_part(between - noise, between.max(noise) * (2.0 / self.n_bags).sqrt());
        let monte_carlo = between / self.n_bags;
        let variance = scale * sampling + monte_carlo;
        Uncertainty { std_error: variance.sqrt(), monte_carlo_share: monte_carlo / variance }
    }
}

/// Returns the mean of a normal with this mean and standard deviation, given that it is positive.
fn positive_part(mean: f64, std_dev: f64) -> f64 {
    if std_dev <= 0.0 {
        return mean.max(0.0);
    }
    let z = mean / std_dev;
    if z < -10.0 {
        // The ratio's asymptote; both parts of the exact form vanish.
        return std_dev / -z;
    }
    let density = libm::exp(-0.5 * z * z) / (2.0 * std::f64::consts::PI).sqrt();
    let probability = 0.5 * libm::erfc(-z / std::f64::consts::SQRT_2);
    mean + std_dev * density / probability
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A Simpson rule of 20,000 steps and a handful of `f64` operations.
    const ROUNDING: f64 = 1e-6;

    fn bags(n_bags: usize, trees_per_bag: usize, sample_fraction: f64) -> Bags {
        Bags { seed: 1, n_bags, trees_per_bag, sample_fraction, growing_fraction: 0.5 }
    }

    fn spread_of(answers: &[&[f32]], lines: &[f64]) -> BagSpread {
        let mut spread = BagSpread::default();
        for (answers, line) in answers.iter().zip(lines) {
            let mut bag = BagMoments::default();
            for answer in *answers {
                bag.add(*answer, 1.0);
            }
            spread.add_bag(&bag, *line);
        }
        spread
    }

    /// Returns `E[θ | θ > 0]` for `θ ~ N(mean, std_dev²)` by Simpson's rule over its upper tail.
    fn integrated(mean: f64, std_dev: f64) -> f64 {
        const STEPS: usize = 20_000;
        let high = mean.max(0.0) + 12.0 * std_dev;
        let (mut mass, mut first_moment) = (0.0, 0.0);
        for step in 0..=STEPS {
            let at = high * step as f64 / STEPS as f64;
            let factor = match step {
                0 | STEPS => 1.0,
                odd if odd % 2 == 1 => 4.0,
                _ => 2.0,
            };
            let density = factor * libm::exp(-0.5 * ((at - mean) / std_dev).powi(2));
            mass += density;
            first_moment += at * density;
        }
        first_moment / mass
    }

    #[test]
    fn variance_of_two_bags_by_hand() {
        // Bag means 2 and 6: B = 8. Within: (2 + 2) / 2 = 2, so N = 2 / 2 trees = 1.
        // θ ~ N(7, 2 · 8² / 2) = N(7, 8²), f / (1 − f) = 1, Monte Carlo B / 2 = 4.
        let uncertainty =
            spread_of(&[&[1.0, 3.0], &[5.0, 7.0]], &[0.0; 2]).uncertainty(&bags(2, 2, 0.5));
        let variance = integrated(7.0, 8.0) + 4.0;
        assert!((uncertainty.std_error - variance.sqrt()).abs() < ROUNDING);
        assert!((uncertainty.monte_carlo_share - 4.0 / variance).abs() < ROUNDING);
    }

    #[test]
    fn small_bags_scale_the_sampling_part_alone() {
        // As above with f = 1/5: the scale is (1/5) / (4/5) = 1/4.
        let uncertainty =
            spread_of(&[&[1.0, 3.0], &[5.0, 7.0]], &[0.0; 2]).uncertainty(&bags(2, 2, 0.2));
        let variance = integrated(7.0, 8.0) / 4.0 + 4.0;
        assert!((uncertainty.std_error - variance.sqrt()).abs() < ROUNDING);
    }

    #[test]
    fn a_line_shifts_its_whole_bag() {
        let with_lines = spread_of(&[&[1.0, 3.0], &[5.0, 7.0]], &[0.5, -1.0]);
        let shifted = spread_of(&[&[1.5, 3.5], &[4.0, 6.0]], &[0.0; 2]);
        let of = |spread: BagSpread| spread.uncertainty(&bags(2, 2, 0.5)).std_error;
        assert!((of(with_lines) - of(shifted)).abs() < ROUNDING);
    }

    #[test]
    fn empty_bags_and_trees_without_an_answer_count_for_nothing() {
        let mut with_gaps = BagSpread::default();
        for answers in [[1.0, 3.0].as_slice(), &[], &[5.0, 7.0]] {
            let mut bag = BagMoments::default();
            for answer in answers {
                bag.add(*answer, 1.0);
            }
            bag.add(99.0, 0.0);
            with_gaps.add_bag(&bag, 0.0);
        }
        let plain = spread_of(&[&[1.0, 3.0], &[5.0, 7.0]], &[0.0; 2]);
        let of = |spread: BagSpread| spread.uncertainty(&bags(3, 2, 0.5)).std_error.to_bits();
        assert_eq!(of(with_gaps), of(plain));
    }

    #[test]
    fn one_bag_says_nothing_about_its_error() {
        let uncertainty = spread_of(&[&[1.0, 3.0]], &[0.0]).uncertainty(&bags(2, 2, 0.5));
        assert!(uncertainty.std_error.is_nan() && uncertainty.monte_carlo_share.is_nan());
    }

    #[test]
    fn the_far_tail_follows_its_asymptote() {
        for z in [-10.5_f64, -20.0, -100.0] {
            // E[θ | θ > 0] = s/|z| · (1 − 2/z² + O(z⁻⁴)): the asymptote is off by less than 3/z².
            let ratio = positive_part(z, 1.0) * -z;
            assert!((ratio - integrated_tail(z)).abs() < 3.0 / (z * z), "{z}: {ratio}");
        }
    }

    /// Returns `|z| E[θ | θ > 0]` for `θ ~ N(z, 1)`, by the continued fraction of Mills' ratio.
    fn integrated_tail(z: f64) -> f64 {
        let t = -z;
        // 1 / Mills ratio = t + 1/(t + 2/(t + 3/(t + ...))), and E = that − t.
        let inverse_mills = (1..60).rev().fold(t, |rest, k| t + f64::from(k) / rest);
        (inverse_mills - t) * t
    }

    proptest! {
        #[test]
        fn positive_part_equals_its_integral(mean in -8.0..20.0_f64, std_dev in 1.0..5.0_f64) {
            let exact = integrated(mean, std_dev);
            prop_assert!((positive_part(mean, std_dev) - exact).abs() < ROUNDING * (1.0 + exact));
        }

        #[test]
        fn without_spread_the_positive_part_is_the_plain_one(mean in -5.0..5.0_f64) {
            prop_assert_eq!(positive_part(mean, 0.0).to_bits(), mean.max(0.0).to_bits());
        }

        /// Answers in another unit, or from another start, are as sure as before.
        #[test]
        fn standard_errors_follow_the_unit_of_the_answers(
            answers in prop::collection::vec((-4.0..4.0_f32, -4.0..4.0_f32), 2..30),
        ) {
            let n = answers.len();
            let of = |scale: f32, shift: f64| {
                let rows: Vec<[f32; 2]> =
                    answers.iter().map(|(a, b)| [a * scale, b * scale]).collect();
                let rows: Vec<&[f32]> = rows.iter().map(<[f32; 2]>::as_slice).collect();
                spread_of(&rows, &vec![shift; n]).uncertainty(&bags(n, 2, 0.3)).std_error
            };
            // Doubling is exact in f32; the shift is rounded at the scale of 8.
            prop_assert!((of(2.0, 0.0) - 2.0 * of(1.0, 0.0)).abs() < ROUNDING);
            prop_assert!((of(1.0, 8.0) - of(1.0, 0.0)).abs() < ROUNDING);
        }
    }
}
