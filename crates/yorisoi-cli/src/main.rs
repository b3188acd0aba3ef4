//! The `yorisoi` command: a thin edge around the library. It owns files, clock, language and exit codes.

mod args;
mod asked;
mod commands;
mod effects_file;
mod failure;
mod failures;
mod input;
mod interrupt;
mod lang;
mod model_file;
mod output;
mod panic;
mod plan_file;
mod progress;
mod session;
mod staging;
mod table_csv;
mod terminal;
mod values;

use std::process::ExitCode;

use clap::Parser as _;

use crate::args::Cli;
use crate::failure::{Exit, Failure};
use crate::lang::Lang;
use crate::session::Session;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return say_usage(&error),
    };
    let lang = Lang::chosen_or_from_environment(cli.common.lang);
    panic::apologise_in(lang);
    interrupt::tidy_on_interrupt();
    let exit = match std::panic::catch_unwind(|| run(&cli, lang)) {
        Ok(Ok(exit)) => exit,
        Ok(Err(failure)) => {
            output::say(&failure.lines(lang));
            failure.exit
        }
        // The hook has said what there is to say.
        Err(_) => Exit::Internal,
    };
    ExitCode::from(exit as u8)
}

fn run(cli: &Cli, lang: Lang) -> Result<Exit, Failure> {
    let session = Session::new(&cli.common, lang)?;
    commands::run(&cli.command, &session)
}

/// Prints help to standard output, and what is wrong with the command line to standard error.
fn say_usage(error: &clap::Error) -> ExitCode {
    // A reader that has gone away needs no help.
    let _ = error.print();
    ExitCode::from(if error.use_stderr() { Exit::Usage as u8 } else { Exit::Ok as u8 })
}
