//! おすそわけ: what is about to expire or was declined, and whom would it delight?

use axum::extract::{Path, State};
use maud::{Markup, html};
use yorisoi_app::{
    AppError, CapacityView, DelightView, HandOnView, MatchView, PageAsk, ReleaseInput, Right,
    SupplyRow,
};
use yorisoi_decision::{ClientId, EffectFact};

use crate::Desk;
use crate::answer::{For, Outcome, done, live_page};
use crate::context::Context;
use crate::form::{Posted, escaped};
use crate::lang::Text;
use crate::parts::{self, client_path, person};
use crate::reader::Reader;
use crate::words::{hand_on as words, today as today_words};

/// The page.
pub(crate) async fn show(State(desk): State<Desk>, Reader(cx): Reader) -> Outcome {
    let all = desk
        .app
        .hand_ons(&cx.caller, PageAsk { cursor: None, limit: Some(100) })
        .await
        .before(&cx)?
        .items;
    let capacity = desk.app.capacity(&cx.caller).await.before(&cx)?;
    let delights = desk.app.delights(&cx.caller, 3).await.before(&cx)?;
    let (open, past): (Vec<_>, Vec<_>) =
        all.iter().partition(|one| one.state == "released" || one.state == "offered");
    let main = html! {
        (parts::top(&cx, &words::TITLE, &words::LEAD))
        div.sheet {
            section aria-labelledby="open" {
                (delighted(&cx, &delights))
                h2 #open { (cx.t(&words::OPEN)) }
                @if open.is_empty() { (parts::empty(&cx, &words::NONE, &words::NONE_TEACH)) }
                ol.people { @for one in open { (line(&cx, one)) } }
                @if !past.is_empty() {
                    h2 { (cx.t(&words::PAST)) }
                    ol.people { @for one in past { (line(&cx, one)) } }
                }
            }
            div.side {
                (stock(&cx, &capacity))
                @if cx.may(Right::Record) { (release_form(&desk, &cx).await) }
            }
        }
    };
    Ok(live_page(&cx, &words::TITLE, Some("/hand-on"), main))
}

/// What there is only so much of, and until when it keeps: the next to lose its worth first.
fn stock(cx: &Context, capacity: &CapacityView) -> Markup {
    let scarce = |row: &&SupplyRow| row.supply.is_some() || row.expires_at.is_some();
    let mut rows: Vec<&SupplyRow> = capacity.supply.iter().filter(scarce).collect();
    rows.sort_by_key(|row| (row.expires_at.is_none(), row.expires_at));
    html! {
        @if !rows.is_empty() {
            section.card aria-labelledby="stock" {
                h2 #stock { (cx.t(&words::STOCK)) }
                p.small.soft { (cx.t(&words::STOCK_LEAD)) }
                ul.peace {
                    @for row in rows {
                        @let name = Text::from(&row.name);
                        li {
                            div { (cx.t(&name))
                                @if let Some(at) = row.expires_at { p.small.soft { (cx.t(&words::KEEPS)) " " (cx.time(at)) } } }
                            @if let Some(left) = row.left { span.small.number { (cx.t(&words::left(left))) } }
                        }
                    }
                }
            }
        }
    }
}

/// What is about to lose its worth, how many it would help, and whom most: before anybody releases it.
fn delighted(cx: &Context, delights: &[DelightView]) -> Markup {
    html! {
        @for one in delights {
            @let name = Text::from(&one.name);
            @let id = format!("delight-{}", one.action);
            section.card.delight aria-labelledby=(id) {
                h2 id=(id) { (cx.t(&name)) }
                p.small.soft { (cx.t(&words::KEEPS)) " " (cx.time(one.expires_at)) @if let Some(left) = one.left { " · " (cx.t(&words::left(left))) } }
                p.phrase { (cx.t(&words::would_help(one.helped, one.all_asked, one.left))) }
                @if !one.best.is_empty() {
                    h3 { (cx.t(&words::WHOM)) }
                    ul.peace { @for who in &one.best { (suited(cx, one, who)) } }
                }
            }
        }
    }
}

