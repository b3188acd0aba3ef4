//! How are they? Check-ins, their questions and their alerts.

use axum::extract::State;
use yorisoi_app::{AlertView, CheckInInput, CheckInQuestion, CheckInView, Right};

use crate::api::act::Act;
use crate::api::extract::By;
use crate::api::reply::{Reply, Result};
use crate::api::{Endpoint, get, post};
use crate::house::Shared;

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        post("/v1/check-ins", "check_in")
            .summary("Record a short check-in, and say whether it asks for a look")
            .right(Right::Record)
            .keyed()
            .takes::<CheckInInput>()
            .answers::<CheckInView>(201)
            .refuses(&[404, 409, 410])
            .runs(check_in),
        get("/v1/check-ins/questions", "check_in_questions")
            .summary("Read the questions of a check-in")
            .answers::<Vec<CheckInQuestion>>(200)
            .runs(questions),
        get("/v1/check-ins/alerts", "check_in_alerts")
            .summary("Read whose last check-in asks for a look, the most urgent first")
            .right(Right::ReadPeople)
            .answers::<Vec<AlertView>>(200)
            .runs(alerts),
    ]
}

async fn check_in(By(caller): By, act: Act<CheckInInput>) -> Result<Reply<CheckInView>> {
    Ok(Reply::created(act.app.check_in(&caller, act.ask).await?))
}

async fn questions(State(house): State<Shared>) -> Reply<Vec<CheckInQuestion>> {
    Reply::ok(house.app.check_in_questions())
}

async fn alerts(State(house): State<Shared>, By(caller): By) -> Result<Reply<Vec<AlertView>>> {
    Ok(Reply::ok(house.app.check_in_alerts(&caller).await?))
}
