//! The small things that pages are made of: one look and one wording each.

mod channel;
mod effect;
mod ladder;
mod landing;
mod limits;
mod names;
mod table;
mod tags;

use maud::{Markup, html};

use crate::context::Context;
use crate::lang::Text;

pub(crate) use channel::channel;
pub(crate) use effect::effect;
pub(crate) use ladder::ladder;
pub(crate) use landing::{LANDINGS, landing_tone, landing_words};
pub(crate) use limits::Limits;
pub(crate) use names::Names;
pub(crate) use table::{Cell, Column, Line, Look, table};
pub(crate) use tags::{exit_tag, ladder_tag, looking_again, stop_line, tag};

/// The head of a page: its name, and one sentence about it.
pub(crate) fn top(cx: &Context, title: &Text, lead: &Text) -> Markup {
    html! {
        div.top { div { h1 { (cx.t(title)) } p { (cx.t(lead)) } } }
    }
}

/// An empty state that teaches what would stand here.
pub(crate) fn empty(cx: &Context, title: &Text, teach: &Text) -> Markup {
    html! { div.card.empty { h2 { (cx.t(title)) } p { (cx.t(teach)) } } }
}

/// A form of this session that posts to `action`.
pub(crate) fn form(cx: &Context, action: &str, inside: &Markup) -> Markup {
    html! { form method="post" action=(action) data-once { (cx.csrf()) (inside) } }
}

/// The same for what answers with a file: the page stays, and may be asked again.
pub(crate) fn download(cx: &Context, action: &str, inside: &Markup) -> Markup {
    html! { form method="post" action=(action) { (cx.csrf()) (inside) } }
}

/// A button that posts fields to `action` and needs nothing else.
pub(crate) fn act(cx: &Context, action: &str, fields: &[(&str, &str)], button: &Markup) -> Markup {
    html! {
        form.inline method="post" action=(action) data-once {
            (cx.csrf())
            @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
            (button)
        }
    }
}

/// What is folded away until somebody asks for it. Fields and choices take a browser long to build, and nobody sees these:
/// a script unfolds them after the first paint. Where scripts are off, the browser reads them at once.
pub(crate) fn folded(cx: &Context, summary: &Text, inside: &Markup) -> Markup {
    html! { details { summary { (cx.t(summary)) } noscript { (inside) } } }
}

/// A labelled field.
pub(crate) fn field(
    cx: &Context,
    name: &str,
    label: &Text,
    hint: Option<&Text>,
    input: &Markup,
) -> Markup {
    html! {
        div.field {
            label for=(name) { (cx.t(label)) }
            @if let Some(hint) = hint { p.hint id={ (name) "-hint" } { (cx.t(hint)) } }
            (input)
        }
    }
}

/// A person's name, or their number where the name is not known.
pub(crate) fn person<'a>(name: Option<&'a str>, client: &'a yorisoi_decision::ClientId) -> &'a str {
    name.unwrap_or(client.as_str())
}

/// The path of a client's page.
pub(crate) fn client_path(client: &yorisoi_decision::ClientId) -> String {
    format!("/clients/{}", crate::form::escaped(client.as_str()))
}
