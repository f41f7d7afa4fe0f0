//! The arguments of `driverc consumers`.

use std::path::PathBuf;

use clap::Args;

use super::{FormatArgument, Roots, TableFormat, format_value};

#[derive(Debug, Args)]
pub(in crate::cli) struct Consumers {
    #[arg(skip)]
    pub(in crate::cli) quiet: bool,

    /// Driver whose consumers to list
    #[arg(value_name = "DRIVER")]
    pub(in crate::cli) driver: String,

    /// Files and folders to read, or `builtin:` for the built-in contracts; can be repeated
    /// [default: `include` in `driverc.toml`, or `contracts/`]
    #[arg(long, value_name = "PATH")]
    pub(in crate::cli) contracts: Vec<PathBuf>,

    #[command(flatten)]
    pub(in crate::cli) roots: Roots,

    /// Output format, and optionally a file for the output; can be repeated
    #[arg(long, value_parser = format_value::<TableFormat>(), default_value = "text", value_name = "FORMAT[=FILE]")]
    pub(in crate::cli) output_format: Vec<FormatArgument<TableFormat>>,
}
