//! The arguments of `driverc report`.

use std::path::PathBuf;

use clap::Args;

use super::{Inputs, MAX_WORK, Reporting};

#[derive(Debug, Args)]
pub(in crate::cli) struct Report {
    #[command(flatten)]
    pub(in crate::cli) inputs: Inputs,

    /// Skip simulation, and report recorded benchmarks only
    #[arg(long)]
    pub(in crate::cli) no_simulate: bool,

    /// Maximum number of arrivals to simulate, over all drivers, profiles and seeds
    #[arg(long, value_name = "N", default_value_t = MAX_WORK)]
    pub(in crate::cli) max_work: u64,

    /// Write the output to a file
    #[arg(short, long, value_name = "FILE")]
    pub(in crate::cli) output_file: Option<PathBuf>,

    #[command(flatten)]
    pub(in crate::cli) reporting: Reporting,
}
