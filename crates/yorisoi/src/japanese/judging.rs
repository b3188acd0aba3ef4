//! Errors of judging, in Japanese. A table that was read and given its roles meets few of them.

use yorisoi_effects::ScoreError;
use yorisoi_evaluation::EvaluationError;

use super::InJapanese;

impl InJapanese for EvaluationError {
    fn japanese(&self) -> String {
        match self {
            EvaluationError::Score(error) => error.japanese(),
            EvaluationError::Option { option, value, .. } => {
                format!("`{option}` の {value} は使えない値です")
            }
            EvaluationError::SingleUnit { unit } => {
                format!("{unit} 番のデータの人だけで係数が決まってしまいます")
            }
            EvaluationError::NotAnEstimate { .. } => {
                "推定値のひとつが有限の数になりません".to_owned()
            }
            EvaluationError::Unsupported(_) => {
                "記録にない選び方をする方針のため、この記録からは価値が分かりません".to_owned()
            }
            other => other.to_string(),
        }
    }
}

impl InJapanese for ScoreError {
    fn japanese(&self) -> String {
        match self {
            ScoreError::LengthMismatch { name, actual, expected } => {
                format!("`{name}` は {actual} 件ですが、{expected} 件のはずです")
            }
            ScoreError::ArmMismatch { name, actual, expected } => {
                format!("`{name}` の群は {actual} 個ですが、{expected} 個のはずです")
            }
            ScoreError::UnknownArm { arm, last } => {
                format!("群 {arm} はありません。群は 0（対照群）から {last} までです")
            }
            ScoreError::UnitOfUnknownArm { unit, arm, last } => {
                format!(
                    "{unit} 番のデータの群 {arm} はありません。群は 0（対照群）から {last} までです"
                )
            }
            ScoreError::NoOverlap { unit, w_hat, .. } => {
                format!("{unit} 番のデータの割付確率 {w_hat} が 0 と 1 の間にありません")
            }
            ScoreError::PropensitySum { unit, sum } => {
                format!("{unit} 番のデータの割付確率の合計が {sum} です。1 になるはずです")
            }
            ScoreError::NotFinite { name, unit, value } => {
                format!("{unit} 番のデータの `{name}` が {value} です。有限の数のはずです")
            }
            ScoreError::Weight { unit, weight } => {
                format!("{unit} 番のデータの重みが {weight} です。重みは正の数です")
            }
            ScoreError::NothingMoves { unit } => {
                format!("{unit} 番のデータでは、偶然によって働きかけが変わることがありません")
            }
            ScoreError::TooFew { actual, needed, .. } => format!(
                "互いに独立な人（クラスター）が {actual} しかありません。少なくとも {needed} 必要です"
            ),
            other => other.to_string(),
        }
    }
}
