//! Which way does it take? The usual channels by their names; any other as the policy writes it.

use maud::{Markup, html};

use crate::context::Context;
use crate::lang::Text;

/// A channel in the reader's language.
pub(crate) fn channel(cx: &Context, name: &str) -> Markup {
    let words = Text::from(&yorisoi_app::channel_words(name));
    html! { bdi { (cx.t(&words)) } }
}
