//! What can be learned from a table: upload it, watch, read the report, keep the model, see it in shadow?

mod job;

use axum::extract::{Multipart, Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse};
use maud::{Markup, html};
use yorisoi_app::{AppError, ModelView, ShadowReport, StudyAsk};

use crate::Desk;
use crate::answer::{Failure, For, Outcome, done, download, page};
use crate::context::Context;
use crate::form::Posted;
use crate::format;
use crate::lang::Text;
use crate::pages::clients::file_of;
use crate::parts;
use crate::reader::Reader;
use crate::words::studies as words;

pub(crate) use job::Studies;
use job::{Ask, Phase};

/// The page.
pub(crate) async fn show(State(desk): State<Desk>, Reader(cx): Reader) -> Outcome {
    let models = desk.app.models(&cx.caller).await.before(&cx)?;
    let studies = desk.studies.all();
    let main = html! {
        (parts::top(&cx, &words::TITLE, &words::LEAD))
        div.sheet {
            div {
                (start_form(&cx))
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
                (models_card(&cx, &models))
            }
        }
    };
    Ok(page(&cx, &words::TITLE, main))
}

fn start_form(cx: &Context) -> Markup {
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
                (parts::field(cx, "file", &words::FILE, None, &html! { input #file type="file" name="file" accept=".csv,.parquet,.gz,.zst,text/csv" required; }))
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

fn models_card(cx: &Context, models: &[ModelView]) -> Markup {
    html! {
        section.card aria-labelledby="models" {
            h2 #models { (cx.t(&words::MODELS)) }
            @if models.is_empty() { p.small.soft { (cx.t(&words::NO_MODELS)) } }
            ul.peace { @for model in models {
                @let id = model.card.model.as_str();
                li {
                    div {
                        code { (id.get(..12).unwrap_or(id)) } " " (parts::tag(cx, words::tone(&model.state), &words::state(&model.state)))
                        p.small.soft { (cx.t(&words::arms(&model.card.arms))) }
                        @if !model.missing.is_empty() { p.small { (cx.t(&words::missing(model.missing.len()))) } }
                        @if model.state != "live" {
                            div.row {
                                (parts::act(cx, &format!("/studies/model/{id}/shadow"), &[], &html! { button { (cx.t(&words::SHADOW)) } }))
                                (parts::act(cx, &format!("/studies/model/{id}/promote"), &[], &html! { button { (cx.t(&words::PROMOTE)) } }))
                            }
                        }
                    }
                    span.small.soft { (cx.time(model.registered_at)) }
                }
            } }
            form method="post" action="/studies/model" enctype="multipart/form-data" data-once {
                (cx.csrf())
                (parts::field(cx, "model-file", &words::MODEL_FILE, None, &html! { input #model-file type="file" name="file" accept=".yorisoi" required; }))
                button { (cx.t(&words::REGISTER)) }
            }
        }
    }
}

/// Begins a study of an uploaded table.
pub(crate) async fn start(
    State(desk): State<Desk>,
    Reader(cx): Reader,
    form: Multipart,
) -> Outcome {
    if !cx.may(yorisoi_app::Right::KeepModels) {
        let error =
            AppError::Forbidden { role: cx.caller.role, right: yorisoi_app::Right::KeepModels };
        return Err(Failure::new(&cx, error));
    }
    let ask = ask_of(&cx, form).await?;
    let id = desk.studies.start(ask).before(&cx)?;
    Ok(done(&format!("/studies/{id}"), "recorded"))
}

async fn ask_of(cx: &Context, mut form: Multipart) -> Result<Ask, Failure> {
    let bad = |field: &str, reason: String| {
        Failure::new(cx, AppError::Invalid { field: field.to_owned(), reason })
    };
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
            "cluster" => ask.cluster = Some(text).filter(|text| !text.is_empty()),
            _ => {}
        }
    }
    if !is_ours {
        return Err(bad(
            "csrf",
            "this form does not belong to your session; open the page again".to_owned(),
        ));
    }
    Ok(ask)
}

/// One study: how far it is, or what it found.
pub(crate) async fn one(
    State(desk): State<Desk>,
    Reader(cx): Reader,
    Path(id): Path<String>,
) -> Outcome {
    let Some((name, phase)) = desk.studies.find(&id) else {
        return Err(Failure::new(&cx, AppError::Unknown { what: "study", name: id }));
    };
    let title = Text::new(name.clone(), name.clone());
    let main = html! {
        p.crumb { a href="/studies" { (cx.t(&words::TITLE)) } }
        div.top { div { h1 { bdi { (name) } } div.row { (phase_tag(&cx, &phase)) } } }
        @match &phase {
            Phase::Running { stage, done, total } => {
                div.card {
                    p { (cx.t(&words::stage(stage))) }
                    progress max=(total.max(&1)) value=(done.min(total)) aria-label=(cx.t(&words::RUNNING)) {}
                    p.small.soft { (cx.t(&words::WAIT)) }
                    p { a.button href={ "/studies/" (id) } { (cx.t(&words::LOOK_AGAIN)) } }
                }
            }
            Phase::Failed(words) => { div.note.harm role="alert" { p { (cx.t(words)) } } }
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
    let mut response = page(&cx, &title, main);
    if matches!(phase, Phase::Running { .. }) {
        // Without a script the page looks again by itself.
        response.headers_mut().insert(header::REFRESH, HeaderValue::from_static("2"));
    }
    Ok(response)
}

/// The report of a finished study. It is one page with its style inside, under a policy of its own that
/// forbids every request.
pub(crate) async fn report(
    State(desk): State<Desk>,
    Reader(cx): Reader,
    Path(id): Path<String>,
) -> Outcome {
    let Some((_, Phase::Done(found))) = desk.studies.find(&id) else {
        return Err(Failure::new(&cx, AppError::Unknown { what: "report", name: id }));
    };
    let policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; sandbox allow-scripts";
    let mut response = Html(found.report.clone()).into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    Ok(response)
}

/// Registers a model: of a study here, or from a file.
pub(crate) async fn register(
    State(desk): State<Desk>,
    Reader(cx): Reader,
    request: axum::extract::Request,
) -> Outcome {
    let is_file = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.starts_with("multipart/"));
    let model = if is_file {
        let form =
            <Multipart as axum::extract::FromRequest<Desk>>::from_request(request, &desk).await;
        let form = form
            .map_err(|error| AppError::Invalid {
                field: "file".to_owned(),
                reason: error.body_text(),
            })
            .before(&cx)?;
        file_of(&cx, form).await?
    } else {
        match <Posted as axum::extract::FromRequest<Desk>>::from_request(request, &desk).await {
            Ok(posted) => match desk.studies.find(posted.text("study")) {
                Some((_, Phase::Done(found))) => found.model.clone(),
                _ => {
                    return Err(Failure::new(
                        &cx,
                        AppError::Unknown { what: "study", name: posted.text("study").to_owned() },
                    ));
                }
            },
            Err(response) => return Ok(response),
        }
    };
    desk.app.register_model(&cx.caller, model, None).await.before(&cx)?;
    Ok(done("/studies", "registered"))
}

/// Looks at a model in the shadow, or lets it decide.
pub(crate) async fn step(
    State(desk): State<Desk>,
    Path((model, step)): Path<(String, String)>,
    posted: Posted,
) -> Outcome {
    let cx = &posted.cx;
    match step.as_str() {
        "shadow" => {
            let report = desk.app.shadow_model(&cx.caller, &model).await.before(cx)?;
            Ok(page(cx, &words::SHADOW_TITLE, shadow(cx, &report)))
        }
        "promote" => {
            desk.app.promote_model(&cx.caller, &model).await.before(cx)?;
            Ok(done("/studies", "promoted"))
        }
        _ => Err(Failure::new(cx, AppError::Unknown { what: "step", name: step })),
    }
}

fn shadow(cx: &Context, report: &ShadowReport) -> Markup {
    html! {
        p.crumb { a href="/studies" { (cx.t(&words::TITLE)) } }
        (parts::top(cx, &words::SHADOW_TITLE, &words::SHADOW_LEAD))
        div.card { dl.pairs {
            div { dt { (cx.t(&words::SCORED)) } dd.number { (report.clients) } }
            div { dt { (cx.t(&words::INCOMPLETE)) } dd.number { (report.incomplete) } }
            div { dt { (cx.t(&words::DIFFERENT)) } dd.number { (report.different) } }
        } }
        div.card { div.scroll tabindex="0" { table {
            thead { tr { th scope="col" { (cx.t(&words::ACTION)) } th.n scope="col" { (cx.t(&words::MEAN_NOW)) } th.n scope="col" { (cx.t(&words::MEAN_THEN)) } } }
            tbody { @for (action, mean) in &report.mean_effect { tr {
                th scope="row" { bdi { (action) } }
                td.n { (report.mean_effect_now.get(action).map_or("–".to_owned(), |now| format::grouped(*now, 3))) }
                td.n { (format::grouped(*mean, 3)) }
            } } }
        } } }
        (parts::act(cx, &format!("/studies/model/{}/promote", report.model), &[], &html! { button.main { (cx.t(&words::PROMOTE)) } }))
    }
}

/// The house's own decisions as a table for a study.
pub(crate) async fn table(State(desk): State<Desk>, Reader(cx): Reader) -> Outcome {
    let table = desk.app.export_study(&cx.caller, StudyAsk::default()).await.before(&cx)?;
    Ok(download("decisions.csv", "text/csv; charset=utf-8", table.csv))
}
