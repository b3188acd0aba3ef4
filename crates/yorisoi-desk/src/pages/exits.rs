//! Who has asked to leave, and how did goodbyes go?

use axum::extract::State;
use maud::{Markup, html};
use yorisoi_app::{EndingsReport, ExitView, PageAsk, Right};

use crate::Desk;
use crate::answer::{For, Outcome, live_page};
use crate::context::Context;
use crate::parts::{self, client_path};
use crate::reader::Reader;
use crate::words::exits as words;

/// The page.
pub(crate) async fn show(State(desk): State<Desk>, Reader(cx): Reader) -> Outcome {
    let open = desk
        .app
        .open_exits(&cx.caller, PageAsk { cursor: None, limit: Some(100) })
        .await
        .before(&cx)?;
    let endings = if cx.may(Right::ReadProof) {
        Some(desk.app.endings_report(&cx.caller).await.before(&cx)?)
    } else {
        None
    };
    let main = html! {
        (parts::top(&cx, &words::TITLE, &words::LEAD))
        div.sheet {
            section aria-labelledby="open" {
                h2 #open { (cx.t(&words::OPEN)) }
                @if open.items.is_empty() { (parts::empty(&cx, &words::NONE, &words::NONE_TEACH)) }
                ol.people { @for exit in &open.items { (one(&cx, exit)) } }
            }
            div.side { @if let Some(endings) = &endings { (endings_card(&cx, endings)) } }
        }
    };
    Ok(live_page(&cx, &words::TITLE, Some("/exits"), main))
}

fn one(cx: &Context, exit: &ExitView) -> Markup {
    html! {
        li.person.plain data-item=(exit.client) {
            div {
                h3 { a href={ (client_path(&exit.client)) "/let-go" } { bdi { (parts::person(exit.name.as_deref(), &exit.client)) } } }
                div.row { (parts::exit_tag(cx, exit.state)) @if let Some(at) = exit.requested_at { span.small.soft { (cx.t(&words::ASKED)) " " (cx.time(at)) } } }
            }
            div.act { a.button href={ (client_path(&exit.client)) "/let-go" } { (cx.t(&words::GO_ON)) } }
        }
    }
}

/// How goodbyes went, in figures with their intervals.
pub(crate) fn endings_card(cx: &Context, endings: &EndingsReport) -> Markup {
    let minutes = |value: f64| crate::format::grouped(value, 0);
    let share = |value: f64| crate::format::percent(value, 0);
    html! {
        section.card aria-labelledby="endings" {
            h2 #endings { (cx.t(&words::ENDINGS)) }
            dl.pairs {
                div { dt { (cx.t(&words::CLEAN)) } dd { (super::proof::ranged(cx, &endings.clean_exit_minutes, minutes)) } }
                div { dt { (cx.t(&words::GOOD)) } dd { (super::proof::ranged(cx, &endings.good_endings, share)) } }
                div { dt { (cx.t(&words::RETURNED)) } dd { (super::proof::ranged(cx, &endings.returned, share)) } }
                div { dt { (cx.t(&words::COMPLETED)) } dd.number { (endings.completed) } }
                div { dt { (cx.t(&words::ABANDONED)) } dd { span.number { (endings.abandoned) } " " span.small.soft { (cx.t(&words::ABANDONED_NOTE)) } } }
            }
        }
    }
}
