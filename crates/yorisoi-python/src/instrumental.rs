//! The effect on those whom an instrument moves.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use serde::{Deserialize, Serialize};
use yorisoi::data::{BinnedRows, Progress};
use yorisoi::effects::estimators::{
    ForestInput, InstrumentalForest, InstrumentalForestParams, StrengthParams,
    instrument_residuals, strength,
};
use yorisoi::effects::{ArmEffects, InstrumentResiduals};

use crate::arrays::{Parts, all_rows, parts};
use crate::errors::Outcome;
use crate::evidence::{Evidence, Facts, Moved};
use crate::forests::{Binned, Training};
use crate::roles::{FOLDS, GrowthArgs, RoleColumns, learner};
use crate::run::{Running, run};
use crate::stored::{self, Kind, Sound};
use crate::table::ColumnSet;

/// An instrumental forest.
#[pyclass(module = "yorisoi._native", frozen)]
pub(crate) struct InstrumentForest {
    inner: Arc<Kept>,
}

/// What is kept of a fit.
#[derive(Serialize, Deserialize)]
struct Kept {
    grown: Binned<InstrumentalForest>,
    learning: Learning,
}

/// How nuisances are learned: with an instrument they are learned anew from the people who are judged, and in the
/// way in which the forest learned its own.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Learning {
    are_bagged: bool,
    folds: Option<usize>,
    seed: u64,
}

impl Learning {
    fn of(growth: &GrowthArgs) -> Self {
        Self { are_bagged: growth.are_nuisances_bagged, folds: growth.folds, seed: growth.seed }
    }

    fn params(self) -> InstrumentalForestParams {
        InstrumentalForestParams {
            nuisances: learner(self.are_bagged),
            folds: self.folds,
            seed: self.seed,
            ..InstrumentalForestParams::default()
        }
    }
}

impl Sound for Kept {
    fn is_sound(&self) -> bool {
        let Binned { binner, forest } = &self.grown;
        let may_deal = self.learning.folds.is_none_or(|folds| FOLDS.contains(&folds));
        binner.is_sound() && forest.is_sound(binner.names.len()) && may_deal
    }
}

impl GrowthArgs {
    fn instrumental(&self) -> InstrumentalForestParams {
        let default = Learning::of(self).params();
        InstrumentalForestParams {
            n_trees: self.n_trees.unwrap_or(default.n_trees),
            min_leaf: self.min_leaf,
            sample_fraction: self.sample_fraction,
            ..default
        }
    }
}

/// Takes outcome, treatment and instrument out of the columns that play roles.
fn three_of(roles: &RoleColumns) -> Outcome<[Vec<f64>; 3]> {
    Ok([roles.numbers("y")?, roles.numbers("treatment")?, roles.numbers("instrument")?])
}

/// Bundles what is observed and believed of the input's rows.
fn facts_of(
    input: &ForestInput<'_>,
    y: Vec<f64>,
    effects: ArmEffects,
    residuals: InstrumentResiduals,
    params: &InstrumentalForestParams,
) -> Outcome<Facts> {
    let InstrumentalForestParams { nuisances, folds, boost, .. } = *params;
    let how = StrengthParams { nuisances, folds, boost };
    let strength = strength(input, &residuals, &how)?.into_inner();
    let of_rows = |column: &[f64]| input.rows.iter().map(|&row| column[row as usize]).collect();
    Ok(Facts {
        n_rows: input.features.n_rows(),
        source_row: input.rows.to_vec(),
        y: of_rows(&y),
        effects: vec![effects],
        weights: input.weights.map(of_rows),
        clusters: input
            .clusters
            .map(|ids| input.rows.iter().map(|&row| ids[row as usize]).collect()),
        moved: Some(Moved::new(residuals, strength)),
        ..Facts::default()
    })
}

