//! Does the HTTP interface keep its word? One binary, so that everything is linked once.

#![expect(
    clippy::unwrap_used,
    reason = "what a helper of a test cannot unwrap has failed the test"
)]

mod support;

mod contract;
mod desk;
mod desk_refusals;
mod document;
mod faults;
mod kill;
mod late;
mod logs;
mod outage;
mod planning;
mod protocol;
mod rights;
mod running;
mod same_everywhere;
mod told;
