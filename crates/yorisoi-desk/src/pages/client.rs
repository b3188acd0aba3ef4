//! Who is this person to us? One page: consent, needs, household, how help landed, and one timeline.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::{Markup, html};
use yorisoi_app::{
    AlertView, AppError, CheckInInput, ClientPage, ConsentInput, InferredNeed, LandingInput, NeedAnswer, NoteInput,
    PageAsk, PolicyView, RefusalInput, Right, StatedNeed, TimelineRow, WithdrawalInput,
};
use yorisoi_decision::{ClientId, ConsentKind, ExitState};
use yorisoi_ledger::{Landing, Source};

use crate::Desk;
use crate::answer::{For, Outcome, done, live_page};
use crate::context::Context;
use crate::form::Posted;
use crate::lang::Text;
use crate::pages::clients::Cursor;
use crate::parts::{self, client_path, person};
use crate::reader::Reader;
use crate::words::client as words;

/// Topics and channels of the catalogue, to choose from.
pub(crate) struct Choices {
    pub(crate) topics: Vec<String>,
    pub(crate) channels: Vec<String>,
}

/// What the live policy's actions are about and which ways they take; empty while there is no policy.
pub(crate) async fn choices(desk: &Desk, cx: &Context) -> Choices {
    let live: Result<PolicyView, AppError> = desk.app.live_policy(&cx.caller).await;
    let actions = live.map(|view| view.policy.actions).unwrap_or_default();
    let sorted = |mut all: Vec<String>| {
        all.sort();
        all.dedup();
        all
    };
    Choices {
        topics: sorted(actions.iter().filter_map(|a| a.topic.as_ref().map(ToString::to_string)).collect()),
        channels: sorted(actions.iter().filter_map(|a| a.channel.as_ref().map(ToString::to_string)).collect()),
    }
}

