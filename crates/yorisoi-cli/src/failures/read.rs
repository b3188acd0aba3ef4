//! Errors of reading, with what helps.

use yorisoi::data::read::ReadError;
use yorisoi::japanese::InJapanese as _;

use crate::failure::Failure;

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        Self::input(error.to_string(), error.japanese()).hint(error.hint(), hint_ja(&error))
    }
}

fn hint_ja(error: &ReadError) -> &'static str {
    match error {
        ReadError::Empty { .. } => "書き出しが最後まで終わったか、場所が正しいかを確認してください",
        ReadError::HeaderOnly { .. } => "書き出しの条件を確認してください。1行も残っていません",
        ReadError::NotATable { .. } => {
            "CSV（カンマ、セミコロン、タブ区切り。UTF-8、BOM 付き UTF-16、Shift_JIS）か Parquet を、\
             そのままか gzip・zstd で圧縮して渡してください"
        }
        ReadError::Ragged { .. } => {
            "区切り文字や改行を含む項目は二重引用符で囲み、すべての行の項目数をそろえてください"
        }
        ReadError::UnclosedQuote { .. } => {
            "引用符を閉じてください。引用符の中の二重引用符は 2 つ重ねて書きます"
        }
        ReadError::Undecodable { .. } => "UTF-8 で保存し直してください",
        ReadError::DuplicateColumn { .. } => "どちらかの名前を変えるか、取り除いてください",
        ReadError::UnnamedColumn { .. } => {
            "1行目のすべての列に名前を付けるか、その列を取り除いてください"
        }
        ReadError::TooManyColumns { .. } => {
            "1人が1行になっているか、行の間に改行があるかを確認し、必要な列だけにしてください"
        }
        ReadError::TooLong { .. } => "閉じられていない二重引用符があるようです。閉じてください",
        ReadError::TooManyRows { .. } => "行を抽出するか、ひとつの期間だけにしてください",
        ReadError::Truncated { .. } => {
            "もう一度コピーするか書き出してください。最後まで届いていません"
        }
        ReadError::Corrupt { .. } => {
            "もう一度コピーするか書き出してください。圧縮ファイルは `gzip -t` や `zstd -t` で調べられます"
        }
        ReadError::UnsupportedColumn { .. } => {
            "その列を除くか、中身を数値か文字の列に分けてください"
        }
        ReadError::UnknownColumn { .. } => "つづりを確認してください。大文字と小文字は区別されます",
        ReadError::Io { .. } => "ファイルを読めるか確認して、もう一度試してください",
        _ => "入力を確認してください",
    }
}
