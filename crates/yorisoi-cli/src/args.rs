//! What can be said on the command line?

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use jiff::Timestamp;

use crate::lang::Lang;
use crate::values::{
    ArmCapacityArg, ArmCostArg, KeyArg, RepeatsArg, TreesArg, amount, arm_capacity, arm_cost, bins,
    finite, instant, key, repeats, rows, seed, share, threads, trees, trim,
};

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
    /// Verify, copy, restore and rebuild the ledger, or forget a person
    Ledger(LedgerArgs),
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

/// Where a ledger lies, and how its service is set up.
#[derive(Debug, Args)]
pub(crate) struct PlaceArgs {
    /// Folder of the ledger, its keys and its models [default: care]
    #[arg(long, value_name = "DIR", help_heading = "Service")]
    pub(crate) data: Option<PathBuf>,
    /// `postgres://` address of the ledger, for many nodes [default: SQLite in the folder]
    #[arg(long, value_name = "URL", help_heading = "Service")]
    pub(crate) database: Option<String>,
    /// Address and port to listen on [default: 127.0.0.1:7878]
    #[arg(long, value_name = "ADDRESS", help_heading = "Service")]
    pub(crate) listen: Option<SocketAddr>,
    /// TOML file with settings; `YORISOI_…` variables and options stand above it
    #[arg(long, value_name = "FILE", help_heading = "Service")]
    pub(crate) config: Option<PathBuf>,
}

/// Options of `serve`.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Where and how.
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
}

/// A task on the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LedgerTask {
    /// Read the whole chain and check every link.
    Verify,
    /// Print every entry as a line of JSON, without personal data.
    Export,
    /// Write a consistent copy to a new file; the keys are not in it.
    Backup,
    /// Read a copy into an empty place.
    Restore,
    /// Forget a person: destroy their key.
    Erase,
    /// Fold everything that is known anew from the chain.
    Rebuild,
}

impl LedgerTask {
    /// Its name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::Export => "export",
            Self::Backup => "backup",
            Self::Restore => "restore",
            Self::Erase => "erase",
            Self::Rebuild => "rebuild",
        }
    }
}

/// Options of `ledger`.
#[derive(Debug, Args)]
pub(crate) struct LedgerArgs {
    /// verify, export, backup, restore, erase or rebuild
    #[arg(value_enum, hide_possible_values = true)]
    pub(crate) task: LedgerTask,
    /// File of `backup`, `restore` and `export` [default of `export`: standard output], client of `erase`
    pub(crate) target: Option<PathBuf>,
    /// Export the decisions with their outcomes as a table for `study`: CSV, or Parquet by the name
    #[arg(long, help_heading = "Results")]
    pub(crate) study: bool,
    /// Actions against holding, with the chances they had; commas between several [default: all actions]
    #[arg(long, value_name = "ACTIONS", requires = "study", help_heading = "Results")]
    pub(crate) action: Option<String>,
    /// Outcome of the decisions [default: the house's own]
    #[arg(long, value_name = "NAME", requires = "study", help_heading = "Results")]
    pub(crate) outcome: Option<String>,
    /// Days after a decision within which its outcome counts [default: the house's own]
    #[arg(long, value_name = "DAYS", requires = "study", help_heading = "Results")]
    pub(crate) outcome_days: Option<u32>,
    /// Where and how.
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
}

/// Options of `proof`.
#[derive(Debug, Args)]
pub(crate) struct ProofArgs {
    /// Exit with 1 unless it is proven
    #[arg(long, help_heading = "Proof")]
    pub(crate) require_proof: bool,
    /// Where and how.
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
}

/// A task on tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TokenTask {
    /// Issue one; its secret is printed this once.
    Issue,
    /// Revoke one.
    Revoke,
    /// List all.
    List,
}