/// The page.
pub(crate) async fn show(
    State(desk): State<Desk>,
    Reader(cx): Reader,
    Path(client): Path<String>,
    Query(cursor): Query<Cursor>,
) -> Outcome {
    let client: ClientId = client.parse().map_err(AppError::from).before(&cx)?;
    let page = desk.app.client_page(&cx.caller, &client).await.before(&cx)?;
    let older = match cursor.before {
        Some(before) => {
            let ask = PageAsk { cursor: Some(before), limit: Some(50) };
            Some(desk.app.timeline(&cx.caller, &client, ask).await.before(&cx)?)
        }
        None => None,
    };
    let timeline = older.as_ref().unwrap_or(&page.timeline);
    let choices = choices(&desk, &cx).await;
    let title = Text::new(name_of(&page), name_of(&page));
    let live = client_path(&client);
    let main = html! {
        (head(&cx, &page))
        @if let Some(alert) = &page.alert { (alert_note(&cx, alert)) }
        div.sheet {
            section aria-labelledby="life" {
                h2 #life { (cx.t(&words::TIMELINE)) }
                @if timeline.items.is_empty() { (parts::empty(&cx, &words::NO_EVENTS, &words::NO_EVENTS_TEACH)) }
                (life(&cx, &timeline.items))
                @if let Some(next) = &timeline.next {
                    p { a.button href={ "?before=" (next) "#life" } { (cx.t(&words::OLDER)) } }
                }
            }
            div.side { (aside(&cx, &page, &choices)) }
        }
    };
    Ok(live_page(&cx, &title, Some(&live), main))
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
                    @if let Some(zone) = &page.client.zone { span.small.soft { (zone) } }
                }
            }
            @if cx.may(Right::Record) {
                div.row {
                    @if !gone && !page.client.refused_everything {
                        a.button.main href={ (path) "/talk" } data-key="b" { (cx.t(&words::TALK)) kbd aria-hidden="true" { "b" } }
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

fn alert_note(cx: &Context, alert: &AlertView) -> Markup {
    let words = Text::from(&alert.words);
    html! { div.note.unknown.flash { p { (cx.t(&words)) " " span.soft { (cx.time(alert.at)) } } } }
}

fn life(cx: &Context, rows: &[TimelineRow]) -> Markup {
    html! {
        ol.timeline {
            // Who looked is for the audit; here it would drown what happened.
            @for row in rows.iter().filter(|row| !matches!(row.body, yorisoi_ledger::Body::Looked { .. })) {
                @let headline = Text::from(&row.headline);
                li.(words::tone(&row.body)) #{ "e" (row.seq) } {
                    span.when { (cx.time(row.at)) " · " (words::actor(cx.lang, &row.actor)) " · "
                        a href={ "#e" (row.seq) } aria-label=(cx.t(&words::entry(row.seq))) { "№" (row.seq) } }
                    span { (cx.t(&headline)) }
                    @if let Some(text) = &row.text { q { (text) } }
                    @else if row.confidential { p.small.soft { (cx.t(&words::CONFIDENTIAL)) } }
                }
            }
        }
    }
}

fn aside(cx: &Context, page: &ClientPage, choices: &Choices) -> Markup {
    html! {
        (consent_card(cx, page, choices))
        (needs(cx, page, choices))
        (landings(cx, page))
        (presence(cx, page))
        (household(cx, page))
        @if cx.may(Right::Record) { (write(cx, page)) }
        (facts(cx, page))
    }
}

fn consent_card(cx: &Context, page: &ClientPage, choices: &Choices) -> Markup {
    let path = client_path(&page.client.client);
    html! {
        section.card aria-labelledby="consent" {
            h2 #consent { (cx.t(&words::CONSENT)) }
            (parts::ladder(cx, page.client.ladder, &page.consents, page.client.refused_everything))
            @if !page.refusals.is_empty() {
                h3 { (cx.t(&words::REFUSALS)) }
                ul.peace {
                    @for refusal in &page.refusals {
                        li {
                            span { (words::refusal(cx.lang, refusal)) " " span.small.soft { (cx.time(refusal.refused_at)) } }
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
                div.row {
                    (parts::act(cx, &format!("{path}/refuse"), &[("channel", "call")],
                        &html! { button.end data-key="x" { (cx.t(&words::NO_CALLS)) kbd aria-hidden="true" { "x" } } }))
                }
                details { summary { (cx.t(&words::CONSENT_CHANGE)) } (consent_forms(cx, &path, choices)) }
            }
        }
    }
}

fn consent_forms(cx: &Context, path: &str, choices: &Choices) -> Markup {
    let scope = |id: &str| html! {
        div.fields {
            (parts::field(cx, &format!("{id}-topic"), &words::TOPIC, None, &options(cx, &format!("{id}-topic"), "topic", &choices.topics, &words::ANY_TOPIC)))
            (parts::field(cx, &format!("{id}-channel"), &words::CHANNEL, None, &options(cx, &format!("{id}-channel"), "channel", &choices.channels, &words::ANY_CHANNEL)))
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
            button { (cx.t(&words::RECORD)) }
        }))
        hr;
        (parts::form(cx, &format!("{path}/refuse"), &html! {
            fieldset { legend { (cx.t(&words::REFUSE)) } p.hint.small.soft { (cx.t(&words::REFUSE_HINT)) } (scope("refuse")) }
            button.end { (cx.t(&words::RECORD)) }
        }))
    }
}

/// A list to choose from, with "any" first.
pub(crate) fn options(cx: &Context, id: &str, name: &str, all: &[String], any: &Text) -> Markup {
    html! {
        select id=(id) name=(name) {
            option value="" { (cx.t(any)) }
            @for one in all { option value=(one) { (one) } }
        }
    }
}

fn needs(cx: &Context, page: &ClientPage, choices: &Choices) -> Markup {
    let path = client_path(&page.client.client);
    html! {
        section.card aria-labelledby="needs" {
            h2 #needs { (cx.t(&words::NEEDS)) }
            h3 { (cx.t(&words::STATED)) }
            @if page.stated.is_empty() { p.small.soft { (cx.t(&words::STATED_NONE)) } }
            ul.peace {
                @for need in &page.stated {
                    li { div { strong { bdi { (need.topic) } } @if let Some(words) = &need.words { p.quote { (words) } } } span.small.soft { (cx.time(need.at)) } }
                }
            }
            h3 { (cx.t(&words::INFERRED)) }
            p.small.soft { (cx.t(&words::INFERRED_LEAD)) }
            ul.peace {
                @for need in page.inferred.iter().filter(|need| need.confirmed.is_none()) {
                    li {
                        div {
                            p { @if let Some(question) = &need.words { bdi { (question) } } @else { bdi { (need.topic) } "?" } }
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
                details { summary { (cx.t(&words::NEED_ADD)) }
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
                }
            }
        }
    }
}

fn topic_field(cx: &Context, id: &str, choices: &Choices) -> Markup {
    let list = format!("{id}-list");
    parts::field(cx, id, &words::TOPIC, None, &html! {
        input id=(id) name="topic" list=(list) required maxlength="200";
        datalist id=(list) { @for topic in &choices.topics { option value=(topic) {} } }
    })
}

fn landings(cx: &Context, page: &ClientPage) -> Markup {
    html! {
        section.card aria-labelledby="landed" {
            h2 #landed { (cx.t(&words::LANDED)) }
            @if page.landings.is_empty() { p.small.soft { (cx.t(&words::LANDED_NONE)) } }
            ul.peace {
                @for landing in page.landings.iter().take(8) {
                    @let (name, meant) = (Text::from(&landing.name), Text::from(&landing.intention));
                    li {
                        div { (cx.t(&name)) " " (parts::tag(cx, parts::landing_tone(landing.landing), parts::landing_words(landing.landing)))
                            p.small.soft { (cx.t(&words::meant(cx.t(&meant)))) } }
                        span.small.soft { (cx.time(landing.at)) }
                    }
                }
            }
            @for open in &page.reservations {
                div.note { p.small { (cx.t(&words::OPEN)) " " bdi { (open.action) } " · " (cx.time(open.expires_at)) }
                    @if cx.may(Right::Record) { (landing_buttons(cx, &page.client.client, open.decision.as_str(), "landing")) } }
            }
        }
    }
}

/// Six answers, one tap each.
pub(crate) fn landing_buttons(cx: &Context, client: &ClientId, decision: &str, step: &str) -> Markup {
    let action = format!("{}/{step}", client_path(client));
    html! {
        form method="post" action=(action) data-once {
            (cx.csrf()) input type="hidden" name="decision" value=(decision);
            div.landings role="group" aria-label=(cx.t(&words::HOW_LANDED)) {
                @for (landing, value, key) in parts::LANDINGS {
                    button name="landing" value=(value) data-key=(key) { (cx.t(parts::landing_words(landing))) kbd aria-hidden="true" { (key) } }
                }
            }
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
                details { summary { (cx.t(&words::BUSY_CHANGE)) }
                    (parts::form(cx, &format!("{path}/busy"), &html! {
                        p.small.soft { (cx.t(&words::BUSY_HINT)) }
                        (parts::field(cx, "busy-lines", &words::BUSY_LINES, None, &html! {
                            textarea #busy-lines name="busy" maxlength="2000" { (words::busy_lines(&page.busy)) }
                        }))
                        button { (cx.t(&words::RECORD)) }
                    }))
                }
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

fn write(cx: &Context, page: &ClientPage) -> Markup {
    let path = client_path(&page.client.client);
    html! {
        section.card aria-labelledby="write" {
            h2 #write { (cx.t(&words::NOTE)) }
            (parts::form(cx, &format!("{path}/note"), &html! {
                (parts::field(cx, "note-text", &words::NOTE_LABEL, None, &html! { textarea #note-text name="text" required maxlength="20000" {} }))
                div.check { input type="checkbox" #confidential name="confidential" value="yes"; label for="confidential" { (cx.t(&words::NOTE_CONFIDENTIAL)) } }
                button { (cx.t(&words::RECORD)) }
            }))
            details { summary { (cx.t(&words::CHECK_IN)) } (check_in_form(cx, &path)) }
        }
    }
}

fn check_in_form(cx: &Context, path: &str) -> Markup {
    parts::form(cx, &format!("{path}/check-in"), &html! {
        p.small.soft { (cx.t(&words::CHECK_IN_LEAD)) }
        @for (i, question) in words::CHECK_IN_QUESTIONS.iter().enumerate() {
            (parts::field(cx, &format!("item-{i}"), question, None, &html! {
                select id={ "item-" (i) } name={ "item-" (i) } {
                    option value="" { (cx.t(&words::SKIP)) }
                    @for value in 0..=10 { option value=(value) { (value) } }
                }
            }))
        }
        button { (cx.t(&words::RECORD)) }
    })
}

fn facts(cx: &Context, page: &ClientPage) -> Markup {
    html! {
        section.card aria-labelledby="facts" {
            h2 #facts { (cx.t(&words::FACTS)) }
            @match &page.personal {
                None => { p.small.soft { (cx.t(&words::ERASED)) } }
                Some(personal) => {
                    dl.pairs {
                        @for (channel, address) in &personal.addresses { div { dt { (channel) } dd { bdi { (address) } } } }
                        @for alias in &personal.aliases { div { dt { (cx.t(&words::ALIAS)) } dd { bdi { (alias) } } } }
                        @for (name, value) in &personal.attributes { div { dt { bdi { (name) } } dd { bdi { (words::attribute(cx.lang, value)) } } } }
                        div { dt { (cx.t(&words::NUMBER)) } dd { code { (page.client.client) } } }
                    }
                }
            }
        }
    }
}

fn client_of(posted: &Posted, client: &str) -> Result<ClientId, crate::answer::Failure> {
    client.parse().map_err(AppError::from).before(&posted.cx)
}

fn back(client: &ClientId, said: &str) -> Response {
    done(&client_path(client), said)
}

fn kind(posted: &Posted) -> Result<ConsentKind, AppError> {
    match posted.text("consent") {
        "talk" => Ok(ConsentKind::Talk),
        "advise" => Ok(ConsentKind::Advise),
        other => Err(AppError::Invalid { field: "consent".to_owned(), reason: format!("`{other}` is neither talk nor advise") }),
    }
}

/// Records a consent.
pub(crate) async fn consent(State(desk): State<Desk>, Path(client): Path<String>, posted: Posted) -> Outcome {
    let (cx, client) = (&posted.cx, client_of(&posted, &client)?);
    let days: Option<u32> = posted.parsed("days").before(cx)?;
    let input = ConsentInput {
        client: client.clone(),
        consent: kind(&posted).before(cx)?,
        topic: posted.parsed("topic").before(cx)?,
        channel: posted.parsed("channel").before(cx)?,
        source: Source::Words,
        expires_at: days.map(|days| cx.now + jiff::SignedDuration::from_hours(24 * i64::from(days.min(36_500)))),
        words: posted.some("words").map(str::to_owned),
    };
    desk.app.record_consent(&cx.caller, input).await.before(cx)?;
    Ok(back(&client, "recorded"))
}

/// Records that a consent was taken back.
pub(crate) async fn withdraw(State(desk): State<Desk>, Path(client): Path<String>, posted: Posted) -> Outcome {
    let (cx, client) = (&posted.cx, client_of(&posted, &client)?);
    let input = WithdrawalInput {
        client: client.clone(),
        consent: kind(&posted).before(cx)?,
        topic: posted.parsed("topic").before(cx)?,
        channel: posted.parsed("channel").before(cx)?,
        source: Source::Words,
    };
    desk.app.withdraw_consent(&cx.caller, input).await.before(cx)?;
    Ok(back(&client, "recorded"))
}

fn refusal(posted: &Posted, client: &ClientId) -> Result<RefusalInput, AppError> {
    Ok(RefusalInput {
        client: client.clone(),
        topic: posted.parsed("topic")?,
        channel: posted.parsed("channel")?,
        source: Source::Words,
        words: posted.some("words").map(str::to_owned),
    })
}

/// Records a refusal: one tap.
pub(crate) async fn refuse(State(desk): State<Desk>, Path(client): Path<String>, posted: Posted) -> Outcome {
    let (cx, client) = (&posted.cx, client_of(&posted, &client)?);
    let input = refusal(&posted, &client).before(cx)?;
    desk.app.refuse(&cx.caller, input).await.before(cx)?;
    Ok(back(&client, "refused"))
}

/// Records that the client lifted a refusal.
pub(crate) async fn reopen(State(desk): State<Desk>, Path(client): Path<String>, posted: Posted) -> Outcome {
    let (cx, client) = (&posted.cx, client_of(&posted, &client)?);
    let input = refusal(&posted, &client).before(cx)?;
    desk.app.reopen(&cx.caller, input).await.before(cx)?;
    Ok(back(&client, "reopened"))
}

/// Records a need the client said.
pub(crate) async fn need(State(desk): State<Desk>, Path(client): Path<String>, posted: Posted) -> Outcome {
    let (cx, client) = (&posted.cx, client_of(&posted, &client)?);
    let topic = posted.needed("topic").before(cx)?;
    let input = StatedNeed { client: client.clone(), topic, words: posted.text("words").to_owned() };
    desk.app.state_need(&cx.caller, input).await.before(cx)?;
    match posted.some("back") {
        Some("talk") => Ok(done(&format!("{}/talk", client_path(&client)), "recorded")),
        _ => Ok(back(&client, "recorded")),
    }
}

/// Records a need that may only be asked about.
pub(crate) async fn question(State(desk): State<Desk>, Path(client): Path<String>, posted: Posted) -> Outcome {
    let (cx, client) = (&posted.cx, client_of(&posted, &client)?);
    let topic = posted.needed("topic").before(cx)?;
    let question = posted.text("question").to_owned();
    let input = InferredNeed { client: client.clone(), topic, from: "talk".to_owned(), question };
    desk.app.infer_need(&cx.caller, input).await.before(cx)?;
    Ok(back(&client, "recorded"))
}

/// Records what the client said when asked.
pub(crate) async fn answer_need(State(desk): State<Desk>, Path(client): Path<String>, posted: Posted) -> Outcome {
    let (cx, client) = (&posted.cx, client_of(&posted, &client)?);
    let confirmed = posted.text("confirmed") == "yes";
    let topic = posted.needed("topic").before(cx)?;
    let words = posted.some("words").map(str::to_owned);
    desk.app.answer_need(&cx.caller, NeedAnswer { client: client.clone(), topic, confirmed, words }).await.before(cx)?;
    Ok(back(&client, if confirmed { "recorded" } else { "refused" }))
}

/// Writes a note.
pub(crate) async fn note(State(desk): State<Desk>, Path(client): Path<String>, posted: Posted) -> Outcome {
    let (cx, client) = (&posted.cx, client_of(&posted, &client)?);
    let input = NoteInput {
        client: client.clone(),
        text: posted.text("text").to_owned(),
        confidential: posted.ticked("confidential"),
    };
    desk.app.add_note(&cx.caller, input).await.before(cx)?;
    Ok(back(&client, "noted"))
}

/// Records when the client is busy.
pub(crate) async fn busy(State(desk): State<Desk>, Path(client): Path<String>, posted: Posted) -> Outcome {
    let (cx, client) = (&posted.cx, client_of(&posted, &client)?);
    let busy = words::parse_busy(&posted.lines("busy")).before(cx)?;
    desk.app.set_busy(&cx.caller, yorisoi_app::BusyInput { client: client.clone(), busy }).await.before(cx)?;
    Ok(back(&client, "recorded"))
}

/// Records a check-in.
pub(crate) async fn check_in(State(desk): State<Desk>, Path(client): Path<String>, posted: Posted) -> Outcome {
    let (cx, client) = (&posted.cx, client_of(&posted, &client)?);
    let items = (0..words::CHECK_IN_QUESTIONS.len())
        .map(|i| posted.parsed::<u8>(&format!("item-{i}")))
        .collect::<Result<Vec<_>, _>>()
        .before(cx)?;
    let input = CheckInInput { client: client.clone(), items, words: posted.some("words").map(str::to_owned) };
    desk.app.check_in(&cx.caller, input).await.before(cx)?;
    Ok(back(&client, "recorded"))
}

/// Which landing a form names.
pub(crate) fn landing_of(posted: &Posted) -> Result<Landing, AppError> {
    let found = parts::LANDINGS.iter().find(|(_, value, _)| *value == posted.text("landing"));
    found.map(|(landing, _, _)| *landing).ok_or_else(|| AppError::Invalid {
        field: "landing".to_owned(),
        reason: "choose one of the six".to_owned(),
    })
}

/// Records how something landed.
pub(crate) async fn landing(State(desk): State<Desk>, Path(client): Path<String>, posted: Posted) -> Outcome {
    let (cx, client) = (&posted.cx, client_of(&posted, &client)?);
    let input = LandingInput {
        client: client.clone(),
        decision: posted.parsed("decision").before(cx)?,
        action: None,
        landing: landing_of(&posted).before(cx)?,
        words: posted.some("words").map(str::to_owned),
    };
    desk.app.record_landing(&cx.caller, input).await.before(cx)?;
    Ok(back(&client, "landed"))
}
