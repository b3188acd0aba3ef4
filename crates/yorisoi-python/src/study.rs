//! The whole way from a table to a verdict, a plan and a report.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use yorisoi::Study;
use yorisoi::data::Notice;
use yorisoi::data::read::{ReadOptions, read_file};
use yorisoi::summary::Summary;

use crate::arrays::{all_rows, parts};
use crate::effects::EffectModel;
use crate::errors::Fault;
use crate::planning::plan_columns;
use crate::roles::{GrowthArgs, JudgeArgs, PlanArgs, RoleArgs, study_options};
use crate::run::{Running, run};
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
pub(crate) fn report(summary: &str) -> PyResult<String> {
    let summary: Summary = serde_json::from_str(summary)
        .map_err(|error| Fault::argument(format!("this is no summary of a study: {error}")))?;
    let page = yorisoi_report::render(&summary);
    page.map_err(|error| Fault::argument(error.to_string()).into())
}
