//! Effects of arms or of an amount: fitting, asking, keeping.

use std::sync::Arc;

use numpy::PyReadonlyArray2;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use yorisoi::data::{Column, Dataset, Values, spell_number};
use yorisoi::effects as engine;
use yorisoi::effects::{ArmEffects, fit_effects as fit};

use crate::arrays::{Matrix, Parts, all_rows, columns, numeric, parts, scatter};
use crate::errors::{Fault, Outcome};
use crate::evidence::{Evidence, Facts};
use crate::planning::{Given, arm_effects};
use crate::roles::{GrowthArgs, RoleArgs};
use crate::run::{Running, run};
use crate::table::{ColumnSet, table_of};

/// A fitted model of effects, ready for new rows.
#[pyclass(module = "yorisoi._native", frozen)]
pub(crate) struct EffectModel {
    pub(crate) model: Arc<engine::EffectModel>,
}

#[pymethods]
impl EffectModel {
    /// Opens the bytes of a model file.
    #[staticmethod]
    fn from_bytes(bytes: &[u8]) -> PyResult<Self> {
        let model = engine::EffectModel::from_bytes(bytes).map_err(Fault::from)?;
        Ok(Self { model: Arc::new(model) })
    }

    /// Returns the bytes of the model file.
    fn to_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.model.to_bytes())
    }

    /// Arm names, control first.
    #[getter]
    fn arms(&self) -> Vec<String> {
        self.model.arm_names().to_vec()
    }

    /// Names of the features that the model asks for.
    #[getter]
    fn features(&self) -> Vec<String> {
        self.model.binner().names.clone()
    }

    /// Whether the treatment is an amount.
    #[getter]
    fn is_dose(&self) -> bool {
        self.model.is_dose()
    }

    /// Split importance: a list of features for every arm but control.
    fn importance(&self) -> Vec<Vec<f64>> {
        self.model.importance()
    }

    /// Returns effect, standard error and both ends for rows that the model has not learned from.
    fn effects<'py>(
        &self,
        py: Python<'py>,
        table: &ColumnSet,
        running: Running<'_>,
    ) -> PyResult<Parts<'py>> {
        let (model, columns) = (Arc::clone(&self.model), table.take());
        let effects = run(py, &running, move |progress| {
            let table = table_of(columns)?;
            let rows = all_rows(table.n_rows());
            let features = model.binner().bin_table(&table, &rows)?;
            drop(table);
            Ok(model.effects(&features, &rows, progress))
        })?;
        let n_rows = effects.arms.first().map_or(0, |arm| arm.tau_hat.len());
        Ok(parts(py, &effects.arms, &all_rows(n_rows), n_rows))
    }

    /// Sets people whom the model has not learned from against what it says of them.
    ///
    /// `roles` holds outcome, treatment and, where they are known, the propensities, in this order: of the
    /// single treated arm, or a column an arm, control first.
    fn judge(
        &self,
        py: Python<'_>,
        table: &ColumnSet,
        roles: &ColumnSet,
        running: Running<'_>,
    ) -> PyResult<Evidence> {
        let model = Arc::clone(&self.model);
        let (columns, roles) = (table.take(), roles.take());
        let facts = run(py, &running, move |progress| {
            let [outcome, treatment, rest @ ..] = roles.as_slice() else {
                return Err(Fault::argument("outcome and treatment are needed"));
            };
            let y = numeric(outcome, "y")?;
            let known = known_by_arm(rest, model.arm_names().len())?;
            let table = table_of(columns)?;
            let rows = all_rows(table.n_rows());
            let features = model.binner().bin_table(&table, &rows)?;
            let effects = model.effects(&features, &rows, progress);
            let nuisances = model.nuisances(&features, &rows, known.as_deref());
            let facts = Facts {
                n_rows: rows.len(),
                source_row: rows,
                arm_names: model.arm_names().to_vec(),
                effects: effects.arms,
                y_hat: nuisances.y_hat.clone(),
                w_hat: nuisances.w_hat.clone(),
                ..Facts::default()
            };
            if model.is_dose() {
                let dose = numeric(treatment, "treatment")?;
                return Ok(facts.with_amount((y, dose), features, &model, nuisances));
            }
            Ok(Facts { y, arm: arms_of(&treatment.values, model.arm_names())?, ..facts })
        })?;
        Ok(Evidence { facts: Arc::new(facts) })
    }

    /// Returns what is expected of the outcome and of every arm's probability for new rows.
    fn nuisances<'py>(
        &self,
        py: Python<'py>,
        table: &ColumnSet,
        running: Running<'_>,
    ) -> PyResult<(Matrix<'py>, Matrix<'py>)> {
        let (model, columns) = (Arc::clone(&self.model), table.take());
        let nuisances = run(py, &running, move |_| {
            let table = table_of(columns)?;
            let rows = all_rows(table.n_rows());
            let features = model.binner().bin_table(&table, &rows)?;
            Ok(model.nuisances(&features, &rows, None))
        })?;
        let n_rows = nuisances.y_hat.len();
        let rows = all_rows(n_rows);
        let w_hat: Vec<&[f64]> = nuisances.w_hat.iter().map(Vec::as_slice).collect();
        Ok((scatter(py, &[&nuisances.y_hat], &rows, n_rows), scatter(py, &w_hat, &rows, n_rows)))
    }
}

