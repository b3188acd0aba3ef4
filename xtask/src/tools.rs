//! What must be on the machine for the tests, and how does it get there?
//!
//! Where this runs as root on a system with apt-get, what is missing is installed, once and before the tests
//! begin: tests that installed it themselves would do so side by side. Elsewhere a part says what to install.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const APT: &str = "/usr/bin/apt-get";

/// Something that must be there.
pub(crate) struct Tool {
    /// Programs of which one must be there.
    programs: &'static [&'static str],
    /// A folder that means the same, for what is not on the path or is no program.
    folder: Option<&'static str>,
    /// The Debian package that brings it.
    package: &'static str,
}

/// A browser to walk the desk in.
pub(crate) const BROWSER: Tool = Tool {
    programs: &["chromium", "chromium-browser", "google-chrome"],
    folder: None,
    package: "chromium",
};

/// Runs the browser tests.
pub(crate) const NODE: Tool = Tool { programs: &["node"], folder: None, package: "nodejs" };

/// Installs the two packages of the browser tests.
pub(crate) const NPM: Tool = Tool { programs: &["npm"], folder: None, package: "npm" };

/// Without them Japanese pages are boxes.
pub(crate) const FONTS: Tool = Tool {
    programs: &[],
    folder: Some("/usr/share/fonts/opentype/noto"),
    package: "fonts-noto-cjk",
};

/// The other engine of the ledger; its tests start servers of their own.
pub(crate) const POSTGRES: Tool =
    Tool { programs: &["postgres"], folder: Some("/usr/lib/postgresql"), package: "postgresql" };

impl Tool {
    /// The first of its programs on the path.
    pub(crate) fn find(&self) -> Option<PathBuf> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
        let places =
            self.programs.iter().flat_map(|name| folders.iter().map(move |f| f.join(name)));
        places.into_iter().find(|place| place.is_file())
    }

    fn is_there(&self) -> bool {
        self.folder.is_some_and(|folder| Path::new(folder).is_dir()) || self.find().is_some()
    }
}

/// Installs what is missing, where that is possible.
pub(crate) fn provide(tools: &[Tool]) -> Result<(), Vec<String>> {
    let missing: Vec<&str> =
        tools.iter().filter(|tool| !tool.is_there()).map(|tool| tool.package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !is_root() || !Path::new(APT).exists() {
        return Err(remedy(&missing));
    }
    say_and_run(Command::new(APT).args(["update", "-q"]))?;
    let mut install = Command::new(APT);
    install.args(["install", "-q", "-y", "--no-install-recommends"]).args(&missing);
    say_and_run(install.env("DEBIAN_FRONTEND", "noninteractive"))
}

/// Says and runs a command.
pub(crate) fn say_and_run(command: &mut Command) -> Result<(), Vec<String>> {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let line = words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ");
    println!("$ {line}");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(vec![format!("`{line}` ended with {status}")]),
        Err(error) => Err(vec![format!("`{line}` did not start: {error}")]),
    }
}

fn remedy(packages: &[&str]) -> Vec<String> {
    let packages = packages.join(" ");
    vec![format!("missing: {packages}; install with `apt-get install {packages}` or the like")]
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").stderr(Stdio::null()).output();
    id.is_ok_and(|id| id.stdout.trim_ascii() == b"0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_not_found_and_what_is_there_is() {
        let absent = Tool { programs: &["no-such-program"], folder: None, package: "absent" };
        assert!(!absent.is_there());
        let shell = Tool { programs: &["no-such-program", "sh"], folder: None, package: "sh" };
        assert!(shell.find().is_some_and(|place| place.ends_with("sh")));
        let folder = Tool { programs: &[], folder: Some("/"), package: "root" };
        assert!(folder.is_there() && folder.find().is_none());
    }

    #[test]
    fn what_is_missing_is_named_with_the_remedy() {
        assert!(remedy(&["chromium"])[0].contains("apt-get install chromium"));
    }
}
