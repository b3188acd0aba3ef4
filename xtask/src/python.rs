//! Does the Python package build, pass its tests, match its stubs and run its notebooks?
//!
//! Everything happens in a virtual environment of its own under `target/python`, with pinned packages from
//! `PyPI`. The wheel is built with the profile that the other tests use, so that dependencies compile once.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::cargo::cargo;
use crate::desk::{self, BUILD};
use crate::parts::Outcome;
use crate::repo::Repo;

const REQUIREMENTS: &str = "crates/yorisoi-python/requirements-test.txt";
const TESTS: &str = "crates/yorisoi-python/tests";

/// The linker for another C library than this machine's, pinned here because no test needs it.
const ZIG: &str = "ziglang==0.17.0";

/// What a wheel may have at most.
const MOST_BYTES: u64 = 15_000_000;

/// Checks the Python package.
pub(crate) fn check(repo: &Repo) -> Outcome {
    let Some(python) = interpreter() else {
        return Ok("skipped: there is no python3 of version 3.11 or newer here".to_owned());
    };
    let folder = repo.root().join("target/python");
    let bin = environment(repo, &folder, &python)?;
    let wheels = folder.join("wheels");
    // Barely optimised, this one is larger than what is released: where it is small enough, so is that.
    let size = build(repo, &bin, (&wheels, &[]))?;
    let wheels = wheels.to_string_lossy().into_owned();
    // The tests hold what Python writes against what the program writes.
    cargo(repo, &BUILD, &[])?;
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
        return Ok(format!("wheel ({size}), types, stubs, doctests, tests and notebooks"));
    }
    Err(findings)
}

/// Builds the wheel that is released: for x86-64 Linux with the glibc of 2012 or newer, which is the oldest
/// that Rust's own library asks for.
pub(crate) fn wheel(repo: &Repo) -> Outcome {
    let Some(python) = interpreter() else {
        return Err(vec!["there is no python3 of version 3.11 or newer here".to_owned()]);
    };
    let folder = repo.root().join("target/python");
    let bin = environment(repo, &folder, &python)?;
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ZIG];
    say_and_run(repo, &bin, "python", &install)?;
    let wheels = folder.join("released");
    let size =
        build(repo, &bin, (&wheels, &["--release", "--zig", "--compatibility", "manylinux_2_17"]))?;
    Ok(format!("{size}, in {}", wheels.display()))
}

/// Builds a wheel into an empty folder and returns its size in words.
fn build(repo: &Repo, bin: &Path, (out, args): (&Path, &[&str])) -> Result<String, Vec<String>> {
    // Wheels of yesterday would be taken for that of today.
    let _ = std::fs::remove_dir_all(out);
    let place = out.to_string_lossy();
    say_and_run(repo, bin, "maturin", &[&["build", "--out", &place], args].concat())?;
    let built = std::fs::read_dir(out).map_err(|error| vec![format!("{place}: {error}")])?;
    let sizes: Vec<u64> =
        built.flatten().filter_map(|file| Some(file.metadata().ok()?.len())).collect();
    small_enough(&sizes)
}

/// Returns the size of the only wheel in words.
fn small_enough(sizes: &[u64]) -> Result<String, Vec<String>> {
    let &[bytes] = sizes else {
        return Err(vec![format!("{} wheels were built, expected one", sizes.len())]);
    };
    let size = format!("{:.1} MB", bytes as f64 / 1e6);
    if bytes > MOST_BYTES {
        let most = MOST_BYTES / 1_000_000;
        return Err(vec![format!("the wheel has {size}, more than the {most} MB it may have")]);
    }
    Ok(size)
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
    command.env("YORISOI", desk::program(repo));
    // Zig is looked for in the first Python on the path, which need not be this environment's.
    command.env("CARGO_ZIGBUILD_PYTHON_PATH", bin.join("python"));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wheel_of_at_most_15_mb_passes() {
        assert_eq!(small_enough(&[4_812_345]), Ok("4.8 MB".to_owned()));
        assert_eq!(small_enough(&[MOST_BYTES]), Ok("15.0 MB".to_owned()));
        assert!(small_enough(&[MOST_BYTES + 1]).is_err());
        assert!(small_enough(&[]).is_err() && small_enough(&[1, 1]).is_err());
    }
}
