//! What do outcomes say of effects? Effects of rows that no tree behind them has seen, with nuisances.

use std::borrow::Cow;
use std::sync::Arc;

use numpy::{PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use serde::{Deserialize, Serialize};
use yorisoi::data::{Dataset, Estimate, Treatment};
use yorisoi::effects::{
    ArmEffects, ArmTuning, DoseObserved, DoseSpread, EffectParams, Effects, FittedEffects,
    InstrumentObserved, InstrumentResiduals, LocalTarget, Nuisances, Observed, Sampling, Strength,
    Target, average_effect, average_local_effect,
};

use crate::amount::Amount;
use crate::arrays::{Matrix, Parts, check_rows, columns, parts, scatter, vector};
use crate::errors::{Fault, Outcome};
use crate::run::{Running, run};
use crate::stored;
use crate::told::Counted;

/// An average effect: estimate, standard error, both ends, n.
type Average = (f64, f64, f64, f64, usize);

/// What an instrument moved: residuals of outcome, treatment and instrument, and how strongly.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Moved {
    pub(crate) y: Vec<f64>,
    pub(crate) w: Vec<f64>,
    pub(crate) z: Vec<f64>,
    pub(crate) variance: Vec<f64>,
    pub(crate) covariance: Vec<f64>,
}

impl Moved {
    pub(crate) fn new(residuals: InstrumentResiduals, strength: Strength) -> Self {
        let InstrumentResiduals { y, w, z } = residuals;
        let Strength { variance, covariance } = strength;
        Self { y, w, z, variance, covariance }
    }
}

/// Outcomes, arms, effects and nuisances of some rows; every column has one entry a used row.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Facts {
    /// Rows of the table.
    pub(crate) n_rows: usize,
    /// Rows used, counted from 0.
    pub(crate) source_row: Vec<u32>,
    pub(crate) y: Vec<f64>,
    /// Empty for an amount, and with an instrument.
    pub(crate) arm: Vec<u8>,
    pub(crate) amount: Option<Amount>,
    pub(crate) moved: Option<Moved>,
    pub(crate) arm_names: Vec<String>,
    pub(crate) effects: Vec<ArmEffects>,
    pub(crate) y_hat: Vec<f64>,
    pub(crate) w_hat: Vec<Vec<f64>>,
    pub(crate) weights: Option<Vec<f64>>,
    pub(crate) clusters: Option<Vec<u32>>,
    pub(crate) tuning: Vec<ArmTuning>,
    /// Code, column and English words.
    pub(crate) notices: Vec<(String, Option<String>, String)>,
    /// Code and number of rows left out.
    pub(crate) dropped: Vec<(String, usize)>,
    pub(crate) fingerprint: String,
}

impl Facts {
    /// Returns what a model says out of bag of the rows it learned from.
    pub(crate) fn of_training(
        n_rows: usize,
        data: Dataset,
        fitted: &FittedEffects,
        effects: Effects,
        params: &EffectParams,
    ) -> Self {
        let rows: Vec<u32> = (0..data.n_units() as u32).collect();
        let variance = DoseSpread::fit(&data, &rows, &fitted.nuisances, params);
        let variance = variance.ok().map(|(_, own)| own.into_inner());
        let (arm, amount) = match data.treatment {
            Treatment::Arms(arms) => (arms.arm, None),
            Treatment::Dose(dose) => (Vec::new(), Some(Amount { dose, variance })),
        };
        let nuisances = fitted.nuisances.get();
        let notices = data.notices.into_iter();
        let dropped = data.dropped.into_iter();
        Self {
            n_rows,
            source_row: data.source_row,
            y: data.outcome,
            arm,
            amount,
            moved: None,
            arm_names: fitted.model.arm_names().to_vec(),
            effects: effects.arms,
            y_hat: nuisances.y_hat.clone(),
            w_hat: nuisances.w_hat.clone(),
            weights: data.weights,
            clusters: data.clusters,
            tuning: fitted.tuning.clone(),
            notices: notices.map(|notice| (notice.code, notice.column, notice.en)).collect(),
            dropped: dropped.map(|dropped| (dropped.code, dropped.rows)).collect(),
            fingerprint: data.fingerprint,
        }
    }

