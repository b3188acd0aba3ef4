//! Does every crate lean on lower layers only?
//!
//! The order is ARCHITECTURE's. Dependencies point backwards along the way the data goes, so a crate
//! in the middle can be understood, tested and replaced without the ones after it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::cargo::cargo_output;
use crate::parts::Outcome;
use crate::repo::Repo;

/// The layer of every crate, lowest first.
pub(crate) const LAYERS: &[(&str, u8)] = &[
    ("yorisoi-data", 1),
    ("yorisoi-forest", 2),
    ("yorisoi-effects", 3),
    ("yorisoi-evaluation", 4),
    ("yorisoi-policy", 5),
    ("yorisoi", 6),
    ("yorisoi-decision", 7),
    ("yorisoi-ledger", 8),
    ("yorisoi-app", 9),
    ("yorisoi-rehearsal", 9),
    ("yorisoi-report", 9),
    ("yorisoi-desk", 10),
    ("yorisoi-server", 11),
    ("yorisoi-cli", 12),
    ("yorisoi-python", 10),
];

/// The last layer without I/O.
pub(crate) const LAST_PURE_LAYER: u8 = 7;

/// Makes worlds for tests and rehearsal: knows the data layer only, and pure layers may use it in
/// their tests only.
const TESTKIT: &str = "yorisoi-testkit";

/// Stands outside the house.
const AUTOMATION: &str = "xtask";

/// Crates whose job is the outside world; layers 1-7 may not even name them.
const OUTSIDE_WORLD: &[&str] = &[
    "axum",
    "chrono",
    "clap",
    "clap_complete",
    "crossterm",
    "env_logger",
    "getrandom",
    "hyper",
    "indicatif",
    "reqwest",
    "tempfile",
    "time",
    "tokio",
    "tracing-subscriber",
    "ureq",
    "walkdir",
];

/// The room that speaks SQL, and what it speaks it with. Whoever else did would know how history is kept.
const LEDGER: &str = "yorisoi-ledger";
const DATABASES: &[&str] = &["diesel", "postgres", "rusqlite", "sqlx", "tokio-postgres"];

/// One dependency, as a manifest states it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Edge {
    from: String,
    to: String,
    for_tests: bool,
}

/// Checks the manifests of the workspace.
pub(crate) fn check(repo: &Repo) -> Outcome {
    let bytes = cargo_output(repo, &["metadata", "--format-version", "1", "--no-deps"])?;
    let metadata: Value =
        serde_json::from_slice(&bytes).map_err(|error| vec![format!("cargo metadata: {error}")])?;
    let members = names(&metadata);
    let edges = edges(&metadata);
    let mut findings: Vec<String> = members.iter().filter_map(|name| unplaced(name)).collect();
    findings.extend(edges.iter().filter_map(offence));
    if findings.is_empty() {
        return Ok(format!("{} crates, {} dependencies", members.len(), edges.len()));
    }
    Err(findings)
}

fn names(metadata: &Value) -> Vec<String> {
    let packages = metadata["packages"].as_array().into_iter().flatten();
    packages.filter_map(|package| package["name"].as_str()).map(str::to_owned).collect()
}

fn edges(metadata: &Value) -> Vec<Edge> {
    let mut edges = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            edges.push(Edge {
                from: package["name"].as_str().unwrap_or_default().to_owned(),
                to: dependency["name"].as_str().unwrap_or_default().to_owned(),
                for_tests: dependency["kind"] == "dev",
            });
        }
    }
    edges
}

fn layer(name: &str) -> Option<u8> {
    LAYERS.iter().copied().collect::<BTreeMap<_, _>>().get(name).copied()
}

fn unplaced(name: &str) -> Option<String> {
    let is_known = layer(name).is_some() || name == TESTKIT || name == AUTOMATION;
    (!is_known).then(|| format!("`{name}` has no layer; give it one in xtask/src/layers.rs"))
}

