//! The arguments of the command line.

mod baseline;
mod bench;
mod budget;
mod check;
mod consumers;
mod diff;
mod explain;
mod import;
mod init;
mod inputs;
mod latency_unit;
mod output_format;
mod quiet;
mod report;
mod review;
mod roots;
mod rule_name;
mod targets;
mod word;

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

pub(super) use self::{
    baseline::Baseline,
    bench::Bench,
    budget::Budget,
    check::Check,
    consumers::Consumers,
    diff::Diff,
    explain::{Explain, ExplainFormat},
    import::{Import, ImportAs, MeasuredContract},
    init::Init,
    latency_unit::LatencyUnitChoice,
    output_format::FormatArgument,
    report::Report,
    review::ReviewOptions,
    roots::Roots,
    rule_name::RuleQuery,
    targets::{Adopt, EmitTarget, TargetWords, Targets, Verify},
};
use self::{
    output_format::{format_value, format_word},
    rule_name::{RuleName, parse_configurable, parse_rule, parse_rule_level, parse_rules},
    word::{ProfileParser, word},
};
use super::size;
use crate::{
    configuration::RuleLevel,
    finding::{Level, Rule},
    model::{Date, MaxFileBytes},
    report::Format,
};

/// The display order of the options that every command has. These options come after the command's
/// own options.
const LAST: usize = 1000;

/// A compiler and linter for driver contracts.
#[derive(Debug, Parser)]
#[command(name = "driverc", version, about, disable_help_flag = true, disable_version_flag = true)]
#[command(subcommand_value_name = "COMMAND")]
#[command(after_help = "Exit codes: 0 success, 1 findings or a failed check, 2 the run could not \
                        be completed.")]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,

    /// When to colour the output
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN")]
    #[arg(display_order = LAST)]
    pub(super) color: Color,

    /// Print only results and errors, without summary and hints
    #[arg(short, long, global = true, display_order = LAST)]
    pub(super) quiet: bool,

    /// Print help (see more with `--help`)
    // Not clap's own option, so that it has a heading.
    #[arg(short, long, global = true, action = ArgAction::Help, display_order = LAST)]
    #[arg(long_help = "Print help (see a summary with `-h`)")]
    help: Option<bool>,

    /// Print version
    #[arg(short = 'V', long, action = ArgAction::Version, display_order = LAST)]
    version: Option<bool>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check documents and report every finding
    Check(Check),
    /// Compile contracts and budgets into signatures
    Compile(Compile),
    /// Compare contracts with a git revision or a folder
    Diff(Diff),
    /// Simulate drivers under their workloads
    Bench(Bench),
    /// Judge benchmarks against budgets
    Budget(Budget),
    /// Convert the output of a load generator to a benchmark or a workload
    ///
    /// Options such as `--retries` and `--duration` set values that the file does not contain.
    Import(Box<Import>),
    /// Write the configuration of a client or proxy from a contract
    Emit(Box<EmitTarget>),
    /// Write a contract from the configuration of a client or proxy
    Adopt(Adopt),
    /// Compare the configuration of a client or proxy with a contract
    Verify(Box<Verify>),
    /// Print where an effective value comes from
    Explain(Explain),
    /// List the rules, or print the page of one
    Rule(Rules),
    /// List the targets, or print the table of one
    Target(Targets),
    /// List the consumers of a driver, with the slack of each bound
    Consumers(Consumers),
    /// Write an HTML report of contracts, budgets, benchmarks and findings
    Report(Report),
    /// Print the capabilities of each driver
    Matrix(Matrix),
    /// Create a project, or add a driver to one
    Init(Init),
    /// Create or update the baseline, the list of accepted findings
    ///
    /// Without `--add`, `--prune` or `--check`, creates the file with one line for each open error
    /// and warning, and fails if the file exists. `baseline` in `driverc.toml` names the file. The
    /// default is `driverc-baseline.txt`.
    Baseline(Baseline),
    /// Print the JSON schemas that editors use
    Schema(Schema),
    /// Print a completion script for a shell
    Completions {
        /// Shell
        shell: Shell,
    },
    /// Print the manual page of driverc or of a command, in roff
    Man {
        /// Command
        command: Option<String>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless `NO_COLOR` is set; everywhere if `CLICOLOR_FORCE` is set
    Auto,
    /// Everywhere
    Always,
    /// Nowhere
    Never,
}

