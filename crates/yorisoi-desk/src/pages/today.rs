//! Whom does this hour help most, with what, why; and who is left in peace?

use axum::extract::State;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use yorisoi_app::{AlertView, ExitView, HandOnView, Today, WorkAsk, WorkRow};
use yorisoi_decision::Busy;

use crate::Desk;
use crate::answer::{For, Outcome, live_page};
use crate::context::Context;
use crate::lang::Text;
use crate::parts::{self, client_path, person};
use crate::reader::Reader;
use crate::words::today as words;

/// The page.
pub(crate) async fn show(State(desk): State<Desk>, Reader(cx): Reader) -> Outcome {
    let ask = WorkAsk { limit: Some(20), agent: None, ..WorkAsk::default() };
    let day = desk.app.today(&cx.caller, ask).await.before(&cx)?;
    Ok(live_page(&cx, &words::TITLE, Some("/today"), main(&cx, &day)))
}

fn main(cx: &Context, day: &Today) -> Markup {
    html! {
        (parts::top(cx, &words::TITLE, &words::LEAD))
        div.sheet {
            section aria-labelledby="help" {
                h2 #help { (cx.t(&words::HELP)) }
                @if day.list.rows.is_empty() {
                    (parts::empty(cx, &words::NOBODY, &words::NOBODY_TEACH))
                } @else {
                    ol.people {
                        @for (i, row) in day.list.rows.iter().enumerate() { (one(cx, i + 1, row)) }
                    }
                }
            }
            div.side { (leaving(cx, &day.exits)) (capacity(cx, day)) (alerts(cx, &day.alerts)) (expiring(cx, &day.hand_ons)) (peace(cx, day)) }
        }
    }
}

fn one(cx: &Context, rank: usize, row: &WorkRow) -> Markup {
    let path = client_path(&row.client);
    let (action, intention) = (Text::from(&row.action_name), Text::from(&row.intention));
    html! {
        li.person data-item=(row.client) {
            span.rank aria-hidden="true" { (rank) }
            div {
                div.name {
                    h3 { a href=(path) { bdi { (person(row.name.as_deref(), &row.client)) } } }
                    (parts::ladder_tag(cx, row.ladder))
                }
                p.what.phrase { (cx.t(&action)) }
                (parts::effect(cx, &row.score.effect, row.only_believed))
                (circumstances(cx, row))
                p.small.soft { (cx.t(&words::meant(cx.t(&intention)))) }
            }
            div.act { a.button.main href={ (path) "/talk?action=" (crate::form::escaped(row.action.as_str())) } { (cx.t(&words::BEGIN)) } }
        }
    }
}

/// What must be known before beginning: how long it takes, when they are busy, how long the help keeps.
fn circumstances(cx: &Context, row: &WorkRow) -> Markup {
    let busy = busy_today(cx, row);
    html! {
        div.facts {
            span { (cx.t(&words::minutes(row.minutes))) }
            @if !busy.is_empty() {
                span { (cx.t(&words::BUSY_TODAY)) " "
                    @for (i, span) in busy.iter().enumerate() { @if i > 0 { ", " } span.number { (span) } } }
            }
            @if let Some(at) = row.expires_at { span { (cx.t(&words::UNTIL)) " " (cx.time(at)) } }
        }
        @if row.score.nuisance >= 0.1 {
            div.row { (parts::tag(cx, "unknown", &words::nuisance(row.score.nuisance))) }
        }
    }
}

/// When they are busy on this day of theirs, by the clock on their wall.
fn busy_today(cx: &Context, row: &WorkRow) -> Vec<String> {
    let zone = row.zone.as_deref().and_then(|name| TimeZone::get(name).ok());
    let zone = zone.unwrap_or_else(|| cx.zone.clone());
    let today = cx.now.to_zoned(zone.clone()).date();
    let weekday = today.weekday().to_monday_one_offset();
    let clock = |time: Time| format!("{:02}:{:02}", time.hour(), time.minute());
    let span = |busy: &Busy| match busy {
        Busy::Weekly { weekday: day, from, until } => (i64::from(*day) == i64::from(weekday))
            .then(|| format!("{}–{}", clock(*from), clock(*until))),
        Busy::Once { from, until } => {
            let [from, until] = [from, until].map(|at| at.to_zoned(zone.clone()));
            let is_today = from.date() <= today && until.date() >= today;
            is_today.then(|| format!("{}–{}", clock(from.time()), clock(until.time())))
        }
    };
    row.busy.iter().filter_map(span).collect()
}

