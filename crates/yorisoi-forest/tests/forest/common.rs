//! Small data for the tests: mixed features, a centred treatment, an outcome with an effect.

use yorisoi_data::{BinnedRows, FeatureKind, unit_hash};
use yorisoi_forest::{BaselineTask, Causal, RankScale, StepParams, Units};

/// Units that belong together, where clusters are used.
pub(crate) const CLUSTER_SIZE: u32 = 4;

/// Data of `n` units; all numbers follow from the seed.
pub(crate) struct Sample {
    pub(crate) features: BinnedRows,
    pub(crate) y: Vec<f32>,
    pub(crate) w: Vec<f32>,
    pub(crate) rows: Vec<u32>,
    pub(crate) clusters: Vec<u32>,
    pub(crate) scale: RankScale,
}

/// A uniform draw of one stream.
pub(crate) fn draw(seed: u64, stream: u64, unit: u32) -> f64 {
    unit_hash(seed, stream << 40 | u64::from(unit))
}

/// A draw of mean 0 and variance 1: twelve uniforms less six.
pub(crate) fn noise(seed: u64, stream: u64, unit: u32) -> f64 {
    (0..12).map(|k| draw(seed, stream + k, unit)).sum::<f64>() - 6.0
}

impl Sample {
    /// Returns units with three ordered features (the second with gaps), a category, and an effect
    /// that rises in steps with the first and differs by level.
    pub(crate) fn new(n: u32, seed: u64) -> Self {
        Self::with_last(n, seed, FeatureKind::Category { n_bins: 9 })
    }

    /// As [`Self::new`], with an ordered feature in place of the category.
    pub(crate) fn ordered(n: u32, seed: u64) -> Self {
        Self::with_last(n, seed, FeatureKind::Ordered { n_bins: 9 })
    }

    fn with_last(n: u32, seed: u64, last: FeatureKind) -> Self {
        let kinds = vec![
            FeatureKind::Ordered { n_bins: 64 },
            FeatureKind::Ordered { n_bins: 30 },
            FeatureKind::Ordered { n_bins: 64 },
            last,
        ];
        let mut sample = Self {
            features: BinnedRows::new(Vec::new(), kinds.clone(), 0),
            y: Vec::new(),
            w: Vec::new(),
            rows: (0..n).collect(),
            clusters: (0..n).map(|unit| unit / CLUSTER_SIZE).collect(),
            scale: RankScale::new(&kinds),
        };
        let mut bins = Vec::new();
        for unit in 0..n {
            let bin = |feature: u64, n_bins: f64| (draw(seed, feature, unit) * n_bins) as u8;
            let row = [1 + bin(0, 63.0), bin(1, 30.0), 1 + bin(2, 63.0), bin(3, 9.0)];
            let effect = f64::from(row[0] / 16) * 0.4 - f64::from(row[3] % 3) * 0.3;
            let w = if draw(seed, 4, unit) < 0.5 { 0.5 } else { -0.5 };
            sample.w.push(w as f32);
            sample.y.push((w * effect + noise(seed, 8, unit)) as f32);
            bins.extend(row);
        }
        sample.features = BinnedRows::new(bins, kinds, n as usize);
        sample
    }

    /// Returns the recipe of a causal forest with a line and small trees under each bag.
    pub(crate) fn causal(&self) -> Causal<'_> {
        Causal { baseline: Some(self.baseline(3)), ..self.causal_without_line() }
    }

    /// Returns the recipe of a plain causal forest.
    pub(crate) fn causal_without_line(&self) -> Causal<'_> {
        Causal { y_centered: &self.y, w_centered: &self.w, weights: None, baseline: None }
    }

    /// Returns the task of a line with so many rounds of small trees.
    pub(crate) fn baseline(&self, rounds: usize) -> BaselineTask<'_> {
        let steps = StepParams { rounds, ..StepParams::default() };
        BaselineTask { clusters: None, scale: &self.scale, has_line: true, steps }
    }

    /// Returns the units, each on its own.
    pub(crate) fn units(&self) -> Units<'_> {
        Units { features: &self.features, rows: &self.rows, clusters: None }
    }

    /// Returns the units in clusters of [`CLUSTER_SIZE`].
    pub(crate) fn clustered(&self) -> Units<'_> {
        Units { clusters: Some(&self.clusters), ..self.units() }
    }
}
