//! How was it done, what must be true for it to hold, and what can it not say?

use maud::html;

use super::{Outcome, Section};
use crate::study::Study;
use crate::words::method as words;

/// Returns the section; there always is one.
#[expect(clippy::unnecessary_wraps, reason = "every section has the same signature")]
pub(crate) fn section(_: &Study<'_>) -> Outcome {
    let body = html! {
        div.columns {
            div {
                h3 { (words::PLAIN) }
                @for paragraph in &words::PLAIN_PARAGRAPHS { p { (paragraph) } }
            }
            div {
                h3 { (words::PRECISE) }
                @for paragraph in &words::PRECISE_PARAGRAPHS { p { (paragraph) } }
            }
        }
        h3 { (words::ASSUMPTIONS) }
        dl.assumptions {
            @for (name, meaning) in &words::ASSUMPTION_LIST { div { dt { (name) } dd { (meaning) } } }
        }
        h3 { (words::LIMITS) }
        ul.plain { @for limit in &words::LIMIT_LIST { li { (limit) } } }
    };
    Ok(Section { id: "method", title: words::TITLE, body })
}
