//! What does help change, for each of our clients? Models.

use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_app::{ModelView, Right, ScoreReport, ShadowReport};

use crate::api::extract::{By, Named, Params, Raw};
use crate::api::reply::{Reply, Result};
use crate::api::{Endpoint, get, post};
use crate::house::Shared;

/// What the file must be.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Expected {
    /// BLAKE3 of the file in hexadecimal, if it is known: another file is refused.
    expected: Option<String>,
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    let keep =
        |path, operation, summary| post(path, operation).summary(summary).right(Right::KeepModels);
    vec![
        get("/v1/models", "models")
            .summary("Read every model, newest first")
            .right(Right::KeepModels)
            .answers::<Vec<ModelView>>(200)
            .refuses(&[409])
            .runs(models),
        keep(
            "/v1/models",
            "register_model",
            "Register a model file; it gives effects in the shadow",
        )
        .large()
        .query::<Expected>()
        .takes_raw("application/octet-stream")
        .answers::<ModelView>(201)
        .refuses(&[409])
        .runs(register),
        keep("/v1/models/score", "score_clients", "Score every client with the model that decides")
            .answers::<ScoreReport>(200)
            .refuses(&[422])
            .runs(score),
        keep("/v1/models/{model}/shadow", "shadow_model", "Score in the shadow, and compare")
            .answers::<ShadowReport>(200)
            .refuses(&[404])
            .runs(shadow),
        keep("/v1/models/{model}/promote", "promote_model", "Let a shadowed model decide")
            .answers::<ScoreReport>(200)
            .refuses(&[404])
            .runs(promote),
    ]
}

async fn models(State(house): State<Shared>, By(caller): By) -> Result<Reply<Vec<ModelView>>> {
    Ok(Reply::ok(house.app.models(&caller).await?))
}

async fn register(
    State(house): State<Shared>,
    By(caller): By,
    Params(Expected { expected }): Params<Expected>,
    Raw(file): Raw,
) -> Result<Reply<ModelView>> {
    Ok(Reply::created(house.app.register_model(&caller, file.into(), expected).await?))
}

async fn score(State(house): State<Shared>, By(caller): By) -> Result<Reply<ScoreReport>> {
    Ok(Reply::ok(house.app.score_clients(&caller).await?))
}

async fn shadow(
    State(house): State<Shared>,
    By(caller): By,
    Named(model): Named<String>,
) -> Result<Reply<ShadowReport>> {
    Ok(Reply::ok(house.app.shadow_model(&caller, &model).await?))
}

async fn promote(
    State(house): State<Shared>,
    By(caller): By,
    Named(model): Named<String>,
) -> Result<Reply<ScoreReport>> {
    Ok(Reply::ok(house.app.promote_model(&caller, &model).await?))
}
