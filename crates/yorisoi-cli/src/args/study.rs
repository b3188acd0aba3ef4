//! What can be said to a study and to its stages?

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::values::{
    ArmCapacityArg, ArmCostArg, RepeatsArg, TreesArg, amount, arm_capacity, arm_cost, bins, finite,
    repeats, seed, share, trees, trim,
};

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

/// What learns expected outcome and propensity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum NuisancesArg {
    /// Boosted trees, fold by fold.
    Boosted,
    /// Forests, out of bag.
    Forest,
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
    /// What learns expected outcome and propensity: `boosted` trees, fold by fold, or a `forest` of each,
    /// out of bag [default: boosted]
    #[arg(long, value_enum, value_name = "LEARNER", hide_possible_values = true)]
    pub(crate) nuisances: Option<NuisancesArg>,
}
