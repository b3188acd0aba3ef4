//! Worlds in which a coin decides who is treated.

use yorisoi_data::{Arms, Treatment};

use crate::draws::column;
use crate::trial_stream::{TRIAL_FEATURES, trial_row};
use crate::world::{
    Truth, normal_column, numeric, sigmoid, two_arm_names, two_arm_world, with_noise,
};
use crate::{Size, World};

/// Noise features that [`high_dimensional`] adds to those of its size.
const MANY: usize = 95;

/// Returns a randomised trial with a rare binary outcome in which three units in ten are harmed.
///
/// # Formula
///
/// That of [`trial_row`]: base rate about 5 %, effects within ±0.024.
pub fn randomised_rare(size: Size) -> World {
    let n_features = TRIAL_FEATURES + size.n_noise;
    let mut features = vec![Vec::with_capacity(size.n_units); n_features];
    let mut x = vec![0.0; n_features];
    let mut rows = Vec::with_capacity(size.n_units);
    for row in 0..size.n_units {
        rows.push(trial_row(size.seed, row, &mut x));
        for (column, &value) in features.iter_mut().zip(&x) {
            column.push(value);
        }
    }
    World {
        features: features.into_iter().enumerate().map(|(k, x)| numeric(k, x)).collect(),
        treatment: Treatment::Arms(Arms {
            names: two_arm_names(),
            arm: rows.iter().map(|row| u8::from(row.treated)).collect(),
        }),
        outcome: rows.iter().map(|row| f64::from(u8::from(row.outcome))).collect(),
        tau: vec![rows.iter().map(|row| row.tau).collect()],
        propensity: vec![vec![0.5; size.n_units]; 2],
        mu0: rows.iter().map(|row| row.mu0).collect(),
        clusters: None,
        instrument: None,
    }
}

/// Returns a randomised trial of four arms against control, binary outcome, each arm helping others.
///
/// # Formula
///
/// ```text
/// x₀, ..., x₄ ~ N(0, 1);  μ₀ = σ(−1.2 + 0.5 x₀ − 0.4 x₂)
/// τ_mail   = 0.03 + 0.05 · 1{x₁ > 0}                    helps everyone a little
/// τ_call   = 0.12 tanh(x₀)                              helps half, harms half
/// τ_coupon = 0.10 · 1{x₂ > 0.5} − 0.02                  helps a third
/// τ_visit  = 0.15 σ(3 x₃) − 0.05                        helps two in three, more than the others
/// μ_k = clamp(μ₀ + τ_k, 0.002, 0.998);  W uniform on the five;  Y ~ Bernoulli(μ_W)
/// ```
pub fn several_arms(size: Size) -> World {
    let names = ["control", "mail", "call", "coupon", "visit"].map(str::to_owned).to_vec();
    let n_arms = names.len();
    let x: Vec<Vec<f64>> = (0..5).map(|number| normal_column(size, number)).collect();
    let mu0: Vec<f64> =
        (0..size.n_units).map(|row| sigmoid(-1.2 + 0.5 * x[0][row] - 0.4 * x[2][row])).collect();
    let intended = |arm: usize, row: usize| match arm {
        0 => 0.03 + 0.05 * f64::from(u8::from(x[1][row] > 0.0)),
        1 => 0.12 * x[0][row].tanh(),
        2 => 0.10 * f64::from(u8::from(x[2][row] > 0.5)) - 0.02,
        _ => 0.15 * sigmoid(3.0 * x[3][row]) - 0.05,
    };
    let tau: Vec<Vec<f64>> = (0..n_arms - 1)
        .map(|arm| {
            let effect =
                |row: usize| (mu0[row] + intended(arm, row)).clamp(0.002, 0.998) - mu0[row];
            (0..size.n_units).map(effect).collect()
        })
        .collect();
    let (treat, noise) = (size.draws(column::TREATMENT), size.draws(column::OUTCOME));
    let arm: Vec<u8> = (0..size.n_units).map(|row| treat.choice(row, n_arms) as u8).collect();
    let y = (0..size.n_units).map(|row| {
        let lift = usize::from(arm[row]).checked_sub(1).map_or(0.0, |k| tau[k][row]);
        f64::from(u8::from(noise.happens(row, mu0[row] + lift)))
    });
    World {
        outcome: y.collect(),
        features: with_noise(x, size),
        treatment: Treatment::Arms(Arms { names, arm }),
        propensity: vec![vec![1.0 / n_arms as f64; size.n_units]; n_arms],
        tau,
        mu0,
        clusters: None,
        instrument: None,
    }
}

/// Returns a confounded world in which help changes nothing for anyone: whatever is found is noise.
///
/// # Formula
///
/// ```text
/// x₀, x₁, x₂ ~ N(0, 1);  e = σ(0.8 x₀);  Y = x₀ + 0.5 x₁² + N(0, 1);  τ = 0
/// ```
pub fn no_effect(size: Size) -> World {
    constant_effect(size, 0.0)
}

