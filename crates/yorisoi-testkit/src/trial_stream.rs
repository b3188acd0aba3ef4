//! The rows of a randomised trial with a rare binary outcome, one at a time.
//!
//! A trial of any length can be written without being held in memory; [`crate::randomised_rare`]
//! collects the very same rows.

use std::io::{self, Write};

use crate::draws::column;
use crate::world::sigmoid;
use crate::{Draws, World};

/// Meaningful features of a trial row.
pub const TRIAL_FEATURES: usize = 6;

/// Features carry three decimals, so that a written row reads back as the same number.
const DECIMALS: f64 = 1_000.0;

/// Moves the effects so that three units in ten are harmed.
const EFFECT_SHIFT: f64 = 0.004;

/// What happened to one unit, and what is true of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrialRow {
    /// Whether the unit was treated, with probability one half.
    pub treated: bool,
    /// The outcome, 0 or 1.
    pub outcome: bool,
    /// `P[Y(0) = 1 | X]`.
    pub mu0: f64,
    /// `P[Y(1) = 1 | X] − P[Y(0) = 1 | X]`.
    pub tau: f64,
}

/// Fills `x` with the features of unit `row` and returns what happened to it.
///
/// # Formula
///
/// ```text
/// x₀ = ⌊−4 ln U⌋        visits, with many ties     x₃ = 1{U < 0.3}     a member or not
/// x₁, x₂, x₄ ~ N(0, 1)                            x₅ ~ U(0, 1)
/// x₆, x₇, ... ~ N(0, 1)  without meaning           all rounded to three decimals
///
/// μ₀ = σ(−3.5 + 0.12 min(x₀, 8) − 0.4 x₁ + 0.3 x₃ x₄)               mean about 0.05
/// z  = x₁ + 0.7 · 1{x₅ > 0.6} − 0.6 x₂ + 0.5 x₁ x₂
/// μ₁ = clamp(μ₀ + 0.02 tanh z + 0.0040, 0.0005, 0.9995)             P(μ₁ < μ₀) ≈ 0.30
/// W ~ Bernoulli(1/2),  Y ~ Bernoulli(μ_W)
/// ```
///
/// # Panics
///
/// If `x` has fewer than [`TRIAL_FEATURES`] entries.
pub fn trial_row(seed: u64, row: usize, x: &mut [f64]) -> TrialRow {
    assert!(x.len() >= TRIAL_FEATURES, "a trial row has at least {TRIAL_FEATURES} features");
    for (number, value) in x.iter_mut().enumerate() {
        let draws = Draws::new(seed, number as u64);
        *value = match number {
            0 => (-4.0 * (1.0 - draws.uniform(row)).ln()).floor(),
            3 => f64::from(u8::from(draws.happens(row, 0.3))),
            5 => (draws.uniform(row) * DECIMALS).floor() / DECIMALS,
            _ => (draws.normal(row) * DECIMALS).round() / DECIMALS,
        };
    }
    let mu0 = sigmoid(-3.5 + 0.12 * x[0].min(8.0) - 0.4 * x[1] + 0.3 * x[3] * x[4]);
    let z = x[1] + 0.7 * f64::from(u8::from(x[5] > 0.6)) - 0.6 * x[2] + 0.5 * x[1] * x[2];
    let mu1 = (mu0 + 0.02 * z.tanh() + EFFECT_SHIFT).clamp(0.000_5, 0.999_5);
    let treated = Draws::new(seed, column::TREATMENT).happens(row, 0.5);
    let outcome = Draws::new(seed, column::OUTCOME).happens(row, if treated { mu1 } else { mu0 });
    TrialRow { treated, outcome, mu0, tau: mu1 - mu0 }
}

