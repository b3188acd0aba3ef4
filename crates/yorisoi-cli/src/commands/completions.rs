//! `yorisoi completions`: what the shell needs to complete our options.

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::args::Cli;
use crate::failure::{Exit, Failure};
use crate::output;

/// Prints the completion script of a shell.
///
/// # Errors
///
/// A [`Failure`] where standard output cannot be written to.
pub(crate) fn run(shell: Shell) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "yorisoi", &mut script);
    output::print(script)?;
    Ok(Exit::Ok)
}