/// The documents to read.
#[derive(Clone, Debug, Args)]
pub(super) struct Inputs {
    /// Files and folders to read, `-` for standard input, or `builtin:` for the built-in contracts
    /// [default: `include` in `driverc.toml`, or `contracts/`]
    ///
    /// driverc checks all documents of a project together. If you name files, it still reads the
    /// whole project, but prints only what concerns these files.
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,

    /// File name of the document on standard input
    #[arg(long, value_name = "PATH")]
    pub(super) stdin_filename: Option<PathBuf>,

    /// Apply `exclude` from `driverc.toml` to files named on the command line too
    #[arg(long)]
    pub(super) force_exclude: bool,

    /// Maximum size of a file to read; a larger file is reported [default: `max_file_bytes` in
    /// `driverc.toml`, or 16MiB]
    #[arg(long, value_name = "SIZE", value_parser = size::parse)]
    pub(super) max_file_size: Option<MaxFileBytes>,

    #[command(flatten)]
    pub(super) roots: Roots,

    #[arg(skip)]
    pub(super) quiet: bool,
}

/// The path of the built-in contracts.
pub(super) const BUILTIN: &str = "builtin:";

/// The default of `--max-work`.
pub(super) const MAX_WORK: u64 = 2_000_000_000;

/// The options about findings.
#[derive(Debug, Args)]
pub(super) struct Reporting {
    /// Lowest level of a finding that fails the run
    #[arg(long, value_name = "LEVEL", value_parser = word::<Level>(), default_value = "error")]
    pub(super) fail_on: Level,

    /// Lowest level of the findings to print
    // The hooks choose a level before the arguments of the user, so the last one applies.
    #[arg(long, value_name = "LEVEL", value_parser = word::<Level>(), default_value = "warn",
          overrides_with = "show")]
    pub(super) show: Level,

    /// Exit with 0 even if a finding fails the run
    #[arg(long)]
    pub(super) exit_zero: bool,

    /// Check only these rules; read errors are always reported
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = RuleName::new(parse_rule),
          hide_possible_values = true)]
    pub(super) select: Vec<&'static Rule>,

    /// Skip these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = RuleName::new(parse_configurable),
          hide_possible_values = true)]
    pub(super) ignore: Vec<&'static Rule>,

    /// Set the level of a rule: off, info, warn or error
    #[arg(long, value_name = "RULE=LEVEL", value_delimiter = ',', value_parser = parse_rule_level)]
    pub(super) level: Vec<(&'static Rule, RuleLevel)>,

    /// Ignore the baseline: report the findings that it accepts
    #[arg(long)]
    pub(super) no_baseline: bool,

    /// Date to compare with the dates of waivers and benchmarks [default: today, in UTC]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(super) today: Option<Date>,
}

/// The value of `--max-diagnostics` for no limit.
pub(super) const NO_LIMIT: &str = "none";

/// The options about the output of findings.
#[derive(Debug, Args)]
pub(super) struct FindingsOutput {
    /// Output format, and optionally a file for the output; can be repeated
    #[arg(long, value_name = "FORMAT[=FILE]", value_parser = format_word::<Format>(), default_value = "full")]
    pub(super) output_format: Vec<FormatArgument<Format>>,

    /// Maximum number of findings to print, or `none`. The exit code depends on all findings
    /// [default: 1000 in `full`, none in other formats]
    #[arg(long, value_name = "N", value_parser = limit)]
    pub(super) max_diagnostics: Option<usize>,

    #[arg(skip)]
    pub(super) quiet: bool,
}

/// The format of findings, and the maximum number of findings to print.
#[derive(Clone, Copy, Debug)]
pub(super) struct FormatOptions {
    pub(super) format: Format,
    pub(super) most: usize,
    /// Whether to omit the summary and hints.
    pub(super) quiet: bool,
}

