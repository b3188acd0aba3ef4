//! What can tomorrow's model learn from today's decisions?

use axum::extract::State;
use axum::response::Response;
use yorisoi_app::{Right, StudyAsk, StudyTable};

use crate::api::extract::{By, Params};
use crate::api::reply::{Reply, Result, bytes};
use crate::api::{Endpoint, get};
use crate::house::Shared;

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        get("/v1/study-table", "study_table")
            .summary("Read the log as a table for a study, with what was left out")
            .right(Right::ExportStudy)
            .query::<StudyAsk>()
            .answers::<StudyTable>(200)
            .refuses(&[409])
            .runs(table),
        get("/v1/study-table.csv", "study_table_csv")
            .summary("Read the table alone, as a file that `yorisoi study` reads")
            .right(Right::ExportStudy)
            .query::<StudyAsk>()
            .answers_raw(200, "text/csv")
            .refuses(&[409])
            .runs(csv),
    ]
}

async fn table(
    State(house): State<Shared>,
    By(caller): By,
    Params(ask): Params<StudyAsk>,
) -> Result<Reply<StudyTable>> {
    Ok(Reply::ok(house.app.export_study(&caller, ask).await?))
}

async fn csv(
    State(house): State<Shared>,
    By(caller): By,
    Params(ask): Params<StudyAsk>,
) -> Result<Response> {
    let table = house.app.export_study(&caller, ask).await?;
    Ok(bytes("text/csv; charset=utf-8", table.csv))
}
