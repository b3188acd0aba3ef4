//! How do a table and its roles become a dataset? The order of the checks.

use rayon::prelude::*;

use super::copies::Copies;
use super::fingerprint::{Digest, digest, fingerprint};
use super::leaks::{self, Classes};
use super::nearly;
use super::units::People;
use super::{DatasetOptions, RoleError, Roles, features};
use crate::{Binner, Column, Dataset, Table, Treatment};

impl Dataset {
    /// Gives the columns of a table their roles.
    ///
    /// Rows without outcome or treatment are left out and counted in `dropped`. Features that never vary
    /// or that name each person are left out with a notice.
    ///
    /// # Assumptions
    ///
    /// Features were known before the treatment. Where one gives outcome or treatment away exactly this is
    /// refused, where it nearly does a notice says so; in general nobody but the user can know.
    ///
    /// # Errors
    ///
    /// A [`RoleError`] that names the column, the row and, by [`RoleError::hint`], the remedy.
    ///
    /// # Example
    ///
    /// ```
    /// # use yorisoi_data::{Column, Dataset, DatasetOptions, Roles, Table, Values};
    /// let numbers = |name: &str, value: fn(u32) -> u32| Column {
    ///     name: name.to_owned(),
    ///     values: Values::Numeric((0..200).map(|i| f64::from(value(i))).collect()),
    /// };
    /// let columns = vec![
    ///     numbers("offer", |i| i % 2),
    ///     numbers("stayed", |i| i / 3 % 2),
    ///     numbers("age", |i| 20 + i * 7 % 50),
    /// ];
    /// let table = Table::new(columns).ok_or("columns of equal length")?;
    /// let roles = Roles::new("offer", "stayed");
    /// let dataset = Dataset::from_table(&table, &roles, &DatasetOptions::default())?;
    /// assert_eq!(dataset.binner.names, ["age"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_table(
        table: &Table,
        roles: &Roles,
        options: &DatasetOptions,
    ) -> Result<Self, RoleError> {
        check_roles_differ(roles)?;
        for (role, name) in roles.named() {
            features::find(table, role, name)?;
        }
        let chosen = features::chosen(table, roles)?;
        let mut notices = Vec::new();

        let mut people = People::read(table, roles, options, &mut notices)?;
        let kept = features::useful(chosen.clone(), &people.source_row, &mut notices)?;
        let is_told = people.clusters.is_some();
        let copies = if is_told { None } else { Copies::find(&kept, &people) };
        // Of one person ten times over, every feature gives everything away.
        let once = copies.as_ref().map(|copies| people.only(&copies.first_units()));
        check_leaks(&kept, roles, once.as_ref().unwrap_or(&people))?;
        if let Some(copies) = copies {
            notices.push(copies.notice());
            people.clusters = Some(copies.person);
        }
        let digests: Vec<Digest> = chosen.par_iter().map(|column| digest(column)).collect();
        notices.extend(features::duplicate_notices(&chosen, &digests, &kept));
        notices.extend(features::row_number_notices(&kept, &people.source_row));

        let binner = Binner::fit(&kept, &people.source_row, &options.binner);
        notices.extend(features::hashing_notices(&binner));
        let binned =
            binner.bin_table(table, &people.source_row).map_err(|_| RoleError::NoFeatures)?;
        let (outcome, better) = (&people.outcome, roles.better);
        notices.extend(leaks::suspicious_features(&binned, &binner, outcome, better));
        let targets = (outcome.as_slice(), &people.treatment);
        notices.extend(nearly::nearly_told(&binned, &binner, targets, roles));
        Ok(Self {
            features: binned,
            binner,
            outcome: people.outcome,
            treatment: people.treatment,
            clusters: people.clusters,
            weights: people.weights,
            propensity: people.propensity,
            source_row: people.source_row,
            fingerprint: fingerprint_of(table, roles, &chosen, &digests),
            dropped: people.dropped,
            notices,
        })
    }
}

fn check_roles_differ(roles: &Roles) -> Result<(), RoleError> {
    let named = roles.named();
    for (i, &(first, name)) in named.iter().enumerate() {
        if let Some(&(second, _)) = named[i + 1..].iter().find(|(_, other)| *other == name) {
            return Err(RoleError::TwoRoles { column: name.to_owned(), first, second });
        }
    }
    Ok(())
}

/// Refuses features that are treatment or outcome under another name.
fn check_leaks(kept: &[&Column], roles: &Roles, people: &People) -> Result<(), RoleError> {
    let rows = &people.source_row;
    let arms = Classes::of_treatment(&people.treatment);
    let outcomes = Classes::of_values(&people.outcome);
    let is_given_away = |classes: &Option<Classes>, column: &Column| {
        classes.as_ref().is_some_and(|classes| classes.are_determined_by(&column.values, rows))
    };
    let judge = |column: &&Column| {
        let is_dose = match &people.treatment {
            Treatment::Arms(_) => false,
            Treatment::Dose(doses) => leaks::is_same_quantity(&column.values, rows, doses),
        };
        if is_dose || is_given_away(&arms, column) {
            let (column, treatment) = (column.name.clone(), roles.treatment.clone());
            return Some(RoleError::TreatmentInFeatures { column, treatment });
        }
        let is_outcome = is_given_away(&outcomes, column)
            || leaks::is_same_quantity(&column.values, rows, &people.outcome);
        is_outcome.then(|| {
            let (column, outcome) = (column.name.clone(), roles.outcome.clone());
            RoleError::OutcomeInFeatures { column, outcome }
        })
    };
    match kept.par_iter().filter_map(judge).collect::<Vec<_>>().into_iter().next() {
        None => Ok(()),
        Some(error) => Err(error),
    }
}

fn fingerprint_of(table: &Table, roles: &Roles, chosen: &[&Column], digests: &[Digest]) -> String {
    let named = roles.named();
    let role_columns = named
        .par_iter()
        .filter_map(|&(role, name)| table.column(name).map(|column| (role, name, digest(column))));
    let mut used: Vec<(&'static str, &str, Digest)> = role_columns.collect();
    let features = chosen.iter().zip(digests);
    used.extend(features.map(|(column, digest)| ("feature", column.name.as_str(), *digest)));
    fingerprint(table.n_rows(), used)
}
