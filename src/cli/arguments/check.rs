//! The arguments of `driverc check`.

use std::path::PathBuf;

use clap::Args;

use super::{FindingsOutput, Inputs, Reporting, ReviewOptions};

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option by itself")]
pub(in crate::cli) struct Check {
    #[command(flatten)]
    pub(in crate::cli) inputs: Inputs,
    #[command(flatten)]
    pub(in crate::cli) written: FindingsOutput,
    #[command(flatten)]
    pub(in crate::cli) reporting: Reporting,
    #[command(flatten)]
    pub(in crate::cli) review: ReviewOptions,

    /// Report only findings that the merge base of REV and `HEAD` does not have
    ///
    /// Both sides are checked with the configuration of the work tree. Read errors are always
    /// reported, and so are findings about comments, waivers and the baseline.
    #[arg(long, value_name = "REV", conflicts_with_all = ["feasibility", "show_settings"])]
    pub(in crate::cli) new_from: Option<String>,

    /// Write the output to a file
    #[arg(short, long, value_name = "FILE")]
    pub(in crate::cli) output_file: Option<PathBuf>,

    /// Print the throughput that each driver is sure to reach, and the budgets that its workloads
    /// make impossible, then exit
    #[arg(long, conflicts_with_all = ["show_settings", "fix", "unsafe_fixes", "diff"])]
    pub(in crate::cli) feasibility: bool,

    /// Print the number of findings of each rule, and how many can be fixed, instead of the findings
    #[arg(long, conflicts_with_all = ["feasibility", "show_settings", "fix", "unsafe_fixes", "diff",
                                      "max_diagnostics"])]
    pub(in crate::cli) statistics: bool,

    /// Print the effective configuration and exit
    #[arg(long, conflicts_with_all = ["fix", "unsafe_fixes", "diff"])]
    pub(in crate::cli) show_settings: bool,

    /// Apply safe fixes: they change no signature
    #[arg(long)]
    pub(in crate::cli) fix: bool,

    /// With `--fix` or `--diff`, include fixes that can change what a contract promises
    #[arg(long)]
    pub(in crate::cli) unsafe_fixes: bool,

    /// Print the changes that `--fix` would make, and exit with 1 if there are any
    #[arg(long)]
    pub(in crate::cli) diff: bool,
}
