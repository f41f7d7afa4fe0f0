//! Benchmarks.

use std::{borrow::Cow, fmt, str::FromStr};

#[cfg(feature = "schema")]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::model::{
    BasisPoints, BenchmarkLatency, BenchmarkProfile, Date, DriverName, DurationMs, LoadLoop, Name,
    OpsPerSec, SampleCount, record::record,
};

/// Measured or simulated figures of one driver and profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Benchmark {
    /// The driver that was measured.
    #[cfg_attr(feature = "schema", schemars(example = &"postgres_async"))]
    pub driver: DriverName,
    /// The profile of the load.
    pub profile: BenchmarkProfile,
    /// The median latency of successful requests (nearest rank, rounded up).
    #[cfg_attr(feature = "schema", schemars(example = 19))]
    #[serde(rename = "p50_latency_ms")]
    pub p50_latency: BenchmarkLatency,
    /// The p95 latency of successful requests (nearest rank, rounded up).
    #[cfg_attr(feature = "schema", schemars(example = 73))]
    #[serde(rename = "p95_latency_ms")]
    pub p95_latency: BenchmarkLatency,
    /// The share of attempts that timed out, rounded up.
    #[cfg_attr(feature = "schema", schemars(example = 1))]
    pub timeout_rate_bps: BasisPoints,
    /// The share of attempts that were retries, rounded up.
    #[cfg_attr(feature = "schema", schemars(example = 10))]
    pub retry_rate_bps: BasisPoints,
    /// Successful operations per second, rounded down.
    #[cfg_attr(feature = "schema", schemars(example = 448))]
    pub throughput_ops_per_sec: OpsPerSec,
    /// The number of attempts behind the timeout rate and the retry rate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 30_030))]
    pub attempts: Option<SampleCount>,
    /// The number of successful requests behind the percentiles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 30_000))]
    pub requests: Option<SampleCount>,
    /// The upper 95% confidence bound of the p95 latency, by order statistics.
    #[serde(default, rename = "p95_upper_latency_ms", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 76))]
    pub p95_upper_latency: Option<BenchmarkLatency>,
    /// The p99 latency of successful requests (nearest rank, rounded up).
    #[serde(default, rename = "p99_latency_ms", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 180))]
    pub p99_latency: Option<BenchmarkLatency>,
    /// The upper 95% confidence bound of the p99 latency, by order statistics.
    #[serde(default, rename = "p99_upper_latency_ms", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 190))]
    pub p99_upper_latency: Option<BenchmarkLatency>,
    /// The share of requests that the driver rejected because its queue was full, rounded up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 0))]
    pub reject_rate_bps: Option<BasisPoints>,
    /// The share of requests that failed after all retries, rounded up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 0))]
    pub failure_rate_bps: Option<BasisPoints>,
    /// The duration of the measurement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 67_000))]
    pub duration_ms: Option<DurationMs>,
    /// The kind of load.
    #[serde(default, rename = "loop", skip_serializing_if = "Option::is_none")]
    pub load_loop: Option<LoadLoop>,
    /// The tool that produced the figures, with its version and options.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = &"pgbench 16.2, -R 450"))]
    pub source: Option<Name>,
    /// The date of the measurement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = &"2026-10-31"))]
    pub measured_on: Option<Date>,
    /// The digest of the measured driver's signature: `sha256:` and 64 lower-case hexadecimal
    /// digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<ContractDigest>,
}

record!(Benchmark {
    required driver = Driver,
    required profile = Profile,
    required p50_latency = P50LatencyMs,
    required p95_latency = P95LatencyMs,
    required timeout_rate_bps = TimeoutRateBps,
    required retry_rate_bps = RetryRateBps,
    required throughput_ops_per_sec = ThroughputOpsPerSec,
    optional attempts = Attempts,
    optional requests = Requests,
    optional p95_upper_latency = P95UpperLatencyMs,
    optional p99_latency = P99LatencyMs,
    optional p99_upper_latency = P99UpperLatencyMs,
    optional reject_rate_bps = RejectRateBps,
    optional failure_rate_bps = FailureRateBps,
    optional duration_ms = DurationMs,
    optional load_loop = Loop,
    optional source = Source,
    optional measured_on = MeasuredOn,
    optional contract = Contract,
});

