//! Is the ledger whole?
//!
//! Backup and restore name folders of the machine, so they belong to the command line and not here.

use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_app::{Right, VerifyView};

use crate::api::extract::By;
use crate::api::reply::{Reply, Result};
use crate::api::{Endpoint, post};
use crate::house::Shared;

/// What rebuilding did.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Rebuilt {
    /// Entries that were folded anew.
    entries: u64,
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        post("/v1/ledger/verify", "verify_ledger")
            .summary("Read the whole chain and check every link")
            .right(Right::KeepLedger)
            .answers::<VerifyView>(200)
            .runs(verify),
        post("/v1/ledger/rebuild", "rebuild_ledger")
            .summary("Fold every projection anew from the chain")
            .right(Right::KeepLedger)
            .answers::<Rebuilt>(200)
            .runs(rebuild),
    ]
}

async fn verify(State(house): State<Shared>, By(caller): By) -> Result<Reply<VerifyView>> {
    Ok(Reply::ok(house.app.verify_ledger(&caller).await?))
}

async fn rebuild(State(house): State<Shared>, By(caller): By) -> Result<Reply<Rebuilt>> {
    let entries = house.app.rebuild_ledger(&caller).await?;
    Ok(Reply::ok(Rebuilt { entries }))
}
