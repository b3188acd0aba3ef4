//! Parts of the summary that describe arms and features: balance, overlap, projection.

use yorisoi_data::{HeldOut, Propensity, Table};
use yorisoi_effects::{Nuisances, Sampling};
use yorisoi_evaluation::{EvaluationError, balance, best_linear_projection, dose_balance};

use crate::bench::Bench;
use crate::columns::{NumberColumn, number_columns};
use crate::judge::{Judged, enough};
use crate::summary::{Balance, Overlap, Projection};
use crate::value::value;

/// Features in the linear projection: it costs the square of their number, and nobody reads more.
const MAX_PROJECTED: usize = 12;

/// The used rows as balance sees them.
pub(crate) struct Everyone<'a> {
    /// 0-based row of the table.
    pub(crate) source_row: &'a [u32],
    /// Arm names, control first.
    pub(crate) arm_names: &'a [String],
    /// Index into `arm_names`.
    pub(crate) arm: &'a [u8],
    /// The amount each got, where the treatment is one.
    pub(crate) dose: Option<&'a [f64]>,
    /// Nuisances that have not seen the row they speak of.
    pub(crate) nuisances: &'a HeldOut<Nuisances>,
    /// Weights and clusters.
    pub(crate) sampling: &'a Sampling<'a>,
}

/// Returns how alike each arm and control were in each feature; a category shows the level that differs
/// most. Features that say nothing about it, such as constants, are left out.
///
/// # Errors
///
/// An [`EvaluationError`] for a propensity of 0.
pub(crate) fn balances(
    table: &Table,
    features: &[String],
    everyone: &Everyone<'_>,
) -> Result<Vec<Balance>, EvaluationError> {
    let mut rows = Vec::new();
    // One feature at a time: tens of millions of rows by hundreds of features would not fit.
    for column in features.iter().filter_map(|feature| table.column(feature)) {
        let columns = number_columns(column, everyone.source_row);
        for (k, arm) in everyone.arm_names.iter().enumerate().skip(1) {
            rows.extend(balance_of(&columns, arm, k, everyone)?);
        }
    }
    Ok(rows)
}

fn balance_of(
    columns: &[NumberColumn],
    arm: &str,
    k: usize,
    everyone: &Everyone<'_>,
) -> Result<Option<Balance>, EvaluationError> {
    let values: Vec<&[f64]> = columns.iter().map(|column| column.values.as_slice()).collect();
    let Everyone { nuisances, sampling, .. } = everyone;
    let found = match everyone.dose {
        Some(dose) => dose_balance(&values, dose, nuisances, sampling)?,
        None => balance(&values, everyone.arm, k, nuisances, sampling)?,
    };
    let known = columns.iter().zip(found).filter_map(|(column, found)| {
        let (smd, smd_weighted) = (found.smd?, found.smd_weighted?);
        Some(Balance { arm: arm.to_owned(), feature: column.name.clone(), smd, smd_weighted })
    });
    Ok(known.max_by(|a, b| a.smd.abs().total_cmp(&b.smd.abs())))
}

/// Returns the overlap of every arm that could be compared.
pub(crate) fn overlaps(bench: &Bench, judged: &Judged, source: &Propensity) -> Vec<Overlap> {
    let source = match source {
        Propensity::Estimate => "estimated",
        Propensity::Constant(_) => "constant",
        Propensity::PerUnit(_) => "given",
    };
    let arms = bench.arm_names[1..].iter().zip(&judged.arms);
    arms.filter_map(|(name, arm)| {
        let overlap = arm.overlap.as_ref()?;
        Some(Overlap {
            arm: name.clone(),
            source: source.to_owned(),
            min: overlap.min,
            max: overlap.max,
            share_thin: overlap.share_thin,
            share_trimmed: bench.share_trimmed,
            histogram_treated: overlap.histogram_treated.clone(),
            histogram_control: overlap.histogram_control.clone(),
        })
    })
    .collect()
}

/// Returns the linear projection of each arm's effect on its most important features.
///
/// # Errors
///
/// An [`EvaluationError`] other than that of too few rows.
pub(crate) fn projections(
    bench: &Bench,
    table: &Table,
    source_row: &[u32],
    features: &[String],
    importance: &[Vec<f64>],
) -> Result<Vec<Projection>, EvaluationError> {
    let rows = crate::units::at(source_row, &bench.units);
    let sampling = bench.sampling()?;
    let mut found = Vec::new();
    for (k, arm) in bench.arm_names.iter().enumerate().skip(1) {
        let columns = most_important(table, &rows, features, &importance[k - 1]);
        let values: Vec<&[f64]> = columns.iter().map(|column| column.values.as_slice()).collect();
        let fit = enough(best_linear_projection(&values, &bench.effect_scores(k)?, &sampling))?;
        let Some(fit) = fit else { continue };
        let row = |feature: &str, estimate| Projection {
            arm: arm.clone(),
            feature: feature.to_owned(),
            value: value(&estimate),
        };
        found.push(row("(mean)", fit.mean));
        let coefficients = columns.iter().zip(fit.coefficients);
        found.extend(
            coefficients.filter_map(|(column, estimate)| {
                estimate.map(|estimate| row(&column.name, estimate))
            }),
        );
    }
    Ok(found)
}

fn most_important(
    table: &Table,
    rows: &[u32],
    features: &[String],
    importance: &[f64],
) -> Vec<NumberColumn> {
    let mut order: Vec<usize> = (0..features.len()).collect();
    order.sort_by(|&a, &b| importance[b].total_cmp(&importance[a]));
    order.truncate(MAX_PROJECTED);
    order
        .into_iter()
        .filter_map(|feature| table.column(&features[feature]))
        .flat_map(|column| {
            let mut columns = number_columns(column, rows);
            // Indicators of all levels add up to one: the commonest is what the others compare with.
            if columns.len() > 1 {
                columns.remove(0);
            }
            columns
        })
        .collect()
}
