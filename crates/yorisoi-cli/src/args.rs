//! What can be said on the command line?

mod rehearse;
mod service;
mod study;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

pub(crate) use self::rehearse::{DemoArgs, DemoPart, WorldArgs};
pub(crate) use self::service::{
    ConfigArgs, ConfigTask, DecideArgs, LedgerArgs, LedgerTask, ModelArgs, ModelTask, PlaceArgs,
    ProofArgs, ServeArgs, TokenArgs, TokenTask,
};
pub(crate) use self::study::{
    EffectsArgs, EngineArgs, EvaluateArgs, FitArgs, JudgeArgs, NuisancesArg, PlanArgs,
    PlanCommandArgs, ReportArgs, RoleArgs, StudyArgs,
};
use crate::lang::Lang;
use crate::values::threads;

/// Whom does help change, with what, and who is better left in peace?
///
/// Yorisoi learns from a table of past contacts what each help changes for whom, proves it on rows it
/// has not learned from, and plans what a budget buys.
#[derive(Debug, Parser)]
#[command(name = "yorisoi", version, max_term_width = 100, after_help = AFTER_HELP)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Options of every command.
    #[command(flatten)]
    pub(crate) common: CommonArgs,
}

const AFTER_HELP: &str = "Data goes to standard output, progress and warnings to standard error.\n\
    Exit codes: 0 done, 1 not proven (with --require-proof), 2 usage, 3 input, 4 internal error.";

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub(crate) struct CommonArgs {
    /// Language of messages [default: that of the terminal]
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "en|ja",
        hide_possible_values = true,
        help_heading = "Everywhere"
    )]
    pub(crate) lang: Option<Lang>,
    /// Say nothing on standard error but errors
    #[arg(long, short, global = true, help_heading = "Everywhere")]
    pub(crate) quiet: bool,
    /// Print the result as JSON
    #[arg(long, global = true, help_heading = "Everywhere")]
    pub(crate) json: bool,
    /// Threads to use; results are the same for any number [default: all]
    #[arg(long, global = true, value_name = "N", help_heading = "Everywhere",
          value_parser = threads)]
    pub(crate) threads: Option<u16>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Study a real e-mail experiment (64,000 people) that ships with the program, then open the desk
    Demo(DemoArgs),
    /// Study a table: learn, prove, plan and report
    Study(StudyArgs),
    /// Learn effects from every row of a table and write a model
    Fit(FitArgs),
    /// Estimate the effects of new rows with a model
    Effects(EffectsArgs),
    /// Judge a model on a table it has not learned from
    Evaluate(EvaluateArgs),
    /// Plan who is offered what, from effects and costs
    Plan(PlanCommandArgs),
    /// Make the report of a finished study again
    Report(ReportArgs),
    /// Decide what to do now for one client, from a policy and facts in files; nothing is recorded
    Decide(DecideArgs),
    /// Write a made-up world with known truth as CSV, to rehearse with
    World(WorldArgs),
    /// Serve decisions over HTTP, and the desk
    Serve(ServeArgs),
    /// Verify, copy, restore, rebuild and replay the ledger, or forget a person
    Ledger(LedgerArgs),
    /// Register a model, compare it with what decides now, and let it decide
    Model(ModelArgs),
    /// Say whether our help helps, from the people held out
    Proof(ProofArgs),
    /// Issue, revoke and list tokens
    Token(TokenArgs),
    /// Show which settings hold, and where each comes from
    Config(ConfigArgs),
    /// Print shell completions
    Completions {
        /// Shell
        shell: Shell,
    },
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Cli::command().debug_assert();
    }
}
