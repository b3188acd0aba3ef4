//! Errors of roles, in Japanese too.

use yorisoi::data::RoleError;

use crate::failure::Failure;

impl From<RoleError> for Failure {
    fn from(error: RoleError) -> Self {
        let failure = Self::input(error.to_string(), message_ja(&error));
        match &error {
            // A study compares arms, so the way out through amounts leads elsewhere.
            RoleError::ManyArms { .. } => failure.hint(
                "join values into a few arms; effects of an amount can be learned with \
                 `yorisoi fit --dose`",
                "値を少数の群にまとめてください。量の効果は `yorisoi fit --dose` で学習できます",
            ),
            _ => failure.hint(error.hint(), hint_ja(&error)),
        }
    }
}

fn role_ja(role: &str) -> &str {
    match role {
        "treatment" => "施策",
        "outcome" => "結果",
        "cluster" => "まとまり",
        "weight" => "重み",
        "propensity" => "割付確率",
        "feature" => "特徴",
        other => other,
    }
}

fn listed(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join("、")
}

fn message_ja(error: &RoleError) -> String {
    match error {
        RoleError::UnknownColumn { role, column, nearest } => {
            let maybe = if nearest.is_empty() {
                String::new()
            } else {
                format!("。もしかして {} ですか", listed(nearest))
            };
            format!("{}の列 `{column}` がありません{maybe}", role_ja(role))
        }
        RoleError::TwoRoles { column, first, second } => {
            let (first, second) = (role_ja(first), role_ja(second));
            format!("列 `{column}` を{first}と{second}の両方に使うことはできません")
        }
        RoleError::NotNumeric { role, column, row, text } => {
            format!(
                "{}の列 `{column}` は数値のはずですが、{row} 行目が `{text}` です",
                role_ja(role)
            )
        }
        RoleError::NotFinite { role, column, row, value } => {
            format!("{}の列 `{column}` の {row} 行目が {value} です", role_ja(role))
        }
        RoleError::BadWeight { column, row, value } => {
            format!("重みの列 `{column}` の {row} 行目が {value} です。重みは正の数です")
        }
        RoleError::BadPropensity { column, row, value } => {
            bad_propensity(column.as_deref(), *row, *value)
        }
        RoleError::PropensityMismatch { arms, .. } => {
            format!("割付確率が群 {} に合いません", listed(arms))
        }
        RoleError::NoControl { column, arms } => {
            format!("`{column}` のどの群が比較の基準か分かりません: {}", listed(arms))
        }
        RoleError::UnknownControl { column, control, arms } => {
            format!("`{column}` に群 `{control}` はありません: {}", listed(arms))
        }
        RoleError::ManyArms { column, limit } => {
            format!("施策 `{column}` の値が {limit} 種類を超えています")
        }
        RoleError::OneArm { column, arm } => {
            format!("`{column}` は全員が `{arm}` です。比べる相手がいません")
        }
        RoleError::SmallArm { column, arm, rows, needed } => {
            format!(
                "`{column}` の群 `{arm}` の使える行は {rows} 行です。少なくとも {needed} 行必要です"
            )
        }
        RoleError::ConstantOutcome { column, value } => {
            format!("結果 `{column}` は全員 {value} です。説明するものがありません")
        }
        RoleError::ConstantDose { column, value } => {
            format!("施策 `{column}` は全員 {value} です。比べるものがありません")
        }
        RoleError::TooFewRows { rows, total, needed } => {
            format!("{total} 行のうち使えるのは {rows} 行です。少なくとも {needed} 行必要です")
        }
        RoleError::NoFeatures => "人を区別する特徴が残っていません".to_owned(),
        RoleError::TreatmentInFeatures { column, treatment } => {
            format!("特徴 `{column}` から施策 `{treatment}` が完全に分かってしまいます")
        }
        RoleError::OutcomeInFeatures { column, outcome } => {
            format!("特徴 `{column}` から結果 `{outcome}` が分かってしまいます")
        }
        other => other.to_string(),
    }
}

fn bad_propensity(column: Option<&str>, row: usize, value: f64) -> String {
    let place = match (column, row) {
        (Some(arm), 0) => format!("`{arm}` の"),
        (Some(column), row) => format!("列 `{column}` の {row} 行目の"),
        (None, _) => String::new(),
    };
    format!("{place}割付確率 {value} が 0 と 1 の間にありません")
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
        RoleError::BadWeight { .. } => "数えない行を除くか、`--weight` を外してください",
        RoleError::BadPropensity { .. } => {
            "施策を必ず受ける（受けない）人からは何も分かりません。その行を除くか、`--propensity` を外して推定に任せてください"
        }
        RoleError::PropensityMismatch { .. } => {
            "群ごとに確率を1つ、合計が 1 になるように指定するか、`--propensity` を外してください"
        }
        RoleError::NoControl { arms, .. } | RoleError::UnknownControl { arms, .. } => {
            let example = arms.first().map_or("ARM", String::as_str);
            return format!(
                "比較の基準となる群を `--control \"{example}\"` のように指定してください"
            );
        }
        RoleError::OneArm { .. } | RoleError::ConstantDose { .. } => {
            "別の施策を受けた人、または何も受けなかった人の行を加えてください"
        }
        RoleError::SmallArm { arm, .. } => {
            return format!("行を増やすか、`{arm}` を似た群とまとめるか、その行を除いてください");
        }
        RoleError::ConstantOutcome { .. } => {
            "結果の列と、結果で行を絞り込んでいないかを確認してください"
        }
        RoleError::TooFewRows { .. } => "行を増やし、結果と施策の列の空欄を確認してください",
        RoleError::NoFeatures => "施策より前に分かっていた列を加えてください",
        RoleError::TreatmentInFeatures { column, .. } => {
            return format!(
                "`--drop {column}` で除いてください。この列で施策の相手を決めたのなら、群を比べることはできません"
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
