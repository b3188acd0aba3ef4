//! One command a file.

mod completions;
mod config;
mod decide;
mod demo;
mod effects;
mod evaluate;
mod fit;
mod ledger;
mod ledger_export;
mod model;
mod plan;
mod proof;
mod report;
mod serve;
mod study;
mod token;
mod world;
mod world_compare;

use crate::args::{Command, ConfigTask};
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
        Command::Decide(args) => decide::run(args, session),
        Command::World(args) if args.world.as_deref() == Some("compare") => {
            world_compare::run(args, session)
        }
        Command::World(args) => world::run(args, session),
        Command::Serve(args) => serve::run(args, session),
        Command::Ledger(args) => ledger::run(args, session),
        Command::Model(args) => model::run(args, session),
        Command::Proof(args) => proof::run(args, session),
        Command::Token(args) => token::run(args, session),
        Command::Config(args) => match args.task {
            ConfigTask::Check => config::run(args, session),
        },
        Command::Completions { shell } => completions::run(*shell),
    }
}
