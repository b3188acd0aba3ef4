//! Does the ranking find those whom help helps? RATE, the TOC and Qini curves, and comparisons.

use serde::{Deserialize, Serialize};
use yorisoi_data::{Estimate, HeldOut, Progress};
use yorisoi_effects::{Sampling, ScoreError};

use crate::EvaluationError;
use crate::bootstrap::{Walked, half_samples, std_error, whole};
use crate::error::{check_column, check_len};
use crate::ranks::{Ranked, rank_all};

/// With fewer independent units than this a half-sample may hold next to nobody.
const MIN_INDEPENDENT: usize = 10;

/// Estimate and error that are both smaller than this share of the mean absolute score are what rounding
/// leaves of zero (a ranking without order, scores without spread); a real error is at least about
/// `1/√n` of it. Left alone, the ratio of two such numbers could pass for proof.
const ROUNDING_OF_ZERO: f64 = 1e-10;

/// How standard errors of ranking measures are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateOptions {
    /// Half-samples drawn. With 200 a standard error is itself known to 5 % (`1/√(2·200)`).
    pub replicates: usize,
    /// Seed of the half-samples.
    pub seed: u64,
    /// Points of each curve, at the shares `1/n, 2/n, …, 1`.
    pub curve_points: usize,
}

impl Default for RateOptions {
    fn default() -> Self {
        Self { replicates: 200, seed: 0, curve_points: 100 }
    }
}

/// A point of a curve with its pointwise 95 % band.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// Share treated, in `(0, 1]`.
    pub share: f64,
    /// Estimate.
    pub estimate: f64,
    /// Its standard error.
    pub std_error: f64,
    /// Lower end of the band.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Rank-weighted average treatment effects of one ranking, and the curves behind them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    /// Area under the TOC curve: weight on the first ranked, best where few gain much.
    pub autoc: Estimate,
    /// The same weighted by share: the area between Qini curve and diagonal, best where many gain.
    pub qini: Estimate,
    /// How much more those ranked first gain than everyone, by share.
    pub toc: Vec<CurvePoint>,
    /// Gain per unit of the population when the first ranked are treated, by share.
    pub qini_curve: Vec<CurvePoint>,
}

/// One ranking less another.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RateDifference {
    /// Difference of the areas under the TOC curves.
    pub autoc: Estimate,
    /// Difference of the Qini areas.
    pub qini: Estimate,
}

