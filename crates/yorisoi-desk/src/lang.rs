//! In which language does a page speak, and how does one sentence exist in both?

use std::borrow::Cow;

/// A language of the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Lang {
    /// English.
    En,
    /// Japanese.
    Ja,
}

impl Lang {
    /// The code for `lang=""` and cookies.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ja => "ja",
        }
    }

    /// The language of that code.
    pub(crate) fn from_code(code: &str) -> Option<Self> {
        match code {
            "en" => Some(Self::En),
            "ja" => Some(Self::Ja),
            _ => None,
        }
    }

    /// The first of the browser's languages that the desk speaks; English if it speaks none.
    pub(crate) fn accepted(header: &str) -> Self {
        let mut codes = header.split(',').map(|part| part.trim().get(..2).unwrap_or_default());
        codes.find_map(|code| Self::from_code(&code.to_ascii_lowercase())).unwrap_or(Self::En)
    }

    /// The other one.
    pub(crate) fn other(self) -> Self {
        match self {
            Self::En => Self::Ja,
            Self::Ja => Self::En,
        }
    }
}

/// A sentence in both languages; a missing translation does not compile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    /// English.
    pub(crate) en: Cow<'static, str>,
    /// Japanese.
    pub(crate) ja: Cow<'static, str>,
}

/// A fixed sentence.
pub(crate) const fn say(en: &'static str, ja: &'static str) -> Text {
    Text { en: Cow::Borrowed(en), ja: Cow::Borrowed(ja) }
}

impl Text {
    /// A sentence with numbers or names in it.
    pub(crate) fn new(en: impl Into<String>, ja: impl Into<String>) -> Self {
        Self { en: Cow::Owned(en.into()), ja: Cow::Owned(ja.into()) }
    }

    /// The same with nothing in it that turns the direction of writing.
    pub(crate) fn upright(&self) -> Self {
        Self::new(upright(&self.en), upright(&self.ja))
    }

    /// The sentence in one language.
    pub(crate) fn in_lang(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Ja => &self.ja,
        }
    }
}

impl From<&yorisoi_decision::Words> for Text {
    fn from(words: &yorisoi_decision::Words) -> Self {
        Self::new(words.en.clone(), words.ja.clone())
    }
}

/// A sentence that quotes what somebody sent, such as a file's name, with each mark in it that would turn the
/// rest of the sentence round shown as the sign for what cannot be shown.
pub(crate) fn upright(text: &str) -> String {
    let turns = |c| matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    text.replace(turns, "\u{FFFD}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_language_that_is_spoken_wins() {
        assert_eq!(Lang::accepted("fr-FR,ja;q=0.8,en;q=0.5"), Lang::Ja);
        assert_eq!(Lang::accepted("en-GB,ja;q=0.8"), Lang::En);
        assert_eq!(Lang::accepted(""), Lang::En);
        assert_eq!(Lang::accepted("日本語"), Lang::En);
    }

    #[test]
    fn what_is_quoted_cannot_turn_the_sentence_round() {
        let said = Text::new("`\u{202E}gpj.csv` is none", "「\u{2067}名」").upright();
        assert_eq!(said, Text::new("`\u{FFFD}gpj.csv` is none", "「\u{FFFD}名」"));
        assert_eq!(upright("お名前 é 👩‍🚀"), "お名前 é 👩‍🚀");
    }
}
