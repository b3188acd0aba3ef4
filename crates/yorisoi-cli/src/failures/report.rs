//! Errors of the report, in Japanese too.

use yorisoi_report::ReportError;

use crate::failure::Failure;

impl From<ReportError> for Failure {
    fn from(error: ReportError) -> Self {
        let (ja, hint_en, hint_ja) = told(&error);
        let (en, ja) =
            (format!("cannot make the report: {error}"), format!("レポートを作れません: {ja}"));
        Self::input(en, ja).hint(hint_en, hint_ja)
    }
}

fn told(error: &ReportError) -> (String, &'static str, &'static str) {
    const AGAIN: (&str, &str) = (
        "run the study again with this version",
        "この版でもう一度 `yorisoi study` を実行してください",
    );
    let ja = match error {
        ReportError::Format { actual, expected } => {
            format!("要約の形式は {actual} ですが、このレポートが読めるのは {expected} です")
        }
        ReportError::PolicyTree { node, child } => {
            format!("方針の木の節 {node} から節 {child} へは進めません")
        }
        ReportError::PolicyTreeSize { n_nodes, limit } => {
            format!("方針の木の節は {n_nodes} 個です。1 から {limit} 個のはずです")
        }
        ReportError::TooLarge { bytes, limit } => {
            let ja = format!("ページが {bytes} バイトになり、上限の {limit} バイトを超えます");
            return (ja, "study fewer arms at a time", "一度に調べる群を減らしてください");
        }
        other => other.to_string(),
    };
    (ja, AGAIN.0, AGAIN.1)
}
