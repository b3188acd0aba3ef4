//! Are layers 1-7 free of files, clocks, environment and global randomness?
//!
//! Clippy's `disallowed_methods` says so at each call, but an `#[expect]` can switch it off. This
//! check reads the sources, and its one exception stands below: what a pure layer needs from outside
//! comes in as an argument. Test modules and comments are not looked at.

use crate::layers::{LAST_PURE_LAYER, LAYERS};
use crate::parts::Outcome;
use crate::repo::Repo;

/// What may not be named, and what to do instead.
const OUTSIDE: &[(&str, &str)] = &[
    ("File::open", "take an open source"),
    ("File::create", "take an open sink"),
    ("OpenOptions", "take an open file"),
    ("std::fs", "read from `impl Read`, write to `impl Write`"),
    ("std::env", "take the setting as an argument"),
    ("std::net", "the network belongs to the outer layers"),
    ("std::process", "return an error instead"),
    ("Instant", "take a clock as an argument"),
    ("SystemTime", "take the time as an argument"),
    ("thread_rng", "take a seed as an argument"),
    ("rand::rng(", "take a seed as an argument"),
    ("from_os_rng", "take a seed as an argument"),
    ("io::stdin", "read from `impl Read`"),
    ("io::stdout", "return the text"),
    ("io::stderr", "report through `Progress` or a notice"),
];

/// A folder, a name that it may use, and why: Parquet is read from its end, which `impl Read` cannot
/// do, so an *open* file may be handed to the reader.
const EXCEPTION: (&str, &str) = ("crates/yorisoi-data/src/read/", "std::fs::File");

/// Checks the sources of the pure layers.
pub(crate) fn check(repo: &Repo) -> Outcome {
    let pure: Vec<String> = LAYERS
        .iter()
        .filter(|(_, layer)| *layer <= LAST_PURE_LAYER)
        .map(|(name, _)| format!("crates/{name}/src/"))
        .collect();
    let files: Vec<String> = repo
        .files("rs")
        .into_iter()
        .filter(|path| pure.iter().any(|folder| path.starts_with(folder)))
        .collect();
    let mut findings = Vec::new();
    for path in &files {
        let source = repo.read(path)?;
        let excepted = if path.starts_with(EXCEPTION.0) { EXCEPTION.1 } else { NOTHING };
        findings.extend(
            offences(&source, excepted).map(|(line, found)| format!("{path}:{line}: {found}")),
        );
    }
    if findings.is_empty() { Ok(format!("{} files", files.len())) } else { Err(findings) }
}

/// A name that no source holds.
const NOTHING: &str = "\0";

/// Returns the line number and the words of each offence before the test module.
fn offences<'a>(source: &'a str, excepted: &'a str) -> impl Iterator<Item = (usize, String)> + 'a {
    (1..).zip(source.lines()).take_while(|(_, line)| line.trim() != "#[cfg(test)]").filter_map(
        move |(number, line)| {
            let code = line.split("//").next().unwrap_or_default().replace(excepted, "File");
            let (name, remedy) = OUTSIDE.iter().find(|(name, _)| names(&code, name))?;
            Some((number, format!("`{name}` in a pure layer; {remedy}")))
        },
    )
}

/// Returns whether `code` holds `name` as whole words.
fn names(code: &str, name: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(name).any(|(at, _)| {
        let before = code[..at].chars().next_back().is_some_and(is_word);
        let after = code[at + name.len()..].chars().next().is_some_and(is_word);
        !before && !after
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines_of(source: &str, excepted: &str) -> Vec<usize> {
        offences(source, excepted).map(|(line, _)| line).collect()
    }

    #[test]
    fn naming_a_file_or_a_clock_is_found_with_its_line() {
        let source = "use std::fmt;\nuse std::fs::File;\nlet t = Instant::now();";
        assert_eq!(lines_of(source, NOTHING), [2, 3]);
    }

    #[test]
    fn comments_longer_words_and_tests_are_not_offences() {
        let source = "// like std::fs\nlet instantly = Instantly;\n#[cfg(test)]\nuse std::fs;";
        assert!(lines_of(source, NOTHING).is_empty());
    }

    #[test]
    fn an_open_file_may_be_excepted_but_opening_one_may_not() {
        let source =
            "fn read(file: std::fs::File) {}\nstd::fs::File::open(path)\nstd::fs::read(path)";
        assert_eq!(lines_of(source, EXCEPTION.1), [2, 3]);
    }
}
