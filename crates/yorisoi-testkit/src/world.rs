//! What is known of a world: the table an analyst would see, and the truth nobody sees.

use std::collections::HashMap;

use yorisoi_data::{Arms, Column, MISSING_CODE, Table, Treatment, Values};

use crate::Draws;
use crate::draws::column;

/// How large a world is and which of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Units.
    pub n_units: usize,
    /// Features without any meaning, standard normal, added after the meaningful ones.
    pub n_noise: usize,
    /// Seed; the same seed gives the same world.
    pub seed: u64,
}

impl Size {
    /// Returns a size with five noise features.
    pub fn new(n_units: usize, seed: u64) -> Self {
        Self { n_units, n_noise: 5, seed }
    }

    /// Returns the same size with another number of noise features.
    #[must_use]
    pub fn with_noise(self, n_noise: usize) -> Self {
        Self { n_noise, ..self }
    }

    pub(crate) fn draws(self, column: u64) -> Draws {
        Draws::new(self.seed, column)
    }
}

/// A table of past contacts with its truth. All inner vectors have one entry a unit.
#[derive(Debug, Clone, PartialEq)]
pub struct World {
    /// Features: numbers (missing is NaN) and categories.
    pub features: Vec<Column>,
    /// Who got what.
    pub treatment: Treatment,
    /// The outcome seen.
    pub outcome: Vec<f64>,
    /// `tau[k][unit]`: true effect of the `k`-th non-control arm against control given the features,
    /// unit of the outcome. For a dose, one entry: the effect of one more unit of dose.
    pub tau: Vec<Vec<f64>>,
    /// `propensity[k][unit] = P[W = k | X]`, control first, summing to 1. For a dose, one entry:
    /// `E[W | X]`.
    pub propensity: Vec<Vec<f64>>,
    /// `E[Y(control) | X]` (dose 0).
    pub mu0: Vec<f64>,
    /// Household of each unit, dense from 0, where units come in households.
    pub clusters: Option<Vec<u32>>,
    /// The instrument, where there is one.
    pub instrument: Option<Vec<f64>>,
}

impl World {
    /// Name of the treatment column of [`to_table`].
    pub const TREATMENT: &'static str = "arm";
    /// Name of the outcome column of [`to_table`].
    pub const OUTCOME: &'static str = "outcome";
    /// Name of the cluster column of [`to_table`].
    pub const CLUSTER: &'static str = "household";
    /// Name of the instrument column of [`to_table`].
    pub const INSTRUMENT: &'static str = "instrument";

    /// Returns the number of units.
    pub fn n_units(&self) -> usize {
        self.outcome.len()
    }

    /// Returns the names of the non-control arms; `dose` where the treatment is an amount.
    pub fn treated_arms(&self) -> Vec<String> {
        match &self.treatment {
            Treatment::Arms(arms) => arms.names[1..].to_vec(),
            Treatment::Dose(_) => vec!["dose".to_owned()],
        }
    }

    /// Returns `E[Y | X]`, what a perfect marginal outcome model would predict.
    pub fn marginal_outcome(&self) -> Vec<f64> {
        let is_dose = matches!(self.treatment, Treatment::Dose(_));
        let at = |unit: usize| {
            let lifts =
                self.tau.iter().enumerate().map(|(k, tau)| {
                    tau[unit] * self.propensity[if is_dose { k } else { k + 1 }][unit]
                });
            self.mu0[unit] + lifts.sum::<f64>()
        };
        (0..self.n_units()).map(at).collect()
    }
}

/// Returns the table an analyst would see: features, `arm`, `outcome`, and `household` and
/// `instrument` where the world has them.
///
/// Arms are text, a dose is a number. Categories keep the promise of [`Values::Category`]: levels in
/// order of first appearance.
///
/// # Panics
///
/// If the world's columns differ in length, which no generator of this crate produces.
pub fn to_table(world: &World) -> Table {
    let number = |name: &str, values: Vec<f64>| Column {
        name: name.to_owned(),
        values: Values::Numeric(values),
    };
    let mut columns = world.features.clone();
    columns.push(match &world.treatment {
        Treatment::Dose(dose) => number(World::TREATMENT, dose.clone()),
        Treatment::Arms(arms) => category(
            World::TREATMENT,
            arms.arm.iter().map(|&arm| Some(usize::from(arm))),
            &arms.names,
        ),
    });
    columns.push(number(World::OUTCOME, world.outcome.clone()));
    if let Some(clusters) = &world.clusters {
        columns.push(number(World::CLUSTER, clusters.iter().copied().map(f64::from).collect()));
    }
    if let Some(instrument) = &world.instrument {
        columns.push(number(World::INSTRUMENT, instrument.clone()));
    }
    Table::new(columns).expect("a world's columns have one length and distinct names")
}

