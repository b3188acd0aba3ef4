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
    let runs: Vec<Run> =
        (1..).zip(&chosen).map(|(i, part)| run(&repo, part, i, chosen.len())).collect();
    if close(&runs) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
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

fn run(repo: &Repo, part: &'static Part, number: usize, of: usize) -> Run {
    println!("\n[{number}/{of}] {}: {}", part.name, part.question);
    let start = Instant::now();
    let outcome = (part.run)(repo);
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
fn close(runs: &[Run]) -> bool {
    println!("\n{:<10} {:>8}  result", "part", "seconds");
    for run in runs {
        let result = match &run.outcome {
            Ok(said) => said.clone(),
            Err(findings) => format!("FAILED, {} finding(s); see above", findings.len()),
        };
        println!("{:<10} {:>8.1}  {result}", run.name, run.seconds);
    }
    let failed: Vec<&str> = runs.iter().filter(|r| r.outcome.is_err()).map(|r| r.name).collect();
    let total: f64 = runs.iter().map(|run| run.seconds).sum();
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
