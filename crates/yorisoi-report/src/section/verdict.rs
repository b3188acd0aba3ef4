//! What is the answer? One sentence, the number that decided, and what follows from it.

use maud::{Markup, html};
use yorisoi::data::Better;
use yorisoi::summary::Value;

use crate::chart::{GLYPH_WIDTH, Tone, interval_glyph};
use crate::number::{self, Format};
use crate::study::Study;
use crate::text::{Name, Text};
use crate::words::verdict as words;

/// Returns the head of the page: the answer.
pub(crate) fn hero(study: &Study<'_>) -> Markup {
    let verdict = &study.summary.verdict;
    let (kind, sign, label) = status(verdict.proven, &verdict.code);
    let (headline, rest) = Text::from_data(&verdict.en, &verdict.ja).headline();
    html! {
        section.hero aria-labelledby="verdict" {
            p.question { (question(study)) }
            @if study.better() == Better::Less {
                p.question { (words::less_is_better(&Name::new(&study.summary.data.outcome).inline())) }
            }
            p class={ "badge " (kind) } { span.sign aria-hidden="true" { (sign) } (label) }
            h1 #verdict { (headline) }
            @if !rest.en.is_empty() { p.lead { (rest) } }
            div.answer {
                @if let Some(value) = &verdict.decided_by { (decided_by(study, value)) }
                div.meaning {
                    h2.small { (words::MEANING) }
                    p { (words::meaning(&verdict.code)) }
                    @if let Some(remedy) = words::remedy(&verdict.code) {
                        h2.small { (words::NEXT) }
                        p { (remedy) }
                    }
                }
            }
            p.basis { (basis(study)) }
        }
    }
}

/// The kind of answer as class, sign and words; the sign carries it without colour.
fn status(proven: bool, code: &str) -> (&'static str, &'static str, Text) {
    if proven {
        ("proven", "◆", words::PROVEN)
    } else if code == "proven.harm" {
        ("harm", "▼", words::HARM)
    } else if code.starts_with("unknowable") {
        ("unknowable", "?", words::UNKNOWABLE)
    } else {
        ("not-proven", "○", words::NOT_PROVEN)
    }
}

fn question(study: &Study<'_>) -> Text {
    let data = &study.summary.data;
    words::question(&Name::new(&data.treatment).inline(), &Name::new(&data.outcome).inline())
}

fn decided_by(study: &Study<'_>, value: &Value) -> Markup {
    let verdict = &study.summary.verdict;
    let is_effect = !verdict.code.starts_with("unknowable");
    let format = study.format([value]);
    let has_interval = value.low.is_finite() && value.high.is_finite();
    let number =
        if is_effect { format.amount(value.estimate) } else { number::trimmed(value.estimate) };
    html! {
        div.decided {
            h2.small { (words::DECIDED) }
            @if let Some(name) = &verdict.decided_by_name { p.of { (Text::from(name)) } }
            p class={ "number " (Tone::of(value.low, value.high).class()) } { (number) }
            @if is_effect && has_interval { (interval(study, value, format)) }
        }
    }
}

fn interval(study: &Study<'_>, value: &Value, format: Format) -> Markup {
    html! {
        (interval_glyph(study.numbers(value)).ornament(GLYPH_WIDTH))
        p.interval { (words::between(&format.interval(value.low, value.high))) }
    }
}

fn basis(study: &Study<'_>) -> Text {
    let data = &study.summary.data;
    let [used, train, heldout] =
        [data.used_rows, data.train_rows, data.heldout_rows].map(number::count);
    let clusters = data.clusters.map(|clusters| words::clusters(&number::count(clusters)));
    Text::sentences(std::iter::once(words::basis(&used, &train, &heldout)).chain(clusters))
}
