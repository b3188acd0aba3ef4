//! What helps against errors of planning.

use yorisoi::PolicyError;

use super::Hint;

/// Returns what helps against an error of planning.
pub(super) fn policy(error: &PolicyError) -> Hint {
    match error {
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
    }
}
