//! How did our help land? What was told, what is still to be told, and one place to tell it again.

use maud::{Markup, html};
use yorisoi_app::{ClientPage, Right};
use yorisoi_decision::ClientId;

use super::Choices;
use super::delivered::delivered_form;
use crate::context::Context;
use crate::format::instant;
use crate::lang::Text;
use crate::parts::{self, client_path};
use crate::words::client as words;

/// Landings shown; older ones stand in the line of time.
const SHOWN: usize = 8;

pub(super) fn landings(cx: &Context, page: &ClientPage, choices: &Choices) -> Markup {
    let told = |decision| page.landings.iter().any(|it| it.decision.as_ref() == Some(decision));
    let kept: Vec<_> = page.reservations.iter().filter(|open| !told(&open.decision)).collect();
    html! {
        section.card aria-labelledby="landed" {
            h2 #landed { (cx.t(&words::LANDED)) }
            @if page.landings.is_empty() { p.small.soft { (cx.t(&words::LANDED_NONE)) } }
            ul.peace {
                @for landing in page.landings.iter().take(SHOWN) {
                    @let (name, meant) = (Text::from(&landing.name), Text::from(&landing.intention));
                    li {
                        div { (cx.t(&name)) " " (parts::tag(cx, parts::landing_tone(landing.landing), parts::landing_words(landing.landing)))
                            p.small.soft { (cx.t(&words::meant(cx.t(&meant)))) } }
                        span.small.soft { (cx.time(landing.at)) }
                    }
                }
            }
            @if cx.may(Right::Record) { (told_again(cx, page)) }
            @if cx.may(Right::Record) && page.given.len() + kept.len() > 1 {
                p.small #several role="status" data-say=(cx.t(&words::SEVERAL)) {}
            }
            @for given in &page.given {
                div.note { p.small { (cx.t(&words::OPEN)) " " (choices.names.action(cx, &given.action)) " · " (cx.t(&words::GIVEN_AT)) " " (cx.time(given.at)) }
                    @if cx.may(Right::Record) { (landing_buttons(cx, &page.client.client, (given.decision.as_str(), &choices.names.action(cx, &given.action)), "landing")) } }
            }
            @for open in &kept {
                div.note { p.small { (cx.t(&words::OPEN)) " " (choices.names.action(cx, &open.action)) " · " (cx.t(&words::KEPT_UNTIL)) " " (cx.time(open.expires_at)) }
                    @if cx.may(Right::Record) { (landing_buttons(cx, &page.client.client, (open.decision.as_str(), &choices.names.action(cx, &open.action)), "landing")) } }
            }
            @if cx.may(Right::Record) { (delivered_form(cx, page, choices)) }
        }
    }
}

/// Six answers about a decision and what was given by it, one tap or key each.
pub(crate) fn landing_buttons(
    cx: &Context,
    client: &ClientId,
    (decision, name): (&str, &str),
    step: &str,
) -> Markup {
    html! {
        form method="post" action={ (client_path(client)) "/" (step) } data-once {
            (cx.csrf()) input type="hidden" name="decision" value=(decision);
            div.landings role="group" tabindex="-1" aria-label=(cx.t(&words::how_landed(name))) {
                @for (landing, value, key) in parts::LANDINGS {
                    button name="landing" value=(value) data-key=(key) {
                        (cx.t(parts::landing_words(landing)))
                        kbd aria-hidden="true" { (key) }
                    }
                }
            }
        }
    }
}

/// The same for what was told already, whichever it was. Keys are for what was not.
fn told_again(cx: &Context, page: &ClientPage) -> Markup {
    let told = page.landings.iter().take(SHOWN).filter_map(|it| Some((it.decision.as_ref()?, it)));
    let told: Vec<_> = told.collect();
    html! {
        @if !told.is_empty() {
            (parts::folded(cx, &words::LANDED_AGAIN, &html! {
                form method="post" action={ (client_path(&page.client.client)) "/landing" } data-once {
                    (cx.csrf())
                    (parts::field(cx, "again-what", &words::LANDED_AGAIN_WHAT, None, &html! {
                        select #again-what name="decision" required {
                            @for (decision, landing) in &told {
                                option value=(decision) { (instant(landing.at, cx.now, &cx.zone, cx.lang)) " · " (cx.t(&Text::from(&landing.name))) }
                            }
                        }
                    }))
                    div.landings role="group" aria-label=(cx.t(&words::LANDED_AGAIN_HOW)) {
                        @for (landing, value, _) in parts::LANDINGS {
                            button name="landing" value=(value) { (cx.t(parts::landing_words(landing))) }
                        }
                    }
                }
            }))
        }
    }
}
