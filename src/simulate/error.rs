//! Errors of a simulation.

use std::fmt;

use super::{checks::SelfCheck, server::MOST_WAITING};
use crate::model::{Field, OpsPerKsec, OutOfRange, Seed, Workload};

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
    /// The arrival rate during the trigger is outside the range of rates.
    TriggerRate {
        /// The rate, in operations per 1000 s.
        rate: u128,
    },
    /// The trigger does not end before the last quarter of the measurement.
    LateTrigger {
        /// The end of the trigger in milliseconds, from the start of the run.
        end_ms: u64,
        /// The latest end in milliseconds.
        latest_ms: u64,
    },
    /// Too many attempts wait at the server.
    ServerQueue,
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
            Self::TriggerRate { rate } => {
                let (min, max) = (OpsPerKsec::MIN, OpsPerKsec::MAX);
                write!(
                    formatter,
                    "the arrival rate during the trigger is {rate} operations per 1000 s, outside \
                     {min} to {max}"
                )
            }
            Self::LateTrigger { end_ms, latest_ms } => write!(
                formatter,
                "the trigger ends at {end_ms} ms, but must end by {latest_ms} ms, before the last \
                 quarter of the measurement"
            ),
            Self::ServerQueue => {
                write!(formatter, "more than {MOST_WAITING} attempts wait at the server")
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
