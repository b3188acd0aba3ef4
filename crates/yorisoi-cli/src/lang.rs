//! In which language does the command speak?

use yorisoi::summary::Words;

/// A language of messages and terminal pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Lang {
    /// English.
    En,
    /// 日本語.
    Ja,
}

impl Lang {
    /// Returns the language asked for, or else the one of the terminal.
    ///
    /// The first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set decides, as POSIX has it.
    pub(crate) fn chosen_or_from_environment(chosen: Option<Self>) -> Self {
        chosen.unwrap_or_else(|| {
            let is_set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
            let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(is_set);
            Self::of_locale(locale.as_deref().and_then(std::ffi::OsStr::to_str).unwrap_or(""))
        })
    }

    fn of_locale(locale: &str) -> Self {
        if locale.to_ascii_lowercase().starts_with("ja") { Self::Ja } else { Self::En }
    }

    /// Returns the text of this language.
    pub(crate) fn pick<'a>(self, en: &'a str, ja: &'a str) -> &'a str {
        match self {
            Self::En => en,
            Self::Ja => ja,
        }
    }

    /// Returns the sentence of this language.
    pub(crate) fn words(self, words: &Words) -> &str {
        self.pick(&words.en, &words.ja)
    }
}

#[cfg(test)]
mod tests {
    use super::Lang;

    #[test]
    fn a_japanese_locale_speaks_japanese_and_every_other_english() {
        for (locale, lang) in
            [("ja_JP.UTF-8", Lang::Ja), ("ja", Lang::Ja), ("C.UTF-8", Lang::En), ("", Lang::En)]
        {
            assert_eq!(Lang::of_locale(locale), lang, "{locale}");
        }
    }
}