    /// Returns the facts of rows whose effects are known.
    ///
    /// With very few trees each of them may have seen some row, and none can answer for it. Who is in a
    /// bag does not depend on anything in the data, so that leaving those rows out biases nothing.
    fn answered(&self) -> Cow<'_, Self> {
        let is_known = |at: &usize| self.effects.iter().all(|arm| !arm.tau_hat[*at].is_nan());
        let known: Vec<usize> = (0..self.y.len()).filter(is_known).collect();
        if known.len() == self.y.len() {
            return Cow::Borrowed(self);
        }
        // Some columns are empty: an instrument leaves no expected outcome.
        let of = |values: &Vec<f64>| -> Vec<f64> {
            known.iter().filter_map(|&at| values.get(at)).copied().collect()
        };
        let effects =
            |arm: &ArmEffects| ArmEffects { tau_hat: of(&arm.tau_hat), ..ArmEffects::default() };
        Cow::Owned(Self {
            n_rows: self.n_rows,
            source_row: known.iter().map(|&at| self.source_row[at]).collect(),
            y: of(&self.y),
            arm: known.iter().filter_map(|&at| self.arm.get(at)).copied().collect(),
            amount: self.amount.as_ref().map(|amount| Amount {
                dose: of(&amount.dose),
                variance: amount.variance.as_ref().map(of),
            }),
            moved: self.moved.as_ref().map(|moved| Moved {
                y: of(&moved.y),
                w: of(&moved.w),
                z: of(&moved.z),
                variance: of(&moved.variance),
                covariance: of(&moved.covariance),
            }),
            arm_names: self.arm_names.clone(),
            effects: self.effects.iter().map(effects).collect(),
            y_hat: of(&self.y_hat),
            w_hat: self.w_hat.iter().map(of).collect(),
            weights: self.weights.as_ref().map(of),
            clusters: self.clusters.as_ref().map(|ids| known.iter().map(|&at| ids[at]).collect()),
            ..Self::default()
        })
    }

    fn tau_hat(&self) -> Vec<&[f64]> {
        self.effects.iter().map(|arm| arm.tau_hat.as_slice()).collect()
    }

    fn nuisances(&self) -> Nuisances {
        Nuisances { y_hat: self.y_hat.clone(), w_hat: self.w_hat.clone() }
    }

    /// Runs `ask` on everything observed of arms.
    fn of_arms<T>(&self, ask: impl FnOnce(&Observed<'_>) -> Outcome<T>) -> Outcome<T> {
        let nuisances = self.nuisances();
        let tau_hat = self.tau_hat();
        let observed = Observed::new(&self.y, &self.arm, &tau_hat, &nuisances);
        ask(&observed.map_err(|error| self.counted().fault(&error))?)
    }

    /// Runs `ask` on everything observed of an amount.
    fn of_amount<T>(
        &self,
        amount: &Amount,
        ask: impl FnOnce(&DoseObserved<'_>) -> Outcome<T>,
    ) -> Outcome<T> {
        let Some(variance) = &amount.variance else {
            let message = "the features tell the amount exactly, so chance moved nobody";
            return Err(Fault::of("treatment", message));
        };
        let tau_hat = self.effects.first().map_or(&[][..], |arm| arm.tau_hat.as_slice());
        let nuisances = self.nuisances();
        let observed = DoseObserved::new((&self.y, &amount.dose), tau_hat, &nuisances, variance);
        ask(&observed.map_err(|error| self.counted().fault(&error))?)
    }

    /// Runs `ask` on everything observed of what an instrument moved.
    fn of_moved<T>(
        &self,
        moved: &Moved,
        ask: impl FnOnce(&InstrumentObserved<'_>) -> Outcome<T>,
    ) -> Outcome<T> {
        let tau_hat = self.effects.first().map_or(&[][..], |arm| arm.tau_hat.as_slice());
        let Moved { y, w, z, variance, covariance } = moved.clone();
        let (residuals, strength) =
            (InstrumentResiduals { y, w, z }, Strength { variance, covariance });
        let observed = InstrumentObserved::new(&residuals, &strength, tau_hat);
        ask(&observed.map_err(|error| self.counted().fault(&error))?)
    }

    /// Returns how errors of these facts are told: in the table's rows.
    fn counted(&self) -> Counted<'_> {
        Counted { source_row: &self.source_row, arm_names: &self.arm_names }
    }

    fn sampling(&self) -> Outcome<Sampling<'_>> {
        self.sampling_of(self.y.len())
    }

    pub(crate) fn sampling_of(&self, n_units: usize) -> Outcome<Sampling<'_>> {
        let told = |error| self.counted().fault(&error);
        let mut sampling = Sampling::equal(n_units);
        if let Some(weights) = &self.weights {
            sampling = sampling.with_weights(weights).map_err(told)?;
        }
        if let Some(clusters) = &self.clusters {
            sampling = sampling.with_clusters(clusters).map_err(told)?;
        }
        Ok(sampling)
    }

    fn averages(&self, target: &str) -> Outcome<Vec<Estimate>> {
        let sampling = self.sampling()?;
        if let Some(moved) = &self.moved {
            let target = match target {
                "all" => LocalTarget::All,
                "compliers" => LocalTarget::Compliers,
                "overlap" => LocalTarget::Overlap,
                other => return Err(unknown_target(other, "all, compliers or overlap")),
            };
            let average = |observed: &InstrumentObserved<'_>| {
                Ok(vec![average_local_effect(observed, target, &sampling)?])
            };
            return self.of_moved(moved, average);
        }
        if let Some(amount) = &self.amount {
            return self.of_amount(amount, |observed| match target {
                "all" => Ok(vec![observed.average(&sampling)?]),
                "overlap" => Ok(vec![observed.average_where_free(&sampling)?]),
                other => Err(unknown_target(other, "all or overlap")),
            });
        }
        let target = match target {
            "all" => Target::All,
            "treated" => Target::Treated,
            "control" => Target::Control,
            "overlap" => Target::Overlap,
            other => return Err(unknown_target(other, "all, treated, control or overlap")),
        };
        self.of_arms(|observed| {
            let of_arm = |k| Ok(average_effect(observed, k, target, &sampling)?);
            (1..observed.n_arms()).map(of_arm).collect()
        })
    }

    /// Returns the scores of every arm's effect against control, or of one unit more.
    fn contrasts(&self) -> Outcome<Vec<Vec<f64>>> {
        if let Some(moved) = &self.moved {
            return self.of_moved(moved, |observed| Ok(vec![observed.scores()]));
        }
        if let Some(amount) = &self.amount {
            return self.of_amount(amount, |observed| Ok(vec![observed.scores().effect(1)?]));
        }
        self.of_arms(|observed| {
            let scores = observed.scores();
            (1..observed.n_arms()).map(|k| Ok(scores.effect(k)?)).collect()
        })
    }
}

