//! Worlds whose rows are not plain independent numbers: households, categories, missing entries.

use crate::draws::column;
use crate::world::{
    Truth, category, normal_column, numeric, treated_world, two_arm_world, with_noise,
};
use crate::{Size, World};

/// Levels of the category in [`category_effect`].
const N_CITIES: usize = 30;

/// Returns households of one to five people that are treated, and disturbed, together.
///
/// # Formula
///
/// ```text
/// household h of unit i;  x₀ ~ N(0, 1) by household;  x₁, x₂ ~ N(0, 1) by unit
/// μ₀ = x₀ + 0.5 x₁;  τ = 0.5 + 0.5 x₀;  W ~ Bernoulli(1/2) by household
/// Y = μ₀ + τ W + u_h + N(0, 1),  u_h ~ N(0, 1) by household
/// ```
///
/// Standard errors that take the rows for independent are too small here.
pub fn households(size: Size) -> World {
    let household = household_of_units(size);
    let by_household = |column: u64| -> Vec<f64> {
        let draws = size.draws(column);
        household.iter().map(|&id| draws.normal(id as usize)).collect()
    };
    let x = vec![by_household(0), normal_column(size, 1), normal_column(size, 2)];
    let shared_noise = by_household(column::HIDDEN);
    let truth = Truth {
        mu0: x[0].iter().zip(&x[1]).map(|(a, b)| a + 0.5 * b).collect(),
        tau: x[0].iter().map(|a| 0.5 + 0.5 * a).collect(),
        e: vec![0.5; size.n_units],
    };
    let treat = size.draws(column::TREATMENT);
    let arm = household.iter().map(|&id| u8::from(treat.happens(id as usize, 0.5))).collect();
    let mut world = treated_world(with_noise(x, size), truth, arm, size);
    for (y, noise) in world.outcome.iter_mut().zip(&shared_noise) {
        *y += noise;
    }
    world.clusters = Some(household);
    world
}

/// Households of one to five people, ids dense from 0, members next to one another.
fn household_of_units(size: Size) -> Vec<u32> {
    let sizes = size.draws(column::HOUSEHOLD);
    let mut household = Vec::with_capacity(size.n_units);
    for id in 0.. {
        let members = (1 + sizes.choice(id, 5)).min(size.n_units - household.len());
        household.extend(std::iter::repeat_n(id as u32, members));
        if household.len() == size.n_units {
            break;
        }
    }
    household
}

/// Returns a randomised trial whose effect depends on a category alone, in no order of its levels.
///
/// # Formula
///
/// ```text
/// city uniform on 30 levels, listed as `city`;  x₀, x₁ ~ N(0, 1)
/// τ = 1 if (7 · city mod 30) < 10, else −0.25;   μ₀ = x₀;   e = 1/2;   Y = μ₀ + τ W + N(0, 1)
/// ```
pub fn category_effect(size: Size) -> World {
    let cities = size.draws(column::HIDDEN);
    let city: Vec<usize> = (0..size.n_units).map(|row| cities.choice(row, N_CITIES)).collect();
    let texts: Vec<String> = (0..N_CITIES).map(|city| format!("city {city:02}")).collect();
    let x = vec![normal_column(size, 0), normal_column(size, 1)];
    let truth = Truth {
        mu0: x[0].clone(),
        tau: city.iter().map(|c| if 7 * c % N_CITIES < 10 { 1.0 } else { -0.25 }).collect(),
        e: vec![0.5; size.n_units],
    };
    let mut features = with_noise(x, size);
    features.push(category("city", city.into_iter().map(Some), &texts));
    two_arm_world(features, truth, size)
}

/// Returns a confounded world in which *that* a value is missing says what help will do.
///
/// # Formula
///
/// ```text
/// m ~ Bernoulli(0.3);  x₀ ~ N(0, 1), missing where m = 1;  x₁ ~ N(0, 1);  x₂ ~ N(0, 1), missing at random in 10 %
/// plan ∈ {basic, plus}, uniform, missing where m = 1 and x₁ > 0
/// τ = 1 if m = 1 else 0.2 x₀;   μ₀ = x₁;   e = 0.7 if m = 1 else 0.4;   Y = μ₀ + τ W + N(0, 1)
/// ```
///
/// Filling gaps with means hides the effect; dropping rows with gaps drops the people it helps most.
pub fn signal_in_missingness(size: Size) -> World {
    let (gap, coin) = (size.draws(column::MISSING), size.draws(column::HIDDEN));
    let rows = 0..size.n_units;
    let missing: Vec<bool> = rows.clone().map(|row| gap.happens(row, 0.3)).collect();
    let (latent, x1, x2) = (normal_column(size, 0), normal_column(size, 1), normal_column(size, 2));
    let at_random = size.draws(column::MISSING + (1 << 32));
    let truth = Truth {
        mu0: x1.clone(),
        tau: rows.clone().map(|row| if missing[row] { 1.0 } else { 0.2 * latent[row] }).collect(),
        e: missing.iter().map(|&m| if m { 0.7 } else { 0.4 }).collect(),
    };
    let plans = rows.clone().map(|row| {
        let is_known = !(missing[row] && x1[row] > 0.0);
        is_known.then(|| coin.choice(row, 2))
    });
    let plan = category("plan", plans, &["basic".to_owned(), "plus".to_owned()]);
    let punch = |x: &[f64], is_gap: &dyn Fn(usize) -> bool| -> Vec<f64> {
        x.iter().enumerate().map(|(row, &v)| if is_gap(row) { f64::NAN } else { v }).collect()
    };
    let mut features = vec![
        numeric(0, punch(&latent, &|row| missing[row])),
        numeric(1, x1),
        numeric(2, punch(&x2, &|row| at_random.happens(row, 0.1))),
    ];
    let noise = (3..3 + size.n_noise).map(|k| numeric(k, normal_column(size, k as u64)));
    features.extend(noise);
    features.push(plan);
    two_arm_world(features, truth, size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use yorisoi_data::{Treatment, Values};

    #[test]
    fn a_household_shares_its_arm_and_its_first_feature() {
        let world = households(Size::new(1_000, 8));
        let (Some(household), Treatment::Arms(arms)) = (&world.clusters, &world.treatment) else {
            panic!("households with two arms");
        };
        let Values::Numeric(x0) = &world.features[0].values else { panic!("numbers") };
        for unit in 1..world.n_units() {
            assert!(household[unit] - household[unit - 1] <= 1, "ids are dense");
            if household[unit] == household[unit - 1] {
                assert_eq!(arms.arm[unit], arms.arm[unit - 1]);
                assert_eq!(x0[unit].to_bits(), x0[unit - 1].to_bits());
            }
        }
    }

    #[test]
    fn a_missing_entry_marks_those_whom_help_helps() {
        let world = signal_in_missingness(Size::new(2_000, 8));
        let Values::Numeric(x0) = &world.features[0].values else { panic!("numbers") };
        for (x, tau) in x0.iter().zip(&world.tau[0]) {
            assert_eq!(x.is_nan(), (*tau - 1.0).abs() < f64::EPSILON);
        }
    }

    #[test]
    fn ten_of_thirty_cities_are_helped() {
        let helped = (0..N_CITIES).filter(|city| 7 * city % N_CITIES < 10).count();
        assert_eq!(helped, 10);
    }
}
