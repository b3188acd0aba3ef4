//! What the libraries refuse, as failures in both languages.

mod read;
mod roles;
mod study;
