//! Errors of planning, in Japanese.

use yorisoi_policy::PolicyError;

use super::InJapanese;

impl InJapanese for PolicyError {
    fn japanese(&self) -> String {
        policy_ja(self)
    }
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
