//! Errors of model files, with what helps.

use yorisoi::effects::ModelError;
use yorisoi::japanese::InJapanese as _;

use crate::failure::Failure;

impl From<ModelError> for Failure {
    fn from(error: ModelError) -> Self {
        Self::input(error.to_string(), error.japanese()).hint(error.hint(), hint_ja(&error))
    }
}

fn hint_ja(error: &ModelError) -> &'static str {
    match error {
        ModelError::NotAModel => {
            "`yorisoi study` か `yorisoi fit` が書いたファイル（model.yorisoi など）を指定してください"
        }
        ModelError::Version { .. } => "この版の yorisoi でモデルを学習し直してください",
        _ => "元の場所からもう一度コピーするか、モデルを学習し直してください",
    }
}