fn suited(cx: &Context, one: &DelightView, who: &MatchView) -> Markup {
    let path = client_path(&who.client);
    html! {
        li {
            div {
                strong { a href=(path) { bdi { (person(who.name.as_deref(), &who.client)) } } }
                (parts::effect(cx, &EffectFact { benefit: who.benefit, low: who.low, high: who.high }, false))
            }
            @if cx.may(Right::Record) {
                a.button href={ (path) "/talk?action=" (escaped(one.action.as_str())) } { (cx.t(&today_words::BEGIN)) span.hidden-visually { " " (person(who.name.as_deref(), &who.client)) } }
            }
        }
    }
}

fn line(cx: &Context, one: &HandOnView) -> Markup {
    let name = Text::from(&one.name);
    html! {
        li.person.plain data-item=(one.hand_on) {
            div {
                h3 { a href={ "/hand-on/" (escaped(&one.hand_on)) } { (cx.t(&name)) } }
                div.row { (parts::tag(cx, words::tone(&one.state), &words::state(&one.state)))
                    span.small.soft { (cx.t(&words::RELEASED)) " " (cx.time(one.released_at)) }
                    span.small { (cx.t(&words::FROM)) " " bdi { (person(one.from_name.as_deref(), &one.from)) } }
                    @if let Some(to) = &one.to { span.small { (cx.t(words::receiver(&one.state))) " " bdi { (person(one.to_name.as_deref(), to)) } } }
                    @if let Some(at) = one.expires_at { span.small.soft { (cx.t(&words::KEEPS)) " " (cx.time(at)) } }
                    @if !one.declined.is_empty() { span.small.soft { (cx.t(&words::declined(one.declined.len()))) } } }
            }
            div.act { a.button href={ "/hand-on/" (escaped(&one.hand_on)) } { (cx.t(&words::LOOK)) } }
        }
    }
}

