//! Who are those whom help helps most, and those it helps least, in the features' own words?

use rayon::prelude::*;
use yorisoi_data::{Column, MISSING_CODE, Table, Values, centre_and_spread};

use crate::summary::{Profile, Words};

/// Share of the rows in each of the two groups.
const GROUP_SHARE: f64 = 0.2;

/// Features named a group, the most telling ones.
const MAX_FEATURES: usize = 8;

/// Differences below this many standard deviations are not worth a sentence.
const MIN_DIFFERENCE: f64 = 0.05;

/// Levels of a category that are looked at.
const MAX_LEVELS: usize = 1_000;

/// Returns how the fifth with the highest and the fifth with the lowest effects differ from everyone.
///
/// `tau_hat` has one entry a unit, `source_row` says where in the table the unit stands.
pub(crate) fn profiles(
    arm: &str,
    tau_hat: &[f64],
    source_row: &[u32],
    table: &Table,
    features: &[String],
) -> Vec<Profile> {
    let is_known = |unit: &u32| tau_hat[*unit as usize].is_finite();
    let mut order: Vec<u32> = (0..tau_hat.len() as u32).filter(is_known).collect();
    order.sort_unstable_by(|&a, &b| {
        tau_hat[b as usize].total_cmp(&tau_hat[a as usize]).then(a.cmp(&b))
    });
    let n_group = (order.len() as f64 * GROUP_SHARE) as usize;
    // Alike effects rank nobody: the fifths would be an accident of the file's order.
    let is_flat = order.first().zip(order.last()).is_none_or(|(&first, &last)| {
        tau_hat[first as usize] - tau_hat[last as usize] <= f64::EPSILON
    });
    if n_group == 0 || is_flat {
        return Vec::new();
    }
    let to_rows = |units: &[u32]| -> Vec<u32> {
        units.iter().map(|&unit| source_row[unit as usize]).collect()
    };
    let helped = to_rows(&order[..n_group]);
    let harmed = to_rows(&order[order.len() - n_group..]);
    [("helped", helped), ("harmed", harmed)]
        .into_iter()
        .flat_map(|(group, rows)| profile((arm, group), (&rows, source_row), table, features))
        .collect()
}

fn profile(
    (arm, group): (&str, &str),
    (rows, everyone): (&[u32], &[u32]),
    table: &Table,
    features: &[String],
) -> Vec<Profile> {
    let mut told: Vec<(f64, Words, &String)> = features
        .par_iter()
        .filter_map(|feature| {
            let column = table.column(feature)?;
            let (difference, words) = difference(column, rows, everyone)?;
            Some((difference, words, feature))
        })
        .filter(|(difference, ..)| difference.abs() >= MIN_DIFFERENCE)
        .collect();
    told.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
    told.truncate(MAX_FEATURES);
    let to_profile = |(difference, words, feature): (f64, Words, &String)| Profile {
        arm: arm.to_owned(),
        group: group.to_owned(),
        feature: feature.clone(),
        words,
        difference,
    };
    told.into_iter().map(to_profile).collect()
}

/// Returns the standardised difference between the group and everyone, and how to say it.
fn difference(column: &Column, group: &[u32], everyone: &[u32]) -> Option<(f64, Words)> {
    match &column.values {
        Values::Numeric(values) => numeric_difference(&column.name, values, group, everyone),
        Values::Category { codes, levels } => {
            level_difference(&column.name, codes, levels, group, everyone)
        }
    }
}

fn numeric_difference(
    name: &str,
    values: &[f64],
    group: &[u32],
    everyone: &[u32],
) -> Option<(f64, Words)> {
    let present = |rows: &[u32]| -> Vec<f64> {
        rows.iter().map(|&row| values[row as usize]).filter(|value| value.is_finite()).collect()
    };
    let (group, everyone) = (present(group), present(everyone));
    if group.is_empty() {
        return None;
    }
    // A profile describes the rows themselves, whatever they weigh.
    let alike = |values: &[f64]| centre_and_spread(values.iter().map(|&value| (value, 1.0)));
    let (here, of_all) = (alike(&group).centre, alike(&everyone));
    let (all, deviation) = (of_all.centre, of_all.spread());
    if deviation <= 0.0 {
        return None;
    }
    let is_indicator = everyone.iter().all(|value| [0.0, 1.0].contains(value));
    let words = if is_indicator {
        share_words(&format!("{name} = 1"), here, all)
    } else {
        against(name, &plain(here, deviation), &plain(all, deviation))
    };
    Some(((here - all) / deviation, words))
}

