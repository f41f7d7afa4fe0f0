//! What the command line accepts.

mod bench;
mod budget;
mod diff;
mod import;
mod report;
mod rule_name;

use std::path::PathBuf;

use clap::{
    Args, Parser, Subcommand, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};
use clap_complete::Shell;

use self::rule_name::{RuleName, parse_configurable, parse_rule, parse_rule_level, parse_rules};
pub(super) use self::{
    bench::Bench,
    budget::Budget,
    diff::Diff,
    import::{Import, ImportAs, MeasuredContract},
    report::Report,
    rule_name::RuleQuery,
};
use super::size;
use crate::{
    configuration::RuleLevel,
    finding::{Level, Rule},
    model::{Date, MaxFileBytes, Vocabulary},
    report::Format,
};

/// A compiler and linter for driver contracts.
#[derive(Debug, Parser)]
#[command(name = "driverc", version, about)]
#[command(after_help = "Exit codes: 0 clean, 1 findings or a check that does not hold, 2 the run \
                        could not be completed.")]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,

    /// When to use colours
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN")]
    pub(super) color: Color,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Report every problem of every document
    Check(Check),
    /// Write the signature document, or check that a file holds it
    Compile(Compile),
    /// Simulate drivers under their workloads, beside their budgets
    Bench(Bench),
    /// Judge benchmarks against budgets: pass, fail or inconclusive
    Budget(Budget),
    /// Say what a change of contracts means, compared with a revision or a folder
    Diff(Diff),
    /// Turn what a tool measured into a benchmark, or into a workload
    Import(Box<Import>),
    /// Show which driver has which capability
    Matrix(Matrix),
    /// Write contracts, budgets, simulated latencies and findings as one page of HTML
    Report(Report),
    /// List all rules, or show the page of one
    Rule(Rules),
    /// Print the schema that editors use, or write both, or check that they are up to date
    Schema(Schema),
    /// Write a starting `driverc.toml` and an example contract; never overwrite a file
    Init(Init),
    /// Write a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Write the manual page of the program, or of one command, in roff
    Man {
        /// The command
        command: Option<String>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless `NO_COLOR` is set; always where `CLICOLOR_FORCE` is
    Auto,
    Always,
    Never,
}

/// The documents to read.
#[derive(Debug, Args)]
pub(super) struct Inputs {
    /// Folders and files to read, `-` for standard input, or `builtin:` for the built-in set
    ///
    /// Folders form the workspace. Files, and standard input, are read within the workspace they
    /// belong to, and only what concerns them is reported. Without any: the `include` of
    /// `driverc.toml`, else `contracts/`.
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,

    /// The name of the document on standard input
    #[arg(long, value_name = "PATH")]
    pub(super) stdin_filename: Option<PathBuf>,

    /// Leave out what `exclude` of `driverc.toml` matches, also where a file is named here
    #[arg(long)]
    pub(super) force_exclude: bool,

    /// The largest file that is read; a larger one is a finding [default: `max_file_bytes` of
    /// `driverc.toml`, else 16MiB]
    #[arg(long, value_name = "SIZE", value_parser = size::parse)]
    pub(super) max_file_size: Option<MaxFileBytes>,

    #[command(flatten)]
    pub(super) roots: Roots,
}

/// The folders that a project may read beside its own work tree.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Roots {
    /// Follow links and paths that lead below this folder; can be repeated
    ///
    /// Without it, driverc reads only what lies in the git work tree of the project, or below the
    /// project's root without git, and follows only links to `*.toml` files that git tracks.
    #[arg(long = "root", value_name = "DIR")]
    pub(super) folders: Vec<PathBuf>,
}

/// The path that stands for the built-in set.
pub(super) const BUILTIN: &str = "builtin:";

/// The most arrivals that one run simulates, unless it is told otherwise.
pub(super) const MAX_WORK: u64 = 2_000_000_000;

