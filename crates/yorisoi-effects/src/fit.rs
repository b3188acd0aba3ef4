//! Fitting: a data set in, a model with its out-of-bag effects out.

use yorisoi_data::{Dataset, MAX_FEATURES, OutOfFold, Progress, Propensity, Treatment, mix};

use yorisoi_forest::{BoostParams, Eligible, Units};

use crate::{
    ArmTuning, DOSE_ARMS, EffectModel, EffectParams, Effects, Nuisances,
    combine::{combine, of_dose},
    contrast::{ContrastData, FittedContrast, fit_contrast},
    crossfit::CrossFit,
    learner::NuisanceModels,
    model::{KnownPropensity, Origin, against_control},
    params::default_folds,
};

/// Why effects could not be fitted.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EffectError {
    /// An arm has too few units among the training rows.
    #[error("arm `{arm}` has {actual} units to learn from, expected at least {expected}")]
    ThinArm {
        /// The arm.
        arm: String,
        /// Its units.
        actual: usize,
        /// Units needed.
        expected: usize,
    },
    /// Too few clusters: what units of one cluster have in common would pass for an effect.
    #[error(
        "the effect of `{arm}` would be learned from {actual} clusters, expected at least {expected}"
    )]
    FewClusters {
        /// The arm.
        arm: String,
        /// Clusters among its units and those of control.
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
}

/// Units an arm needs at least for a forest to say anything.
const MIN_ARM_UNITS: usize = 10;

/// Clusters that anything is learned from at least: folds, bags and the halves of a tree are dealt by
/// cluster, and with fewer some of them would be empty.
pub(crate) const MIN_CLUSTERS: usize = 10;

/// A model, and what fitting it taught about the rows it was fitted on.
#[derive(Debug)]
pub struct FittedEffects {
    /// Ready for new rows.
    pub model: EffectModel,
    /// Nuisances of the fitted rows, in their order, cross-fitted.
    pub nuisances: OutOfFold<Nuisances>,
    /// How each arm's forest was tuned.
    pub tuning: Vec<ArmTuning>,
}

/// Fits every arm's effect against control (or the effect of a dose) on `rows`.
///
/// Each arm is a contrast of its own: a causal forest on the units of that arm and of control. It
/// tunes its own leaf size and spends its splits on what moves that arm's effect.
///
/// # Assumptions
///
/// Consistency, no interference, no unmeasured confounding given the features (or a randomised
/// treatment), and overlap.
///
/// # Errors
///
/// [`EffectError::ThinArm`], [`EffectError::FewClusters`], [`EffectError::NoFeatures`],
/// [`EffectError::TooManyFeatures`].
///
/// # Source
///
/// Athey, Tibshirani & Wager (2019), section 6; Nie & Wager (2021).
pub fn fit_effects(
    data: &Dataset,
    rows: &[u32],
    params: &EffectParams,
    progress: &dyn Progress,
) -> Result<FittedEffects, EffectError> {
    match data.features.n_features() {
        0 => return Err(EffectError::NoFeatures),
        actual if actual > MAX_FEATURES => {
            return Err(EffectError::TooManyFeatures { actual, expected: MAX_FEATURES });
        }
        _ => {}
    }
    let contrasts = match &data.treatment {
        Treatment::Arms(arms) => (1..arms.names.len())
            .map(|arm| fit_arm(data, rows, arm, (params, progress)))
            .collect::<Result<Vec<_>, _>>()?,
        Treatment::Dose(dose) => {
            check_clusters(data, rows, DOSE_ARMS[1])?;
            let w: Vec<f32> = dose.iter().map(|&dose| dose as f32).collect();
            vec![Shared::new(data).fit(&w, None, (rows, rows), (params, progress, "dose"))]
        }
    };
    let overall = Overall::fit(data, rows, contrasts.len(), params);
    Ok(assemble(data, contrasts, overall))
}

/// `E[Y | X = x]` over all arms, where there are several contrasts.
#[derive(Default)]
struct Overall {
    models: Option<NuisanceModels>,
    y_hat: Option<Vec<f32>>,
}

impl Overall {
    fn fit(data: &Dataset, rows: &[u32], n_contrasts: usize, params: &EffectParams) -> Self {
        if n_contrasts < 2 {
            return Self::default();
        }
        let shared = Shared::new(data);
        // The treatment plays no part: `known` leaves the outcome alone to be learned.
        let none = vec![0.0; data.n_units()];
        let cross_fit = CrossFit {
            features: &data.features,
            y: &shared.y,
            w: &none,
            weights: shared.weights.as_deref(),
            clusters: data.clusters.as_deref(),
            known: Some(&none),
            learner: params.nuisances,
            n_folds: params.folds.unwrap_or_else(|| default_folds(rows.len())),
            boost: BoostParams { seed: mix(params.seed, 0x616c_6c00), ..params.boost },
        };
        let (models, nuisances) = cross_fit.fit(rows, rows, (0.0, 1.0));
        Self { models: Some(models), y_hat: Some(nuisances.into_inner().y_hat) }
    }
}

