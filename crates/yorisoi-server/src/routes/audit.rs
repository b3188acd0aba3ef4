//! Who did what, and who looked at whom?

use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_app::{AuditAsk, AuditOrder, AuditRow, Page, PageAsk, Right};
use yorisoi_decision::ClientId;

use crate::api::extract::{By, Params};
use crate::api::reply::{Reply, Result};
use crate::api::{Endpoint, get};
use crate::house::Shared;

/// Which entries are wanted.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct AuditParams {
    /// About this client.
    client: Option<ClientId>,
    /// Of this kind: `decided`, `looked`.
    kind: Option<String>,
    /// From which end: `oldest` if not given, or `newest`; the same on every page.
    order: AuditOrder,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Items at most, 1 to 200; 50 if not given.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        get("/v1/audit", "audit")
            .summary("Read the ledger's entries, oldest or newest first, behind the cursor")
            .right(Right::ReadAudit)
            .query::<AuditParams>()
            .answers::<Page<AuditRow>>(200)
            .refuses(&[404, 410])
            .runs(audit),
    ]
}

async fn audit(
    State(house): State<Shared>,
    By(caller): By,
    Params(params): Params<AuditParams>,
) -> Result<Reply<Page<AuditRow>>> {
    let AuditParams { client, kind, order, cursor, limit } = params;
    let ask = AuditAsk { client, kind, order, page: PageAsk { cursor, limit } };
    Ok(Reply::ok(house.app.audit(&caller, ask).await?))
}
