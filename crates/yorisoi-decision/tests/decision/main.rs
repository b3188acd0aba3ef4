//! What does a decision promise? Gates by table, semantics by sentence, laws over generated situations.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod choices;
mod common;
mod gates;
mod generated;
mod laws;
mod policies;
mod replay;
mod zones;