/// Options of `token`.
#[derive(Debug, Args)]
pub(crate) struct TokenArgs {
    /// issue, revoke or list
    #[arg(value_enum, hide_possible_values = true)]
    pub(crate) task: TokenTask,
    /// Name of the token
    pub(crate) name: Option<String>,
    /// agent, lead, analyst, privacy or service
    #[arg(long, value_name = "ROLE", help_heading = "Service")]
    pub(crate) role: Option<String>,
    /// Team whose people it may see [default: every team]
    #[arg(long, value_name = "TEAM", help_heading = "Service")]
    pub(crate) team: Option<String>,
    /// Agent it stands for
    #[arg(long, value_name = "AGENT", help_heading = "Service")]
    pub(crate) agent: Option<String>,
    /// Where and how.
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
}

/// A task on settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ConfigTask {
    /// Check them and show where each comes from.
    Check,
}

/// Options of `config`.
#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    /// check
    #[arg(value_enum, hide_possible_values = true)]
    pub(crate) task: ConfigTask,
    /// Where and how.
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
}

/// A part of the demonstration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DemoPart {
    /// The study.
    Study,
    /// The desk over a sample world.
    Desk,
}

/// Options of `demo`.
#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// Only one part: `study` or `desk` [default: the study, then the desk]
    #[arg(
        long,
        value_enum,
        value_name = "PART",
        hide_possible_values = true,
        help_heading = "Demonstration"
    )]
    pub(crate) only: Option<DemoPart>,
    /// Folder to keep the sample world in [default: memory]
    #[arg(long, value_name = "DIR", help_heading = "Demonstration")]
    pub(crate) data: Option<PathBuf>,
    /// Address and port of the desk [default: 127.0.0.1:7878, or any that is free]
    #[arg(long, value_name = "ADDRESS", help_heading = "Demonstration")]
    pub(crate) listen: Option<SocketAddr>,
    /// Folder for the results; what stands there is replaced once the new ones are whole
    #[arg(long, value_name = "DIR", default_value = "yorisoi-demo", help_heading = "Results")]
    pub(crate) out: PathBuf,
    /// How the model is grown.
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
}

/// Options of `study`.
#[derive(Debug, Args)]
pub(crate) struct StudyArgs {
    /// CSV or Parquet file, plain, gzip or zstd; `-` reads standard input
    pub(crate) table: PathBuf,
    /// What the columns are.
    #[command(flatten)]
    pub(crate) roles: RoleArgs,
    /// The treatment is an amount, not one of a few arms
    #[arg(long, help_heading = "Columns")]
    pub(crate) dose: bool,
    /// What may be done at what cost.
    #[command(flatten)]
    pub(crate) plan: PlanArgs,
    /// How it is judged.
    #[command(flatten)]
    pub(crate) judge: JudgeArgs,
    /// How the model is grown.
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
    /// Folder for the results; what stands there is replaced once the new ones are whole
    #[arg(long, value_name = "DIR", default_value = "yorisoi-study", help_heading = "Results")]
    pub(crate) out: PathBuf,
}

/// Options of `fit`.
#[derive(Debug, Args)]
pub(crate) struct FitArgs {
    /// CSV or Parquet file, plain, gzip or zstd; `-` reads standard input
    pub(crate) table: PathBuf,
    /// What the columns are.
    #[command(flatten)]
    pub(crate) roles: RoleArgs,
    /// How the model is grown.
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
    /// The treatment is an amount, not one of a few arms
    #[arg(long, help_heading = "Columns")]
    pub(crate) dose: bool,
    /// File to write the model to
    #[arg(long, value_name = "FILE", help_heading = "Results")]
    pub(crate) model: PathBuf,
}

/// Options of `effects`.
#[derive(Debug, Args)]
pub(crate) struct EffectsArgs {
    /// CSV or Parquet file with the model's features; `-` reads standard input
    pub(crate) table: PathBuf,
    /// Model written by `fit` or `study`
    #[arg(long, value_name = "FILE")]
    pub(crate) model: PathBuf,
    /// Parquet file to write; `-` writes to standard output
    #[arg(long, value_name = "FILE", help_heading = "Results")]
    pub(crate) out: PathBuf,
}

