//! Words for what was not done: which field it was, and what would do.

use std::num::ParseIntError;

use yorisoi_app::{AppError, Reason};
use yorisoi_decision::IdError;

use super::{client, clients, let_go, policy, privacy, studies};
use crate::lang::{Text, say};

/// What a reader is told of an error: fields as their labels call them, actions as the policy does.
pub(crate) fn told(error: &AppError) -> Text {
    match error {
        AppError::Invalid { field, reason } => match label(field) {
            Some(label) => Text::from(&reason.about(&label.en, &label.ja)),
            None => Text::from(&error.words()),
        },
        AppError::Stopped { name, code, .. } => {
            let en = format!("“{}” is not possible here now. {}", name.en, code.words().en);
            Text::new(en, error.words().ja)
        }
        _ => Text::from(&error.plain_words()),
    }
}

/// What a field of a form is called on the page.
fn label(field: &str) -> Option<&'static Text> {
    static FORM: Text = say("This form", "このフォーム");
    static CONSENT: Text = say("What they agree to", "了解の種類");
    static DECISION: Text = say("The decision", "判断");
    static ATTRIBUTES: Text = say("What is known", "登録情報");
    static SOURCE: Text = say("Who said so", "お申し出の元");
    static PLACE: Text = say("The place in the list", "一覧の位置");
    Some(match field {
        "csrf" | "form" => &FORM,
        "consent" => &CONSENT,
        "topic" => &client::TOPIC,
        "channel" => &client::CHANNEL,
        "days" | "expires_at" => &client::DAYS,
        "words" => &client::THEIR_WORDS,
        "question" => &client::QUESTION,
        "text" => &client::NOTE_LABEL,
        "busy" => &client::BUSY,
        "landing" => &client::LANDED,
        "decision" => &DECISION,
        "action" | "give" => &studies::ACTION,
        "name" => &clients::NAME,
        "alias" | "aliases" => &clients::ALIAS,
        "household" => &clients::HOUSEHOLD,
        "zone" => &clients::ZONE,
        "attributes" => &ATTRIBUTES,
        "source" => &SOURCE,
        "csv" | "file" => &clients::FILE,
        "summary" => &studies::SUMMARY_FILE,
        "treatment" => &studies::TREATMENT,
        "outcome" => &studies::OUTCOME,
        "cluster" => &studies::CLUSTER,
        "here" => &studies::HERE,
        "client" => &privacy::WHO,
        "again" => &privacy::AGAIN,
        "token" => &privacy::TOKEN,
        "role" => &privacy::ROLE,
        "team" => &privacy::TEAM,
        "agent" => &privacy::AGENT,
        "effective" => &let_go::EFFECTIVE,
        "reason" => &let_go::REASON,
        "keeps" => &let_go::KEEPS,
        "loses" => &let_go::LOSES,
        "why" => &policy::WHY,
        "document" => &policy::DOCUMENT,
        "cursor" => &PLACE,
        _ if field.starts_with("item-") => &client::CHECK_IN,
        _ => return None,
    })
}

/// Why a text is not what a field asks for.
pub(crate) trait Unread {
    /// The reason, in both languages.
    fn reason(&self) -> Reason;
}

impl Unread for IdError {
    fn reason(&self) -> Reason {
        self.into()
    }
}

impl Unread for ParseIntError {
    fn reason(&self) -> Reason {
        (self.to_string(), "0 以上の整数を入力してください。").into()
    }
}

/// A form of another session.
pub(crate) fn foreign() -> AppError {
    let en = "this form does not belong to your session; open the page again";
    AppError::invalid("csrf", (en, "別の画面のものか、期限切れです。ページを開き直してください。"))
}

/// No file came with the form.
pub(crate) fn no_file() -> AppError {
    AppError::invalid("file", ("no file was chosen", "ファイルが選ばれていません。"))
}

/// A file that did not come whole.
pub(crate) fn unreadable(field: &str, why: String) -> AppError {
    let ja = "送られたものを最後まで読み取れません。もう一度お送りください。";
    AppError::invalid(field, (why, ja))
}

#[cfg(test)]
mod tests {
    use yorisoi_app::{Right, Role};
    use yorisoi_decision::{Code, Words};

    use super::*;

    /// The words of three letters or more that stand outside quotation marks.
    fn english(text: &str) -> Vec<String> {
        let mut depth = 0_u32;
        let mut in_code = false;
        let outside = text.chars().map(|c| {
            match c {
                '「' | '“' => depth += 1,
                '」' | '”' => depth = depth.saturating_sub(1),
                '`' => in_code = !in_code,
                _ => {}
            }
            if depth > 0 || in_code { ' ' } else { c }
        });
        let outside: String = outside.collect();
        let words = outside.split(|c: char| !c.is_ascii_alphabetic());
        words.filter(|word| word.len() >= 3).map(str::to_owned).collect()
    }

    #[test]
    fn what_was_not_done_is_told_in_one_language() {
        let name = Words { en: "Peaches".to_owned(), ja: "桃".to_owned() };
        let stopped = |code| AppError::Stopped {
            action: "peaches".parse().expect("one"),
            name: name.clone(),
            code,
        };
        let errors = Code::ALL.map(stopped).into_iter().chain([
            AppError::invalid("busy", ("`x` is no span", "「x」を読み取れません。")),
            AppError::invalid("item-2", "not yet put into Japanese"),
            AppError::Forbidden { role: Role::Agent, right: Right::KeepModels },
            AppError::Id(IdError::TooLong { what: "topic", actual: 201 }),
            AppError::Model { reason: "not yet put into Japanese".into() },
            AppError::Refused { reason: ("wait", "お待ちください。").into() },
            AppError::Address {
                address: "https://inner.example".to_owned(),
                reason: ("it is a private address", "組織内部のアドレスです。").into(),
            },
            foreign(),
            no_file(),
            unreadable("file", "broken".to_owned()),
        ]);
        for error in errors {
            let text = told(&error);
            assert_eq!(english(&text.ja), Vec::<String>::new(), "{}", text.ja);
            assert!(!text.en.is_empty());
        }
    }

    #[test]
    fn a_field_is_called_as_its_label_calls_it() {
        let error = AppError::invalid("busy", ("`x` is no span", "「x」を読み取れません。"));
        let text = told(&error);
        assert_eq!(text.ja, "「ご都合の悪い時間」を確かめてください。「x」を読み取れません。");
        assert_eq!(text.en, "`Busy hours`: `x` is no span");
    }
}
