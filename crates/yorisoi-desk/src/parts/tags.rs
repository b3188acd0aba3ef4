//! What is said of somebody in a word: consent, exit, and what stopped an action.

use jiff::Timestamp;
use maud::{Markup, html};
use yorisoi_app::Ladder;
use yorisoi_decision::{Code, ExitState};

use crate::context::Context;
use crate::lang::{Lang, Text, say};

/// A word with a meaning: `help`, `harm`, `unknown`, `rest` or `plain`.
pub(crate) fn tag(cx: &Context, tone: &str, text: &Text) -> Markup {
    html! { span.tag.(tone) { (cx.t(text)) } }
}

/// How far consent goes.
pub(crate) fn ladder_tag(cx: &Context, ladder: Ladder) -> Markup {
    static NONE: Text = say("no consent yet", "了解なし");
    static TALK: Text = say("may talk", "会話了解");
    static ADVISE: Text = say("may advise", "相談了解");
    match ladder {
        Ladder::None => tag(cx, "unknown", &NONE),
        Ladder::Conversation => tag(cx, "rest", &TALK),
        Ladder::Consultation => tag(cx, "help", &ADVISE),
    }
}

/// How far somebody is on the way out; nothing for those who are not leaving.
pub(crate) fn exit_tag(cx: &Context, exit: ExitState) -> Markup {
    static REQUESTED: Text = say("asked to leave", "退会のお申し出");
    static OFFERED: Text = say("asked to leave, heard one offer", "お申し出・ご提案済み");
    static DECIDED: Text = say("decided", "ご決定済み");
    static COMPLETED: Text = say("gone well", "お見送り済み");
    static ABANDONED: Text = say("stayed for now", "お手続き取りやめ");
    match exit {
        ExitState::None => html! {},
        ExitState::Requested => tag(cx, "unknown", &REQUESTED),
        ExitState::Offered => tag(cx, "unknown", &OFFERED),
        ExitState::Decided => tag(cx, "rest", &DECIDED),
        ExitState::Completed => tag(cx, "rest", &COMPLETED),
        ExitState::Abandoned => tag(cx, "plain", &ABANDONED),
    }
}

/// Why something is not done now, and when that ends by itself.
pub(crate) fn stop_line(cx: &Context, code: Code, until: Option<Timestamp>) -> Markup {
    let words = Text::from(&code.words());
    html! {
        (cx.t(&words))
        @if let Some(until) = until { " " span.soft { (looking_again(cx, until)) } }
    }
}

/// When we look again.
pub(crate) fn looking_again(cx: &Context, at: Timestamp) -> Markup {
    html! {
        @match cx.lang {
            Lang::En => { "Looking again " (cx.time(at)) "." }
            Lang::Ja => { "次は" (cx.time(at)) "に見直します。" }
        }
    }
}