/// Limits the findings in formats for people. Formats for programs get all findings.
impl From<Format> for FormatOptions {
    fn from(format: Format) -> Self {
        let most = if format == Format::Full { 1000 } else { usize::MAX };
        Self { format, most, quiet: false }
    }
}

#[derive(Debug, Args)]
pub(super) struct Compile {
    #[command(flatten)]
    pub(super) inputs: Inputs,
    #[command(flatten)]
    pub(super) written: FindingsOutput,
    #[command(flatten)]
    pub(super) reporting: Reporting,

    /// Kind of output
    #[arg(long, value_enum, default_value = "text", value_name = "WHAT")]
    pub(super) emit: Emit,

    /// Append the capability matrix and a digest of all signatures
    ///
    /// A sealed document must match byte for byte, and branches that both change it conflict.
    #[arg(long)]
    pub(super) seal: bool,

    /// Write the output to a file. A sealed file stays sealed
    #[arg(short, long, value_name = "FILE", conflicts_with = "check")]
    pub(super) output_file: Option<PathBuf>,

    /// Compare the signatures with FILE instead of writing them; exit with 1 if they differ. Order
    /// and duplicates do not matter, unless FILE is sealed
    #[arg(long, value_name = "FILE")]
    pub(super) check: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Emit {
    /// The signature document, one line per driver and budget
    Text,
    /// The contracts with their signatures and digests
    Json,
}

#[derive(Debug, Args)]
pub(super) struct Matrix {
    #[command(flatten)]
    pub(super) inputs: Inputs,

    /// Output format, and optionally a file for the output; can be repeated
    #[arg(long, alias = "format", value_parser = format_value::<TableFormat>(), default_value = "text", value_name = "FORMAT[=FILE]")]
    pub(super) output_format: Vec<FormatArgument<TableFormat>>,

    /// Write the output to a file
    #[arg(short, long, value_name = "FILE")]
    pub(super) output_file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TableFormat {
    /// Plain text
    Text,
    /// Markdown
    Markdown,
    /// JSON
    Json,
}

#[derive(Debug, Args)]
pub(super) struct Rules {
    /// Rule to explain, or a prefix such as `retry`, to list the rules that start with it [default:
    /// list all rules]
    #[arg(value_name = "RULE", value_parser = RuleName::new(parse_rules), hide_possible_values = true)]
    pub(super) rule: Option<RuleQuery>,

    /// Output format, and optionally a file for the output; can be repeated
    #[arg(long, value_parser = format_value::<TableFormat>(), default_value = "text", value_name = "FORMAT[=FILE]")]
    pub(super) output_format: Vec<FormatArgument<TableFormat>>,
}

#[derive(Debug, Args)]
pub(super) struct Schema {
    #[arg(skip)]
    pub(super) quiet: bool,

    /// Schema to print
    #[arg(value_enum, default_value = "contracts", value_name = "WHAT")]
    pub(super) of: SchemaOf,

    /// Configuration with the vocabulary of the schemas [default: the nearest `driverc.toml`]
    #[arg(long = "config", value_name = "FILE", conflicts_with = "isolated")]
    pub(super) configuration: Option<PathBuf>,

    /// Write both schemas to a folder
    #[arg(short, long, value_name = "FOLDER", conflicts_with_all = ["of", "check"])]
    pub(super) output_folder: Option<PathBuf>,

    /// Compare both schemas with the files in FOLDER; exit with 1 if they differ
    #[arg(long, value_name = "FOLDER", conflicts_with = "of")]
    pub(super) check: Option<PathBuf>,

    /// Ignore `driverc.toml` and its words; write the same schema for every project
    #[arg(long)]
    pub(super) isolated: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaOf {
    /// Schema of documents
    Contracts,
    /// Schema of `driverc.toml`
    Configuration,
}

fn one_of<'w>(words: impl Iterator<Item = &'w str>) -> String {
    format!("use one of {}", words.collect::<Vec<_>>().join(", "))
}

/// Parses a number of findings, or `none`.
fn limit(number: &str) -> Result<usize, String> {
    match number {
        NO_LIMIT => Ok(usize::MAX),
        _ => number.parse().map_err(|_| format!("write a number, or `{NO_LIMIT}`")),
    }
}
