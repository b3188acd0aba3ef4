//! How does a conversation look, step by step?

use maud::{Markup, html};
use yorisoi_app::DecisionAnswer;
use yorisoi_decision::{ActionId, ActionKind, ActionSpec, ExitState, Initiative, Stop, Verdict};

use super::{LONG_MINUTES, Talk};
use crate::context::Context;
use crate::lang::Text;
use crate::pages::client::{is_call, landing_buttons, topic_input};
use crate::parts::{self, person};
use crate::words::{COLON, client as client_words, conversation as words};

/// The page of a conversation.
pub(super) fn main(cx: &Context, talk: &Talk, suggestions: Option<&DecisionAnswer>) -> Markup {
    let elapsed = cx.now.as_second().saturating_sub(talk.since).max(0);
    let is_long = elapsed >= i64::from(LONG_MINUTES * 60);
    html! {
        (crumb(cx, talk))
        div.top {
            div { h1 { (cx.t(&words::TITLE)) } p { (cx.t(&words::LEAD)) } }
            div.row {
                span.timer.long[is_long] role="timer" aria-label=(cx.t(&words::TIMER)) data-elapsed=(elapsed) data-long=(LONG_MINUTES * 60) data-words="stalling" { (clock(elapsed)) }
                (end(cx, talk))
            }
        }
        @if talk.is_our_call() && talk.decision.is_none() && !talk.is_over() { (we_began(cx, talk)) }
        div.note.unknown.flash #stalling hidden[!is_long] { p { (cx.t(&words::STALLING)) } }
        @if talk.is_over() { (closed(cx, talk)) } @else { (steps(cx, talk, suggestions)) }
        (ways_out(cx, talk))
    }
}

/// Minutes and seconds; with a script the page counts on from here.
fn clock(seconds: i64) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// The page while we had better not call.
pub(super) fn stopped(cx: &Context, talk: &Talk, stop: &Stop) -> Markup {
    html! {
        (crumb(cx, talk))
        div.top { div { h1 { (cx.t(&words::NOT_CALLING)) } p { (cx.t(&words::NOT_CALLING_LEAD)) } } }
        div.card {
            p.phrase { (parts::stop_line(cx, stop.code, stop.until)) }
            div.row {
                a.button.main href=(talk.path()) { (cx.t(&words::BACK)) }
                a.button href=(they_began(talk)) data-key="i" { (cx.t(&words::THEY_BEGAN)) kbd aria-hidden="true" { "i" } }
            }
        }
    }
}

fn crumb(cx: &Context, talk: &Talk) -> Markup {
    let name = person(talk.page.client.name.as_deref(), &talk.client);
    html! { p.crumb { a href=(talk.path()) { bdi { (name) } (client_words::honorific(cx.lang)) } } }
}

/// The same conversation, begun by the client.
fn they_began(talk: &Talk) -> String {
    format!("{}&began=client", talk.here())
}

/// With what we begin, and the way for those who called us.
fn we_began(cx: &Context, talk: &Talk) -> Markup {
    let opening = talk.openings().into_iter().next();
    html! {
        div.row {
            @if let Some(action) = opening {
                @let name = Text::from(&action.name);
                p.small.soft { (cx.t(&words::WE_BEGAN)) " " (cx.t(&name)) @if let Some(channel) = &action.channel { " · " (parts::channel(cx, channel.as_str())) } }
            }
            a.button.quiet href=(they_began(talk)) data-key="i" { (cx.t(&words::THEY_BEGAN)) kbd aria-hidden="true" { "i" } }
        }
    }
}

/// Ending is recorded where we called and gave nothing: it was a contact all the same.
fn end(cx: &Context, talk: &Talk) -> Markup {
    let is_counted = talk.began == Initiative::Ours && talk.decision.is_none() && !talk.is_over();
    html! {
        @if is_counted {
            (parts::act(cx, &format!("{}/talk/end", talk.path()), &[], &html! {
                (carried(talk)) button data-key="q" { (cx.t(&words::END)) kbd aria-hidden="true" { "q" } }
            }))
        } @else {
            a.button href=(talk.path()) data-key="q" { (cx.t(&words::END)) kbd aria-hidden="true" { "q" } }
        }
    }
}

