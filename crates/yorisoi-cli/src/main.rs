//! The `yorisoi` command: a thin edge around the library. It owns files, clock, language and exit codes.

mod args;
mod asked;
mod commands;
mod effects_file;
mod failure;
mod failures;
mod help_ja;
mod input;
mod interrupt;
mod lang;
mod model_file;
mod output;
mod panic;
mod progress;
mod session;
mod staging;
mod table_csv;
mod table_parquet;
mod terminal;
mod values;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser as _};

use crate::args::Cli;
use crate::failure::{Exit, Failure};
use crate::lang::Lang;
use crate::session::Session;

fn main() -> ExitCode {
    let cli = match understand(std::env::args_os().collect()) {
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

/// Understands the command line, whose help is in the language it asks for.
fn understand(mut words: Vec<OsString>) -> Result<Cli, clap::Error> {
    if Lang::of_arguments(words.iter().skip(1).cloned()) == Lang::En {
        return Cli::try_parse_from(words);
    }
    if words.get(1).is_some_and(|word| word == "help") {
        words.remove(1);
        words.push("--help".into());
    }
    let mut command = help_ja::japanese(Cli::command());
    let matches = command.try_get_matches_from_mut(words)?;
    Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

/// Prints help to standard output, and what is wrong with the command line to standard error.
fn say_usage(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        // A reader that has gone away needs no help.
        let _ = error.print();
        return ExitCode::from(Exit::Ok as u8);
    }
    match Lang::of_arguments(std::env::args_os().skip(1)) {
        Lang::En => {
            let _ = error.print();
        }
        Lang::Ja => output::say(&failures::usage(error)),
    }
    ExitCode::from(Exit::Usage as u8)
}
