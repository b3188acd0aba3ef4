//! What learns the nuisances, and what it leaves behind for rows to come.

use serde::{Deserialize, Serialize};
use yorisoi_data::{BinnedRows, OutOfFold};

use crate::bagged::BaggedModels;
use crate::crossfit::{ContrastNuisances, CrossFit, FoldModels};

/// What learns the nuisances.
///
/// Either way a row's nuisances come from models that have seen neither it nor its cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NuisanceLearner {
    /// Gradient-boosted trees, fold by fold: closer to a steep outcome, and the smaller model.
    #[default]
    Boosted,
    /// Honest regression forests on all rows, asked out of bag: no rounds to choose, no folds to deal.
    Forest,
}

/// Fitted nuisances of one contrast, by either learner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum NuisanceModels {
    Boosted(FoldModels),
    Forest(BaggedModels),
}

impl CrossFit<'_> {
    /// Learns from the `training` units, and returns with the models the nuisances of `rows`, each from models
    /// that have seen neither the row nor its cluster. Those of the treatment are kept inside `w_range`.
    pub(crate) fn fit(
        &self,
        training: &[u32],
        rows: &[u32],
        w_range: (f32, f32),
    ) -> (NuisanceModels, OutOfFold<ContrastNuisances>) {
        match self.learner {
            NuisanceLearner::Boosted => {
                let (models, nuisances) = self.fit_folds(training, rows, w_range);
                (NuisanceModels::Boosted(models), nuisances)
            }
            NuisanceLearner::Forest => {
                let (models, nuisances) = self.fit_bagged(training, rows, w_range);
                (NuisanceModels::Forest(models), nuisances)
            }
        }
    }
}

impl NuisanceModels {
    pub(crate) fn learner(&self) -> NuisanceLearner {
        match self {
            Self::Boosted(_) => NuisanceLearner::Boosted,
            Self::Forest(_) => NuisanceLearner::Forest,
        }
    }

    /// Returns the folds that rows were dealt into; forests need none.
    pub(crate) fn n_folds(&self) -> usize {
        match self {
            Self::Boosted(folds) => folds.models.len(),
            Self::Forest(_) => 0,
        }
    }

    /// Returns the rounds that each fold's model keeps, outcome first; forests have none.
    pub(crate) fn rounds(&self) -> Vec<Vec<usize>> {
        match self {
            Self::Boosted(folds) => folds.models.iter().map(|model| model.rounds.clone()).collect(),
            Self::Forest(_) => Vec::new(),
        }
    }

    /// Returns whether it can be asked about rows of `n_features` features, wherever it comes from.
    pub(crate) fn is_sound(&self, n_features: usize) -> bool {
        match self {
            Self::Boosted(folds) => folds.is_sound(n_features),
            Self::Forest(forests) => forests.is_sound(n_features),
        }
    }

    /// Returns the nuisances of rows that no model has seen.
    pub(crate) fn new_rows(
        &self,
        features: &BinnedRows,
        rows: &[u32],
        known: Option<&[f32]>,
    ) -> ContrastNuisances {
        match self {
            Self::Boosted(folds) => folds.new_rows(features, rows, known),
            Self::Forest(forests) => forests.new_rows(features, rows, known),
        }
    }
}
