//! How much does an amount vary among people alike, where they are people the model has not learned from?

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use yorisoi::data::{BinnedRows, Dataset, OutOfFold, Propensity, Treatment};
use yorisoi::effects::{DoseSpread, EffectModel, EffectParams, Nuisances};

use crate::arrays::check_finite;
use crate::errors::{Fault, Outcome};
use crate::evidence::Facts;

/// Rows, and clusters where there are any, that the variance of an amount is learned from at least: as many
/// as a forest needs.
const MIN_ROWS: usize = 20;
const MIN_CLUSTERS: usize = 10;

/// An amount: what each person got, and how much it varies among people like them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Amount {
    pub(crate) dose: Vec<f64>,
    /// None where the features tell the amount exactly.
    pub(crate) variance: Option<Vec<f64>>,
}

impl Facts {
    /// Adds outcome and amount of people that the model has not learned from.
    ///
    /// How much the amount varies among people alike is learned from themselves, out of fold.
    ///
    /// # Errors
    ///
    /// A [`Fault`] for an amount that is no finite number, and for too few rows or clusters to learn from.
    pub(crate) fn with_amount(
        self,
        (y, dose): (Vec<f64>, Vec<f64>),
        features: BinnedRows,
        model: &EffectModel,
        nuisances: Nuisances,
    ) -> Outcome<Self> {
        check_finite("treatment", &dose)?;
        self.check_enough()?;
        let data = Dataset {
            features,
            binner: model.binner().clone(),
            outcome: y,
            treatment: Treatment::Dose(dose),
            clusters: self.clusters.clone(),
            weights: self.weights.clone(),
            propensity: Propensity::Estimate,
            source_row: self.source_row.clone(),
            fingerprint: String::new(),
            dropped: Vec::new(),
            notices: Vec::new(),
        };
        let nuisances = OutOfFold::promise(nuisances);
        let params =
            EffectParams { nuisances: model.nuisance_learner(), ..EffectParams::default() };
        let variance = DoseSpread::fit(&data, &self.source_row, &nuisances, &params);
        let variance = variance.ok().map(|(_, own)| own.into_inner());
        let (Treatment::Dose(dose), y) = (data.treatment, data.outcome) else { return Ok(self) };
        Ok(Self { y, amount: Some(Amount { dose, variance }), ..self })
    }

    /// Checks that something can be learned from these rows out of fold.
    fn check_enough(&self) -> Outcome<()> {
        // Weights are used by the learning, which takes them for granted.
        self.sampling_of(self.source_row.len())?;
        let n_rows = self.source_row.len();
        if n_rows < MIN_ROWS {
            let message = format!(
                "there are {n_rows} rows to learn the amount's variance from, expected at least {MIN_ROWS}"
            );
            return Err(Fault::argument(message));
        }
        let n_clusters = |ids: &Vec<u32>| ids.iter().collect::<HashSet<_>>().len();
        match self.clusters.as_ref().map(n_clusters) {
            Some(actual) if actual < MIN_CLUSTERS => Err(Fault::of(
                "cluster",
                format!(
                    "there are {actual} clusters to learn the amount's variance from, expected at least \
                     {MIN_CLUSTERS}"
                ),
            )),
            _ => Ok(()),
        }
    }
}
