//! What do other systems tell us? Events in the shape of Segment.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_app::{Right, SegmentEvent, SegmentReport};

use crate::api::act::Act;
use crate::api::extract::By;
use crate::api::reply::{Reply, Result};
use crate::api::{Endpoint, post};

/// One event, or a batch of them.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Events {
    /// Many, at most 500.
    Batch {
        /// The events.
        #[schemars(length(max = 500))]
        batch: Vec<SegmentEvent>,
    },
    /// One.
    One(SegmentEvent),
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        post("/v1/events", "take_events")
            .summary(
                "Take a Segment `identify`, `track` or `batch`; events sent again change nothing",
            )
            .right(Right::SendEvents)
            .keyed()
            .takes::<Events>()
            .answers::<SegmentReport>(200)
            .runs(take),
    ]
}

async fn take(By(caller): By, act: Act<Events>) -> Result<Reply<SegmentReport>> {
    let events = match act.ask {
        Events::Batch { batch } => batch,
        Events::One(event) => vec![event],
    };
    Ok(Reply::ok(act.app.take_segment(&caller, events).await?))
}
