//! Does `docs/outputs.md` document every field of `summary.json`?
//!
//! The structs of `summary.rs` are the contract; the document must have one heading a struct or enum
//! variant list and name each field in `code` below it, so that neither can drift from the other.

use std::collections::BTreeMap;

use crate::markdown::inline_code;
use crate::parts::Outcome;
use crate::repo::Repo;

const SOURCE: &str = "crates/yorisoi/src/summary.rs";
const DOCUMENT: &str = "docs/outputs.md";

/// Compares the document with the source.
pub(crate) fn check(repo: &Repo) -> Outcome {
    let types = fields(&repo.read(SOURCE)?);
    let sections = sections(&repo.read(DOCUMENT)?);
    let mut findings = Vec::new();
    for (type_name, fields) in &types {
        let Some(section) = sections.get(type_name) else {
            findings.push(format!("{DOCUMENT} has no heading `{type_name}` (a type of {SOURCE})"));
            continue;
        };
        let named: Vec<&str> = inline_code(section).collect();
        let missing = fields.iter().filter(|field| !named.contains(&field.as_str()));
        findings.extend(
            missing.map(|field| {
                format!("{DOCUMENT}, `{type_name}`: field `{field}` is not documented")
            }),
        );
    }
    if findings.is_empty() {
        let n_fields: usize = types.values().map(Vec::len).sum();
        return Ok(format!("{} types, {n_fields} fields", types.len()));
    }
    Err(findings)
}

/// Returns the fields of each public struct or enum of a source file.
fn fields(source: &str) -> BTreeMap<String, Vec<String>> {
    let mut types: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut current = None;
    for line in source.lines().take_while(|line| line.trim() != "#[cfg(test)]") {
        let code = line.split("//").next().unwrap_or_default();
        let opened = code.strip_prefix("pub struct ").or_else(|| code.strip_prefix("pub enum "));
        if let Some(rest) = opened {
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
            types.insert(name.clone(), Vec::new());
            current = Some(name);
        } else if code.starts_with('}') {
            current = None;
        } else if let (Some(name), Some((field, _))) = (&current, code.trim().split_once(':')) {
            let field = field.strip_prefix("pub ").unwrap_or(field);
            let is_field = field.chars().all(|c| c.is_lowercase() || c.is_numeric() || c == '_');
            if is_field && let Some(known) = types.get_mut(name) {
                known.push(field.to_owned());
            }
        }
    }
    types
}

/// Returns the text below each heading that names a type in `code`.
fn sections(document: &str) -> BTreeMap<String, String> {
    let mut sections: BTreeMap<String, String> = BTreeMap::new();
    let mut current = Vec::new();
    for line in document.lines() {
        if line.starts_with('#') {
            current = inline_code(line).map(str::to_owned).collect();
        }
        for name in &current {
            let text = sections.entry(name.clone()).or_default();
            text.push_str(line);
            text.push('\n');
        }
    }
    sections
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "pub struct Point {\n    /// Where: here.\n    pub share: f64,\n}\n\
                          pub enum Node {\n    Leaf {\n        effect: Option<f64>,\n    },\n}\n";

    #[test]
    fn fields_of_structs_and_variants_are_read() {
        let types = fields(SOURCE);
        assert_eq!(types["Point"], ["share"]);
        assert_eq!(types["Node"], ["effect"]);
    }

    #[test]
    fn a_section_runs_to_the_next_heading() {
        let sections = sections("### `Point` and `Node`\n`share`\n### Other\n`effect`\n");
        assert!(sections["Point"].contains("share"));
        assert!(!sections["Node"].contains("effect"));
    }
}