/// Judges a ranking by the effects found in those it puts first.
///
/// # Formula
///
/// With scores `Γ` of one arm's effect, priority `S` and the units in descending order of `S`
///
/// ```text
/// TOC(q)  = E[Γ | S among the top q] − E[Γ]
/// AUTOC   = ∫₀¹ TOC(q) dq            Qini = ∫₀¹ q TOC(q) dq
/// Qini curve at q = E[Γ 1{S among the top q}]
/// ```
///
/// with weighted sample means. The integrals are exact for the sample: between two units the expected
/// sum grows linearly, and tied units stand in random order, which is the same as giving each the mean
/// of the tie. So a weight of 2 is the same as a repeated row. (The sum over units of the reference
/// software evaluates the curve at the end of each unit instead; the two differ by terms of order 1/n.)
///
/// Standard errors: each independent unit (cluster) is in a replicate with probability one half; the
/// standard deviation over replicates is the standard error. A draw depends on seed and cluster id (or
/// the unit's rank) alone: shuffled rows and any number of threads give the same. `progress` hears of no steps, and may
/// stop the work between eight replicates.
///
/// # Shapes and units
///
/// `priority` and `scores` have one finite entry a held-out unit. Estimates share the unit of the
/// scores.
///
/// # Assumptions
///
/// Neither priority nor nuisances have seen these units. RATE tests a ranking, not the size of effects:
/// see [`calibration`](crate::calibration) for that.
///
/// # Errors
///
/// [`ScoreError::LengthMismatch`], [`ScoreError::NotFinite`]; [`ScoreError::TooFew`] with fewer than 10
/// independent units; [`EvaluationError::Option`].
///
/// # Source
///
/// Yadlowsky, Fleming, Shah, Brunskill & Wager (2021; *JASA* 2024), "Evaluating treatment
/// prioritization rules via rank-weighted average treatment effects", sections 2 and 3.
///
/// # Example
///
/// ```
/// # use yorisoi_data::{HeldOut, Silent};
/// # use yorisoi_evaluation::{RateOptions, Sampling, rate};
/// // Effects fall from 19 to 0 exactly as predicted.
/// let effects: Vec<f64> = (0..20).rev().map(f64::from).collect();
/// let (priority, scores) = (HeldOut::promise(effects.clone()), HeldOut::promise(effects));
/// let sampling = Sampling::equal(20);
/// let rate = rate(&priority, &scores, &sampling, RateOptions::default(), &Silent)?;
/// assert_eq!(rate.qini_curve[49].estimate, (10..20).map(f64::from).sum::<f64>() / 20.0);
/// # Ok::<(), yorisoi_evaluation::EvaluationError>(())
/// ```
pub fn rate(
    priority: &HeldOut<Vec<f64>>,
    scores: &HeldOut<Vec<f64>>,
    sampling: &Sampling<'_>,
    options: RateOptions,
    progress: &dyn Progress,
) -> Result<Rate, EvaluationError> {
    check("priority", priority.get(), scores.get(), sampling, options)?;
    let shares = shares(options.curve_points);
    let [ranked] = rank_all([priority.get()], scores.get(), sampling);
    let (found, replicates) = walk(&ranked, &shares, options, progress);
    let scale = mean_size(scores.get());
    let estimate = |of: &dyn Fn(&Walked) -> f64| {
        let std_error = std_error(replicates.iter().map(of));
        settle(Estimate { estimate: of(&found), std_error, n: sampling.n_independent() }, scale)
    };
    let curve = |of: &dyn Fn(&Walked) -> &[f64]| {
        let point = |(index, share): (usize, &f64)| {
            point(*share, estimate(&|walked: &Walked| of(walked)[index]))
        };
        shares.iter().enumerate().map(point).collect()
    };
    Ok(Rate {
        autoc: estimate(&|walked| walked.autoc),
        qini: estimate(&|walked| walked.qini),
        toc: curve(&|walked| &walked.toc),
        qini_curve: curve(&|walked| &walked.gain),
    })
}

/// Compares two rankings of the same units, paired: the first less the second.
///
/// Both are judged on the same half-samples, so what they have in common cancels. Ranking by the effect
/// against ranking by risk is the comparison that tells whether uplift earns its keep.
///
/// # Formula
///
/// As [`rate`], for the difference of the two statistics.
///
/// # Errors
///
/// As [`rate`].
pub fn compare_rates(
    [priority, against]: [&HeldOut<Vec<f64>>; 2],
    scores: &HeldOut<Vec<f64>>,
    sampling: &Sampling<'_>,
    options: RateOptions,
    progress: &dyn Progress,
) -> Result<RateDifference, EvaluationError> {
    check("priority", priority.get(), scores.get(), sampling, options)?;
    check("against", against.get(), scores.get(), sampling, options)?;
    let ranked = rank_all([priority.get(), against.get()], scores.get(), sampling);
    let [first, second] = ranked.map(|ranked| walk(&ranked, &[], options, progress));
    let scale = mean_size(scores.get());
    let difference = |of: &dyn Fn(&Walked) -> f64| {
        let std_error = std_error(first.1.iter().zip(&second.1).map(|(a, b)| of(a) - of(b)));
        let estimate = of(&first.0) - of(&second.0);
        settle(Estimate { estimate, std_error, n: sampling.n_independent() }, scale)
    };
    Ok(RateDifference {
        autoc: difference(&|walked| walked.autoc),
        qini: difference(&|walked| walked.qini),
    })
}

fn walk(
    ranked: &Ranked,
    shares: &[f64],
    options: RateOptions,
    progress: &dyn Progress,
) -> (Walked, Vec<Walked>) {
    let RateOptions { replicates, seed, .. } = options;
    (whole(ranked, shares), half_samples(ranked, shares, replicates, seed, progress))
}

fn mean_size(scores: &[f64]) -> f64 {
    scores.iter().map(|score| score.abs()).sum::<f64>() / scores.len() as f64
}

/// Makes an exact zero of what rounding left of one.
fn settle(estimate: Estimate, scale: f64) -> Estimate {
    let limit = ROUNDING_OF_ZERO * scale;
    if estimate.estimate.abs() < limit && estimate.std_error < limit {
        Estimate { estimate: 0.0, std_error: 0.0, ..estimate }
    } else {
        estimate
    }
}

