//! What a driver must achieve.

use std::{cmp::Ordering, fmt};

#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{
    BasisPoints, BenchmarkProfile, DriverClass, DriverName, Field, MaxP95LatencyMs, OpsPerSec,
    Verdict, effective::sets, record::record,
};

/// The drivers that a declared budget or workload is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Every driver.
    All,
    /// The drivers of one class.
    Class(DriverClass),
    /// One driver.
    Driver(DriverName),
}

impl Scope {
    /// The scopes that apply to a driver, the widest first.
    pub fn chain(class: DriverClass, driver: &DriverName) -> [Self; 3] {
        [Self::All, Self::Class(class), Self::Driver(driver.clone())]
    }
}

/// `all`, `class:stream_adapter` or `driver:kafka_async`.
impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => formatter.write_str("all"),
            Self::Class(class) => write!(formatter, "class:{}", class.label()),
            Self::Driver(name) => write!(formatter, "driver:{name}"),
        }
    }
}

/// Byte order of the text that [`Display`](fmt::Display) writes.
impl Ord for Scope {
    fn cmp(&self, other: &Self) -> Ordering {
        fn key(scope: &Scope) -> (u8, &str) {
            match scope {
                Scope::All => (0, ""),
                Scope::Class(class) => (1, class.label()),
                Scope::Driver(name) => (2, name.as_str()),
            }
        }
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for Scope {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// One of the four limits of a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Limit {
    /// `max_p95_latency_ms`.
    P95Latency,
    /// `max_timeout_rate_bps`.
    TimeoutRate,
    /// `max_retry_rate_bps`.
    RetryRate,
    /// `min_throughput_ops_per_sec`.
    Throughput,
}

impl Limit {
    /// All four, in the order of the specification.
    pub const ALL: [Self; 4] =
        [Self::P95Latency, Self::TimeoutRate, Self::RetryRate, Self::Throughput];

    /// The field that declares this limit.
    pub const fn field(self) -> Field {
        match self {
            Self::P95Latency => Field::MaxP95LatencyMs,
            Self::TimeoutRate => Field::MaxTimeoutRateBps,
            Self::RetryRate => Field::MaxRetryRateBps,
            Self::Throughput => Field::MinThroughputOpsPerSec,
        }
    }
}

/// What applies to a driver under one profile: all four limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// The kind of load that the limits are for.
    pub profile: BenchmarkProfile,
    /// The highest 95th percentile of latency that passes.
    pub max_p95_latency_ms: MaxP95LatencyMs,
    /// The highest share of attempts that may time out.
    pub max_timeout_rate_bps: BasisPoints,
    /// The highest share of attempts that may be retries.
    pub max_retry_rate_bps: BasisPoints,
    /// The lowest throughput that passes.
    pub min_throughput_ops_per_sec: OpsPerSec,
}

/// A budget as it is written: one scope, any of the four limits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DeclaredBudget {
    /// The kind of load that the limits are for.
    pub profile: BenchmarkProfile,
    /// The drivers that the limits are for; a narrower scope wins, limit by limit.
    pub scope: Scope,
    /// The highest 95th percentile of latency that passes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 120))]
    pub max_p95_latency_ms: Option<MaxP95LatencyMs>,
    /// The highest share of attempts that may time out (100 bps are 1 %).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 10))]
    pub max_timeout_rate_bps: Option<BasisPoints>,
    /// The highest share of attempts that may be retries (100 bps are 1 %).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 50))]
    pub max_retry_rate_bps: Option<BasisPoints>,
    /// The lowest throughput that passes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 400))]
    pub min_throughput_ops_per_sec: Option<OpsPerSec>,
}

record!(DeclaredBudget {
    profile profile = Profile,
    scope scope = Scope,
    optional max_p95_latency_ms = MaxP95LatencyMs,
    optional max_timeout_rate_bps = MaxTimeoutRateBps,
    optional max_retry_rate_bps = MaxRetryRateBps,
    optional min_throughput_ops_per_sec = MinThroughputOpsPerSec,
});

impl DeclaredBudget {
    /// A budget of this profile and scope that sets no limit yet.
    pub const fn new(profile: BenchmarkProfile, scope: Scope) -> Self {
        Self {
            profile,
            scope,
            max_p95_latency_ms: None,
            max_timeout_rate_bps: None,
            max_retry_rate_bps: None,
            min_throughput_ops_per_sec: None,
        }
    }

    /// Whether this scope sets the limit.
    pub fn sets(&self, limit: Limit) -> bool {
        sets(self, limit.field())
    }
}

/// What a budget says of one benchmark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BudgetResult {
    /// The driver that was measured.
    pub driver: DriverName,
    /// The kind of load.
    pub profile: BenchmarkProfile,
    /// Whether the limits are kept.
    pub verdict: Verdict,
    /// Every limit that is broken, with its figures; or that all are kept.
    pub reason: String,
}

impl BudgetResult {
    /// Whether every limit is kept for certain.
    pub fn passed(&self) -> bool {
        self.verdict == Verdict::Pass
    }
}
