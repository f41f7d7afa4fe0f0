//! The unit of latencies on the command line.

use clap::ValueEnum;

use crate::model::LatencyUnit;

/// The unit in which a command writes latencies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum LatencyUnitChoice {
    /// Microseconds if the effective budget states a limit in microseconds, otherwise milliseconds
    #[default]
    Auto,
    /// Microseconds
    Us,
}

impl LatencyUnitChoice {
    /// Returns the coarsest unit that the command writes.
    pub(in crate::cli) const fn unit(self) -> LatencyUnit {
        match self {
            Self::Auto => LatencyUnit::Milliseconds,
            Self::Us => LatencyUnit::Microseconds,
        }
    }
}
