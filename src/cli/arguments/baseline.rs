//! The arguments of `driverc baseline`.

use clap::Args;

use super::Roots;
use crate::{
    cli::size,
    model::{Date, MaxFileBytes},
};

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option by itself")]
pub(in crate::cli) struct Baseline {
    #[arg(skip)]
    pub(in crate::cli) quiet: bool,

    #[command(flatten)]
    pub(in crate::cli) roots: Roots,

    /// Maximum size of a file to read; a larger file is reported [default: `max_file_bytes` in
    /// `driverc.toml`, or 16MiB]
    #[arg(long, value_name = "SIZE", value_parser = size::parse)]
    pub(in crate::cli) max_file_size: Option<MaxFileBytes>,

    /// Add a line for each open error and warning
    #[arg(long)]
    pub(in crate::cli) add: bool,

    /// Remove the lines that match no finding
    #[arg(long)]
    pub(in crate::cli) prune: bool,

    /// Print the lines that `--prune` would remove, and exit with 1 if there are any
    #[arg(long, conflicts_with_all = ["add", "prune"])]
    pub(in crate::cli) check: bool,

    /// Date to compare with the dates of waivers and benchmarks [default: today, in UTC]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(in crate::cli) today: Option<Date>,
}
