//! Why a document is no policy that may decide, with what helps.

use yorisoi_decision::PolicyError;

use crate::failure::Failure;

impl From<PolicyError> for Failure {
    fn from(error: PolicyError) -> Self {
        let words = error.words();
        Self::input(words.en, words.ja).hint(
            "docs/policy.schema.json has every field, docs/policies three examples",
            "項目の一覧は docs/policy.schema.json、例は docs/policies にあります",
        )
    }
}
