//! Do the use cases keep their word? With a clock that stands still and a ledger in memory.

#![expect(
    clippy::unwrap_used,
    reason = "what a helper of a test cannot unwrap has failed the test"
)]

mod common;
mod deciding;
mod delivered;
mod evaluations;
mod guarding;
mod handing;
mod helping;
mod keeping;
mod knowing;
mod learning;
mod leaving;
mod listing;
mod naming;
mod outage;
mod people;
mod policies;
mod quieted;
mod refusing;
mod rehearsing;
mod rights;
mod sharing;
mod telling;
