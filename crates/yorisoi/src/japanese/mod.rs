//! What do the errors of a study say in Japanese? English comes from the errors themselves.
//!
//! One file an area. What the person who sees it can do about it belongs to the interface: a command line knows
//! options, a page knows fields. The test `every_variant_has_japanese` of the command reads the sources, so that
//! a new variant cannot be forgotten.

mod io;
mod judging;
mod model;
mod planning;
mod read;
mod roles;
mod study;

pub use io::io_reason;

/// An error that can be told in Japanese: like its English, a phrase without a final stop, names in backticks.
pub trait InJapanese: std::fmt::Display {
    /// Returns what it says, in Japanese.
    fn japanese(&self) -> String;
}
