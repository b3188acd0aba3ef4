//! おすそわけ: what one does not want, whom would it help most?

use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_app::{HandOnView, MatchView, Page, PageAsk, ReleaseInput, Right};
use yorisoi_decision::ClientId;

use crate::api::act::Act;
use crate::api::extract::{By, Named, Params};
use crate::api::reply::{Reply, Result};
use crate::api::{Endpoint, get, post};
use crate::house::Shared;

/// To whom it goes.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Receiver {
    /// Who.
    client: ClientId,
}

/// How many are wanted.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Matches {
    /// Matches at most, 1 to 50; 5 if not given.
    #[schemars(range(min = 1, max = 50))]
    limit: Option<u32>,
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    let step = |path, operation, summary| {
        let row = post(path, operation).summary(summary).right(Right::Record).keyed();
        row.takes::<Receiver>().answers::<HandOnView>(200)
    };
    vec![
        post("/v1/hand-ons", "release_help")
            .summary("Release help that was meant for a client, so that it can go to another")
            .right(Right::Record)
            .keyed()
            .takes::<ReleaseInput>()
            .answers::<HandOnView>(201)
            .refuses(&[404, 409, 410])
            .runs(release),
        get("/v1/hand-ons", "hand_ons")
            .summary("Read what is on its way, the next to expire first")
            .right(Right::SeeWork)
            .query::<PageAsk>()
            .answers::<Page<HandOnView>>(200)
            .refuses(&[409])
            .runs(all),
        get("/v1/hand-ons/{hand_on}", "hand_on")
            .summary("Read help that is on its way")
            .right(Right::Record)
            .answers::<HandOnView>(200)
            .refuses(&[404, 409])
            .runs(one),
        get("/v1/hand-ons/{hand_on}/matches", "hand_on_matches")
            .summary("Read whom it would help most, best first")
            .right(Right::SeeWork)
            .query::<Matches>()
            .answers::<Vec<MatchView>>(200)
            .refuses(&[404, 409])
            .runs(matches),
        step("/v1/hand-ons/{hand_on}/offer", "offer_hand_on", "Offer it to a client")
            .refuses(&[404, 409, 410])
            .runs(offer),
        step("/v1/hand-ons/{hand_on}/accept", "accept_hand_on", "The client takes it")
            .refuses(&[404, 409, 410])
            .runs(accept),
        step("/v1/hand-ons/{hand_on}/decline", "decline_hand_on", "The client does not want it")
            .refuses(&[404, 409, 410])
            .runs(decline),
    ]
}

async fn release(By(caller): By, act: Act<ReleaseInput>) -> Result<Reply<HandOnView>> {
    Ok(Reply::created(act.app.release_help(&caller, act.ask).await?))
}

async fn all(
    State(house): State<Shared>,
    By(caller): By,
    Params(page): Params<PageAsk>,
) -> Result<Reply<Page<HandOnView>>> {
    Ok(Reply::ok(house.app.hand_ons(&caller, page).await?))
}

async fn one(
    State(house): State<Shared>,
    By(caller): By,
    Named(hand_on): Named<String>,
) -> Result<Reply<HandOnView>> {
    Ok(Reply::ok(house.app.hand_on(&caller, &hand_on).await?))
}

async fn matches(
    State(house): State<Shared>,
    By(caller): By,
    Named(hand_on): Named<String>,
    Params(Matches { limit }): Params<Matches>,
) -> Result<Reply<Vec<MatchView>>> {
    let limit = limit.unwrap_or(5).clamp(1, 50) as usize;
    Ok(Reply::ok(house.app.hand_on_matches(&caller, &hand_on, limit).await?))
}

async fn offer(
    By(caller): By,
    Named(hand_on): Named<String>,
    act: Act<Receiver>,
) -> Result<Reply<HandOnView>> {
    Ok(Reply::ok(act.app.offer_hand_on(&caller, &hand_on, &act.ask.client).await?))
}

async fn accept(
    By(caller): By,
    Named(hand_on): Named<String>,
    act: Act<Receiver>,
) -> Result<Reply<HandOnView>> {
    Ok(Reply::ok(act.app.accept_hand_on(&caller, &hand_on, &act.ask.client).await?))
}

async fn decline(
    By(caller): By,
    Named(hand_on): Named<String>,
    act: Act<Receiver>,
) -> Result<Reply<HandOnView>> {
    Ok(Reply::ok(act.app.decline_hand_on(&caller, &hand_on, &act.ask.client).await?))
}