fn capacity(cx: &Context, day: &Today) -> Markup {
    html! {
        section.card aria-labelledby="capacity" {
            h2 #capacity { (cx.t(&words::CAPACITY)) }
            div.stack-small {
                @match day.minutes_per_day {
                    Some(all) => (meter(cx, &words::MINUTES, day.minutes_used, all)),
                    None => { p.small { (cx.t(&words::minutes_used(day.minutes_used))) } }
                }
                @if let Some(budget) = day.budget_minor { (money(cx, day.spent_minor, budget, &day.currency)) }
                @for row in day.supply.iter().filter(|row| row.supply.is_some()) {
                    (meter(cx, &Text::from(&row.name), row.used, row.supply.unwrap_or(0)))
                    @if let Some(at) = row.expires_at { p.small.soft { (cx.t(&words::UNTIL)) " " (cx.time(at)) } }
                }
                @if let Some(most) = day.list.hard_conversations_max {
                    (meter(cx, &words::HARD, u64::from(day.list.hard_conversations), u64::from(most)))
                }
            }
        }
    }
}

fn meter(cx: &Context, name: &Text, used: u64, all: u64) -> Markup {
    filled(cx, (name, &words::of(used, all)), used, all)
}

fn money(cx: &Context, spent_minor: i64, budget_minor: i64, currency: &str) -> Markup {
    let say = words::of_money(spent_minor, budget_minor, currency);
    let [spent, all] = [spent_minor, budget_minor].map(|minor| u64::try_from(minor).unwrap_or(0));
    filled(cx, (&words::MONEY, &say), spent, all)
}

fn filled(cx: &Context, (name, say): (&Text, &Text), used: u64, all: u64) -> Markup {
    html! {
        div {
            div.row.apart.small { span { (cx.t(name)) } span.number.soft { (cx.t(say)) } }
            meter min="0" max=(all.max(1)) high=(all.saturating_mul(9) / 10) optimum="0" value=(used.min(all))
                aria-label=(cx.t(name)) { (cx.t(say)) }
        }
    }
}

fn alerts(cx: &Context, alerts: &[AlertView]) -> Markup {
    html! {
        @if !alerts.is_empty() {
            section.card aria-labelledby="alerts" {
                h2 #alerts { (cx.t(&words::ALERTS)) }
                ul.peace {
                    @for alert in alerts.iter() {
                        @let words = Text::from(&alert.words);
                        li {
                            div { a href=(client_path(&alert.client)) { bdi { (person(alert.name.as_deref(), &alert.client)) } }
                                p.small.soft { (cx.t(&words)) } }
                            span.small.soft { (cx.time(alert.at)) }
                        }
                    }
                }
            }
        }
    }
}

fn leaving(cx: &Context, exits: &[ExitView]) -> Markup {
    html! {
        @if !exits.is_empty() {
            section.card aria-labelledby="leaving" {
                h2 #leaving { (cx.t(&words::LEAVING)) }
                ul.peace {
                    @for exit in exits {
                        li {
                            div { a href={ (client_path(&exit.client)) "/let-go" } { bdi { (person(exit.name.as_deref(), &exit.client)) } } " " (parts::exit_tag(cx, exit.state)) }
                            @if let Some(at) = exit.requested_at { span.small.soft { (cx.time(at)) } }
                        }
                    }
                }
            }
        }
    }
}

fn expiring(cx: &Context, hand_ons: &[HandOnView]) -> Markup {
    let open: Vec<_> =
        hand_ons.iter().filter(|one| one.state == "released" || one.state == "offered").collect();
    html! {
        @if !open.is_empty() {
            section.card aria-labelledby="expiring" {
                h2 #expiring { (cx.t(&words::EXPIRING)) }
                ul.peace {
                    @for one in open {
                        @let name = Text::from(&one.name);
                        li {
                            a href={ "/hand-on/" (crate::form::escaped(&one.hand_on)) } { (cx.t(&name)) }
                            @if let Some(at) = one.expires_at { span.small.soft { (cx.t(&words::UNTIL)) " " (cx.time(at)) } }
                        }
                    }
                }
            }
        }
    }
}

fn peace(cx: &Context, day: &Today) -> Markup {
    html! {
        section.card aria-labelledby="peace" {
            h2 #peace { (cx.t(&words::PEACE)) }
            p.small.soft { (cx.t(&words::PEACE_LEAD)) }
            @if !day.list.holds.is_empty() { p.small { (cx.t(&words::peace_count(day.list.holds_total))) } }
            @if day.list.holds.is_empty() { p.small { (cx.t(&words::PEACE_NOBODY)) } }
            ul.peace {
                @for hold in day.list.holds.iter().take(12) {
                    li {
                        div {
                            a href=(client_path(&hold.client)) { bdi { (person(hold.name.as_deref(), &hold.client)) } }
                            p.small.soft { (parts::stop_line(cx, hold.code, hold.look_again_at)) }
                            @if hold.forgone_minor > 0.0 {
                                p.small.soft { (cx.t(&words::forgone(hold.forgone_minor, &day.currency))) }
                            }
                        }
                    }
                }
            }
            @if day.list.holds_total > 12 { p.small.soft { (cx.t(&words::more(day.list.holds_total - 12))) } }
        }
    }
}
