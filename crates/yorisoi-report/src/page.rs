//! How is the page laid out? Head, language switch, answer, contents, parts, foot.
//!
//! The language switch is a pair of radio buttons before the page's body: the style sheet hides the
//! language that is not chosen, so it works without a script. The script only follows with the
//! document's `lang` and starts in Japanese for a Japanese browser.

use maud::{Markup, PreEscaped, html};

use crate::chart::{Svg, Tone, patterns};
use crate::limits;
use crate::number;
use crate::section::{LeftOut, Part, Section, hero, parts};
use crate::study::Study;
use crate::text::{Name, Text};
use crate::words::page as words;

/// Elements without content, written so that the page is well-formed XML as well as HTML. The policy
/// forbids every request, whatever a name from the data might try.
const HEAD: &str = r#"<meta charset="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1"/><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"/><meta name="color-scheme" content="light dark"/><meta name="referrer" content="no-referrer"/>"#;

const RADIOS: &str = r#"<input type="radio" name="lang" id="lang-en" class="switch" checked="checked"/><input type="radio" name="lang" id="lang-ja" class="switch"/>"#;

/// Returns the whole page.
pub(crate) fn page(study: &Study<'_>) -> String {
    let parts = parts(study);
    let name = Name::new(&study.summary.data.name).short;
    let markup = html! {
        head {
            (PreEscaped(HEAD))
            title { (name) " – Yorisoi" }
            style { (PreEscaped(include_str!("style.css"))) }
        }
        body {
            a.skip href="#verdict" translate="no" { "Skip to the answer / " span lang="ja" { "結論へ移動" } }
            (PreEscaped(RADIOS))
            div.page {
                (patterns())
                (header(&name))
                main {
                    (hero(study))
                    div.sheet { div.side { (contents(&parts)) (marks()) } div.parts { (body(study, parts)) } }
                }
                footer { p { (words::FOOTER) } }
            }
            script { (PreEscaped(include_str!("switch.js"))) }
        }
    };
    format!("<!DOCTYPE html>\n<html lang=\"en\">{}</html>\n", markup.into_string())
}

fn header(name: &str) -> Markup {
    html! {
        header {
            p.brand translate="no" { span { "Yorisoi" } " " span.sub lang="ja-JP" { "寄り添い" } }
            p.file translate="no" { bdi { (name) } }
            div.languages role="group" aria-label="Language / 言語" {
                label for="lang-en" translate="no" { "English" }
                label for="lang-ja" translate="no" { "日本語" }
            }
        }
    }
}

fn contents(parts: &[Part]) -> Markup {
    html! {
        nav aria-labelledby="contents" {
            h2 #contents { (words::CONTENTS) }
            @for part in parts {
                p.part { (part.title) }
                ul {
                    @for section in part.sections.iter().flatten() {
                        li { a href={ "#" (section.id) } { (section.title) } }
                    }
                }
            }
        }
    }
}

fn body(study: &Study<'_>, parts: Vec<Part>) -> Markup {
    let mut left_out = Vec::new();
    let mut shown = Vec::new();
    for part in parts {
        let mut sections = Vec::new();
        for outcome in part.sections {
            match outcome {
                Ok(section) => sections.push(section),
                Err(missing) => left_out.push(missing),
            }
        }
        shown.push((part.title, sections));
    }
    let last = shown.len().saturating_sub(1);
    html! {
        @for (i, (title, sections)) in shown.iter().enumerate() {
            @if i == last && !left_out.is_empty() { (missing(&left_out)) }
            @if !sections.is_empty() {
                p.part { (title) }
                @for section in sections { (one(section)) }
            }
        }
        @if study.is_cut() { p.note { (cut(study)) } }
    }
}

fn one(section: &Section) -> Markup {
    let heading = format!("{}-title", section.id);
    html! {
        section id=(section.id) aria-labelledby=(heading) {
            h2 id=(heading) { (section.title) }
            (section.body)
        }
    }
}

fn missing(left_out: &[LeftOut]) -> Markup {
    html! {
        section.missing aria-labelledby="left-out" {
            h2 #left-out { (words::LEFT_OUT) }
            p { (words::LEFT_OUT_LEAD) }
            dl { @for entry in left_out { dt { (entry.title) } dd { (entry.why) } } }
        }
    }
}

fn cut(study: &Study<'_>) -> Text {
    words::cut(&number::count(limits::ARMS), &number::count(study.summary.arms.len() - 1))
}

/// The key to the marks, before the first picture that uses them.
fn marks() -> Markup {
    let mark = |tone: Tone| {
        let mut svg = Svg::new(18.0);
        svg.line(&format!("bar s-{}", tone.class()), (0.0, 9.0), (36.0, 9.0));
        svg.mark(tone, (18.0, 9.0));
        svg.ornament(36.0)
    };
    html! {
        aside.marks aria-label="Marks / 記号" {
            h2.small { (words::MARKS) }
            ul {
                li { (mark(Tone::Help)) span { (words::MARK_HELP) } }
                li { (mark(Tone::Unknown)) span { (words::MARK_UNKNOWN) } }
                li { (mark(Tone::Harm)) span { (words::MARK_HARM) } }
            }
        }
    }
}