impl FittedEffects {
    /// Returns the effects of `rows` of the data the model was fitted on, in the order of `rows`, each
    /// from trees that have not seen the row nor its cluster.
    pub fn out_of_bag(
        &self,
        data: &Dataset,
        rows: &[u32],
        progress: &dyn Progress,
    ) -> OutOfFold<Effects> {
        let units = Units { features: &data.features, rows, clusters: data.clusters.as_deref() };
        OutOfFold::promise(self.model.answer(
            &data.features,
            rows,
            Eligible::OutOfBag(units),
            progress,
        ))
    }
}

/// Returns how many clusters `rows` belong to.
pub(crate) fn n_clusters(clusters: &[u32], rows: &[u32]) -> usize {
    let mut ids: Vec<u32> = rows.iter().map(|&unit| clusters[unit as usize]).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.len()
}

fn check_clusters(data: &Dataset, own: &[u32], arm: &str) -> Result<(), EffectError> {
    let actual = data.clusters.as_deref().map(|clusters| n_clusters(clusters, own));
    match actual.filter(|actual| *actual < MIN_CLUSTERS) {
        Some(actual) => {
            let arm = arm.to_owned();
            Err(EffectError::FewClusters { arm, actual, expected: MIN_CLUSTERS })
        }
        None => Ok(()),
    }
}

fn fit_arm(
    data: &Dataset,
    rows: &[u32],
    arm: usize,
    (params, progress): (&EffectParams, &dyn Progress),
) -> Result<FittedContrast, EffectError> {
    let Treatment::Arms(arms) = &data.treatment else { return Err(EffectError::NoFeatures) };
    for counted in [0, arm] {
        let actual =
            rows.iter().filter(|&&unit| usize::from(arms.arm[unit as usize]) == counted).count();
        if actual < MIN_ARM_UNITS {
            let arm = arms.names[counted].clone();
            return Err(EffectError::ThinArm { arm, actual, expected: MIN_ARM_UNITS });
        }
    }
    let is_arm = |unit: u32| usize::from(arms.arm[unit as usize]) == arm;
    let own: Vec<u32> =
        rows.iter().copied().filter(|&unit| is_arm(unit) || arms.arm[unit as usize] == 0).collect();
    check_clusters(data, &own, &arms.names[arm])?;
    let w: Vec<f32> =
        (0..data.n_units() as u32).map(|unit| f32::from(u8::from(is_arm(unit)))).collect();
    let known: Option<Vec<f32>> = match &data.propensity {
        Propensity::Estimate => None,
        Propensity::Constant(e) => Some(vec![(e[arm] / (e[0] + e[arm])) as f32; data.n_units()]),
        Propensity::PerUnit(e) => Some(against_control(e, arm)),
    };
    let shared = Shared::new(data);
    Ok(shared.fit(&w, known.as_deref(), (&own, rows), (params, progress, &arms.names[arm])))
}

/// What all contrasts of a data set share.
struct Shared<'a> {
    data: &'a Dataset,
    y: Vec<f32>,
    weights: Option<Vec<f32>>,
}

impl<'a> Shared<'a> {
    fn new(data: &'a Dataset) -> Self {
        let narrow =
            |values: &[f64]| values.iter().map(|&value| value as f32).collect::<Vec<f32>>();
        Self { data, y: narrow(&data.outcome), weights: data.weights.as_deref().map(narrow) }
    }

    fn fit(
        &self,
        w: &[f32],
        known: Option<&[f32]>,
        (own, all): (&[u32], &[u32]),
        (params, progress, arm): (&EffectParams, &dyn Progress, &str),
    ) -> FittedContrast {
        let is_dose = matches!(self.data.treatment, Treatment::Dose(_));
        let contrast = ContrastData {
            features: &self.data.features,
            y: &self.y,
            w,
            weights: self.weights.as_deref(),
            clusters: self.data.clusters.as_deref(),
            known,
            is_dose,
            is_binary_outcome: !is_dose && self.data.is_yes_or_no(),
            own,
            all,
        };
        fit_contrast(&contrast, params, arm, progress)
    }
}

fn assemble(data: &Dataset, fitted: Vec<FittedContrast>, overall: Overall) -> FittedEffects {
    let (arm_names, is_dose) = match &data.treatment {
        Treatment::Arms(arms) => (arms.names.clone(), false),
        Treatment::Dose(_) => (DOSE_ARMS.map(str::to_owned).to_vec(), true),
    };
    let known = match &data.propensity {
        Propensity::Estimate => KnownPropensity::No,
        Propensity::Constant(e) => KnownPropensity::Constant(e.clone()),
        Propensity::PerUnit(_) => KnownPropensity::PerUnit,
    };
    let (mut contrasts, mut nuisances, mut tuning) = (vec![], vec![], vec![]);
    for one in fitted {
        contrasts.push(one.contrast);
        nuisances.push(one.nuisances.into_inner());
        tuning.push(one.tuning);
    }
    let model = EffectModel {
        arm_names,
        binner: data.binner.clone(),
        contrasts,
        known,
        is_dose,
        overall: overall.models,
        origin: Origin { fingerprint: data.fingerprint.clone(), ..Origin::default() },
    };
    let nuisances = match nuisances.as_slice() {
        [only] if is_dose => of_dose(only),
        all => combine(all, overall.y_hat),
    };
    FittedEffects { model, nuisances: OutOfFold::promise(nuisances), tuning }
}
