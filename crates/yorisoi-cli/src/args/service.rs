//! What can be said to the commands that stand over a ledger or a policy?

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::Timestamp;

use crate::values::{KeyArg, instant, key};

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
    /// Make every decision again and compare it, byte for byte.
    Replay,
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
            Self::Replay => "replay",
        }
    }
}

/// Options of `ledger`.
#[derive(Debug, Args)]
pub(crate) struct LedgerArgs {
    /// verify, export, backup, restore, erase, rebuild or replay
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

/// A task on the models of a ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ModelTask {
    /// Check a file and register it, then compare it with what decides now.
    Register,
    /// List all, newest first.
    List,
    /// Compare one with what decides now; nothing changes for anybody.
    Shadow,
    /// Let one that was compared decide, and score everybody anew.
    Promote,
    /// Score everybody anew with the one that decides.
    Score,
}

impl ModelTask {
    /// Its name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::List => "list",
            Self::Shadow => "shadow",
            Self::Promote => "promote",
            Self::Score => "score",
        }
    }
}

/// Options of `model`.
#[derive(Debug, Args)]
pub(crate) struct ModelArgs {
    /// register, list, shadow, promote or score
    #[arg(value_enum, hide_possible_values = true)]
    pub(crate) task: ModelTask,
    /// File of `register`; model of `shadow` and `promote`, as far as its name is its own
    pub(crate) target: Option<PathBuf>,
    /// BLAKE3 hash that the file of `register` must have
    #[arg(long, value_name = "HASH", help_heading = "Service")]
    pub(crate) expected: Option<String>,
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
