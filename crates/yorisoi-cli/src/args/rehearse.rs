//! What can be said to the demonstration and to the made-up worlds?

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::study::EngineArgs;
use crate::values::{rows, seed};

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
