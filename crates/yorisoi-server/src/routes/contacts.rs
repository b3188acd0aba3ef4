//! What was tried, what arrived, how did it land, and what became of it?

use yorisoi_app::{AttemptInput, DeliveryInput, LandingInput, OutcomeInput, Recorded, Right};

use crate::api::act::Act;
use crate::api::extract::By;
use crate::api::reply::{Reply, Result};
use crate::api::{Endpoint, post};

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        post("/v1/attempts", "record_attempt")
            .summary("Record that somebody tried to reach a client")
            .right(Right::Record)
            .keyed()
            .takes::<AttemptInput>()
            .answers::<Recorded>(201)
            .refuses(&[404, 409, 410])
            .runs(attempt),
        post("/v1/deliveries", "record_delivery")
            .summary("Record a delivery, and that its decision was carried out")
            .right(Right::Record)
            .keyed()
            .takes::<DeliveryInput>()
            .answers::<Recorded>(201)
            .refuses(&[404, 409, 410])
            .runs(delivery),
        post("/v1/landings", "record_landing")
            .summary("Record how help landed, as its receiver told it")
            .right(Right::Record)
            .keyed()
            .takes::<LandingInput>()
            .answers::<Recorded>(201)
            .refuses(&[404, 409, 410])
            .runs(landing),
        post("/v1/outcomes", "record_outcome")
            .summary("Record what became of a client")
            .right(Right::RecordOutcomes)
            .keyed()
            .takes::<OutcomeInput>()
            .answers::<Recorded>(201)
            .refuses(&[404, 410])
            .runs(outcome),
    ]
}

async fn attempt(By(caller): By, act: Act<AttemptInput>) -> Result<Reply<Recorded>> {
    Ok(Reply::created(act.app.record_attempt(&caller, act.ask).await?))
}

async fn delivery(By(caller): By, act: Act<DeliveryInput>) -> Result<Reply<Recorded>> {
    Ok(Reply::created(act.app.record_delivery(&caller, act.ask).await?))
}

async fn landing(By(caller): By, act: Act<LandingInput>) -> Result<Reply<Recorded>> {
    Ok(Reply::created(act.app.record_landing(&caller, act.ask).await?))
}

async fn outcome(By(caller): By, act: Act<OutcomeInput>) -> Result<Reply<Recorded>> {
    Ok(Reply::created(act.app.record_outcome(&caller, act.ask).await?))
}
