//! Who is it? Client records: finding, adding, changing, merging, importing; export and erasure.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_app::{
    ClientFind, ClientInput, ClientPage, ClientView, ImportReport, MergeInput, Page, PageAsk,
    PersonExport, Recorded, Right, TimelineRow,
};
use yorisoi_decision::{AgentId, ClientId, HouseholdId, TeamId};

use crate::api::act::{Act, BareAct};
use crate::api::extract::{By, IfMatch, Named, Params, Raw};
use crate::api::reply::{Reply, Result};
use crate::api::{Endpoint, get, patch, post};
use crate::house::Shared;

/// Which clients are wanted.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ClientParams {
    /// Part of a name or an alias.
    text: Option<String>,
    /// Of this team.
    team: Option<TeamId>,
    /// Of this agent.
    agent: Option<AgentId>,
    /// Of this household.
    household: Option<HouseholdId>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Items at most, 1 to 200; 50 if not given.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    many().into_iter().chain(one()).collect()
}

/// Of all clients.
fn many() -> Vec<Endpoint> {
    vec![
        get("/v1/clients", "find_clients")
            .summary("Find clients, page by page; names are for those who may read people")
            .right(Right::FindPeople)
            .query::<ClientParams>()
            .answers::<Page<ClientView>>(200)
            .runs(find),
        post("/v1/clients", "add_client")
            .summary("Add a client")
            .right(Right::KeepPeople)
            .keyed()
            .tagged()
            .takes::<ClientInput>()
            .answers::<ClientView>(201)
            .refuses(&[409, 410])
            .runs(add),
        post("/v1/clients/merge", "merge_clients")
            .summary("Make one record of two; refusals and contacts of both keep counting")
            .right(Right::KeepPeople)
            .keyed()
            .takes::<MergeInput>()
            .answers::<ClientView>(200)
            .refuses(&[404, 410])
            .runs(merge),
        post("/v1/clients/import", "import_clients")
            .summary("Import clients from CSV; faulty rows are reported, the others are imported")
            .right(Right::KeepPeople)
            .large()
            .takes_raw("text/csv")
            .answers::<ImportReport>(200)
            .runs(import),
    ]
}

/// Of one client.
fn one() -> Vec<Endpoint> {
    vec![
        get("/v1/clients/{client}", "client")
            .summary("Read a client's page; the look is recorded")
            .right(Right::ReadPeople)
            .tagged()
            .answers::<ClientPage>(200)
            .refuses(&[404, 409, 410])
            .runs(page),
        get("/v1/clients/{client}/record", "client_record")
            .summary("Read a client's record in short, without what was said")
            .right(Right::FindPeople)
            .tagged()
            .answers::<ClientView>(200)
            .refuses(&[404, 410])
            .runs(record),
        patch("/v1/clients/{client}", "change_client")
            .summary("Change a client; what is absent stays as it is")
            .right(Right::KeepPeople)
            .keyed()
            .tagged()
            .matched()
            .takes::<ClientInput>()
            .answers::<ClientView>(200)
            .refuses(&[404, 409, 410])
            .runs(change),
        get("/v1/clients/{client}/timeline", "timeline")
            .summary("Read what passed between us and a client, newest first")
            .right(Right::ReadPeople)
            .query::<PageAsk>()
            .answers::<Page<TimelineRow>>(200)
            .refuses(&[404, 409, 410])
            .runs(timeline),
        get("/v1/clients/{client}/export", "export_person")
            .summary("Export every row about a person")
            .right(Right::PersonRights)
            .answers::<PersonExport>(200)
            .refuses(&[404, 410])
            .runs(export),
        post("/v1/clients/{client}/erase", "erase_person")
            .summary("Forget a person; only that they are to be left alone is kept")
            .right(Right::PersonRights)
            .keyed()
            .answers::<Recorded>(200)
            .refuses(&[404, 410])
            .runs(erase),
    ]
}

async fn find(
    State(house): State<Shared>,
    By(caller): By,
    Params(params): Params<ClientParams>,
) -> Result<Reply<Page<ClientView>>> {
    let ClientParams { text, team, agent, household, cursor, limit } = params;
    let find = ClientFind { text, team, agent, household, page: PageAsk { cursor, limit } };
    Ok(Reply::ok(house.app.find_clients(&caller, find).await?))
}

async fn add(By(caller): By, act: Act<ClientInput>) -> Result<Reply<ClientView>> {
    let view = act.app.add_client(&caller, act.ask).await?;
    let version = view.version;
    Ok(Reply::created(view).version(version))
}

async fn merge(By(caller): By, act: Act<MergeInput>) -> Result<Reply<ClientView>> {
    Ok(Reply::ok(act.app.merge_clients(&caller, act.ask).await?))
}

async fn import(
    State(house): State<Shared>,
    By(caller): By,
    Raw(csv): Raw,
) -> Result<Reply<ImportReport>> {
    Ok(Reply::ok(house.app.import_clients(&caller, csv.into()).await?))
}

async fn page(
    State(house): State<Shared>,
    By(caller): By,
    Named(client): Named<ClientId>,
    headers: HeaderMap,
) -> Result<Response> {
    let page = house.app.client_page(&caller, &client).await?;
    let version = page.client.version;
    Ok(Reply::ok(page).version(version).unless_known(&headers))
}

async fn record(
    State(house): State<Shared>,
    By(caller): By,
    Named(client): Named<ClientId>,
    headers: HeaderMap,
) -> Result<Response> {
    let view = house.app.client(&caller, &client).await?;
    let version = view.version;
    Ok(Reply::ok(view).version(version).unless_known(&headers))
}

async fn change(
    By(caller): By,
    Named(client): Named<ClientId>,
    IfMatch(version): IfMatch,
    act: Act<ClientInput>,
) -> Result<Reply<ClientView>> {
    let view = act.app.change_client(&caller, &client, act.ask, version).await?;
    let version = view.version;
    Ok(Reply::ok(view).version(version))
}

async fn timeline(
    State(house): State<Shared>,
    By(caller): By,
    Named(client): Named<ClientId>,
    Params(page): Params<PageAsk>,
) -> Result<Reply<Page<TimelineRow>>> {
    Ok(Reply::ok(house.app.timeline(&caller, &client, page).await?))
}

async fn export(
    State(house): State<Shared>,
    By(caller): By,
    Named(client): Named<ClientId>,
) -> Result<Reply<PersonExport>> {
    Ok(Reply::ok(house.app.export_person(&caller, &client).await?))
}

async fn erase(
    By(caller): By,
    Named(client): Named<ClientId>,
    BareAct(app): BareAct,
) -> Result<Reply<Recorded>> {
    Ok(Reply::ok(app.erase_person(&caller, &client).await?))
}
