//! What the libraries refuse, as failures in both languages.
//!
//! English comes from the errors themselves, Japanese from [`yorisoi::japanese`], and from here what helps on a
//! command line, one file an area. The test `every_variant_has_japanese` reads the sources, so that a new variant
//! cannot be forgotten.

mod deciding;
mod judging;
mod model;
mod planning;
mod read;
mod report;
mod roles;
mod study;
mod usage;

pub(crate) use usage::{Unmeant, usage};
pub(crate) use yorisoi::japanese::io_reason as reason;

/// What helps, in English and in Japanese.
type Hint = (&'static str, &'static str);

/// What helps against an error that came to a library after this catalogue.
const UNTOLD: Hint = (
    "check the columns given as outcome, treatment, weight and propensity",
    "結果、働きかけ、重み、割付確率の列を確認してください",
);
