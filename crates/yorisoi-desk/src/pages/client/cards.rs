//! What we may do for a client, and what they need: the two cards of a relationship.

use maud::{Markup, html};
use yorisoi_app::{ClientPage, Right};

use super::{Choices, options};
use crate::context::Context;
use crate::parts::{self, client_path};
use crate::words::client as words;

/// The ladder of consent, what was refused, and the forms for both.
pub(super) fn consent_card(cx: &Context, page: &ClientPage, choices: &Choices) -> Markup {
    let path = client_path(&page.client.client);
    html! {
        section.card aria-labelledby="consent" {
            h2 #consent { (cx.t(&words::CONSENT)) }
            (parts::ladder(cx, &choices.names, (page.client.ladder, page.client.refused_everything), &page.consents))
            @if !page.refusals.is_empty() {
                h3 { (cx.t(&words::REFUSALS)) }
                ul.peace {
                    @for refusal in &page.refusals {
                        li {
                            span { (words::refusal(cx.lang, refusal, &choices.names)) " " span.small.soft { (cx.time(refusal.refused_at)) } }
                            @if cx.may(Right::Record) {
                                @let topic = refusal.topic.as_ref().map_or("", |topic| topic.as_str());
                                @let channel = refusal.channel.as_ref().map_or("", |channel| channel.as_str());
                                (parts::act(cx, &format!("{path}/reopen"), &[("topic", topic), ("channel", channel)],
                                    &html! { button.quiet { (cx.t(&words::REOPEN)) } }))
                            }
                        }
                    }
                }
            }
            @if cx.may(Right::Record) {
                @if choices.has_calls() {
                    div.row {
                        (parts::act(cx, &format!("{path}/no-calls"), &[],
                            &html! { button.end data-key="x" { (cx.t(&words::NO_CALLS)) kbd aria-hidden="true" { "x" } } }))
                    }
                }
                (parts::folded(cx, &words::CONSENT_CHANGE, &consent_forms(cx, &path, choices)))
            }
        }
    }
}

fn consent_forms(cx: &Context, path: &str, choices: &Choices) -> Markup {
    let scope = |id: &str| {
        html! {
            div.fields {
                (parts::field(cx, &format!("{id}-topic"), &words::TOPIC, None, &options(cx, &format!("{id}-topic"), "topic", &choices.topics, &words::ANY_TOPIC)))
                (parts::field(cx, &format!("{id}-channel"), &words::CHANNEL, None, &options(cx, &format!("{id}-channel"), "channel", &choices.channels, &words::ANY_CHANNEL)))
            }
        }
    };
    html! {
        (parts::form(cx, &format!("{path}/consent"), &html! {
            fieldset {
                legend { (cx.t(&words::GRANT)) }
                @for (value, label) in [("talk", &words::TALK_CONSENT), ("advise", &words::ADVISE_CONSENT)] {
                    div.check { input type="radio" name="consent" id={ "c-" (value) } value=(value) required; label for={ "c-" (value) } { (cx.t(label)) } }
                }
            }
            (scope("grant"))
            (parts::field(cx, "days", &words::DAYS, Some(&words::DAYS_HINT), &html! { input #days name="days" inputmode="numeric" maxlength="5"; }))
            (parts::field(cx, "consent-words", &words::THEIR_WORDS, None, &html! { input #consent-words name="words" maxlength="500"; }))
            button { (cx.t(&words::RECORD)) }
        }))
        hr;
        (parts::form(cx, &format!("{path}/withdraw"), &html! {
            fieldset {
                legend { (cx.t(&words::WITHDRAW)) }
                @for (value, label) in [("talk", &words::TALK_CONSENT), ("advise", &words::ADVISE_CONSENT)] {
                    div.check { input type="radio" name="consent" id={ "w-" (value) } value=(value) required; label for={ "w-" (value) } { (cx.t(label)) } }
                }
            }
            (scope("withdraw"))
            button { (cx.t(&words::RECORD)) }
        }))
        hr;
        (parts::form(cx, &format!("{path}/refuse"), &html! {
            fieldset { legend { (cx.t(&words::REFUSE)) } p.hint.small.soft { (cx.t(&words::REFUSE_HINT)) } (scope("refuse")) }
            button.end { (cx.t(&words::RECORD)) }
        }))
    }
}

/// What was said, and what may only be asked.
pub(super) fn needs(cx: &Context, page: &ClientPage, choices: &Choices) -> Markup {
    let path = client_path(&page.client.client);
    html! {
        section.card aria-labelledby="needs" {
            h2 #needs { (cx.t(&words::NEEDS)) }
            h3 { (cx.t(&words::STATED)) }
            @if page.stated.is_empty() { p.small.soft { (cx.t(&words::STATED_NONE)) } }
            ul.peace {
                @for need in &page.stated {
                    li { div { strong { bdi { (choices.names.topic(cx, &need.topic)) } } @if let Some(words) = &need.words { p.quote { (words) } } } span.small.soft { (cx.time(need.at)) } }
                }
            }
            h3 { (cx.t(&words::INFERRED)) }
            p.small.soft { (cx.t(&words::INFERRED_LEAD)) }
            ul.peace {
                @for need in page.inferred.iter().filter(|need| need.confirmed.is_none()) {
                    li {
                        div {
                            p { @if let Some(question) = &need.words { bdi { (question) } } @else { bdi { (choices.names.topic(cx, &need.topic)) } (cx.t(&words::ASKED)) } }
                            @if cx.may(Right::Record) {
                                div.row {
                                    @for (value, label) in [("yes", &words::NEED_YES), ("no", &words::NEED_NO)] {
                                        (parts::act(cx, &format!("{path}/answer"), &[("topic", need.topic.as_str()), ("confirmed", value)],
                                            &html! { button { (cx.t(label)) } }))
                                    }
                                }
                            }
                        }
                        span.small.soft { (cx.time(need.at)) }
                    }
                }
            }
            @if cx.may(Right::Record) {
                (parts::folded(cx, &words::NEED_ADD, &html! {
                    (parts::form(cx, &format!("{path}/need"), &html! {
                        (topic_field(cx, "need-topic", choices))
                        (parts::field(cx, "need-words", &words::THEIR_WORDS, None, &html! { textarea #need-words name="words" required maxlength="4000" {} }))
                        button { (cx.t(&words::STATED_RECORD)) }
                    }))
                    hr;
                    (parts::form(cx, &format!("{path}/question"), &html! {
                        (topic_field(cx, "question-topic", choices))
                        (parts::field(cx, "question-words", &words::QUESTION, Some(&words::QUESTION_HINT), &html! { input #question-words name="question" required maxlength="500"; }))
                        button { (cx.t(&words::INFERRED_RECORD)) }
                    }))
                }))
            }
        }
    }
}

fn topic_field(cx: &Context, id: &str, choices: &Choices) -> Markup {
    parts::field(cx, id, &words::TOPIC, None, &topic_input(cx, (id, ""), &choices.names))
}

/// A field for a topic: one of those that have a name, or any other.
pub(crate) fn topic_input(cx: &Context, (id, value): (&str, &str), names: &parts::Names) -> Markup {
    let list = format!("{id}-list");
    html! {
        input id=(id) name="topic" list=(list) required maxlength="200" value=(value);
        datalist id=(list) { @for topic in names.topics() { option value=(names.topic(cx, &topic)) {} } }
    }
}
