//! Errors of the report, with what helps.

use yorisoi::japanese::InJapanese as _;
use yorisoi_report::ReportError;

use crate::failure::Failure;

impl From<ReportError> for Failure {
    fn from(error: ReportError) -> Self {
        let (en, ja) = (
            format!("cannot make the report: {error}"),
            format!("レポートを作れません: {}", error.japanese()),
        );
        let (hint_en, hint_ja) = match error {
            ReportError::TooLarge { .. } => {
                ("study fewer arms at a time", "一度に調べる群を減らしてください")
            }
            _ => (
                "run the study again with this version",
                "この版でもう一度 `yorisoi study` を実行してください",
            ),
        };
        Self::input(en, ja).hint(hint_en, hint_ja)
    }
}