#[pymethods]
impl InstrumentForest {
    /// Learns from a table and the columns `y`, `treatment` and `instrument`, with `cluster` and
    /// `sample_weight` where there are any; returns the forest and what it says of these rows, out of bag.
    #[staticmethod]
    fn fit(
        py: Python<'_>,
        table: &ColumnSet,
        roles: &ColumnSet,
        growth: GrowthArgs,
        running: Running<'_>,
    ) -> PyResult<(Self, Evidence)> {
        let (columns, roles) = (table.take(), roles.take());
        let (inner, facts) = run(py, &running, move |progress| {
            let training = Training::new(columns, roles, &growth)?;
            let [y, w, z] = three_of(&training.roles)?;
            let (input, params) = (training.input(), growth.instrumental());
            let (forest, residuals) =
                InstrumentalForest::fit_with_residuals(&input, [&z, &w, &y], &params, progress)?;
            let effects = forest.out_of_bag(&input, progress).into_inner();
            let facts = facts_of(&input, y, effects, residuals.into_inner(), &params)?;
            let grown = Binned { binner: training.binner, forest };
            Ok((Kept { grown, learning: Learning::of(&growth) }, facts))
        })?;
        Ok((Self { inner: Arc::new(inner) }, Evidence { facts: Arc::new(facts) }))
    }

    /// Sets people whom the forest has not learned from against what it says of them; `roles` as in `fit`.
    fn judge(
        &self,
        py: Python<'_>,
        table: &ColumnSet,
        roles: &ColumnSet,
        running: Running<'_>,
    ) -> PyResult<Evidence> {
        let inner = Arc::clone(&self.inner);
        let (columns, roles) = (table.take(), roles.take());
        let facts = run(py, &running, move |progress| {
            let params = inner.learning.params();
            let judge = |forest: &InstrumentalForest, features: &BinnedRows, rows: &[u32]| {
                let roles = RoleColumns::new(roles, rows.len())?;
                let [y, w, z] = three_of(&roles)?;
                let (weights, clusters) = (roles.weights()?, roles.clusters());
                let input = ForestInput {
                    weights: weights.as_deref(),
                    clusters: clusters.as_deref(),
                    ..ForestInput::new(features, rows)
                };
                let residuals = instrument_residuals(&input, [&z, &w, &y], &params, progress)?;
                let effects = forest.predict(features, rows, progress);
                facts_of(&input, y, effects, residuals.into_inner(), &params)
            };
            inner.grown.ask(columns, judge)?
        })?;
        Ok(Evidence { facts: Arc::new(facts) })
    }

    /// Returns effect, standard error and both ends for rows that the forest has not learned from.
    fn effects<'py>(
        &self,
        py: Python<'py>,
        table: &ColumnSet,
        running: Running<'_>,
    ) -> PyResult<Parts<'py>> {
        let (inner, columns) = (Arc::clone(&self.inner), table.take());
        let effects = run(py, &running, move |progress: &dyn Progress| {
            let ask = |forest: &InstrumentalForest, features: &BinnedRows, rows: &[u32]| {
                forest.predict(features, rows, progress)
            };
            inner.grown.ask(columns, ask)
        })?;
        let n_rows = effects.tau_hat.len();
        Ok(parts(py, &[effects], &all_rows(n_rows), n_rows))
    }

    /// How strongly the instrument moves the treatment.
    #[getter]
    fn first_stage_f(&self) -> f64 {
        self.inner.grown.forest.first_stage_f()
    }

    #[staticmethod]
    fn from_bytes(py: Python<'_>, bytes: &[u8]) -> PyResult<Self> {
        Ok(Self { inner: Arc::new(py.detach(|| stored::open(Kind::Instrument, bytes))?) })
    }

    fn to_bytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        Ok(PyBytes::new(py, &py.detach(|| stored::seal(Kind::Instrument, self.inner.as_ref()))?))
    }

    #[getter]
    fn features(&self) -> Vec<String> {
        self.inner.grown.binner.names.clone()
    }
}
