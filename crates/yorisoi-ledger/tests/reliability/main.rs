//! What becomes of the ledger when something breaks?

#![expect(
    clippy::redundant_closure_for_method_calls,
    reason = "a method of `Books` as such holds for one lifetime only"
)]
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]
#![expect(
    clippy::disallowed_methods,
    reason = "tests that wait or start programs need a clock and files"
)]

#[path = "../common/mod.rs"]
mod common;

mod encrypted;
mod kills;
mod known;
mod property;
mod server_gone;
mod tampering;
