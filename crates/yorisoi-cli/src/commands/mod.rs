//! One command a file.

mod completions;
mod demo;
mod effects;
mod evaluate;
mod fit;
mod plan;
mod report;
mod serve;
mod study;
mod world;

use crate::args::Command;
use crate::failure::{Exit, Failure};
use crate::session::Session;

/// Runs a command.
///
/// # Errors
///
/// The [`Failure`] to tell the user.
pub(crate) fn run(command: &Command, session: &Session) -> Result<Exit, Failure> {
    match command {
        Command::Demo(args) => demo::run(args, session),
        Command::Study(args) => study::run(args, session),
        Command::Fit(args) => fit::run(args, session),
        Command::Effects(args) => effects::run(args, session),
        Command::Evaluate(args) => evaluate::run(args, session),
        Command::Plan(args) => plan::run(args, session),
        Command::Report(args) => report::run(args, session),
        Command::World(args) => world::run(args, session),
        Command::Serve(args) => serve::run(args, session),
        Command::Completions { shell } => completions::run(*shell),
    }
}
