//! Errors of judging, in Japanese too. A table that was read and given its roles meets few of them.

use yorisoi::EvaluationError;
use yorisoi::effects::ScoreError;

use super::Told;

/// Returns what an error of judging says, and what helps.
pub(super) fn evaluation(error: &EvaluationError) -> Told {
    match error {
        EvaluationError::Score(error) => score(error),
        EvaluationError::Option { option, value, .. } => Told {
            ja: format!("`{option}` の {value} は使えない値です"),
            hint_en: "give a value within the range",
            hint_ja: "範囲内の値を指定してください",
        },
        EvaluationError::SingleUnit { unit } => Told {
            ja: format!("{unit} 番のデータの人だけで係数が決まってしまいます"),
            hint_en: "leave out the feature that only this row has",
            hint_ja: "その行だけに値がある特徴量を除いてください",
        },
        EvaluationError::NotAnEstimate { .. } => Told {
            ja: "推定値のひとつが有限の数になりません".to_owned(),
            hint_en: "check the outcome for extreme values",
            hint_ja: "結果の列に極端な値がないか確認してください",
        },
        EvaluationError::Unsupported(_) => Told {
            ja: "記録にない選び方をする方針のため、この記録からは価値が分かりません".to_owned(),
            hint_en: "give the action a small chance for a while, or take it out of the policy",
            hint_ja: "その手段をしばらく小さな確率で試すか、方針から外してください",
        },
        other => Told::untold(other),
    }
}

/// Returns what an error of scores says, and what helps.
pub(super) fn score(error: &ScoreError) -> Told {
    const MISTAKE: (&str, &str) =
        ("please report this: it should not happen", "起こらないはずのことです。お知らせください");
    let ja = match error {
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
            return Told {
                ja: format!("{unit} 番のデータの割付確率 {w_hat} が 0 と 1 の間にありません"),
                hint_en: "leave such rows out with `--trim 0.01`, or give known probabilities with \
                          `--propensity`",
                hint_ja: "`--trim 0.01` で除くか、`--propensity` で既知の確率を指定してください",
            };
        }
        ScoreError::PropensitySum { unit, sum } => {
            return Told {
                ja: format!("{unit} 番のデータの割付確率の合計が {sum} です。1 になるはずです"),
                hint_en: "give probabilities that sum to 1",
                hint_ja: "合計が 1 になるように確率を指定してください",
            };
        }
        ScoreError::NotFinite { name, unit, value } => {
            return Told {
                ja: format!("{unit} 番のデータの `{name}` が {value} です。有限の数のはずです"),
                hint_en: "check the row for extreme values",
                hint_ja: "その行に極端な値がないか確認してください",
            };
        }
        ScoreError::Weight { unit, weight } => {
            return Told {
                ja: format!("{unit} 番のデータの重みが {weight} です。重みは正の数です"),
                hint_en: "remove rows that must not count, or leave `--weight` out",
                hint_ja: "数えない行を除くか、`--weight` を外してください",
            };
        }
        ScoreError::NothingMoves { unit } => {
            format!("{unit} 番のデータでは、偶然によって働きかけが変わることがありません")
        }
        ScoreError::TooFew { actual, needed, .. } => {
            return Told {
                ja: format!(
                    "互いに独立な人（クラスター）が {actual} しかありません。少なくとも {needed} 必要です"
                ),
                hint_en: "collect more rows, or more clusters",
                hint_ja: "行またはクラスターを増やしてください",
            };
        }
        other => return Told::untold(other),
    };
    Told { ja, hint_en: MISTAKE.0, hint_ja: MISTAKE.1 }
}
