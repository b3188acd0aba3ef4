//! What does this help change, in words and as an interval?

use maud::{Markup, html};
use yorisoi_decision::EffectFact;

use crate::context::Context;
use crate::format;
use crate::lang::{Text, say};

static BELIEVED: Text = say("believed, not yet known", "見込みであり、まだ確かではありません");

/// The effect in a sentence, its interval as a small drawing, and whether a clear one is only believed.
pub(crate) fn effect(cx: &Context, effect: &EffectFact, only_believed: bool) -> Markup {
    let words = format::effect_words(effect.benefit, effect.low, effect.high);
    html! {
        p.why.phrase { (cx.t(&words)) }
        div aria-hidden="true" {
            (yorisoi_report::picture::interval_glyph([effect.benefit, effect.low, effect.high]))
        }
        @if only_believed && effect.low > 0.0 { span.tag.unknown { (cx.t(&BELIEVED)) } }
    }
}
