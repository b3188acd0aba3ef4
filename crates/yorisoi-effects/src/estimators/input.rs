//! What every estimator here is given: units to learn from, checked once, and how its forest grows.

use serde::{Deserialize, Serialize};
use yorisoi_data::{BinnedRows, MAX_FEATURES};
use yorisoi_forest::{ForestParams, MAX_CLASSES, Units};

use crate::default_sample_fraction;
use crate::fit::{MIN_CLUSTERS, n_clusters};

/// Units a forest needs at least to say anything with an interval.
const MIN_UNITS: usize = 20;

/// A mean within so many standard deviations of 0 leaves single precision enough digits: squares are then
/// off by `16² · 2⁻²⁴`, a hundred-thousandth of a variance or two.
const FAR: f64 = 16.0;

/// Why an estimator could not be fitted.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EstimatorError {
    /// A column does not have one entry a unit.
    #[error(
        "`{name}` has {actual} units, expected {expected}: one entry for every row of the features"
    )]
    LengthMismatch {
        /// Name of the offending argument.
        name: &'static str,
        /// Units in that argument.
        actual: usize,
        /// Rows of the features.
        expected: usize,
    },
    /// A number is missing or infinite.
    #[error(
        "`{name}` of unit {unit} is {value}, expected a finite number: leave the unit out of `rows`"
    )]
    NotFinite {
        /// Name of the offending argument.
        name: &'static str,
        /// The unit.
        unit: u32,
        /// The value.
        value: f64,
    },
    /// A weight is not positive.
    #[error(
        "weight of unit {unit} is {weight}, expected a number above 0: leave the unit out of `rows`"
    )]
    Weight {
        /// The unit.
        unit: u32,
        /// Its weight.
        weight: f64,
    },
    /// A row to learn from does not exist.
    #[error("row {row} does not exist: the features have {n_rows} rows, counted from 0")]
    UnknownRow {
        /// The row.
        row: u32,
        /// Rows there are.
        n_rows: usize,
    },
    /// Too few units.
    #[error("there are {actual} units to learn from, expected at least {expected}")]
    TooFew {
        /// Units given.
        actual: usize,
        /// Units needed.
        expected: usize,
    },
    /// Too few clusters.
    #[error("there are {actual} clusters to learn from, expected at least {expected}")]
    FewClusters {
        /// Clusters given.
        actual: usize,
        /// Clusters needed.
        expected: usize,
    },
    /// There is nothing to split on.
    #[error("there are no features: name some columns to tell people apart by")]
    NoFeatures,
    /// More features than a tree can number.
    #[error("there are {actual} features, expected at most {expected}")]
    TooManyFeatures {
        /// Features given.
        actual: usize,
        /// Features allowed.
        expected: usize,
    },
    /// A column that must vary is the same for everyone.
    #[error("`{name}` is the same for every unit, so nothing can be learned from it")]
    NoVariation {
        /// Name of the offending argument.
        name: &'static str,
    },
    /// A class number too high to be told apart.
    #[error("unit {unit} has class {class}, expected 0 to {}: merge rare classes", MAX_CLASSES - 1)]
    UnknownClass {
        /// The unit.
        unit: u32,
        /// Its class.
        class: u8,
    },
    /// The instrument hardly moves the treatment.
    #[error(
        "the instrument hardly moves the treatment: first-stage F is {f_statistic:.1}, expected at \
         least {expected}; look for a stronger instrument or more units"
    )]
    WeakInstrument {
        /// F statistic of the centred treatment on the centred instrument.
        f_statistic: f64,
        /// F needed.
        expected: f64,
    },
}

impl EstimatorError {
    /// Returns whether the instrument is too weak to say anything.
    pub fn is_weak_instrument(&self) -> bool {
        matches!(self, Self::WeakInstrument { .. })
    }
}

/// The units a forest learns from.
///
/// # Shapes and units
///
/// `clusters` and `weights` have one entry for every row of `features`; `rows` says which take part.
#[derive(Debug, Clone, Copy)]
pub struct ForestInput<'a> {
    /// Binned features of the whole data set.
    pub features: &'a BinnedRows,
    /// Rows to learn from, ascending.
    pub rows: &'a [u32],
    /// Cluster of every row, kept whole in subsamples and folds.
    pub clusters: Option<&'a [u32]>,
    /// Weight of every row, above 0.
    pub weights: Option<&'a [f64]>,
}

impl<'a> ForestInput<'a> {
    /// Returns independent units that count the same.
    pub fn new(features: &'a BinnedRows, rows: &'a [u32]) -> Self {
        Self { features, rows, clusters: None, weights: None }
    }

