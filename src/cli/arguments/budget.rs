//! What `driverc budget` accepts.

use std::path::PathBuf;

use clap::Args;

use super::{Inputs, MAX_WORK, word};
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

    /// Judge what the workloads come to when they are simulated, instead of the recorded samples
    #[arg(long)]
    pub(in crate::cli) simulate: bool,

    /// Maximum number of arrivals to simulate, over all drivers, profiles and seeds
    #[arg(long, value_name = "N", default_value_t = MAX_WORK)]
    pub(in crate::cli) max_work: u64,

    /// How sure a verdict must be, in percent, 50 to 99
    #[arg(long, value_name = "PERCENT", default_value = "95")]
    pub(in crate::cli) confidence: Confidence,

    /// Which of several samples of a driver and profile decides
    #[arg(long, value_name = "WHICH", value_parser = word::<Fold>(), default_value = "worst")]
    pub(in crate::cli) fold: Fold,

    /// A signature document of the time of a sample, to say what has changed since; may be given
    /// several times
    #[arg(long, value_name = "FILE", conflicts_with = "simulate")]
    pub(in crate::cli) signatures: Vec<PathBuf>,

    /// The format of the results
    #[arg(long, value_name = "FORMAT", value_parser = word::<budget::Format>(), default_value = "text")]
    pub(in crate::cli) output_format: budget::Format,

    /// The lowest level that fails the run: a broken budget is an error, an inconclusive one a
    /// warning
    #[arg(long, value_name = "LEVEL", value_parser = word::<Level>(), default_value = "error")]
    pub(in crate::cli) fail_on: Level,

    /// The lowest level of findings that is shown
    #[arg(long, value_name = "LEVEL", value_parser = word::<Level>(), default_value = "warn")]
    pub(in crate::cli) show: Level,

    /// Exit with 0 whatever is found
    #[arg(long)]
    pub(in crate::cli) exit_zero: bool,

    /// The day on which samples and waivers are looked at [default: today, in UTC]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(in crate::cli) today: Option<Date>,

    /// Print results only, without a summary
    #[arg(short, long)]
    pub(in crate::cli) quiet: bool,

    /// Write the results to a file
    #[arg(short, long, value_name = "FILE")]
    pub(in crate::cli) output_file: Option<PathBuf>,
}
