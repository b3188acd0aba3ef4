//! Forests for an outcome itself: its mean, or the probabilities of a few classes.

use std::sync::Arc;

use numpy::PyReadonlyArray1;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use serde::{Deserialize, Serialize};
use yorisoi::data::{Binner, BinnerOptions, Column, Progress, Table};
use yorisoi::effects::estimators::{
    ForestInput, MeanForestParams, Means, ProbabilityForest, RegressionForest,
};

use crate::arrays::{Matrix, all_rows, check_rows, scatter};
use crate::errors::{Fault, Outcome};
use crate::roles::{GrowthArgs, RoleColumns};
use crate::run::{Running, run};
use crate::stored::{self, Kind, Sound};
use crate::table::{ColumnSet, table_of};

/// A forest with the bins of its features.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Binned<F> {
    pub(crate) binner: Binner,
    pub(crate) forest: F,
}

impl<F> Binned<F> {
    /// Bins a table's rows and asks for all of them.
    pub(crate) fn ask<T>(
        &self,
        columns: Vec<Column>,
        answer: impl FnOnce(&F, &yorisoi::data::BinnedRows, &[u32]) -> T,
    ) -> Outcome<T> {
        let table = table_of(columns)?;
        let rows = all_rows(table.n_rows());
        let features = self.binner.bin_table(&table, &rows)?;
        drop(table);
        Ok(answer(&self.forest, &features, &rows))
    }
}

impl Sound for Binned<RegressionForest> {
    fn is_sound(&self) -> bool {
        self.binner.is_sound() && self.forest.is_sound(self.binner.names.len())
    }
}

impl Sound for Binned<(ProbabilityForest, Vec<String>)> {
    fn is_sound(&self) -> bool {
        let (forest, names) = &self.forest;
        self.binner.is_sound()
            && forest.is_sound(self.binner.names.len())
            && names.len() == forest.n_classes()
    }
}

/// Rows that a forest learns from, with the columns that play roles.
pub(crate) struct Training {
    pub(crate) roles: RoleColumns,
    pub(crate) binner: Binner,
    pub(crate) features: yorisoi::data::BinnedRows,
    pub(crate) rows: Vec<u32>,
    clusters: Option<Vec<u32>>,
    weights: Option<Vec<f64>>,
}

impl Training {
    /// Bins a table; `roles` holds columns called `cluster` and `sample_weight` where there are any.
    ///
    /// # Errors
    ///
    /// A [`Fault`] for columns of different lengths, text in the place of numbers, weights that are all 0.
    pub(crate) fn new(
        columns: Vec<Column>,
        roles: Vec<Column>,
        growth: &GrowthArgs,
    ) -> Outcome<Self> {
        let table: Table = table_of(columns)?;
        let rows = all_rows(table.n_rows());
        let roles = RoleColumns::new(roles, rows.len())?;
        let options = BinnerOptions { max_bins: growth.max_bins, ..BinnerOptions::default() };
        let features: Vec<&Column> = table.columns().iter().collect();
        let binner = Binner::fit(&features, &rows, &options);
        let features = binner.bin_table(&table, &rows)?;
        let (weights, clusters) = (roles.weights()?, roles.clusters());
        let rows = weighing(rows, weights.as_deref())?;
        Ok(Self { roles, binner, features, rows, clusters, weights })
    }

    /// Returns what the library's estimators are given.
    pub(crate) fn input(&self) -> ForestInput<'_> {
        ForestInput {
            clusters: self.clusters.as_deref(),
            weights: self.weights.as_deref(),
            ..ForestInput::new(&self.features, &self.rows)
        }
    }
}

/// Leaves out rows of weight 0, which is what weight 0 asks for.
fn weighing(rows: Vec<u32>, weights: Option<&[f64]>) -> Outcome<Vec<u32>> {
    let Some(weights) = weights else { return Ok(rows) };
    // Written so that NaN stays and is refused later.
    let is_kept = |row: &u32| weights.get(*row as usize).is_none_or(|&weight| weight != 0.0);
    let kept: Vec<u32> = rows.into_iter().filter(is_kept).collect();
    if kept.is_empty() {
        let message = "every weight in `sample_weight` is zero: no row counts";
        return Err(Fault::of("sample_weight", message));
    }
    Ok(kept)
}

impl GrowthArgs {
    fn means(&self) -> MeanForestParams {
        let default = MeanForestParams::default();
        MeanForestParams {
            n_trees: self.n_trees.unwrap_or(default.n_trees),
            min_leaf: self.min_leaf.unwrap_or(default.min_leaf),
            sample_fraction: self.sample_fraction,
            seed: self.seed,
        }
    }
}

/// Mean, standard error and both ends, as matrices with a column a class.
type MeanParts<'py> = (Matrix<'py>, Matrix<'py>, Matrix<'py>, Matrix<'py>);

/// Returns answers for all rows of a table.
fn mean_parts<'py>(py: Python<'py>, means: &[Means]) -> MeanParts<'py> {
    let n_rows = means.first().map_or(0, |means| means.y_hat.len());
    scattered(py, means, &all_rows(n_rows), n_rows)
}

