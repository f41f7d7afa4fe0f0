//! The arguments of `driverc emit`, `adopt`, `verify` and `target`.

use std::path::PathBuf;

use clap::{
    Args,
    builder::{PossibleValuesParser, TypedValueParser},
};

use super::{FindingsOutput, FormatArgument, Inputs, Reporting, Roots, TableFormat, format_value};
use crate::{
    cli::size,
    model::{DriverClass, DriverName, MaxFileBytes},
    targets::{self, TARGETS, TargetTable, Version},
};

/// The program that reads the configuration.
#[derive(Clone, Debug, Default, Args)]
pub(in crate::cli) struct TargetWords {
    /// Client or format; `driverc target` lists them [default: the first]
    #[arg(long, value_name = "DIALECT", requires = "target")]
    pub(in crate::cli) dialect: Option<String>,

    /// Role of the client, such as `producer` [default: the first]
    #[arg(long, value_name = "ROLE", requires = "target")]
    pub(in crate::cli) role: Option<String>,

    /// Version of the program that reads the configuration [default: the version with which the
    /// table was measured]
    #[arg(long, value_name = "VERSION", requires = "target")]
    pub(in crate::cli) target_version: Option<Version>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct EmitTarget {
    /// Target to write [default: every `[[emit]]` of `driverc.toml`]
    #[arg(value_name = "TARGET", value_parser = target_name())]
    pub(in crate::cli) target: Option<&'static TargetTable>,

    #[command(flatten)]
    pub(in crate::cli) inputs: Inputs,

    /// Driver whose contract to write; can be repeated [default: all drivers]
    #[arg(long, value_name = "NAME", value_parser = parse_driver, requires = "target")]
    pub(in crate::cli) driver: Vec<DriverName>,

    #[command(flatten)]
    pub(in crate::cli) choice: TargetWords,

    /// Write the output to a file, or one file per driver to a folder, whose name ends in `/`
    #[arg(short, long, value_name = "FILE|DIR/", requires = "target")]
    pub(in crate::cli) output_file: Option<PathBuf>,

    /// Compare the outputs with the files instead of writing them; exit with 1 if they differ
    #[arg(long)]
    pub(in crate::cli) check: bool,

    #[command(flatten)]
    pub(in crate::cli) written: FindingsOutput,
    #[command(flatten)]
    pub(in crate::cli) reporting: Reporting,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Adopt {
    #[arg(skip)]
    pub(in crate::cli) quiet: bool,

    /// Target of the configuration
    #[arg(value_name = "TARGET", value_parser = target_name())]
    pub(in crate::cli) target: &'static TargetTable,

    /// Configuration to read, or `-` for standard input
    #[arg(value_name = "FILE")]
    pub(in crate::cli) file: PathBuf,

    /// Name of the driver to write
    #[arg(long, value_name = "NAME", value_parser = parse_driver)]
    pub(in crate::cli) driver: DriverName,

    /// Class of the driver [default: left out]
    #[arg(long, value_name = "CLASS")]
    pub(in crate::cli) class: Option<DriverClass>,

    #[command(flatten)]
    pub(in crate::cli) choice: TargetWords,

    /// Append the contract to a document; creates the document if needed
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) append: Option<PathBuf>,

    /// Maximum size of a file to read
    #[arg(long, value_name = "SIZE", value_parser = size::parse, default_value = "16MiB")]
    pub(in crate::cli) max_file_size: MaxFileBytes,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Verify {
    /// Target of the configurations [default: every `[[verify]]` of `driverc.toml`]
    #[arg(value_name = "TARGET", value_parser = target_name(), requires_all = ["files", "driver"])]
    pub(in crate::cli) target: Option<&'static TargetTable>,

    /// Configurations to compare with the contract
    #[arg(value_name = "FILE")]
    pub(in crate::cli) files: Vec<PathBuf>,

    /// Driver whose contract to compare
    #[arg(long, value_name = "NAME", value_parser = parse_driver, requires = "target")]
    pub(in crate::cli) driver: Option<DriverName>,

    #[command(flatten)]
    pub(in crate::cli) choice: TargetWords,

    /// Files and folders with the contracts, or `builtin:` [default: `include` in `driverc.toml`,
    /// or `contracts/`]
    #[arg(long, value_name = "PATH")]
    pub(in crate::cli) workspace: Vec<PathBuf>,

    #[command(flatten)]
    pub(in crate::cli) roots: Roots,

    #[command(flatten)]
    pub(in crate::cli) written: FindingsOutput,
    #[command(flatten)]
    pub(in crate::cli) reporting: Reporting,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Targets {
    /// Target whose table to print [default: list all targets]
    #[arg(value_name = "TARGET", value_parser = target_name())]
    pub(in crate::cli) target: Option<&'static TargetTable>,

    /// Output format, and optionally a file for the output; can be repeated
    #[arg(long, value_parser = format_value::<TableFormat>(), default_value = "text", value_name = "FORMAT[=FILE]")]
    pub(in crate::cli) output_format: Vec<FormatArgument<TableFormat>>,
}

/// Parses the name of a target. Help and completions list all names.
fn target_name() -> impl TypedValueParser<Value = &'static TargetTable> {
    PossibleValuesParser::new(TARGETS.iter().map(|target| target.name))
        .try_map(|name| targets::find(&name).ok_or("no such target"))
}

fn parse_driver(name: &str) -> Result<DriverName, String> {
    DriverName::new(name).map_err(|error| format!("the name {error}"))
}
