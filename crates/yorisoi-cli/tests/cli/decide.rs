//! One decision at the command line: the bytes of every other interface, from files.
//!
//! The situations were recorded by the service, and the decisions are those it gave; its own test keeps both true.

use std::path::{Path, PathBuf};

use crate::home::{Home, Said, snapshot};

/// Where the service's test keeps what it recorded.
fn kept(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../yorisoi-server/tests/decisions").join(name)
}

fn text(name: &str) -> String {
    std::fs::read_to_string(kept(name)).unwrap()
}

fn policy() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/policies/carrier.toml");
    path.display().to_string()
}

/// Decides by the carrier's policy.
fn decide(home: &Home, situation: &str, rest: &[&str]) -> Said {
    let key = format!("@{}", kept("key").display());
    let start = ["decide", situation, "--policy", &policy(), "--key", &key];
    home.run(&[&start, rest].concat())
}

#[test]
fn the_command_line_gives_the_bytes_that_the_service_gave() {
    let home = Home::new("decide");
    let mut names: Vec<String> = std::fs::read_dir(kept(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| name.strip_suffix(".situation.json").map(str::to_owned))
        .collect();
    names.sort();
    assert!(names.len() >= 8, "{names:?}");
    for name in names {
        let path = kept(&format!("{name}.situation.json")).display().to_string();
        let said = decide(&home, &path, &["--json"]);
        assert_eq!(said.code, Some(0), "{said}");
        assert_eq!(said.stdout, text(&format!("{name}.decision.json")), "{name}");
    }
}

#[test]
fn policy_or_situation_may_come_from_standard_input_and_the_key_as_digits() {
    let home = Home::new("decide-stdin");
    let (expected, by) = (text("offer.decision.json"), policy());
    let (digits, file) = (text("key"), kept("offer.situation.json").display().to_string());
    let rest = ["--key", digits.trim(), "--json"];
    let asked = [&["decide", "-", "--policy", by.as_str()], &rest[..]].concat();
    let said = home.run_with(&asked, text("offer.situation.json").as_bytes());
    assert_eq!(said.stdout, expected, "{said}");
    #[expect(clippy::disallowed_methods, reason = "a test reads a document")]
    let document = std::fs::read(&by).unwrap();
    let asked = [&["decide", &file, "--policy", "-"], &rest[..]].concat();
    assert_eq!(home.run_with(&asked, &document).stdout, expected);
    let said = home.run(&[&["decide", "-", "--policy", "-"], &rest[..]].concat());
    assert_eq!(said.code, Some(2), "{said}");
}

#[test]
fn another_instant_is_another_decision() {
    let home = Home::new("decide-now");
    let file = kept("offer.situation.json").display().to_string();
    // Three in the morning in Tokyo: nobody is written to.
    let said = decide(&home, &file, &["--now", "2026-11-19T03:00:00+09:00", "--json"]);
    let decision: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(decision["at"], "2026-11-18T18:00:00Z");
    assert_eq!(decision["hold"]["code"], "contact.quiet_hours", "{said}");
}

#[test]
fn a_decision_is_said_in_words() {
    let home = Home::new("decide-words");
    for (name, rest) in [
        ("decide_offer", vec![]),
        ("decide_holdout_ja", vec!["--lang", "ja"]),
        ("decide_stranger", vec![]),
    ] {
        let case = name.split('_').nth(1).unwrap();
        let file = kept(&format!("{case}.situation.json")).display().to_string();
        snapshot(name, &decide(&home, &file, &rest));
    }
    snapshot("help_decide", &home.run(&["decide", "--help"]));
    snapshot("help_decide_ja", &home.run(&["decide", "--help", "--lang", "ja"]));
}

#[test]
fn what_cannot_be_decided_by_is_named() {
    let home = Home::new("decide-bad");
    let file = kept("offer.situation.json").display().to_string();
    home.put("s.json", "{\n  \"decision\": \"d-1\"\n}");
    home.put("p.toml", "name = \"house\"\n");
    home.put("key", "0123456789abcdef secret");
    let (good, key) = (policy(), format!("@{}", kept("key").display()));
    for (name, situation, policy, key) in [
        ("decide_bad_situation", "s.json", good.as_str(), key.as_str()),
        ("decide_bad_policy", &file, "p.toml", &key),
        ("decide_bad_key", &file, &good, "0123456789abcdef"),
        ("decide_bad_key_file", &file, &good, "@key"),
        ("decide_no_file", "none.json", &good, &key),
    ] {
        let said = home.run(&["decide", situation, "--policy", policy, "--key", key]);
        assert!(!said.stderr.contains("0123456789abcdef"), "a secret is repeated: {said}");
        snapshot(name, &said);
    }
}