fn level_difference(
    name: &str,
    codes: &[u32],
    levels: &[String],
    group: &[u32],
    everyone: &[u32],
) -> Option<(f64, Words)> {
    let n_levels = levels.len().min(MAX_LEVELS);
    let (here, all) = (shares(codes, n_levels, group)?, shares(codes, n_levels, everyone)?);
    let standardised = |level: usize| {
        let deviation = (all[level] * (1.0 - all[level])).sqrt();
        if deviation > 0.0 { (here[level] - all[level]) / deviation } else { 0.0 }
    };
    let level = (0..n_levels)
        .max_by(|&a, &b| standardised(a).abs().total_cmp(&standardised(b).abs()).then(b.cmp(&a)))?;
    let words = share_words(&format!("{name} = {}", levels[level]), here[level], all[level]);
    Some((standardised(level), words))
}

fn shares(codes: &[u32], n_levels: usize, rows: &[u32]) -> Option<Vec<f64>> {
    let mut counts = vec![0.0; n_levels];
    let mut n_present = 0.0;
    for &row in rows {
        let code = codes[row as usize];
        if code != MISSING_CODE {
            n_present += 1.0;
            if let Some(count) = counts.get_mut(code as usize) {
                *count += 1.0;
            }
        }
    }
    (n_present > 0.0).then(|| counts.into_iter().map(|count| count / n_present).collect())
}

fn share_words(what: &str, here: f64, all: f64) -> Words {
    let percent = |share: f64| format!("{:.0} %", 100.0 * share);
    against(&format!("{what}:"), &percent(here), &percent(all))
}

fn against(what: &str, here: &str, all: &str) -> Words {
    Words {
        en: format!("{what} {here} against {all}"),
        ja: format!("{what} {here}（全体は {all}）"),
    }
}

/// Returns a number with as many digits as the feature's spread makes meaningful.
fn plain(value: f64, deviation: f64) -> String {
    let decimals = (1.0 - libm::log10(deviation).floor()).clamp(0.0, 6.0) as usize;
    let written = format!("{:.decimals$}", value.abs());
    let is_zero = written.chars().all(|digit| matches!(digit, '0' | '.'));
    if value < 0.0 && !is_zero { format!("−{written}") } else { written }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let age = (0..100).map(|row| 20.0 + f64::from(row)).collect();
        let city = (0..100).map(|row| u32::from(row >= 80)).collect();
        Table::new(vec![
            Column { name: "age".into(), values: Values::Numeric(age) },
            Column {
                name: "city".into(),
                values: Values::Category {
                    codes: city,
                    levels: vec!["Nara".into(), "Osaka".into()],
                },
            },
            Column { name: "same".into(), values: Values::Numeric(vec![3.0; 100]) },
        ])
        .unwrap()
    }

    fn rows() -> Vec<u32> {
        (0..100).collect()
    }

    #[test]
    fn the_helped_are_told_by_age_and_city() {
        let tau: Vec<f64> = (0..100).map(f64::from).collect();
        let features = ["age".to_owned(), "city".to_owned(), "same".to_owned()];
        let profiles = profiles("mail", &tau, &rows(), &table(), &features);
        let said: Vec<&str> = profiles
            .iter()
            .filter(|profile| profile.group == "helped")
            .map(|profile| profile.words.en.as_str())
            .collect();
        // A tie in size goes by the stable sort to the level that came first.
        assert_eq!(said, ["city = Nara: 0 % against 80 %", "age 110 against 70"]);
        assert!(profiles.iter().all(|profile| profile.feature != "same"));
    }

    #[test]
    fn numbers_below_zero_have_a_real_minus_and_zero_has_none() {
        assert_eq!(
            [plain(-1.25, 1.0), plain(-0.04, 1.0), plain(0.04, 1.0)],
            ["−1.2", "0.0", "0.0"]
        );
    }

    #[test]
    fn alike_effects_have_no_profile() {
        assert!(profiles("mail", &[0.1; 100], &rows(), &table(), &["age".to_owned()]).is_empty());
    }
}