/// What a form of this conversation carries on.
fn carried(talk: &Talk) -> Markup {
    html! {
        @for (name, value) in talk.carried() { input type="hidden" name=(name) value=(value); }
        @if let Some(topic) = &talk.topic { input type="hidden" name="topic" value=(topic); }
    }
}

fn closed(cx: &Context, talk: &Talk) -> Markup {
    html! {
        div.card.empty {
            h2 { (cx.t(&words::CLOSED)) }
            p { (cx.t(&words::CLOSED_TEACH)) }
            p { a.button.main href=(talk.path()) { (cx.t(&words::BACK)) } }
        }
    }
}

fn steps(cx: &Context, talk: &Talk, suggestions: Option<&DecisionAnswer>) -> Markup {
    let permitted = talk.has_advice_consent();
    let provided = talk.decision.is_some();
    let listening = talk.topic.is_none();
    let now = match (provided, permitted, listening) {
        (true, _, _) => 4,
        (_, true, _) => 3,
        (_, _, true) => 1,
        _ => 2,
    };
    let current = |step: u8| (step == now).then_some("step");
    html! {
        div.steps {
            section.step.done[!listening || permitted] aria-current=[current(1)] { (elicit(cx, talk)) }
            section.step.done[permitted].locked[listening && !permitted] aria-current=[current(2)] {
                h2 { (cx.t(&words::PERMISSION)) }
                @if permitted { p { (cx.t(&words::PERMITTED)) } } @else if listening { p { (cx.t(&words::PERMISSION_LATER)) } } @else { (permission_form(cx, talk)) }
            }
            section.step.done[provided].locked[!permitted] aria-current=[current(3)] {
                h2 { (cx.t(&words::PROVIDE)) }
                @match suggestions {
                    Some(answer) => (provide_form(cx, talk, answer)),
                    None if provided => { p { (cx.t(&words::PROVIDED)) } }
                    None => { p { (cx.t(&words::LOCKED)) } }
                }
            }
            section.step.locked[!provided] aria-current=[current(4)] {
                h2 { (cx.t(&words::LANDED)) }
                @match &talk.decision {
                    Some(decision) => { p { (cx.t(&words::LANDED_LEAD)) } (landing_buttons(cx, &talk.client, (decision.as_str(), &given_name(cx, talk)), "talk/landing")) }
                    None => { p { (cx.t(&words::LANDED_LATER)) } }
                }
            }
        }
    }
}

/// What was given just now; empty where it is not known.
fn given_name(cx: &Context, talk: &Talk) -> String {
    let given =
        talk.page.given.iter().find(|given| Some(&given.decision) == talk.decision.as_ref());
    given.map_or_else(String::new, |given| talk.names.action(cx, &given.action))
}

