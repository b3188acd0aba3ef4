//! What do they need, said and unsaid; what did we note; when are they busy?

use yorisoi_app::{BusyInput, InferredNeed, NeedAnswer, NoteInput, Recorded, Right, StatedNeed};

use crate::api::act::Act;
use crate::api::extract::By;
use crate::api::reply::{Reply, Result};
use crate::api::{Endpoint, post};

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        post("/v1/needs/stated", "state_need")
            .summary("Record a need that the client said")
            .right(Right::Record)
            .keyed()
            .takes::<StatedNeed>()
            .answers::<Recorded>(201)
            .refuses(&[404, 410])
            .runs(stated),
        post("/v1/needs/inferred", "infer_need")
            .summary("Record a need there may be; it may only be asked about")
            .right(Right::Record)
            .keyed()
            .takes::<InferredNeed>()
            .answers::<Recorded>(201)
            .refuses(&[404, 409, 410])
            .runs(inferred),
        post("/v1/needs/answers", "answer_need")
            .summary("Record what the client said when asked; a no refuses the topic")
            .right(Right::Record)
            .keyed()
            .takes::<NeedAnswer>()
            .answers::<Recorded>(201)
            .refuses(&[404, 409, 410])
            .runs(answer),
        post("/v1/notes", "add_note")
            .summary("Write a note about a client")
            .right(Right::Record)
            .keyed()
            .takes::<NoteInput>()
            .answers::<Recorded>(201)
            .refuses(&[404, 410])
            .runs(note),
        post("/v1/busy", "set_busy")
            .summary("Record when a client is busy; replaces what was known")
            .right(Right::Record)
            .keyed()
            .takes::<BusyInput>()
            .answers::<Recorded>(201)
            .refuses(&[404, 410])
            .runs(busy),
    ]
}

async fn stated(By(caller): By, act: Act<StatedNeed>) -> Result<Reply<Recorded>> {
    Ok(Reply::created(act.app.state_need(&caller, act.ask).await?))
}

async fn inferred(By(caller): By, act: Act<InferredNeed>) -> Result<Reply<Recorded>> {
    Ok(Reply::created(act.app.infer_need(&caller, act.ask).await?))
}

async fn answer(By(caller): By, act: Act<NeedAnswer>) -> Result<Reply<Recorded>> {
    Ok(Reply::created(act.app.answer_need(&caller, act.ask).await?))
}

async fn note(By(caller): By, act: Act<NoteInput>) -> Result<Reply<Recorded>> {
    Ok(Reply::created(act.app.add_note(&caller, act.ask).await?))
}

async fn busy(By(caller): By, act: Act<BusyInput>) -> Result<Reply<Recorded>> {
    Ok(Reply::created(act.app.set_busy(&caller, act.ask).await?))
}
