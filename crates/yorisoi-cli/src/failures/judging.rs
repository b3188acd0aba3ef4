//! What helps against errors of judging. A table that was read and given its roles meets few of them.

use yorisoi::EvaluationError;
use yorisoi::effects::ScoreError;

use super::{Hint, UNTOLD};

/// Returns what helps against an error of judging.
pub(super) fn evaluation(error: &EvaluationError) -> Hint {
    match error {
        EvaluationError::Score(error) => score(error),
        EvaluationError::Option { .. } => {
            ("give a value within the range", "範囲内の値を指定してください")
        }
        EvaluationError::SingleUnit { .. } => (
            "leave out the feature that only this row has",
            "その行だけに値がある特徴量を除いてください",
        ),
        EvaluationError::NotAnEstimate { .. } => {
            ("check the outcome for extreme values", "結果の列に極端な値がないか確認してください")
        }
        EvaluationError::Unsupported(_) => (
            "give the action a small chance for a while, or take it out of the policy",
            "その手段をしばらく小さな確率で試すか、方針から外してください",
        ),
        _ => UNTOLD,
    }
}

/// Returns what helps against an error of scores.
fn score(error: &ScoreError) -> Hint {
    match error {
        ScoreError::NoOverlap { .. } => (
            "leave such rows out with `--trim 0.01`, or give known probabilities with \
             `--propensity`",
            "`--trim 0.01` で除くか、`--propensity` で既知の確率を指定してください",
        ),
        ScoreError::PropensitySum { .. } => {
            ("give probabilities that sum to 1", "合計が 1 になるように確率を指定してください")
        }
        ScoreError::NotFinite { .. } => {
            ("check the row for extreme values", "その行に極端な値がないか確認してください")
        }
        ScoreError::Weight { .. } => (
            "remove rows that must not count, or leave `--weight` out",
            "数えない行を除くか、`--weight` を外してください",
        ),
        ScoreError::TooFew { .. } => {
            ("collect more rows, or more clusters", "行またはクラスターを増やしてください")
        }
        ScoreError::LengthMismatch { .. }
        | ScoreError::ArmMismatch { .. }
        | ScoreError::UnknownArm { .. }
        | ScoreError::UnitOfUnknownArm { .. }
        | ScoreError::NothingMoves { .. } => (
            "please report this: it should not happen",
            "起こらないはずのことです。お知らせください",
        ),
        _ => UNTOLD,
    }
}
