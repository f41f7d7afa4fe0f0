//! The arguments of `driverc explain`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{FormatArgument, Roots, format_value};

#[derive(Debug, Args)]
pub(in crate::cli) struct Explain {
    #[arg(skip)]
    pub(in crate::cli) quiet: bool,

    /// Value to explain [default: the effective configuration]
    ///
    /// `DRIVER.KEY`; `budget.PROFILE.KEY` or `workload.PROFILE.KEY`, both with `--driver`;
    /// `rules.RULE`; or another key of `driverc.toml`. A single word can name a driver, a rule or a
    /// key.
    #[arg(value_name = "PATH")]
    pub(in crate::cli) path: Option<String>,

    /// Driver whose budget or workload to explain
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) driver: Option<String>,

    /// File for which to explain the rule level
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) file: Option<PathBuf>,

    /// Files and folders to read, or `builtin:` for the built-in contracts; can be repeated
    /// [default: `include` in `driverc.toml`, or `contracts/`]
    #[arg(long, value_name = "PATH")]
    pub(in crate::cli) contracts: Vec<PathBuf>,

    #[command(flatten)]
    pub(in crate::cli) roots: Roots,

    /// Output format, and optionally a file for the output; can be repeated
    #[arg(long, value_parser = format_value::<ExplainFormat>(), default_value = "text", value_name = "FORMAT[=FILE]")]
    pub(in crate::cli) output_format: Vec<FormatArgument<ExplainFormat>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ExplainFormat {
    /// Plain text
    Text,
    /// JSON
    Json,
}
