//! The arguments of `driverc budget`.

use std::path::PathBuf;

use clap::Args;

use super::{FormatArgument, Inputs, LatencyUnitChoice, MAX_WORK, format_word, word};
use crate::{
    budget::{Confidence, Fold},
    finding::Level,
    model::Date,
    report::budget,
};

#[derive(Debug, Args)]
pub(in crate::cli) struct Budget {
    #[command(flatten)]
    pub(in crate::cli) inputs: Inputs,

    /// Judge simulations of the workloads instead of recorded benchmarks
    #[arg(long)]
    pub(in crate::cli) simulate: bool,

    /// Maximum number of arrivals to simulate, over all drivers, profiles and seeds
    #[arg(long, value_name = "N", default_value_t = MAX_WORK)]
    pub(in crate::cli) max_work: u64,

    /// Signature document from the time of a benchmark, to print what has changed since; can be
    /// repeated
    #[arg(long, value_name = "FILE", conflicts_with = "simulate")]
    pub(in crate::cli) signatures: Vec<PathBuf>,

    /// Unit of latencies
    #[arg(long, value_name = "UNIT", default_value = "auto")]
    pub(in crate::cli) latency_unit: LatencyUnitChoice,

    /// Output format, and optionally a file for the output; can be repeated
    #[arg(long, value_name = "FORMAT[=FILE]", value_parser = format_word::<budget::BudgetFormat>(), default_value = "text")]
    pub(in crate::cli) output_format: Vec<FormatArgument<budget::BudgetFormat>>,

    /// Confidence of a verdict, in percent, from 50 to 99
    #[arg(long, value_name = "PERCENT", default_value = "95")]
    pub(in crate::cli) confidence: Confidence,

    /// Benchmark to judge if a driver and profile have several
    #[arg(long, value_name = "WHICH", value_parser = word::<Fold>(), default_value = "worst")]
    pub(in crate::cli) fold: Fold,

    /// Lowest level that fails the run: a broken budget is an error, and an inconclusive verdict is
    /// a warning
    #[arg(long, value_name = "LEVEL", value_parser = word::<Level>(), default_value = "error")]
    pub(in crate::cli) fail_on: Level,

    /// Lowest level of the findings to print
    #[arg(long, value_name = "LEVEL", value_parser = word::<Level>(), default_value = "warn")]
    pub(in crate::cli) show: Level,

    /// Exit with 0 even if a finding fails the run
    #[arg(long)]
    pub(in crate::cli) exit_zero: bool,

    /// Date to compare with the dates of waivers and benchmarks [default: today, in UTC]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(in crate::cli) today: Option<Date>,

    #[arg(skip)]
    pub(in crate::cli) quiet: bool,

    /// Write the output to a file
    #[arg(short, long, value_name = "FILE")]
    pub(in crate::cli) output_file: Option<PathBuf>,
}