/// Writes a randomised trial of any length as CSV: `x0,...,arm,outcome`, arms `control` and `offer`.
///
/// Holds one row at a time. `n_features` below [`TRIAL_FEATURES`] is written as that many.
///
/// # Errors
///
/// Whatever `out` answers.
///
/// # Example
///
/// ```
/// let mut csv = Vec::new();
/// yorisoi_testkit::write_trial_csv(&mut csv, 2, 6, 1)?;
/// let text = String::from_utf8(csv).expect("ASCII");
/// assert!(text.starts_with("x0,x1,x2,x3,x4,x5,arm,outcome\n"));
/// assert_eq!(text.lines().count(), 3);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn write_trial_csv(
    out: &mut impl Write,
    n_units: usize,
    n_features: usize,
    seed: u64,
) -> io::Result<()> {
    let mut x = vec![0.0; n_features.max(TRIAL_FEATURES)];
    let mut line = Vec::with_capacity(16 * (x.len() + 2));
    for number in 0..x.len() {
        line.extend_from_slice(format!("x{number},").as_bytes());
    }
    line.extend_from_slice(format!("{},{}\n", World::TREATMENT, World::OUTCOME).as_bytes());
    out.write_all(&line)?;
    for row in 0..n_units {
        let trial = trial_row(seed, row, &mut x);
        line.clear();
        for &value in &x {
            push_thousandths(&mut line, (value * DECIMALS).round() as i64);
            line.push(b',');
        }
        line.extend_from_slice(if trial.treated { b"offer," } else { b"control," });
        line.extend_from_slice(if trial.outcome { b"1\n" } else { b"0\n" });
        out.write_all(&line)?;
    }
    Ok(())
}

/// Appends `thousandths / 1000` in decimal. The general formatter costs four times as much, and a
/// large trial has hundreds of millions of numbers.
fn push_thousandths(line: &mut Vec<u8>, thousandths: i64) {
    if thousandths < 0 {
        line.push(b'-');
    }
    let (whole, mut rest) =
        (thousandths.unsigned_abs() / 1_000, thousandths.unsigned_abs() % 1_000);
    let mut digits = [0_u8; 20];
    let (mut length, mut left) = (0, whole);
    loop {
        digits[length] = b'0' + (left % 10) as u8;
        length += 1;
        left /= 10;
        if left == 0 {
            break;
        }
    }
    line.extend(digits[..length].iter().rev());
    if rest > 0 {
        line.push(b'.');
        let mut place = 100;
        while rest > 0 {
            line.push(b'0' + (rest / place) as u8);
            rest %= place;
            place /= 10;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Size, randomised_rare};
    use yorisoi_data::{Treatment, Values};

    #[test]
    fn the_csv_holds_the_same_numbers_as_the_world() {
        let mut csv = Vec::new();
        write_trial_csv(&mut csv, 200, 8, 5).unwrap();
        let text = String::from_utf8(csv).unwrap();
        let world = randomised_rare(Size { n_units: 200, n_noise: 2, seed: 5 });
        let Treatment::Arms(arms) = &world.treatment else { panic!("two arms") };
        for (row, line) in text.lines().skip(1).enumerate() {
            let cells: Vec<&str> = line.split(',').collect();
            for (feature, cell) in world.features.iter().zip(&cells) {
                let Values::Numeric(values) = &feature.values else { panic!("numbers") };
                assert_eq!(cell.parse::<f64>().unwrap().to_bits(), (values[row] + 0.0).to_bits());
            }
            assert_eq!(cells[8], arms.names[usize::from(arms.arm[row])]);
            assert_eq!(cells[9], format!("{}", world.outcome[row]));
        }
    }

    #[test]
    fn thousandths_are_written_as_plain_decimals() {
        let written = |thousandths| {
            let mut line = Vec::new();
            push_thousandths(&mut line, thousandths);
            String::from_utf8(line).unwrap()
        };
        assert_eq!(written(0), "0");
        assert_eq!(written(-5), "-0.005");
        assert_eq!(written(12_340), "12.34");
        assert_eq!(written(-1_000_000), "-1000");
    }
}
