//! They want to leave: how far is it, and how do we let them go well?

use axum::extract::State;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_app::{ExitView, LetGoInput, Page, PageAsk, Right};
use yorisoi_decision::{ClientId, DecisionId};

use crate::api::act::{Act, BareAct};
use crate::api::extract::{By, Named, Params};
use crate::api::reply::{Reply, Result};
use crate::api::{Endpoint, get, post};
use crate::house::Shared;

/// Whose exit it is.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExitAsk {
    /// Who asks to leave.
    client: ClientId,
}

/// The one offer that is permitted.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfferAsk {
    /// The decision that says there is one.
    decision: DecisionId,
}

/// The client has decided.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct DecidedAsk {
    /// In a word, if the client gave one.
    reason: Option<String>,
}

/// What the receipt says.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ReceiptAsk {
    /// In a word, if the client gave one.
    reason: Option<String>,
    /// The day from which it holds; `null`: today.
    effective_on: Option<Date>,
    /// What the client keeps.
    keeps: Vec<String>,
    /// What the client loses.
    loses: Vec<String>,
    /// Whether the client wants to hear from us again, by their own words.
    door_open: bool,
}

impl ReceiptAsk {
    fn of(self, client: ClientId) -> LetGoInput {
        let Self { reason, effective_on, keeps, loses, door_open } = self;
        LetGoInput { client, reason, effective_on, keeps, loses, door_open }
    }
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    let step = |path, operation, summary| post(path, operation).summary(summary).keyed();
    vec![
        step("/v1/exits", "request_exit", "Record that a client asks to leave")
            .right(Right::Record)
            .takes::<ExitAsk>()
            .answers::<ExitView>(201)
            .refuses(&[404, 409, 410])
            .runs(request),
        get("/v1/exits", "open_exits")
            .summary("Read the exits that are open, the longest waiting first")
            .right(Right::SeeWork)
            .query::<PageAsk>()
            .answers::<Page<ExitView>>(200)
            .runs(open),
        get("/v1/exits/{client}", "exit")
            .summary("Read the exit of a client, with the steps that are possible")
            .right(Right::Record)
            .answers::<ExitView>(200)
            .refuses(&[404, 410])
            .runs(one),
        step("/v1/exits/{client}/offer", "offer_in_exit", "Record the one offer that is permitted")
            .right(Right::Record)
            .takes::<OfferAsk>()
            .answers::<ExitView>(200)
            .refuses(&[404, 409, 410])
            .runs(offer),
        step("/v1/exits/{client}/decide", "decide_exit", "Record that the client has decided")
            .right(Right::Record)
            .takes::<DecidedAsk>()
            .answers::<ExitView>(200)
            .refuses(&[404, 409, 410])
            .runs(decide),
        step("/v1/exits/{client}/complete", "complete_exit", "Complete it and queue the receipt")
            .right(Right::Record)
            .takes::<ReceiptAsk>()
            .answers::<ExitView>(200)
            .refuses(&[404, 409, 410])
            .runs(complete),
        step("/v1/exits/{client}/let-go", "let_go", "Decided means done: all steps at once")
            .right(Right::Record)
            .takes::<ReceiptAsk>()
            .answers::<ExitView>(200)
            .refuses(&[404, 409, 410])
            .runs(let_go),
        step("/v1/exits/{client}/abandon", "abandon_exit", "It is not pursued; never a save")
            .right(Right::Record)
            .answers::<ExitView>(200)
            .refuses(&[404, 409, 410])
            .runs(abandon),
        step("/v1/exits/{client}/return", "record_return", "The client came back by themselves")
            .right(Right::Record)
            .answers::<ExitView>(200)
            .refuses(&[404, 409, 410])
            .runs(come_back),
    ]
}

async fn request(By(caller): By, act: Act<ExitAsk>) -> Result<Reply<ExitView>> {
    Ok(Reply::created(act.app.request_exit(&caller, &act.ask.client).await?))
}

async fn open(
    State(house): State<Shared>,
    By(caller): By,
    Params(page): Params<PageAsk>,
) -> Result<Reply<Page<ExitView>>> {
    Ok(Reply::ok(house.app.open_exits(&caller, page).await?))
}

async fn one(
    State(house): State<Shared>,
    By(caller): By,
    Named(client): Named<ClientId>,
) -> Result<Reply<ExitView>> {
    Ok(Reply::ok(house.app.exit(&caller, &client).await?))
}

async fn offer(
    By(caller): By,
    Named(client): Named<ClientId>,
    act: Act<OfferAsk>,
) -> Result<Reply<ExitView>> {
    Ok(Reply::ok(act.app.offer_in_exit(&caller, &client, &act.ask.decision).await?))
}

async fn decide(
    By(caller): By,
    Named(client): Named<ClientId>,
    act: Act<DecidedAsk>,
) -> Result<Reply<ExitView>> {
    Ok(Reply::ok(act.app.decide_exit(&caller, &client, act.ask.reason).await?))
}

async fn complete(
    By(caller): By,
    Named(client): Named<ClientId>,
    act: Act<ReceiptAsk>,
) -> Result<Reply<ExitView>> {
    Ok(Reply::ok(act.app.complete_exit(&caller, act.ask.of(client)).await?))
}

async fn let_go(
    By(caller): By,
    Named(client): Named<ClientId>,
    act: Act<ReceiptAsk>,
) -> Result<Reply<ExitView>> {
    Ok(Reply::ok(act.app.let_go(&caller, act.ask.of(client)).await?))
}

async fn abandon(
    By(caller): By,
    Named(client): Named<ClientId>,
    BareAct(app): BareAct,
) -> Result<Reply<ExitView>> {
    Ok(Reply::ok(app.abandon_exit(&caller, &client).await?))
}

async fn come_back(
    By(caller): By,
    Named(client): Named<ClientId>,
    BareAct(app): BareAct,
) -> Result<Reply<ExitView>> {
    Ok(Reply::ok(app.record_return(&caller, &client).await?))
}
