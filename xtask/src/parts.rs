//! The parts of `cargo xtask test`: which there are, and in which order they run.
//!
//! Quick ones first, so that a slip shows within seconds. `lint` and `docs` share the metadata that
//! cargo makes for checking, `units` and `doctests` the compiled code; nothing here changes a
//! compiler flag of the build, because that would compile every dependency again.

use crate::repo::Repo;
use crate::{
    cargo, contract, desk, glossary, layers, lengths, links, origin, purity, python, readme,
};

/// One line of what was seen, or what has to be mended.
pub(crate) type Outcome = Result<String, Vec<String>>;

/// One part.
pub(crate) struct Part {
    /// What one types.
    pub(crate) name: &'static str,
    /// What it answers.
    pub(crate) question: &'static str,
    /// Answers it.
    pub(crate) run: fn(&Repo) -> Outcome,
}

/// Every part, in running order.
pub(crate) const PARTS: &[Part] = &[
    Part { name: "fmt", question: "is every file formatted?", run: cargo::fmt },
    Part {
        name: "layers",
        question: "does every crate lean on lower layers only?",
        run: layers::check,
    },
    Part {
        name: "purity",
        question: "are layers 1-7 free of files, clocks and environment?",
        run: purity::check,
    },
    Part {
        name: "lengths",
        question: "does every file fit into one reading (400 lines)?",
        run: lengths::check,
    },
    Part { name: "links", question: "does every local link lead somewhere?", run: links::check },
    Part {
        name: "readme",
        question: "do both READMEs set up with the same two commands?",
        run: readme::check,
    },
    Part {
        name: "glossary",
        question: "is every identifier of the glossary in the code, once?",
        run: glossary::check,
    },
    Part {
        name: "contract",
        question: "does docs/outputs.md document every output field?",
        run: contract::check,
    },
    Part {
        name: "origin",
        question: "does docs/origin.md answer every statement of the essays?",
        run: origin::check,
    },
    Part { name: "lint", question: "is clippy content?", run: cargo::lint },
    Part {
        name: "docs",
        question: "does the documentation build without a warning?",
        run: cargo::docs,
    },
    Part {
        name: "units",
        question: "do unit, property and statistical tests pass?",
        run: cargo::units,
    },
    Part {
        name: "doctests",
        question: "do the examples in the documentation run?",
        run: cargo::doctests,
    },
    Part {
        name: "desk",
        question: "do pages and stories of the desk work in a real browser?",
        run: desk::check,
    },
    Part {
        name: "python",
        question: "does the Python package build and pass, stubs and notebooks too?",
        run: python::check,
    },
];

/// Parts that are asked for by name only: what they make no change has to pass.
pub(crate) const ASIDE: &[Part] = &[Part {
    name: "wheel",
    question: "does the Python wheel for x86-64 Linux with glibc 2.17 build, within 15 MB?",
    run: python::wheel,
}];