    pub(super) fn units(&self) -> Units<'a> {
        Units { features: self.features, rows: self.rows, clusters: self.clusters }
    }

    /// Checks everything but the columns to learn; returns the weights as the forest takes them.
    pub(super) fn check(&self) -> Result<Option<Vec<f32>>, EstimatorError> {
        match self.features.n_features() {
            0 => return Err(EstimatorError::NoFeatures),
            actual if actual > MAX_FEATURES => {
                return Err(EstimatorError::TooManyFeatures { actual, expected: MAX_FEATURES });
            }
            _ => {}
        }
        if self.rows.len() < MIN_UNITS {
            let (actual, expected) = (self.rows.len(), MIN_UNITS);
            return Err(EstimatorError::TooFew { actual, expected });
        }
        let n_rows = self.features.n_rows();
        if let Some(&row) = self.rows.iter().find(|row| **row as usize >= n_rows) {
            return Err(EstimatorError::UnknownRow { row, n_rows });
        }
        if let Some(clusters) = self.clusters {
            self.check_length("clusters", clusters.len())?;
            let (actual, expected) = (n_clusters(clusters, self.rows), MIN_CLUSTERS);
            if actual < expected {
                return Err(EstimatorError::FewClusters { actual, expected });
            }
        }
        let Some(weights) = self.weights else { return Ok(None) };
        self.check_length("weights", weights.len())?;
        // Written positively so that NaN is refused too.
        let is_valid = |unit: u32| {
            let weight = weights[unit as usize];
            weight > 0.0 && weight.is_finite()
        };
        if let Some(&unit) = self.rows.iter().find(|unit| !is_valid(**unit)) {
            return Err(EstimatorError::Weight { unit, weight: weights[unit as usize] });
        }
        Ok(Some(weights.iter().map(|&weight| weight as f32).collect()))
    }

    fn check_length(&self, name: &'static str, actual: usize) -> Result<(), EstimatorError> {
        let expected = self.features.n_rows();
        if actual == expected {
            Ok(())
        } else {
            Err(EstimatorError::LengthMismatch { name, actual, expected })
        }
    }

    /// Returns a column as the forest takes it, checked over the rows that take part.
    pub(super) fn column(
        &self,
        name: &'static str,
        values: &[f64],
    ) -> Result<Vec<f32>, EstimatorError> {
        self.check_length(name, values.len())?;
        let narrow = |unit: u32| values[unit as usize] as f32;
        if let Some(&unit) = self.rows.iter().find(|unit| !narrow(**unit).is_finite()) {
            return Err(EstimatorError::NotFinite { name, unit, value: values[unit as usize] });
        }
        Ok(values.iter().map(|&value| value as f32).collect())
    }

    /// As [`Self::column`], less what its rows have in common, which comes second: 0 where their mean is
    /// small against their spread.
    ///
    /// Single precision has seven digits, and squares need them twice: those in which all rows agree must not
    /// use them up.
    pub(super) fn centred(
        &self,
        name: &'static str,
        values: &[f64],
    ) -> Result<(Vec<f32>, f64), EstimatorError> {
        self.column(name, values)?;
        let centre = self.common(values);
        let less: Vec<f64> = values.iter().map(|value| value - centre).collect();
        Ok((self.column(name, &less)?, centre))
    }

    fn common(&self, values: &[f64]) -> f64 {
        let weight = |unit: u32| self.weights.map_or(1.0, |weights| weights[unit as usize]);
        coarse_centre(self.rows, &weight, &|unit| values[unit as usize])
    }

    /// As [`Self::column`], for a column of class numbers.
    pub(super) fn classes(&self, class: &[u8]) -> Result<(), EstimatorError> {
        self.check_length("class", class.len())?;
        let is_unknown = |unit: &&u32| usize::from(class[**unit as usize]) >= MAX_CLASSES;
        match self.rows.iter().find(is_unknown) {
            Some(&unit) => Err(EstimatorError::UnknownClass { unit, class: class[unit as usize] }),
            None => Ok(()),
        }
    }
}

/// Returns the weighted mean over `rows`, rounded to the power of two above [`FAR`] standard deviations: so
/// coarse that a unit's own value does not move it.
pub(crate) fn coarse_centre(
    rows: &[u32],
    weight: &dyn Fn(u32) -> f64,
    value: &dyn Fn(u32) -> f64,
) -> f64 {
    let mean_of = |part_of: &dyn Fn(f64) -> f64| {
        let part = |&unit: &u32| {
            let weight = weight(unit);
            (weight, weight * part_of(value(unit)))
        };
        let sums = rows.iter().map(part);
        let (total, sum) = sums.fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
        sum / total
    };
    let mean = mean_of(&|value| value);
    let spread = mean_of(&|value| (value - mean).powi(2)).sqrt();
    if spread > 0.0 {
        let step = libm::ldexp(1.0, libm::frexp(FAR * spread).1);
        (mean / step).round() * step
    } else {
        mean
    }
}

/// How a forest of means or probabilities grows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MeanForestParams {
    /// Trees. 500 keep the Monte-Carlo error well below the sampling error.
    pub n_trees: usize,
    /// Honest rows a leaf holds at least. 5: unlike an effect, a mean needs few rows, and fine leaves
    /// keep the bias below the standard error.
    pub min_leaf: u32,
    /// Share of the units in a bag, in `(0, 0.5]`; `None` chooses by size, see
    /// [`default_sample_fraction`].
    pub sample_fraction: Option<f64>,
    /// Key of all randomness.
    pub seed: u64,
}

impl Default for MeanForestParams {
    fn default() -> Self {
        Self { n_trees: 500, min_leaf: 5, sample_fraction: None, seed: 42 }
    }
}

impl MeanForestParams {
    pub(super) fn forest(&self, n_units: usize) -> ForestParams {
        ForestParams {
            n_trees: self.n_trees,
            min_node_size: self.min_leaf as usize,
            sample_fraction: self
                .sample_fraction
                .unwrap_or_else(|| default_sample_fraction(n_units)),
            seed: self.seed,
            ..ForestParams::default()
        }
    }
}
