//! What becomes of the ledger when something breaks?

#[path = "../common/mod.rs"]
mod common;

mod kills;
mod property;
mod server_gone;
mod tampering;
