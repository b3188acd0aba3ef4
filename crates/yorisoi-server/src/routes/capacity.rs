//! What is there to give, and whom does this hour help most?

use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_app::{CapacityView, DelightView, Right, SupplyInput, WorkAsk, WorkList};

use crate::api::act::Act;
use crate::api::extract::{By, Params};
use crate::api::reply::{Reply, Result};
use crate::api::{Endpoint, get, post};
use crate::house::Shared;

/// How many are wanted.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Best {
    /// Clients named at most for each action, 1 to 50; 3 if not given.
    #[schemars(range(min = 1, max = 50))]
    limit: Option<u32>,
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        get("/v1/work-lists", "work_list")
            .summary(
                "Draw up a list of work: whom this hour helps most, and whom to leave in peace",
            )
            .right(Right::SeeWork)
            .query::<WorkAsk>()
            .answers::<WorkList>(200)
            .refuses(&[409])
            .runs(work_list),
        get("/v1/capacity", "capacity")
            .summary("Read what there is to give today")
            .right(Right::SeeWork)
            .answers::<CapacityView>(200)
            .refuses(&[409])
            .runs(capacity),
        post("/v1/capacity/supply", "change_supply")
            .summary("Record that supply came or went")
            .right(Right::ChangePolicy)
            .keyed()
            .takes::<SupplyInput>()
            .answers::<CapacityView>(200)
            .refuses(&[404, 409])
            .runs(change_supply),
        get("/v1/capacity/matches", "delights")
            .summary(
                "Read whom what is about to lose its worth would help, before anybody releases it",
            )
            .right(Right::SeeWork)
            .query::<Best>()
            .answers::<Vec<DelightView>>(200)
            .refuses(&[409])
            .runs(delights),
    ]
}

async fn work_list(
    State(house): State<Shared>,
    By(caller): By,
    Params(ask): Params<WorkAsk>,
) -> Result<Reply<WorkList>> {
    Ok(Reply::ok(house.app.work_list(&caller, ask).await?))
}

async fn capacity(State(house): State<Shared>, By(caller): By) -> Result<Reply<CapacityView>> {
    Ok(Reply::ok(house.app.capacity(&caller).await?))
}

async fn change_supply(By(caller): By, act: Act<SupplyInput>) -> Result<Reply<CapacityView>> {
    Ok(Reply::ok(act.app.change_supply(&caller, act.ask).await?))
}

async fn delights(
    State(house): State<Shared>,
    By(caller): By,
    Params(Best { limit }): Params<Best>,
) -> Result<Reply<Vec<DelightView>>> {
    let limit = limit.unwrap_or(3) as usize;
    Ok(Reply::ok(house.app.delights(&caller, limit).await?))
}