fn elicit(cx: &Context, talk: &Talk) -> Markup {
    let begun = talk.topic.as_ref().map_or_else(String::new, |topic| talk.names.topic(cx, topic));
    html! {
        h2 { (cx.t(&words::ELICIT)) }
        p { (cx.t(&words::ELICIT_LEAD)) }
        @let open: Vec<_> = talk.page.inferred.iter().filter(|need| need.confirmed.is_none()).collect();
        @if !open.is_empty() {
            h3 { (cx.t(&words::MAY_ASK)) }
            ul.bullets { @for need in open { li { @if let Some(question) = &need.words { bdi { (question) } } @else { bdi { (talk.names.topic(cx, &need.topic)) } (cx.t(&client_words::ASKED)) } } } }
        }
        @if !talk.page.stated.is_empty() {
            h3 { (cx.t(&words::SAID_BEFORE)) }
            ul.bullets { @for need in talk.page.stated.iter().take(3) { li { bdi { (talk.names.topic(cx, &need.topic)) } @if let Some(words) = &need.words { (cx.t(&COLON)) bdi { (words) } } } } }
        }
        details {
            summary { (cx.t(&words::WRITE_DOWN)) }
            (parts::form(cx, &format!("{}/need", talk.path()), &html! {
                input type="hidden" name="back" value=(talk.here());
                (parts::field(cx, "said-topic", &client_words::TOPIC, None, &topic_input(cx, ("said-topic", &begun), &talk.names)))
                (parts::field(cx, "said-words", &client_words::THEIR_WORDS, None, &html! { textarea #said-words name="words" required maxlength="4000" {} }))
                button { (cx.t(&client_words::RECORD)) }
            }))
        }
        form method="get" action={ (talk.path()) "/talk" } {
            @for (name, value) in talk.carried() { input type="hidden" name=(name) value=(value); }
            fieldset {
                legend { (cx.t(&words::ABOUT)) }
                div.row { @for topic in talk.names.topics() {
                    button name="topic" value=(topic) aria-pressed=(if talk.topic.as_ref() == Some(&topic) { "true" } else { "false" }) { bdi { (talk.names.topic(cx, &topic)) } }
                } }
            }
        }
    }
}

fn permission_form(cx: &Context, talk: &Talk) -> Markup {
    let called = talk
        .topic
        .as_ref()
        .map_or_else(|| Text::new("", ""), |topic| talk.names.topic_words(topic));
    html! {
        p { (cx.t(&words::permission_ask(&called))) }
        form method="post" action={ (talk.path()) "/talk/permission" } data-once {
            (cx.csrf()) (carried(talk))
            div.row {
                button.main name="said" value="yes" data-key="y" { (cx.t(&words::YES)) kbd aria-hidden="true" { "y" } }
                button name="said" value="not-now" data-key="w" { (cx.t(&words::NOT_NOW)) kbd aria-hidden="true" { "w" } }
                button.end name="said" value="no" data-key="n" { (cx.t(&words::NO)) kbd aria-hidden="true" { "n" } }
            }
        }
    }
}

fn provide_form(cx: &Context, talk: &Talk, answer: &DecisionAnswer) -> Markup {
    let spec =
        |action: &ActionId| talk.policy.policy.actions.iter().find(|spec| spec.id == *action);
    let offers: Vec<(&ActionSpec, &yorisoi_decision::Score)> = answer
        .decision
        .suggestions
        .iter()
        .filter_map(|i| answer.decision.candidates.get(*i))
        .filter_map(|candidate| match &candidate.verdict {
            Verdict::Scored(score) => spec(&candidate.action).map(|spec| (spec, score)),
            Verdict::Stopped(_) => None,
        })
        .filter(|(spec, _)| {
            matches!(
                spec.kind,
                ActionKind::Offer | ActionKind::Advise | ActionKind::Listen | ActionKind::AskTime
            )
        })
        .collect();
    html! {
        @if offers.is_empty() {
            p { (cx.t(&words::NOTHING)) }
            @if let Some(hold) = &answer.decision.hold { p.soft { (parts::stop_line(cx, hold.code, hold.look_again_at)) } }
        } @else {
            p { (cx.t(&words::PROVIDE_LEAD)) }
            ul.people {
                @for (spec, score) in offers {
                    @let (name, meant) = (Text::from(&spec.name), Text::from(&spec.intention));
                    li.card {
                        h3 { (cx.t(&name)) }
                        p.small.soft { (cx.t(&client_words::meant(cx.t(&meant)))) }
                        (parts::effect(cx, &score.effect, false))
                        div.row {
                            (parts::act(cx, &format!("{}/talk/provide", talk.path()), &[("give", spec.id.as_str())],
                                &html! { (carried(talk)) button.main { (cx.t(&words::GIVEN)) } }))
                        }
                    }
                }
            }
        }
    }
}

fn ways_out(cx: &Context, talk: &Talk) -> Markup {
    let path = talk.path();
    html! {
        hr;
        div.row {
            @if talk.is_our_call() && talk.decision.is_none() && !talk.is_over() {
                (parts::act(cx, &format!("{path}/talk/not-reached"), &[], &html! { (carried(talk)) button data-key="0" { (cx.t(&words::NOT_REACHED)) kbd aria-hidden="true" { "0" } } }))
            }
            @if talk.policy.policy.actions.iter().filter_map(|action| action.channel.as_ref()).any(|channel| is_call(channel.as_str())) {
                (parts::act(cx, &format!("{path}/talk/no-calls"), &[], &html! { (carried(talk)) button.end data-key="x" { (cx.t(&client_words::NO_CALLS)) kbd aria-hidden="true" { "x" } } }))
            }
            @if talk.page.client.exit != ExitState::Completed {
                a.button.end href={ (path) "/let-go" } data-key="d" { (cx.t(&client_words::DECIDED)) kbd aria-hidden="true" { "d" } }
            }
            a.button.quiet href=(path) { (cx.t(&words::CANCEL)) }
        }
    }
}
