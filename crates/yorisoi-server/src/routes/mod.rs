//! Which endpoints are there? One file a resource; this is the list of them.

mod audit;
mod capacity;
mod check_ins;
mod clients;
mod consents;
mod contacts;
mod decisions;
mod effects;
mod events;
mod exits;
mod hand_ons;
mod ledger;
mod models;
mod needs;
mod policies;
mod proof;
mod service;
mod stream;
mod study;
mod tokens;
mod webhooks;

use crate::api::Endpoint;

/// Every endpoint, in the order of the document.
pub(crate) fn endpoints() -> Vec<Endpoint> {
    let mut all = Vec::new();
    all.extend(decisions::endpoints());
    all.extend(events::endpoints());
    all.extend(clients::endpoints());
    all.extend(consents::endpoints());
    all.extend(contacts::endpoints());
    all.extend(needs::endpoints());
    all.extend(check_ins::endpoints());
    all.extend(exits::endpoints());
    all.extend(hand_ons::endpoints());
    all.extend(capacity::endpoints());
    all.extend(policies::endpoints());
    all.extend(effects::endpoints());
    all.extend(models::endpoints());
    all.extend(proof::endpoints());
    all.extend(study::endpoints());
    all.extend(audit::endpoints());
    all.extend(tokens::endpoints());
    all.extend(webhooks::endpoints());
    all.extend(ledger::endpoints());
    all.extend(stream::endpoints());
    all.extend(service::endpoints());
    all
}
