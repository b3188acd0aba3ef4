//! Does the HTTP interface keep its word? One binary, so that everything is linked once.

mod support;

mod contract;
mod document;
mod kill;
mod logs;
mod protocol;
mod rights;
mod running;
mod told;
