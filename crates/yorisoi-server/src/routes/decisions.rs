//! What now, for this client?

use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_app::{BatchItem, DecisionAnswer, DecisionAsk, DecisionView, Right};
use yorisoi_decision::DecisionId;

use crate::api::act::{Act, BareAct};
use crate::api::extract::{By, LookedUp, Named};
use crate::api::reply::{Reply, Result};
use crate::api::{Endpoint, get, post};
use crate::house::Shared;

/// Questions about many clients at once.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BatchAsk {
    /// The questions, at most 1,000.
    #[schemars(length(max = 1_000))]
    pub(crate) asks: Vec<DecisionAsk>,
}

/// Answers, in the order of the questions.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct BatchAnswer {
    /// One for each question: an answer, or why there is none.
    pub(crate) items: Vec<BatchItem>,
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        post("/v1/decisions", "decide")
            .summary("Decide what to do for a client now, and reserve what it takes")
            .right(Right::Decide)
            .keyed()
            .holds()
            .takes::<DecisionAsk>()
            .answers::<DecisionAnswer>(200)
            .refuses(&[409])
            .runs(decide),
        post("/v1/decisions/batch", "decide_batch")
            .summary("Decide for many clients; each answer stands by itself")
            .right(Right::Decide)
            .keyed()
            .holds()
            .large()
            .takes::<BatchAsk>()
            .answers::<BatchAnswer>(200)
            .refuses(&[409])
            .runs(decide_batch),
        get("/v1/decisions/{decision}", "decision")
            .summary("Read a decision with what became of it")
            .right(Right::Decide)
            .answers::<DecisionView>(200)
            .refuses(&[404])
            .runs(decision),
        post("/v1/decisions/{decision}/give", "give")
            .summary("The client was reached and helped just now: the contact counts, and what was kept is spent")
            .right(Right::Record)
            .keyed()
            .answers::<DecisionView>(200)
            .refuses(&[404, 409, 410])
            .runs(give),
        post("/v1/decisions/{decision}/carry-out", "carry_out")
            .summary("The reserved help was given: what it kept is spent")
            .right(Right::Decide)
            .keyed()
            .answers::<DecisionView>(200)
            .refuses(&[404, 409, 410])
            .runs(carry_out),
        post("/v1/decisions/{decision}/give-back", "give_back")
            .summary("The reserved help is not given: what it kept is free again")
            .right(Right::Decide)
            .keyed()
            .answers::<DecisionView>(200)
            .refuses(&[404, 409, 410])
            .runs(give_back),
    ]
}

async fn decide(
    By(caller): By,
    looked_up: LookedUp,
    act: Act<DecisionAsk>,
) -> Result<Reply<DecisionAnswer>> {
    Ok(Reply::ok(match looked_up {
        LookedUp::Now => act.app.decide_and_commit(&caller, act.ask).await?,
        LookedUp::Before => act.app.hold_while_away(&caller, &act.ask)?,
    }))
}

async fn decide_batch(
    By(caller): By,
    looked_up: LookedUp,
    act: Act<BatchAsk>,
) -> Result<Reply<BatchAnswer>> {
    let items = match looked_up {
        LookedUp::Now => act.app.decide_batch(&caller, act.ask.asks).await?,
        LookedUp::Before => act.app.hold_all_while_away(&caller, &act.ask.asks)?,
    };
    Ok(Reply::ok(BatchAnswer { items }))
}

async fn decision(
    State(house): State<Shared>,
    By(caller): By,
    Named(id): Named<DecisionId>,
) -> Result<Reply<DecisionView>> {
    Ok(Reply::ok(house.app.decision(&caller, &id).await?))
}

async fn give(
    By(caller): By,
    Named(id): Named<DecisionId>,
    BareAct(app): BareAct,
) -> Result<Reply<DecisionView>> {
    Ok(Reply::ok(app.give(&caller, &id).await?))
}

async fn carry_out(
    By(caller): By,
    Named(id): Named<DecisionId>,
    BareAct(app): BareAct,
) -> Result<Reply<DecisionView>> {
    Ok(Reply::ok(app.carry_out(&caller, &id).await?))
}

async fn give_back(
    By(caller): By,
    Named(id): Named<DecisionId>,
    BareAct(app): BareAct,
) -> Result<Reply<DecisionView>> {
    Ok(Reply::ok(app.give_back(&caller, &id).await?))
}
