//! What does help change for this client, as somebody outside has worked out?

use yorisoi_app::{EffectsInput, Recorded, Right};

use crate::api::act::Act;
use crate::api::extract::By;
use crate::api::reply::{Reply, Result};
use crate::api::{Endpoint, post};

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        post("/v1/effects", "give_effects")
            .summary("Give one client's effects that were worked out elsewhere, in place of those there are")
            .right(Right::GiveEffects)
            .keyed()
            .takes::<EffectsInput>()
            .answers::<Recorded>(201)
            .refuses(&[404, 409, 410])
            .runs(give),
    ]
}

async fn give(By(caller): By, act: Act<EffectsInput>) -> Result<Reply<Recorded>> {
    Ok(Reply::created(act.app.give_effects(&caller, act.ask).await?))
}
