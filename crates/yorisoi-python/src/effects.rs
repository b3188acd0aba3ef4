//! Effects of arms or of an amount: fitting, asking, keeping.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use yorisoi::data::{Dataset, Values, spell_number};
use yorisoi::effects as engine;
use yorisoi::effects::fit_effects as fit;

use crate::arrays::{Matrix, Parts, all_rows, check_finite, parts, scatter};
use crate::errors::{Fault, Outcome};
use crate::evidence::{Evidence, Facts};
use crate::roles::{GrowthArgs, RoleArgs, RoleColumns};
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
    fn from_bytes(py: Python<'_>, bytes: &[u8]) -> PyResult<Self> {
        let model = py.detach(|| engine::EffectModel::from_bytes(bytes)).map_err(Fault::from)?;
        Ok(Self { model: Arc::new(model) })
    }

    /// Returns the bytes of the model file.
    fn to_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &py.detach(|| self.model.to_bytes()))
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
    /// `roles` holds the columns `y` and `treatment`, with `sample_weight` and `cluster` where there are any; and,
    /// where they are known, `propensity`: of the single treated arm, or a column an arm, control first.
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
            let table = table_of(columns)?;
            let rows = all_rows(table.n_rows());
            let roles = RoleColumns::new(roles, rows.len())?;
            let y = roles.numbers("y")?;
            check_finite("y", &y)?;
            let known = known_by_arm(&model, roles.propensities()?)?;
            let features = model.binner().bin_table(&table, &rows)?;
            let effects = model.effects(&features, &rows, progress);
            let mut nuisances = model.nuisances(&features, &rows, known.as_deref());
            if let Some(known) = known {
                // As it was given, so that a fault in it is found in it.
                nuisances.w_hat = known;
            }
            let facts = Facts {
                n_rows: rows.len(),
                source_row: rows,
                arm_names: model.arm_names().to_vec(),
                effects: effects.arms,
                y_hat: nuisances.y_hat.clone(),
                w_hat: nuisances.w_hat.clone(),
                weights: roles.weights()?,
                clusters: roles.clusters(),
                ..Facts::default()
            };
            if model.is_dose() {
                let dose = roles.numbers("treatment")?;
                return facts.with_amount((y, dose), features, &model, nuisances);
            }
            let arm = arms_of(&roles.column("treatment")?.values, model.arm_names())?;
            Ok(Facts { y, arm, ..facts })
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
fn known_by_arm(
    model: &engine::EffectModel,
    given: Vec<Vec<f64>>,
) -> Outcome<Option<Vec<Vec<f64>>>> {
    let (n_arms, n_given) = (model.arm_names().len(), given.len());
    let refuse = |message: String| Err(Fault::of("propensity", message));
    match given.as_slice() {
        [] if model.needs_propensity() => refuse(
            "`propensity` is needed: the forest learned with one known for each row, and cannot guess those \
             of new rows"
                .to_owned(),
        ),
        [] => Ok(None),
        _ if model.is_dose() => refuse("`propensity` is of arms, and an amount has none".to_owned()),
        [treated] if n_arms == 2 => {
            let control = treated.iter().map(|e| 1.0 - e).collect();
            Ok(Some(vec![control, treated.clone()]))
        }
        _ if n_given == n_arms => Ok(Some(given)),
        _ => refuse(format!(
            "`propensity` has {n_given} columns, expected one for each of {n_arms} arms, control first"
        )),
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
            row: Some(row),
            ..Fault::of(
                "treatment",
                format!(
                    "`treatment` holds `{name}` in row {}, but the model knows {}",
                    row + 1,
                    names.join(", ")
                ),
            )
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