impl Inputs {
    /// These paths, without options.
    pub(super) const fn of(paths: Vec<PathBuf>, roots: Roots) -> Self {
        Self { paths, stdin_filename: None, force_exclude: false, max_file_size: None, roots }
    }

    /// Returns true if `builtin:` is the only path.
    pub(super) fn is_builtin(&self) -> bool {
        self.paths.iter().all(|path| path.as_os_str() == BUILTIN) && !self.paths.is_empty()
    }
}

/// Which findings are shown, and when they fail the run.
#[derive(Debug, Args)]
pub(super) struct Reporting {
    /// The lowest level that fails the run
    #[arg(long, value_name = "LEVEL", value_parser = word::<Level>(), default_value = "error")]
    pub(super) fail_on: Level,

    /// The lowest level that is shown
    #[arg(long, value_name = "LEVEL", value_parser = word::<Level>(), default_value = "warn")]
    pub(super) show: Level,

    /// Exit with 0 whatever is found
    #[arg(long)]
    pub(super) exit_zero: bool,

    /// Check only these rules; errors of reading are always reported
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = RuleName::new(parse_rule),
          hide_possible_values = true)]
    pub(super) select: Vec<&'static Rule>,

    /// Do not check these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = RuleName::new(parse_configurable),
          hide_possible_values = true)]
    pub(super) ignore: Vec<&'static Rule>,

    /// Give a rule another level: off, info, warn or error
    #[arg(long, value_name = "RULE=LEVEL", value_delimiter = ',', value_parser = parse_rule_level)]
    pub(super) level: Vec<(&'static Rule, RuleLevel)>,

    /// The day on which waivers are looked at [default: today, in UTC]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(super) today: Option<Date>,
}

/// What is written where the number of findings has no limit.
pub(super) const NO_LIMIT: &str = "none";

/// How findings are written.
#[derive(Debug, Args)]
pub(super) struct Written {
    /// The format of findings
    #[arg(long, value_name = "FORMAT", value_parser = word::<Format>(), default_value = "full")]
    pub(super) output_format: Format,

    /// The most findings that are written, or `none` for no limit; all are counted, and count
    /// for the exit code [default: 1000 in `full`, else none]
    #[arg(long, value_name = "N", value_parser = limit)]
    pub(super) max_diagnostics: Option<usize>,

    /// Print findings only, without a summary
    #[arg(short, long)]
    pub(super) quiet: bool,
}

impl Written {
    /// The format, and how many findings are written in it.
    pub(super) fn shape(&self) -> Shape {
        let shape = Shape::from(self.output_format);
        let most = self.max_diagnostics.unwrap_or(shape.most);
        Shape { most, quiet: self.quiet, ..shape }
    }
}

/// The format of findings, and how many of them are written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub(super) format: Format,
    pub(super) most: usize,
    /// Whether nothing is said of how many there are.
    pub(super) quiet: bool,
}

/// As many as anybody reads; programs are given all.
impl From<Format> for Shape {
    fn from(format: Format) -> Self {
        let most = if format == Format::Full { 1000 } else { usize::MAX };
        Self { format, most, quiet: false }
    }
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option by itself")]
pub(super) struct Check {
    #[command(flatten)]
    pub(super) inputs: Inputs,
    #[command(flatten)]
    pub(super) written: Written,
    #[command(flatten)]
    pub(super) reporting: Reporting,

    /// Write the findings to a file; with `--diff`, `--feasibility` or `--show-settings`, what
    /// these show
    #[arg(short, long, value_name = "FILE")]
    pub(super) output_file: Option<PathBuf>,

    /// Show what each driver carries for certain under each of its budgets, and which budgets its
    /// workloads make impossible to keep; no findings
    #[arg(long, conflicts_with_all = ["show_settings", "fix", "unsafe_fixes", "diff"])]
    pub(super) feasibility: bool,

