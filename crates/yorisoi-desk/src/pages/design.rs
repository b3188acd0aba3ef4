//! How is the desk drawn? Every component once, with what it means.

use maud::{Markup, html};
use yorisoi_app::Ladder;
use yorisoi_decision::EffectFact;

use crate::answer::{Outcome, page};
use crate::context::Context;
use crate::parts;
use crate::reader::Reader;
use crate::words::design as words;

/// The page.
pub(crate) async fn show(Reader(cx): Reader) -> Outcome {
    let main = html! {
        (parts::top(&cx, &words::TITLE, &words::LEAD))
        div.stack {
            section.card { h2 { (cx.t(&words::MEANINGS)) } p { (cx.t(&words::MEANINGS_LEAD)) }
                div.swatches { @for (class, text) in words::SWATCHES { div.swatch.(class) { (cx.t(text)) } } } }
            section.card { h2 { (cx.t(&words::TYPE)) } p.figure { "1,234" } h3 { (cx.t(&words::HEADING)) } p { (cx.t(&words::BODY)) } p.small.soft { (cx.t(&words::SMALL)) } }
            section.card { h2 { (cx.t(&words::TAGS)) } div.row {
                @for (tone, text) in words::SWATCHES { (parts::tag(&cx, tone, text)) }
                @for ladder in [Ladder::None, Ladder::Conversation, Ladder::Consultation] { (parts::ladder_tag(&cx, ladder)) } } }
            section.card { h2 { (cx.t(&words::EFFECTS)) } div.cells.wide { (effects(&cx)) } }
            section.card { h2 { (cx.t(&words::BUTTONS)) } div.row {
                button.main type="button" { (cx.t(&words::MAIN)) } button type="button" { (cx.t(&words::PLAIN)) }
                button.end type="button" { (cx.t(&words::END)) } button.quiet type="button" { (cx.t(&words::QUIET)) } button type="button" disabled { (cx.t(&words::DISABLED)) } } }
            section.card { h2 { (cx.t(&words::NOTES)) } div.stack-small {
                @for (tone, text) in words::SWATCHES { div.note.(tone) { p { (cx.t(text)) } } } } }
            (parts::empty(&cx, &words::EMPTY, &words::EMPTY_TEACH))
        }
    };
    Ok(page(&cx, &words::TITLE, main))
}

fn effects(cx: &Context) -> Markup {
    let facts = [(0.083, 0.033, 0.125), (0.05, -0.02, 0.11), (-0.08, -0.14, -0.02)];
    html! {
        @for (benefit, low, high) in facts { div { (parts::effect(cx, &EffectFact { benefit, low, high }, low < 0.0 && high > 0.0)) } }
    }
}
