//! What do the errors of the report say in Japanese?

use yorisoi::japanese::InJapanese;

use crate::ReportError;

impl InJapanese for ReportError {
    fn japanese(&self) -> String {
        match self {
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
                format!("ページが {bytes} バイトになり、上限の {limit} バイトを超えます")
            }
        }
    }
}