/// Returns answers for `rows` of a table of `n_rows`; the others are NaN.
fn scattered<'py>(py: Python<'py>, means: &[Means], rows: &[u32], n_rows: usize) -> MeanParts<'py> {
    let of = |part: fn(&Means) -> &Vec<f64>| {
        let columns: Vec<&[f64]> = means.iter().map(|means| part(means).as_slice()).collect();
        scatter(py, &columns, rows, n_rows)
    };
    (of(|m| &m.y_hat), of(|m| &m.std_error), of(|m| &m.low), of(|m| &m.high))
}

/// A regression forest.
#[pyclass(module = "yorisoi._native", frozen)]
pub(crate) struct MeanForest {
    inner: Arc<Binned<RegressionForest>>,
}

#[pymethods]
impl MeanForest {
    /// Learns from a table and a column `y`; returns the forest and its answers out of bag.
    #[staticmethod]
    fn fit<'py>(
        py: Python<'py>,
        table: &ColumnSet,
        roles: &ColumnSet,
        growth: GrowthArgs,
        running: Running<'_>,
    ) -> PyResult<(Self, MeanParts<'py>)> {
        let (columns, roles) = (table.take(), roles.take());
        let (inner, means) = run(py, &running, move |progress| {
            let training = Training::new(columns, roles, &growth)?;
            let y = training.roles.numbers("y")?;
            let input = training.input();
            let forest = RegressionForest::fit(&input, &y, &growth.means(), progress)?;
            let means = forest.out_of_bag(&input, progress).into_inner();
            let of = (training.rows, training.features.n_rows());
            Ok((Binned { binner: training.binner, forest }, (means, of)))
        })?;
        let (means, (rows, n_rows)) = means;
        Ok((Self { inner: Arc::new(inner) }, scattered(py, &[means], &rows, n_rows)))
    }

    /// Answers for rows that the forest has not learned from.
    fn predict<'py>(
        &self,
        py: Python<'py>,
        table: &ColumnSet,
        running: Running<'_>,
    ) -> PyResult<MeanParts<'py>> {
        let (inner, columns) = (Arc::clone(&self.inner), table.take());
        let means = run(py, &running, move |progress: &dyn Progress| {
            inner.ask(columns, |forest, features, rows| forest.predict(features, rows, progress))
        })?;
        Ok(mean_parts(py, &[means]))
    }

    #[staticmethod]
    fn from_bytes(py: Python<'_>, bytes: &[u8]) -> PyResult<Self> {
        Ok(Self { inner: Arc::new(py.detach(|| stored::open(Kind::Mean, bytes))?) })
    }

    fn to_bytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        Ok(PyBytes::new(py, &py.detach(|| stored::seal(Kind::Mean, self.inner.as_ref()))?))
    }

    #[getter]
    fn features(&self) -> Vec<String> {
        self.inner.binner.names.clone()
    }
}

/// A probability forest, with the names of its classes.
#[pyclass(module = "yorisoi._native", frozen)]
pub(crate) struct ClassForest {
    inner: Arc<Binned<(ProbabilityForest, Vec<String>)>>,
}

#[pymethods]
impl ClassForest {
    /// Learns from a table and the number of each row's class; returns the forest and its answers out of bag.
    #[staticmethod]
    fn fit<'py>(
        py: Python<'py>,
        table: &ColumnSet,
        roles: &ColumnSet,
        class_: (PyReadonlyArray1<'_, u8>, Vec<String>),
        growth: GrowthArgs,
        running: Running<'_>,
    ) -> PyResult<(Self, MeanParts<'py>)> {
        let (columns, roles) = (table.take(), roles.take());
        let (class, names) = (class_.0.as_array().to_vec(), class_.1);
        let (inner, means) = run(py, &running, move |progress| {
            let training = Training::new(columns, roles, &growth)?;
            check_rows("y", class.len(), training.features.n_rows())?;
            let input = training.input();
            let forest = ProbabilityForest::fit(&input, &class, &growth.means(), progress)?;
            let means = forest.out_of_bag(&input, progress).into_inner();
            let of = (training.rows, training.features.n_rows());
            Ok((Binned { binner: training.binner, forest: (forest, names) }, (means, of)))
        })?;
        let (means, (rows, n_rows)) = means;
        Ok((Self { inner: Arc::new(inner) }, scattered(py, &means, &rows, n_rows)))
    }

    /// Answers for rows that the forest has not learned from, a column a class.
    fn predict<'py>(
        &self,
        py: Python<'py>,
        table: &ColumnSet,
        running: Running<'_>,
    ) -> PyResult<MeanParts<'py>> {
        let (inner, columns) = (Arc::clone(&self.inner), table.take());
        let means = run(py, &running, move |progress: &dyn Progress| {
            inner.ask(columns, |forest, features, rows| forest.0.predict(features, rows, progress))
        })?;
        Ok(mean_parts(py, &means))
    }

    #[staticmethod]
    fn from_bytes(py: Python<'_>, bytes: &[u8]) -> PyResult<Self> {
        Ok(Self { inner: Arc::new(py.detach(|| stored::open(Kind::Class, bytes))?) })
    }

    fn to_bytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        Ok(PyBytes::new(py, &py.detach(|| stored::seal(Kind::Class, self.inner.as_ref()))?))
    }

    #[getter]
    fn features(&self) -> Vec<String> {
        self.inner.binner.names.clone()
    }

    /// Names of the classes, in the order of the columns.
    #[getter]
    fn classes(&self) -> Vec<String> {
        self.inner.forest.1.clone()
    }
}
