//! The whole way from a table to a verdict, a plan and a report.

use std::io::{self, BufWriter};
use std::sync::Arc;

use numpy::PyReadonlyArray1;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};
use yorisoi::data::Notice;
use yorisoi::data::read::{ReadOptions, read_file};
use yorisoi::files::{self, write_effects, write_plan};
use yorisoi::summary::Summary;
use yorisoi::{EffectRows, PlanRow, Reason, Study};

use crate::arrays::{all_rows, parts, vector};
use crate::effects::EffectModel;
use crate::errors::Fault;
use crate::planning::{Given, effect_rows, group_of_number, plan_columns};
use crate::roles::{GrowthArgs, JudgeArgs, PlanArgs, RoleArgs, study_options};
use crate::run::{Running, guarded, run};
use crate::stored::json;
use crate::table::{ColumnSet, table_of};

/// How a study is to be made: growth, judging and plan.
type How = (GrowthArgs, JudgeArgs, PlanArgs);

/// Studies a table.
#[pyfunction]
pub(crate) fn study<'py>(
    py: Python<'py>,
    table: &ColumnSet,
    roles: RoleArgs,
    how: How,
    running: Running<'_>,
) -> PyResult<Bound<'py, PyDict>> {
    let columns = table.take();
    let found = run(py, &running, move |progress| {
        let table = table_of(columns)?;
        let options = study_options(&roles, &how.0, &how.1, &how.2);
        Ok(yorisoi::study(&table, &roles.roles(), &options, progress)?)
    })?;
    to_python(py, found, Vec::new())
}

/// Studies a file, read as the command line reads it.
#[pyfunction]
pub(crate) fn study_file<'py>(
    py: Python<'py>,
    path: std::path::PathBuf,
    roles: RoleArgs,
    how: How,
    running: Running<'_>,
) -> PyResult<Bound<'py, PyDict>> {
    let (found, notices) = run(py, &running, move |progress| {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        #[expect(clippy::disallowed_methods, reason = "the outermost layer opens files")]
        let file = std::fs::File::open(&path);
        let file = file.map_err(|error| Fault {
            code: "read.io",
            ..Fault::argument(format!("cannot open `{}`: {error}", path.display()))
        })?;
        let (table, notices) = read_file(&name, file, &ReadOptions::default(), progress)?;
        let options = study_options(&roles, &how.0, &how.1, &how.2);
        Ok((yorisoi::study(&table, &roles.roles(), &options, progress)?, notices))
    })?;
    to_python(py, found, notices)
}

fn to_python(
    py: Python<'_>,
    mut study: Study,
    read_notices: Vec<Notice>,
) -> PyResult<Bound<'_, PyDict>> {
    study.summary.data.notices.splice(0..0, read_notices);
    let effects = &study.effects;
    let result = PyDict::new(py);
    result.set_item("summary", json(&study.summary)?)?;
    result.set_item("plan", plan_columns(py, &study.plan, effects)?)?;
    result.set_item("arms", effects.arms.clone())?;
    let n_rows = effects.n_rows();
    result.set_item("effects", parts(py, &effects.effects.arms, &all_rows(n_rows), n_rows))?;
    let row: Vec<i64> = effects.source_row.iter().map(|&row| i64::from(row)).collect();
    result.set_item("row", numpy::PyArray1::from_vec(py, row))?;
    result.set_item("held_out", numpy::PyArray1::from_slice(py, &effects.held_out))?;
    result.set_item("model", EffectModel { model: Arc::new(study.model) }.into_pyobject(py)?)?;
    Ok(result)
}

/// Returns a study's summary, as JSON, as the page that the command line writes.
#[pyfunction]
pub(crate) fn report(py: Python<'_>, summary: &str) -> PyResult<String> {
    let page = || {
        let page = yorisoi_report::render(&summary_of(summary)?);
        page.map_err(|error| Fault::argument(error.to_string()))
    };
    guarded(|| Ok(py.detach(page)?))
}

/// Returns a study's summary, as JSON, as the bytes of `summary.json`.
#[pyfunction]
pub(crate) fn summary_file<'py>(py: Python<'py>, summary: &str) -> PyResult<Bound<'py, PyBytes>> {
    let bytes = files::json(&summary_of(summary)?);
    let bytes = bytes.map_err(|error| Fault::argument(error.to_string()))?;
    Ok(PyBytes::new(py, &bytes))
}

/// Writes `effects.parquet` and `plan.csv` into a folder.
///
/// `of_row` is the row of the table and whether it was held out, `amounts` effect, low, high, value and
/// cost of the plan, `codes` its numbers of arm, group and reason, all as a study handed them over.
#[pyfunction]
pub(crate) fn write_rows(
    py: Python<'_>,
    folder: std::path::PathBuf,
    effects: (Vec<String>, Given<'_>),
    of_row: (PyReadonlyArray1<'_, i64>, PyReadonlyArray1<'_, bool>),
    amounts: [PyReadonlyArray1<'_, f64>; 5],
    codes: [PyReadonlyArray1<'_, u8>; 3],
) -> PyResult<()> {
    let rows = EffectRows {
        source_row: of_row.0.as_array().iter().map(|&row| row as u32).collect(),
        held_out: of_row.1.as_array().to_vec(),
        ..effect_rows(&effects.1, effects.0)
    };
    let amounts: Vec<Vec<f64>> = amounts.iter().map(vector).collect();
    let codes: Vec<Vec<u8>> = codes.iter().map(|codes| codes.as_array().to_vec()).collect();
    py.detach(|| -> io::Result<()> {
        write_effects(create(&folder.join("effects.parquet"))?, &rows)?;
        let planned = (0..rows.n_rows()).filter_map(|at| {
            Some(PlanRow {
                row: rows.source_row[at],
                arm: rows.arms.get(usize::from(*codes[0].get(at)?))?,
                effect: *amounts[0].get(at)?,
                low: *amounts[1].get(at)?,
                high: *amounts[2].get(at)?,
                value: *amounts[3].get(at)?,
                cost: *amounts[4].get(at)?,
                group: group_of_number(*codes[1].get(at)?),
                reason: *Reason::ALL.get(usize::from(*codes[2].get(at)?))?,
            })
        });
        write_plan(create(&folder.join("plan.csv"))?, planned)
    })
    .map_err(|error| {
        let message = format!("cannot write into `{}`: {error}", folder.display());
        Fault { code: "write.io", ..Fault::argument(message) }.into()
    })
}

fn create(path: &std::path::Path) -> io::Result<BufWriter<std::fs::File>> {
    std::fs::File::create(path).map(BufWriter::new)
}

fn summary_of(summary: &str) -> Result<Summary, Fault> {
    serde_json::from_str(summary)
        .map_err(|error| Fault::argument(format!("this is no summary of a study: {error}")))
}
