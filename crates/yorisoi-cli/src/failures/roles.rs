//! Errors of roles, with what helps.

use yorisoi::data::RoleError;
use yorisoi::japanese::InJapanese as _;

use crate::failure::Failure;

impl From<RoleError> for Failure {
    fn from(error: RoleError) -> Self {
        let failure = Self::input(error.to_string(), error.japanese());
        failure.hint(error.hint(), hint_ja(&error))
    }
}

fn hint_ja(error: &RoleError) -> String {
    let hint = match error {
        RoleError::UnknownColumn { .. } => "つづりを確認してください。大文字と小文字は区別されます",
        RoleError::TwoRoles { .. } => "どちらかに別の列を指定してください",
        RoleError::NotNumeric { role: "outcome", .. } => {
            "結果は数値か true/false、または yes と no のような 2 種類の文字にしてください。不明な場合は空欄にします"
        }
        RoleError::NotNumeric { .. } => "数値がない場合は空欄にしてください",
        RoleError::NotFinite { .. } => {
            "正しい値を入れるか、空欄にしてください。空欄の行は除かれます"
        }
        RoleError::TooLarge { .. } => {
            "その値を確認してください。正しい場合は、百万単位など、より大きな単位にしてください"
        }
        RoleError::TooFine { .. } => "列の最小値などの定数を引くか、より小さな単位にしてください",
        RoleError::BadWeight { .. } => "数えない行を除くか、`--weight` を外してください",
        RoleError::BadPropensity { .. } => {
            "働きかけを必ず受ける（受けない）人からは何も分かりません。その行を除くか、`--propensity` を外して推定に任せてください"
        }
        RoleError::PropensityMismatch { .. } => {
            "群ごとに数値か列を、合計が 1 になるように指定するか、`--propensity` を外してください"
        }
        RoleError::NoControl { arms, .. } | RoleError::UnknownControl { arms, .. } => {
            let example = arms.first().map_or("ARM", String::as_str);
            return format!(
                "比較の基準となる群を `--control \"{example}\"` のように指定してください"
            );
        }
        RoleError::OneArm { .. } | RoleError::ConstantDose { .. } => {
            "別の働きかけを受けた人、または何も受けなかった人の行を加えてください"
        }
        RoleError::SmallArm { arm, .. } => {
            return format!("行を増やすか、`{arm}` を似た群とまとめるか、その行を除いてください");
        }
        RoleError::ConstantOutcome { .. } => {
            "結果の列と、結果で行を絞り込んでいないかを確認してください"
        }
        RoleError::TooFewRows { .. } => "行を増やし、結果と働きかけの列の空欄を確認してください",
        RoleError::NoFeatures => "働きかけより前に分かっていた列を加えてください",
        RoleError::TreatmentInFeatures { column, .. } => {
            return format!(
                "`--drop {column}` で除いてください。この列で働きかけの相手を決めたのなら、群を比べることはできません"
            );
        }
        RoleError::OutcomeInFeatures { column, .. } => {
            return format!(
                "結果と同時かそのあとに測られた列です。`--drop {column}` で除いてください"
            );
        }
        _ => "列の指定を確認してください",
    };
    hint.to_owned()
}