/// Returns known propensities, one column an arm, control first.
fn known_by_arm(given: &[Column], n_arms: usize) -> Outcome<Option<Vec<Vec<f64>>>> {
    let columns: Vec<Vec<f64>> =
        given.iter().map(|e| numeric(e, "propensity")).collect::<Outcome<_>>()?;
    match columns.as_slice() {
        [] => Ok(None),
        [treated] if n_arms == 2 => {
            let control = treated.iter().map(|e| 1.0 - e).collect();
            Ok(Some(vec![control, treated.clone()]))
        }
        _ if columns.len() == n_arms => Ok(Some(columns)),
        _ => Err(Fault {
            column: Some("propensity".to_owned()),
            ..Fault::argument(format!(
                "`propensity` has {} columns, expected one for each of {n_arms} arms",
                columns.len()
            ))
        }),
    }
}

/// Numbers the arms as the model does.
fn arms_of(treatment: &Values, names: &[String]) -> Outcome<Vec<u8>> {
    let spelt = |row: usize| match treatment {
        Values::Numeric(values) => spell_number(values[row]),
        Values::Category { codes, levels } => {
            levels.get(codes[row] as usize).cloned().unwrap_or_else(|| "(missing)".to_owned())
        }
    };
    let number = |row: usize| {
        let name = spelt(row);
        let position = names.iter().position(|own| *own == name);
        position.map(|arm| arm as u8).ok_or_else(|| Fault {
            column: Some("treatment".to_owned()),
            row: Some(row),
            ..Fault::argument(format!(
                "`treatment` holds `{name}`, but the model knows {}",
                names.join(", ")
            ))
        })
    };
    (0..treatment.len()).map(number).collect()
}

/// Learns effects from a table; returns the model and what it says of the rows it learned from.
#[pyfunction]
pub(crate) fn fit_effects(
    py: Python<'_>,
    table: &ColumnSet,
    roles: RoleArgs,
    growth: GrowthArgs,
    running: Running<'_>,
) -> PyResult<(EffectModel, Evidence)> {
    let columns = table.take();
    let (model, facts) = run(py, &running, move |progress| {
        progress.stage("prepare", 0);
        let table = table_of(columns)?;
        let n_rows = table.n_rows();
        let data = Dataset::from_table(&table, &roles.roles(), &roles.dataset(&growth))?;
        // The table is the largest thing in memory, and nothing below needs it.
        drop(table);
        let rows = all_rows(data.n_units());
        let params = growth.effects();
        let fitted = fit(&data, &rows, &params, progress)?;
        let effects = fitted.out_of_bag(&data, &rows, progress).into_inner();
        let facts = Facts::of_training(n_rows, data, &fitted, effects, &params);
        Ok((fitted.model, facts))
    })?;
    Ok((EffectModel { model: Arc::new(model) }, Evidence { facts: Arc::new(facts) }))
}

/// Returns both ends of every interval at another level; `z` is its normal quantile.
///
/// `around` holds the centres of the intervals, midway between their ends where there are none, and what no
/// effect can exceed.
#[pyfunction]
pub(crate) fn interval<'py>(
    py: Python<'py>,
    effects: Given<'_>,
    around: (Option<PyReadonlyArray2<'_, f64>>, Option<f64>),
    z: f64,
) -> (Matrix<'py>, Matrix<'py>) {
    let mut arms = arm_effects(&effects);
    let centres = around.0.as_ref().map(columns);
    for (arm, centre) in arms.iter_mut().zip(centres.into_iter().flatten()) {
        arm.centre = centre;
    }
    let n_rows = arms.first().map_or(0, |arm| arm.tau_hat.len());
    let of_arm = |arm| ArmEffects { bound: around.1, ..arm }.interval(z);
    let (low, high): (Vec<Vec<f64>>, Vec<Vec<f64>>) = arms.into_iter().map(of_arm).unzip();
    let matrix = |ends: &[Vec<f64>]| {
        let columns: Vec<&[f64]> = ends.iter().map(Vec::as_slice).collect();
        scatter(py, &columns, &all_rows(n_rows), n_rows)
    };
    (matrix(&low), matrix(&high))
}
