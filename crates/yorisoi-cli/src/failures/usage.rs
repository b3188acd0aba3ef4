//! A command line that does not make sense, told in Japanese. The English is that of clap.

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// A value of an option that cannot be meant, in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unmeant {
    en: String,
    ja: String,
}

impl Unmeant {
    /// Says why a value cannot be meant.
    pub(crate) fn new(en: impl Into<String>, ja: impl Into<String>) -> Self {
        Self { en: en.into(), ja: ja.into() }
    }
}

impl std::fmt::Display for Unmeant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.en)
    }
}

impl std::error::Error for Unmeant {}

/// Returns a usage error in Japanese, ready for standard error.
pub(crate) fn usage(error: &clap::Error) -> String {
    let mut lines = format!("エラー: {}\n", message(error));
    if let Some(near) = suggested(error) {
        lines += "ヒント: もしかして ";
        lines += &near;
        lines += " ですか\n";
    }
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        let usage = usage.to_string();
        lines += "\n使い方: ";
        lines += usage.trim_start_matches("Usage:").trim();
        lines += "\n";
    }
    lines + "\n詳しくは `--help` をご覧ください。\n"
}

fn message(error: &clap::Error) -> String {
    let said = |kind| said(error, kind);
    let argument = said(ContextKind::InvalidArg);
    let value = said(ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} に値が必要です"),
        ErrorKind::InvalidValue => {
            let known = said(ContextKind::ValidValue);
            let known = if known.is_empty() { known } else { format!("。使える値: {known}") };
            format!("{argument} に {value} は使えません{known}")
        }
        ErrorKind::ValueValidation => {
            format!("{argument} に {value} は使えません: {}", reason(error))
        }
        ErrorKind::UnknownArgument => format!("{argument} というオプションはありません"),
        ErrorKind::InvalidSubcommand => {
            format!("{} というコマンドはありません", said(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "コマンドを指定してください".to_owned()
        }
        ErrorKind::MissingRequiredArgument => format!("次の指定が必要です: {argument}"),
        ErrorKind::ArgumentConflict => {
            let prior = said(ContextKind::PriorArg);
            if prior.is_empty() || prior == argument {
                format!("{argument} は 1 回だけ指定できます")
            } else {
                format!("{argument} と {prior} は同時に使えません")
            }
        }
        ErrorKind::NoEquals => format!("{argument} には `=` を付けて値を指定してください"),
        ErrorKind::TooManyValues => format!("{argument} の値 {value} は余分です"),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("{argument} の値の数が合いません")
        }
        ErrorKind::InvalidUtf8 => "コマンドラインに UTF-8 でない文字があります".to_owned(),
        _ => error.to_string(),
    }
}

fn reason(error: &clap::Error) -> String {
    let source = std::error::Error::source(error);
    match source.and_then(|source| source.downcast_ref::<Unmeant>()) {
        Some(unmeant) => unmeant.ja.clone(),
        None => source.map_or_else(String::new, ToString::to_string),
    }
}

fn suggested(error: &clap::Error) -> Option<String> {
    let kinds =
        [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    kinds.into_iter().map(|kind| said(error, kind)).find(|near| !near.is_empty())
}

/// Returns what clap knows under this heading, each word in backticks.
fn said(error: &clap::Error, kind: ContextKind) -> String {
    let ticked = |word: &str| format!("`{word}`");
    match error.get(kind) {
        Some(ContextValue::String(word)) if !word.is_empty() => ticked(word),
        Some(ContextValue::Strings(words)) => {
            words.iter().map(|word| ticked(word)).collect::<Vec<_>>().join("、")
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Cli;
    use clap::Parser as _;

    fn told(line: &str) -> String {
        let error = Cli::try_parse_from(line.split(' ')).expect_err("it cannot be meant");
        usage(&error)
    }

    #[test]
    fn what_cannot_be_meant_is_told_in_japanese() {
        const ROLES: &str = "--treatment t --outcome y";
        for (line, expected) in [
            ("yorisoi", "コマンドを指定してください"),
            ("yorisoi studie x.csv", "`studie` というコマンドはありません"),
            ("yorisoi studie x.csv", "もしかして `study` ですか"),
            ("yorisoi study x.csv", "次の指定が必要です: `--treatment <COL>`、`--outcome <COL>`"),
            ("yorisoi demo --sede 1", "`--sede` というオプションはありません"),
            ("yorisoi demo --sede 1", "もしかして `--seed` ですか"),
            ("yorisoi demo --seed x", "`x` は整数ではありません"),
            ("yorisoi demo --bins 2", "`2` は 3 以上 256 以下ではありません"),
            ("yorisoi demo --threads 0", "`0` は 1 以上 4096 以下ではありません"),
            ("yorisoi demo --out", "`--out <DIR>` に値が必要です"),
            ("yorisoi demo --lang fr", "使える値: `en`、`ja`"),
            ("yorisoi demo --nuisances lines", "使える値: `boosted`、`forest`"),
            ("yorisoi demo --seed 1 --seed 2", "`--seed <N>` は 1 回だけ指定できます"),
        ] {
            let told = told(line);
            assert!(told.contains(expected), "{line}: {told}");
        }
        let conflict = told(&format!("yorisoi study x.csv {ROLES} --features a --drop b"));
        // Where the shape of the line is wrong, the right shape is shown; where only a value is, it is not.
        assert!(
            conflict.contains("同時に使えません") && conflict.contains("使い方: "),
            "{conflict}"
        );
        let cost = told(&format!("yorisoi study x.csv {ROLES} --cost mail=-1"));
        assert!(cost.contains("`-1` は 0 より小さい値です"), "{cost}");
    }
}
