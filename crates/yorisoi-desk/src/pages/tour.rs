//! What does one need to know in the first minute?

use maud::{Markup, PreEscaped, html};

use crate::answer::{Outcome, page};
use crate::context::Context;
use crate::lang::Text;
use crate::layout::PLACES;
use crate::parts;
use crate::reader::Reader;
use crate::words::tour as words;

/// The page.
pub(crate) async fn show(Reader(cx): Reader) -> Outcome {
    // Nobody is led where their role may not go.
    let may = |path: &str| PLACES.iter().any(|place| place.path == path && cx.may(place.right));
    let main = html! {
        (parts::top(&cx, &words::TITLE, &words::LEAD))
        ol.steps {
            @for (title, text, path) in words::STEPS {
                li.step { h2 { (cx.t(title)) } p { (cx.t(text)) } @if may(path) { a.button href=(path) { (cx.t(&words::SHOW)) } } }
            }
        }
        section.card #keys {
            h2 { (cx.t(&words::KEYS)) }
            (switch(&cx))
            dl.pairs {
                (keys(&cx, words::KEYS_ANYWHERE))
                (ways(&cx))
                (keys(&cx, words::KEYS_WITH_SOMEBODY))
            }
        }
    };
    Ok(page(&cx, &words::TITLE, main))
}

/// Turns keys of one letter off and on; the script shows it, as without one there are no keys.
fn switch(cx: &Context) -> Markup {
    html! {
        div hidden {
            div.check {
                input #letters type="checkbox" checked autocomplete="off" aria-describedby="letters-hint";
                label for="letters" { (cx.t(&words::LETTERS)) }
            }
            p.small.soft #letters-hint { (cx.t(&words::LETTERS_HINT)) }
        }
    }
}

fn keys(cx: &Context, list: &[(&str, &Text)]) -> Markup {
    html! { @for (keys, text) in list { div { dt { (PreEscaped(*keys)) } dd { (cx.t(text)) } } } }
}

/// The letters that lead to the places of this reader.
fn ways(cx: &Context) -> Markup {
    let ways: Vec<(&str, &Text)> = PLACES
        .iter()
        .filter(|place| cx.may(place.right))
        .filter_map(|place| place.key.map(|key| (key, place.name)))
        .collect();
    let names: Vec<&Text> = ways.iter().map(|(_, name)| *name).collect();
    html! {
        @if !ways.is_empty() {
            div {
                dt { kbd { "g" } " " @for (i, (key, _)) in ways.iter().enumerate() { @if i > 0 { ", " } kbd { (key) } } }
                dd { (cx.t(&words::go_to(&names))) }
            }
        }
    }
}
