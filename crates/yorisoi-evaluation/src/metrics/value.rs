//! What is an assignment worth? Its value, and its gain over treating nobody, everybody, or others.

use yorisoi_data::{Estimate, HeldOut};
use yorisoi_effects::{ArmScores, Linear, Sampling, ScoreError};

use crate::EvaluationError;
use crate::error::{check_column, check_len};

/// What an assignment is compared with.
#[derive(Debug, Clone, Copy)]
pub enum Against<'a> {
    /// Control for everyone.
    Nobody,
    /// One arm for everyone.
    Everybody(u8),
    /// Another assignment: one arm a unit.
    Assignment(&'a HeldOut<Vec<u8>>),
}

/// Returns the average outcome if each unit got the arm assigned to it.
///
/// # Formula
///
/// ```text
/// V(π) = Σ wᵢ Γ_{π(i), i} / Σ wᵢ
/// ```
///
/// # Shapes and units
///
/// One arm a unit (0 is control), scores of the same units; the result is in the unit of the outcome.
///
/// # Assumptions
///
/// Assignment and nuisances have not seen these units; one unit's treatment does not touch another's
/// outcome, except within its cluster.
///
/// # Errors
///
/// [`ScoreError::LengthMismatch`], [`ScoreError::NotFinite`], [`ScoreError::UnitOfUnknownArm`],
/// [`ScoreError::TooFew`].
///
/// # Source
///
/// Dudík, Langford & Li (2011), "Doubly robust policy evaluation and learning"; Athey & Wager (2021).
pub fn value(
    assignment: &HeldOut<Vec<u8>>,
    scores: &HeldOut<ArmScores>,
    sampling: &Sampling<'_>,
) -> Result<Estimate, EvaluationError> {
    let values = values(Against::Assignment(assignment), scores.get(), sampling)?;
    Ok(yorisoi_effects::mean(&values, sampling)?)
}

/// Returns how much more an assignment brings per unit than another rule, paired.
///
/// # Formula
///
/// ```text
/// V(π) − V(ρ) = Σ wᵢ (Γ_{π(i), i} − Γ_{ρ(i), i}) / Σ wᵢ
/// ```
///
/// Units treated alike by both contribute exactly zero, which is why the paired interval is sharper
/// than the difference of two values.
///
/// # Errors
///
/// As [`value`].
///
/// # Example
///
/// ```
/// # use yorisoi_data::HeldOut;
/// # use yorisoi_effects::ArmScores;
/// # use yorisoi_evaluation::{Against, Sampling, gain};
/// let scores = ArmScores { arms: vec![vec![1.0, 1.0], vec![4.0, 0.0]] };
/// let assignment = HeldOut::promise(vec![1, 0]);
/// let gain = gain(&assignment, Against::Nobody, &HeldOut::promise(scores), &Sampling::equal(2))?;
/// assert_eq!(gain.estimate, 1.5);
/// # Ok::<(), yorisoi_evaluation::EvaluationError>(())
/// ```
pub fn gain(
    assignment: &HeldOut<Vec<u8>>,
    against: Against<'_>,
    scores: &HeldOut<ArmScores>,
    sampling: &Sampling<'_>,
) -> Result<Estimate, EvaluationError> {
    let ours = values(Against::Assignment(assignment), scores.get(), sampling)?;
    let theirs = values(against, scores.get(), sampling)?;
    let difference: Vec<f64> =
        ours.iter().zip(&theirs).map(|(ours, theirs)| ours - theirs).collect();
    Ok(Linear::mean(&difference, sampling).estimate("the gain of an assignment", sampling)?)
}