fn unknown_target(target: &str, expected: &str) -> Fault {
    let message = format!("`target_population` is `{target}`, expected {expected}");
    Fault::of("target_population", message)
}

/// As [`Facts`], for Python.
#[pyclass(module = "yorisoi._native", frozen)]
pub(crate) struct Evidence {
    pub(crate) facts: Arc<Facts>,
}

#[pymethods]
impl Evidence {
    /// Opens the bytes of [`Self::to_bytes`].
    #[staticmethod]
    fn from_bytes(py: Python<'_>, bytes: &[u8]) -> PyResult<Self> {
        let facts = py.detach(|| stored::open(stored::Kind::Evidence, bytes))?;
        Ok(Self { facts: Arc::new(facts) })
    }

    /// Returns everything as bytes, for pickling.
    fn to_bytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = py.detach(|| stored::seal(stored::Kind::Evidence, self.facts.as_ref()))?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// Effect, standard error and both ends; NaN for rows that were left out.
    fn effects<'py>(&self, py: Python<'py>) -> Parts<'py> {
        parts(py, &self.facts.effects, &self.facts.source_row, self.facts.n_rows)
    }

    /// Expected outcome (one column), and the probability of every arm.
    fn nuisances<'py>(&self, py: Python<'py>) -> (Matrix<'py>, Matrix<'py>) {
        let facts = &self.facts;
        let w_hat: Vec<&[f64]> = facts.w_hat.iter().map(Vec::as_slice).collect();
        (
            scatter(py, &[&facts.y_hat], &facts.source_row, facts.n_rows),
            scatter(py, &w_hat, &facts.source_row, facts.n_rows),
        )
    }

    /// Number of the arm of every row, control 0; NaN for rows that were left out.
    fn arm<'py>(&self, py: Python<'py>) -> Matrix<'py> {
        let arm: Vec<f64> = self.facts.arm.iter().map(|&arm| f64::from(arm)).collect();
        scatter(py, &[&arm], &self.facts.source_row, self.facts.n_rows)
    }

    /// Average effect of every arm over a target population: estimate, standard error, both ends, n.
    fn average(
        &self,
        py: Python<'_>,
        target: String,
        running: Running<'_>,
    ) -> PyResult<Vec<Average>> {
        let row = |estimate: Estimate| {
            let interval = estimate.interval_95();
            (estimate.estimate, estimate.std_error, interval.low, interval.high, estimate.n)
        };
        let facts = Arc::clone(&self.facts);
        run(py, &running, move |_| {
            Ok(facts.answered().averages(&target)?.into_iter().map(row).collect())
        })
    }

    /// Doubly robust scores of every arm's effect; NaN for rows that were left out.
    fn scores<'py>(&self, py: Python<'py>, running: Running<'_>) -> PyResult<Matrix<'py>> {
        let facts = Arc::clone(&self.facts);
        let (contrasts, source_row) = run(py, &running, move |_| {
            let facts = facts.answered();
            Ok((facts.contrasts()?, facts.source_row.clone()))
        })?;
        let contrasts: Vec<&[f64]> = contrasts.iter().map(Vec::as_slice).collect();
        Ok(scatter(py, &contrasts, &source_row, self.facts.n_rows))
    }

    /// How each arm's forest was tuned, as JSON.
    fn tuning(&self) -> PyResult<String> {
        stored::json(&self.facts.tuning)
    }

    #[getter]
    fn notices(&self) -> Vec<(String, Option<String>, String)> {
        self.facts.notices.clone()
    }

    #[getter]
    fn dropped(&self) -> Vec<(String, usize)> {
        self.facts.dropped.clone()
    }

    #[getter]
    fn fingerprint(&self) -> String {
        self.facts.fingerprint.clone()
    }
}

