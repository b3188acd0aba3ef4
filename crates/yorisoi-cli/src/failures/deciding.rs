//! Why a document is no policy that may decide, in Japanese too.

use yorisoi_decision::PolicyError;

use crate::failure::Failure;

impl From<PolicyError> for Failure {
    fn from(error: PolicyError) -> Self {
        Self::input(error.to_string(), japanese(&error)).hint(
            "docs/policy.schema.json has every field, docs/policies three examples",
            "項目の一覧は docs/policy.schema.json、例は docs/policies にあります",
        )
    }
}

fn japanese(error: &PolicyError) -> String {
    match error {
        PolicyError::Unreadable { reason } => format!("方針を読み取れません: {reason}"),
        PolicyError::OutOfRange { field, actual, expected } => {
            format!("`{field}` は {actual} です。使える値: {expected}")
        }
        PolicyError::DuplicateAction { action } => {
            format!("働きかけ `{action}` が 2 つあります。別の名前にしてください")
        }
        PolicyError::MissingKind { kind } => {
            format!(
                "種類 `{kind}` の働きかけがありません。見守ることがいつでもできるよう、加えてください"
            )
        }
        PolicyError::UnknownAction { field, action } => {
            format!("`{field}` の働きかけ `{action}` は一覧にありません")
        }
        PolicyError::UnknownZone { zone } => {
            format!("`{zone}` という時間帯はありません。`Asia/Tokyo` のように指定してください")
        }
        other => other.to_string(),
    }
}
