//! Does every error of the libraries speak Japanese at the edge?
//!
//! The enums may grow, so a match outside of their crates needs a last arm that catches all: the compiler
//! cannot tell that a new variant has no words. This test reads the sources and can.

use std::path::Path;

/// Enum, the file that declares it, and the file that must name each of its variants.
const CATALOGUE: [(&str, &str, &str); 11] = [
    ("ReadError", "yorisoi-data/src/read/error.rs", "yorisoi/src/japanese/read.rs"),
    ("RoleError", "yorisoi-data/src/roles/error.rs", "yorisoi/src/japanese/roles.rs"),
    ("PropensityMisfit", "yorisoi-data/src/roles/misfit.rs", "yorisoi/src/japanese/roles.rs"),
    ("BinError", "yorisoi-data/src/binner/apply.rs", "yorisoi/src/japanese/study.rs"),
    ("EffectError", "yorisoi-effects/src/fit.rs", "yorisoi/src/japanese/study.rs"),
    ("ScoreError", "yorisoi-effects/src/scores.rs", "yorisoi/src/japanese/judging.rs"),
    ("ModelError", "yorisoi-effects/src/file.rs", "yorisoi/src/japanese/model.rs"),
    ("EvaluationError", "yorisoi-evaluation/src/error.rs", "yorisoi/src/japanese/judging.rs"),
    ("PolicyError", "yorisoi-policy/src/error.rs", "yorisoi/src/japanese/planning.rs"),
    ("ReportError", "yorisoi-report/src/lib.rs", "yorisoi-report/src/japanese.rs"),
    ("StudyError", "yorisoi/src/error.rs", "yorisoi/src/japanese/study.rs"),
];

fn source(path: &str) -> String {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    std::fs::read_to_string(crates.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Returns the variants of an enum as its source declares them.
fn variants(source: &str, name: &str) -> Vec<String> {
    let head = format!("pub enum {name} {{");
    let body = source.split(&head).nth(1).unwrap_or_default();
    let body = body.split("\n}").next().unwrap_or_default();
    let is_variant = |line: &&str| {
        let indent = line.len() - line.trim_start().len();
        indent == 4 && line.trim_start().starts_with(char::is_uppercase)
    };
    let lines = body.lines().filter(is_variant);
    lines.map(|line| line.trim().chars().take_while(|c| c.is_alphanumeric()).collect()).collect()
}

#[test]
fn every_variant_has_japanese() {
    for (name, declared, told) in CATALOGUE {
        let variants = variants(&source(declared), name);
        assert!(!variants.is_empty(), "{declared} declares no `{name}`");
        let words = source(told);
        for variant in variants {
            let named = format!("{name}::{variant}");
            let is_named = words.split(&named).skip(1).any(|rest| {
                // `ReadError::Io` must not be found in `ReadError::IoElse`.
                !rest.starts_with(char::is_alphanumeric)
            });
            assert!(is_named, "{told} has no words for `{named}`");
        }
    }
}

#[test]
fn what_a_file_looks_like_has_japanese() {
    let unpack = source("yorisoi-data/src/read/unpack.rs");
    let words = source("yorisoi/src/japanese/read.rs");
    let found = unpack.split('"').filter(|text| text.starts_with("a ") || text.starts_with("an "));
    let found: Vec<&str> = found.collect();
    assert!(found.len() >= 8, "{found:?}");
    for found in found {
        assert!(words.contains(found), "japanese/read.rs does not know `{found}`");
    }
}
