//! How does one sentence exist in two languages, and how does a hostile name become harmless?
//!
//! A [`Text`] always holds both languages, so a missing translation does not compile. On the page it
//! becomes two elements marked with `lang`, of which the style sheet shows one.

use std::borrow::Cow;

use maud::{Markup, Render, html};
use yorisoi::summary::Words;

use crate::limits;

/// A sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    /// English.
    pub(crate) en: Cow<'static, str>,
    /// Japanese.
    pub(crate) ja: Cow<'static, str>,
}

impl Text {
    /// A fixed sentence.
    pub(crate) const fn say(en: &'static str, ja: &'static str) -> Self {
        Self { en: Cow::Borrowed(en), ja: Cow::Borrowed(ja) }
    }

    /// A sentence with numbers or names in it.
    pub(crate) fn new(en: String, ja: String) -> Self {
        Self { en: Cow::Owned(en), ja: Cow::Owned(ja) }
    }

    /// A number, which reads the same in both languages.
    pub(crate) fn same(text: String) -> Self {
        Self { en: Cow::Owned(text.clone()), ja: Cow::Owned(text) }
    }

    /// Sentences that came with the summary; they may quote names from the data.
    pub(crate) fn from_data(en: &str, ja: &str) -> Self {
        let short = |text: &str| shorten(&clean(text), limits::SENTENCE_CHARS).into_owned();
        Self::new(curly(&short(en)), curly(&short(ja)))
    }

    /// Splits into a headline of one or two sentences and the rest, in each language by itself.
    pub(crate) fn headline(&self) -> (Self, Self) {
        // A first sentence shorter than this ("Proven.") says too little to stand alone.
        let (en, en_rest) = split_after(&self.en, ". ", 24);
        let (ja, ja_rest) = split_after(&self.ja, "。", 12);
        (Self::new(en, ja), Self::new(en_rest, ja_rest))
    }

    /// Puts sentences one after another: with a space in English, with none in Japanese.
    pub(crate) fn sentences(all: impl IntoIterator<Item = Self>) -> Self {
        Self::join(&all.into_iter().collect::<Vec<_>>(), " ", "")
    }

    /// Joins texts, each language with its own separator.
    pub(crate) fn join(texts: &[Self], en: &str, ja: &str) -> Self {
        let all = |pick: fn(&Self) -> &str, separator| {
            texts.iter().map(pick).collect::<Vec<_>>().join(separator)
        };
        Self::new(all(|text| &text.en, en), all(|text| &text.ja, ja))
    }
}

impl From<&Words> for Text {
    fn from(words: &Words) -> Self {
        Self::from_data(&words.en, &words.ja)
    }
}

impl Render for Text {
    fn render(&self) -> Markup {
        html! {
            @if self.en == self.ja {
                @if self.en.chars().any(char::is_alphabetic) { span translate="no" { (self.en) } }
                @else { (self.en) }
            } @else {
                span lang="en" { (self.en) }
                span lang="ja" { (self.ja) }
            }
        }
    }
}

/// A name from the data: a column, an arm, a file. Never translated, never trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    /// What stands on the page.
    pub(crate) short: String,
    /// What a pointer resting on it shows, where the page shows less.
    pub(crate) full: Option<String>,
}

impl Name {
    /// Cleans and shortens a name.
    pub(crate) fn new(raw: &str) -> Self {
        let cleaned = clean(raw);
        let short = shorten(&cleaned, limits::NAME_CHARS);
        if short == cleaned {
            return Self { short: short.into_owned(), full: None };
        }
        let full = shorten(&cleaned, limits::TITLE_CHARS).into_owned();
        Self { short: short.into_owned(), full: Some(full) }
    }

    /// The same name, still shorter.
    pub(crate) fn shortened(&self, chars: usize) -> Self {
        Self { short: shorten(&self.short, chars).into_owned(), full: self.full.clone() }
    }

    /// The name inside a sentence: isolated where it is written from right to left, so that it cannot
    /// turn the words around it.
    pub(crate) fn inline(&self) -> String {
        let from_the_right = |c: char| matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FEFC}');
        if self.short.contains(from_the_right) {
            return format!("\u{2068}{}\u{2069}", self.short);
        }
        self.short.clone()
    }
}

impl Render for Name {
    fn render(&self) -> Markup {
        html! { bdi.name translate="no" title=[self.full.as_deref()] { (self.short) } }
    }
}

