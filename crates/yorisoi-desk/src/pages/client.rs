//! Who is this person to us? One page: consent, needs, household, how help landed, and one timeline.

mod acts;
mod cards;
mod delivered;
mod landed;

use axum::extract::{Path, Query, State};
use maud::{Markup, html};
use yorisoi_app::{AlertView, AppError, ClientPage, Page, PageAsk, PolicyView, Right, TimelineRow};
use yorisoi_decision::{ExitState, Topic};

use crate::Desk;
use crate::answer::{For, Outcome, live_page};
use crate::context::Context;
use crate::form::escaped;
use crate::lang::Text;
use crate::pages::client_of;
use crate::pages::clients::Cursor;
use crate::parts::{self, client_path, person};
use crate::reader::Reader;
use crate::words::clients::ZONE;
use crate::words::{client as words, conversation};

pub(crate) use acts::{
    answer_need, busy, check_in, consent, landing, landing_of, need, no_calls, note, question,
    refuse, refuse_calls, reopen, withdraw,
};
pub(crate) use cards::topic_input;
use cards::{consent_card, needs};
pub(crate) use delivered::delivered;
pub(crate) use landed::landing_buttons;
use landed::landings;

/// Entries that the line of time opens with: about two screens, so that the page is there at once.
const OPENS_WITH: usize = 20;

/// What there is to choose from in the forms of a client, and what things are called.
pub(crate) struct Choices {
    pub(crate) topics: Vec<(String, Text)>,
    pub(crate) channels: Vec<(String, Text)>,
    pub(crate) questions: Vec<Text>,
    pub(crate) names: parts::Names,
}

/// What actions, topics and attributes are called by the policy that holds.
pub(crate) async fn names(desk: &Desk, cx: &Context) -> parts::Names {
    let live: Result<PolicyView, AppError> = desk.app.live_policy(&cx.caller).await;
    parts::Names::of(live.ok().map(|view| view.policy))
}

impl Choices {
    /// Whether this house calls people.
    pub(crate) fn has_calls(&self) -> bool {
        self.channels.iter().any(|(channel, _)| is_call(channel))
    }
}

/// Whether a channel is what people know as a call, however the policy writes it.
pub(crate) fn is_call(channel: &str) -> bool {
    yorisoi_decision::usual_channel(channel) == "call"
}

/// What the live policy's actions are about and which ways they take; empty while there is no policy.
pub(crate) async fn choices(desk: &Desk, cx: &Context) -> Choices {
    let names = names(desk, cx).await;
    let questions = desk.app.check_in_questions();
    let topic = |topic: Topic| (topic.to_string(), names.topic_words(&topic));
    let channel = |channel: String| {
        let words = Text::from(&yorisoi_app::channel_words(&channel));
        (channel, words)
    };
    Choices {
        topics: names.topics().into_iter().map(topic).collect(),
        channels: names.channels().into_iter().map(channel).collect(),
        questions: questions.iter().map(|it| Text::from(&it.question)).collect(),
        names,
    }
}

/// The page.
pub(crate) async fn show(
    State(desk): State<Desk>,
    Reader(cx): Reader,
    Path(client): Path<String>,
    Query(cursor): Query<Cursor>,
) -> Outcome {
    let client = client_of(&cx, &client)?;
    let page = desk.app.client_page(&cx.caller, &client).await.before(&cx)?;
    let older = match &cursor.before {
        Some(before) => {
            let ask = PageAsk { cursor: Some(before.clone()), limit: Some(50) };
            Some(desk.app.timeline(&cx.caller, &client, ask).await.before(&cx)?)
        }
        None => None,
    };
    let (rows, next) = match &older {
        Some(older) => (&older.items[..], older.next.clone()),
        None => newest(&page.timeline),
    };
    let choices = choices(&desk, &cx).await;
    let title = Text::new(name_of(&page), name_of(&page));
    let live = match &cursor.before {
        Some(before) => format!("{}?before={}", client_path(&client), escaped(before)),
        None => client_path(&client),
    };
    let main = html! {
        (head(&cx, &page))
        @if let Some(alert) = &page.alert { (alert_note(&cx, alert)) }
        // In the order in which one reads before a call, by ear and on a narrow screen too.
        div.sheet.client {
            div.side { (before(&cx, &page, &choices)) }
            section.life aria-labelledby="life" {
                h2 #life { (cx.t(&words::TIMELINE)) }
                @if rows.is_empty() { (parts::empty(&cx, &words::NO_EVENTS, &words::NO_EVENTS_TEACH)) }
                (life(&cx, rows))
                @if let Some(next) = next {
                    p { a.button href={ "?before=" (next) "#life" } { (cx.t(&words::OLDER)) } }
                }
            }
            div.side { (aside(&cx, &page, &choices)) }
        }
    };
    Ok(live_page(&cx, &title, Some(&live), main))
}

