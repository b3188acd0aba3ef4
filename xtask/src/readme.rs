//! Do both READMEs set up with the same two commands, no more?

use crate::markdown::code_blocks;
use crate::parts::Outcome;
use crate::repo::Repo;

const SET_UP: [&str; 2] = ["cargo run --release -- demo", "cargo xtask test"];

/// Checks the first `sh` block of each README.
pub(crate) fn check(repo: &Repo) -> Outcome {
    let mut findings = Vec::new();
    for path in ["README.md", "README.ja.md"] {
        let text = repo.read(path)?;
        let first = code_blocks(&text, "sh").into_iter().next().unwrap_or_default();
        if commands(&first) != SET_UP {
            findings.push(format!(
                "{path}: its first `sh` block must hold exactly `{}` and `{}`",
                SET_UP[0], SET_UP[1]
            ));
        }
    }
    let calls_it = repo.read(".ci/run")?.lines().any(|line| line.trim_end().ends_with(SET_UP[1]));
    if !calls_it {
        findings.push(format!(".ci/run must run `{}`, as README says", SET_UP[1]));
    }
    if findings.is_empty() { Ok("two commands, twice".to_owned()) } else { Err(findings) }
}

/// Returns the commands of a block without comments and empty lines.
fn commands<'a>(block: &[&'a str]) -> Vec<&'a str> {
    let bare = block.iter().map(|line| line.split(" #").next().unwrap_or_default().trim());
    bare.filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_no_commands() {
        let block = ["# first", "cargo run --release -- demo   # a study", "", "cargo xtask test"];
        assert_eq!(commands(&block), SET_UP);
    }

    #[test]
    fn a_third_command_is_noticed() {
        assert_ne!(commands(&["cargo run --release -- demo", "cargo xtask test", "make"]), SET_UP);
    }
}
