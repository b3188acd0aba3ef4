//! The parts that cargo itself does.

use std::ffi::OsString;
use std::process::{Command, Stdio};

use crate::parts::Outcome;
use crate::repo::Repo;
use crate::tools::{POSTGRES, provide};

/// Checks the format.
pub(crate) fn fmt(repo: &Repo) -> Outcome {
    cargo(repo, &["fmt", "--all", "--", "--check", "--files-with-diff"], &[])
        .map(|()| "formatted".to_owned())
        .map_err(|findings| with_remedy(findings, "mend it with `cargo fmt --all`"))
}

/// Runs clippy with every warning an error.
pub(crate) fn lint(repo: &Repo) -> Outcome {
    let args = ["clippy", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"];
    cargo(repo, &args, &[]).map(|()| "no warnings".to_owned())
}

/// Builds the documentation of the workspace, private items aside.
pub(crate) fn docs(repo: &Repo) -> Outcome {
    let args = ["doc", "--workspace", "--no-deps", "--all-features"];
    cargo(repo, &args, &[("RUSTDOCFLAGS", "-D warnings")]).map(|()| "no warnings".to_owned())
}

/// What is built to be tested: libraries, programs and tests, but for those that say they hold none. Examples are
/// not among it: `lint` has checked them, and linking a dozen of them takes minutes.
const TESTED: [&str; 3] = ["--workspace", "--all-features", "--tests"];

/// Runs unit, property and statistical tests, with nextest where it is installed.
pub(crate) fn units(repo: &Repo) -> Outcome {
    // Without it the ledger's tests fail and say so; all others can run.
    if let Err(missing) = provide(&[POSTGRES]) {
        println!("{}", missing.join("\n"));
    }
    if has_nextest() {
        let args = [&["nextest", "run", "--no-tests=pass"][..], &TESTED].concat();
        return cargo(repo, &args, &[]).map(|()| "passed (nextest)".to_owned());
    }
    println!("cargo-nextest is not installed; `cargo test` does the same, with less to read");
    let args = [&["test", "--no-fail-fast"][..], &TESTED].concat();
    cargo(repo, &args, &[]).map(|()| "passed (cargo test)".to_owned())
}

/// Runs the examples in the documentation.
pub(crate) fn doctests(repo: &Repo) -> Outcome {
    let args = ["test", "--doc", "--workspace", "--all-features", "--no-fail-fast"];
    cargo(repo, &args, &[]).map(|()| "passed".to_owned())
}

/// Returns what a quiet cargo command prints.
pub(crate) fn cargo_output(repo: &Repo, args: &[&str]) -> Result<Vec<u8>, Vec<String>> {
    let output = Command::new(program())
        .args(args)
        .current_dir(repo.root())
        .stderr(Stdio::inherit())
        .output();
    match output {
        Ok(output) if output.status.success() => Ok(output.stdout),
        Ok(output) => Err(vec![format!("`cargo {}` ended with {}", args.join(" "), output.status)]),
        Err(error) => Err(vec![format!("`cargo {}` did not start: {error}", args.join(" "))]),
    }
}

/// Says and runs a cargo command.
pub(crate) fn cargo(repo: &Repo, args: &[&str], env: &[(&str, &str)]) -> Result<(), Vec<String>> {
    let mut words: Vec<String> =
        env.iter().map(|(name, value)| format!("{name}='{value}'")).collect();
    words.push("cargo".to_owned());
    words.extend(args.iter().map(|&arg| arg.to_owned()));
    let line = words.join(" ");
    println!("$ {line}");
    let mut command = Command::new(program());
    command.args(args).envs(env.iter().copied()).current_dir(repo.root());
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(vec![format!("`{line}` ended with {status}")]),
        Err(error) => Err(vec![format!("`{line}` did not start: {error}")]),
    }
}

/// The cargo that started us, so that nested calls use the same toolchain.
fn program() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"))
}

fn has_nextest() -> bool {
    let mut command = Command::new(program());
    command.args(["nextest", "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn with_remedy(mut findings: Vec<String>, remedy: &str) -> Vec<String> {
    findings.push(remedy.to_owned());
    findings
}
