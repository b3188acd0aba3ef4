//! What did we promise, how would another promise do, and who publishes it?

mod rehearsed;

use axum::extract::{Path, State};
use maud::{Markup, html};
use yorisoi_app::{AppError, PolicyInput, PolicyView, Right};
use yorisoi_decision::{ActionSpec, CapScope, Policy};

use crate::Desk;
use crate::answer::{For, Outcome, done, page};
use crate::context::Context;
use crate::form::Posted;
use crate::format;
use crate::lang::Text;
use crate::parts;
use crate::reader::Reader;
use crate::words::{client as client_words, policy as words, today as today_words};

/// The page.
pub(crate) async fn show(State(desk): State<Desk>, Reader(cx): Reader) -> Outcome {
    let live = match desk.app.live_policy(&cx.caller).await {
        Ok(live) => Some(live),
        Err(AppError::NoPolicy) => None,
        Err(error) => return Err(crate::answer::Failure::new(&cx, error)),
    };
    let history = desk.app.policy_history(&cx.caller).await.before(&cx)?;
    let main = html! {
        (parts::top(&cx, &words::TITLE, &words::LEAD))
        div.sheet {
            div {
                @match &live {
                    Some(live) => { (promises(&cx, &live.policy)) (catalogue(&cx, &live.policy)) }
                    None => { (parts::empty(&cx, &words::NONE, &words::NONE_TEACH)) }
                }
                @if cx.may(Right::ChangePolicy) { (draft_form(&cx, live.as_ref())) }
            }
            div.side { (history_card(&cx, &history)) (gates(&cx)) }
        }
    };
    Ok(page(&cx, &words::TITLE, main))
}

fn promises(cx: &Context, policy: &Policy) -> Markup {
    let money = |minor: i64| format::money(minor as f64, &policy.currency);
    html! {
        section.card aria-labelledby="promises" {
            h2 #promises { (cx.t(&words::PROMISES)) }
            ul.bullets {
                @for cap in &policy.contact.caps { li { (cx.t(&words::cap(cap.max, cap.window_hours, cap.scope == CapScope::Household))) } }
                li { (cx.t(&words::cool_down(policy.contact.cool_down_hours))) }
                li { (cx.t(&words::quiet(&policy.contact.quiet_hours))) }
                li { (cx.t(&words::attempts(policy.attempts.max_attempts))) }
                li { (cx.t(&words::harm(policy.values.allowed_harm))) }
                li { (cx.t(&words::holdout(policy.holdout.share))) }
                li { (cx.t(&words::explore(policy.exploration.rate))) }
            }
            h3 { (cx.t(&words::WORTHS)) }
            dl.pairs {
                div { dt { (cx.t(&words::OUTCOME)) } dd.number { (money(policy.values.outcome_minor)) } }
                div { dt { (cx.t(&words::REPLACEMENT)) } dd.number { (money(policy.values.replacement_minor)) } }
                div { dt { (cx.t(&words::NUISANCE)) } dd.number { (money(policy.values.nuisance_minor)) } }
                div { dt { (cx.t(&words::BUDGET)) } dd.number { (policy.budget_minor.map_or_else(|| cx.t(&words::UNLIMITED).to_owned(), money)) } }
                div { dt { (cx.t(&words::MINUTES)) } dd.number { (policy.minutes_per_day.map_or_else(|| cx.t(&words::UNLIMITED).to_owned(), |minutes| minutes.to_string())) } }
            }
        }
    }
}

fn gates(cx: &Context) -> Markup {
    html! {
        section.card aria-labelledby="gates" {
            h2 #gates { (cx.t(&words::GATES)) }
            p.small.soft { (cx.t(&words::GATES_LEAD)) }
            ol.numbered { @for line in &words::GATE_LINES { li { (cx.t(line)) } } }
        }
    }
}

fn catalogue(cx: &Context, policy: &Policy) -> Markup {
    let columns = [
        parts::Column::words(&words::ACTION),
        parts::Column::words(&words::CHANNEL),
        parts::Column::number(&words::COST),
        parts::Column::number(&words::TIME),
        parts::Column::number(&words::SUPPLY),
    ];
    let line = |action: &ActionSpec| {
        let (name, meant) = (Text::from(&action.name), Text::from(&action.intention));
        parts::Line::from(vec![
            html! { (cx.t(&name)) p.small.soft { (cx.t(&client_words::meant(cx.t(&meant)))) }
            @if let Some(at) = action.expires_at { p.small { (cx.t(&today_words::UNTIL)) " " (cx.time(at)) } } },
            html! { @if let Some(channel) = &action.channel { (parts::channel(cx, channel.as_str())) } @else { "–" } },
            html! { (format::money(action.cost_minor as f64, &policy.currency)) },
            html! { (cx.t(&words::minutes(action.agent_minutes))) },
            html! { (action.supply.map_or_else(|| cx.t(&words::UNLIMITED).to_owned(), |supply| supply.to_string())) },
        ])
    };
    let lines: Vec<_> = policy.actions.iter().map(line).collect();
    html! {
        section.card aria-labelledby="catalogue" {
            h2 #catalogue { (cx.t(&words::CATALOGUE)) }
            (parts::table(cx, &words::CATALOGUE, parts::Look::Stacks, (&columns, &lines)))
        }
    }
}

