//! What does one need to know in the first minute?

use maud::{PreEscaped, html};

use crate::answer::{Outcome, page};
use crate::parts;
use crate::reader::Reader;
use crate::words::tour as words;

/// The page.
pub(crate) async fn show(Reader(cx): Reader) -> Outcome {
    let main = html! {
        (parts::top(&cx, &words::TITLE, &words::LEAD))
        ol.steps {
            @for (title, text, path) in words::STEPS {
                li.step { h2 { (cx.t(title)) } p { (cx.t(text)) } @if !path.is_empty() { a.button href=(path) { (cx.t(&words::SHOW)) } } }
            }
        }
        section.card #keys {
            h2 { (cx.t(&words::KEYS)) }
            dl.pairs { @for (keys, text) in words::KEY_LIST { div { dt { (PreEscaped(*keys)) } dd { (cx.t(text)) } } } }
        }
    };
    Ok(page(&cx, &words::TITLE, main))
}
