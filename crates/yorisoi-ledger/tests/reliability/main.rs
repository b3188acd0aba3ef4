//! What becomes of the ledger when something breaks?

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]
#![expect(
    clippy::disallowed_methods,
    reason = "tests that wait or start programs need a clock and files"
)]

#[path = "../common/mod.rs"]
mod common;

mod kills;
mod property;
mod server_gone;
mod tampering;
