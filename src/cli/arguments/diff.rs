//! The arguments of `driverc diff`.

use std::path::PathBuf;

use clap::Args;

use super::{FormatArgument, Roots, format_word, word};
use crate::{
    cli::size,
    diff::{Accept, Severity},
    model::{Date, MaxFileBytes},
    report::diff,
};

#[derive(Clone, Debug, Args)]
pub(in crate::cli) struct Diff {
    /// Files and folders to compare, or `builtin:` for the built-in contracts [default: `include` in
    /// `driverc.toml`, or `contracts/`]
    ///
    /// If you name files, driverc still reads the whole project on both sides, but prints only the
    /// changes in these files.
    #[arg(value_name = "PATH")]
    pub(in crate::cli) paths: Vec<PathBuf>,

    /// Git revision to compare with [default: the merge base of `HEAD` and the default branch]
    #[arg(long, value_name = "REV")]
    pub(in crate::cli) against: Option<String>,

    /// Folder to compare with: contracts, or a project with a `driverc.toml`
    #[arg(long, value_name = "DIR", conflicts_with = "against")]
    pub(in crate::cli) against_path: Option<PathBuf>,

    #[command(flatten)]
    pub(in crate::cli) roots: Roots,

    /// Output format, and optionally a file for the output; can be repeated
    #[arg(long, value_name = "FORMAT[=FILE]", value_parser = format_word::<diff::DiffFormat>(), default_value = "full")]
    pub(in crate::cli) output_format: Vec<FormatArgument<diff::DiffFormat>>,

    /// Lowest severity that fails the run
    #[arg(long, value_name = "SEVERITY", value_parser = word::<Severity>(), default_value = "breaking")]
    pub(in crate::cli) fail_on: Severity,

    /// Accept a change, such as `breaking:driver.orders.class`; can be repeated
    #[arg(long, value_name = "CHANGE", value_delimiter = ',')]
    pub(in crate::cli) accept: Vec<Accept>,

    /// Date to compare with the dates of waivers and benchmarks [default: today, in UTC]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(in crate::cli) today: Option<Date>,

    /// Maximum size of a file to read; a larger file is reported [default: `max_file_bytes` in
    /// `driverc.toml`, or 16MiB]
    #[arg(long, value_name = "SIZE", value_parser = size::parse)]
    pub(in crate::cli) max_file_size: Option<MaxFileBytes>,

    /// Exit with 0 even if a change fails the run
    #[arg(long)]
    pub(in crate::cli) exit_zero: bool,

    #[arg(skip)]
    pub(in crate::cli) quiet: bool,

    /// Write the output to a file
    #[arg(short, long, value_name = "FILE")]
    pub(in crate::cli) output_file: Option<PathBuf>,

    /// The revision of `driverc check --new-from`. `None` for `driverc diff`.
    #[arg(skip)]
    pub(in crate::cli) new_from: Option<String>,
}