/// Returns the score of each unit under the arm that a rule gives it.
fn values(
    rule: Against<'_>,
    scores: &ArmScores,
    sampling: &Sampling<'_>,
) -> Result<Vec<f64>, ScoreError> {
    let n = sampling.n_units();
    for column in &scores.arms {
        check_column("scores", column, n)?;
    }
    if let Against::Assignment(assignment) = rule {
        check_len("assignment", assignment.get().len(), n)?;
    }
    let arm_of = |unit: usize| match rule {
        Against::Nobody => 0,
        Against::Everybody(arm) => usize::from(arm),
        Against::Assignment(assignment) => usize::from(assignment.get()[unit]),
    };
    let value = |unit: usize| {
        let arm = arm_of(unit);
        let last = scores.n_arms().saturating_sub(1);
        let column = scores.arms.get(arm);
        column.map(|column| column[unit]).ok_or(ScoreError::UnitOfUnknownArm { unit, arm, last })
    };
    (0..n).map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worlds::{assert_nominal_coverage, draw, normal};

    fn three_arms() -> HeldOut<ArmScores> {
        HeldOut::promise(ArmScores {
            arms: vec![vec![1.0, 1.0, 1.0], vec![3.0, 0.0, 1.0], vec![2.0, 2.0, -1.0]],
        })
    }

    #[test]
    fn value_and_gains_by_hand() {
        let sampling = Sampling::equal(3);
        let assignment = HeldOut::promise(vec![1, 2, 0]);
        let value = value(&assignment, &three_arms(), &sampling).unwrap();
        assert!((value.estimate - 2.0).abs() < 1e-12);
        // Deviations 1, 0, −1: se² = 3/2 · 2/9.
        assert!((value.std_error - (1.0_f64 / 3.0).sqrt()).abs() < 1e-12);
        let against = |rule| gain(&assignment, rule, &three_arms(), &sampling).unwrap().estimate;
        assert!((against(Against::Nobody) - 1.0).abs() < 1e-12);
        assert!((against(Against::Everybody(1)) - 2.0 / 3.0).abs() < 1e-12);
        let other = HeldOut::promise(vec![2, 2, 2]);
        assert!((against(Against::Assignment(&other)) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn an_assignment_has_no_gain_over_itself_and_no_error() {
        let assignment = HeldOut::promise(vec![1, 2, 0]);
        let against = Against::Assignment(&assignment);
        let gain = gain(&assignment, against, &three_arms(), &Sampling::equal(3)).unwrap();
        assert!(gain.estimate.abs() < 1e-300 && gain.std_error.abs() < 1e-300);
    }

    #[test]
    fn unknown_arms_and_lengths_are_named() {
        let sampling = Sampling::equal(3);
        let unknown = value(&HeldOut::promise(vec![0, 3, 0]), &three_arms(), &sampling);
        assert!(matches!(
            unknown,
            Err(EvaluationError::Score(ScoreError::UnitOfUnknownArm { unit: 1, arm: 3, last: 2 }))
        ));
        let short = value(&HeldOut::promise(vec![0, 1]), &three_arms(), &sampling);
        assert!(matches!(
            short,
            Err(EvaluationError::Score(ScoreError::LengthMismatch { name: "assignment", .. }))
        ));
    }

    #[test]
    fn paired_intervals_cover_the_gain() {
        // Effect X − 1/4; treat X > 1/2 against everybody: gain −E[(X − 1/4) 1{X < 1/2}] = 0, against
        // nobody: E[(X − 1/4) 1{X > 1/2}] = 1/4.
        for cluster_size in [1, 4] {
            let mut covered = [0; 2];
            for seed in 0..600 {
                let (mut arms, mut assignment, mut ids) = (vec![vec![], vec![]], vec![], vec![]);
                for unit in 0..400 {
                    let cluster = unit / cluster_size;
                    let x = draw(seed, 0, cluster);
                    let base = normal(seed, 1, cluster);
                    arms[0].push(base + normal(seed, 3, unit));
                    arms[1].push(base + x - 0.25 + normal(seed, 5, cluster));
                    assignment.push(u8::from(x > 0.5));
                    ids.push(cluster as u32);
                }
                let sampling = Sampling::equal(400).with_clusters(&ids).unwrap();
                let scores = HeldOut::promise(ArmScores { arms });
                let assignment = HeldOut::promise(assignment);
                let truths = [(Against::Everybody(1), 0.0), (Against::Nobody, 0.25)];
                for (covered, (against, truth)) in covered.iter_mut().zip(truths) {
                    let interval =
                        gain(&assignment, against, &scores, &sampling).unwrap().interval_95();
                    *covered += u32::from(interval.low <= truth && truth <= interval.high);
                }
            }
            for covered in covered {
                assert_nominal_coverage(covered, 600);
            }
        }
    }
}