/// Says what is wrong with one dependency, if something is.
fn offence(edge: &Edge) -> Option<String> {
    let Edge { from, to, for_tests } = edge;
    if to == AUTOMATION {
        return Some(format!("`{from}` depends on `{to}`, which is automation, not product"));
    }
    if from == AUTOMATION {
        return None;
    }
    if DATABASES.contains(&to.as_str()) && from != LEDGER && !for_tests {
        return Some(format!("`{from}` depends on `{to}`; only `{LEDGER}` speaks SQL"));
    }
    let from_layer = if from == TESTKIT { 2 } else { layer(from)? };
    if OUTSIDE_WORLD.contains(&to.as_str()) {
        let may = from_layer > LAST_PURE_LAYER || *for_tests;
        return (!may).then(|| {
            format!("`{from}` (layer {from_layer}) depends on `{to}`; layers 1-7 know no outside world: take it as an argument")
        });
    }
    if to == TESTKIT {
        let may = from_layer > LAST_PURE_LAYER || *for_tests;
        return (!may).then(|| {
            format!("`{from}` depends on `{to}` outside its tests; make it a dev-dependency")
        });
    }
    let to_layer = layer(to)?;
    (to_layer >= from_layer).then(|| {
        format!("`{from}` (layer {from_layer}) depends on `{to}` (layer {to_layer}); dependencies point to lower layers only")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(from: &str, to: &str, for_tests: bool) -> Edge {
        Edge { from: from.to_owned(), to: to.to_owned(), for_tests }
    }

    #[test]
    fn leaning_on_a_lower_layer_is_fine() {
        assert_eq!(offence(&edge("yorisoi-effects", "yorisoi-forest", false)), None);
        assert_eq!(offence(&edge("yorisoi-cli", "yorisoi-report", false)), None);
    }

    #[test]
    fn leaning_on_the_same_or_a_higher_layer_is_an_offence_in_tests_too() {
        assert!(offence(&edge("yorisoi-forest", "yorisoi-effects", false)).is_some());
        assert!(offence(&edge("yorisoi-forest", "yorisoi-effects", true)).is_some());
        assert!(offence(&edge("yorisoi-server", "yorisoi-cli", false)).is_some());
    }

    #[test]
    fn a_pure_layer_may_use_the_testkit_in_tests_only() {
        assert!(offence(&edge("yorisoi-data", "yorisoi-testkit", false)).is_some());
        assert_eq!(offence(&edge("yorisoi-data", "yorisoi-testkit", true)), None);
        assert_eq!(offence(&edge("yorisoi-cli", "yorisoi-testkit", false)), None);
        assert!(offence(&edge("yorisoi-testkit", "yorisoi-forest", false)).is_some());
    }

    #[test]
    fn a_pure_layer_may_not_know_the_outside_world() {
        assert!(offence(&edge("yorisoi", "clap", false)).is_some());
        assert_eq!(offence(&edge("yorisoi-cli", "clap", false)), None);
    }

    #[test]
    fn only_the_ledger_speaks_sql() {
        assert_eq!(offence(&edge("yorisoi-ledger", "rusqlite", false)), None);
        assert!(offence(&edge("yorisoi-server", "rusqlite", false)).is_some());
        assert!(offence(&edge("yorisoi", "postgres", false)).is_some());
    }

    #[test]
    fn a_new_crate_must_be_given_a_layer() {
        assert!(unplaced("yorisoi-attic").is_some());
        assert_eq!(unplaced("yorisoi-data"), None);
    }

    #[test]
    fn manifests_are_read_from_metadata() {
        let metadata = serde_json::json!({"packages": [{
            "name": "yorisoi-forest",
            "dependencies": [{"name": "yorisoi-data", "kind": null}, {"name": "proptest", "kind": "dev"}],
        }]});
        let expected = vec![
            edge("yorisoi-forest", "yorisoi-data", false),
            edge("yorisoi-forest", "proptest", true),
        ];
        assert_eq!(edges(&metadata), expected);
    }
}
