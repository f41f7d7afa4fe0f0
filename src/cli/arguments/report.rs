//! What `driverc report` accepts.

use std::path::PathBuf;

use clap::Args;

use super::{Inputs, Reporting};

#[derive(Debug, Args)]
pub(in crate::cli) struct Report {
    #[command(flatten)]
    pub(in crate::cli) inputs: Inputs,
    #[command(flatten)]
    pub(in crate::cli) reporting: Reporting,

    /// Show recorded benchmarks only
    #[arg(long)]
    pub(in crate::cli) no_simulate: bool,

    /// Write the page to a file
    #[arg(short, long, value_name = "FILE")]
    pub(in crate::cli) output_file: Option<PathBuf>,
}
