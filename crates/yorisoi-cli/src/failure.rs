//! How does the command say that something went wrong?

use yorisoi::summary::Words;

use crate::lang::Lang;

/// The exit codes of the command; they are an interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Done.
    Ok = 0,
    /// Not proven, where the caller asked to fail on that.
    NotProven = 1,
    /// The command line does not make sense.
    Usage = 2,
    /// An input cannot be used, or an output cannot be written.
    Input = 3,
    /// A mistake of ours.
    Internal = 4,
}

/// What went wrong, in both languages, with the remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// The exit code.
    pub(crate) exit: Exit,
    /// What is wrong: file, row, column.
    pub(crate) message: Words,
    /// What to do about it.
    pub(crate) hint: Option<Words>,
}

impl Failure {
    /// Returns a failure of an input file or an output place.
    pub(crate) fn input(en: impl Into<String>, ja: impl Into<String>) -> Self {
        Self::new(Exit::Input, en, ja)
    }

    /// Returns a failure of the command line.
    pub(crate) fn usage(en: impl Into<String>, ja: impl Into<String>) -> Self {
        Self::new(Exit::Usage, en, ja)
    }

    /// Returns a failure that is our own mistake.
    pub(crate) fn internal(en: impl Into<String>, ja: impl Into<String>) -> Self {
        Self::new(Exit::Internal, en, ja)
    }

    fn new(exit: Exit, en: impl Into<String>, ja: impl Into<String>) -> Self {
        Self { exit, message: Words { en: en.into(), ja: ja.into() }, hint: None }
    }

    /// Adds what to do about it.
    pub(crate) fn hint(mut self, en: impl Into<String>, ja: impl Into<String>) -> Self {
        self.hint = Some(Words { en: en.into(), ja: ja.into() });
        self
    }

    /// Puts the name of the file in front of the message.
    pub(crate) fn in_file(mut self, name: &str) -> Self {
        self.message.en = format!("`{name}`: {}", self.message.en);
        self.message.ja = format!("`{name}`: {}", self.message.ja);
        self
    }

    /// Returns the lines for standard error.
    pub(crate) fn lines(&self, lang: Lang) -> String {
        let message = format!("{} {}\n", lang.pick("error:", "エラー:"), lang.words(&self.message));
        let hint = self
            .hint
            .as_ref()
            .map(|hint| format!("{} {}\n", lang.pick("hint:", "ヒント:"), lang.words(hint)));
        message + &hint.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_file_and_the_remedy_in_the_chosen_language() {
        let failure = Failure::input("no rows", "行がありません")
            .hint("give it rows", "行を入れてください")
            .in_file("a.csv");
        assert_eq!(failure.lines(Lang::En), "error: `a.csv`: no rows\nhint: give it rows\n");
        assert_eq!(
            failure.lines(Lang::Ja),
            "エラー: `a.csv`: 行がありません\nヒント: 行を入れてください\n"
        );
    }
}
