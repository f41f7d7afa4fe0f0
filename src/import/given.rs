//! Options that supplement the output of a tool.

use super::error::ImportRefusal;
use crate::model::{
    ContractDigest, Date, DurationMs, LatencyUnit, LoadLoop, Name, OpsPerSec, Vocabulary,
};

/// The unit of the values in a file that does not state their unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimeUnit {
    /// Nanoseconds.
    Nanoseconds,
    /// Microseconds.
    Microseconds,
    /// Milliseconds.
    Milliseconds,
    /// Seconds.
    Seconds,
}

impl TimeUnit {
    /// Returns the number of units in a second.
    pub(super) const fn per_second(self) -> u64 {
        match self {
            Self::Nanoseconds => 1_000_000_000,
            Self::Microseconds => 1_000_000,
            Self::Milliseconds => 1_000,
            Self::Seconds => 1,
        }
    }
}

impl Vocabulary for TimeUnit {
    const NOUN: &'static str = "unit of time";
    const ALL: &'static [Self] =
        &[Self::Nanoseconds, Self::Microseconds, Self::Milliseconds, Self::Seconds];

    fn word(&self) -> &str {
        match self {
            Self::Nanoseconds => "ns",
            Self::Microseconds => "us",
            Self::Milliseconds => "ms",
            Self::Seconds => "s",
        }
    }
}

/// The values that the output of a tool lacks, and the origin of the output.
#[derive(Clone, Debug, Default)]
pub struct ImportOptions {
    /// `--timeouts`: the attempts that timed out.
    pub timeouts: Option<u64>,
    /// `--retries`: the attempts that were retries.
    pub retries: Option<u64>,
    /// `--attempts`: all attempts, including failed attempts and retries.
    pub attempts: Option<u64>,
    /// `--throughput`: successful operations per second.
    pub throughput: Option<OpsPerSec>,
    /// `--duration`: the duration of the measurement, in milliseconds.
    pub duration_ms: Option<DurationMs>,
    /// `--unit`: the unit of the values of a histogram.
    pub unit: Option<TimeUnit>,
    /// `--concurrency`: the number of concurrent queries of clickhouse-benchmark.
    pub concurrency: Option<u64>,
    /// `--records-per-request`: the number of Kafka records that one operation of the contract
    /// sends.
    pub records_per_request: Option<u64>,
    /// `--operation`: the kind of operation, if a tool measured several.
    pub operation: Option<String>,
    /// `--loop`: whether the load waited for responses.
    pub load_loop: Option<LoadLoop>,
    /// `--tool-version`: the version of the tool.
    pub tool_version: Option<String>,
    /// `--source`: text to add to `source`, such as options.
    pub source: Option<Name>,
    /// `--measured-on`: the date of the measurement.
    pub measured_on: Option<Date>,
    /// `--contract`: the digest of the measured contract.
    pub contract: Option<ContractDigest>,
    /// Whether the benchmark needs p99, because the budget limits it.
    pub p99: bool,
    /// `--latency-unit`: the unit in which the benchmark states latencies.
    pub latency_unit: LatencyUnit,
}

impl ImportOptions {
    /// Refuses the options that the tool did not use. `who` is the tool, for the message.
    pub(super) fn finish(&self, who: &str) -> Result<(), ImportRefusal> {
        let rest = [
            ("--timeouts", self.timeouts.is_some()),
            ("--retries", self.retries.is_some()),
            ("--attempts", self.attempts.is_some()),
            ("--throughput", self.throughput.is_some()),
            ("--duration", self.duration_ms.is_some()),
            ("--unit", self.unit.is_some()),
            ("--concurrency", self.concurrency.is_some()),
            ("--records-per-request", self.records_per_request.is_some()),
            ("--operation", self.operation.is_some()),
            ("--loop", self.load_loop.is_some()),
            ("--tool-version", self.tool_version.is_some()),
        ];
        match rest.iter().find(|(_, given)| *given) {
            None => Ok(()),
            Some((flag, _)) => Err(ImportRefusal::new(format!("`{flag}` does not apply to {who}"))
                .help(format!("leave out `{flag}`"))),
        }
    }
}

/// Returns the value of the file or the option. Fails if both or neither exist.
pub(super) fn exactly_one<T>(
    found: Option<T>,
    given: Option<T>,
    what: &str,
    flag: &str,
) -> Result<T, ImportRefusal> {
    match (found, given) {
        (Some(_), Some(_)) => Err(given_twice(what, flag)),
        (Some(value), None) | (None, Some(value)) => Ok(value),
        (None, None) => Err(ImportRefusal::new(format!("the file does not record {what}"))
            .help(format!("give `{flag}`"))
            .file(0)),
    }
}

/// Returns the value of the file or the option, if one exists. Fails if both exist.
pub(super) fn at_most_one<T>(
    found: Option<T>,
    given: Option<T>,
    what: &str,
    flag: &str,
) -> Result<Option<T>, ImportRefusal> {
    if found.is_some() && given.is_some() {
        return Err(given_twice(what, flag));
    }
    Ok(found.or(given))
}

fn given_twice(what: &str, flag: &str) -> ImportRefusal {
    ImportRefusal::new(format!("the file already records {what}"))
        .help(format!("leave out `{flag}`"))
        .file(0)
}
