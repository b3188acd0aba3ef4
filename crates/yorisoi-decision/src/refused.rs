//! How are people told that an identifier or a policy cannot be used? In English by the error, in Japanese here.

use crate::action::Words;
use crate::ids::{ID_BYTES_MAX, IdError};
use crate::policy::PolicyError;

impl IdError {
    /// What to tell somebody, in both languages.
    pub fn words(&self) -> Words {
        let ja = match self {
            Self::Empty { what } => format!("{}を入力してください。", called(what)),
            Self::TooLong { what, actual } => format!(
                "{}が長すぎます（{actual} バイト）。{ID_BYTES_MAX} バイトまでにしてください。",
                called(what)
            ),
            Self::Unprintable { what, code } => format!(
                "{}に、表示できない文字（U+{code:04X}）が含まれています。取り除いてください。",
                called(what)
            ),
        };
        Words { en: self.to_string(), ja }
    }
}

/// What an identifier is of.
fn called(what: &str) -> &str {
    match what {
        "client" => "お客さま番号",
        "household" => "世帯",
        "action" => "働きかけ",
        "agent" => "担当者名",
        "team" => "チーム",
        "topic" => "話題",
        "channel" => "連絡手段",
        "decision" => "判断の番号",
        other => other,
    }
}

impl PolicyError {
    /// What to tell somebody, in both languages. Fields are called as they stand in the document.
    pub fn words(&self) -> Words {
        let ja = match self {
            Self::Unreadable { reason } => format!("方針を読み取れません: `{}`", reason.trim()),
            Self::OutOfRange { field, actual, expected } => {
                format!("`{field}` は `{actual}` です。使える値: {}", expected_ja(expected))
            }
            Self::DuplicateAction { action } => {
                format!("働きかけ `{action}` が 2 つあります。別の名前にしてください")
            }
            Self::MissingKind { kind } => format!(
                "種類 `{kind}` の働きかけがありません。見守ることがいつでもできるよう、加えてください"
            ),
            Self::UnknownAction { field, action } => {
                format!("`{field}` の働きかけ `{action}` は一覧にありません")
            }
            Self::UnknownZone { zone } => {
                format!("`{zone}` という時間帯はありません。`Asia/Tokyo` のように指定してください")
            }
        };
        Words { en: self.to_string(), ja }
    }
}

/// What a field may hold. Each text comes from the checks of a policy.
fn expected_ja(expected: &str) -> String {
    if let Some((from, to)) =
        expected.strip_prefix("a number from ").and_then(|range| range.split_once(" to "))
    {
        return format!("{from} から {to} までの数");
    }
    match expected {
        "some characters" => "1 文字以上",
        "three capital letters, like `JPY`" => "`JPY` のような大文字 3 文字",
        "1 to 876600 hours" => "1 から 876600 時間",
        "0 to 876600 hours" => "0 から 876600 時間",
        "1 to 525600 minutes" => "1 から 525600 分",
        "at least one channel, or null for all" => "1 つ以上の連絡手段、またはすべてを表す `null`",
        "at least 1" => "1 以上",
        "at most 1440" => "1440 以下",
        "`service` for actions of kind `service`, and for no others" => {
            "種類 `service` の働きかけでは `service`、ほかの種類ではそれ以外"
        }
        "a channel, since it reaches the client" => "連絡手段（お客さまに届くものには必要です）",
        "nothing: holding back and letting go are open to everybody" => {
            "なし（見守りとお見送りは、どなたにも開かれています）"
        }
        "null: it reaches nobody" => "`null`（どなたにも届きません）",
        "a number to compare with" => "比べる数",
        "0 to 9000000000000 minor units" => "最小通貨単位で 0 から 9000000000000",
        other => other,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether no English is left outside backticks.
    fn is_japanese(text: &str) -> bool {
        let outside: String = text.split('`').step_by(2).collect();
        !outside.is_empty() && !outside.bytes().any(|b| b.is_ascii_lowercase())
    }

    #[test]
    fn every_identifier_is_called_something_in_japanese() {
        let kinds =
            ["client", "household", "action", "agent", "team", "topic", "channel", "decision"];
        for what in kinds {
            for error in [
                IdError::Empty { what },
                IdError::TooLong { what, actual: 201 },
                IdError::Unprintable { what, code: 0x202E },
            ] {
                let words = error.words();
                assert!(is_japanese(&words.ja), "{words:?}");
            }
        }
    }

    /// Every literal of the checks that says what a field may hold has its Japanese.
    #[test]
    fn every_range_of_a_policy_is_told_in_japanese() {
        let source = include_str!("policy_check.rs");
        let literals = source.split('"').skip(1).step_by(2);
        let expected: Vec<&str> = literals.filter(|text| text.contains(' ')).collect();
        assert!(expected.len() > 10, "{expected:?}");
        for text in expected {
            let text = text.replace("{}", "0.5");
            assert!(is_japanese(&expected_ja(&text)), "{text}");
        }
    }
}
