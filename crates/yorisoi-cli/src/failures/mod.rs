//! What the libraries refuse, as failures in both languages.
//!
//! English comes from the errors themselves, Japanese from here, one file an area. The test
//! `every_variant_has_japanese` reads the libraries' sources, so that a new variant cannot be forgotten.

mod deciding;
mod io;
mod judging;
mod model;
mod planning;
mod read;
mod report;
mod roles;
mod study;
mod usage;

pub(crate) use io::reason;
pub(crate) use usage::{Unmeant, usage};

/// What an error says in Japanese, and what helps.
struct Told {
    ja: String,
    hint_en: &'static str,
    hint_ja: &'static str,
}

impl Told {
    /// Returns what is said of an error that came to a library after this catalogue.
    fn untold(error: &dyn std::fmt::Display) -> Self {
        Self {
            ja: error.to_string(),
            hint_en: "check the columns given as outcome, treatment, weight and propensity",
            hint_ja: "結果、働きかけ、重み、割付確率の列を確認してください",
        }
    }
}
