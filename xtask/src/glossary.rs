//! Is every identifier of the glossary in the code, and every term there once?
//!
//! The invariants of ARCHITECTURE are held by named types and functions; those must exist too.

use std::collections::HashSet;

use crate::markdown::{inline_code, table_rows};
use crate::parts::Outcome;
use crate::repo::Repo;

const GLOSSARY: &str = "GLOSSARY.md";
const ARCHITECTURE: &str = "ARCHITECTURE.md";

/// The columns of the glossary's tables.
const COLUMNS: [&str; 6] = ["term", "日本語", "symbol", "identifier", "unit", "meaning"];

/// Checks the glossary against the sources.
pub(crate) fn check(repo: &Repo) -> Outcome {
    let text = repo.read(GLOSSARY)?;
    let words = words_of_the_code(repo)?;
    let mut findings = Vec::new();
    let mut terms = HashSet::new();
    for (number, cells) in table_rows(&text) {
        if cells == COLUMNS {
            continue;
        }
        if cells.len() != COLUMNS.len() {
            findings.push(format!(
                "{GLOSSARY}:{number}: {} cells, expected {}",
                cells.len(),
                COLUMNS.len()
            ));
            continue;
        }
        if !terms.insert(cells[0].to_lowercase()) {
            findings.push(format!("{GLOSSARY}:{number}: `{}` stands twice", cells[0]));
        }
        let missing = identifiers(&cells[3]).into_iter().filter(|name| !words.contains(name));
        findings.extend(
            missing.map(|name| format!("{GLOSSARY}:{number}: `{name}` is not in the code")),
        );
    }
    let guards = guards(&repo.read(ARCHITECTURE)?);
    let missing = guards.iter().filter(|(_, name)| !words.contains(name));
    findings.extend(
        missing
            .map(|(number, name)| format!("{ARCHITECTURE}:{number}: `{name}` is not in the code")),
    );
    if findings.is_empty() {
        return Ok(format!("{} terms, {} guards of invariants", terms.len(), guards.len()));
    }
    Err(findings)
}

/// Returns the identifiers in the second column below the heading "Invariants", with their lines.
fn guards(architecture: &str) -> Vec<(usize, String)> {
    let mut lines = architecture.lines();
    let before = lines.by_ref().take_while(|line| *line != "## Invariants").count() + 1;
    let section: Vec<&str> = lines.take_while(|line| !line.starts_with("## ")).collect();
    let rows = table_rows(&section.join("\n")).into_iter().filter(|(_, cells)| cells.len() == 2);
    let named = rows.flat_map(|(number, cells)| {
        // Commands and files are no identifiers.
        let codes: Vec<&str> =
            inline_code(&cells[1]).filter(|code| !code.contains([' ', '.'])).collect();
        let names: Vec<String> =
            codes.into_iter().flat_map(|code| identifiers(&format!("`{code}`"))).collect();
        names.into_iter().map(move |name| (before + number, name))
    });
    named.collect()
}

/// Returns the identifiers of a cell; of a path such as `Estimate::std_error`, every part.
fn identifiers(cell: &str) -> Vec<String> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let words = inline_code(cell).flat_map(|code| code.split(move |c| !is_word(c)));
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn words_of_the_code(repo: &Repo) -> Result<HashSet<String>, Vec<String>> {
    let mut words = HashSet::new();
    for path in repo.files("rs").iter().filter(|path| path.starts_with("crates/")) {
        let text = repo.read(path)?;
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        words.extend(text.split(|c| !is_word(c)).map(str::to_owned));
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_lists_give_each_identifier() {
        assert_eq!(identifiers("`Estimate::std_error`, `se`"), ["Estimate", "std_error", "se"]);
        assert!(identifiers("none").is_empty());
    }

    #[test]
    fn guards_are_read_from_the_invariants_and_nowhere_else() {
        let text = "# a\n| x | `no` |\n## Invariants\n| x | `Split::by`, `cargo xtask` |\n## b\n| x | `no` |";
        assert_eq!(guards(text), [(4, "Split".to_owned()), (4, "by".to_owned())]);
    }
}
