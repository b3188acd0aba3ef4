//! Who is offered what, within limits? The columns of a plan.

use numpy::{PyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use yorisoi::effects::{ArmEffects, Effects};
use yorisoi::{EffectRows, Group, PlanTable, Reason};

use crate::arrays::{columns, numbers};
use crate::roles::PlanArgs;
use crate::run::{Running, run};
use crate::table::{ColumnSet, table_of};

/// Codes of the groups, in the order in which they are numbered here.
const GROUPS: [&str; 4] = ["persuadable", "no_effect", "sleeping_dog", "undecided"];

/// Effects of rows, as Python hands them over.
pub(crate) type Given<'py> = (
    PyReadonlyArray2<'py, f64>,
    PyReadonlyArray2<'py, f64>,
    PyReadonlyArray2<'py, f64>,
    PyReadonlyArray2<'py, f64>,
);

/// Plans from effects and costs alone; cost columns stand in `costs`.
#[pyfunction]
pub(crate) fn plan<'py>(
    py: Python<'py>,
    effects: Given<'_>,
    arms: Vec<String>,
    costs: &ColumnSet,
    asked: (PlanArgs, u64),
    running: Running<'_>,
) -> PyResult<Bound<'py, PyDict>> {
    let rows = effect_rows(&effects, arms);
    let (costs, (limits, seed)) = (costs.take(), asked);
    let (plan, rows) = run(py, &running, move |_| {
        let table = table_of(costs)?;
        let plan = yorisoi::plan(&rows, Some(&table), &limits.options(), seed)?;
        Ok((plan, rows))
    })?;
    plan_columns(py, &plan, &rows)
}

/// Takes the arrays of Python as effects of rows that nothing was learned from.
pub(crate) fn effect_rows(effects: &Given<'_>, arms: Vec<String>) -> EffectRows {
    let effects = Effects { arms: arm_effects(effects) };
    let n_rows = effects.arms.first().map_or(0, |arm| arm.tau_hat.len());
    EffectRows {
        source_row: (0..n_rows as u32).collect(),
        held_out: vec![true; n_rows],
        arms,
        effects,
    }
}

/// Takes the arrays of Python as the effects of each arm.
pub(crate) fn arm_effects(effects: &Given<'_>) -> Vec<ArmEffects> {
    let (tau_hat, std_error) = (columns(&effects.0), columns(&effects.1));
    let ends = columns(&effects.2).into_iter().zip(columns(&effects.3));
    let together = tau_hat.into_iter().zip(std_error).zip(ends);
    let of_arm = |((tau_hat, std_error), ends)| ArmEffects::of_ends(tau_hat, std_error, ends);
    together.map(of_arm).collect()
}

/// Returns a plan as columns, codes as numbers with their names beside them.
pub(crate) fn plan_columns<'py>(
    py: Python<'py>,
    plan: &PlanTable,
    effects: &EffectRows,
) -> PyResult<Bound<'py, PyDict>> {
    let n_rows = effects.n_rows();
    let (mut row, mut arm) = (Vec::with_capacity(n_rows), Vec::with_capacity(n_rows));
    let (mut group, mut reason) = (Vec::with_capacity(n_rows), Vec::with_capacity(n_rows));
    let mut amounts: [Vec<f64>; 5] = std::array::from_fn(|_| Vec::with_capacity(n_rows));
    for planned in plan.rows(effects) {
        row.push(i64::from(planned.row));
        arm.push(effects.arms.iter().position(|own| own == planned.arm).unwrap_or(0) as u8);
        group.push(number_of_group(planned.group));
        reason.push(Reason::ALL.iter().position(|own| *own == planned.reason).unwrap_or(0) as u8);
        let of_row = [planned.effect, planned.low, planned.high, planned.value, planned.cost];
        amounts.iter_mut().zip(of_row).for_each(|(column, value)| column.push(value));
    }
    let result = PyDict::new(py);
    result.set_item("row", PyArray1::from_vec(py, row))?;
    result.set_item("arm", (PyArray1::from_vec(py, arm), effects.arms.clone()))?;
    result.set_item("group", (PyArray1::from_vec(py, group), GROUPS))?;
    let codes = Reason::ALL.map(Reason::code);
    let words = Reason::ALL.map(|reason| (reason.en(), reason.ja()));
    result.set_item("reason", (PyArray1::from_vec(py, reason), codes))?;
    result.set_item("words", words)?;
    let names = ["effect", "low", "high", "value", "cost"];
    for (name, column) in names.into_iter().zip(amounts) {
        result.set_item(name, numbers(py, column))?;
    }
    result.set_item("n_reached", plan.n_reached())?;
    result.set_item("people_by_arm", plan.people_by_arm().to_vec())?;
    result.set_item("spend", plan.spend())?;
    result.set_item("expected_gain", plan.expected_gain())?;
    result.set_item("price", plan.prices(&[]).budget)?;
    Ok(result)
}

fn number_of_group(group: Group) -> u8 {
    match group {
        Group::Persuadable => 0,
        Group::NoEffect => 1,
        Group::SleepingDog => 2,
        Group::Undecided => 3,
    }
}

/// Returns the group of a number that [`plan_columns`] gave it.
pub(crate) fn group_of_number(number: u8) -> Group {
    match number {
        0 => Group::Persuadable,
        1 => Group::NoEffect,
        2 => Group::SleepingDog,
        _ => Group::Undecided,
    }
}
