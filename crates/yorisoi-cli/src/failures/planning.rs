//! Errors of planning, in Japanese too.

use yorisoi::PolicyError;

use super::Told;

/// Returns what an error of planning says, and what helps.
pub(super) fn policy(error: &PolicyError) -> Told {
    let (hint_en, hint_ja) = match error {
        PolicyError::BadLimit { .. } => {
            ("give another value for the limit", "上限に別の値を指定してください")
        }
        PolicyError::BadValue { .. } => (
            "check the column of costs, or the effects, in that row",
            "その行の費用の列または効果を確認してください",
        ),
        PolicyError::TooMany { .. } => ("split the data", "データを分けてください"),
        PolicyError::TooFew { .. } => {
            ("collect more rows, or more clusters", "行またはクラスターを増やしてください")
        }
        _ => (
            "please report this: it should not happen",
            "起こらないはずのことです。お知らせください",
        ),
    };
    Told { ja: policy_ja(error), hint_en, hint_ja }
}

fn policy_ja(error: &PolicyError) -> String {
    match error {
        PolicyError::NoArms => "提案できる群がありません".to_owned(),
        PolicyError::ArmMismatch { name, actual, expected } => {
            format!("`{name}` の群は {actual} 個ですが、{expected} 個のはずです")
        }
        PolicyError::LengthMismatch { name, actual, expected, .. } => {
            format!("`{name}` は {actual} 件ですが、{expected} 件のはずです")
        }
        PolicyError::BadValue { name, unit, value, .. } => {
            format!("{unit} 番のデータの `{name}` の値 {value} は使えません")
        }
        PolicyError::BadLimit { name, value, .. } => format!("`{name}` の値 {value} は使えません"),
        PolicyError::TooMany { actual, most, .. } => {
            format!("{actual} 件は多すぎます。{most} 件までです")
        }
        PolicyError::TooFew { actual, least } => format!(
            "互いに独立な人（クラスター）が {actual} しかありません。標準誤差には {least} 以上必要です"
        ),
        PolicyError::NotPaired { what } => format!("2 つの曲線の `{what}` が異なります"),
        other => other.to_string(),
    }
}