fn shares(curve_points: usize) -> Vec<f64> {
    (1..=curve_points).map(|point| point as f64 / curve_points as f64).collect()
}

fn point(share: f64, estimate: Estimate) -> CurvePoint {
    let interval = estimate.interval_95();
    CurvePoint {
        share,
        estimate: estimate.estimate,
        std_error: estimate.std_error,
        low: interval.low,
        high: interval.high,
    }
}

fn check(
    name: &'static str,
    priority: &[f64],
    scores: &[f64],
    sampling: &Sampling<'_>,
    options: RateOptions,
) -> Result<(), EvaluationError> {
    check_len("sampling", sampling.n_units(), scores.len())?;
    check_column(name, priority, scores.len())?;
    check_column("scores", scores, scores.len())?;
    let actual = sampling.n_independent();
    if actual < MIN_INDEPENDENT {
        let what = "the half-sample bootstrap";
        return Err(ScoreError::TooFew { what, actual, needed: MIN_INDEPENDENT }.into());
    }
    if options.replicates < 2 {
        return Err(EvaluationError::Option {
            option: "replicates",
            value: options.replicates as f64,
            expected: "at least 2",
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worlds::{assert_nominal_coverage, ranked_world};
    use proptest::prelude::*;
    use yorisoi_data::{Silent, unit_hash};

    /// Sums of a few hundred numbers of order one.
    const ROUNDING: f64 = 1e-11;

    const QUICK: RateOptions = RateOptions { replicates: 16, seed: 1, curve_points: 4 };

    fn held(values: &[f64]) -> HeldOut<Vec<f64>> {
        HeldOut::promise(values.to_vec())
    }

    fn judge(priority: &[f64], scores: &[f64]) -> Rate {
        rate(&held(priority), &held(scores), &Sampling::equal(scores.len()), QUICK, &Silent)
            .unwrap()
    }

    /// Ten units, the first two with effect 1, the rest with none.
    fn two_of_ten() -> Vec<f64> {
        (0..10).map(|unit| f64::from(u8::from(unit < 2))).collect()
    }

    #[test]
    fn perfect_ranking_by_hand() {
        // mean over the top q is 1 up to q = .2, then .2/q: ∫ = .2 + .2 ln 5; less the mean .2.
        // Qini: the gain rises to .2 at q = .2 and stays: .2·.2/2 + .8·.2 − .2/2 = .08.
        let rate = judge(&two_of_ten(), &two_of_ten());
        assert!((rate.autoc.estimate - 0.2 * libm::log(5.0)).abs() < ROUNDING);
        assert!((rate.qini.estimate - 0.08).abs() < ROUNDING);
        // At q = .25: gain .2, mean over the top .2/.25 = .8, TOC .6. At q = 1: 0.
        assert!((rate.qini_curve[0].estimate - 0.2).abs() < ROUNDING);
        assert!((rate.toc[0].estimate - 0.6).abs() < ROUNDING);
        assert!(rate.toc[3].estimate.abs() < ROUNDING);
        assert_eq!(rate.autoc.n, 10);
    }

    #[test]
    fn reversed_ranking_is_negative_and_a_constant_one_is_zero() {
        let priority: Vec<f64> = two_of_ten().iter().map(|effect| -effect).collect();
        let reversed = judge(&priority, &two_of_ten());
        // The gain is 0 up to q = .8, then rises to .2: .2·.2/2 − .2/2 = −.08.
        assert!((reversed.qini.estimate + 0.08).abs() < ROUNDING);
        assert!(reversed.autoc.estimate < 0.0);
        let constant = judge(&[7.0; 10], &two_of_ten());
        let nothing = Estimate { estimate: 0.0, std_error: 0.0, n: 10 };
        assert_eq!((constant.autoc, constant.qini), (nothing, nothing));
        // Half of a tie is half of its effect.
        assert!((constant.qini_curve[1].estimate - 0.1).abs() < ROUNDING);
    }

    #[test]
    fn scores_without_spread_are_exactly_nothing_rather_than_rounding() {
        let priority: Vec<f64> = (0..700).map(f64::from).collect();
        let flat = judge(&priority, &[0.1; 700]);
        let nothing = Estimate { estimate: 0.0, std_error: 0.0, n: 700 };
        assert_eq!((flat.autoc, flat.qini), (nothing, nothing));
        let (by, against, flat) = (held(&priority), held(&[1.0; 700]), held(&[0.1; 700]));
        let compared =
            compare_rates([&by, &against], &flat, &Sampling::equal(700), QUICK, &Silent).unwrap();
        assert_eq!((compared.autoc, compared.qini), (nothing, nothing));
    }

    #[test]
    fn the_qini_target_is_the_area_between_curve_and_diagonal() {
        let world = ranked_world(5, 400, 1);
        let options = RateOptions { curve_points: 400, ..QUICK };
        let sampling = Sampling::equal(400);
        let rate = rate(&held(&world.priority), &held(&world.scores), &sampling, options, &Silent)
            .unwrap();
        // With a point at every unit the trapezoid rule is exact.
        let total = rate.qini_curve[399].estimate;
        let inner: f64 = rate.qini_curve[..399].iter().map(|point| point.estimate).sum();
        let area = (inner + 0.5 * total) / 400.0 - 0.5 * total;
        assert!((rate.qini.estimate - area).abs() < ROUNDING);
    }

    #[test]
    fn bad_input_is_named() {
        let judge = |priority: &[f64], n| {
            rate(&held(priority), &held(&vec![0.0; n]), &Sampling::equal(n), QUICK, &Silent)
                .unwrap_err()
        };
        assert!(matches!(
            judge(&[f64::NAN; 10], 10),
            EvaluationError::Score(ScoreError::NotFinite { name: "priority", unit: 0, .. })
        ));
        assert!(matches!(
            judge(&[0.0; 3], 10),
            EvaluationError::Score(ScoreError::LengthMismatch { name: "priority", .. })
        ));
        assert!(judge(&[0.0; 9], 9).is_too_few());
        let none = RateOptions { replicates: 1, ..QUICK };
        let error = rate(&held(&[0.0; 10]), &held(&[0.0; 10]), &Sampling::equal(10), none, &Silent)
            .unwrap_err();
        assert!(matches!(error, EvaluationError::Option { option: "replicates", .. }));
    }

    /// Uniform `X` ranks, effect `X − 1/4`: TOC(q) = (1 − q)/2, AUTOC 1/4, Qini 1/12; the Qini curve at
    /// one half is 1/2 · (3/4 − 1/4) = 1/4.
    fn coverage(cluster_size: usize) -> [u32; 4] {
        let options = RateOptions { replicates: 100, seed: 0, curve_points: 2 };
        let mut covered = [0; 4];
        for seed in 0..600 {
            let world = ranked_world(seed, 800, cluster_size);
            let mut sampling = Sampling::equal(800);
            if cluster_size > 1 {
                sampling = sampling.with_clusters(&world.clusters).unwrap();
            }
            let options = RateOptions { seed, ..options };
            let rate =
                rate(&held(&world.priority), &held(&world.scores), &sampling, options, &Silent)
                    .unwrap();
            let toc =
                Estimate { estimate: rate.toc[0].estimate, std_error: rate.toc[0].std_error, n: 0 };
            let gain = rate.qini_curve[0];
            let gain = Estimate { estimate: gain.estimate, std_error: gain.std_error, n: 0 };
            let truths = [(rate.autoc, 0.25), (rate.qini, 1.0 / 12.0), (toc, 0.25), (gain, 0.25)];
            for (covered, (estimate, truth)) in covered.iter_mut().zip(truths) {
                let interval = estimate.interval_95();
                *covered += u32::from(interval.low <= truth && truth <= interval.high);
            }
        }
        covered
    }

    #[test]
    fn intervals_cover_the_truth() {
        for covered in coverage(1) {
            assert_nominal_coverage(covered, 600);
        }
    }

    #[test]
    fn clustered_intervals_cover_the_truth() {
        for covered in coverage(4) {
            assert_nominal_coverage(covered, 600);
        }
    }

    #[test]
    fn a_random_ranking_is_proven_as_seldom_as_the_level_says() {
        let options = RateOptions { replicates: 100, seed: 0, curve_points: 0 };
        let mut covered = 0;
        for seed in 0..600 {
            let scores = held(&ranked_world(30_000 + seed, 500, 1).scores);
            let random = held(&ranked_world(50_000 + seed, 500, 1).priority);
            let options = RateOptions { seed, ..options };
            let found = rate(&random, &scores, &Sampling::equal(500), options, &Silent).unwrap();
            let interval = found.autoc.interval_95();
            covered += u32::from(interval.low <= 0.0 && 0.0 <= interval.high);
        }
        assert_nominal_coverage(covered, 600);
    }

    #[test]
    fn paired_comparison_covers_and_is_sharper_than_two_separate_ones() {
        let options = RateOptions { replicates: 100, seed: 0, curve_points: 0 };
        let mut covered = 0;
        let mut sharper = 0;
        for seed in 0..600 {
            let world = ranked_world(20_000 + seed, 800, 1);
            // A ranking by X in the upper half, blind below: TOC of it is (1 − q)/2 up to q = 1/2,
            // above that (3/8 + (q − 1/2)/4)/q − 1/2. AUTOC: 3/16 + 1/8 + (ln 2)/4 − 1/4.
            let coarse: Vec<f64> = world.priority.iter().map(|x| x.max(0.5)).collect();
            let truth = 0.25 - (3.0 / 16.0 + 1.0 / 8.0 + libm::log(2.0) / 4.0 - 0.25);
            let (fine, coarse, scores) =
                (held(&world.priority), held(&coarse), held(&world.scores));
            let sampling = Sampling::equal(800);
            let options = RateOptions { seed, ..options };
            let paired =
                compare_rates([&fine, &coarse], &scores, &sampling, options, &Silent).unwrap();
            let alone = rate(&coarse, &scores, &sampling, options, &Silent).unwrap();
            let interval = paired.autoc.interval_95();
            covered += u32::from(interval.low <= truth && truth <= interval.high);
            sharper += u32::from(paired.autoc.std_error < alone.autoc.std_error);
        }
        assert_nominal_coverage(covered, 600);
        assert_eq!(sharper, 600);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        /// Weight 2 is a repeated row, shuffling changes nothing, a cluster of one is no cluster.
        #[test]
        fn invariances(seed in 0_u64..1000, levels in 1_u32..40) {
            let n = 30_usize;
            let draw = |stream: u64, unit: usize| unit_hash(seed, (unit as u64) << 8 | stream);
            let priority: Vec<f64> =
                (0..n).map(|unit| (draw(0, unit) * f64::from(levels)).floor()).collect();
            let scores: Vec<f64> = (0..n).map(|unit| draw(1, unit) - 0.5).collect();
            let weights: Vec<f64> = (0..n).map(|unit| if draw(2, unit) < 0.5 { 1.0 } else { 2.0 }).collect();
            let take = |values: &[f64], rows: &[usize]| -> Vec<f64> { rows.iter().map(|row| values[*row]).collect() };

            let weighted = Sampling::equal(n).with_weights(&weights).unwrap();
            let plain = rate(&held(&priority), &held(&scores), &weighted, QUICK, &Silent).unwrap();

            let repeated: Vec<usize> = (0..n).flat_map(|unit| vec![unit; weights[unit] as usize]).collect();
            let again = judge(&take(&priority, &repeated), &take(&scores, &repeated));
            prop_assert!((plain.autoc.estimate - again.autoc.estimate).abs() < ROUNDING);
            prop_assert!((plain.qini.estimate - again.qini.estimate).abs() < ROUNDING);
            for (a, b) in plain.toc.iter().zip(&again.toc) {
                prop_assert!((a.estimate - b.estimate).abs() < ROUNDING);
            }

            let mut shuffled: Vec<usize> = (0..n).collect();
            shuffled.sort_by(|a, b| draw(3, *a).total_cmp(&draw(3, *b)));
            let moved_weights = take(&weights, &shuffled);
            let moved = Sampling::equal(n).with_weights(&moved_weights).unwrap();
            let moved = rate(&held(&take(&priority, &shuffled)), &held(&take(&scores, &shuffled)), &moved, QUICK, &Silent).unwrap();
            prop_assert_eq!(&plain, &moved);

            // A cluster of one draws by its id instead of its rank: with ids equal to ranks, the same.
            let [ranked] = rank_all([&priority[..]], &scores, &weighted);
            let mut ids = vec![0; n];
            for (place, unit) in ranked.unit.iter().enumerate() {
                ids[*unit as usize] = place as u32;
            }
            let alone = weighted.with_clusters(&ids).unwrap();
            let alone = rate(&held(&priority), &held(&scores), &alone, QUICK, &Silent).unwrap();
            prop_assert_eq!(&plain, &alone);
        }
    }
}
