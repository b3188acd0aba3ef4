//! What can be learned from a table: upload it, watch, read the report, keep the model, see it in shadow?

mod job;
pub(crate) mod models;
mod shelf;
mod tables;

use axum::extract::{Multipart, Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse};
use maud::{Markup, html};
use yorisoi_app::{AppError, Right, StudyAsk};

use crate::Desk;
use crate::answer::{Failure, For, Outcome, done, download, page};
use crate::context::Context;
use crate::lang::Text;
use crate::parts;
use crate::reader::Reader;
use crate::words::refusal::{foreign, unreadable};
use crate::words::studies as words;

pub(crate) use job::Studies;
use job::{Ask, Phase};

/// The page.
pub(crate) async fn show(State(desk): State<Desk>, Reader(cx): Reader) -> Outcome {
    let models = desk.app.models(&cx.caller).await.before(&cx)?;
    let names = super::client::names(&desk, &cx).await;
    let studies = desk.studies.all();
    let main = html! {
        (parts::top(&cx, &words::TITLE, &words::LEAD))
        div.sheet {
            div {
                (start_form(&cx, &tables::names(desk.app.settings().folder.as_deref())))
                section.card aria-labelledby="done" {
                    h2 #done { (cx.t(&words::STUDIES)) }
                    @if studies.is_empty() { p.small.soft { (cx.t(&words::NO_STUDIES)) } }
                    ul.peace { @for (id, name, phase) in &studies {
                        li { a href={ "/studies/" (id) } { bdi { (name) } } (phase_tag(&cx, phase)) }
                    } }
                }
            }
            div.side {
                section.card aria-labelledby="own" {
                    h2 #own { (cx.t(&words::OWN)) } p.small { (cx.t(&words::OWN_LEAD)) }
                    a.button href="/studies/table" { (cx.t(&words::OWN_DO)) }
                }
                (models::card(&cx, &models, &names))
            }
        }
    };
    Ok(page(&cx, &words::TITLE, main))
}

