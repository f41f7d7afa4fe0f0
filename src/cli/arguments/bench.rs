//! What `driverc bench` accepts.

use std::path::PathBuf;

use clap::{Args, value_parser};

use super::{MAX_WORK, Roots, word};
use crate::{
    model::{BenchmarkProfile, Seeds},
    report::bench,
};

#[derive(Debug, Args)]
pub(in crate::cli) struct Bench {
    /// The drivers to simulate [default: all that have a workload]
    #[arg(value_name = "DRIVER")]
    pub(in crate::cli) drivers: Vec<String>,

    /// Simulate under these kinds of load only
    #[arg(long, value_name = "PROFILE", value_delimiter = ',', value_parser = word::<BenchmarkProfile>())]
    pub(in crate::cli) profile: Vec<BenchmarkProfile>,

    /// Simulate with the seeds 1 to N instead of those of the workload
    #[arg(long, value_name = "N", value_parser = value_parser!(u64).range(1..=Seeds::MOST as u64))]
    pub(in crate::cli) seeds: Option<u64>,

    /// Maximum number of arrivals to simulate, over all drivers, profiles and seeds
    #[arg(long, value_name = "N", default_value_t = MAX_WORK)]
    pub(in crate::cli) max_work: u64,

    /// Change a value of a contract, in TOML, for this run only, and show each figure before and
    /// after
    ///
    /// The path is that of the contract, such as `driver.postgres_async.max_in_flight`. Only
    /// drivers that are changed are simulated, unless drivers are named.
    #[arg(long, value_name = "PATH=VALUE")]
    pub(in crate::cli) set: Vec<String>,

    /// Folders and files to read the contracts from, or `builtin:` for the built-in set [default:
    /// the documents of the project]
    #[arg(long, value_name = "PATH")]
    pub(in crate::cli) contracts: Vec<PathBuf>,

    #[command(flatten)]
    pub(in crate::cli) roots: Roots,

    /// The format of the results
    #[arg(long, value_name = "FORMAT", value_parser = word::<bench::Format>(), default_value = "text")]
    pub(in crate::cli) output_format: bench::Format,

    /// Print results only, not which drivers are not simulated
    #[arg(short, long)]
    pub(in crate::cli) quiet: bool,

    /// Write the results to a file
    #[arg(short, long, value_name = "FILE")]
    pub(in crate::cli) output_file: Option<PathBuf>,
}