/// What the line of time opens with, and where what is earlier begins.
fn newest(timeline: &Page<TimelineRow>) -> (&[TimelineRow], Option<String>) {
    match timeline.items.get(..OPENS_WITH) {
        Some(rows) if rows.len() < timeline.items.len() => {
            (rows, rows.last().map(|row| row.seq.to_string()))
        }
        _ => (&timeline.items, timeline.next.clone()),
    }
}

fn name_of(page: &ClientPage) -> String {
    person(page.client.name.as_deref(), &page.client.client).to_owned()
}

fn head(cx: &Context, page: &ClientPage) -> Markup {
    let path = client_path(&page.client.client);
    let gone = matches!(page.client.exit, ExitState::Decided | ExitState::Completed);
    html! {
        p.crumb { a href="/clients" { (cx.t(&words::ALL)) } }
        div.top {
            div {
                h1 { bdi { (name_of(page)) } @if page.client.name.is_some() { (words::honorific(cx.lang)) } }
                div.row {
                    (parts::ladder_tag(cx, page.client.ladder)) (parts::exit_tag(cx, page.client.exit))
                    @if page.client.refused_everything { (parts::tag(cx, "harm", &words::REFUSED_ALL)) }
                    @if let Some(agent) = &page.client.agent { span.small.soft { (cx.t(&words::LOOKED_AFTER)) " " bdi { (agent) } } }
                    @if let Some(clock) = clock_there(cx, page) { span.small.soft { (cx.t(&words::there(&clock))) } }
                }
            }
            @if cx.may(Right::Record) {
                div.row {
                    @if !gone && !page.client.refused_everything {
                        a.button.main href={ (path) "/talk" } data-key="b" { (cx.t(&words::TALK)) kbd aria-hidden="true" { "b" } }
                        a.button href={ (path) "/talk?began=client" } data-key="i" { (cx.t(&conversation::THEY_BEGAN)) kbd aria-hidden="true" { "i" } }
                    }
                    @if page.client.exit == ExitState::Completed {
                        a.button href={ (path) "/receipt" } { (cx.t(&words::RECEIPT)) }
                    } @else {
                        a.button.end href={ (path) "/let-go" } data-key="d" { (cx.t(&words::DECIDED)) kbd aria-hidden="true" { "d" } }
                    }
                }
            }
        }
    }
}

/// What the clock shows where they are, if that is another zone than the reader's.
fn clock_there(cx: &Context, page: &ClientPage) -> Option<String> {
    let zone = jiff::tz::TimeZone::get(page.client.zone.as_deref()?).ok()?;
    let (there, here) = (cx.now.to_zoned(zone), cx.now.to_zoned(cx.zone.clone()));
    (there.offset() != here.offset()).then(|| crate::format::clock(&there))
}

fn alert_note(cx: &Context, alert: &AlertView) -> Markup {
    let words = Text::from(&alert.words);
    html! { div.note.unknown.flash { p { (cx.t(&words)) " " span.soft { (cx.time(alert.at)) } } } }
}

/// What happened, day by day, the newest first.
fn life(cx: &Context, rows: &[TimelineRow]) -> Markup {
    let day = |row: &TimelineRow| row.at.to_zoned(cx.zone.clone()).date();
    let today = cx.now.to_zoned(cx.zone.clone()).date();
    let mut last = None;
    html! {
        ol.timeline {
            @for row in rows {
                @let day = day(row);
                @if last.replace(day) != Some(day) {
                    li.day { time datetime=(day) { (crate::format::day(day, today, cx.lang)) } }
                }
                (event(cx, row))
            }
        }
    }
}

fn event(cx: &Context, row: &TimelineRow) -> Markup {
    let headline = Text::from(&row.headline);
    let clock = crate::format::clock(&row.at.to_zoned(cx.zone.clone()));
    html! {
        li.(words::tone(&row.body)) #{ "e" (row.seq) } {
            span.when { time datetime=(row.at.to_string()) { (clock) } " · " (words::actor(cx.lang, &row.actor)) " · "
                a href={ "#e" (row.seq) } aria-label=(cx.t(&words::entry(row.seq))) { "№" (row.seq) } " " }
            span { (cx.t(&headline)) @if let Some(at) = words::again(&row.body) { " " span.soft { (parts::looking_again(cx, at)) } } }
            @if let Some(text) = &row.text { q { (text) } }
            @else if row.confidential { p.small.soft { (cx.t(&words::CONFIDENTIAL)) } }
        }
    }
}

/// What matters before one calls: what we may do, what they need, what waits for an answer.
fn before(cx: &Context, page: &ClientPage, choices: &Choices) -> Markup {
    html! {
        (consent_card(cx, page, choices))
        (needs(cx, page, choices))
        (landings(cx, page, choices))
    }
}

