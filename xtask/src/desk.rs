//! Does the desk work in a real browser?
//!
//! The browser tests walk every page and story over the sample world of `yorisoi demo`.

use std::path::PathBuf;
use std::process::Command;

use crate::cargo::cargo;
use crate::parts::Outcome;
use crate::repo::Repo;
use crate::tools::{BROWSER, FONTS, NODE, NPM, provide, say_and_run};

const TESTS: &str = "crates/yorisoi-desk/browser";

/// The same selection as `units`: one target that needs the features of the tests makes cargo choose those,
/// so that nothing is compiled a second time.
pub(crate) const BUILD: [&str; 7] =
    ["build", "--workspace", "--all-features", "--bin", "yorisoi", "--test", "cli"];

/// Builds the program and walks the desk.
pub(crate) fn check(repo: &Repo) -> Outcome {
    let browser = if let Some(given) = std::env::var_os("CHROMIUM") {
        provide(&[NODE, NPM])?;
        PathBuf::from(given)
    } else {
        provide(&[BROWSER, FONTS, NODE, NPM])?;
        BROWSER.find().ok_or_else(|| vec!["chromium is not on the path".to_owned()])?
    };
    cargo(repo, &BUILD, &[])?;
    let folder = repo.root().join(TESTS);
    say_and_run(Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder))?;
    let mut tests = Command::new("npm");
    tests.args(["test", "--silent"]).current_dir(&folder);
    tests.env("YORISOI", program(repo)).env("CHROMIUM", browser);
    say_and_run(&mut tests)?;
    Ok("every page and story, in a browser".to_owned())
}

/// The program as cargo has just built it.
pub(crate) fn program(repo: &Repo) -> PathBuf {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    let name = format!("yorisoi{}", std::env::consts::EXE_SUFFIX);
    repo.root().join(target).join("debug").join(name)
}