fn draft_form(cx: &Context, live: Option<&PolicyView>) -> Markup {
    let text =
        live.and_then(|live| serde_json::to_string_pretty(&live.policy).ok()).unwrap_or_default();
    html! {
        details.card {
            summary { (cx.t(&words::DRAFT)) }
            p.small { (cx.t(&words::DRAFT_LEAD)) }
            (parts::form(cx, "/policy", &html! {
                (parts::field(cx, "why", &words::WHY, None, &html! { input #why name="why" required maxlength="500"; }))
                div.field { label for="document" { (cx.t(&words::DOCUMENT)) } textarea #document name="document" rows="24" spellcheck="false" required { (text) } }
                button.main { (cx.t(&words::KEEP_DRAFT)) }
            }))
        }
    }
}

fn history_card(cx: &Context, history: &[PolicyView]) -> Markup {
    let can_roll_back = history.iter().any(|one| one.state == "past");
    html! {
        section.card aria-labelledby="history" {
            h2 #history { (cx.t(&words::HISTORY)) }
            @if history.is_empty() { p.small.soft { (cx.t(&words::NONE)) } }
            ul.peace { @for one in history {
                li {
                    div { a href={ "/policy/" (one.fingerprint) } { (one.policy.name) " " code { (short(&one.fingerprint)) } }
                        p.small.soft { bdi { (one.why) } } }
                    div { (parts::tag(cx, words::tone(&one.state), &words::state(&one.state))) }
                }
            } }
            @if can_roll_back && cx.may(Right::ChangePolicy) {
                p.small.soft { (cx.t(&words::ROLL_BACK_LEAD)) }
                (parts::act(cx, "/policy/roll-back", &[], &html! { button { (cx.t(&words::ROLL_BACK)) } }))
            }
        }
    }
}

fn short(fingerprint: &str) -> &str {
    fingerprint.get(..8).unwrap_or(fingerprint)
}

/// One version: what it would change, and publishing it.
pub(crate) async fn one(
    State(desk): State<Desk>,
    Reader(cx): Reader,
    Path(fingerprint): Path<String>,
) -> Outcome {
    let view = desk.app.policy(&cx.caller, &fingerprint).await.before(&cx)?;
    let rehearsal = if cx.may(Right::Rehearse) {
        Some(desk.app.rehearse_policy(&cx.caller, &fingerprint).await.before(&cx)?)
    } else {
        None
    };
    let live = match desk.app.live_policy(&cx.caller).await {
        Err(AppError::NoPolicy) => None,
        live => Some(live.before(&cx)?.policy),
    };
    let called = rehearsed::Called { version: &view.policy, live: live.as_ref() };
    let title = Text::new(view.policy.name.clone(), view.policy.name.clone());
    let main = html! {
        p.crumb { a href="/policy" { (cx.t(&words::TITLE)) } }
        div.top { div { h1 { (view.policy.name) " " code { (short(&view.fingerprint)) } }
            div.row { (parts::tag(&cx, words::tone(&view.state), &words::state(&view.state)))
                span.small.soft { (cx.t(&words::DRAFTED_BY)) " " (client_words::actor(cx.lang, &view.drafted_by)) " · " (cx.time(view.drafted_at)) } }
            p { bdi { (view.why) } } } }
        @if let Some(rehearsal) = &rehearsal { (rehearsed::section(&cx, rehearsal, &called)) }
        @if view.state == "draft" && cx.may(Right::ChangePolicy) {
            div.card {
                h2 { (cx.t(&words::PUBLISH)) } p { (cx.t(&words::PUBLISH_LEAD)) }
                (parts::act(&cx, &format!("/policy/{fingerprint}/publish"), &[], &html! { button.main { (cx.t(&words::PUBLISH_DO)) } }))
            }
        }
        (promises(&cx, &view.policy)) (catalogue(&cx, &view.policy))
    };
    Ok(page(&cx, &title, main))
}

/// Keeps a draft.
pub(crate) async fn draft(State(desk): State<Desk>, posted: Posted) -> Outcome {
    let cx = &posted.cx;
    let input = PolicyInput {
        document: posted.text("document").to_owned(),
        why: posted.text("why").to_owned(),
    };
    let view = desk.app.draft_policy(&cx.caller, input).await.before(cx)?;
    Ok(done(&format!("/policy/{}", view.fingerprint), "drafted"))
}

/// Publishes, as the second person.
pub(crate) async fn publish(
    State(desk): State<Desk>,
    Path(fingerprint): Path<String>,
    posted: Posted,
) -> Outcome {
    desk.app.publish_policy(&posted.cx.caller, &fingerprint).await.before(&posted.cx)?;
    Ok(done(&format!("/policy/{fingerprint}"), "published"))
}

/// Goes back one version.
pub(crate) async fn roll_back(State(desk): State<Desk>, posted: Posted) -> Outcome {
    desk.app.roll_back_policy(&posted.cx.caller).await.before(&posted.cx)?;
    Ok(done("/policy", "rolled-back"))
}
