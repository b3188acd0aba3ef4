//! Errors of roles, in Japanese.

use yorisoi_data::{PropensityMisfit, RoleError, spell_number};

use super::InJapanese;

impl InJapanese for RoleError {
    fn japanese(&self) -> String {
        message_ja(self)
    }
}

fn role_ja(role: &str) -> &str {
    match role {
        "treatment" => "働きかけ",
        "outcome" => "結果",
        "cluster" => "クラスター",
        "weight" => "重み",
        "propensity" => "割付確率",
        "feature" => "特徴量",
        other => other,
    }
}

/// Lists names, a dozen at most.
pub(super) fn listed(names: &[String]) -> String {
    const SHOWN: usize = 12;
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    let rest = names.len().saturating_sub(SHOWN);
    let tail = if rest > 0 { format!(" ほか {rest} 個") } else { String::new() };
    shown.join("、") + &tail
}

#[expect(
    clippy::too_many_lines,
    reason = "a catalogue: one arm a variant, in the order of the enum"
)]
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
        RoleError::TooLarge { role, column, row, value } => {
            format!(
                "{}の列 `{column}` の {row} 行目が {value:e} で、計算できる大きさを超えています",
                role_ja(role)
            )
        }
        RoleError::TooFine { role, column, spread, size } => format!(
            "{}の列 `{column}` は最大 {size:.1e} に対して {spread:.1e} しかばらつかず、違いを計算できません",
            role_ja(role)
        ),
        RoleError::BadWeight { column, row, value } => {
            format!(
                "重みの列 `{column}` の {row} 行目が{}。重みは 1e-9 から 1e9 までの数です",
                found(*value)
            )
        }
        RoleError::BadPropensity { column, row, value } => {
            bad_propensity(column.as_deref(), *row, *value)
        }
        RoleError::PropensityMismatch { arms, reason } => {
            format!("割付確率が群 {} に合いません。{}", listed(arms), misfit(reason))
        }
        RoleError::NoControl { column, arms } => {
            format!("`{column}` のどの群が比較の基準か分かりません: {}", listed(arms))
        }
        RoleError::UnknownControl { column, control, arms } => {
            format!("`{column}` に群 `{control}` はありません: {}", listed(arms))
        }
        RoleError::ManyArms { column, limit } => {
            format!("働きかけ `{column}` の値が {limit} 種類を超えています")
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
            format!("働きかけ `{column}` は全員 {value} です。比べるものがありません")
        }
        RoleError::TooFewRows { rows, total, needed } => {
            format!("{total} 行のうち使えるのは {rows} 行です。少なくとも {needed} 行必要です")
        }
        RoleError::NoFeatures => "人を区別する特徴量が残っていません".to_owned(),
        RoleError::TreatmentInFeatures { column, treatment } => {
            format!("特徴量 `{column}` から働きかけ `{treatment}` が完全に分かってしまいます")
        }
        RoleError::OutcomeInFeatures { column, outcome } => {
            format!("特徴量 `{column}` から結果 `{outcome}` が分かってしまいます")
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
    if value.is_nan() {
        return format!("{place}割付確率がありません。0 と 1 の間の数が必要です");
    }
    format!("{place}割付確率 {value} が 0 と 1 の間にありません")
}

fn found(value: f64) -> String {
    if value.is_nan() {
        "ありません".to_owned()
    } else {
        format!(" {} です", spell_number(value))
    }
}

fn misfit(reason: &PropensityMisfit) -> String {
    match reason {
        PropensityMisfit::Dose => "働きかけが量のため、割付確率はありません".to_owned(),
        PropensityMisfit::OneNumber => {
            "数値を 1 つだけ指定できるのは、対照群のほかに群が 1 つのときです".to_owned()
        }
        PropensityMisfit::OneColumn => {
            "列で指定できるのは、対照群のほかに群が 1 つのときです".to_owned()
        }
        PropensityMisfit::UnknownArm { arm } => format!("群 `{arm}` はありません"),
        PropensityMisfit::Sum { sum } => format!("合計が {sum} です"),
        PropensityMisfit::RowSum { row, sum } => format!("{row} 行目の合計が {sum} です"),
        PropensityMisfit::NothingLeftInRow { row, sum, arm } => {
            format!("{row} 行目の合計が {sum} で、`{arm}` の分が残りません")
        }
        PropensityMisfit::ColumnCount { actual } => {
            format!("順に指定された列は {actual} 個です")
        }
        PropensityMisfit::NothingLeft { sum, arm } => {
            format!("合計が {sum} で、`{arm}` の分が残りません")
        }
        PropensityMisfit::SeveralMissing { arm } => {
            format!("`{arm}` を含む 2 つ以上の群に確率がありません")
        }
        other => other.to_string(),
    }
}