/// Bundles what is observed and believed of some rows, from anywhere.
///
/// `tau_hat` has a column an arm without control, `w_hat` one an arm, control first.
#[pyfunction]
pub(crate) fn evidence_of(
    y: PyReadonlyArray1<'_, f64>,
    arm: PyReadonlyArray1<'_, u8>,
    tau_hat: PyReadonlyArray2<'_, f64>,
    y_hat: PyReadonlyArray1<'_, f64>,
    w_hat: PyReadonlyArray2<'_, f64>,
) -> PyResult<Evidence> {
    let y = vector(&y);
    for (name, actual) in [
        ("treatment", arm.as_array().len()),
        ("effect", tau_hat.as_array().nrows()),
        ("expected_outcome", y_hat.as_array().len()),
        ("propensity", w_hat.as_array().nrows()),
    ] {
        check_rows(name, actual, y.len())?;
    }
    let arm_effects = |tau_hat| ArmEffects { tau_hat, ..ArmEffects::default() };
    let facts = Facts {
        n_rows: y.len(),
        source_row: (0..y.len() as u32).collect(),
        arm: arm.as_array().to_vec(),
        effects: columns(&tau_hat).into_iter().map(arm_effects).collect(),
        y_hat: vector(&y_hat),
        w_hat: columns(&w_hat),
        y,
        ..Facts::default()
    };
    Ok(Evidence { facts: Arc::new(facts) })
}
