//! What does a decision promise? Gates by table, semantics by sentence, laws over generated situations.

mod choices;
mod common;
mod gates;
mod generated;
mod laws;
mod replay;
mod zones;
