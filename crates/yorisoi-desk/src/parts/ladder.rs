//! How far may we go with this person? The ladder: nothing, 会話了解, 相談了解.

use maud::{Markup, html};
use yorisoi_app::{ConsentView, Ladder};
use yorisoi_decision::ConsentKind;
use yorisoi_ledger::Source;

use crate::context::Context;
use crate::lang::{Text, say};
use crate::parts::Names;

static TALK: Text = say("We may talk (会話了解)", "会話了解 — お話ししてよい");
static ADVISE: Text = say("We may advise (相談了解)", "相談了解 — ご提案してよい");
static TALK_NO: Text = say("Not asked, or not given", "まだいただいていません");
static ANY_TOPIC: Text = say("any topic", "話題を問わず");
static ANY_CHANNEL: Text = say("any channel", "連絡手段を問わず");
static SINCE: Text = say("since", "から");
static UNTIL: Text = say("until", "まで");
static REFUSED: Text = say(
    "The client refused everything. No means no.",
    "すべてお断りされています。ご意思を尊重します。",
);

/// The two steps, each with the consents that carry it.
pub(crate) fn ladder(
    cx: &Context,
    names: &Names,
    (height, refused_everything): (Ladder, bool),
    consents: &[ConsentView],
) -> Markup {
    let rung = |kind: ConsentKind, name: &Text, reached: bool| {
        let held: Vec<&ConsentView> =
            consents.iter().filter(|it| it.consent.kind == kind).collect();
        html! {
            li.yes[reached] {
                div {
                    strong { (cx.t(name)) }
                    @if held.is_empty() { p.small.soft { (cx.t(&TALK_NO)) } }
                    @for consent in held { p.small.soft { (consent_line(cx, names, consent)) } }
                }
            }
        }
    };
    html! {
        @if refused_everything { p.note.harm { (cx.t(&REFUSED)) } }
        ol.ladder {
            (rung(ConsentKind::Talk, &TALK, height >= Ladder::Conversation && !refused_everything))
            (rung(ConsentKind::Advise, &ADVISE, height >= Ladder::Consultation && !refused_everything))
        }
    }
}

/// How it is known.
fn source_words(source: Source) -> &'static Text {
    static WORDS: Text = say("in the client’s own words", "ご本人のお言葉");
    static TAP: Text = say("by the client’s own tap", "ご本人の操作");
    static IMPORT: Text = say("came with an import", "取り込みによる");
    match source {
        Source::Words => &WORDS,
        Source::Tap => &TAP,
        Source::Import => &IMPORT,
    }
}

/// Topic, channel, since when and until when, and how it is known.
fn consent_line(cx: &Context, names: &Names, view: &ConsentView) -> Markup {
    let consent = &view.consent;
    let any = || cx.t(&ANY_TOPIC).to_owned();
    let topic = consent.topic.as_ref().map_or_else(any, |topic| names.topic(cx, topic));
    html! {
        bdi { (topic) } " · "
        @match &consent.channel { Some(channel) => (super::channel(cx, channel.as_str())), None => (cx.t(&ANY_CHANNEL)) } " · "
        @match cx.lang {
            crate::lang::Lang::En => {
                (cx.t(&SINCE)) " " (cx.time(consent.granted_at))
                @if let Some(end) = consent.expires_at { ", " (cx.t(&UNTIL)) " " (cx.time(end)) }
            }
            crate::lang::Lang::Ja => {
                (cx.time(consent.granted_at)) (cx.t(&SINCE))
                @if let Some(end) = consent.expires_at { (cx.time(end)) (cx.t(&UNTIL)) }
            }
        }
        @if let Some(source) = view.source { " · " (cx.t(source_words(source))) }
    }
}
