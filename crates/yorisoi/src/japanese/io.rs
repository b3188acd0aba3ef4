//! What the operating system refuses, in both languages.

use std::io::{self, ErrorKind};

use crate::summary::Words;

/// Returns why the system refused, in words where they are known and in its own otherwise.
pub fn io_reason(error: &io::Error) -> Words {
    let (en, ja) = match error.kind() {
        ErrorKind::NotFound => ("there is no such file", "見つかりません"),
        ErrorKind::PermissionDenied => ("you have no permission", "権限がありません"),
        ErrorKind::IsADirectory => ("it is a folder", "フォルダーです"),
        ErrorKind::NotADirectory => {
            ("a part of the path is no folder", "途中の場所がフォルダーではありません")
        }
        ErrorKind::StorageFull => ("there is no space left", "空き容量がありません"),
        ErrorKind::QuotaExceeded => {
            ("your share of the disk is used up", "割り当て容量を使い切っています")
        }
        ErrorKind::ReadOnlyFilesystem => ("the disk is read-only", "書き込みできないディスクです"),
        ErrorKind::FileTooLarge => ("the file would be too large", "ファイルが大きすぎます"),
        ErrorKind::InvalidFilename => ("the name cannot be a file's", "ファイル名として使えません"),
        ErrorKind::TimedOut => ("it took too long", "時間内に応答がありません"),
        ErrorKind::BrokenPipe => ("the reader has gone away", "受け取る側が終了しています"),
        _ => return Words { en: error.to_string(), ja: error.to_string() },
    };
    Words { en: en.to_owned(), ja: ja.to_owned() }
}
