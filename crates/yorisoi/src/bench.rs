//! On whom is everything judged? Rows that the model has not learned from, with their scores.

use yorisoi_data::{Arms, Dataset, HeldOut};
use yorisoi_effects::{ArmScores, Effects, Nuisances, Sampling, ScoreError, trim};

use crate::dosage::{Dosage, scores_of};
use crate::units::{at, effects_at, nuisances_at};

/// What models that have not seen some rows say of them, in the order of the rows.
#[derive(Debug)]
pub(crate) struct Believed {
    /// Effects.
    pub(crate) effects: HeldOut<Effects>,
    /// Nuisances.
    pub(crate) nuisances: HeldOut<Nuisances>,
    /// How much a dose varies among people alike; `None` for arms.
    pub(crate) variance: Option<HeldOut<Vec<f64>>>,
}

/// Held-out rows with all that judging needs; every vector has one entry a row.
#[derive(Debug)]
pub(crate) struct Bench {
    /// Positions in the dataset.
    pub(crate) units: Vec<u32>,
    /// The outcome.
    pub(crate) y: Vec<f64>,
    /// Arm names, control first.
    pub(crate) arm_names: Vec<String>,
    /// Index into `arm_names`.
    pub(crate) arm: Vec<u8>,
    /// Predicted effects.
    pub(crate) effects: HeldOut<Effects>,
    /// Nuisances.
    pub(crate) nuisances: HeldOut<Nuisances>,
    /// Amounts, where the treatment is one.
    pub(crate) dosage: Option<Dosage>,
    /// Doubly robust scores.
    pub(crate) scores: HeldOut<ArmScores>,
    /// Share of the rows left out on request for want of overlap.
    pub(crate) share_trimmed: f64,
    /// Whether the outcome of the whole dataset is a yes or no.
    pub(crate) is_yes_or_no: bool,
    weights: Option<Vec<f64>>,
    /// Cluster of each row.
    pub(crate) clusters: Option<Vec<u32>>,
}

impl Bench {
    /// Lays out the rows of `units`, which stand in dataset order as what is believed of them does.
    ///
    /// With `trim_below`, rows with a smaller propensity for any arm are left out.
    ///
    /// # Errors
    ///
    /// A [`ScoreError`], such as a propensity of 0.
    pub(crate) fn new(
        data: &Dataset,
        arms: &Arms,
        units: &[u32],
        believed: Believed,
        trim_below: Option<f64>,
    ) -> Result<Self, ScoreError> {
        let Believed { effects, nuisances, variance } = believed;
        let all: Vec<u32> = (0..units.len() as u32).collect();
        let (keep, share_trimmed) = match trim_below {
            None => (all, 0.0),
            Some(bound) => {
                let trimmed = trim(nuisances.get(), bound);
                (trimmed.keep, trimmed.share_trimmed)
            }
        };
        let units = at(units, &keep);
        let effects = effects.map(|effects| effects_at(&effects, &keep));
        let nuisances = nuisances.map(|nuisances| nuisances_at(&nuisances, &keep));
        let (y, arm) = (at(&data.outcome, &units), at(&arms.arm, &units));
        let dosage =
            variance.and_then(|variance| Dosage::new(data, &units, at(variance.get(), &keep)));
        // Made of held-out effects and held-out nuisances alone.
        let scores = scores_of((&y, &arm), dosage.as_ref(), effects.get(), nuisances.get())?;
        let scores = HeldOut::promise(scores);
        Ok(Self {
            weights: data.weights.as_ref().map(|weights| at(weights, &units)),
            clusters: data.clusters.as_ref().map(|clusters| at(clusters, &units)),
            is_yes_or_no: data.is_yes_or_no(),
            arm_names: arms.names.clone(),
            units,
            y,
            arm,
            effects,
            nuisances,
            dosage,
            scores,
            share_trimmed,
        })
    }

    /// Returns the number of rows.
    pub(crate) fn n(&self) -> usize {
        self.y.len()
    }

    /// Returns who counts how much and who belongs together.
    ///
    /// # Errors
    ///
    /// None for a dataset that was made from a table.
    pub(crate) fn sampling(&self) -> Result<Sampling<'_>, ScoreError> {
        let mut sampling = Sampling::equal(self.n());
        if let Some(weights) = &self.weights {
            sampling = sampling.with_weights(weights)?;
        }
        if let Some(clusters) = &self.clusters {
            sampling = sampling.with_clusters(clusters)?;
        }
        Ok(sampling)
    }

    /// Returns whether rows weigh differently.
    pub(crate) fn is_weighted(&self) -> bool {
        self.weights.as_ref().is_some_and(|weights| {
            weights.iter().any(|weight| weight.total_cmp(&weights[0]).is_ne())
        })
    }

    /// Returns who belongs together, each row counting once: what is said of *these* rows and not of the
    /// people they stand for.
    ///
    /// # Errors
    ///
    /// As [`Self::sampling`].
    pub(crate) fn rows_alone(&self) -> Result<Sampling<'_>, ScoreError> {
        let equal = Sampling::equal(self.n());
        match &self.clusters {
            Some(clusters) => equal.with_clusters(clusters),
            None => Ok(equal),
        }
    }

    /// Returns the scores of the effect of arm `k` against control.
    ///
    /// # Errors
    ///
    /// [`ScoreError::UnknownArm`].
    pub(crate) fn effect_scores(&self, k: usize) -> Result<HeldOut<Vec<f64>>, ScoreError> {
        self.scores.get().effect(k).map(HeldOut::promise)
    }

    /// Returns the predicted effects of arm `k`, counted with control.
    pub(crate) fn predicted(&self, k: usize) -> HeldOut<Vec<f64>> {
        HeldOut::promise(self.effects.get().arms[k - 1].tau_hat.clone())
    }

    /// Returns how many rows have arm `k`.
    pub(crate) fn n_in(&self, k: usize) -> usize {
        self.arm.iter().filter(|&&arm| usize::from(arm) == k).count()
    }

    /// Returns how many clusters hold rows with arm `k`; `None` without clusters.
    pub(crate) fn groups_in(&self, k: usize) -> Option<usize> {
        let of_arm = self.clusters.as_ref()?.iter().zip(&self.arm);
        let own = of_arm.filter(|(_, arm)| usize::from(**arm) == k).map(|(id, _)| *id);
        let mut ids: Vec<u32> = own.collect();
        ids.sort_unstable();
        ids.dedup();
        Some(ids.len())
    }
}
