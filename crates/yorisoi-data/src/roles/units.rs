//! Which rows can be used, and what happened to them? Every role but the features.

use super::propensity::Dealt;
use super::size::check_size;
use super::treatment::{RawTreatment, range};
use super::{DatasetOptions, RoleError, Roles, features, outcome, people, propensity};
use crate::exact::is_same;
use crate::{Arms, Dropped, Notice, Propensity, Table, Treatment};

/// Everything of a dataset but the features.
pub(super) struct People {
    pub(super) outcome: Vec<f64>,
    pub(super) treatment: Treatment,
    pub(super) clusters: Option<Vec<u32>>,
    pub(super) weights: Option<Vec<f64>>,
    pub(super) propensity: Propensity,
    pub(super) source_row: Vec<u32>,
    pub(super) dropped: Vec<Dropped>,
}

impl People {
    /// Reads every role but the features.
    pub(super) fn read(
        table: &Table,
        roles: &Roles,
        options: &DatasetOptions,
        notices: &mut Vec<Notice>,
    ) -> Result<Self, RoleError> {
        let outcome_column = features::find(table, "outcome", &roles.outcome)?;
        let (outcome, notice) = outcome::outcome_values(outcome_column)?;
        notices.extend(notice);
        let treatment_column = features::find(table, "treatment", &roles.treatment)?;
        let raw = RawTreatment::read(treatment_column, roles.control.as_deref(), options)?;

        let (source_row, dropped) = usable_rows(&outcome, &raw);
        if let RawTreatment::Dose(doses) = &raw {
            check_finite("treatment", &roles.treatment, doses, &source_row)?;
            check_size("treatment", &roles.treatment, doses, &source_row)?;
        }
        check_finite("outcome", &roles.outcome, &outcome, &source_row)?;
        check_size("outcome", &roles.outcome, &outcome, &source_row)?;
        let one_arm = matches!(&raw, RawTreatment::Arms(arms) if arms.names.len() == 1);
        if source_row.len() < options.min_rows && !one_arm {
            return Err(RoleError::TooFewRows {
                rows: source_row.len(),
                total: table.n_rows(),
                needed: options.min_rows,
            });
        }
        let treatment = raw.keep(&roles.treatment, &source_row, options)?;
        let mut outcome: Vec<f64> = source_row.iter().map(|&row| outcome[row as usize]).collect();
        let (low, high) = range(&outcome);
        if is_same(low, high) {
            return Err(RoleError::ConstantOutcome { column: roles.outcome.clone(), value: low });
        }
        roles.better.improvements(&mut outcome);
        notices.extend(outcome::less_is_better(roles));

        let cluster = roles.cluster.as_ref().map(|name| features::find(table, "cluster", name));
        let weight = roles.weight.as_ref().map(|name| features::find(table, "weight", name));
        let weights = weight.transpose()?.map(|column| people::weights(column, &source_row));
        let clusters = cluster
            .transpose()?
            .map(|column| people::told_cluster_ids(column, &source_row, notices));
        let propensity = match &roles.propensity {
            None => Propensity::Estimate,
            Some(role) => {
                let dealt = Dealt { treatment: &treatment, clusters: clusters.as_deref() };
                propensity::propensity(role, table, &source_row, dealt, notices)?
            }
        };
        let weights = weights.transpose()?;
        Ok(Self { outcome, treatment, clusters, weights, propensity, source_row, dropped })
    }

    /// Returns what these units got and what came of it, without clusters, weights and propensities.
    pub(super) fn only(&self, units: &[u32]) -> Self {
        fn at<T: Copy>(values: &[T], units: &[u32]) -> Vec<T> {
            units.iter().map(|&unit| values[unit as usize]).collect()
        }
        let treatment = match &self.treatment {
            Treatment::Arms(arms) => {
                Treatment::Arms(Arms { names: arms.names.clone(), arm: at(&arms.arm, units) })
            }
            Treatment::Dose(doses) => Treatment::Dose(at(doses, units)),
        };
        Self {
            outcome: at(&self.outcome, units),
            treatment,
            clusters: None,
            weights: None,
            propensity: Propensity::Estimate,
            source_row: at(&self.source_row, units),
            dropped: Vec::new(),
        }
    }
}

/// Returns the rows with outcome and treatment, and how many lack one.
fn usable_rows(outcome: &[f64], treatment: &RawTreatment) -> (Vec<u32>, Vec<Dropped>) {
    let (mut no_treatment, mut no_outcome) = (0, 0);
    let mut rows = Vec::with_capacity(outcome.len());
    for (row, y) in outcome.iter().enumerate() {
        if treatment.is_missing(row) {
            no_treatment += 1;
        } else if y.is_nan() {
            no_outcome += 1;
        } else {
            rows.push(row as u32);
        }
    }
    let counts = [("treatment.missing", no_treatment), ("outcome.missing", no_outcome)];
    let told = counts.into_iter().filter(|(_, rows)| *rows > 0);
    (rows, told.map(|(code, rows)| Dropped { code: code.to_owned(), rows }).collect())
}

fn check_finite(
    role: &'static str,
    column: &str,
    values: &[f64],
    rows: &[u32],
) -> Result<(), RoleError> {
    match rows.iter().find(|&&row| !values[row as usize].is_finite()) {
        None => Ok(()),
        Some(&row) => Err(RoleError::NotFinite {
            role,
            column: column.to_owned(),
            row: row as usize + 1,
            value: values[row as usize],
        }),
    }
}
