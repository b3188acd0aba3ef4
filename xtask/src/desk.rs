//! Does the desk work in a real browser?
//!
//! The browser tests walk every page and story over the sample world of `yorisoi demo`. What they need from
//! outside is Chromium, Japanese fonts, Node.js and two pinned packages. Where this runs as root on a system
//! with apt-get, whatever is missing is installed; elsewhere the part fails and says what to install.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::cargo::cargo;
use crate::parts::Outcome;
use crate::repo::Repo;

const TESTS: &str = "crates/yorisoi-desk/browser";

/// The same selection as `units`: one target that needs the features of the tests makes cargo choose those,
/// so that nothing is compiled a second time.
const BUILD: [&str; 7] =
    ["build", "--workspace", "--all-features", "--bin", "yorisoi", "--test", "cli"];

/// Something that must be on the machine.
struct Tool {
    /// Programs of which one must be there.
    programs: &'static [&'static str],
    /// Debian packages that bring it.
    packages: &'static [&'static str],
}

const BROWSER: Tool =
    Tool { programs: &["chromium", "chromium-browser", "google-chrome"], packages: &["chromium"] };

const NODE: Tool = Tool { programs: &["node"], packages: &["nodejs"] };

const NPM: Tool = Tool { programs: &["npm"], packages: &["npm"] };

/// Where Debian lays the fonts without which Japanese pages are boxes, and the package.
const FONTS: (&str, &str) = ("/usr/share/fonts/opentype/noto", "fonts-noto-cjk");

/// Builds the program and walks the desk.
pub(crate) fn check(repo: &Repo) -> Outcome {
    provide()?;
    let browser = std::env::var_os("CHROMIUM").map(PathBuf::from).or_else(|| BROWSER.find());
    let browser = browser.ok_or_else(|| missing(BROWSER.packages))?;
    cargo(repo, &BUILD, &[])?;
    let folder = repo.root().join(TESTS);
    say_and_run(Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder))?;
    let program =
        target(repo).join("debug").join(format!("yorisoi{}", std::env::consts::EXE_SUFFIX));
    let mut tests = Command::new("npm");
    tests.args(["test", "--silent"]).current_dir(&folder);
    tests.env("YORISOI", program).env("CHROMIUM", browser);
    say_and_run(&mut tests)?;
    Ok("every page and story, in a browser".to_owned())
}

/// Installs what is missing, where that is possible.
fn provide() -> Result<(), Vec<String>> {
    let given = std::env::var_os("CHROMIUM").is_some();
    let mut packages = Vec::new();
    for tool in [BROWSER, NODE, NPM] {
        let is_given = given && tool.packages == BROWSER.packages;
        if !is_given && tool.find().is_none() {
            packages.extend(tool.packages);
        }
    }
    if Path::new("/usr/bin/apt-get").exists() && !Path::new(FONTS.0).exists() {
        packages.push(FONTS.1);
    }
    if packages.is_empty() {
        return Ok(());
    }
    if !is_root() || !Path::new("/usr/bin/apt-get").exists() {
        // Fonts alone are no reason to stop: whoever works here may have others.
        return if packages == [FONTS.1] { Ok(()) } else { Err(missing(&packages)) };
    }
    say_and_run(Command::new("apt-get").args(["update", "-q"]))?;
    let mut install = Command::new("apt-get");
    install.args(["install", "-q", "-y", "--no-install-recommends"]).args(&packages);
    say_and_run(install.env("DEBIAN_FRONTEND", "noninteractive"))
}

impl Tool {
    /// The first of its programs on the path.
    fn find(&self) -> Option<PathBuf> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
        let places =
            self.programs.iter().flat_map(|name| folders.iter().map(move |f| f.join(name)));
        places.into_iter().find(|place| place.is_file())
    }
}

fn missing(packages: &[&str]) -> Vec<String> {
    let packages = packages.join(" ");
    vec![format!("missing: {packages}; install with `apt-get install {packages}` or the like")]
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").stderr(Stdio::null()).output();
    id.is_ok_and(|id| id.stdout.trim_ascii() == b"0")
}

/// Where cargo lays what it builds.
fn target(repo: &Repo) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| repo.root().join("target"), PathBuf::from)
}

fn say_and_run(command: &mut Command) -> Result<(), Vec<String>> {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let line = words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ");
    println!("$ {line}");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(vec![format!("`{line}` ended with {status}")]),
        Err(error) => Err(vec![format!("`{line}` did not start: {error}")]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_is_not_there_is_not_found() {
        let tool = Tool { programs: &["no-such-program"], packages: &[] };
        assert_eq!(tool.find(), None);
        let shell = Tool { programs: &["no-such-program", "sh"], packages: &[] };
        assert!(shell.find().is_some_and(|place| place.ends_with("sh")));
    }

    #[test]
    fn what_is_missing_is_named_with_the_remedy() {
        assert!(missing(&["chromium"])[0].contains("apt-get install chromium"));
    }
}