/// Options of `evaluate`.
#[derive(Debug, Args)]
pub(crate) struct EvaluateArgs {
    /// CSV or Parquet file that the model has not learned from; `-` reads standard input
    pub(crate) table: PathBuf,
    /// Model written by `fit` or `study`
    #[arg(long, value_name = "FILE")]
    pub(crate) model: PathBuf,
    /// What the columns are.
    #[command(flatten)]
    pub(crate) roles: RoleArgs,
    /// What may be done at what cost.
    #[command(flatten)]
    pub(crate) plan: PlanArgs,
    /// Leave out rows whose propensity for some arm is below this
    #[arg(long, value_name = "P", value_parser = trim, help_heading = "Proof")]
    pub(crate) trim: Option<f64>,
    /// Exit with 1 unless the verdict is `proven`
    #[arg(long, help_heading = "Proof")]
    pub(crate) require_proof: bool,
    /// Seed of the bootstrap
    #[arg(long, value_name = "N", default_value_t = 42, value_parser = seed, help_heading = "Proof")]
    pub(crate) seed: u64,
}

/// Options of `plan`.
#[derive(Debug, Args)]
pub(crate) struct PlanCommandArgs {
    /// Parquet file written by `effects` or `study`
    pub(crate) effects: PathBuf,
    /// Table with the columns named by `--cost ARM=@COLUMN`
    #[arg(long, value_name = "TABLE")]
    pub(crate) table: Option<PathBuf>,
    /// What may be done at what cost.
    #[command(flatten)]
    pub(crate) plan: PlanArgs,
    /// CSV file to write [default: standard output]
    #[arg(long, value_name = "FILE", help_heading = "Results")]
    pub(crate) out: Option<PathBuf>,
    /// Orders people who are equally worth it
    #[arg(long, value_name = "N", default_value_t = 42, value_parser = seed, help_heading = "Plan")]
    pub(crate) seed: u64,
}

/// Options of `report`.
#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// `summary.json` of a study, or the study's folder; `-` reads standard input
    pub(crate) summary: PathBuf,
    /// HTML file to write [default: standard output]
    #[arg(long, value_name = "FILE", help_heading = "Results")]
    pub(crate) out: Option<PathBuf>,
}

/// Options of `decide`.
#[derive(Debug, Args)]
pub(crate) struct DecideArgs {
    /// JSON file with the client's facts, what there is to give, and the time; `-` reads standard input
    pub(crate) situation: PathBuf,
    /// Policy that decides, in TOML or JSON; `-` reads standard input
    #[arg(long, value_name = "FILE", help_heading = "Decision")]
    pub(crate) policy: PathBuf,
    /// Secret behind holdout and draws: 64 hexadecimal digits, or a file that holds them
    #[arg(long, value_name = "HEX|@FILE", value_parser = key, help_heading = "Decision")]
    pub(crate) key: KeyArg,
    /// Decide as of this instant, such as 2026-11-18T11:00:00+09:00 [default: the situation's own]
    #[arg(long, value_name = "TIME", value_parser = instant, help_heading = "Decision")]
    pub(crate) now: Option<Timestamp>,
}

/// Options of `world`.
#[derive(Debug, Args)]
pub(crate) struct WorldArgs {
    /// Which world; leave out to list them. `compare` sets policies against one another instead
    pub(crate) world: Option<String>,
    /// Policies to compare [default: all]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) policies: Vec<String>,
    /// Worlds to compare them in: coach, carrier, gifts [default: all]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) worlds: Vec<String>,
    /// Seeds to compare them over
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u16).range(2..=1000))]
    pub(crate) seeds: u16,
    /// Rows
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = rows)]
    pub(crate) rows: u32,
    /// Seed
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = seed)]
    pub(crate) seed: u64,
    /// Add the true effects as columns
    #[arg(long)]
    pub(crate) truth: bool,
}

