//! Errors of reading, in Japanese.

use yorisoi_data::read::ReadError;

use super::InJapanese;
use super::io::io_reason;
use super::roles::listed;

impl InJapanese for ReadError {
    fn japanese(&self) -> String {
        message_ja(self)
    }
}

fn message_ja(error: &ReadError) -> String {
    match error {
        ReadError::Empty { file } => format!("`{file}` は空です"),
        ReadError::HeaderOnly { file } => format!("`{file}` には列名だけがあり、行がありません"),
        ReadError::NotATable { file, found } => {
            format!("`{file}` は表ではありません（{}のようです）", found_ja(found))
        }
        ReadError::Ragged { file, row, line, expected, actual } => {
            format!(
                "`{file}` の{}の項目数は {actual} です。{expected} 個のはずです",
                place(*row, *line)
            )
        }
        ReadError::UnclosedQuote { file, row, line, column } => {
            let place = place(*row, *line);
            format!("`{file}` の{place}、{column} 列目の二重引用符が閉じられていません")
        }
        ReadError::Undecodable { file, row, line, column } => {
            format!("`{file}` の{}、列 `{column}` の文字を読み取れません", place(*row, *line))
        }
        ReadError::DuplicateColumn { file, column, first, second } => {
            format!("`{file}` の {first} 列目と {second} 列目の名前がどちらも `{column}` です")
        }
        ReadError::UnnamedColumn { file, position } => {
            format!("`{file}` の {position} 列目に名前がありません")
        }
        ReadError::TooManyColumns { file, limit } => {
            format!("`{file}` の列が {limit} 列を超えています")
        }
        ReadError::TooLong { file, row, line, column, limit_bytes } => {
            let place = place(*row, *line);
            format!("`{file}` の{place}、{column} 列目の項目が {limit_bytes} バイトを超えています")
        }
        ReadError::TooManyRows { file, limit } => {
            format!("`{file}` の行が {limit} 行を超えています")
        }
        ReadError::Truncated { file, format, row } => {
            format!("`{file}` が途中で切れています（{format}{}）", after(*row))
        }
        ReadError::Corrupt { file, format, reason, row } => {
            format!("`{file}` が壊れています（{format}: {reason}{}）", after(*row))
        }
        ReadError::UnsupportedColumn { file, column, data_type } => {
            format!("`{file}` の列 `{column}` の型 {data_type} は数値でも文字でもありません")
        }
        ReadError::UnknownColumn { file, column, nearest } => {
            let maybe = if nearest.is_empty() {
                String::new()
            } else {
                format!("。もしかして {} ですか", listed(nearest))
            };
            format!("`{file}` に列 `{column}` がありません{maybe}")
        }
        ReadError::Io { file, source, row } => {
            format!("`{file}` を読めません{}: {}", after(*row), io_reason(source).ja)
        }
        other => other.to_string(),
    }
}

fn place(row: usize, line: u64) -> String {
    match row {
        0 => format!("列名の行（テキストの {line} 行目）"),
        row => format!(" {row} 行目（テキストの {line} 行目）"),
    }
}

fn after(row: usize) -> String {
    if row == 0 { String::new() } else { format!("、{row} 行目のあと") }
}

fn found_ja(found: &str) -> &str {
    match found {
        "an Excel workbook or a zip archive" => "Excel ブックか zip ファイル",
        "an old Excel workbook" => "旧形式の Excel ブック",
        "a PDF document" => "PDF 文書",
        "an Arrow file" => "Arrow ファイル",
        "an SQLite database" => "SQLite データベース",
        "a file compressed with xz" => "xz で圧縮されたファイル",
        "a file compressed with bzip2" => "bzip2 で圧縮されたファイル",
        "a picture" => "画像",
        "a program" => "プログラム",
        "an HTML or XML document" => "HTML か XML の文書",
        "a JSON document" => "JSON 文書",
        "binary data (or UTF-16 text without a byte order mark)" => {
            "バイナリーデータか、バイト順マークのない UTF-16 "
        }
        other => other,
    }
}