/// Returns the truth as a table: `mu0`, `tau_<arm>` and `propensity_<arm>`.
///
/// # Panics
///
/// If the world's columns differ in length, which no generator of this crate produces.
pub fn truth_table(world: &World) -> Table {
    let number =
        |name: String, values: &[f64]| Column { name, values: Values::Numeric(values.to_vec()) };
    let arm_names = match &world.treatment {
        Treatment::Arms(arms) => arms.names.clone(),
        Treatment::Dose(_) => vec!["dose".to_owned()],
    };
    let taus = world.treated_arms().into_iter().zip(&world.tau);
    let propensities = arm_names.into_iter().zip(&world.propensity);
    let columns = std::iter::once(number("mu0".to_owned(), &world.mu0))
        .chain(taus.map(|(arm, tau)| number(format!("tau_{arm}"), tau)))
        .chain(propensities.map(|(arm, e)| number(format!("propensity_{arm}"), e)));
    Table::new(columns.collect()).expect("a world's columns have one length and distinct names")
}

/// Returns a category column; `None` is missing. Levels are renumbered by first appearance.
pub(crate) fn category(
    name: &str,
    entries: impl Iterator<Item = Option<usize>>,
    texts: &[String],
) -> Column {
    let mut code_of = HashMap::new();
    let mut levels = Vec::new();
    let codes = entries
        .map(|entry| {
            let Some(level) = entry else { return MISSING_CODE };
            *code_of.entry(level).or_insert_with(|| {
                levels.push(texts[level].clone());
                levels.len() as u32 - 1
            })
        })
        .collect();
    Column { name: name.to_owned(), values: Values::Category { codes, levels } }
}

/// Returns the column `x<number>`.
pub(crate) fn numeric(number: usize, values: Vec<f64>) -> Column {
    Column { name: format!("x{number}"), values: Values::Numeric(values) }
}

/// Returns meaningful columns followed by the noise columns of this size.
pub(crate) fn with_noise(meaningful: Vec<Vec<f64>>, size: Size) -> Vec<Column> {
    let first_noise = meaningful.len();
    let noise = (first_noise..first_noise + size.n_noise).map(|number| {
        let draws = size.draws(number as u64);
        (0..size.n_units).map(|row| draws.normal(row)).collect()
    });
    meaningful
        .into_iter()
        .chain(noise)
        .enumerate()
        .map(|(number, values)| numeric(number, values))
        .collect()
}

/// Returns `n_units` standard normal draws of one feature column.
pub(crate) fn normal_column(size: Size, number: u64) -> Vec<f64> {
    let draws = size.draws(number);
    (0..size.n_units).map(|row| draws.normal(row)).collect()
}

/// The truth of a world with one treated arm, before anyone is treated.
pub(crate) struct Truth {
    pub(crate) mu0: Vec<f64>,
    pub(crate) tau: Vec<f64>,
    /// `P[W = 1 | X]`.
    pub(crate) e: Vec<f64>,
}

/// Treats each unit by a coin of its own and draws outcomes around `mu0 + w · tau`.
pub(crate) fn two_arm_world(features: Vec<Column>, truth: Truth, size: Size) -> World {
    let treat = size.draws(column::TREATMENT);
    let arm = (0..size.n_units).map(|row| u8::from(treat.happens(row, truth.e[row]))).collect();
    treated_world(features, truth, arm, size)
}

/// Draws `Y = mu0 + w · tau + N(0, 1)` for units whose arms are settled.
pub(crate) fn treated_world(
    features: Vec<Column>,
    truth: Truth,
    arm: Vec<u8>,
    size: Size,
) -> World {
    let noise = size.draws(column::OUTCOME);
    let y = |row: usize| truth.mu0[row] + f64::from(arm[row]) * truth.tau[row] + noise.normal(row);
    World {
        outcome: (0..size.n_units).map(y).collect(),
        features,
        treatment: Treatment::Arms(Arms { names: two_arm_names(), arm }),
        propensity: vec![truth.e.iter().map(|e| 1.0 - e).collect(), truth.e],
        tau: vec![truth.tau],
        mu0: truth.mu0,
        clusters: None,
        instrument: None,
    }
}

