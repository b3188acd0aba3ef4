//! Which part runs beside another, and how its words stay apart from the other's?
//!
//! It runs as a process of its own that writes to a file; when its turn comes, the file is printed.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Command};

use crate::parts::Outcome;
use crate::repo::Repo;

/// The part beside which another runs: it waits for a browser half of its time.
pub(crate) const HOST: &str = "desk";

/// The part that runs beside it.
pub(crate) const GUEST: &str = "python";

/// A part at work beside another.
pub(crate) struct Beside {
    child: std::io::Result<Child>,
    said: PathBuf,
}

/// Starts the part.
pub(crate) fn start(repo: &Repo) -> Beside {
    let said = repo.root().join("target").join(format!("{GUEST}.log"));
    let child = run(repo, &said);
    println!("({GUEST} runs beside it)");
    Beside { child, said }
}

fn run(repo: &Repo, said: &PathBuf) -> std::io::Result<Child> {
    std::fs::create_dir_all(repo.root().join("target"))?;
    let file = File::create(said)?;
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(GUEST).current_dir(repo.root()).stdout(file.try_clone()?).stderr(file).spawn()
}

impl Beside {
    /// Waits for the part, prints what it said and returns what became of it.
    pub(crate) fn finish(self) -> Outcome {
        let ended = self.child.and_then(|mut child| child.wait());
        let said = std::fs::read_to_string(&self.said).unwrap_or_default();
        print!("{said}");
        match ended {
            Ok(status) if status.success() => Ok(result_of(&said)),
            Ok(status) => Err(vec![format!("it ended with {status}; see above")]),
            Err(error) => Err(vec![format!("it did not start: {error}")]),
        }
    }
}

/// Returns the result in the part's own closing line.
fn result_of(said: &str) -> String {
    let line = said.lines().rev().find_map(|line| line.strip_prefix(GUEST));
    let result = line.and_then(|line| line.trim_start().split_once("  "));
    result.map_or_else(|| "passed".to_owned(), |(_, result)| result.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parts::PARTS;

    #[test]
    fn both_are_parts_and_the_guest_comes_after_its_host() {
        let place = |name: &str| PARTS.iter().position(|part| part.name == name);
        assert!(place(HOST).is_some() && place(HOST) < place(GUEST));
    }

    #[test]
    fn the_result_is_that_of_the_closing_line() {
        let said = "python built\n\npart        seconds  result\npython        152.1  wheel (6.0 MB), tests\n\nall";
        assert_eq!(result_of(said), "wheel (6.0 MB), tests");
        assert_eq!(result_of(""), "passed");
    }
}