fn aside(cx: &Context, page: &ClientPage, choices: &Choices) -> Markup {
    html! {
        (presence(cx, page))
        (household(cx, page))
        @if cx.may(Right::Record) { (write(cx, page, choices)) }
        (facts(cx, page, choices))
    }
}

/// A list to choose from, with "any" first.
pub(crate) fn options(
    cx: &Context,
    id: &str,
    name: &str,
    all: &[(String, Text)],
    any: &Text,
) -> Markup {
    html! {
        select id=(id) name=(name) {
            option value="" { (cx.t(any)) }
            @for (id, words) in all { option value=(id) { (cx.t(words)) } }
        }
    }
}

fn presence(cx: &Context, page: &ClientPage) -> Markup {
    let path = client_path(&page.client.client);
    html! {
        section.card aria-labelledby="busy" {
            h2 #busy { (cx.t(&words::BUSY)) }
            @if page.busy.is_empty() { p.small.soft { (cx.t(&words::BUSY_NONE)) } }
            ul { @for busy in &page.busy { li.small { (words::busy(cx, busy)) } } }
            @if cx.may(Right::Record) {
                (parts::folded(cx, &words::BUSY_CHANGE, &parts::form(cx, &format!("{path}/busy"), &html! {
                    p.small.soft { (cx.t(&words::BUSY_HINT)) }
                    (parts::field(cx, "busy-lines", &words::BUSY_LINES, None, &html! {
                        textarea #busy-lines name="busy" maxlength="2000" { (words::busy_lines(cx.lang, &page.busy)) }
                    }))
                    button { (cx.t(&words::RECORD)) }
                })))
            }
        }
    }
}

fn household(cx: &Context, page: &ClientPage) -> Markup {
    html! {
        @if !page.household.is_empty() {
            section.card aria-labelledby="household" {
                h2 #household { (cx.t(&words::HOUSEHOLD)) }
                p.small.soft { (cx.t(&words::HOUSEHOLD_LEAD)) }
                ul.peace {
                    @for member in &page.household {
                        li { a href=(client_path(&member.client)) { bdi { (person(member.name.as_deref(), &member.client)) } }
                            span { (parts::ladder_tag(cx, member.ladder)) } }
                    }
                }
            }
        }
    }
}

fn write(cx: &Context, page: &ClientPage, choices: &Choices) -> Markup {
    let path = client_path(&page.client.client);
    html! {
        section.card aria-labelledby="write" {
            h2 #write { (cx.t(&words::NOTE)) }
            (parts::form(cx, &format!("{path}/note"), &html! {
                (parts::field(cx, "note-text", &words::NOTE_LABEL, None, &html! { textarea #note-text name="text" required maxlength="20000" {} }))
                div.check { input type="checkbox" #confidential name="confidential" value="yes"; label for="confidential" { (cx.t(&words::NOTE_CONFIDENTIAL)) } }
                button { (cx.t(&words::RECORD)) }
            }))
            (parts::folded(cx, &words::CHECK_IN, &check_in_form(cx, &path, choices)))
        }
    }
}

fn check_in_form(cx: &Context, path: &str, choices: &Choices) -> Markup {
    parts::form(
        cx,
        &format!("{path}/check-in"),
        &html! {
            p.small.soft { (cx.t(&words::CHECK_IN_LEAD)) }
            @for (i, question) in choices.questions.iter().enumerate() {
                (parts::field(cx, &format!("item-{i}"), question, None, &html! {
                    select id={ "item-" (i) } name={ "item-" (i) } {
                        option value="" { (cx.t(&words::SKIP)) }
                        @for value in 0..=10 { option value=(value) { (value) } }
                    }
                }))
            }
            button { (cx.t(&words::RECORD)) }
        },
    )
}

fn facts(cx: &Context, page: &ClientPage, choices: &Choices) -> Markup {
    html! {
        section.card aria-labelledby="facts" {
            h2 #facts { (cx.t(&words::FACTS)) }
            @match &page.personal {
                None => { p.small.soft { (cx.t(&words::ERASED)) } }
                Some(personal) => {
                    dl.pairs {
                        @for (channel, address) in &personal.addresses { div { dt { (parts::channel(cx, channel)) } dd { bdi { (address) } } } }
                        @for alias in &personal.aliases { div { dt { (cx.t(&words::ALIAS)) } dd { bdi { (alias) } } } }
                        @for (name, value) in &personal.attributes { div { dt { bdi { (choices.names.attribute(cx, name)) } } dd { bdi { (words::attribute(cx.lang, value)) } } } }
                        @if let Some(zone) = &page.client.zone { div { dt { (cx.t(&ZONE)) } dd { (zone) } } }
                        div { dt { (cx.t(&words::NUMBER)) } dd { code { (page.client.client) } } }
                    }
                }
            }
        }
    }
}
