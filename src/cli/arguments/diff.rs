//! What `driverc diff` accepts.

use std::path::PathBuf;

use clap::Args;

use super::{Roots, word};
use crate::{
    cli::size,
    diff::{Accept, Severity},
    model::{Date, MaxFileBytes},
    report::diff,
};

#[derive(Debug, Args)]
pub(in crate::cli) struct Diff {
    /// Folders and files to compare, or `builtin:` for the built-in set
    ///
    /// They form the workspace as for `check`, on both sides. Of files, only what concerns them
    /// is shown.
    #[arg(value_name = "PATH")]
    pub(in crate::cli) paths: Vec<PathBuf>,

    /// The revision to compare with [default: where `HEAD` left the default branch]
    #[arg(long, value_name = "REV")]
    pub(in crate::cli) against: Option<String>,

    /// The folder to compare with: contracts, or a project with a `driverc.toml`
    #[arg(long, value_name = "DIR", conflicts_with = "against")]
    pub(in crate::cli) against_path: Option<PathBuf>,

    #[command(flatten)]
    pub(in crate::cli) roots: Roots,

    /// The format of the changes
    #[arg(long, value_name = "FORMAT", value_parser = word::<diff::Format>(), default_value = "full")]
    pub(in crate::cli) output_format: diff::Format,

    /// The lowest severity that fails the run
    #[arg(long, value_name = "SEVERITY", value_parser = word::<Severity>(), default_value = "breaking")]
    pub(in crate::cli) fail_on: Severity,

    /// Accept one change: `breaking:` or `risky:`, then its path, as every format shows it
    #[arg(long, value_name = "CHANGE", value_delimiter = ',')]
    pub(in crate::cli) accept: Vec<Accept>,

    /// The day on which waivers are looked at [default: today, in UTC]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(in crate::cli) today: Option<Date>,

    /// The largest file that is read; a larger one is a finding [default: `max_file_bytes` of
    /// `driverc.toml`, else 16MiB]
    #[arg(long, value_name = "SIZE", value_parser = size::parse)]
    pub(in crate::cli) max_file_size: Option<MaxFileBytes>,

    /// Exit with 0 whatever changed
    #[arg(long)]
    pub(in crate::cli) exit_zero: bool,

    /// Print changes only, without a summary
    #[arg(short, long)]
    pub(in crate::cli) quiet: bool,

    /// Write the changes to a file
    #[arg(short, long, value_name = "FILE")]
    pub(in crate::cli) output_file: Option<PathBuf>,
}
