//! Who is told of events?

use axum::extract::State;
use axum::http::StatusCode;
use yorisoi_app::{EndpointInput, EndpointView, Right};

use crate::api::extract::{Asks, By, Named};
use crate::api::reply::{Reply, Result};
use crate::api::{Endpoint, delete, get, post};
use crate::house::Shared;

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        get("/v1/webhooks", "webhooks")
            .summary("Read every endpoint, and how its deliveries go")
            .right(Right::KeepWebhooks)
            .answers::<Vec<EndpointView>>(200)
            .runs(all),
        post("/v1/webhooks", "add_webhook")
            .summary("Add an endpoint; its secret is shown this once")
            .right(Right::KeepWebhooks)
            .takes::<EndpointInput>()
            .answers::<EndpointView>(201)
            .runs(add),
        post("/v1/webhooks/{endpoint}/rotate", "rotate_webhook")
            .summary("Give an endpoint a new secret; the old one signs beside it for a day")
            .right(Right::KeepWebhooks)
            .answers::<EndpointView>(200)
            .refuses(&[404])
            .runs(rotate),
        delete("/v1/webhooks/{endpoint}", "remove_webhook")
            .summary("Remove an endpoint and what waits for it")
            .right(Right::KeepWebhooks)
            .answers_nothing()
            .refuses(&[404])
            .runs(remove),
    ]
}

async fn all(State(house): State<Shared>, By(caller): By) -> Result<Reply<Vec<EndpointView>>> {
    Ok(Reply::ok(house.app.endpoints(&caller).await?))
}

/// Not bound to a key: remembering the answer would keep the secret.
async fn add(
    State(house): State<Shared>,
    By(caller): By,
    Asks(input): Asks<EndpointInput>,
) -> Result<Reply<EndpointView>> {
    Ok(Reply::created(house.app.add_endpoint(&caller, input).await?))
}

async fn rotate(
    State(house): State<Shared>,
    By(caller): By,
    Named(endpoint): Named<String>,
) -> Result<Reply<EndpointView>> {
    Ok(Reply::ok(house.app.rotate_endpoint(&caller, &endpoint).await?))
}

async fn remove(
    State(house): State<Shared>,
    By(caller): By,
    Named(endpoint): Named<String>,
) -> Result<StatusCode> {
    house.app.remove_endpoint(&caller, &endpoint).await?;
    Ok(StatusCode::NO_CONTENT)
}
