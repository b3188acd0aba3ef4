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

    /// Returns the language of a command line that could not be understood as a whole.
    pub(crate) fn of_arguments(arguments: impl Iterator<Item = std::ffi::OsString>) -> Self {
        let words: Vec<String> =
            arguments.map(|word| word.to_string_lossy().into_owned()).collect();
        let after = words.windows(2).find(|pair| pair[0] == "--lang").map(|pair| pair[1].as_str());
        let joined = words.iter().find_map(|word| word.strip_prefix("--lang="));
        let chosen = match after.or(joined) {
            Some("en") => Some(Self::En),
            Some("ja") => Some(Self::Ja),
            _ => None,
        };
        Self::chosen_or_from_environment(chosen)
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
    fn the_language_asked_for_is_found_in_a_line_that_makes_no_sense() {
        for line in ["study --lang ja --oops", "--lang=ja", "study --oops --lang=ja x"] {
            let words = line.split(' ').map(std::ffi::OsString::from);
            assert_eq!(Lang::of_arguments(words), Lang::Ja, "{line}");
        }
    }

    #[test]
    fn a_japanese_locale_speaks_japanese_and_every_other_english() {
        for (locale, lang) in
            [("ja_JP.UTF-8", Lang::Ja), ("ja", Lang::Ja), ("C.UTF-8", Lang::En), ("", Lang::En)]
        {
            assert_eq!(Lang::of_locale(locale), lang, "{locale}");
        }
    }
}
