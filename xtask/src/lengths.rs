//! Does every source file fit into one reading?
//!
//! Lines above the test module count, documentation included: that is what one reads to understand the
//! file. Tests are read one at a time; files that are long only by their tests are counted and named.

use crate::parts::Outcome;
use crate::repo::Repo;

const MAX_LINES: usize = 400;

/// Files that may be longer, each with the reason. A file that has become short again must leave.
const LONGER: &[(&str, &str)] = &[
    (
        "crates/yorisoi/src/summary.rs",
        "one contract, one file: the fields of `summary.json` from top to bottom, without any code",
    ),
    (
        "crates/yorisoi-ledger/src/entry.rs",
        "one contract, one file: every event that can be entered, from top to bottom, without any code",
    ),
    (
        "crates/yorisoi-policy/src/dual.rs",
        "one solver: value, gradient and Newton step of one function, checked against each other while reading",
    ),
];

/// Checks every Rust file.
pub(crate) fn check(repo: &Repo) -> Outcome {
    let files = repo.files("rs");
    let mut findings = Vec::new();
    let mut longest = 0;
    let mut long_by_tests = Vec::new();
    for path in &files {
        let source = repo.read(path)?;
        let lines = if is_test_file(path) { 0 } else { lines_above_tests(&source) };
        if lines <= MAX_LINES && source.lines().count() > MAX_LINES {
            long_by_tests.push(path.as_str());
        }
        let reason = LONGER.iter().find(|(listed, _)| listed == path).map(|(_, reason)| *reason);
        findings.extend(verdict(path, lines, reason));
        if reason.is_none() {
            longest = longest.max(lines);
        }
    }
    let gone = LONGER.iter().filter(|(listed, _)| !files.iter().any(|path| path == listed));
    findings.extend(gone.map(|(listed, _)| format!("{listed} is gone; take it out of LONGER")));
    if !long_by_tests.is_empty() {
        println!("long by their tests only: {}", long_by_tests.join(", "));
    }
    if findings.is_empty() {
        return Ok(format!(
            "{} files, longest {longest}, {} longer with a reason",
            files.len(),
            LONGER.len()
        ));
    }
    Err(findings)
}

fn is_test_file(path: &str) -> bool {
    path.contains("/tests/") || path.contains("/benches/") || path.ends_with("/tests.rs")
}

fn lines_above_tests(source: &str) -> usize {
    source.lines().take_while(|line| line.trim() != "#[cfg(test)]").count()
}

fn verdict(path: &str, lines: usize, reason: Option<&str>) -> Option<String> {
    match reason {
        None if lines > MAX_LINES => Some(format!(
            "{path} has {lines} lines, more than {MAX_LINES}: split it by question, or list it with a reason in xtask/src/lengths.rs"
        )),
        Some(_) if lines <= MAX_LINES => {
            Some(format!("{path} has {lines} lines; take it out of LONGER"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_do_not_count() {
        assert!(is_test_file("crates/a/tests/b.rs") && !is_test_file("crates/a/src/latest.rs"));
        assert_eq!(lines_above_tests("a\nb\n#[cfg(test)]\nmod tests {\n}"), 2);
    }

    #[test]
    fn the_limit_itself_is_allowed_and_one_line_more_is_not() {
        assert_eq!(verdict("a.rs", MAX_LINES, None), None);
        assert!(verdict("a.rs", MAX_LINES + 1, None).is_some());
    }

    #[test]
    fn a_reason_allows_a_long_file_and_must_leave_with_it() {
        assert_eq!(verdict("a.rs", MAX_LINES + 1, Some("why")), None);
        assert!(verdict("a.rs", MAX_LINES, Some("why")).is_some());
    }
}
