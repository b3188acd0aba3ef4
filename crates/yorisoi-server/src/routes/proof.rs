//! Does our help help, how does it land, how do goodbyes go, and whose credit is it?

use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_app::{CreditReport, EndingsReport, LandingsReport, ProofView, Right};
use yorisoi_decision::TeamId;

use crate::api::extract::{By, Params};
use crate::api::reply::{Reply, Result};
use crate::api::{Endpoint, get};
use crate::house::Shared;

/// Whose credit.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct CreditParams {
    /// Of this team; absent: the caller's, or all.
    team: Option<TeamId>,
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        get("/v1/proof", "proof")
            .summary("Read what help has changed, against people held out, with its interval")
            .right(Right::ReadProof)
            .answers::<ProofView>(200)
            .refuses(&[409])
            .runs(proof),
        get("/v1/landings/report", "landings_report")
            .summary("Read how help landed against how it was meant")
            .right(Right::ReadProof)
            .answers::<LandingsReport>(200)
            .refuses(&[409])
            .runs(landings),
        get("/v1/endings/report", "endings_report")
            .summary("Read how goodbyes went")
            .right(Right::ReadProof)
            .answers::<EndingsReport>(200)
            .refuses(&[409])
            .runs(endings),
        get("/v1/credit", "credit")
            .summary("Read what each agent's help changed; hidden below thirty clients")
            .right(Right::ReadCredit)
            .query::<CreditParams>()
            .answers::<CreditReport>(200)
            .refuses(&[409])
            .runs(credit),
    ]
}

async fn proof(State(house): State<Shared>, By(caller): By) -> Result<Reply<ProofView>> {
    Ok(Reply::ok(house.app.proof(&caller).await?))
}

async fn landings(State(house): State<Shared>, By(caller): By) -> Result<Reply<LandingsReport>> {
    Ok(Reply::ok(house.app.landings_report(&caller).await?))
}

async fn endings(State(house): State<Shared>, By(caller): By) -> Result<Reply<EndingsReport>> {
    Ok(Reply::ok(house.app.endings_report(&caller).await?))
}

async fn credit(
    State(house): State<Shared>,
    By(caller): By,
    Params(CreditParams { team }): Params<CreditParams>,
) -> Result<Reply<CreditReport>> {
    Ok(Reply::ok(house.app.credit(&caller, team).await?))
}
