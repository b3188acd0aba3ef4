//! Worlds in which who is treated depends on what else drives the outcome.

use crate::world::{Truth, normal_column, sigmoid, two_arm_world, with_noise};
use crate::{Size, World};

/// The four simulation set-ups of Nie & Wager (2021), section 6.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NieWager {
    /// Hard nuisances, an easy effect.
    A,
    /// A randomised trial.
    B,
    /// Easy propensity, hard baseline, a constant effect.
    C,
    /// Treated and control have nothing in common: the effect is a difference of two surfaces.
    D,
}

/// Returns one of the four set-ups with unit noise.
///
/// # Formula
///
/// ```text
/// Y = b(X) + (W − 1/2) τ(X) + N(0, 1),   so μ₀ = b − τ/2
///
/// A  X ~ U(0,1)⁵   e = clamp(sin(π x₀ x₁), 0.1, 0.9)    b = sin(π x₀ x₁) + 2 (x₂ − 0.5)² + x₃ + x₄/2
///                  τ = (x₀ + x₁) / 2
/// B  X ~ N(0,1)⁵   e = 1/2                               b = max(x₀ + x₁, x₂, 0) + max(x₃ + x₄, 0)
///                  τ = x₀ + ln(1 + e^{x₁})
/// C  X ~ N(0,1)⁵   e = 1 / (1 + e^{x₁ + x₂})              b = 2 ln(1 + e^{x₀ + x₁ + x₂})
///                  τ = 1
/// D  X ~ N(0,1)⁵   e = 1 / (1 + e^{−x₀} + e^{−x₁})        b = (max(x₀ + x₁ + x₂, 0) + max(x₃ + x₄, 0)) / 2
///                  τ = max(x₀ + x₁ + x₂, 0) − max(x₃ + x₄, 0)
/// ```
///
/// # Assumptions
///
/// C and D have propensities close to 0 and 1 for a few units, as in the paper.
///
/// # Source
///
/// Nie & Wager (2021), "Quasi-oracle estimation of heterogeneous treatment effects", *Biometrika*
/// 108(2), section 6; features are counted from 0 here.
pub fn confounded(setup: NieWager, size: Size) -> World {
    let x: Vec<Vec<f64>> = (0..5)
        .map(|number| match setup {
            NieWager::A => {
                let draws = size.draws(number);
                (0..size.n_units).map(|row| draws.uniform(row)).collect()
            }
            _ => normal_column(size, number),
        })
        .collect();
    let at = |row: usize| surfaces(setup, std::array::from_fn(|k| x[k][row]));
    let surfaces: Vec<Surfaces> = (0..size.n_units).map(at).collect();
    let truth = Truth {
        mu0: surfaces.iter().map(|s| s.b - 0.5 * s.tau).collect(),
        tau: surfaces.iter().map(|s| s.tau).collect(),
        e: surfaces.iter().map(|s| s.e).collect(),
    };
    two_arm_world(with_noise(x, size), truth, size)
}

struct Surfaces {
    e: f64,
    b: f64,
    tau: f64,
}

fn surfaces(setup: NieWager, x: [f64; 5]) -> Surfaces {
    let softplus = |z: f64| z.exp().ln_1p();
    match setup {
        NieWager::A => {
            let wave = (std::f64::consts::PI * x[0] * x[1]).sin();
            Surfaces {
                e: wave.clamp(0.1, 0.9),
                b: wave + 2.0 * (x[2] - 0.5).powi(2) + x[3] + 0.5 * x[4],
                tau: 0.5 * (x[0] + x[1]),
            }
        }
        NieWager::B => Surfaces {
            e: 0.5,
            b: (x[0] + x[1]).max(x[2]).max(0.0) + (x[3] + x[4]).max(0.0),
            tau: x[0] + softplus(x[1]),
        },
        NieWager::C => {
            Surfaces { e: sigmoid(-(x[1] + x[2])), b: 2.0 * softplus(x[0] + x[1] + x[2]), tau: 1.0 }
        }
        NieWager::D => {
            let (first, second) = ((x[0] + x[1] + x[2]).max(0.0), (x[3] + x[4]).max(0.0));
            Surfaces {
                e: 1.0 / (1.0 + (-x[0]).exp() + (-x[1]).exp()),
                b: 0.5 * (first + second),
                tau: first - second,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A handful of operations on numbers of order 1.
    const ROUNDING: f64 = 1e-12;

    #[test]
    fn setup_a_has_its_closed_form_at_a_point() {
        let at = surfaces(NieWager::A, [0.5, 1.0, 0.5, 0.25, 0.5]);
        assert!((at.e - 0.9).abs() < ROUNDING, "sin(π/2) is trimmed to .9");
        assert!((at.b - 1.5).abs() < ROUNDING);
        assert!((at.tau - 0.75).abs() < ROUNDING);
    }

    #[test]
    fn setup_d_has_no_effect_at_the_origin_and_a_third_treated() {
        let at = surfaces(NieWager::D, [0.0; 5]);
        assert!(at.tau.abs() < ROUNDING && (at.e - 1.0 / 3.0).abs() < ROUNDING);
    }

    /// In set-up A those who are treated would have done better anyway, so the plain difference of
    /// means must be too large.
    #[test]
    fn setup_a_misleads_a_plain_difference_of_means() {
        let world = confounded(NieWager::A, Size::new(20_000, 2));
        let yorisoi_data::Treatment::Arms(arms) = &world.treatment else { panic!("two arms") };
        let mean = |arm: u8| {
            let of_arm = || (0..world.n_units()).filter(|&unit| arms.arm[unit] == arm);
            of_arm().map(|unit| world.outcome[unit]).sum::<f64>() / of_arm().count() as f64
        };
        let truth = world.tau[0].iter().sum::<f64>() / world.n_units() as f64;
        assert!(mean(1) - mean(0) > truth + 0.2, "{} against {truth}", mean(1) - mean(0));
    }
}
