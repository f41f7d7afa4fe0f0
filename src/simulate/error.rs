//! Errors of a simulation.

use std::fmt;

use super::checks::SelfCheck;
use crate::model::{Field, OutOfRange, Seed, Workload};

/// The reason why a workload cannot be simulated or has no benchmark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SimulationError {
    /// The workload has no seeds, so there is no run.
    NoSeeds,
    /// The bursts of the workload have no operations.
    VanishingBurst,
    /// The workload has more arrivals than [`Workload::MOST_ARRIVALS`], or two arrivals can be less
    /// than a nanosecond apart.
    TooManyArrivals {
        /// The expected number of arrivals, or `None` if the gaps are too small.
        expected: Option<u128>,
    },
    /// A figure is outside the range of a benchmark.
    Figure {
        /// The figure.
        figure: Field,
        /// The range of the figure in a benchmark.
        range: OutOfRange,
    },
    /// No request of a run succeeded, so there are no percentiles.
    NothingServed {
        /// The seed of the run.
        seed: Seed,
    },
    /// A run violates a law, because the simulator has a bug.
    SelfCheck(SelfCheck),
}

impl fmt::Display for SimulationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSeeds => formatter.write_str("the workload has no seeds"),
            Self::VanishingBurst => formatter.write_str("the bursts have no operations"),
            Self::TooManyArrivals { expected: Some(expected) } => {
                let most = Workload::MOST_ARRIVALS;
                write!(formatter, "a run has {expected} arrivals, above the limit of {most}")
            }
            Self::TooManyArrivals { expected: None } => {
                formatter.write_str("operations arrive less than a nanosecond apart")
            }
            Self::Figure { figure, range } => {
                write!(formatter, "a benchmark cannot contain `{}`: {range}", figure.key())
            }
            Self::NothingServed { seed } => {
                write!(
                    formatter,
                    "no request succeeds with seed {seed}, so there are no percentiles"
                )
            }
            Self::SelfCheck(failure) => {
                write!(formatter, "the simulator has a bug, please report it: {failure}")
            }
        }
    }
}

impl std::error::Error for SimulationError {}

impl From<SelfCheck> for SimulationError {
    fn from(failure: SelfCheck) -> Self {
        Self::SelfCheck(failure)
    }
}
