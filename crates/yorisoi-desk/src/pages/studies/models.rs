//! Which models are there, how is one registered, seen in the shadow, and let decide?

use axum::extract::{Multipart, Path, State};
use axum::http::header;
use maud::{Markup, html};
use yorisoi::summary::Summary;
use yorisoi_app::{AppError, ModelView, ShadowReport};
use yorisoi_decision::ActionId;

use super::job::Phase;
use crate::Desk;
use crate::answer::{Failure, For, Outcome, done, page};
use crate::context::Context;
use crate::form::Posted;
use crate::format::grouped;
use crate::lang::Text;
use crate::parts;
use crate::reader::Reader;
use crate::words::refusal::{foreign, no_file, unreadable};
use crate::words::studies as words;

/// The models, what each can be asked to do, and a form for one from elsewhere.
pub(super) fn card(cx: &Context, models: &[ModelView], names: &parts::Names) -> Markup {
    let arms = |model: &ModelView| -> Vec<_> {
        model.card.arms.iter().map(|arm| names.arm(arm)).collect()
    };
    html! {
        section.card aria-labelledby="models" {
            h2 #models { (cx.t(&words::MODELS)) }
            @if models.is_empty() { p.small.soft { (cx.t(&words::NO_MODELS)) } }
            ul.peace { @for model in models {
                @let id = model.card.model.as_str();
                li {
                    div {
                        code { (id.get(..12).unwrap_or(id)) } " " (parts::tag(cx, words::tone(&model.state), &words::state(&model.state)))
                        p.small.soft { (cx.t(&words::arms(&arms(model)))) }
                        @for warning in &model.warnings {
                            @let words = Text::from(&warning.words);
                            p.small { (cx.t(&words)) }
                        }
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
                (parts::field(cx, "model-summary", &words::SUMMARY_FILE, Some(&words::SUMMARY_HINT), &html! { input #model-summary type="file" name="summary" accept=".json,application/json" aria-describedby="model-summary-hint"; }))
                button { (cx.t(&words::REGISTER)) }
            }
        }
    }
}

/// A model that is to be registered, with the summary of its study if there is one.
struct Given {
    model: Vec<u8>,
    summary: Option<Summary>,
}

/// Registers a model: of a study here, or from a file.
pub(crate) async fn register(
    State(desk): State<Desk>,
    Reader(cx): Reader,
    request: axum::extract::Request,
) -> Outcome {
    super::allowed(&cx)?;
    let is_file = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.starts_with("multipart/"));
    let given = if is_file {
        let form =
            <Multipart as axum::extract::FromRequest<Desk>>::from_request(request, &desk).await;
        let broken = |error: axum::extract::multipart::MultipartRejection| {
            Failure::new(&cx, unreadable("file", error.body_text()))
        };
        files_of(&cx, form.map_err(broken)?).await?
    } else {
        match <Posted as axum::extract::FromRequest<Desk>>::from_request(request, &desk).await {
            Ok(posted) => of_study(&desk, posted.text("study")).before(&cx)?,
            Err(response) => return Ok(response),
        }
    };
    match given.summary {
        Some(summary) => desk.app.register_study(&cx.caller, given.model, summary).await,
        None => desk.app.register_model(&cx.caller, given.model, None).await,
    }
    .before(&cx)?;
    Ok(done("/studies", "registered"))
}

/// The model of a finished study, which brings its evaluation along.
fn of_study(desk: &Desk, study: &str) -> Result<Given, AppError> {
    match desk.studies.find(study) {
        Some((_, Phase::Done(found))) => {
            Ok(Given { model: found.model()?, summary: Some(found.summary()?) })
        }
        _ => Err(AppError::Unknown { what: "study", name: study.to_owned() }),
    }
}

/// A model file, and beside it the summary if one was chosen.
async fn files_of(cx: &Context, mut form: Multipart) -> Result<Given, Failure> {
    let broken = |field: &str, why: String| Failure::new(cx, unreadable(field, why));
    let (mut is_ours, mut model, mut summary) = (false, None, None);
    while let Some(field) =
        form.next_field().await.map_err(|error| broken("file", error.body_text()))?
    {
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(|error| broken(&name, error.body_text()))?;
        match name.as_str() {
            "csrf" => is_ours = *bytes == *cx.csrf.as_bytes(),
            "file" if is_ours => model = Some(bytes.to_vec()),
            // A browser sends an empty part where nothing was chosen.
            "summary" if is_ours && !bytes.is_empty() => {
                let read = serde_json::from_slice(&bytes).map_err(|error| {
                    let en = format!("it is no summary.json of a study: {error}");
                    let ja = "調べものが書いた summary.json ではありません。";
                    Failure::new(cx, AppError::invalid("summary", (en, ja)))
                })?;
                summary = Some(read);
            }
            _ => {}
        }
    }
    match model {
        Some(model) if is_ours => Ok(Given { model, summary }),
        _ => Err(Failure::new(cx, if is_ours { no_file() } else { foreign() })),
    }
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
            let names = crate::pages::client::names(&desk, cx).await;
            Ok(page(cx, &words::SHADOW_TITLE, shadow(cx, &names, &report)))
        }
        "promote" => {
            desk.app.promote_model(&cx.caller, &model).await.before(cx)?;
            Ok(done("/studies", "promoted"))
        }
        _ => Err(Failure::new(cx, AppError::Unknown { what: "step", name: step })),
    }
}

fn shadow(cx: &Context, names: &parts::Names, report: &ShadowReport) -> Markup {
    let columns = [
        parts::Column::words(&words::ACTION),
        parts::Column::number(&words::MEAN_NOW),
        parts::Column::number(&words::MEAN_THEN),
    ];
    let line = |(action, mean): (&ActionId, &f64)| {
        let now = report.mean_effect_now.get(action);
        let now = now.map_or("–".to_owned(), |now| grouped(*now, 3));
        parts::Line::from(vec![
            html! { bdi { (names.action(cx, action)) } },
            html! { (now) },
            html! { (grouped(*mean, 3)) },
        ])
    };
    let lines: Vec<_> = report.mean_effect.iter().map(line).collect();
    html! {
        p.crumb { a href="/studies" { (cx.t(&words::TITLE)) } }
        (parts::top(cx, &words::SHADOW_TITLE, &words::SHADOW_LEAD))
        div.card { dl.pairs {
            div { dt { (cx.t(&words::SCORED)) } dd.number { (report.clients) } }
            div { dt { (cx.t(&words::INCOMPLETE)) } dd.number { (report.incomplete) } }
            div { dt { (cx.t(&words::DIFFERENT)) } dd.number { (report.different) } }
        } }
        div.card { (parts::table(cx, &words::SHADOW_TITLE, parts::Look::Stays, (&columns, &lines))) }
        (parts::act(cx, &format!("/studies/model/{}/promote", report.model), &[], &html! { button.main { (cx.t(&words::PROMOTE)) } }))
    }
}
