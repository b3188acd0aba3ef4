//! Which words does the page use? All of them, in both languages, stand in this folder.
//!
//! They are Rust constants and functions rather than a message catalogue: a missing language or a
//! missing argument does not compile, nothing is parsed while a page is made, and a page that is
//! written in two fixed languages needs no plural rules beyond those two.

pub(crate) mod arms;
pub(crate) mod codes;
pub(crate) mod dose;
pub(crate) mod method;
pub(crate) mod page;
pub(crate) mod people;
pub(crate) mod plan;
pub(crate) mod proof;
pub(crate) mod verdict;
