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
    let density = (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let probability = 0.5 * libm::erfc(-z / std::f64::consts::SQRT_2);
    mean + std_dev * density / probability
}
