//! Does the Python package build, pass its tests, match its stubs and run its notebooks?
//!
//! Everything happens in a virtual environment of its own under `target/python`, with pinned packages from
//! `PyPI`. The wheel is built with the profile that the other tests use, so that dependencies compile once.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::parts::Outcome;
use crate::repo::Repo;

const REQUIREMENTS: &str = "crates/yorisoi-python/requirements-test.txt";
const TESTS: &str = "crates/yorisoi-python/tests";

/// Checks the Python package.
pub(crate) fn check(repo: &Repo) -> Outcome {
    let Some(python) = interpreter() else {
        return Ok("skipped: there is no python3 of version 3.11 or newer here".to_owned());
    };
    let folder = repo.root().join("target/python");
    let bin = environment(repo, &folder, &python)?;
    let wheels = folder.join("wheels");
    // Wheels of yesterday would be installed with that of today.
    let _ = std::fs::remove_dir_all(&wheels);
    let wheels = wheels.to_string_lossy().into_owned();
    say_and_run(repo, &bin, "maturin", &["build", "--out", &wheels])?;
    let install =
        ["-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--force-reinstall"];
    let install = [&install[..], &["--find-links", &wheels, "yorisoi"]].concat();
    say_and_run(repo, &bin, "python", &install)?;
    let parts: [&[&str]; 3] = [
        &["-m", "mypy", "--no-error-summary"],
        &["-m", "mypy.stubtest", "yorisoi._native", "--concise"],
        &[
            "-m",
            "pytest",
            "-p",
            "no:cacheprovider",
            "--doctest-modules",
            "--pyargs",
            "yorisoi",
            TESTS,
        ],
    ];
    let failed = parts.iter().filter_map(|args| say_and_run(repo, &bin, "python", args).err());
    let findings: Vec<String> = failed.flatten().collect();
    if findings.is_empty() {
        return Ok("wheel, types, stubs, doctests, tests and notebooks".to_owned());
    }
    Err(findings)
}

/// Returns a Python that the pinned packages support.
fn interpreter() -> Option<PathBuf> {
    let names = ["python3", "python3.13", "python3.12", "python3.11", "python"];
    names.into_iter().map(PathBuf::from).find(|name| {
        let test = "import sys; sys.exit(sys.version_info < (3, 11))";
        let mut command = Command::new(name);
        command.args(["-c", test]).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    })
}

/// Makes the virtual environment, or makes it again where the pinned packages have changed; returns its
/// folder of programs.
fn environment(repo: &Repo, folder: &Path, python: &Path) -> Result<PathBuf, Vec<String>> {
    let wanted = repo.read(REQUIREMENTS)?;
    let (venv, stamp) = (folder.join("venv"), folder.join("installed.txt"));
    let bin = venv.join(if cfg!(windows) { "Scripts" } else { "bin" });
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(bin);
    }
    let _ = std::fs::remove_dir_all(&venv);
    run(repo, Command::new(python).args(["-m", "venv"]).arg(&venv))?;
    let install =
        ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS];
    say_and_run(repo, &bin, "python", &install)?;
    std::fs::write(&stamp, wanted)
        .map_err(|error| vec![format!("{}: {error}", stamp.display())])?;
    Ok(bin)
}

fn say_and_run(repo: &Repo, bin: &Path, program: &str, args: &[&str]) -> Result<(), Vec<String>> {
    println!("$ {program} {}", args.join(" "));
    let mut command = Command::new(bin.join(program));
    // Nothing that the user has installed elsewhere takes part.
    command.args(args).env_remove("PYTHONPATH").env("VIRTUAL_ENV", bin.join(".."));
    command.env("PYTHONDONTWRITEBYTECODE", "1").env("MPLBACKEND", "Agg");
    run(repo, &mut command)
}

fn run(repo: &Repo, command: &mut Command) -> Result<(), Vec<String>> {
    let line = format!("{command:?}");
    match command.current_dir(repo.root()).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(vec![format!("`{line}` ended with {status}")]),
        Err(error) => Err(vec![format!("`{line}` did not start: {error}")]),
    }
}
