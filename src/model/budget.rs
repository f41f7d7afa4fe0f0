//! Budgets.

use std::{cmp::Ordering, fmt};

#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{
    BasisPoints, BenchmarkProfile, DriverClass, DriverName, Field, LatencyLimit, LatencyUnit,
    OpsPerSec, Verdict, effective::sets, record::record,
};

/// The drivers that a budget or workload table covers.
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
    /// Returns the scopes that apply to a driver, the widest first.
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

/// Ordered by the bytes of the text that [`Display`](fmt::Display) writes.
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

/// One of the limits of a budget.
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
    /// `max_p99_latency_ms`.
    P99Latency,
}

impl Limit {
    /// All limits, in canonical order.
    pub const ALL: [Self; 5] =
        [Self::P95Latency, Self::TimeoutRate, Self::RetryRate, Self::Throughput, Self::P99Latency];

    /// Returns true if every complete budget sets this limit. All other limits are optional.
    pub const fn is_required(self) -> bool {
        !matches!(self, Self::P99Latency)
    }

    /// Returns the field that declares this limit.
    pub const fn field(self) -> Field {
        match self {
            Self::P95Latency => Field::MaxP95LatencyMs,
            Self::TimeoutRate => Field::MaxTimeoutRateBps,
            Self::RetryRate => Field::MaxRetryRateBps,
            Self::Throughput => Field::MinThroughputOpsPerSec,
            Self::P99Latency => Field::MaxP99LatencyMs,
        }
    }
}

/// The effective budget of a driver and a profile, with all required limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// The profile that the limits apply to.
    pub profile: BenchmarkProfile,
    /// The maximum p95 latency.
    #[serde(rename = "max_p95_latency_ms")]
    pub max_p95_latency: LatencyLimit,
    /// The maximum share of attempts that time out.
    pub max_timeout_rate_bps: BasisPoints,
    /// The maximum share of attempts that are retries.
    pub max_retry_rate_bps: BasisPoints,
    /// The minimum throughput.
    pub min_throughput_ops_per_sec: OpsPerSec,
    /// The maximum p99 latency, if there is one.
    #[serde(default, rename = "max_p99_latency_ms", skip_serializing_if = "Option::is_none")]
    pub max_p99_latency: Option<LatencyLimit>,
}

impl Budget {
    /// Returns the unit in which latencies are judged and shown. It is microseconds if any limit is
    /// stated in microseconds.
    pub fn latency_unit(&self) -> LatencyUnit {
        let p99 = self.max_p99_latency.map(LatencyLimit::unit);
        p99.into_iter().fold(self.max_p95_latency.unit(), LatencyUnit::max)
    }

    /// Returns the same limits, with latencies stated in this unit or in a finer unit.
    #[must_use]
    pub fn at_least_in(self, unit: LatencyUnit) -> Self {
        let stated = |limit: LatencyLimit| limit.stated_in(limit.unit().max(unit));
        Self {
            max_p95_latency: stated(self.max_p95_latency),
            max_p99_latency: self.max_p99_latency.map(stated),
            ..self
        }
    }
}

/// The budget table of one scope, with any of the limits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DeclaredBudget {
    /// The profile that the limits apply to.
    pub profile: BenchmarkProfile,
    /// The drivers that the limits apply to. The narrowest scope wins, limit by limit.
    pub scope: Scope,
    /// The maximum p95 latency.
    #[serde(default, rename = "max_p95_latency_ms", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 120))]
    pub max_p95_latency: Option<LatencyLimit>,
    /// The maximum share of attempts that time out (100 bps are 1%).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 10))]
    pub max_timeout_rate_bps: Option<BasisPoints>,
    /// The maximum share of attempts that are retries (100 bps are 1%).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 50))]
    pub max_retry_rate_bps: Option<BasisPoints>,
    /// The minimum throughput.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 400))]
    pub min_throughput_ops_per_sec: Option<OpsPerSec>,
    /// The maximum p99 latency.
    #[serde(default, rename = "max_p99_latency_ms", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 300))]
    pub max_p99_latency: Option<LatencyLimit>,
}

record!(DeclaredBudget {
    profile profile = Profile,
    scope scope = Scope,
    optional max_p95_latency = MaxP95LatencyMs,
    optional max_timeout_rate_bps = MaxTimeoutRateBps,
    optional max_retry_rate_bps = MaxRetryRateBps,
    optional min_throughput_ops_per_sec = MinThroughputOpsPerSec,
    optional max_p99_latency = MaxP99LatencyMs,
});

impl DeclaredBudget {
    /// Creates a budget without limits.
    pub const fn new(profile: BenchmarkProfile, scope: Scope) -> Self {
        Self {
            profile,
            scope,
            max_p95_latency: None,
            max_timeout_rate_bps: None,
            max_retry_rate_bps: None,
            min_throughput_ops_per_sec: None,
            max_p99_latency: None,
        }
    }

    /// Returns true if this scope sets the limit.
    pub fn sets(&self, limit: Limit) -> bool {
        sets(self, limit.field())
    }
}

/// The result of judging one benchmark against a budget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BudgetResult {
    /// The driver that was measured.
    pub driver: DriverName,
    /// The kind of load.
    pub profile: BenchmarkProfile,
    /// The verdict.
    pub verdict: Verdict,
    /// Each broken limit with its figure, or a text that says that all limits are met.
    pub reason: String,
}

impl BudgetResult {
    /// Returns true if the verdict is a pass.
    pub fn passed(&self) -> bool {
        self.verdict == Verdict::Pass
    }
}