/// Replaces characters that would hide, reorder or break text: control characters, which XML forbids,
/// and the invisible marks that change writing direction. Line breaks become spaces. The joiners that
/// Persian and Indic scripts need stay.
fn clean(raw: &str) -> String {
    let harmless = |c: char| match c {
        '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => ' ',
        c if c.is_control() || is_invisible(c) => '\u{FFFD}',
        c => c,
    };
    // Nothing beyond the longest text that is ever shown is worth cleaning.
    raw.chars().take(limits::SENTENCE_CHARS + 1).map(harmless).collect()
}

fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{61C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{FFFE}' | '\u{FFFF}' | '\u{E0000}'..='\u{E007F}'
    )
}

/// Turns `names in backticks` into “names in quotation marks”.
fn curly(text: &str) -> String {
    let mut is_open = false;
    let turn = |c: char| {
        if c != '`' {
            return c;
        }
        is_open = !is_open;
        if is_open { '“' } else { '”' }
    };
    text.chars().map(turn).collect()
}

/// Splits after the first end of a sentence that leaves at least `least` characters before it.
fn split_after(text: &str, end: &str, least: usize) -> (String, String) {
    let ends = text.match_indices(end).map(|(at, end)| at + end.trim_end().len());
    let mut long_enough = ends.filter(|at| text[..*at].chars().count() >= least);
    let (head, rest) = text.split_at(long_enough.next().unwrap_or(text.len()));
    (head.trim().to_owned(), rest.trim().to_owned())
}

/// Cuts a text to a number of characters, the last of them an ellipsis.
pub(crate) fn shorten(text: &str, chars: usize) -> Cow<'_, str> {
    if text.chars().nth(chars).is_none() {
        return Cow::Borrowed(text);
    }
    let kept: String = text.chars().take(chars.saturating_sub(1)).collect();
    Cow::Owned(format!("{}…", kept.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_becomes_one_element_a_language() {
        let markup = Text::say("a < b", "いいえ").render().into_string();
        assert_eq!(markup, r#"<span lang="en">a &lt; b</span><span lang="ja">いいえ</span>"#);
    }

    #[test]
    fn a_number_is_written_once() {
        assert_eq!(Text::same("+1.5".to_owned()).render().into_string(), "+1.5");
    }

    #[test]
    fn a_script_for_a_name_is_text() {
        let markup = Name::new("<script>alert(1)</script>").render().into_string();
        assert!(!markup.contains("<script"), "{markup}");
        assert!(markup.contains("&lt;script&gt;"), "{markup}");
    }

    #[test]
    fn direction_marks_and_control_characters_become_visible() {
        assert_eq!(Name::new("abc\u{202E}def\u{0}").short, "abc\u{FFFD}def\u{FFFD}");
    }

    #[test]
    fn a_headline_is_a_sentence_that_says_something() {
        let text = Text::from_data(
            "Proven: ranking by `mail` works well. It gains 1.5. And more.",
            "実証されました。順位づけは有効です。差は1.5です。",
        );
        let (head, rest) = text.headline();
        assert_eq!(head.en, "Proven: ranking by “mail” works well.");
        assert_eq!(rest.en, "It gains 1.5. And more.");
        assert_eq!(head.ja, "実証されました。順位づけは有効です。");
        assert_eq!(rest.ja, "差は1.5です。");
    }

    #[test]
    fn one_sentence_is_all_headline() {
        let (head, rest) = Text::say("Not proven", "実証されていません").headline();
        assert_eq!((&*head.en, &*rest.en), ("Not proven", ""));
        assert_eq!((&*head.ja, &*rest.ja), ("実証されていません", ""));
    }

    #[test]
    fn a_right_to_left_name_is_isolated_inside_a_sentence() {
        assert_eq!(Name::new("گروه").inline(), "\u{2068}گروه\u{2069}");
        assert_eq!(Name::new("group").inline(), "group");
    }

    #[test]
    fn a_very_long_name_is_cut_and_keeps_a_longer_title() {
        let name = Name::new(&"x".repeat(10_000));
        assert_eq!(name.short.chars().count(), limits::NAME_CHARS);
        assert!(name.short.ends_with('…'));
        let full = name.full.expect("a cut name keeps a title");
        assert_eq!(full.chars().count(), limits::TITLE_CHARS);
    }
}