/// What the columns of the table are.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Columns")]
pub(crate) struct RoleArgs {
    /// Column that says who got what
    #[arg(long, value_name = "COL")]
    pub(crate) treatment: String,
    /// Column that help should raise
    #[arg(long, value_name = "COL")]
    pub(crate) outcome: String,
    /// Help should lower the outcome: it counts complaints, cancellations, days of illness
    #[arg(long)]
    pub(crate) lower_is_better: bool,
    /// Value of the treatment column that means `no help` [default: the one called control, none, 0, なし
    /// and the like]
    #[arg(long, value_name = "ARM")]
    pub(crate) control: Option<String>,
    /// Columns to learn from [default: every other]
    #[arg(long, value_name = "COLS", value_delimiter = ',', conflicts_with = "drop")]
    pub(crate) features: Option<Vec<String>>,
    /// Columns not to learn from, such as whatever was only known afterwards
    #[arg(long, value_name = "COLS", value_delimiter = ',')]
    pub(crate) drop: Vec<String>,
    /// Column whose equal values belong together: household, branch, agent
    #[arg(long, value_name = "COL")]
    pub(crate) cluster: Option<String>,
    /// Column of sample weights
    #[arg(long, value_name = "COL")]
    pub(crate) weight: Option<String>,
    /// Known probability of treatment: a column, a number, or one an arm as `ARM=P,ARM=P` or
    /// `ARM=@COL,ARM=@COL` [default: estimated]
    #[arg(long, value_name = "COL|P")]
    pub(crate) propensity: Option<String>,
}

/// What may be done, at what cost.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Plan")]
pub(crate) struct PlanArgs {
    /// Cost of an arm a person, or a column of costs; repeat for several arms
    #[arg(long, value_name = "ARM=COST", value_parser = arm_cost)]
    pub(crate) cost: Vec<ArmCostArg>,
    /// Money there is [default: unlimited]
    #[arg(long, value_name = "B", value_parser = amount)]
    pub(crate) budget: Option<f64>,
    /// Worth of one unit of the outcome, in the unit of the costs
    #[arg(long, value_name = "V", value_parser = finite)]
    pub(crate) value: Option<f64>,
    /// Harm that may be risked: who may lose more, by their interval, is offered nothing [default of a
    /// study: 0.2 standard deviations of the outcome]
    #[arg(long, value_name = "H", value_parser = amount)]
    pub(crate) allowed_harm: Option<f64>,
    /// People an arm can take at most; repeat for several arms
    #[arg(long, value_name = "ARM=N", value_parser = arm_capacity)]
    pub(crate) capacity: Vec<ArmCapacityArg>,
}

/// How the result is judged.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Proof")]
pub(crate) struct JudgeArgs {
    /// Share of the rows kept for judging [default: by the number of rows]
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub(crate) holdout: Option<f64>,
    /// Splits into learning and judging whose results are combined, or `auto`: more than one only
    /// where one leaves the verdict close
    #[arg(long, value_name = "N|auto", value_parser = repeats)]
    pub(crate) repeats: Option<RepeatsArg>,
    /// Leave out rows whose propensity for some arm is below this
    #[arg(long, value_name = "P", value_parser = trim)]
    pub(crate) trim: Option<f64>,
    /// Exit with 1 unless the verdict is `proven`
    #[arg(long)]
    pub(crate) require_proof: bool,
}

/// How the model is grown.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Model")]
pub(crate) struct EngineArgs {
    /// Trees of the forest, or `auto`: until more would not make the intervals steadier
    #[arg(long, value_name = "N|auto", value_parser = trees)]
    pub(crate) trees: Option<TreesArg>,
    /// Seed; the same seed gives the same bytes
    #[arg(long, value_name = "N", default_value_t = 42, value_parser = seed)]
    pub(crate) seed: u64,
    /// Bins a feature, the one for missing values included
    #[arg(long, value_name = "N", value_parser = bins)]
    pub(crate) bins: Option<u16>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Cli::command().debug_assert();
    }
}
