//! Worlds in which treatment is an amount, or in which people do not take what they were offered.

use yorisoi_data::{Arms, Treatment};

use crate::draws::column;
use crate::world::{normal_column, sigmoid, two_arm_names, with_noise};
use crate::{Size, World};

/// Share of people who take the help only when it is offered.
const COMPLIERS: f64 = 0.6;
/// Share of people who take it whatever is offered; the rest never takes it.
const ALWAYS_TAKERS: f64 = 0.15;

/// Returns a confounded world with a continuous dose and an effect per unit of dose.
///
/// # Formula
///
/// ```text
/// x₀, ..., x₃ ~ N(0, 1);  W = 1 + 0.5 x₀ + N(0, 1);  μ(0) = x₀ + 0.5 x₁²;  τ = 0.5 + max(x₂, 0)
/// Y = μ(0) + τ W + N(0, 1)
/// ```
///
/// `propensity[0]` is `E[W | X] = 1 + 0.5 x₀`; `Var[W | X] = 1`.
pub fn continuous_dose(size: Size) -> World {
    let x: Vec<Vec<f64>> = (0..4).map(|number| normal_column(size, number)).collect();
    let (treat, noise) = (size.draws(column::TREATMENT), size.draws(column::OUTCOME));
    let rows = 0..size.n_units;
    let mean_dose: Vec<f64> = x[0].iter().map(|x| 1.0 + 0.5 * x).collect();
    let dose: Vec<f64> = rows.clone().map(|row| mean_dose[row] + treat.normal(row)).collect();
    let mu0: Vec<f64> = x[0].iter().zip(&x[1]).map(|(a, b)| a + 0.5 * b * b).collect();
    let tau: Vec<f64> = x[2].iter().map(|x| 0.5 + x.max(0.0)).collect();
    World {
        outcome: rows.map(|row| mu0[row] + tau[row] * dose[row] + noise.normal(row)).collect(),
        features: with_noise(x, size),
        treatment: Treatment::Dose(dose),
        tau: vec![tau],
        propensity: vec![mean_dose],
        mu0,
        clusters: None,
        instrument: None,
    }
}

/// Returns a world where help is offered by a coin (the instrument), taken by some, and where what
/// makes people take it also moves the outcome, unseen.
///
/// # Formula
///
/// ```text
/// x₀, x₁, x₂ ~ N(0, 1);  Z ~ Bernoulli(q),  q = σ(0.5 x₁)
/// type: 60 % compliers (W = Z), 15 % always takers (W = 1), 25 % never takers (W = 0)
/// u = 1 for always takers, −1 for never takers, 0 for compliers
/// μ₀ = x₁ + E[u] = x₁ − 0.1;  τ = 0.5 + 0.5 · 1{x₀ > 0};  Y = x₁ + u + τ W + N(0, 1)
/// ```
///
/// `propensity[1] = P[W = 1 | X] = 0.15 + 0.6 q`. The effect does not depend on the type given `X`, so
/// `tau` is also the effect on compliers. Any analysis without the instrument is biased upwards.
///
/// # Source
///
/// Angrist, Imbens & Rubin (1996), "Identification of causal effects using instrumental variables".
pub fn noncompliance(size: Size) -> World {
    let x: Vec<Vec<f64>> = (0..3).map(|number| normal_column(size, number)).collect();
    let (offer, kind, noise) =
        (size.draws(column::INSTRUMENT), size.draws(column::HIDDEN), size.draws(column::OUTCOME));
    let rows = 0..size.n_units;
    let q: Vec<f64> = x[1].iter().map(|x| sigmoid(0.5 * x)).collect();
    let z: Vec<bool> = rows.clone().map(|row| offer.happens(row, q[row])).collect();
    let tau: Vec<f64> = x[0].iter().map(|x| 0.5 + 0.5 * f64::from(u8::from(*x > 0.0))).collect();
    let taker = |row: usize| {
        let draw = kind.uniform(row);
        if draw < COMPLIERS {
            (z[row], 0.0)
        } else if draw < COMPLIERS + ALWAYS_TAKERS {
            (true, 1.0)
        } else {
            (false, -1.0)
        }
    };
    let y = |row: usize| {
        let (takes, hidden) = taker(row);
        x[1][row] + hidden + tau[row] * f64::from(u8::from(takes)) + noise.normal(row)
    };
    let treated: Vec<f64> = q.iter().map(|q| ALWAYS_TAKERS + COMPLIERS * q).collect();
    let hidden_mean = 2.0 * ALWAYS_TAKERS + COMPLIERS - 1.0;
    World {
        outcome: rows.clone().map(y).collect(),
        treatment: Treatment::Arms(Arms {
            names: two_arm_names(),
            arm: rows.map(|row| u8::from(taker(row).0)).collect(),
        }),
        tau: vec![tau],
        propensity: vec![treated.iter().map(|e| 1.0 - e).collect(), treated],
        mu0: x[1].iter().map(|x| x + hidden_mean).collect(),
        instrument: Some(z.iter().map(|&offered| f64::from(u8::from(offered))).collect()),
        features: with_noise(x, size),
        clusters: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Units of a world below.
    const N_UNITS: usize = 50_000;

    /// The Wald ratio by the instrument finds the effect; the plain comparison does not.
    #[test]
    fn only_the_instrument_finds_the_effect_under_noncompliance() {
        let world = noncompliance(Size::new(N_UNITS, 6));
        let (Some(z), Treatment::Arms(arms)) = (&world.instrument, &world.treatment) else {
            panic!("an instrument and two arms");
        };
        // q is known in this test: recover it from P[W = 1 | X].
        let weight = |unit: usize| {
            let q = (world.propensity[1][unit] - ALWAYS_TAKERS) / COMPLIERS;
            z[unit] / q - (1.0 - z[unit]) / (1.0 - q)
        };
        let sum = |value: &dyn Fn(usize) -> f64| (0..N_UNITS).map(value).sum::<f64>();
        let on_outcome = sum(&|unit| weight(unit) * world.outcome[unit]);
        let on_taking = sum(&|unit| weight(unit) * f64::from(arms.arm[unit]));
        // The ratio's standard error is about 2 · sd(Y) / (.6 √n) ≈ .025; five of them.
        assert!((on_outcome / on_taking - 0.75).abs() < 0.125, "{}", on_outcome / on_taking);
        let mean = |arm: u8| {
            let of_arm = || (0..N_UNITS).filter(|&unit| arms.arm[unit] == arm);
            of_arm().map(|unit| world.outcome[unit]).sum::<f64>() / of_arm().count() as f64
        };
        assert!(mean(1) - mean(0) > 1.2, "{}", mean(1) - mean(0));
    }

    #[test]
    fn centred_dose_recovers_the_average_effect_weighted_by_its_variance() {
        let world = continuous_dose(Size::new(N_UNITS, 6));
        let Treatment::Dose(dose) = &world.treatment else { panic!("a dose") };
        let centred = |unit: usize| dose[unit] - world.propensity[0][unit];
        let slope = (0..N_UNITS).map(|unit| centred(unit) * world.outcome[unit]).sum::<f64>()
            / (0..N_UNITS).map(|unit| centred(unit).powi(2)).sum::<f64>();
        let truth = world.tau[0].iter().sum::<f64>() / N_UNITS as f64;
        // Residual standard deviation about 2.5: five standard errors are .056.
        assert!((slope - truth).abs() < 0.056, "{slope} against {truth}");
    }
}
