//! The effect on those whom an instrument moves.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use yorisoi::data::Progress;
use yorisoi::effects::estimators::{InstrumentalForest, InstrumentalForestParams};

use crate::arrays::{Parts, all_rows, numeric, parts};
use crate::errors::Fault;
use crate::forests::{Binned, Training};
use crate::roles::GrowthArgs;
use crate::run::{Running, run};
use crate::stored::{self, Kind};
use crate::table::ColumnSet;

/// An instrumental forest.
#[pyclass(module = "yorisoi._native", frozen)]
pub(crate) struct InstrumentForest {
    inner: Arc<Binned<InstrumentalForest>>,
}

impl GrowthArgs {
    fn instrumental(&self) -> InstrumentalForestParams {
        let default = InstrumentalForestParams::default();
        InstrumentalForestParams {
            n_trees: self.n_trees.unwrap_or(default.n_trees),
            min_leaf: self.min_leaf,
            sample_fraction: self.sample_fraction,
            folds: self.folds,
            seed: self.seed,
            ..default
        }
    }
}

#[pymethods]
impl InstrumentForest {
    /// Learns from a table and the columns `y`, `treatment` and `instrument`, in this order; returns the
    /// forest and its answers out of bag.
    #[staticmethod]
    fn fit<'py>(
        py: Python<'py>,
        table: &ColumnSet,
        roles: &ColumnSet,
        growth: GrowthArgs,
        running: Running<'_>,
    ) -> PyResult<(Self, Parts<'py>)> {
        let (columns, roles) = (table.take(), roles.take());
        let (inner, effects) = run(py, &running, move |progress| {
            let [y, w, z, ..] = roles.as_slice() else {
                return Err(Fault::argument("outcome, treatment and instrument are needed"));
            };
            let (y, w) = (numeric(y, "y")?, numeric(w, "treatment")?);
            let z = numeric(z, "instrument")?;
            let training = Training::new(columns, &roles, &growth)?;
            let input = training.input();
            let params = growth.instrumental();
            let forest = InstrumentalForest::fit(&input, [&z, &w, &y], &params, progress)?;
            let effects = forest.out_of_bag(&input, progress).into_inner();
            let of = (training.rows, training.features.n_rows());
            Ok((Binned { binner: training.binner, forest }, (effects, of)))
        })?;
        let (effects, (rows, n_rows)) = effects;
        let effects = parts(py, &[effects], &rows, n_rows);
        Ok((Self { inner: Arc::new(inner) }, effects))
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