pub(crate) fn two_arm_names() -> Vec<String> {
    vec!["control".to_owned(), "offer".to_owned()]
}

pub(crate) fn sigmoid(z: f64) -> f64 {
    1.0 / (1.0 + (-z).exp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{WorldKind, randomised_rare};

    #[test]
    fn every_world_has_complete_columns_and_distinct_names() {
        for kind in WorldKind::ALL {
            let world = kind.generate(Size::new(500, 3));
            let table = to_table(&world);
            assert_eq!(table.n_rows(), 500, "{kind}");
            assert_eq!(truth_table(&world).n_rows(), 500, "{kind}");
            assert!(world.outcome.iter().all(|y| y.is_finite()), "{kind}");
            assert!(world.tau.iter().flatten().all(|tau| tau.is_finite()), "{kind}");
        }
    }

    #[test]
    fn propensities_are_probabilities_that_sum_to_one() {
        /// A sum of at most five probabilities, each rounded to half a unit in the last place.
        const ROUNDING: f64 = 1e-12;
        for kind in WorldKind::ALL {
            let world = kind.generate(Size::new(500, 3));
            if matches!(world.treatment, Treatment::Dose(_)) {
                continue;
            }
            for unit in 0..500 {
                let sum: f64 = world.propensity.iter().map(|e| e[unit]).sum();
                assert!((sum - 1.0).abs() < ROUNDING, "{kind} unit {unit}: {sum}");
                assert!(world.propensity.iter().all(|e| e[unit] > 0.0 && e[unit] < 1.0), "{kind}");
            }
        }
    }

    #[test]
    fn a_longer_world_begins_with_the_shorter_one() {
        let (short, long) = (randomised_rare(Size::new(50, 9)), randomised_rare(Size::new(80, 9)));
        assert_eq!(short.outcome, long.outcome[..50]);
        assert_eq!(short.tau[0], long.tau[0][..50]);
    }

    #[test]
    fn levels_are_in_order_of_first_appearance() {
        let texts: Vec<String> = ["a", "b", "c"].map(str::to_owned).to_vec();
        let column = category("city", [Some(2), None, Some(0), Some(2)].into_iter(), &texts);
        let Values::Category { codes, levels } = column.values else { panic!("a category column") };
        assert_eq!(codes, [0, MISSING_CODE, 1, 0]);
        assert_eq!(levels, ["c", "a"]);
    }

    /// Weighting outcomes by the inverse of the true propensity recovers the mean true effect.
    #[test]
    fn inverse_propensity_weighting_recovers_the_average_effect_of_every_arm() {
        /// Units a world.
        const N_UNITS: usize = 40_000;
        for kind in WorldKind::ALL {
            let world = kind.generate(Size::new(N_UNITS, 17));
            let Treatment::Arms(arms) = &world.treatment else { continue };
            // With an instrument the treatment is confounded by something hidden, on purpose.
            if world.instrument.is_some() {
                continue;
            }
            for (k, tau) in world.tau.iter().enumerate() {
                let term = |unit: usize| {
                    let share = |arm: usize| {
                        f64::from(u8::from(usize::from(arms.arm[unit]) == arm))
                            / world.propensity[arm][unit]
                    };
                    world.outcome[unit] * (share(k + 1) - share(0)) - tau[unit]
                };
                let terms: Vec<f64> = (0..N_UNITS).map(term).collect();
                let mean = terms.iter().sum::<f64>() / N_UNITS as f64;
                let variance =
                    terms.iter().map(|t| (t - mean).powi(2)).sum::<f64>() / N_UNITS as f64;
                let std_error = (variance / N_UNITS as f64).sqrt();
                // Households treat and disturb whole clusters of up to five: at most √5 wider.
                let clustering = if world.clusters.is_some() { 5.0_f64.sqrt() } else { 1.0 };
                let bound = 4.5 * std_error * clustering;
                assert!(mean.abs() < bound, "{kind} arm {k}: {mean} ± {std_error}");
            }
        }
    }
}
