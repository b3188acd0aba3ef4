//! Who is there? Finding, adding and importing people.

use axum::Json;
use axum::extract::{Multipart, Query, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};
use yorisoi_app::{ClientFind, ClientInput, ClientView, ImportReport, PageAsk, Right};

use crate::Desk;
use crate::answer::{Failure, For, Outcome, done, page};
use crate::context::Context;
use crate::form::Posted;
use crate::lang::Text;
use crate::parts::{self, client_path, person};
use crate::reader::Reader;
use crate::words::refusal::{foreign, no_file, unreadable};
use crate::words::{COLON, clients as words};

/// Which part of a list is wanted.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Cursor {
    /// What is looked for.
    pub(crate) q: Option<String>,
    /// `next` of the page before.
    pub(crate) after: Option<String>,
    /// The place of the last event seen.
    pub(crate) before: Option<String>,
}

fn find_of(cursor: &Cursor, limit: u32) -> ClientFind {
    let text =
        cursor.q.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    ClientFind {
        text,
        page: PageAsk { cursor: cursor.after.clone(), limit: Some(limit) },
        ..ClientFind::default()
    }
}

/// The list.
pub(crate) async fn show(
    State(desk): State<Desk>,
    Reader(cx): Reader,
    Query(cursor): Query<Cursor>,
) -> Outcome {
    let found = desk.app.find_clients(&cx.caller, find_of(&cursor, 50)).await.before(&cx)?;
    let question = cursor.q.as_deref().unwrap_or_default();
    let main = html! {
        (parts::top(&cx, &words::TITLE, &words::LEAD))
        form.row method="get" action="/clients" role="search" {
            label.hidden-visually for="list-find" { (cx.t(&words::FIND)) }
            div { input #list-find type="search" name="q" maxlength="200" value=(question) placeholder=(cx.t(&words::FIND)); }
            button { (cx.t(&words::SEARCH)) }
        }
        @if found.items.is_empty() {
            (parts::empty(&cx, &words::NONE, &words::NONE_TEACH))
        } @else { div.card { (table(&cx, &found.items)) } }
        @if let Some(next) = &found.next {
            p { a.button href={ "?q=" (crate::form::escaped(question)) "&after=" (crate::form::escaped(next)) } { (cx.t(&words::MORE)) } }
        }
        @if cx.may(Right::KeepPeople) { (keep(&cx)) }
    };
    Ok(page(&cx, &words::TITLE, main))
}

fn table(cx: &Context, clients: &[ClientView]) -> Markup {
    let columns =
        [&words::NAME, &words::CONSENT, &words::AGENT, &words::LAST].map(parts::Column::words);
    let line = |client: &ClientView| {
        parts::Line {
        item: Some(client.client.to_string()),
        cells: [
            html! { a href=(client_path(&client.client)) { bdi { (person(client.name.as_deref(), &client.client)) } } },
            html! { (parts::ladder_tag(cx, client.ladder)) " " (parts::exit_tag(cx, client.exit)) },
            html! { @if let Some(agent) = &client.agent { bdi { (agent) } } @else { "–" } },
            html! { @if let Some(at) = client.last_contact_at { (cx.time(at)) } @else { (cx.t(&words::NEVER)) } },
        ]
        .map(parts::Cell::from)
        .into(),
    }
    };
    let lines: Vec<_> = clients.iter().map(line).collect();
    parts::table(cx, &words::TITLE, parts::Look::Stacks, (&columns, &lines))
}

fn keep(cx: &Context) -> Markup {
    let text =
        |id: &'static str, name: &'static str| html! { input id=(id) name=(name) maxlength="200"; };
    html! {
        hr;
        div.cells.wide {
            details.card {
                summary { (cx.t(&words::ADD)) }
                (parts::form(cx, "/clients", &html! {
                    (parts::field(cx, "add-name", &words::NAME_LONG, None, &text("add-name", "name")))
                    (parts::field(cx, "add-alias", &words::ALIAS, Some(&words::ALIAS_HINT), &text("add-alias", "alias")))
                    (parts::field(cx, "add-household", &words::HOUSEHOLD, None, &text("add-household", "household")))
                    (parts::field(cx, "add-zone", &words::ZONE, Some(&words::ZONE_HINT), &html! { input #add-zone name="zone" maxlength="60" value=(cx.zone.iana_name().unwrap_or("")); }))
                    button.main { (cx.t(&words::ADD_DO)) }
                }))
            }
            details.card {
                summary { (cx.t(&words::IMPORT)) }
                p.small { (cx.t(&words::IMPORT_LEAD)) }
                form method="post" action="/clients/import" enctype="multipart/form-data" data-once {
                    (cx.csrf())
                    (parts::field(cx, "import-file", &words::FILE, None, &html! { input #import-file type="file" name="file" accept=".csv,text/csv" required; }))
                    button { (cx.t(&words::IMPORT_DO)) }
                }
            }
        }
    }
}

/// One person of the finder.
#[derive(Debug, Serialize)]
struct Found {
    name: String,
    more: String,
    path: String,
}

/// The finder's answer, for the script.
pub(crate) async fn find(
    State(desk): State<Desk>,
    Reader(cx): Reader,
    Query(cursor): Query<Cursor>,
) -> Response {
    match desk.app.find_clients(&cx.caller, find_of(&cursor, 8)).await {
        Ok(found) => {
            let rows = found.items.into_iter().map(|client| Found {
                name: person(client.name.as_deref(), &client.client).to_owned(),
                more: client.client.to_string(),
                path: client_path(&client.client),
            });
            Json(rows.collect::<Vec<_>>()).into_response()
        }
        Err(error) => Failure::new(&cx, error).into_response(),
    }
}

/// Adds a client.
pub(crate) async fn add(State(desk): State<Desk>, posted: Posted) -> Outcome {
    let cx = &posted.cx;
    let input = ClientInput {
        name: posted.some("name").map(str::to_owned),
        aliases: posted.some_typed("alias").into_iter().collect(),
        household: posted.typed_as("household").before(cx)?,
        zone: posted.some_typed("zone"),
        team: cx.caller.team.clone(),
        agent: cx.caller.agent.clone(),
        ..ClientInput::default()
    };
    let added = desk.app.add_client(&cx.caller, input).await.before(cx)?;
    Ok(done(&client_path(&added.client), "added"))
}

/// A file of a form that carries its session's key; the key comes before the file.
pub(crate) async fn file_of(cx: &Context, mut form: Multipart) -> Result<Vec<u8>, Failure> {
    let mut is_ours = false;
    let broken = |error: axum::extract::multipart::MultipartError| {
        Failure::new(cx, unreadable("file", error.body_text()))
    };
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name() {
            Some("csrf") => is_ours = field.text().await.map_err(broken)? == cx.csrf,
            Some("file") if is_ours => {
                return Ok(field.bytes().await.map_err(broken)?.to_vec());
            }
            _ => {}
        }
    }
    Err(Failure::new(cx, if is_ours { no_file() } else { foreign() }))
}

/// Imports a file and says what it did.
pub(crate) async fn import(
    State(desk): State<Desk>,
    Reader(cx): Reader,
    form: Multipart,
) -> Outcome {
    let csv = file_of(&cx, form).await?;
    let report = desk.app.import_clients(&cx.caller, csv).await.before(&cx)?;
    Ok(page(&cx, &words::IMPORTED, imported(&cx, &report)))
}

fn imported(cx: &Context, report: &ImportReport) -> Markup {
    let rows = [
        (&words::ROWS, report.rows),
        (&words::ADDED, report.added),
        (&words::CHANGED, report.changed),
        (&words::SAME, report.same),
        (&words::KEPT_ERASED, report.kept_erased),
        (&words::QUIETED, report.quieted),
    ];
    html! {
        (parts::top(cx, &words::IMPORTED, &words::IMPORTED_LEAD))
        div.card { dl.pairs { @for (name, n) in rows { div { dt { (cx.t(name)) } dd.number { (n) } } } } }
        @if !report.faults.is_empty() {
            div.card {
                h2 { (cx.t(&words::FAULTS)) }
                ul.bullets { @for fault in report.faults.iter().take(100) {
                    li { (cx.t(&words::line(fault.line))) @if let Some(column) = &fault.column { " · " bdi { (column) } } (cx.t(&COLON)) (cx.t(&Text::from(&fault.reason.words()).upright())) }
                } }
            }
        }
        p { a.button href="/clients" { (cx.t(&words::TITLE)) } }
    }
}