impl Benchmark {
    /// Returns true if the word `simulated` occurs in `source`.
    pub fn is_simulated(&self) -> bool {
        let source = self.source.as_ref().map_or("", Name::as_str);
        let mut words = source.split(|letter: char| !letter.is_alphanumeric());
        words.any(|word| word.eq_ignore_ascii_case("simulated"))
    }

    /// Returns the number of simulated seeds, if `driverc bench` wrote the `source`:
    /// `seed 2, the worst of seeds 1-5`.
    pub fn simulated_seeds(&self) -> Option<u64> {
        let (_, seeds) = self.source.as_ref()?.as_str().split_once(", simulated, ")?;
        let seeds = seeds.split_once(", the worst of ").map_or(seeds, |(_, all)| all);
        let seeds = seeds.split_once(CORRELATED[0]).map_or(seeds, |(seeds, _)| seeds);
        if seeds.starts_with("seed ") {
            return Some(1);
        }
        if let Some(number) = seeds.trim_end_matches(", ").strip_suffix(" seeds") {
            return number.parse().ok();
        }
        let ranges = seeds.strip_prefix("seeds ")?.split(", ").filter(|range| !range.is_empty());
        let lengths = ranges.map(|range| {
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            last.parse::<u64>().ok()?.checked_sub(first.parse().ok()?)?.checked_add(1)
        });
        lengths.sum()
    }

    /// Returns the part of a `source` that marks latencies as correlated, with the factor by which
    /// a run must be longer to bound this percentile.
    pub(crate) fn correlated(percent: u64, times: u64) -> String {
        let [before, after] = CORRELATED;
        format!("{before}{times}{after}{percent}")
    }

    /// Returns the factor by which a run must be longer to bound p95, if `source` marks its
    /// latencies as correlated.
    pub fn longer_run(&self) -> Option<u64> {
        self.longer_run_to_bound("95")
    }

    /// Returns the factor by which a run must be longer to bound p99, if `source` marks its
    /// latencies as correlated.
    pub fn p99_longer_run(&self) -> Option<u64> {
        self.longer_run_to_bound("99")
    }

    fn longer_run_to_bound(&self, percent: &str) -> Option<u64> {
        let [before, after] = CORRELATED;
        let marks = self.source.as_ref()?.as_str().split(before).skip(1);
        let mut marks = marks.filter_map(|mark| mark.split_once(after));
        let (times, _) = marks.find(|(_, rest)| rest.starts_with(percent))?;
        times.parse().ok()
    }
}

/// The text before and after the number in [`Benchmark::correlated`].
const CORRELATED: [&str; 2] =
    ["correlated latencies: a run of ", " times the length would bound p"];

/// The SHA-256 digest of a signature.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ContractDigest(pub [u8; 32]);

impl ContractDigest {
    const PREFIX: &'static str = "sha256:";
    /// The regular expression of a digest.
    pub const PATTERN: &'static str = "^sha256:[0-9a-f]{64}$";
}

/// A text that is not `sha256:` and 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidDigest;

impl fmt::Display for InvalidDigest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("is not `sha256:` and 64 lower-case hexadecimal digits")
    }
}

impl std::error::Error for InvalidDigest {}

impl FromStr for ContractDigest {
    type Err = InvalidDigest;

    fn from_str(text: &str) -> Result<Self, InvalidDigest> {
        let digits = text.strip_prefix(Self::PREFIX).ok_or(InvalidDigest)?.as_bytes();
        let mut bytes = [0; 32];
        if digits.len() != 2 * bytes.len() {
            return Err(InvalidDigest);
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
        }
        Ok(Self(bytes))
    }
}

const fn nibble(digit: u8) -> Result<u8, InvalidDigest> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        _ => Err(InvalidDigest),
    }
}

/// `sha256:` and 64 lower-case hexadecimal digits.
impl fmt::Display for ContractDigest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(Self::PREFIX)?;
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for ContractDigest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl TryFrom<String> for ContractDigest {
    type Error = InvalidDigest;

    fn try_from(text: String) -> Result<Self, InvalidDigest> {
        text.parse()
    }
}

impl From<ContractDigest> for String {
    fn from(digest: ContractDigest) -> Self {
        digest.to_string()
    }
}

#[cfg(feature = "schema")]
impl JsonSchema for ContractDigest {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "contract_digest".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": Self::PATTERN })
    }
}
