//! Did they say we may, and did they say no?

use yorisoi_app::{ConsentInput, Recorded, RefusalInput, Right, WithdrawalInput};

use crate::api::act::Act;
use crate::api::extract::By;
use crate::api::reply::{Reply, Result};
use crate::api::{Endpoint, post};

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        post("/v1/consents", "record_consent")
            .summary("Record a consent: to be talked to, or to be advised")
            .right(Right::Record)
            .keyed()
            .takes::<ConsentInput>()
            .answers::<Recorded>(201)
            .refuses(&[404, 410])
            .runs(consent),
        post("/v1/consents/withdrawals", "withdraw_consent")
            .summary("Record that a consent was taken back; it binds at the next decision")
            .right(Right::Record)
            .keyed()
            .takes::<WithdrawalInput>()
            .answers::<Recorded>(201)
            .refuses(&[404, 410])
            .runs(withdraw),
        post("/v1/refusals", "refuse")
            .summary("Record a refusal: it binds every channel and every colleague")
            .right(Right::Record)
            .keyed()
            .takes::<RefusalInput>()
            .answers::<Recorded>(201)
            .refuses(&[404, 410])
            .runs(refuse),
        post("/v1/refusals/reopenings", "reopen")
            .summary("Record that the client, by their own act, lifts a refusal")
            .right(Right::Record)
            .keyed()
            .takes::<RefusalInput>()
            .answers::<Recorded>(201)
            .refuses(&[404, 410])
            .runs(reopen),
    ]
}

async fn consent(By(caller): By, act: Act<ConsentInput>) -> Result<Reply<Recorded>> {
    Ok(Reply::created(act.app.record_consent(&caller, act.ask).await?))
}

async fn withdraw(By(caller): By, act: Act<WithdrawalInput>) -> Result<Reply<Recorded>> {
    Ok(Reply::created(act.app.withdraw_consent(&caller, act.ask).await?))
}

async fn refuse(By(caller): By, act: Act<RefusalInput>) -> Result<Reply<Recorded>> {
    Ok(Reply::created(act.app.refuse(&caller, act.ask).await?))
}

async fn reopen(By(caller): By, act: Act<RefusalInput>) -> Result<Reply<Recorded>> {
    Ok(Reply::created(act.app.reopen(&caller, act.ask).await?))
}
