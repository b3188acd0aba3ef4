//! Errors of model files, in Japanese.

use yorisoi_effects::ModelError;

use super::InJapanese;

impl InJapanese for ModelError {
    fn japanese(&self) -> String {
        message_ja(self)
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