/// Returns the world of [`no_effect`] with the same effect for everyone: an average, but no ranking.
///
/// # Formula
///
/// ```text
/// x₀, x₁, x₂ ~ N(0, 1);  e = σ(0.8 x₀);  Y = x₀ + 0.5 x₁² + τ W + N(0, 1)
/// ```
pub fn constant_effect(size: Size, tau: f64) -> World {
    let x: Vec<Vec<f64>> = (0..3).map(|number| normal_column(size, number)).collect();
    let truth = Truth {
        mu0: x[0].iter().zip(&x[1]).map(|(a, b)| a + 0.5 * b * b).collect(),
        tau: vec![tau; size.n_units],
        e: x[0].iter().map(|a| sigmoid(0.8 * a)).collect(),
    };
    two_arm_world(with_noise(x, size), truth, size)
}

/// Returns a randomised trial on revenue: most spend nothing, a few spend very much.
///
/// # Formula
///
/// ```text
/// x₀, x₁, x₂ ~ N(0, 1)
/// p₀ = σ(−2 + 0.5 x₀),  p₁ = σ(−2 + 0.5 x₀ + 0.5 tanh x₁)          who buys
/// A  = s · (1 − U)^(−0.4),  s = 20 e^{0.2 x₂},  E[A] = s / 0.6         how much: Pareto, shape 2.5
/// Y  = 1{buys} · A,  μ_w = p_w · s / 0.6,  τ = μ₁ − μ₀
/// ```
///
/// The variance of `A` is finite, its third moment is not.
pub fn heavy_tailed_revenue(size: Size) -> World {
    let x: Vec<Vec<f64>> = (0..3).map(|number| normal_column(size, number)).collect();
    let buys = |row: usize, treated: bool| {
        let lift = if treated { 0.5 * x[1][row].tanh() } else { 0.0 };
        sigmoid(-2.0 + 0.5 * x[0][row] + lift)
    };
    let scale = |row: usize| 20.0 * (0.2 * x[2][row]).exp();
    let mean = |row: usize, treated: bool| buys(row, treated) * scale(row) / 0.6;
    let (treat, noise, amount) =
        (size.draws(column::TREATMENT), size.draws(column::OUTCOME), size.draws(column::AMOUNT));
    let rows = 0..size.n_units;
    let treated: Vec<bool> = rows.clone().map(|row| treat.happens(row, 0.5)).collect();
    let y = rows.clone().map(|row| {
        let pays = noise.happens(row, buys(row, treated[row]));
        if pays { scale(row) * (1.0 - amount.uniform(row)).powf(-0.4) } else { 0.0 }
    });
    World {
        outcome: y.collect(),
        treatment: Treatment::Arms(Arms {
            names: two_arm_names(),
            arm: treated.iter().copied().map(u8::from).collect(),
        }),
        tau: vec![rows.clone().map(|row| mean(row, true) - mean(row, false)).collect()],
        propensity: vec![vec![0.5; size.n_units]; 2],
        mu0: rows.map(|row| mean(row, false)).collect(),
        features: with_noise(x, size),
        clusters: None,
        instrument: None,
    }
}

/// Returns a randomised trial whose effect hides among a hundred features: 95 more of noise than the
/// size asks for.
///
/// # Formula
///
/// ```text
/// x₀, ..., x₄ ~ N(0, 1);  μ₀ = x₁ + 0.5 x₂;  τ = max(x₀, 0) + 0.5 · 1{x₃ > 0};  e = 1/2;
/// Y = μ₀ + τ W + N(0, 1)
/// ```
pub fn high_dimensional(size: Size) -> World {
    let x: Vec<Vec<f64>> = (0..5).map(|number| normal_column(size, number)).collect();
    let effect = |row: usize| x[0][row].max(0.0) + 0.5 * f64::from(u8::from(x[3][row] > 0.0));
    let truth = Truth {
        mu0: (0..size.n_units).map(|row| x[1][row] + 0.5 * x[2][row]).collect(),
        tau: (0..size.n_units).map(effect).collect(),
        e: vec![0.5; size.n_units],
    };
    let size = size.with_noise(size.n_noise + MANY);
    two_arm_world(with_noise(x, size), truth, size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_in_ten_are_harmed_and_one_in_twenty_responds() {
        /// Units behind the shares.
        const N_UNITS: usize = 100_000;
        let world = randomised_rare(Size::new(N_UNITS, 4));
        let harmed = world.tau[0].iter().filter(|&&tau| tau < 0.0).count() as f64 / N_UNITS as f64;
        let base = world.mu0.iter().sum::<f64>() / N_UNITS as f64;
        // Five standard errors of a share of .3 are .0072; the shift itself is rounded to 1e-4.
        assert!((harmed - 0.30).abs() < 0.01, "share harmed {harmed}");
        assert!((base - 0.05).abs() < 0.01, "base rate {base}");
    }

    #[test]
    fn a_constant_effect_is_the_same_for_everyone() {
        let world = constant_effect(Size::new(100, 4), 0.7);
        assert!(world.tau[0].iter().all(|&tau| (tau - 0.7).abs() < f64::EPSILON));
    }

    #[test]
    fn the_high_dimensional_world_has_a_hundred_features_and_more() {
        let world = high_dimensional(Size::new(10, 4));
        assert_eq!(world.features.len(), 105);
        assert_eq!(world.features[104].name, "x104");
    }
}