async fn release_form(desk: &Desk, cx: &Context) -> Markup {
    let policy = desk.app.live_policy(&cx.caller).await;
    let actions = policy.map(|view| view.policy.actions).unwrap_or_default();
    let scarce =
        actions.iter().filter(|action| action.supply.is_some() || action.expires_at.is_some());
    html! {
        section.card aria-labelledby="release" {
            h2 #release { (cx.t(&words::RELEASE)) }
            p.small.soft { (cx.t(&words::RELEASE_LEAD)) }
            (parts::form(cx, "/hand-on/release", &html! {
                (parts::field(cx, "client", &words::WHO, Some(&words::WHO_HINT), &html! { input #client name="client" required maxlength="200"; }))
                (parts::field(cx, "action", &words::WHAT, None, &html! {
                    select #action name="action" required { @for action in scarce { @let name = Text::from(&action.name); option value=(action.id) { (cx.t(&name)) } } }
                }))
                button { (cx.t(&words::RELEASE_DO)) }
            }))
        }
    }
}

/// One hand-on, and whom it would delight.
pub(crate) async fn one(
    State(desk): State<Desk>,
    Reader(cx): Reader,
    Path(hand_on): Path<String>,
) -> Outcome {
    let view = desk.app.hand_on(&cx.caller, &hand_on).await.before(&cx)?;
    let matches = if view.state == "released" {
        desk.app.hand_on_matches(&cx.caller, &hand_on, 10).await.before(&cx)?
    } else {
        Vec::new()
    };
    let name = Text::from(&view.name);
    let here = format!("/hand-on/{}", escaped(&hand_on));
    let main = html! {
        p.crumb { a href="/hand-on" { (cx.t(&words::TITLE)) } }
        div.top { div { h1 { (cx.t(&name)) } div.row { (parts::tag(&cx, words::tone(&view.state), &words::state(&view.state)))
            @if let Some(at) = view.expires_at { span.small.soft { (cx.t(&words::KEEPS)) " " (cx.time(at)) } } } } }
        @match view.state.as_str() {
            "released" => { (candidates(&cx, &here, &matches)) }
            "offered" => { (answer_form(&cx, &here, &view)) }
            _ => { (ended(&cx, &view)) }
        }
        p.small.soft { (cx.t(&words::NO_NOTES)) }
    };
    Ok(live_page(&cx, &name, Some(&here), main))
}

fn candidates(cx: &Context, here: &str, matches: &[MatchView]) -> Markup {
    html! {
        h2 { (cx.t(&words::WHOM)) }
        @if matches.is_empty() { (parts::empty(cx, &words::NOBODY, &words::NOBODY_TEACH)) }
        ol.people {
            @for one in matches {
                li.person.plain data-item=(one.client) {
                            div {
                        h3 { a href=(client_path(&one.client)) { bdi { (person(one.name.as_deref(), &one.client)) } } }
                        (parts::effect(cx, &EffectFact { benefit: one.benefit, low: one.low, high: one.high }, false))
                    }
                    div.act { (parts::act(cx, &format!("{here}/offer"), &[("client", one.client.as_str())], &html! { button.main { (cx.t(&words::OFFER)) } })) }
                }
            }
        }
    }
}

fn answer_form(cx: &Context, here: &str, view: &HandOnView) -> Markup {
    html! {
        @if let Some(to) = &view.to {
            div.card {
                p { (cx.t(&words::OFFERED_TO)) " " a href=(client_path(to)) { bdi { (person(view.to_name.as_deref(), to)) } } }
                div.row {
                    (parts::act(cx, &format!("{here}/accept"), &[("client", to.as_str())], &html! { button.main { (cx.t(&words::ACCEPT)) } }))
                    (parts::act(cx, &format!("{here}/decline"), &[("client", to.as_str())], &html! { button { (cx.t(&words::DECLINE)) } }))
                }
            }
        }
    }
}

fn ended(cx: &Context, view: &HandOnView) -> Markup {
    html! {
        div.card { dl.pairs {
            div { dt { (cx.t(&words::FROM)) } dd { a href=(client_path(&view.from)) { bdi { (person(view.from_name.as_deref(), &view.from)) } } } }
            @if let Some(to) = &view.to { div { dt { (cx.t(&words::TO)) } dd { a href=(client_path(to)) { bdi { (person(view.to_name.as_deref(), to)) } } } } }
        } }
    }
}

/// The client releases help.
pub(crate) async fn release(State(desk): State<Desk>, posted: Posted) -> Outcome {
    let cx = &posted.cx;
    let input = ReleaseInput {
        client: posted.typed_needed("client").before(cx)?,
        action: posted.needed("action").before(cx)?,
        decision: posted.parsed("decision").before(cx)?,
        expires_at: None,
    };
    let view = desk.app.release_help(&cx.caller, input).await.before(cx)?;
    Ok(done(&format!("/hand-on/{}", escaped(&view.hand_on)), "released"))
}

/// It is offered, accepted or declined.
pub(crate) async fn step(
    State(desk): State<Desk>,
    Path((hand_on, step)): Path<(String, String)>,
    posted: Posted,
) -> Outcome {
    let cx = &posted.cx;
    let client: ClientId = posted.needed("client").before(cx)?;
    let (result, said) = match step.as_str() {
        "offer" => (desk.app.offer_hand_on(&cx.caller, &hand_on, &client).await, "offered"),
        "accept" => (desk.app.accept_hand_on(&cx.caller, &hand_on, &client).await, "accepted"),
        "decline" => (desk.app.decline_hand_on(&cx.caller, &hand_on, &client).await, "declined"),
        _ => (Err(AppError::Unknown { what: "step", name: step }), ""),
    };
    result.before(cx)?;
    Ok(done(&format!("/hand-on/{}", escaped(&hand_on)), said))
}
