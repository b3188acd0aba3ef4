//! Is it true? Rankings, calibration, groups and projections of scores, as JSON for Python's plain classes.

use numpy::{PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use serde::Serialize;
use yorisoi::data::{Column, Estimate, HeldOut, cluster_ids};
use yorisoi::evaluation::{self, RateOptions, Sampling};

use crate::arrays::{all_rows, columns, vector};
use crate::errors::Outcome;
use crate::run::{Running, run};
use crate::stored::json;
use crate::table::ColumnSet;

/// Weights and clusters of the judged rows.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct SamplingArgs<'py> {
    weights: Option<PyReadonlyArray1<'py, f64>>,
    /// One column, called whatever it may.
    clusters: Option<PyRef<'py, ColumnSet>>,
}

/// The same, owned by the work.
struct Owned {
    weights: Option<Vec<f64>>,
    clusters: Option<Vec<u32>>,
}

impl SamplingArgs<'_> {
    fn own(&self) -> Owned {
        let clusters = self.clusters.as_ref().and_then(|set| set.take().into_iter().next());
        let of_all = |column: &Column| cluster_ids(column, &all_rows(column.values.len()));
        Owned {
            weights: self.weights.as_ref().map(vector),
            clusters: clusters.as_ref().map(of_all),
        }
    }
}

impl Owned {
    fn sampling(&self, n_units: usize) -> Outcome<Sampling<'_>> {
        let mut sampling = Sampling::equal(n_units);
        if let Some(weights) = &self.weights {
            sampling = sampling.with_weights(weights)?;
        }
        if let Some(clusters) = &self.clusters {
            sampling = sampling.with_clusters(clusters)?;
        }
        Ok(sampling)
    }
}

/// An estimate with its 95 % interval.
#[derive(Serialize)]
struct Value {
    estimate: f64,
    std_error: f64,
    low: f64,
    high: f64,
    n: usize,
}

impl From<Estimate> for Value {
    fn from(estimate: Estimate) -> Self {
        let interval = estimate.interval_95();
        Self {
            estimate: estimate.estimate,
            std_error: estimate.std_error,
            low: interval.low,
            high: interval.high,
            n: estimate.n,
        }
    }
}

/// How standard errors of rankings are found.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct RateArgs {
    replicates: usize,
    seed: u64,
    points: usize,
}

impl RateArgs {
    fn options(&self) -> RateOptions {
        RateOptions { replicates: self.replicates, seed: self.seed, curve_points: self.points }
    }
}

#[derive(Serialize)]
struct Ranking {
    autoc: Value,
    qini: Value,
    toc: Vec<evaluation::CurvePoint>,
    qini_curve: Vec<evaluation::CurvePoint>,
}

/// Judges a ranking.
#[pyfunction]
pub(crate) fn rate(
    py: Python<'_>,
    judged: (PyReadonlyArray1<'_, f64>, PyReadonlyArray1<'_, f64>),
    sampling: SamplingArgs<'_>,
    options: RateArgs,
    running: Running<'_>,
) -> PyResult<String> {
    let (priority, scores, owned) = (vector(&judged.0), vector(&judged.1), sampling.own());
    let rate = run(py, &running, move |progress| {
        let sampling = owned.sampling(scores.len())?;
        let (priority, scores) = (HeldOut::promise(priority), HeldOut::promise(scores));
        Ok(evaluation::rate(&priority, &scores, &sampling, options.options(), progress)?)
    })?;
    json(&Ranking {
        autoc: rate.autoc.into(),
        qini: rate.qini.into(),
        toc: rate.toc,
        qini_curve: rate.qini_curve,
    })
}

