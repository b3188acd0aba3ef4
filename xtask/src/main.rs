//! `cargo xtask`: everything that a change must pass, in one command.
//!
//! `cargo xtask test` runs every part of [`parts::PARTS`] in order and goes on after a failing one, so
//! that one run shows all there is to mend. `cargo xtask <part>...` runs those parts alone, and so does
//! what stands aside in [`parts::ASIDE`].

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "automation talks to a terminal, starts programs and reads files; it is no layer"
)]

mod beside;
mod cargo;
mod contract;
mod desk;
mod glossary;
mod layers;
mod lengths;
mod links;
mod markdown;
mod origin;
mod parts;
mod purity;
mod python;
mod readme;
mod repo;
mod tools;

use std::process::ExitCode;
use std::time::Instant;

use parts::{ASIDE, Outcome, PARTS, Part};
use repo::Repo;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let chosen = match choose(&args) {
        Ok(chosen) => chosen,
        Err(unknown) => {
            println!("error: there is no part `{unknown}`\n\n{}", usage());
            return ExitCode::from(2);
        }
    };
    if chosen.is_empty() {
        println!("{}", usage());
        return ExitCode::SUCCESS;
    }
    let repo = Repo::here();
    let start = Instant::now();
    let runs = run_all(&repo, &chosen);
    if close(&runs, start.elapsed().as_secs_f64()) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Returns the parts that the arguments name; `test` names them all, but for those aside.
fn choose(args: &[String]) -> Result<Vec<&'static Part>, String> {
    if args.iter().any(|arg| arg == "--help" || arg == "-h" || arg == "help") {
        return Ok(Vec::new());
    }
    let mut chosen = Vec::new();
    for arg in args {
        match PARTS.iter().chain(ASIDE).find(|part| part.name == arg) {
            Some(part) => chosen.push(part),
            None if arg == "test" => chosen.extend(PARTS),
            None => return Err(arg.clone()),
        }
    }
    Ok(chosen)
}

fn usage() -> String {
    let line = |(name, question): (&str, &str)| format!("cargo xtask {name:<10} {question}");
    let of = |parts: &'static [Part]| parts.iter().map(|part| (part.name, part.question));
    let all = ("test", "everything below, in this order");
    let lines: Vec<String> = std::iter::once(all).chain(of(PARTS)).map(line).collect();
    let aside: Vec<String> = of(ASIDE).map(line).collect();
    format!("{}\n\nby name only:\n{}", lines.join("\n"), aside.join("\n"))
}

/// What became of one part.
struct Run {
    name: &'static str,
    outcome: Outcome,
    seconds: f64,
}

/// Runs one part after another. Browser and Python leave half of two cores idle by themselves: where both are
/// wanted, one runs beside the other.
fn run_all(repo: &Repo, chosen: &[&'static Part]) -> Vec<Run> {
    let is_wanted = |name: &str| chosen.iter().any(|part| part.name == name);
    let mut waiting = None;
    let mut runs = Vec::with_capacity(chosen.len());
    for (number, &part) in (1..).zip(chosen) {
        let place = (number, chosen.len());
        if part.name == beside::HOST && is_wanted(beside::GUEST) {
            waiting = Some(beside::start(repo));
        }
        let guest = if part.name == beside::GUEST { waiting.take() } else { None };
        runs.push(match guest {
            Some(guest) => run(part, place, || guest.finish()),
            None => run(part, place, || (part.run)(repo)),
        });
    }
    runs
}

fn run(part: &Part, (number, of): (usize, usize), work: impl FnOnce() -> Outcome) -> Run {
    println!("\n[{number}/{of}] {}: {}", part.name, part.question);
    let start = Instant::now();
    let outcome = work();
    let seconds = start.elapsed().as_secs_f64();
    match &outcome {
        Ok(said) => println!("[{number}/{of}] {}: ok, {said} ({seconds:.1} s)", part.name),
        Err(findings) => {
            for finding in findings {
                println!("  - {finding}");
            }
            println!("[{number}/{of}] {}: FAILED ({seconds:.1} s)", part.name);
        }
    }
    Run { name: part.name, outcome, seconds }
}

/// Prints one line a part and returns whether all passed.
fn close(runs: &[Run], total: f64) -> bool {
    println!("\n{:<10} {:>8}  result", "part", "seconds");
    for run in runs {
        let result = match &run.outcome {
            Ok(said) => said.clone(),
            Err(findings) => format!("FAILED, {} finding(s); see above", findings.len()),
        };
        println!("{:<10} {:>8.1}  {result}", run.name, run.seconds);
    }
    let failed: Vec<&str> = runs.iter().filter(|r| r.outcome.is_err()).map(|r| r.name).collect();
    if failed.is_empty() {
        println!("\nall {} part(s) passed in {total:.0} s", runs.len());
    } else {
        println!("\nfailed: {} (in {total:.0} s)", failed.join(", "));
        println!("again, that alone: cargo xtask {}", failed.join(" "));
    }
    failed.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_names_every_part_and_an_unknown_part_is_refused() {
        assert_eq!(choose(&["test".into()]).unwrap().len(), PARTS.len());
        assert_eq!(choose(&["tset".into()]).err(), Some("tset".to_owned()));
    }

    #[test]
    fn part_names_are_distinct() {
        let mut names: Vec<&str> = PARTS.iter().chain(ASIDE).map(|part| part.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), PARTS.len() + ASIDE.len());
    }
}