    /// Show the effective configuration, and check nothing
    #[arg(long, conflicts_with_all = ["fix", "unsafe_fixes", "diff"])]
    pub(super) show_settings: bool,

    /// Apply the fixes that leave every signature as it is
    #[arg(long)]
    pub(super) fix: bool,

    /// With `--fix` or `--diff`: also apply fixes that can change what a contract promises
    #[arg(long)]
    pub(super) unsafe_fixes: bool,

    /// Show what the fixes would change, and change nothing; exit with 1 if that is something
    #[arg(long)]
    pub(super) diff: bool,
}

#[derive(Debug, Args)]
pub(super) struct Compile {
    #[command(flatten)]
    pub(super) inputs: Inputs,
    #[command(flatten)]
    pub(super) written: Written,
    #[command(flatten)]
    pub(super) reporting: Reporting,

    /// What to write
    #[arg(long, value_enum, default_value = "text", value_name = "WHAT")]
    pub(super) emit: Emit,

    /// Write to a file
    #[arg(short, long, value_name = "FILE", conflicts_with = "check")]
    pub(super) output_file: Option<PathBuf>,

    /// Write nothing; exit with 1 and show the difference if FILE is not what would be written
    #[arg(long, value_name = "FILE")]
    pub(super) check: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Emit {
    /// The signature document: one line an item
    Text,
    /// The contracts with their signatures and digests
    Json,
}

#[derive(Debug, Args)]
pub(super) struct Matrix {
    #[command(flatten)]
    pub(super) inputs: Inputs,

    /// The format of the table
    #[arg(long, alias = "format", value_enum, default_value = "text", value_name = "FORMAT")]
    pub(super) output_format: TableFormat,

    /// Write to a file
    #[arg(short, long, value_name = "FILE")]
    pub(super) output_file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TableFormat {
    /// For a terminal
    Text,
    /// A Markdown table
    Markdown,
    /// JSON
    Json,
}

#[derive(Debug, Args)]
pub(super) struct Rules {
    /// The rule whose page is shown, or how the names of several begin; without it, all rules are
    /// listed
    #[arg(value_name = "RULE", value_parser = RuleName::new(parse_rules), hide_possible_values = true)]
    pub(super) rule: Option<RuleQuery>,

    /// The format of the list or page
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    pub(super) output_format: TableFormat,
}

#[derive(Debug, Args)]
pub(super) struct Schema {
    /// Which schema is printed
    #[arg(value_enum, default_value = "contracts", value_name = "WHAT")]
    pub(super) of: SchemaOf,

    /// Write both schemas into a folder
    #[arg(short, long, value_name = "FOLDER", conflicts_with_all = ["of", "check"])]
    pub(super) output_folder: Option<PathBuf>,

    /// Write nothing; exit with 1 if FOLDER does not hold what would be written
    #[arg(long, value_name = "FOLDER", conflicts_with = "of")]
    pub(super) check: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaOf {
    /// Documents with contracts
    Contracts,
    /// `driverc.toml`
    Configuration,
}

#[derive(Debug, Args)]
pub(super) struct Init {
    /// The folder to write to
    #[arg(default_value = ".", value_name = "FOLDER")]
    pub(super) folder: PathBuf,
}

/// A word of a vocabulary; help and completions list all.
fn word<V: Vocabulary + Send + Sync>() -> impl TypedValueParser<Value = V> {
    PossibleValuesParser::new(V::ALL.iter().map(|word| word.word()))
        .try_map(|word| V::from_word(&word).ok_or("no such word"))
}

fn one_of<'w>(words: impl Iterator<Item = &'w str>) -> String {
    format!("use one of {}", words.collect::<Vec<_>>().join(", "))
}

/// A number of findings; `none` is as many as there may be.
fn limit(number: &str) -> Result<usize, String> {
    match number {
        NO_LIMIT => Ok(usize::MAX),
        _ => number.parse().map_err(|_| format!("write a number, or `{NO_LIMIT}`")),
    }
}
