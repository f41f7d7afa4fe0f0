//! The arguments of `driverc bench`.

use std::path::PathBuf;

use clap::{Args, value_parser};

use super::{FormatArgument, LatencyUnitChoice, MAX_WORK, ProfileParser, Roots, format_word};
use crate::{
    model::{BenchmarkProfile, Seeds},
    report::bench,
};

#[derive(Debug, Args)]
pub(in crate::cli) struct Bench {
    /// Drivers to simulate [default: all drivers with a workload]
    #[arg(value_name = "DRIVER")]
    pub(in crate::cli) drivers: Vec<String>,

    /// Profiles to simulate [default: all with a workload]
    #[arg(long, value_name = "PROFILE", value_delimiter = ',', value_parser = ProfileParser)]
    pub(in crate::cli) profile: Vec<BenchmarkProfile>,

    /// Simulate the seeds 1 to N instead of the workload's seeds
    #[arg(long, value_name = "N", value_parser = value_parser!(u64).range(1..=Seeds::MOST as u64))]
    pub(in crate::cli) seeds: Option<u64>,

    /// Maximum number of arrivals to simulate, over all drivers, profiles and seeds
    #[arg(long, value_name = "N", default_value_t = MAX_WORK)]
    pub(in crate::cli) max_work: u64,

    /// Override a value of a contract for this run, and print each figure before and after; can be
    /// repeated
    ///
    /// PATH is a path in a document, such as `driver.postgres_async.max_in_flight`. VALUE is TOML.
    /// Unless you name drivers, only the changed drivers are simulated.
    #[arg(long, value_name = "PATH=VALUE")]
    pub(in crate::cli) set: Vec<String>,

    /// Files and folders to read, or `builtin:` for the built-in contracts; can be repeated
    /// [default: `include` in `driverc.toml`, or `contracts/`]
    #[arg(long, value_name = "PATH")]
    pub(in crate::cli) contracts: Vec<PathBuf>,

    #[command(flatten)]
    pub(in crate::cli) roots: Roots,

    /// Unit of latencies
    #[arg(long, value_name = "UNIT", default_value = "auto")]
    pub(in crate::cli) latency_unit: LatencyUnitChoice,

    /// Output format, and optionally a file for the output; can be repeated
    #[arg(long, value_name = "FORMAT[=FILE]", value_parser = format_word::<bench::BenchFormat>(), default_value = "text")]
    pub(in crate::cli) output_format: Vec<FormatArgument<bench::BenchFormat>>,

    #[arg(skip)]
    pub(in crate::cli) quiet: bool,

    /// Write the output to a file
    #[arg(short, long, value_name = "FILE")]
    pub(in crate::cli) output_file: Option<PathBuf>,
}
