//! Do the use cases keep their word? With a clock that stands still and a ledger in memory.

mod common;
mod deciding;
mod helping;
mod learning;
mod leaving;
mod people;
mod policies;
mod rights;
mod telling;
