//! What happened? An append-only, hash-chained ledger and the projections folded from it.

mod entry;

pub use entry::{
    Actor, Body, Draft, Entry, ExitReceipt, Keeps, Landing, ModelCard, Personal, Profile,
    ReservationEnd, Source,
};
