//! Who is told of what happened? The sender of webhooks: takes what is due, sends it, says what became
//! of it.
//!
//! The use cases keep the outbox, the secrets and the schedule of retries; this part only knows how to
//! reach an address, and which addresses it must not reach.

mod address;
mod send;

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use yorisoi_app::{AppError, Delivery};

use crate::house::Shared;
use crate::webhooks::send::{SendError, Sender};

/// Messages sent at the same time.
const AT_ONCE: usize = 16;

/// Sends what is due until the service stops.
pub(crate) async fn run(house: Shared) {
    let sender = match Sender::new(house.app.clone()) {
        Ok(sender) => Arc::new(sender),
        Err(error) => {
            tracing::error!(%error, "webhooks cannot be sent");
            return;
        }
    };
    let pause = Duration::from_secs(u64::from(house.settings.webhooks_every_s));
    let mut stopping = house.stopping.subscribe();
    loop {
        match send_due(&house, &sender).await {
            // A full round: there may be more.
            Ok(AT_ONCE..) => continue,
            Ok(_) => {}
            Err(error) => tracing::warn!(code = error.code(), "the outbox cannot be read"),
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stopping.wait_for(|stopping| *stopping) => return,
        }
    }
}

/// Sends one round and returns how many messages were in it.
async fn send_due(house: &Shared, sender: &Arc<Sender>) -> Result<usize, AppError> {
    let due = house.app.due_deliveries(AT_ONCE).await?;
    let count = due.len();
    let mut round = JoinSet::new();
    for delivery in due {
        round.spawn(send_one(house.clone(), sender.clone(), delivery));
    }
    while round.join_next().await.is_some() {}
    Ok(count)
}

async fn send_one(house: Shared, sender: Arc<Sender>, delivery: Delivery) {
    let sent = sender.send(&delivery).await;
    let (became, fault) = match &sent {
        Ok(()) => ("delivered", None),
        Err(error @ (SendError::Address(_) | SendError::Forbidden(_))) => {
            ("refused", Some(error.to_string()))
        }
        Err(error) => ("failed", Some(error.to_string())),
    };
    house.metrics.webhook(became);
    // The address is the operator's; the body, which may name a client, is never logged.
    tracing::info!(webhook = %delivery.id, endpoint = %delivery.endpoint, became, "webhook");
    if let Err(error) = house.app.settle_delivery(&delivery, fault).await {
        tracing::warn!(code = error.code(), webhook = %delivery.id, "what became of it is not kept");
    }
}
