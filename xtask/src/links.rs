//! Does every local link of the documents lead somewhere?
//!
//! Links to other hosts are not followed: a test must not fail because someone else's page is down.

use std::path::{Component, Path, PathBuf};

use crate::markdown::{anchor, headings, prose, without_code};
use crate::parts::Outcome;
use crate::repo::Repo;

/// Checks every Markdown file.
pub(crate) fn check(repo: &Repo) -> Outcome {
    let files = repo.files("md");
    let mut findings = Vec::new();
    let mut n_links = 0;
    for path in &files {
        let text = repo.read(path)?;
        for (number, line) in prose(&text) {
            for target in targets(&without_code(line)) {
                n_links += 1;
                findings
                    .extend(dead(repo, path, &target).map(|why| format!("{path}:{number}: {why}")));
            }
        }
    }
    if findings.is_empty() {
        Ok(format!("{} files, {n_links} local links", files.len()))
    } else {
        Err(findings)
    }
}

/// Returns the local targets of `[text](target)`, `[name]: target`, `src="target"` and `href="target"`.
fn targets(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (open, close) in [("](", ')'), ("src=\"", '"'), ("href=\"", '"')] {
        for (at, _) in line.match_indices(open) {
            let rest = &line[at + open.len()..];
            if let Some(end) = rest.find(close) {
                found.push(rest[..end].split_whitespace().next().unwrap_or_default().to_owned());
            }
        }
    }
    if line.starts_with('[')
        && let Some((_, target)) = line.split_once("]: ")
    {
        found.push(target.trim().to_owned());
    }
    found.retain(|target| !target.contains("://") && !target.starts_with("mailto:"));
    found
}

/// Says why a link of the document at `from` leads nowhere, if so.
fn dead(repo: &Repo, from: &str, target: &str) -> Option<String> {
    let (path, fragment) = target.split_once('#').map_or((target, None), |(p, f)| (p, Some(f)));
    let folder = Path::new(from).parent().unwrap_or(Path::new(""));
    let file = if path.is_empty() { PathBuf::from(from) } else { tidy(&folder.join(path)) };
    if !repo.has(&file) {
        return Some(format!("`{target}` leads to `{}`, which is not there", file.display()));
    }
    let fragment = fragment.filter(|_| file.extension().is_some_and(|e| e == "md"))?;
    let text = repo.read(&file.to_string_lossy()).ok()?;
    let known = headings(&text).into_iter().any(|heading| anchor(heading) == fragment);
    (!known).then(|| format!("`{target}`: there is no heading `#{fragment}`"))
}

/// Resolves `.` and `..` by name.
fn tidy(path: &Path) -> PathBuf {
    let mut tidied = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                tidied.pop();
            }
            other => tidied.push(other),
        }
    }
    tidied
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_of_all_four_shapes_are_found_and_other_hosts_are_not() {
        let line =
            r#"[a](b.md#c) ![d](e.png "title") <img src="f.svg"> [g](https://example.org/x)"#;
        assert_eq!(targets(line), ["b.md#c", "e.png", "f.svg"]);
        assert_eq!(targets("[ref]: docs/x.md"), ["docs/x.md"]);
    }

    #[test]
    fn a_link_to_nothing_is_dead_and_one_to_a_file_is_not() {
        let repo = Repo::here();
        assert!(dead(&repo, "docs/x.md", "../no-such-file.md").is_some());
        assert_eq!(dead(&repo, "docs/x.md", "../Cargo.toml"), None);
    }
}
