//! Requirements: the bounds of a contract that a consumer relies on.

mod bound;

#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::bound::{Bound, BoundValue, Slack};
use crate::model::{
    Attempts, BasisPoints, BenchmarkProfile, Capabilities, DriverName, LatencyLimit, Name,
    OpsPerSec, Prose, WorstCaseMs, record::record,
};

/// An example of required capabilities.
#[cfg(feature = "schema")]
const CAPABILITIES: [&str; 2] = ["batch_read", "idempotent_write"];

/// A requirement: the bounds that one consumer needs from a driver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[cfg_attr(
    feature = "schema",
    schemars(extend(
        "anyOf" = [
            { "not": { "required": ["profile"] } },
            { "required": ["max_p95_latency_ms"] },
            { "required": ["max_p95_latency_us"] },
            { "required": ["max_timeout_rate_bps"] },
            { "required": ["max_retry_rate_bps"] },
            { "required": ["min_throughput_ops_per_sec"] },
            { "required": ["max_p99_latency_ms"] },
            { "required": ["max_p99_latency_us"] },
        ],
        "dependencies" = {
            "max_p95_latency_ms": ["profile"],
            "max_p95_latency_us": ["profile"],
            "max_timeout_rate_bps": ["profile"],
            "max_retry_rate_bps": ["profile"],
            "min_throughput_ops_per_sec": ["profile"],
            "max_p99_latency_ms": ["profile"],
            "max_p99_latency_us": ["profile"],
        }
    ))
)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// The service that uses the driver.
    #[cfg_attr(feature = "schema", schemars(example = &"billing"))]
    pub consumer: Name,
    /// The driver that it uses.
    #[cfg_attr(feature = "schema", schemars(example = &"postgres_async"))]
    pub driver: DriverName,
    /// The person or team to ask before the driver's contract changes.
    #[cfg_attr(feature = "schema", schemars(example = &"payments-team"))]
    pub owner: Name,
    /// The reason why the consumer needs these bounds.
    #[cfg_attr(feature = "schema", schemars(example = &"the nightly run retries by itself"))]
    pub reason: Prose<1>,
    /// The capabilities that the driver must have at least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = CAPABILITIES))]
    pub capabilities: Option<Capabilities>,
    /// The maximum number of attempts, including the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 2))]
    pub max_attempts: Option<Attempts>,
    /// The maximum worst case of one operation, with all its attempts and backoffs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 12_000))]
    pub worst_case_ms: Option<WorstCaseMs>,
    /// The profile whose effective budget must meet the limits below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = &"heavy_data"))]
    pub profile: Option<BenchmarkProfile>,
    /// The maximum p95 limit of the budget.
    #[serde(default, rename = "max_p95_latency_ms", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 200))]
    pub max_p95_latency: Option<LatencyLimit>,
    /// The maximum timeout rate limit of the budget (100 bps are 1%).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 20))]
    pub max_timeout_rate_bps: Option<BasisPoints>,
    /// The maximum retry rate limit of the budget (100 bps are 1%).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 100))]
    pub max_retry_rate_bps: Option<BasisPoints>,
    /// The minimum throughput limit of the budget.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 300))]
    pub min_throughput_ops_per_sec: Option<OpsPerSec>,
    /// The maximum p99 limit of the budget.
    #[serde(default, rename = "max_p99_latency_ms", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(example = 500))]
    pub max_p99_latency: Option<LatencyLimit>,
}

record!(Requirement {
    required consumer = Consumer,
    required driver = Driver,
    required owner = Owner,
    required reason = Reason,
    optional capabilities = Capabilities,
    optional max_attempts = RequirementAttempts,
    optional worst_case_ms = WorstCaseMs,
    optional profile = Profile,
    optional max_p95_latency = MaxP95LatencyMs,
    optional max_timeout_rate_bps = MaxTimeoutRateBps,
    optional max_retry_rate_bps = MaxRetryRateBps,
    optional min_throughput_ops_per_sec = MinThroughputOpsPerSec,
    optional max_p99_latency = MaxP99LatencyMs,
});