/// Compares two rankings of the same people.
#[pyfunction]
pub(crate) fn compare_rates(
    py: Python<'_>,
    judged: (PyReadonlyArray1<'_, f64>, PyReadonlyArray1<'_, f64>, PyReadonlyArray1<'_, f64>),
    sampling: SamplingArgs<'_>,
    options: RateArgs,
    running: Running<'_>,
) -> PyResult<String> {
    let (priority, against, scores) = (vector(&judged.0), vector(&judged.1), vector(&judged.2));
    let owned = sampling.own();
    let difference = run(py, &running, move |progress| {
        let sampling = owned.sampling(scores.len())?;
        let [priority, against, scores] = [priority, against, scores].map(HeldOut::promise);
        let (rankings, options) = ([&priority, &against], options.options());
        Ok(evaluation::compare_rates(rankings, &scores, &sampling, options, progress)?)
    })?;
    json(&[Value::from(difference.autoc), Value::from(difference.qini)])
}

#[derive(Serialize)]
struct Calibrated {
    mean: Option<Value>,
    differential: Option<Value>,
    p_value: Option<f64>,
}

/// Asks whether predicted effects have the size they claim.
#[pyfunction]
pub(crate) fn calibration(
    py: Python<'_>,
    judged: (PyReadonlyArray1<'_, f64>, PyReadonlyArray1<'_, f64>),
    sampling: SamplingArgs<'_>,
    running: Running<'_>,
) -> PyResult<String> {
    let (predicted, scores, owned) = (vector(&judged.0), vector(&judged.1), sampling.own());
    let found = run(py, &running, move |_| {
        let sampling = owned.sampling(scores.len())?;
        let (predicted, scores) = (HeldOut::promise(predicted), HeldOut::promise(scores));
        Ok(evaluation::calibration(&predicted, &scores, &sampling)?)
    })?;
    json(&Calibrated {
        mean: found.mean.map(Value::from),
        differential: found.differential.map(Value::from),
        p_value: found.p_value,
    })
}

#[derive(Serialize)]
struct Quantile {
    cell: usize,
    predicted: f64,
    found: Value,
}

#[derive(Serialize)]
struct Quantiles {
    cells: Vec<Quantile>,
    first_less_last: Value,
}

/// Returns predicted and found effects in equal cells by predicted effect.
#[pyfunction]
pub(crate) fn uplift_by_quantile(
    py: Python<'_>,
    judged: (PyReadonlyArray1<'_, f64>, PyReadonlyArray1<'_, f64>),
    n_cells: usize,
    sampling: SamplingArgs<'_>,
    running: Running<'_>,
) -> PyResult<String> {
    let (predicted, scores, owned) = (vector(&judged.0), vector(&judged.1), sampling.own());
    let cells = run(py, &running, move |_| {
        let sampling = owned.sampling(scores.len())?;
        let (predicted, scores) = (HeldOut::promise(predicted), HeldOut::promise(scores));
        Ok(evaluation::by_predicted(&predicted, &scores, &sampling, n_cells)?)
    })?;
    let cell = |cell: &evaluation::Cell| Quantile {
        cell: cell.cell,
        predicted: cell.predicted,
        found: cell.found.into(),
    };
    json(&Quantiles {
        cells: cells.cells.iter().map(cell).collect(),
        first_less_last: cells.first_less_last.into(),
    })
}

/// Projects the effect on standardised features: the mean first, then one entry a feature.
#[pyfunction]
pub(crate) fn best_linear_projection(
    py: Python<'_>,
    features: PyReadonlyArray2<'_, f64>,
    scores: PyReadonlyArray1<'_, f64>,
    sampling: SamplingArgs<'_>,
    running: Running<'_>,
) -> PyResult<String> {
    let (features, scores, owned) = (columns(&features), vector(&scores), sampling.own());
    let found = run(py, &running, move |_| {
        let sampling = owned.sampling(scores.len())?;
        let scores = HeldOut::promise(scores);
        Ok(evaluation::best_linear_projection(&features, &scores, &sampling)?)
    })?;
    let mut values = vec![Some(Value::from(found.mean))];
    values.extend(found.coefficients.into_iter().map(|c| c.map(Value::from)));
    json(&values)
}
