//! A fitted effect model: every arm's contrast, with the bins that turn new rows into answers.

use yorisoi_data::{Better, BinnedRows, Binner, Progress};
use yorisoi_forest::Eligible;

use crate::{
    Effects, Nuisances,
    combine::{combine, of_dose},
    contrast::Contrast,
    learner::{NuisanceLearner, NuisanceModels},
};

/// Names of the "arms" of a dose: as it was, and one unit more.
pub const DOSE_ARMS: [&str; 2] = ["+0", "+1"];

/// What a model was learned from, so that it is not used for something else unnoticed.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Origin {
    /// The treatment column; empty where columns had no names.
    pub treatment: String,
    /// The outcome column; empty where columns had no names.
    pub outcome: String,
    /// Whether more or less of the outcome is better: effects count improvement.
    pub better: Better,
    /// Hash of the data; of the whole table, where the model learned from a part.
    pub fingerprint: String,
}

/// What is known of the propensities of new rows.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) enum KnownPropensity {
    /// Estimated by the nuisance models.
    No,
    /// One probability an arm.
    Constant(Vec<f64>),
    /// Given row by row: new rows must bring their own.
    PerUnit,
}

/// Effects of every arm against control, ready for new rows.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct EffectModel {
    pub(crate) arm_names: Vec<String>,
    pub(crate) binner: Binner,
    pub(crate) contrasts: Vec<Contrast>,
    pub(crate) known: KnownPropensity,
    pub(crate) is_dose: bool,
    /// `E[Y | X = x]` over all arms, where there are several contrasts.
    pub(crate) overall: Option<NuisanceModels>,
    pub(crate) origin: Origin,
}

impl EffectModel {
    /// Returns the arm names, control first. Of a dose they are [`DOSE_ARMS`]: as it was, one unit more.
    pub fn arm_names(&self) -> &[String] {
        &self.arm_names
    }

    /// Returns what the model was learned from.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Returns the model with the names of its columns and the direction of its outcome.
    #[must_use]
    pub fn with_names(mut self, treatment: &str, outcome: &str, better: Better) -> Self {
        let fingerprint = self.origin.fingerprint;
        let (treatment, outcome) = (treatment.to_owned(), outcome.to_owned());
        self.origin = Origin { treatment, outcome, better, fingerprint };
        self
    }

    /// Returns how raw values become bins.
    pub fn binner(&self) -> &Binner {
        &self.binner
    }

    /// Returns whether the treatment is an amount.
    pub fn is_dose(&self) -> bool {
        self.is_dose
    }

    /// Returns what learned the nuisances.
    pub fn nuisance_learner(&self) -> NuisanceLearner {
        self.contrasts.first().map_or_else(NuisanceLearner::default, |one| one.nuisances.learner())
    }

    /// Returns the effects of `rows`, which the model has not learned from, in the order of `rows`.
    pub fn effects(&self, features: &BinnedRows, rows: &[u32], progress: &dyn Progress) -> Effects {
        self.answer(features, rows, Eligible::All, progress)
    }

    pub(crate) fn answer(
        &self,
        features: &BinnedRows,
        rows: &[u32],
        eligible: Eligible<'_>,
        progress: &dyn Progress,
    ) -> Effects {
        let arms = self
            .contrasts
            .iter()
            .map(|contrast| {
                progress.stage("effects", rows.len() as u64);
                contrast.effects(features, rows, eligible, progress)
            })
            .collect();
        Effects { arms }
    }

    /// Returns whether new rows must bring their own propensities, as the rows that it learned from did.
    pub fn needs_propensity(&self) -> bool {
        self.known == KnownPropensity::PerUnit
    }

    /// Returns the nuisances of `rows`, which the model has not learned from.
    ///
    /// `propensity` holds the known probabilities of these rows, one column an arm, control first: they stand
    /// above what the model was told or has estimated. Models whose propensities were given row by row need
    /// them (see [`Self::needs_propensity`]); a dose has none. The expected outcome stays that of the rows the
    /// model learned from; doubly robust scores are right by the known propensity alone.
    pub fn nuisances(
        &self,
        features: &BinnedRows,
        rows: &[u32],
        propensity: Option<&[Vec<f64>]>,
    ) -> Nuisances {
        let contrast_level = self
            .contrasts
            .iter()
            .enumerate()
            .map(|(at, contrast)| {
                let known = self.known_for(at, rows.len(), propensity);
                contrast.nuisances.new_rows(features, rows, known.as_deref())
            })
            .collect::<Vec<_>>();
        if let ([only], true) = (contrast_level.as_slice(), self.is_dose) {
            return of_dose(only);
        }
        let overall = self.overall.as_ref().map(|models| {
            let none = vec![0.0; rows.len()];
            models.new_rows(features, rows, Some(&none)).y_hat
        });
        let nuisances = combine(&contrast_level, overall);
        match propensity {
            Some(given) if !self.needs_propensity() => {
                Nuisances { w_hat: given.to_vec(), ..nuisances }
            }
            _ => nuisances,
        }
    }

    fn known_for(
        &self,
        contrast: usize,
        n: usize,
        propensity: Option<&[Vec<f64>]>,
    ) -> Option<Vec<f32>> {
        match (&self.known, propensity) {
            (KnownPropensity::Constant(e), _) => {
                Some(vec![(e[contrast + 1] / (e[0] + e[contrast + 1])) as f32; n])
            }
            (KnownPropensity::PerUnit, Some(given)) => Some(against_control(given, contrast + 1)),
            _ => None,
        }
    }

    /// Returns each arm's split importance by feature, summing to 1: the share of splits on the
    /// feature, each weighted by `1 / 2^depth`, over depths 0 to 3.
    pub fn importance(&self) -> Vec<Vec<f64>> {
        let n_features = self.binner.names.len();
        self.contrasts.iter().map(|contrast| contrast.forest.importance(n_features)).collect()
    }
}

/// Returns each unit's probability of an arm, given that it is that arm or control.
pub(crate) fn against_control(e: &[Vec<f64>], arm: usize) -> Vec<f32> {
    // Of two arms that is the arm's own, as it was given.
    let of =
        |(&control, &own): (&f64, &f64)| if e.len() == 2 { own } else { own / (control + own) };
    e[0].iter().zip(&e[arm]).map(|pair| of(pair) as f32).collect()
}