fn start_form(cx: &Context, here: &[String]) -> Markup {
    let text = |id: &'static str, required: bool| html! { input id=(id) name=(id) maxlength="200" required[required]; };
    html! {
        section.card aria-labelledby="start" {
            h2 #start { (cx.t(&words::START)) }
            p.small { (cx.t(&words::START_LEAD)) }
            form method="post" action="/studies" enctype="multipart/form-data" data-once {
                (cx.csrf())
                div.fields {
                    (parts::field(cx, "treatment", &words::TREATMENT, Some(&words::TREATMENT_HINT), &text("treatment", true)))
                    (parts::field(cx, "outcome", &words::OUTCOME, Some(&words::OUTCOME_HINT), &text("outcome", true)))
                    (parts::field(cx, "cluster", &words::CLUSTER, Some(&words::CLUSTER_HINT), &text("cluster", false)))
                }
                @if !here.is_empty() {
                    (parts::field(cx, "here", &words::HERE, Some(&words::HERE_HINT), &html! {
                        select #here name="here" { option value="" { (cx.t(&words::HERE_NONE)) } @for name in here { option value=(name) { (name) } } }
                    }))
                }
                (parts::field(cx, "file", &words::FILE, None, &html! { input #file type="file" name="file" accept=".csv,.parquet,.gz,.zst,text/csv" required[here.is_empty()]; }))
                button.main { (cx.t(&words::START_DO)) }
            }
        }
    }
}

fn phase_tag(cx: &Context, phase: &Phase) -> Markup {
    match phase {
        Phase::Running { .. } => parts::tag(cx, "unknown", &words::RUNNING),
        Phase::Failed(_) => parts::tag(cx, "harm", &words::FAILED),
        Phase::Done(found) if found.is_proven => parts::tag(cx, "help", &words::PROVEN),
        Phase::Done(_) => parts::tag(cx, "rest", &words::NOT_PROVEN),
    }
}

/// Studies are of the house's people, and read by those who keep models only.
fn allowed(cx: &Context) -> Result<(), Failure> {
    cx.caller.may(Right::KeepModels).before(cx)
}

/// Begins a study of an uploaded table.
pub(crate) async fn start(
    State(desk): State<Desk>,
    Reader(cx): Reader,
    form: Multipart,
) -> Outcome {
    allowed(&cx)?;
    let mut ask = ask_of(&cx, form).await?;
    if let Some(name) = ask.here.take().filter(|_| ask.bytes.is_empty()) {
        ask.bytes = tables::read(desk.app.settings().folder.as_deref(), &name).before(&cx)?;
        ask.name = name;
    } else if ask.bytes.is_empty() {
        let reason = ("no table was chosen", "表が選ばれていません。");
        return Err(Failure::new(&cx, AppError::invalid("file", reason)));
    }
    let id = desk.studies.start(ask).before(&cx)?;
    Ok(done(&format!("/studies/{id}"), "recorded"))
}

async fn ask_of(cx: &Context, mut form: Multipart) -> Result<Ask, Failure> {
    let bad = |field: &str, why: String| Failure::new(cx, unreadable(field, why));
    let mut ask = Ask::default();
    let mut is_ours = false;
    while let Some(field) =
        form.next_field().await.map_err(|error| bad("file", error.body_text()))?
    {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            if !is_ours {
                break;
            }
            ask.name = field.file_name().unwrap_or("table").to_owned();
            ask.bytes =
                field.bytes().await.map_err(|error| bad("file", error.body_text()))?.to_vec();
            continue;
        }
        let text =
            field.text().await.map_err(|error| bad(&name, error.body_text()))?.trim().to_owned();
        match name.as_str() {
            "csrf" => is_ours = text == cx.csrf,
            "treatment" => ask.treatment = text,
            "outcome" => ask.outcome = text,
            "here" => ask.here = Some(text).filter(|text| !text.is_empty()),
            "cluster" => ask.cluster = Some(text).filter(|text| !text.is_empty()),
            _ => {}
        }
    }
    if !is_ours {
        return Err(Failure::new(cx, foreign()));
    }
    Ok(ask)
}

/// One study: how far it is, or what it found.
pub(crate) async fn one(
    State(desk): State<Desk>,
    Reader(cx): Reader,
    Path(id): Path<String>,
) -> Outcome {
    allowed(&cx)?;
    let Some((name, phase)) = desk.studies.find(&id) else {
        return Err(Failure::new(&cx, AppError::Unknown { what: "study", name: id }));
    };
    let title = Text::new(name.clone(), name.clone());
    let main = html! {
        p.crumb { a href="/studies" { (cx.t(&words::TITLE)) } }
        div.top { div { h1 { bdi { (name) } } div.row { (phase_tag(&cx, &phase)) } } }
        @match &phase {
            Phase::Running { stage, done, total } => {
                // The script looks again by itself until it is done; without one, whoever waits does.
                div.card data-again={ "/studies/" (id) } {
                    p { (cx.t(&words::stage(stage))) }
                    progress max=(total.max(&1)) value=(done.min(total)) aria-label=(cx.t(&words::RUNNING)) {}
                    p.small.soft { (cx.t(&words::WAIT)) }
                    p { a.button href={ "/studies/" (id) } { (cx.t(&words::LOOK_AGAIN)) } }
                }
            }
            Phase::Failed(words) => { div.note.harm role="alert" { p { (cx.t(&words.upright())) } } }
            Phase::Done(found) => {
                div.card {
                    p.phrase { (cx.t(&found.verdict)) }
                    div.row {
                        a.button.main href={ "/studies/" (id) "/report" } { (cx.t(&words::REPORT)) }
                        (parts::act(&cx, "/studies/model", &[("study", &id)], &html! { button { (cx.t(&words::REGISTER_THIS)) } }))
                    }
                }
            }
        }
    };
    Ok(page(&cx, &title, main))
}

/// The report of a finished study. It is one page with its style inside, under a policy of its own that
/// forbids every request.
pub(crate) async fn report(
    State(desk): State<Desk>,
    Reader(cx): Reader,
    Path(id): Path<String>,
) -> Outcome {
    allowed(&cx)?;
    let Some((_, Phase::Done(found))) = desk.studies.find(&id) else {
        return Err(Failure::new(&cx, AppError::Unknown { what: "report", name: id }));
    };
    let policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; sandbox allow-scripts";
    let report = found.report().before(&cx)?;
    let mut response = Html(report).into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    Ok(response)
}

/// The house's own decisions as a table for a study.
pub(crate) async fn table(State(desk): State<Desk>, Reader(cx): Reader) -> Outcome {
    let table = desk.app.export_study(&cx.caller, StudyAsk::default()).await.before(&cx)?;
    Ok(download("decisions.csv", "text/csv; charset=utf-8", table.csv))
}
