//! From a trial's rows to scores, averages, ranking measures and calibration: does every 95 % interval
//! cover the truth where the outcome is rare and the scores are as skewed as real ones?

use yorisoi_data::{Estimate, HeldOut, Silent, unit_hash};
use yorisoi_effects::{Nuisances, Observed, Target, average_effect};
use yorisoi_evaluation::{EvaluationError, RateOptions, Sampling, calibration, rate};

const UNITS: usize = 3000;
const REPLICATIONS: u64 = 500;

/// `.95 · 500 ± 3.6 · √(.95 · .05 · 500)`: a right interval fails with probability 3e-4.
const NOMINAL: std::ops::RangeInclusive<u32> = 458..=492;

/// A trial at even odds: the outcome has probability 4 %, changed by `τ(x) = .04 x − .01` for uniform
/// `x`. Predicted effects are `τ` itself, so that truth is ATE .01, AUTOC `.04/4`, Qini `.04/12`, and
/// both calibration coefficients are 1.
struct Trial {
    y: Vec<f64>,
    arm: Vec<u8>,
    tau: [Vec<f64>; 1],
    nuisances: Nuisances,
}

fn trial(seed: u64) -> Trial {
    let draw = |stream: u64, unit: usize| unit_hash(seed, stream << 40 | unit as u64);
    let tau: Vec<f64> = (0..UNITS).map(|unit| 0.04 * draw(0, unit) - 0.01).collect();
    let arm: Vec<u8> = (0..UNITS).map(|unit| u8::from(draw(1, unit) < 0.5)).collect();
    let occurs = |unit: usize| {
        let chance = 0.04 + f64::from(arm[unit]) * tau[unit];
        f64::from(u8::from(draw(2, unit) < chance))
    };
    let y = (0..UNITS).map(occurs).collect();
    let y_hat = tau.iter().map(|tau| 0.04 + 0.5 * tau).collect();
    let nuisances = Nuisances { y_hat, w_hat: vec![vec![0.5; UNITS]; 2] };
    Trial { y, arm, tau: [tau], nuisances }
}

/// An estimate with its name and the truth.
type Judged = (&'static str, Estimate, f64);

fn judge(seed: u64) -> Result<[Judged; 5], EvaluationError> {
    let trial = trial(seed);
    let observed = Observed::new(&trial.y, &trial.arm, &trial.tau, &trial.nuisances)?;
    let sampling = Sampling::equal(UNITS);
    let ate = average_effect(&observed, 1, Target::All, &sampling)?;
    let scores = HeldOut::promise(observed.scores().effect(1)?);
    let predicted = HeldOut::promise(trial.tau[0].clone());
    let options = RateOptions { replicates: 100, seed, curve_points: 0 };
    let ranked = rate(&predicted, &scores, &sampling, options, &Silent)?;
    let calibrated = calibration(&predicted, &scores, &sampling)?;
    let missing = Estimate { estimate: f64::NAN, std_error: 0.0, n: 0 };
    Ok([
        ("ate", ate, 0.01),
        ("autoc", ranked.autoc, 0.01),
        ("qini", ranked.qini, 0.04 / 12.0),
        ("calibration of the mean", calibrated.mean.unwrap_or(missing), 1.0),
        ("calibration of the spread", calibrated.differential.unwrap_or(missing), 1.0),
    ])
}

#[test]
fn every_interval_covers_the_truth() {
    let mut covered = [0_u32; 5];
    let mut names = [""; 5];
    for seed in 0..REPLICATIONS {
        for (index, (name, estimate, truth)) in judge(seed).unwrap().into_iter().enumerate() {
            let interval = estimate.interval_95();
            covered[index] += u32::from(interval.low <= truth && truth <= interval.high);
            names[index] = name;
        }
    }
    for (name, covered) in names.iter().zip(covered) {
        assert!(NOMINAL.contains(&covered), "{name}: {covered} of {REPLICATIONS}");
    }
}
