//! `yorisoi model`: which model decides? Registering, comparing and promoting at the console.

use std::path::Path;

use serde::Serialize;
use serde_json::json;
use yorisoi_app::{App, ModelView, ModelWarning, ScoreReport, ShadowReport};

use crate::args::{ModelArgs, ModelTask};
use crate::commands::ledger::{Said, tell};
use crate::commands::ledger_export::analyst;
use crate::commands::serve::{open, refused, runtime, settled};
use crate::failure::{Exit, Failure};
use crate::input;
use crate::session::Session;

/// Does one task on the models.
///
/// # Errors
///
/// A [`Failure`] where the ledger, the file or the model cannot be used.
pub(crate) fn run(args: &ModelArgs, session: &Session) -> Result<Exit, Failure> {
    if args.expected.is_some() && args.task != ModelTask::Register {
        return Err(Failure::usage(
            "`--expected` goes with `model register` only",
            "`--expected` は `model register` でだけ使えます",
        ));
    }
    let app = open(&settled(&args.place)?.settings)?;
    match args.task {
        ModelTask::Register => register(&app, args, session),
        ModelTask::List => list(&app, session),
        ModelTask::Shadow => {
            let model = named(&app, args)?;
            let report = shadow(&app, &model)?;
            tell(session, &data(&report)?, &compared(&report))
        }
        ModelTask::Promote => {
            let model = named(&app, args)?;
            let done = runtime()?.block_on(app.promote_model(&analyst(), &model));
            scored(&done.map_err(refused)?, session)
        }
        ModelTask::Score => {
            let done = runtime()?.block_on(app.score_clients(&analyst()));
            scored(&done.map_err(refused)?, session)
        }
    }
}

/// A model decides only after it was compared, so both are done at once.
fn register(app: &App, args: &ModelArgs, session: &Session) -> Result<Exit, Failure> {
    let file = input::bytes(target(args, "FILE")?)?;
    let (analyst, expected) = (analyst(), args.expected.clone());
    let registering = app.register_model(&analyst, file, expected);
    let model = runtime()?.block_on(registering).map_err(refused)?;
    let report = shadow(app, &model.card.model)?;
    let (registered, compared) = (registered(&model), compared(&report));
    let said = (registered.0 + &compared.0, registered.1 + &compared.1);
    tell(session, &json!({ "model": model, "shadow": report }), &said)
}

fn shadow(app: &App, model: &str) -> Result<ShadowReport, Failure> {
    runtime()?.block_on(app.shadow_model(&analyst(), model)).map_err(refused)
}

fn list(app: &App, session: &Session) -> Result<Exit, Failure> {
    let known = runtime()?.block_on(app.models(&analyst())).map_err(refused)?;
    let line = |it: &ModelView| {
        let (en, ja) = state_words(&it.state);
        let arms = it.card.arms.join(", ");
        let (model, day) = (&it.card.model, it.registered_at);
        (format!("{model}\t{en}\t{day}\t{arms}\n"), format!("{model}\t{ja}\t{day}\t{arms}\n"))
    };
    let said: Said = known.iter().map(line).unzip();
    tell(session, &data(&known)?, &said)
}

fn state_words(state: &str) -> (&str, &str) {
    match state {
        "shadow" => ("in the shadow", "参考（まだ使わない）"),
        "live" => ("decides", "判断に使用中"),
        "past" => ("decided before", "以前に使用"),
        other => (other, other),
    }
}

fn registered(model: &ModelView) -> Said {
    let ModelView { card, warnings, .. } = model;
    let (name, data, arms) = (&card.model, &card.data_fingerprint, card.arms.join(", "));
    let line = |warning: &ModelWarning| {
        let words = &warning.words;
        (format!("  warning: {}\n", words.en), format!("  注意: {}\n", words.ja))
    };
    let (en, ja): Said = warnings.iter().map(line).unzip();
    (
        format!("registered {name}\n  learned from data {data}; arms: {arms}\n{en}"),
        format!("{name} を登録しました\n  学習データの指紋: {data}、群: {arms}\n{ja}"),
    )
}

/// What it would say of everybody, beside what decides now.
fn compared(report: &ShadowReport) -> Said {
    let ShadowReport { model, clients, incomplete, different, .. } = report;
    if *clients == 0 {
        return (
            format!(
                "  nobody could be compared yet: none of its features is known of any client; add them, then \
                 `yorisoi model shadow {model}`\n"
            ),
            format!(
                "  まだ比べられる方がいません。特徴量の分かるお客さまを登録してから、\
                 `yorisoi model shadow {model}` で比べてください\n"
            ),
        );
    }
    (
        format!(
            "  in the shadow: {clients} clients compared, {different} of them would be helped best by another \
             action; {incomplete} without its features\n  to let it decide: yorisoi model promote {model}\n"
        ),
        format!(
            "  参考として {clients} 人を比べました。うち {different} 人は、最もよい働きかけが変わります\
             （特徴量のない方: {incomplete} 人）\n  判断に使うには: yorisoi model promote {model}\n"
        ),
    )
}

fn scored(report: &ScoreReport, session: &Session) -> Result<Exit, Failure> {
    let ScoreReport { model, scored, incomplete } = report;
    let said = (
        format!("{model} decides; {scored} clients scored, {incomplete} keep what they had\n"),
        format!(
            "{model} を判断に使っています。{scored} 人を評価しました（特徴量のない {incomplete} 人はそのまま）\n"
        ),
    );
    tell(session, &data(report)?, &said)
}

/// The model that is meant: a beginning that only one of them has names it.
fn named(app: &App, args: &ModelArgs) -> Result<String, Failure> {
    let name = target(args, "MODEL")?.to_string_lossy().into_owned();
    let known = runtime()?.block_on(app.models(&analyst())).map_err(refused)?;
    let mut found = known.into_iter().map(|it| it.card.model).filter(|it| it.starts_with(&name));
    match (found.next(), found.next()) {
        (Some(only), None) => Ok(only),
        (Some(_), Some(_)) => Err(Failure::input(
            format!("more than one model begins with `{name}`; write more of its name"),
            format!("`{name}` で始まるモデルが複数あります。もう少し長く入力してください"),
        )),
        (None, _) => Err(Failure::input(
            format!("there is no model `{name}`; see `yorisoi model list`"),
            format!("モデル `{name}` はありません。`yorisoi model list` でご確認ください"),
        )),
    }
}

fn target<'a>(args: &'a ModelArgs, what: &str) -> Result<&'a Path, Failure> {
    args.target.as_deref().ok_or_else(|| {
        let task = args.task.as_str();
        Failure::usage(
            format!("`model {task}` needs {what} behind it"),
            format!("`model {task}` には {what} の指定が必要です"),
        )
    })
}

fn data(answer: &impl Serialize) -> Result<serde_json::Value, Failure> {
    serde_json::to_value(answer)
        .map_err(|error| Failure::internal(error.to_string(), error.to_string()))
}
