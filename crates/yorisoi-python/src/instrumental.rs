//! The effect on those whom an instrument moves.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyBytes;
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
use crate::roles::{GrowthArgs, RoleColumns, learner};
use crate::run::{Running, run};
use crate::stored::{self, Kind, Sound};
use crate::table::ColumnSet;

/// An instrumental forest.
#[pyclass(module = "yorisoi._native", frozen)]
pub(crate) struct InstrumentForest {
    inner: Arc<Binned<InstrumentalForest>>,
}

impl Sound for Binned<InstrumentalForest> {
    fn is_sound(&self) -> bool {
        self.binner.is_sound() && self.forest.is_sound(self.binner.names.len())
    }
}

impl GrowthArgs {
    fn instrumental(&self) -> InstrumentalForestParams {
        let default = InstrumentalForestParams::default();
        InstrumentalForestParams {
            n_trees: self.n_trees.unwrap_or(default.n_trees),
            min_leaf: self.min_leaf,
            sample_fraction: self.sample_fraction,
            nuisances: learner(self.are_nuisances_bagged),
            folds: self.folds,
            seed: self.seed,
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
            Ok((Binned { binner: training.binner, forest }, facts))
        })?;
        Ok((Self { inner: Arc::new(inner) }, Evidence { facts: Arc::new(facts) }))
    }

    /// Sets people whom the forest has not learned from against what it says of them. `told` are the roles, as
    /// in `fit`, and whether forests learn what must be learned from these people on the way.
    fn judge(
        &self,
        py: Python<'_>,
        table: &ColumnSet,
        told: (PyRef<'_, ColumnSet>, bool),
        running: Running<'_>,
    ) -> PyResult<Evidence> {
        let inner = Arc::clone(&self.inner);
        let (columns, roles, are_nuisances_bagged) = (table.take(), told.0.take(), told.1);
        let facts = run(py, &running, move |progress| {
            let nuisances = learner(are_nuisances_bagged);
            let params = InstrumentalForestParams { nuisances, ..Default::default() };
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
            inner.ask(columns, judge)?
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
            inner.ask(columns, |forest, features, rows| forest.predict(features, rows, progress))
        })?;
        let n_rows = effects.tau_hat.len();
        Ok(parts(py, &[effects], &all_rows(n_rows), n_rows))
    }

    /// How strongly the instrument moves the treatment.
    #[getter]
    fn first_stage_f(&self) -> f64 {
        self.inner.forest.first_stage_f()
    }

    #[staticmethod]
    fn from_bytes(bytes: &[u8]) -> PyResult<Self> {
        Ok(Self { inner: Arc::new(stored::open(Kind::Instrument, bytes)?) })
    }

    fn to_bytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        Ok(PyBytes::new(py, &stored::seal(Kind::Instrument, self.inner.as_ref())?))
    }

    #[getter]
    fn features(&self) -> Vec<String> {
        self.inner.binner.names.clone()
    }
}
