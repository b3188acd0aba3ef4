//! Errors of model files, in Japanese too.

use yorisoi::effects::ModelError;

use crate::failure::Failure;

impl From<ModelError> for Failure {
    fn from(error: ModelError) -> Self {
        Self::input(error.to_string(), message_ja(&error)).hint(error.hint(), hint_ja(&error))
    }
}

fn message_ja(error: &ModelError) -> String {
    match error {
        ModelError::NotAModel => {
            "Yorisoi のモデルではありません（先頭が `YORISOI` ではありません）".to_owned()
        }
        ModelError::Version { actual, expected } => {
            format!("モデルの形式は {actual} ですが、このプログラムが読めるのは {expected} です")
        }
        ModelError::Length { actual, expected } => format!(
            "モデルの中身は {actual} バイトですが、{expected} バイトのはずです。途中で切れているか、余分なものが付いています"
        ),
        ModelError::Checksum => {
            "モデルのチェックサムが一致しません。少なくとも 1 バイトが変わっています".to_owned()
        }
        ModelError::Unsound { what } => {
            format!("モデルの中身が矛盾しています（{what}）")
        }
        other => other.to_string(),
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
