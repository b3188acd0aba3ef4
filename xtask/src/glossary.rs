//! Is every identifier of the glossary in the code, and every term there once?

use std::collections::HashSet;

use crate::markdown::{inline_code, table_rows};
use crate::parts::Outcome;
use crate::repo::Repo;

const GLOSSARY: &str = "GLOSSARY.md";

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
    if findings.is_empty() { Ok(format!("{} terms", terms.len())) } else { Err(findings) }
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
}
